"""Knowledge tests as the office and the branches see them: results, setting a test, scores of paper tests (E-36)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from assessments import knowledge as results
from assessments import knowledge_sheets, rules
from assessments.actions import knowledge as actions
from assessments.forms.knowledge import SheetForm, TestForm
from assessments.models import KnowledgeTest, QuestionBank
from campaign import sheets
from campaign.rules import can_see_members
from campaign.views.places import crumbs, find_place
from units import access
from units.guards import need, need_somewhere
from units.models import Member, Organization
from units.roles import Right


def workbook(name: str, content: bytes) -> HttpResponse:
    """A workbook to be saved."""
    response = HttpResponse(content, content_type=sheets.CONTENT_TYPE)
    response.headers["Content-Disposition"] = _attachment(name)
    return response


def _attachment(name: str) -> str:
    return content_disposition_header(as_attachment=True, filename=name) or "attachment"


def tests(request: HttpRequest) -> HttpResponse:
    """From the menu: the page of the highest organisation that one sees."""
    need_somewhere(request.user, Right.VIEW)
    posts = [post for post in access.posts_of(request.user) if Right.VIEW in post.rights]
    highest = min((post.organization for post in posts), key=lambda o: len(o.path))
    return redirect("assessments:knowledge", highest.pk)


def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """The tests that concern an organisation, with how many of its members took and passed each; its banks."""
    place = find_place(request, pk)
    found = results.tests_for(place.organization)
    now = clock.now()
    context = {
        "place": place,
        "organization": place.organization,
        "rows": [row | {"open": row["test"].is_open(now)} for row in results.figures(found, place.organization)],
        "banks": QuestionBank.objects.visible_to(request.user).select_related("organization"),
        "may_set": rules.can_examine(request.user, place.organization),
        "crumbs": crumbs(request.user, place.organization, _("Knowledge tests")),
    }
    return render(request, "assessments/knowledge/overview.html", context)


def test_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a test for the members of an organisation and below."""
    place = find_place(request, pk)
    need(rules.can_examine(request.user, place.organization))
    batch = place.batch
    if batch is None:
        messages.error(request, _("A test belongs to a batch, and none is under way here."))
        return redirect("assessments:knowledge", pk)
    form = TestForm(request.POST or None, banks=QuestionBank.objects.visible_to(request.user))
    if form.is_bound and form.is_valid():
        try:
            test = actions.open_test(by=request.user, batch=batch, organization=place.organization, terms=form.terms())
        except actions.TooFewQuestions:
            form.add_error(None, _short_supply(form.cleaned_data["bank"]))
        else:
            messages.success(request, _("“%(title)s” is set.") % {"title": test.title})
            return redirect("assessments:test", test.pk)
    context = {
        "organization": place.organization,
        "form": form,
        "crumbs": crumbs(request.user, place.organization, _listed(place.organization), _("Set a test")),
    }
    return render(request, "assessments/knowledge/test_new.html", context)


def _short_supply(bank: QuestionBank) -> str:
    there = actions.supply_of(bank)
    text = _(
        "The test must draw at least one question, and not more of a kind than the bank holds: "
        "%(single)s single choice, %(multiple)s multiple choice, %(boolean)s true or false."
    )
    return text % there


def _listed(organization: Organization) -> tuple[str, str]:
    return (_("Knowledge tests"), reverse("assessments:knowledge", args=[organization.pk]))


def find_test(request: HttpRequest, pk: int) -> tuple[KnowledgeTest, Organization]:
    """A test in sight, and the organisation as which it is looked at (`?of=`), at or below where it is held."""
    seen = KnowledgeTest.objects.visible_to(request.user).select_related("organization", "bank", "batch__campaign")
    test = get_object_or_404(seen, pk=pk)
    visible = Organization.objects.visible_to(request.user)
    wanted = request.GET.get("of", "")
    if wanted.isdecimal():
        organization = get_object_or_404(visible, pk=int(wanted))
        if not organization.path.startswith(test.organization.path):
            raise Http404
        return test, organization
    own = visible.filter(access.below(test.organization.path, "")).order_by("path").first()
    return test, own or test.organization


def test(request: HttpRequest, pk: int) -> HttpResponse:
    """Results by branch, with who is missing and who failed; printable."""
    found, organization = find_test(request, pk)
    rows = results.results_of(found, organization)
    names = can_see_members(request.user, organization)
    context = {
        "test": found,
        "organization": organization,
        "rows": rows,
        "members": sum(row.members for row in rows),
        "taken": sum(row.taken for row in rows),
        "passed": sum(row.passed for row in rows),
        "may_see_names": names,
        "may_score": rules.can_score(request.user, found, organization),
        "crumbs": crumbs(request.user, organization, _listed(organization), found.title),
    }
    return render(request, "assessments/knowledge/test.html", context)


# ---------------------------------------------------------------- scores of a test on paper
def _members(organization: Organization) -> list[Member]:
    listed = Member.objects.on_roll().within(organization).select_related("organization")
    return list(listed.order_by("organization__path", "pk"))


def scores(request: HttpRequest, pk: int) -> HttpResponse:
    """A score beside each name; saved all at once, or not at all."""
    found, organization = find_test(request, pk)
    need(rules.can_score(request.user, found, organization))
    members = _members(organization)
    saved = results.best_scores([found]).get(found.pk, {})
    typed: dict[int, str] = {}
    faults: list[str] = []
    if request.method == "POST":
        typed = {m.pk: request.POST.get(f"score-{m.pk}", "").strip() for m in members}
        read = {pk: knowledge_sheets.read_score(raw) if raw else None for pk, raw in typed.items()}
        faults = [m.name for m in members if typed[m.pk] and read[m.pk] is None]
        if not faults:
            return _keep(request, found, organization, read)
    rows = [
        {"member": m, "value": typed.get(m.pk, _shown(saved.get(m.pk))), "faulty": m.name in faults} for m in members
    ]
    return _scores_page(request, found, organization, rows=rows, faulty_names=faults)


def _shown(score: Decimal | None) -> str:
    return "" if score is None else f"{score.normalize():f}"


def _keep(
    request: HttpRequest, found: KnowledgeTest, organization: Organization, read: dict[int, Decimal | None]
) -> HttpResponse:
    count = actions.enter_scores(by=request.user, test=found, organization=organization, scores=read)
    text = ngettext("Saved: %(count)d score changed.", "Saved: %(count)d scores changed.", count)
    messages.success(request, text % {"count": count})
    return redirect(f"{reverse('assessments:test', args=[found.pk])}?of={organization.pk}")


def _scores_page(request: HttpRequest, found: KnowledgeTest, organization: Organization, **more: Any) -> HttpResponse:
    own = (found.title, f"{reverse('assessments:test', args=[found.pk])}?of={organization.pk}")
    context = {
        "test": found,
        "organization": organization,
        "sheet_form": SheetForm(),
        "crumbs": crumbs(request.user, organization, _listed(organization), own, _("Enter scores")),
        **more,
    }
    faulty = more.get("faulty_names") or more.get("faults") or more.get("unreadable")
    return render(request, "assessments/knowledge/scores.html", context, status=422 if faulty else 200)


def scores_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """GET: the roll with the scores so far. POST: the sheet filled in; its scores stand in the form to be saved."""
    found, organization = find_test(request, pk)
    need(rules.can_score(request.user, found, organization))
    members = _members(organization)
    saved = results.best_scores([found]).get(found.pk, {})
    if request.method != "POST":
        name = _("%(title)s scores.xlsx") % {"title": found.title}
        return workbook(name, knowledge_sheets.score_sheet(found, members, saved))
    form, faults, unreadable, read = SheetForm(request.POST, request.FILES), [], "", {}
    if form.is_valid():
        try:
            read, sheet = knowledge_sheets.read_scores(form.cleaned_data["file"], members)
            faults = sheet.faults
        except sheets.SheetUnreadable as error:
            unreadable = str(error)
    else:
        unreadable = _("Choose the workbook first.")
    shown = saved if faults or unreadable else saved | read
    rows = [{"member": m, "value": _shown(shown.get(m.pk)), "faulty": False} for m in members]
    more = {"rows": rows, "faults": faults, "unreadable": unreadable, "from_sheet": len(read)}
    return _scores_page(request, found, organization, **more)
