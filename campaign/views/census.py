"""The census: the overview, an organisation's sheet and members, and the cases solved one by one (group T)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from campaign import census as figures
from campaign import ground_rules
from campaign.actions import census as actions
from campaign.census_book import columns, workbook
from campaign.census_sheets import proposed
from campaign.forms.census import CaseForm, CloseCaseForm, MemberCensusForm, SheetForm
from campaign.models import Batch, CensusCase, CensusSheet, MemberCensus
from campaign.queries import batch_for, taking_part
from campaign.rules import can_see_members
from campaign.views.places import crumbs, find_place
from units import access
from units.guards import need, need_somewhere
from units.models import Member, Organization, WorkUnit
from units.roles import Right

PER_PAGE = 50
SAID = ("version", "condition", "hindering", "to_solve", "thinking", "activity_way", "activity_other")
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _root(request: HttpRequest, right: Right = Right.VIEW) -> Organization:
    """The part asked for with ?within=, else the highest organisation in the user's scope."""
    need_somewhere(request.user, right)
    asked = request.GET.get("within", "")
    seen = Organization.objects.visible_to(request.user, right)
    if asked.isdecimal() and len(asked) < 12:
        return get_object_or_404(seen, pk=int(asked))
    first = seen.order_by("depth", "path").first()
    if first is None:
        raise Http404
    return first


def census(request: HttpRequest) -> HttpResponse:
    """By kind of work unit and by organisation, with what is still open."""
    root = _root(request)
    batch = batch_for(request.user)
    if batch is None:
        return render(request, "campaign/census/none.html", {})
    found = figures.census_of(batch, root)
    named = can_see_members(request.user, root)
    away = figures.unreachable(batch, root)
    context = {
        "root": root,
        "batch": batch,
        "census": found,
        "unreachable": away[:100] if named else [],
        "unreachable_count": away.count(),
        "may_export": access.has(request.user, Right.EXPORT, root),
        "may_import": any(access.has_anywhere(request.user, right) for right in (Right.RECORD, Right.SET_UP)),
        "crumbs": crumbs(request.user, root, _("Census")),
    }
    return render(request, "campaign/census/overview.html", context)


def census_export(request: HttpRequest) -> HttpResponse:
    """The same as a workbook, with the cases."""
    root = _root(request, Right.EXPORT)
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    cases = _cases(request, batch, root)
    with transaction.atomic():
        given = {"census": figures.census_of(batch, root), "named": can_see_members(request.user, root)}
        content = workbook(by=request.user, batch=batch, cases=cases, **given)
    answer = HttpResponse(content, content_type=EXCEL)
    answer["Content-Disposition"] = f'attachment; filename="census-{clock.today():%Y%m%d}.xlsx"'
    return answer


def _cases(request: HttpRequest, batch: Batch, root: Organization) -> Any:
    below = access.below(root.path, "organization")
    rows = CensusCase.objects.visible_to(request.user).filter(below, batch=batch)
    return rows.select_related("organization", "member")


def _batch(request: HttpRequest, organization: Organization) -> Batch:
    """The batch that the organisation takes part in, else the one under way."""
    one = taking_part(organization)
    batch = one.batch if one else batch_for(request.user)
    if batch is None:
        raise Http404
    return batch


def census_organization(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: its sheet, the members who are away, and the cases at and under it."""
    organization = find_place(request, pk).organization
    batch = _batch(request, organization)
    named = can_see_members(request.user, organization)
    sheets = CensusSheet.objects.filter(batch=batch, organization=organization).select_related("work_unit", "filled_by")
    context = {
        "organization": organization,
        "batch": batch,
        "sheet": next((sheet for sheet in sheets if sheet.work_unit_id is None), None),
        "unit_sheets": [sheet for sheet in sheets if sheet.work_unit_id is not None],
        "bare_units": _bare_units(batch, organization),
        "members": _away(request, batch, organization) if named else None,
        "others": _others(batch, organization) if named and organization.is_branch else [],
        "page": Paginator(_cases(request, batch, organization), PER_PAGE).get_page(request.GET.get("page")),
        "may_fill": ground_rules.can_census(request.user, organization),
        "labels": columns(),
        "crumbs": crumbs(request.user, organization, _("Census")),
    }
    return render(request, "campaign/census/organization.html", context)


def _bare_units(batch: Batch, organization: Organization) -> list[WorkUnit]:
    """Work units without an organisation of their own that nobody has surveyed; only the top organisation has them."""
    if organization.depth > 1:
        return []
    surveyed = CensusSheet.objects.filter(batch=batch).exclude(work_unit=None).values("work_unit")
    return list(WorkUnit.objects.filter(organizations=None).exclude(pk__in=surveyed)[:PER_PAGE])


def _away(request: HttpRequest, batch: Batch, organization: Organization) -> Any:
    """Members found floating, or with a problem, at and under the organisation."""
    below = access.below(organization.path, "member__organization")
    rows = MemberCensus.objects.visible_to(request.user).filter(below, batch=batch, member__left_on=None)
    listed = rows.filter(Q(floating=True) | ~Q(problem="")).select_related("member__organization")
    return listed.order_by("reachable", "member__organization__path", "member_id")[:200]


def _others(batch: Batch, organization: Organization) -> Any:
    """The rest of a branch, those first whom the roster calls floating."""
    known = MemberCensus.objects.filter(batch=batch).filter(Q(floating=True) | ~Q(problem=""))
    rows = Member.objects.on_roll().filter(organization=organization).exclude(pk__in=known.values("member"))
    return rows.order_by("-floating", "-lost_contact", "pk")


def census_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Fill in the sheet of an organisation, or of a work unit (?unit=) that has none of its own."""
    organization = find_place(request, pk).organization
    need(ground_rules.can_census(request.user, organization))
    batch, unit = _batch(request, organization), _unit(request, organization)
    sheet = CensusSheet.objects.filter(batch=batch, work_unit=unit)
    sheet = sheet.filter(organization=organization).first()
    form = SheetForm(request.POST or None, initial=_said(sheet, unit))
    if form.is_bound and form.is_valid() and _save_sheet(request, batch, organization, unit, form):
        return redirect("campaign:census_organization", pk)
    context = {
        "organization": organization,
        "unit": unit,
        "form": form,
        "crumbs": crumbs(request.user, organization, _("Census sheet")),
    }
    return render(request, "campaign/census/sheet.html", context)


def _unit(request: HttpRequest, organization: Organization) -> WorkUnit | None:
    asked = request.GET.get("unit", "")
    if not asked:
        return None
    if not asked.isdecimal() or len(asked) > 11 or organization.depth > 1:
        raise Http404
    return get_object_or_404(WorkUnit.objects.filter(organizations=None), pk=int(asked))


def _said(sheet: CensusSheet | None, unit: WorkUnit | None) -> dict[str, Any]:
    if sheet is None:
        start = CensusSheet.Condition.NOT_ESTABLISHED if unit else CensusSheet.Condition.SOUND
        return {"version": 0, "condition": start}
    said = {name: getattr(sheet, name) for name in SAID}
    return {**said, "secretary_fit": {True: "yes", False: "no"}.get(sheet.secretary_fit, "")}


def _save_sheet(
    request: HttpRequest, batch: Batch, organization: Organization, unit: WorkUnit | None, form: SheetForm
) -> bool:
    data = dict(form.cleaned_data)
    version = data.pop("version")
    given = {"batch": batch, "organization": organization, "work_unit": unit, "version": version}
    try:
        actions.fill_sheet(by=request.user, data=actions.SheetData(**data), **given)
    except actions.SheetChanged:
        form.add_error(None, _("Somebody else has saved this sheet meanwhile. Compare with theirs in another window."))
        return False
    messages.success(request, _("The sheet has been saved; each problem has its case."))
    return True


def census_member(request: HttpRequest, pk: int) -> HttpResponse:
    """Where a member is, and whether the relation is in order."""
    member = get_object_or_404(Member.objects.visible_to(request.user).select_related("organization"), pk=pk)
    need(ground_rules.can_census(request.user, member.organization))
    batch = _batch(request, member.organization)
    entry = MemberCensus.objects.filter(batch=batch, member=member).first()
    form = MemberCensusForm(request.POST or None, instance=entry or proposed(batch, member))
    if form.is_bound and form.is_valid() and _save_member(request, batch, member, form):
        return redirect("campaign:census_organization", member.organization_id)
    trail = crumbs(request.user, member.organization, _("Census"))
    context = {"member": member, "organization": member.organization, "form": form, "crumbs": trail}
    return render(request, "campaign/census/member.html", context)


def _save_member(request: HttpRequest, batch: Batch, member: Member, form: MemberCensusForm) -> bool:
    data = dict(form.cleaned_data)
    version = data.pop("seen")
    try:
        actions.record_member_census(
            by=request.user, batch=batch, member=member, data=actions.MemberData(**data), version=version
        )
    except actions.SheetChanged:
        form.add_error(None, _("Somebody else has saved this sheet meanwhile. Compare with theirs in another window."))
        return False
    messages.success(request, _("Recorded %(name)s in the census.") % {"name": member.name})
    return True


# ---------------------------------------------------------------- cases
def _case(request: HttpRequest, pk: int) -> CensusCase:
    rows = CensusCase.objects.visible_to(request.user)
    return get_object_or_404(rows.select_related("organization", "member", "opened_by", "closed_by"), pk=pk)


def census_case(request: HttpRequest, pk: int) -> HttpResponse:
    """One problem: what is done about it, and how it ended."""
    case = _case(request, pk)
    if request.method != "POST":
        return _case_page(request, case)
    need(ground_rules.can_census(request.user, case.organization))
    form = CaseForm(request.POST)
    if not form.is_valid():
        return _case_page(request, case, form=form)
    try:
        actions.change_case(by=request.user, case=case, **form.cleaned_data)
    except actions.CaseChanged:
        messages.warning(request, _("Somebody else has changed or closed this case meanwhile."))
    else:
        messages.success(request, _("The case has been changed."))
    return redirect("campaign:census_case", pk)


def _case_page(request: HttpRequest, case: CensusCase, **forms: Any) -> HttpResponse:
    said = {name: getattr(case, name) for name in ("version", "measure", "responsible", "deadline")}
    context = {
        "case": case,
        "organization": case.organization,
        "may_work": ground_rules.can_census(request.user, case.organization),
        "form": forms.get("form") or CaseForm(initial=said),
        "close_form": forms.get("close") or CloseCaseForm(initial={"version": case.version}),
        "crumbs": crumbs(request.user, case.organization, _("Census")),
    }
    return render(request, "campaign/census/case.html", context)


@require_POST
def census_case_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Solved, or handed on; or opened again."""
    case = _case(request, pk)
    need(ground_rules.can_census(request.user, case.organization))
    form = CloseCaseForm(request.POST)
    again = "reopen" in request.POST
    if not again and not form.is_valid():
        return _case_page(request, case, close=form)
    try:
        if again:
            actions.reopen_case(by=request.user, case=case, version=case.version)
        else:
            actions.close_case(by=request.user, case=case, **form.cleaned_data)
    except actions.CaseChanged:
        messages.warning(request, _("Somebody else has changed or closed this case meanwhile."))
    else:
        messages.success(request, _("The case is open again.") if again else _("The case is closed."))
    return redirect("campaign:census_case", pk)
