"""Required reading: the matrix of a branch, the list of titles, and a member's own ticks (E-39)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import actions, rules
from campaign.forms.stage1 import DayForm, TitleForm
from campaign.models import Batch, ReadingTitle
from campaign.queries import taking_part
from campaign.reading import is_asked, reader_rows, required_titles
from campaign.views.activities import absent
from campaign.views.places import crumbs, find_place
from units.models import Member

PER_PAGE = 60
Pairs = set[tuple[int, int]]


def reading(request: HttpRequest, pk: int) -> HttpResponse:
    """Members by titles: tick several at once, with one day; ticks taken away are taken back."""
    place = find_place(request, pk)
    if place.participation is None and place.batch and rules.can_set_up(request.user, place.batch.campaign.host):
        return redirect("campaign:reading_titles", place.batch.pk)
    if place.participation is None or not place.active or place.batch is None:
        return absent(request, place)
    if not rules.can_see_members(request.user, place.organization):
        raise PermissionDenied
    titles = required_titles(place.batch, rules.phase_of(place.participation))
    listed = Member.objects.on_roll().within(place.organization).select_related("organization")
    page = Paginator(listed.order_by("organization__path", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    members = list(page.object_list)
    form = DayForm(request.POST if request.method == "POST" else None, batch=place.batch)
    if request.method == "POST":
        if not place.may_record:
            raise PermissionDenied
        if form.is_valid():
            _save(request, place.organization, titles, members, form.cleaned_data["done_on"])
            return redirect(f"{reverse('campaign:reading', args=[pk])}?page={page.number}")
    context = {
        "place": place,
        "organization": place.organization,
        "titles": titles,
        "page": page,
        "rows": reader_rows(titles, members),
        "form": form,
        "may_name": rules.can_set_up(request.user, place.batch.campaign.host),
        "crumbs": crumbs(request.user, place.organization, _("Required reading")),
    }
    return render(request, "campaign/reading/matrix.html", context)


def _save(request: HttpRequest, organization: Any, titles: list[ReadingTitle], members: list[Member], on: Any) -> None:
    ticked = _ticked(request)
    shown = {(title.pk, m.pk) for title in titles for m in members if f"{title.pk}-{m.pk}" in _shown(request)}
    new, gone = actions.set_reading(
        by=request.user, organization=organization, on=on, read=shown & ticked, unread=shown - ticked
    )
    messages.success(request, _("Saved: %(new)d read, %(gone)d taken back.") % {"new": new, "gone": gone})


def _ticked(request: HttpRequest) -> Pairs:
    found = set()
    for raw in request.POST.getlist("read"):
        title, _dash, member = raw.partition("-")
        if title.isdecimal() and member.isdecimal():
            found.add((int(title), int(member)))
    return found


def _shown(request: HttpRequest) -> set[str]:
    return set(request.POST.getlist("shown"))


def reading_titles(request: HttpRequest, pk: int) -> HttpResponse:
    """The office names what is to be read in a batch."""
    batch = get_object_or_404(Batch.objects.visible_to(request.user).select_related("campaign__host"), pk=pk)
    if not rules.can_set_up(request.user, batch.campaign.host):
        raise PermissionDenied
    form = TitleForm(request.POST or None, batch=batch)
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            actions.add_title(by=request.user, batch=batch, name=data["name"], stage=data["stage"], who=data["who"])
        except actions.TitleListed:
            form.add_error("name", _("This title is on the list already."))
        else:
            messages.success(request, _("Added “%(name)s”.") % {"name": data["name"]})
            return redirect("campaign:reading_titles", pk)
    names = {stage.key: str(stage.name) for stage in batch.campaign.playbook.stages}
    context = {
        "batch": batch,
        "titles": ReadingTitle.objects.filter(batch=batch),
        "names": names,
        "form": form,
        "crumbs": crumbs(
            request.user,
            batch.campaign.host,
            (_("Required reading"), reverse("campaign:reading", args=[batch.campaign.host_id])),
            _("Titles"),
        ),
    }
    return render(request, "campaign/reading/titles.html", context)


@require_POST
def reading_title_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a title off that nobody has read yet."""
    seen = ReadingTitle.objects.filter(batch__in=Batch.objects.visible_to(request.user))
    title = get_object_or_404(seen.select_related("batch__campaign__host"), pk=pk)
    if not rules.can_set_up(request.user, title.batch.campaign.host):
        raise PermissionDenied
    try:
        actions.remove_title(by=request.user, title=title)
    except actions.TitleInUse:
        messages.error(request, _("Somebody has read it already; it stays on the list."))
    else:
        messages.success(request, _("Removed “%(name)s”.") % {"name": title.name})
    return redirect("campaign:reading_titles", title.batch_id)


def own_reading(request: HttpRequest) -> HttpResponse:
    """A member ticks what he has read himself."""
    member = getattr(request.user, "member", None)
    if member is None or member.left_on is not None:
        raise Http404
    participation = taking_part(member.organization)
    titles: list[ReadingTitle] = []
    if participation is not None and participation.state == participation.State.ACTIVE:
        asked = required_titles(participation.batch, rules.phase_of(participation))
        titles = [title for title in asked if is_asked(title, member)]
    if request.method == "POST" and titles:
        ticked = {(title, pk) for title, pk in _ticked(request) if pk == member.pk}
        shown = {(title.pk, member.pk) for title in titles}
        new, gone = actions.set_reading(
            by=request.user,
            organization=member.organization,
            on=clock.today(),
            read=shown & ticked,
            unread=shown - ticked,
        )
        text = ngettext("Saved: %(count)d change.", "Saved: %(count)d changes.", new + gone)
        messages.success(request, text % {"count": new + gone})
        return redirect("campaign:own_reading")
    (row,) = reader_rows(titles, [member])
    here = [(_("My record of the campaign"), reverse("home")), (_("Required reading"), "")]
    return render(request, "campaign/reading/own.html", {"member": member, "row": row, "crumbs": here})
