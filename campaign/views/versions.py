"""Versions of a campaign's playbook: who changed it, when and why, what differs, going back, and the file."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts import clock
from campaign import actions
from campaign.editing.difference import differences
from campaign.editing.toml import dumps
from campaign.forms.playbook import ReasonForm
from campaign.models import Campaign, PlaybookVersion
from campaign.playbook import PlaybookInvalid
from campaign.views.playbook import last_number, propose, show_faults, tell
from campaign.views.setup import campaign_or_404

PER_PAGE = 20
SHOWN = 3  # changes named in the list; the rest on the page of the difference


def playbook_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """All versions, the newest first, each with what it changed."""
    campaign = campaign_or_404(request, pk)
    page = Paginator(campaign.versions.select_related("by"), PER_PAGE).get_page(request.GET.get("page"))
    numbers = [version.number for version in page]
    kept = {one.number: one for one in campaign.versions.filter(number__in=[number - 1 for number in numbers])}
    kept |= {version.number: version for version in page}
    rows = [_row(version, kept.get(version.number - 1)) for version in page]
    context = {"campaign": campaign, "page": page, "rows": rows, "last": last_number(campaign)}
    return render(request, "campaign/playbook/versions.html", context)


def _row(version: PlaybookVersion, before: PlaybookVersion | None) -> dict[str, object]:
    found = differences(before.snapshot, version.snapshot) if before else []
    return {"version": version, "before": before, "changes": found[:SHOWN], "more": max(0, len(found) - SHOWN)}


def _version(campaign: Campaign, number: int) -> PlaybookVersion:
    return get_object_or_404(campaign.versions.select_related("by"), number=number)


def playbook_difference(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What one version says otherwise than another: by default, than the one before it."""
    campaign = campaign_or_404(request, pk)
    later = _version(campaign, number)
    asked = request.GET.get("with", "")
    other = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else max(number - 1, 1)
    earlier = _version(campaign, other)
    if earlier.number > later.number:
        earlier, later = later, earlier
    context = {
        "campaign": campaign,
        "earlier": earlier,
        "later": later,
        "rows": differences(earlier.snapshot, later.snapshot),
        "numbers": list(campaign.versions.values_list("number", flat=True)),
        "last": last_number(campaign),
    }
    return render(request, "campaign/playbook/difference.html", context)


def playbook_restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Take an earlier version again, as a new one; checked as every change is."""
    campaign = campaign_or_404(request, pk)
    version, last = _version(campaign, number), last_number(campaign)
    initial = {"reason": _("Version %(n)s taken again") % {"n": number}}
    form = ReasonForm(request.POST or None, initial=initial)
    seen = request.POST.get("number", "")
    seen_number = int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else last
    if request.method == "POST" and form.is_valid() and _restore(request, campaign, version, seen_number, form):
        return redirect("campaign:playbook_versions", pk)
    context = {
        "campaign": campaign,
        "version": version,
        "form": form,
        "number": last,
        "rows": differences(campaign.snapshot, version.snapshot),
    }
    return render(request, "campaign/playbook/restore.html", context)


def _restore(request: HttpRequest, campaign: Campaign, version: PlaybookVersion, number: int, form: ReasonForm) -> bool:
    try:
        kept = actions.change_playbook(
            by=request.user,
            campaign=campaign,
            number=number,
            snapshot=version.snapshot,
            reason=form.cleaned_data["reason"],
            propose=propose,
            restored=version.number,
        )
    except PlaybookInvalid as invalid:
        show_faults(form, invalid, "", None)
    except actions.PlaybookInUse as refused:
        for reason in refused.reasons:
            form.add_error(None, reason)
    except actions.PlaybookChanged:
        form.add_error(None, _("Somebody else has saved a version meanwhile. Look at what differs now, then confirm."))
    else:
        tell(request, kept)
        return True
    return False


def playbook_download(request: HttpRequest, pk: int) -> HttpResponse:
    """The playbook as a file from which another campaign can start; `?version=` for an earlier state."""
    campaign = campaign_or_404(request, pk)
    asked = request.GET.get("version", "")
    number, snapshot = last_number(campaign), campaign.snapshot
    if asked.isascii() and asked.isdigit() and len(asked) < 9:
        version = _version(campaign, int(asked))
        number, snapshot = version.number, version.snapshot
    values = {"campaign": campaign.name, "n": number, "day": clock.today().isoformat()}
    title = _("%(campaign)s: playbook, version %(n)s, written %(day)s.") % values
    answer = HttpResponse(dumps(snapshot, title=title), content_type="application/toml; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{snapshot.get("key", "playbook")}-v{number}.toml"'
    return answer
