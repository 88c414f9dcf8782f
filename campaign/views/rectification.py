"""The rectification ledger: list and picture, paper form, workbook, one item with its close-out, the office's view."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import gettext as _

from accounts import clock
from campaign import ledger, rectification, rules, uploads
from campaign.actions import rectification as actions
from campaign.forms.rectification import DecideForm, ExtendForm, ItemForm, LedgerFilter, ProgressForm
from campaign.ledger_workbook import ledger_workbook
from campaign.models import Batch, ItemFile, RectificationItem
from campaign.models.opinions import Opinion
from campaign.queries import batch_for
from campaign.shell import own_organization
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs, find_place
from units import access
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

PER_PAGE = 25
MOST_LINKED = 60
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ledger_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger of an organisation and all below it: filters, items by state and age."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    form = LedgerFilter(request.GET, batch=place.batch)
    whole = ledger.items(request.user, place.batch, place.organization)
    page = Paginator(ledger.urgent_first(form.narrow(whole)), PER_PAGE).get_page(request.GET.get("page"))
    picture = ledger.ages(whole.order_by().values_list("state", "registered_at", "deadline"), clock.today())
    most = max(row.total for row in picture)
    context = _names(place.batch) | {
        "place": place,
        "organization": place.organization,
        "form": form,
        "page": page,
        "picture": [(row, ledger.bar(row, most)) for row in picture],
        "total": sum(row.total for row in picture),
        "filtered": any(request.GET.get(name) for name in form.fields),
        "may_count": access.has(request.user, Right.PAPERS, place.organization),
        "may_publish": rectification.can_publish(request.user, place.organization),
        "again_url": rectification.again_url(request.user, place.participation) if place.leads else "",
        "may_export": access.has(request.user, Right.EXPORT, place.organization),
        "crumbs": crumbs(request.user, place.organization, _("Rectification ledger")),
    }
    return render(request, "campaign/rectification/list.html", context)


def _names(batch: Batch) -> dict[str, Any]:
    playbook = batch.campaign.playbook
    return {"kinds": rectification.kinds(playbook), "winds": rectification.winds(playbook), "batch": batch}


def _asked(request: HttpRequest, pk: int) -> tuple[Place, Batch, Any]:
    place = find_place(request, pk)
    if place.batch is None:
        raise PermissionDenied
    rows = ledger.items(request.user, place.batch, place.organization)
    return place, place.batch, ledger.urgent_first(LedgerFilter(request.GET, batch=place.batch).narrow(rows))


def ledger_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The ledger as the paper form that hangs in the corridor: all rows that the filter leaves."""
    place, batch, rows = _asked(request, pk)
    context = _names(batch) | {"organization": place.organization, "rows": list(rows), "today": clock.today()}
    return render(request, "campaign/rectification/paper.html", context)


def ledger_export(request: HttpRequest, pk: int) -> HttpResponse:
    """The same rows as a workbook; the export stands in the history."""
    place, batch, rows = _asked(request, pk)
    if not access.has(request.user, Right.EXPORT, place.organization):
        raise PermissionDenied
    name, content = ledger_workbook(by=request.user, batch=batch, organization=place.organization, rows=rows)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition})


def overview(request: HttpRequest) -> HttpResponse:
    """All units in scope, those with overdue items first."""
    need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    rows = ledger.standings(request.user, batch) if batch else []
    alone = _alone(request.user, rows)
    if alone is not None:
        return redirect("campaign:rectification", alone.pk)
    context = {"batch": batch, "page": Paginator(rows, 50).get_page(request.GET.get("page"))}
    sums = ("total", "open", "overdue", "reported", "closed", "reopened")
    context["sums"] = {name: sum(getattr(row, name) for row in rows) for name in sums}
    return render(request, "campaign/rectification/overview.html", context)


def _alone(user: Any, rows: list[ledger.Standing]) -> Organization | None:
    """The organisation of who works in one unit only: his own below it, or the unit."""
    if len(rows) > 1:
        return None
    mine, unit = own_organization(user, Right.VIEW), rows[0].organization if rows else None
    if unit is None:
        return mine if mine is not None and mine.depth > 1 else None
    return mine if mine is not None and mine.path.startswith(unit.path) else unit


# ---------------------------------------------------------------- register, change
def item_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Register an item; from chosen opinions (?opinion=1&opinion=2) it is filled in already."""
    place = find_place(request, pk)
    if not place.active and not place.consolidating:
        return absent(request, place)
    if not place.may_consolidate:
        raise PermissionDenied
    if "opinions" in request.POST:  # ticked in the register of opinions: show the form, filled in
        chosen = urlencode({"opinion": request.POST.getlist("opinions")}, doseq=True)
        return redirect(f"{reverse('campaign:rectification_new', args=[pk])}?{chosen}")
    opinions = _opinions(request, place)
    initial = {"problem": "\n".join(opinion.text for opinion in opinions)}
    form = _item_form(request, place.organization, place.batch, initial)
    if form.is_bound and form.is_valid():
        item = actions.register_item(
            by=request.user,
            batch=place.batch,
            organization=place.organization,
            stage=rules.phase_of(place.participation),
            data=form.record(),
            opinions=opinions,
            linked=form.cleaned_data.get("linked") or (),
        )
        messages.success(request, _("Registered the item. It stands in the ledger now."))
        return redirect("campaign:rectification_item", item.pk)
    context = {
        "place": place,
        "organization": place.organization,
        "form": form,
        "opinions": opinions,
        "crumbs": crumbs(request.user, place.organization, _ledger_crumb(place.organization), _("Register an item")),
    }
    return render(request, "campaign/rectification/edit.html", context)


def _ledger_crumb(organization: Organization) -> tuple[str, str]:
    return _("Rectification ledger"), reverse("campaign:rectification", args=[organization.pk])


def _opinions(request: HttpRequest, place: Place) -> list[Opinion]:
    """The opinions that the item is made of; none on a member, whose name would stand in the ledger."""
    given = request.POST.getlist("opinion") or request.GET.getlist("opinion")
    asked = [int(key) for key in given if key.isdecimal() and len(key) < 10][:50]
    if not asked:
        return []
    seen = Opinion.objects.visible_to(request.user).of(place.organization).filter(batch=place.batch)
    return list(seen.exclude(target=Opinion.Target.MEMBER).filter(pk__in=asked).order_by("pk"))


def _item_form(
    request: HttpRequest,
    organization: Organization,
    batch: Batch,
    initial: dict[str, Any],
    item: RectificationItem | None = None,
) -> ItemForm:
    family = ledger.items(request.user, batch).exclude(organization=organization)
    inside = access.below(organization.path, "organization")
    step = organization.steplen
    above = [organization.path[:end] for end in range(step, len(organization.path), step)]
    keys = family.filter(inside).values_list("pk", flat=True)[:MOST_LINKED]
    upper = family.filter(organization__path__in=above).values_list("pk", flat=True)[:MOST_LINKED]
    linkable = RectificationItem.objects.filter(pk__in=[*keys, *upper])
    return ItemForm(
        request.POST or None,
        organization=organization,
        batch=batch,
        item=item,
        linkable=linkable,
        initial=initial,
    )


def item_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what an open item says."""
    item = _find(request, pk)
    if not rectification.can_change_item(request.user, item):
        raise PermissionDenied
    initial = {name: getattr(item, name) for name in actions.ItemData.__dataclass_fields__}
    initial |= {"responsible_member": item.responsible_member_id, "linked": list(item.linked.all())}
    form = _item_form(request, item.organization, item.batch, initial, item)
    if form.is_bound and form.is_valid():
        item.version = _version(request)
        try:
            linked = form.cleaned_data.get("linked") if "linked" in form.fields else None
            actions.change_item(by=request.user, item=item, data=form.record(), linked=linked)
        except actions.ItemMoved:
            form.add_error(None, _("Somebody else has changed this item meanwhile. Look at it, then save again."))
            item.refresh_from_db()
        else:
            messages.success(request, _("The item has been changed."))
            return redirect("campaign:rectification_item", item.pk)
    context = {"item": item, "organization": item.organization, "form": form, "crumbs": _item_crumbs(request, item)}
    return render(request, "campaign/rectification/edit.html", context)


def _version(request: HttpRequest) -> int:
    raw = request.POST.get("version", "")
    if not raw.isdecimal() or len(raw) > 9:
        raise BadRequest("version")
    return int(raw)


# ---------------------------------------------------------------- one item
def _find(request: HttpRequest, pk: int) -> RectificationItem:
    seen = RectificationItem.objects.visible_to(request.user).select_related(
        "organization", "batch__campaign__host", "responsible_member__user", "reported_by", "closed_by", "registered_by"
    )
    return get_object_or_404(seen.distinct(), pk=pk)


def _item_crumbs(request: HttpRequest, item: RectificationItem) -> list[tuple[str, str]]:
    own = (str(item)[:20], reverse("campaign:rectification_item", args=[item.pk]))
    return crumbs(request.user, item.organization, _ledger_crumb(item.organization), own)


def item_page(request: HttpRequest, pk: int) -> HttpResponse:
    """An item with its history; POST carries a deed: progress, report, confirm, return or extend."""
    item = _find(request, pk)
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    forms: dict[str, Any] = {
        "progress_form": ProgressForm(),
        "decide_form": DecideForm(),
        "extend_form": ExtendForm(item=item),
    }
    if deed:
        item.version = _version(request)
        bound = _do(request, item, deed)
        if bound is None:
            return redirect("campaign:rectification_item", item.pk)
        forms |= bound
    user = request.user
    context = _names(item.batch) | {
        "item": item,
        "organization": item.organization,
        "notes": _notes(item),
        "linked": RectificationItem.objects.visible_to(user).filter(linked=item).select_related("organization"),
        "opinions": Opinion.objects.visible_to(user).filter(rectification_items=item),
        "may_work": item.state == item.State.OPEN and rectification.can_work_on(user, item),
        "may_note": rectification.can_work_on(user, item),
        "may_change": rectification.can_change_item(user, item),
        "may_confirm": rectification.can_confirm(user, item),
        "own_report": item.state == item.State.REPORTED and item.reported_by_id == user.pk,
        "crumbs": _item_crumbs(request, item),
    }
    return render(request, "campaign/rectification/detail.html", context | forms)


def _notes(item: RectificationItem) -> list[dict[str, Any]]:
    rows = item.notes.select_related("by").prefetch_related("files")
    return [{"note": note, "files": uploads.listed(note.files.all())} for note in rows]


def _do(request: HttpRequest, item: RectificationItem, deed: str) -> dict[str, Any] | None:
    """Carry out one deed; the bound form if it needs mending."""
    deeds = {
        "progress": (rectification.can_work_on, _work),
        "report": (rectification.can_work_on, _work),
        "confirm": (rectification.can_confirm, _decide),
        "return": (rectification.can_confirm, _decide),
        "extend": (rectification.can_change_item, _extend),
    }
    if deed not in deeds:
        raise BadRequest("deed")
    may, carry_out = deeds[deed]
    if not may(request.user, item):
        raise PermissionDenied
    try:
        return carry_out(request, item, deed)
    except actions.ItemMoved:
        messages.error(request, _("Somebody else has changed this item meanwhile. Look at it, then decide again."))
    return None


def _work(request: HttpRequest, item: RectificationItem, deed: str) -> dict[str, Any] | None:
    form = ProgressForm(request.POST, request.FILES)
    if not form.is_valid():
        return {"progress_form": form}
    if deed == "report":
        actions.report_done(by=request.user, item=item, **form.cleaned_data)
        messages.success(request, _("Reported done. Another person confirms it or sends it back."))
    else:
        actions.note_progress(by=request.user, item=item, **form.cleaned_data)
        messages.success(request, _("Noted the progress."))
    return None


def _decide(request: HttpRequest, item: RectificationItem, deed: str) -> dict[str, Any] | None:
    form = DecideForm(request.POST, returning=deed == "return")
    if not form.is_valid():
        return {"decide_form": form}
    if deed == "return":
        actions.send_back(by=request.user, item=item, reason=form.cleaned_data["text"])
        messages.success(request, _("Sent the item back with your reason."))
    else:
        actions.confirm_done(by=request.user, item=item, text=form.cleaned_data["text"])
        messages.success(request, _("Confirmed: the item is closed."))
    return None


def _extend(request: HttpRequest, item: RectificationItem, deed: str) -> dict[str, Any] | None:
    form = ExtendForm(request.POST, item=item)
    if not form.is_valid():
        return {"extend_form": form}
    actions.extend_deadline(by=request.user, item=item, **form.cleaned_data)
    messages.success(request, _("Moved the deadline. The history keeps the old one."))
    return None


def item_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A photograph opens in the browser; anything else is downloaded."""
    seen = RectificationItem.objects.visible_to(request.user)
    file = get_object_or_404(ItemFile.objects.filter(note__item__in=seen), pk=pk)
    return uploads.send(file.file, file.name)
