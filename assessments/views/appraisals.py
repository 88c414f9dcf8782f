"""Members' appraisal: the branch's table, one member's opinion, his answer on paper, appeals, report-outs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts import clock
from assessments import confidential
from assessments.actions import appraisals as actions
from assessments.forms.appraisals import AnswerForm, AppealDecisionForm, OpinionForm, ReportOutForm
from assessments.judging import Judged, judged, oath_actions, oath_takers, of_members, tally
from assessments.member_tests import is_exempt
from assessments.models import Appeal, Appraisal, Handling, ReportOut
from assessments.queries.analyses import is_leader
from assessments.views.places import member_for_papers, place_for_counts, place_for_papers
from campaign.evidence import Evidence
from campaign.models import Batch
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs
from units.models import Member

PER_PAGE = 100


def members_here(place: Place) -> list[Member]:
    """Those on the branch's roll today, in the roster's order."""
    rows = Member.objects.on_roll().filter(organization=place.organization)
    return list(rows.only("pk", "name", "retired", "user_id", "organization_id").order_by("pk"))


@never_cache
def appraisals(request: HttpRequest, pk: int) -> HttpResponse:
    """A branch by name for those who keep its papers; above it figures, and what one has to decide (decision 20)."""
    place = place_for_counts(request, pk)
    if place.participation is None or place.batch is None or not place.active:
        return absent(request, place)
    if confidential.sees_names(request.user, place.organization):
        return _branch(request, place, place.batch)
    return _figures(request, place, place.batch)


def _branch(request: HttpRequest, place: Place, batch: Batch) -> HttpResponse:
    people = members_here(place)
    page = Paginator(people, PER_PAGE).get_page(request.GET.get("page"))
    found = of_members(batch, [member.pk for member in people])
    took = oath_takers(batch, [member.pk for member in page])
    playbook = batch.campaign.playbook
    names = {grade.key: grade.name for grade in playbook.appraisal.grades}
    rows = []
    for member in page:
        record = found.get(member.pk) or Judged()
        verdict = names.get(record.appraisal.verdict, "") if record.appraisal else ""
        rows.append(
            {
                "member": member,
                "r": record,
                "verdict": verdict,
                "oath": member.pk in took,
                "own": member.user_id == request.user.pk,
                "free": is_exempt(member, playbook),
            }
        )
    context = {
        "place": place,
        "organization": place.organization,
        "page": page,
        "rows": rows,
        "tally": tally([_Person(member) for member in people], found, playbook),
        "next": next((m for m in people if m.user_id != request.user.pk and not _begun(found.get(m.pk))), None),
        "rule": playbook.appraisal,
        "has_oath": bool(oath_actions(playbook)),
        "reported": ReportOut.objects.filter(batch=batch, organization=place.organization, about="appraisal").first(),
        "crumbs": crumbs(request.user, place.organization, _("Members' appraisal")),
    }
    return render(request, "assessments/appraisal/branch.html", context)


def _begun(record: Judged | None) -> bool:
    return record is not None and record.appraisal is not None and record.appraisal.stands


class _Person:
    """A member as the figures count him."""

    def __init__(self, member: Member) -> None:
        self.id, self.retired = member.pk, member.retired


def _figures(request: HttpRequest, place: Place, batch: Batch) -> HttpResponse:
    """Branch by branch in figures, and the names only of those on whom the superior has to decide."""
    evidence = Evidence(place.participation, place.participation.current(), place.organization)
    found = judged(batch, evidence.subtree("organization"))
    playbook = batch.campaign.playbook
    people: dict[int, list[Any]] = {}
    for person in evidence.roll:
        people.setdefault(person.organization_id, []).append(person)
    rows = [
        {"branch": branch, "tally": tally(people.get(branch.pk, []), found, playbook)} for branch in evidence.branches
    ]
    context = {
        "place": place,
        "organization": place.organization,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "total": tally(evidence.roll, found, playbook),
        "appeals": _to_decide(request, place, Appeal.objects.filter(state=Appeal.State.OPEN).defer("text", "reason")),
        "cases": _to_decide(request, place, Handling.objects.filter(state=Handling.State.PROPOSED)),
        "may_tell": confidential.keeps_papers(request.user, place.organization),
        "may_enter_appeal": confidential.can_decide_on(request.user, place.organization)
        or confidential.keeps_papers(request.user, place.organization),
        "crumbs": crumbs(request.user, place.organization, _("Members' appraisal")),
    }
    return render(request, "assessments/appraisal/figures.html", context)


def _to_decide(request: HttpRequest, place: Place, rows: Any) -> list[Any]:
    """Those below the organisation on which the user decides as the superior."""
    below = rows.filter(organization__path__startswith=place.organization.path).select_related("member", "organization")
    return [row for row in below if confidential.can_decide_on(request.user, row.organization)]


# ---------------------------------------------------------------- one member
@never_cache
def appraisal(request: HttpRequest, pk: int) -> HttpResponse:
    """The opinion on one member: a form while it is drafted, then as decided with what comes next."""
    member, batch = member_for_papers(request, pk)
    found = Appraisal.objects.filter(batch=batch, member=member).select_related("batch__campaign").first()
    if found is not None and request.method == "GET":
        actions.note_reading(by=request.user, appraisal=found)
    if found is not None and found.stands:
        return _decided(request, member, found)
    initial = {"decided_on": clock.today(), "version": found.version if found else 0, **_initial(found)}
    form = OpinionForm(request.POST or None, batch=batch, leader=is_leader(member), initial=initial)
    if request.method == "POST" and form.is_valid():
        saved = _save(request, member, batch, form)
        if saved is not None:
            return saved
    context = _one(request, member, batch, found) | {"form": form}
    return render(request, "assessments/appraisal/form.html", context)


def _initial(found: Appraisal | None) -> dict[str, Any]:
    names = ("basis", "opinion", "shortcomings", "verdict", "scope")
    return {name: getattr(found, name) for name in names} if found else {}


def _save(request: HttpRequest, member: Member, batch: Batch, form: OpinionForm) -> HttpResponse | None:
    """Save the draft, and decide it if that was asked; what is missing is said at the field."""
    try:
        saved = actions.draft_appraisal(
            by=request.user, batch=batch, member=member, draft=form.draft(), version=form.cleaned_data["version"]
        )
    except actions.AppraisalMoved:
        form.add_error(None, _("Somebody else has saved this opinion meanwhile. Open it again before you write on."))
        return None
    if "decide" not in request.POST:
        messages.success(request, _("The draft on %(name)s is saved.") % {"name": member.name})
        return redirect("assessments:appraisal", pk=member.pk)
    try:
        actions.decide_appraisal(by=request.user, appraisal=saved, on=form.cleaned_data["decided_on"])
    except actions.AppraisalIncomplete as incomplete:
        form.show_missing(incomplete.missing)
        form.data = {**form.data.dict(), "basis": form.data.getlist("basis"), "version": saved.version}
        return None
    messages.success(request, _("The opinion on %(name)s is decided.") % {"name": member.name})
    following = _next(member, batch, request.user)
    if following is not None and "next" in request.POST.getlist("then"):
        return redirect("assessments:appraisal", pk=following.pk)
    return redirect("assessments:appraisal", pk=member.pk)


def _next(member: Member, batch: Batch, user: Any) -> Member | None:
    """The next member of the branch without a standing opinion, after this one and then from the top (F-34)."""
    standing = Appraisal.objects.filter(batch=batch, state__in=Appraisal.STANDING).values("member_id")
    rows = Member.objects.on_roll().filter(organization=member.organization).exclude(pk=member.pk)
    waiting = rows.exclude(pk__in=standing).exclude(user=user).order_by("pk")
    return waiting.filter(pk__gt=member.pk).first() or waiting.first()


def _one(request: HttpRequest, member: Member, batch: Batch, found: Appraisal | None) -> dict[str, Any]:
    organization = member.organization
    hub = reverse("assessments:appraisals", args=[organization.pk])
    return {
        "member": member,
        "organization": organization,
        "appraisal": found,
        "record": of_members(batch, [member.pk]).get(member.pk) or Judged(),
        "rule": batch.campaign.playbook.appraisal,
        "next": _next(member, batch, request.user),
        "crumbs": crumbs(request.user, organization, (_("Members' appraisal"), hub), member.name),
    }


def _decided(request: HttpRequest, member: Member, found: Appraisal) -> HttpResponse:
    context = _one(request, member, found.batch, found) | {
        "answer_form": AnswerForm(batch=found.batch, initial={"on": clock.today()}),
        "appeals": found.appeals.defer("text", "reason"),
    }
    return render(request, "assessments/appraisal/detail.html", context)


@require_POST
def appraisal_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the member what was decided on him."""
    member, batch = member_for_papers(request, pk)
    found = get_object_or_404(Appraisal.objects.select_related("member__user"), batch=batch, member=member)
    try:
        actions.show_appraisal(by=request.user, appraisal=found)
        messages.success(request, _("%(name)s has been shown the opinion.") % {"name": member.name})
    except actions.AppraisalMoved:
        messages.error(request, _("Somebody else has moved this opinion meanwhile."))
    return redirect("assessments:appraisal", pk=pk)


@require_POST
def appraisal_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Record from paper what the member said to the opinion (decision 13)."""
    member, batch = member_for_papers(request, pk)
    rows = Appraisal.objects.select_related("batch__campaign", "member__user")
    found = get_object_or_404(rows, batch=batch, member=member)
    form = AnswerForm(request.POST, batch=batch)
    if not form.is_valid():
        context = _one(request, member, batch, found) | {"answer_form": form, "appeals": found.appeals.all()}
        return render(request, "assessments/appraisal/detail.html", context)
    try:
        actions.answer_appraisal(by=request.user, appraisal=found, **form.cleaned_data)
        messages.success(request, _("The answer of %(name)s is on record.") % {"name": member.name})
    except actions.AppraisalMoved:
        messages.error(request, _("Somebody else has moved this opinion meanwhile."))
    return redirect("assessments:appraisal", pk=pk)


# ---------------------------------------------------------------- appeals
@never_cache
def appeal(request: HttpRequest, pk: int) -> HttpResponse:
    """An appeal: read by the branch, the member and the superior, decided by the superior."""
    rows = Appeal.objects.visible_to(request.user).select_related(
        "member", "organization", "appraisal__batch__campaign", "appraisal__member", "decided_by"
    )
    found = get_object_or_404(rows, pk=pk)
    if not confidential.can_read_appeal(request.user, found):
        raise PermissionDenied
    may = confidential.can_decide_appeal(request.user, found)
    form = AppealDecisionForm(request.POST or None, batch=found.appraisal.batch) if may else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied
        if form.is_valid():
            return _decide(request, found, form.cleaned_data)
    else:
        actions.note_reading_appeal(by=request.user, appeal=found)
    context = {"appeal": found, "form": form, "crumbs": crumbs(request.user, found.organization, _("Appeal"))}
    return render(request, "assessments/appraisal/appeal.html", context)


def _decide(request: HttpRequest, found: Appeal, data: dict[str, Any]) -> HttpResponse:
    try:
        actions.decide_appeal(
            by=request.user,
            appeal=found,
            upheld=data["decision"] == "upheld",
            reason=data["reason"],
            verdict=data["verdict"],
        )
        messages.success(request, _("The appeal of %(name)s is decided.") % {"name": found.member.name})
    except (actions.AppealMoved, actions.AppraisalMoved):
        messages.error(request, _("Somebody else has decided on this appeal meanwhile."))
    return redirect("assessments:appeal", pk=found.pk)


# ---------------------------------------------------------------- report-out
def report_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the masses how the appraisal or a meeting went, and what has been told (F-31, F-32)."""
    place, batch = place_for_papers(request, pk)
    branch = place.organization.is_branch
    about = request.GET.get("about") or ("appraisal" if branch else "democratic_life")
    form = ReportOutForm(request.POST or None, batch=batch, initial={"on": clock.today(), "about": about})
    if request.method == "POST" and form.is_valid():
        actions.report_out(by=request.user, batch=batch, organization=place.organization, **form.cleaned_data)
        messages.success(request, _("It is on record that the masses were told."))
        return redirect("assessments:report_out", pk=pk)
    hub = reverse("assessments:appraisals", args=[pk])
    context = {
        "form": form,
        "organization": place.organization,
        "told": ReportOut.objects.filter(batch=batch, organization=place.organization),
        "crumbs": crumbs(request.user, place.organization, (_("Members' appraisal"), hub), _("Tell the masses")),
    }
    return render(request, "assessments/appraisal/report_out.html", context)
