"""The bulletin: list, page as it is printed, editor, issue, files."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.templatetags.shell import clock_time
from campaign.models import Batch
from campaign.queries import batch_for
from reports import bulletin_rules as rules
from reports.actions import bulletin_order, bulletins, distribution
from reports.bulletin_forms import BulletinFilter, BulletinForm, DraftForm, FurtherForm, order_in
from reports.models import Bulletin, DistributionList
from reports.queries import bulletin as queries
from reports.queries.bulletin_layout import layout_of
from reports.queries.bulletin_numbers import weekly
from reports.queries.weekly import weeks_of

FREE_WEEKS = 12


def _bulletins(request: HttpRequest) -> QuerySet[Bulletin]:
    whose = ("campaign__host", "batch__campaign", "issued_by", "corrects")
    return Bulletin.objects.visible_to(request.user).select_related(*whose)


def _get(request: HttpRequest, pk: int) -> Bulletin:
    rows = _bulletins(request).prefetch_related("items__report__participation__organization")
    return get_object_or_404(rows, pk=pk)


def _crumbs(bulletin: Bulletin, *more: tuple[str, str]) -> list[tuple[str, str]]:
    return [
        (_("Bulletins"), reverse("reports:bulletins")),
        (bulletin.issue_name, reverse("reports:bulletin", args=[bulletin.pk])),
        *more,
    ]


def _free_weeks(batch: Batch) -> list[dt.date]:
    there = set(weekly(Bulletin.objects.filter(batch=batch)).values_list("week", flat=True))
    return [week for week in last_weeks(batch) if week not in there]


def last_weeks(batch: Batch) -> list[dt.date]:
    """The weeks that an issue can still be drafted about, the last first."""
    return list(reversed(weeks_of(batch, FREE_WEEKS)))


def bulletin_list(request: HttpRequest) -> HttpResponse:
    """Issues for all who take part; drafts, and the button that drafts one now, for the editors."""
    rows, batch = _bulletins(request), batch_for(request.user)
    counted = rows.annotate(printed=Count("items", filter=Q(items__chosen=True)), come=Count("items"))
    issued, search = counted.filter(state=Bulletin.State.ISSUED), BulletinFilter(request.GET)
    if search.is_valid() and search.cleaned_data["q"]:
        word = search.cleaned_data["q"].strip()
        found = Q(items__title__icontains=word) | Q(items__text__icontains=word)
        issued = issued.filter(pk__in=rows.filter(found, items__chosen=True).values("pk"))
    may_draft = batch is not None and rules.can_draft(request.user, batch)
    free, all_weeks = (_free_weeks(batch), last_weeks(batch)) if batch and may_draft else ([], [])
    context = {
        "drafts": counted.filter(state=Bulletin.State.DRAFT),
        "page": Paginator(issued.order_by("-issued_on", "-updated_at"), 25).get_page(request.GET.get("page")),
        "search": search,
        "batch": batch,
        "edits": may_draft,
        "draft_form": DraftForm(free=free, begun=batch.starts_on) if batch and free else None,
        "further_form": FurtherForm(free=all_weeks, begun=batch.starts_on) if batch and all_weeks else None,
        "rule": batch.campaign.playbook.bulletin if batch else None,
    }
    return render(request, "reports/bulletin/list.html", context)


@require_POST
def bulletin_draft(request: HttpRequest) -> HttpResponse:
    """Draft the bulletin of a week now."""
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    if not rules.can_draft(request.user, batch):
        raise PermissionDenied
    form = DraftForm(request.POST, free=_free_weeks(batch), begun=batch.starts_on)
    if not form.is_valid():
        messages.error(request, _("This week cannot be drafted: choose one of the list."))
        return redirect("reports:bulletins")
    week = dt.date.fromisoformat(form.cleaned_data["week"])
    bulletin = bulletins.draft_bulletin(by=request.user, batch=batch, week=week)
    return redirect("reports:bulletin_edit", pk=bulletin.pk)


def bulletin(request: HttpRequest, pk: int) -> HttpResponse:
    """An issue, or a draft, as it is printed."""
    found = _get(request, pk)
    context = {
        "bulletin": found,
        "sheet": queries.sheet(found),
        "can_edit": rules.can_edit(request.user, found),
        "can_issue": rules.can_issue(request.user, found),
        "can_make_files": rules.can_make_files(request.user, found),
        "layout": layout_of(found) if rules.can_correct(request.user, found) else None,
        "can_correct": rules.can_correct(request.user, found),
        "corrected_by": Bulletin.objects.visible_to(request.user).filter(corrects=found).order_by("pk"),
        "printed": len(queries.chosen(found)),
        "crumbs": _crumbs(found),
    }
    return render(request, "reports/bulletin/detail.html", context)


# ---------------------------------------------------------------- editing
def bulletin_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose, order, edit. Every button of the page first keeps all that is typed."""
    found = _get(request, pk)
    if found.state == Bulletin.State.ISSUED:
        messages.info(request, _("An issued bulletin is not changed any more."))
        return redirect("reports:bulletin", pk=pk)
    if not rules.can_edit(request.user, found):
        raise PermissionDenied
    if request.method == "POST" and "X-Autosave" in request.headers:
        return _ordered(request, found)
    items = [*queries.chosen(found), *queries.left_out(found)]
    form = BulletinForm(request.POST or None, bulletin=found, items=items)
    if request.method == "POST" and form.is_valid():
        try:
            return _edited(request, found, form)
        except bulletins.BulletinChanged:
            found = _get(request, pk)
            form.changed_meanwhile(found)
        except bulletins.AlreadyIssued as issued:
            _tell_issued(request, issued.bulletin)
            return redirect("reports:bulletin", pk=pk)
    return render(request, "reports/bulletin/edit.html", _editor(found, form, request))


def _ordered(request: HttpRequest, found: Bulletin) -> JsonResponse:
    """Keep the order that a drag or a key has made; what is typed meanwhile stays on the page."""
    found.version = int(request.POST["version"]) if request.POST.get("version", "").isdecimal() else 0
    try:
        bulletin_order.reorder(by=request.user, bulletin=found, items=order_in(request.POST))
    except (bulletins.BulletinChanged, bulletins.AlreadyIssued):
        said = _("Somebody else has edited or issued this draft meanwhile: the order is not saved. Save, and compare.")
        return JsonResponse({"message": said}, status=409)
    said = _("The order is saved, %(time)s.") % {"time": clock_time(clock.now())}
    return JsonResponse({"version": found.version, "message": said})


def _editor(found: Bulletin, form: BulletinForm, request: HttpRequest) -> dict[str, Any]:
    shown = {item.pk for item in form.items}
    return {
        "bulletin": found,
        "form": form,
        "groups": queries.by_field(found, [item for item in queries.left_out(found) if item.pk not in shown]),
        "picked": {int(pk) for pk in request.POST.getlist("pick") if pk.isdigit()},
        "table": found.figures,
        "lists": DistributionList.objects.visible_to(request.user).filter(campaign=found.campaign_id),
        "crumbs": _crumbs(found, (_("Edit"), "")),
    }


@transaction.atomic
def _edited(request: HttpRequest, found: Bulletin, form: BulletinForm) -> HttpResponse:
    """Keep what was typed, then do what the button says, all or nothing."""
    found.version = form.cleaned_data["version"]
    by: Any = request.user
    bulletins.edit(by=by, bulletin=found, **form.edits())
    bulletin_order.reorder(by=by, bulletin=found, items=order_in(form.cleaned_data))
    if form.cleaned_data["new_title"]:
        new = {name: form.cleaned_data[f"new_{name}"] for name in ("title", "text", "source")}
        bulletins.add_item(by=by, bulletin=found, **new)
    return _done(request, found, by)


def _done(request: HttpRequest, found: Bulletin, by: Any) -> HttpResponse:
    """The buttons: up-12, down-12, out-12, put-12 (put-12-0: as the first), choose, take_in, preview; else save."""
    do, _dash, item = request.POST.get("do", "").partition("-")
    back = reverse("reports:bulletin_edit", args=[found.pk])
    if item.isdigit() and do in {"up", "down", "out"}:
        if do == "out":
            bulletins.leave_out(by=by, bulletin=found, items=[int(item)])
            return redirect(f"{back}#printed")
        bulletins.move(by=by, bulletin=found, item=int(item), steps=-1 if do == "up" else 1)
        return redirect(f"{back}#item-{item}")
    if do == "put":
        return _put(request, found, item, back)
    if item.isdigit() and do == "split":
        return _split(request, found, int(item), f"{back}#item-{item}")
    if do == "use_list":
        return _listed(request, found, f"{back}#foot")
    if do == "preview":
        return redirect("reports:bulletin", pk=found.pk)
    if do == "choose":
        return _chosen(request, found, back)
    if do == "take_in":
        came = bulletins.take_in(by=by, bulletin=found)
        said = ngettext(
            "The figures are counted anew; %(count)d item came.",
            "The figures are counted anew; %(count)d items came.",
            came,
        )
        messages.success(request, said % {"count": came})
        return redirect(back)
    messages.success(request, _("The draft is saved."))
    return redirect(back)


def _put(request: HttpRequest, found: Bulletin, item: str, back: str) -> HttpResponse:
    pk, _dash, place = item.partition("-")
    row = get_object_or_404(found.items, pk=int(pk) if pk.isdecimal() else 0, chosen=False)
    at = int(place) if place.isdecimal() else None
    bulletin_order.put_in(by=request.user, bulletin=found, item=row.pk, place=at)
    return redirect(f"{back}#item-{row.pk}")


def _split(request: HttpRequest, found: Bulletin, item: int, back: str) -> HttpResponse:
    get_object_or_404(found.items, pk=item, chosen=True)
    try:
        parts = bulletins.split(by=request.user, bulletin=found, item=item)
        messages.success(request, _("The item is split by its headings: there are %(count)d now.") % {"count": parts})
    except bulletins.NothingToSplit:
        messages.error(request, _("Nothing to split: the text needs two headings such as 一、 and 二、."))
    return redirect(back)


def _listed(request: HttpRequest, found: Bulletin, back: str) -> HttpResponse:
    lists = DistributionList.objects.visible_to(request.user).filter(campaign=found.campaign_id)
    chosen = lists.filter(pk=int(pk)).first() if (pk := request.POST.get("list", "")).isdigit() else None
    if chosen is None:
        messages.error(request, _("Choose a distribution list."))
        return redirect(back)
    distribution.use_list(by=request.user, bulletin=found, found=chosen)
    said = {"name": chosen.name, "copies": found.copies or 0}
    messages.success(request, _("%(name)s is put in: %(copies)d copies.") % said)
    return redirect(back)


def _chosen(request: HttpRequest, found: Bulletin, back: str) -> HttpResponse:
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdigit()]
    if not picked:
        messages.error(request, _("Tick the items that are to be printed."))
        return redirect(f"{back}#others")
    bulletins.choose_items(by=request.user, bulletin=found, items=picked)
    return redirect(f"{back}#printed")


# ---------------------------------------------------------------- issuing
def _tell_issued(request: HttpRequest, found: Bulletin) -> None:
    who = {"name": found.issued_by or "", "issue": found.issue_name}
    messages.warning(request, _("%(name)s has already issued this bulletin: %(issue)s.") % who)


@require_POST
def bulletin_issue(request: HttpRequest, pk: int) -> HttpResponse:
    """Issue the draft as the person saw it."""
    found = _get(request, pk)
    if found.state == Bulletin.State.ISSUED:
        _tell_issued(request, found)
        return redirect("reports:bulletin", pk=pk)
    if not rules.can_issue(request.user, found):
        raise PermissionDenied
    if request.POST.get("version", "").isdigit():
        found.version = int(request.POST["version"])
    try:
        bulletins.issue(by=request.user, bulletin=found)
        messages.success(request, _("Issued: %(issue)s. The files are being made.") % {"issue": found.issue_name})
    except bulletins.AlreadyIssued as issued:
        _tell_issued(request, issued.bulletin)
    except bulletins.BulletinChanged:
        messages.error(request, _("Somebody has edited the draft since you opened this page. Look at it once more."))
    except bulletins.NothingChosen:
        messages.error(request, _("Nothing is chosen to be printed yet. Choose at least one item."))
    except bulletins.ItemEmpty:
        messages.error(request, _("An item has no title or no text. Fill it in, or take it out."))
    return redirect("reports:bulletin", pk=pk)


# ---------------------------------------------------------------- files
def _file(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    found = get_object_or_404(_bulletins(request).filter(state=Bulletin.State.ISSUED), pk=pk)
    stored = getattr(found, kind)
    if not stored:
        messages.info(request, _("The files of this bulletin are still being made. Try again in a minute."))
        return redirect("reports:bulletin", pk=pk)
    name = queries.file_name(queries.content_of(found), kind)
    return FileResponse(stored.open("rb"), as_attachment=True, filename=name)


def bulletin_docx(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "docx")


def bulletin_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    return _file(request, pk, "pdf")


@require_POST
def bulletin_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the files made again."""
    found = _get(request, pk)
    if not rules.can_make_files(request.user, found):
        raise PermissionDenied
    job = bulletins.make_files(by=request.user, bulletin=found)
    return redirect("jobs:detail", pk=job.pk)
