"""A member takes a knowledge test on the phone: pages of questions, time by the server's clock, the result (E-36)."""

from __future__ import annotations

import math
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from assessments.actions import knowledge as actions
from assessments.knowledge_sheets import LETTERS
from assessments.models import DrawnQuestion, KnowledgeTest, TestAttempt
from units.models import Member

PER_PAGE = 5


def own_member(request: HttpRequest) -> Member:
    """The member that the user is. Raises Http404: without one there is nothing of one's own."""
    member = getattr(request.user, "member", None)
    if member is None or member.left_on is not None:
        raise Http404
    return member


def exams(request: HttpRequest) -> HttpResponse:
    """The tests that are open to me, what I have taken, with what result."""
    member = own_member(request)
    now = clock.now()
    found = KnowledgeTest.objects.taken_by(member).filter(batch__closed_on=None).select_related("organization")
    mine: dict[int, list[TestAttempt]] = {}
    for attempt in TestAttempt.objects.filter(member=member, test__in=found).order_by("number"):
        mine.setdefault(attempt.test_id, []).append(attempt)
    rows = [_row(test, mine.get(test.pk, []), now) for test in found]
    context = {
        "member": member,
        "rows": rows,
        "crumbs": [(_("My record of the campaign"), reverse("home")), (_("My knowledge tests"), "")],
    }
    return render(request, "assessments/knowledge/exams.html", context)


def _row(test: KnowledgeTest, attempts: list[TestAttempt], now: Any) -> dict[str, Any]:
    under_way = next((a for a in attempts if a.takes_answers(now)), None)
    over = [a for a in attempts if a is not under_way]
    best = max((a.score for a in over if a.score is not None), default=None)
    left = test.attempts_allowed - len(attempts)
    return {
        "test": test,
        "attempts": over,
        "under_way": under_way,
        "best": best,
        "passed": test.passes(best),
        "left": left,
        "may_begin": under_way is not None or (test.is_open(now) and left > 0),
        "to_come": now < test.opens_at,
    }


def exam(request: HttpRequest, pk: int) -> HttpResponse:
    """What awaits me, before the clock starts; POST starts it, or leads back into an attempt under way."""
    member = own_member(request)
    test = get_object_or_404(KnowledgeTest.objects.taken_by(member).select_related("organization"), pk=pk)
    attempts = list(TestAttempt.objects.filter(member=member, test=test).order_by("number"))
    if request.method == "POST":
        try:
            attempt = actions.begin_attempt(by=request.user, test=test, member=member)
        except actions.TestClosed:
            messages.error(request, _("The test is not open now."))
        except actions.NoAttemptsLeft:
            messages.error(request, _("You have no attempt left."))
        except actions.TooFewQuestions:
            messages.error(request, _("The bank has too few questions now. Tell those who set the test."))
        else:
            return redirect("assessments:exam_page", attempt.pk)
        return redirect("assessments:exams")
    context = _row(test, attempts, clock.now()) | {
        "crumbs": [(_("My knowledge tests"), reverse("assessments:exams")), (test.title, "")]
    }
    return render(request, "assessments/knowledge/exam.html", context)


def _own_attempt(request: HttpRequest, pk: int) -> TestAttempt:
    mine = TestAttempt.objects.filter(member=own_member(request)).select_related("test", "member__organization")
    return get_object_or_404(mine, pk=pk)


def exam_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Five questions a page. Each way on saves them; nothing is taken after the limit."""
    attempt = _own_attempt(request, pk)
    pages = math.ceil(attempt.drawn.count() / PER_PAGE)
    if request.method == "POST":
        return _take(request, attempt, pages)
    if not attempt.takes_answers(clock.now()):
        return redirect("assessments:exam_result", attempt.pk)
    number = _number(request.GET.get("page", ""), pages)
    drawn = list(attempt.drawn.all())
    context = {
        "attempt": attempt,
        "test": attempt.test,
        "rows": [_shown(q) for q in drawn[(number - 1) * PER_PAGE : number * PER_PAGE]],
        "number": number,
        "pages": range(1, pages + 1),
        "last": number == pages,
        "answered": sum(bool(q.chosen) for q in drawn),
        "size": len(drawn),
        "open_numbers": [q.position for q in drawn if not q.chosen],
        "seconds": attempt.seconds_left(clock.now()),
    }
    return render(request, "assessments/knowledge/exam_page.html", context)


def _number(raw: str, pages: int) -> int:
    return min(max(int(raw), 1), pages) if raw.isdecimal() and len(raw) < 5 else 1


def _shown(question: DrawnQuestion) -> dict[str, Any]:
    if question.kind == "boolean":
        options = [("T", _("Right")), ("F", _("Wrong"))]
    else:
        options = list(zip(LETTERS, question.options, strict=False))
    return {
        "question": question,
        "several": question.kind == "multiple",
        "options": [(key, text, key in question.chosen) for key, text in options],
    }


def _sent(request: HttpRequest, attempt: TestAttempt) -> dict[int, str]:
    """Answers of the questions that the page showed; a multiple choice with nothing ticked is an empty one."""
    shown = {int(raw) for raw in request.POST.getlist("shown") if raw.isdecimal() and len(raw) < 5}
    found = {}
    for question in attempt.drawn.filter(position__in=shown):
        allowed = "TF" if question.kind == "boolean" else LETTERS[: len(question.options)]
        ticked = {key for key in request.POST.getlist(f"q-{question.position}") if len(key) == 1 and key in allowed}
        if question.kind == "multiple" or len(ticked) <= 1:
            found[question.position] = "".join(sorted(ticked))
    return found


def _take(request: HttpRequest, attempt: TestAttempt, pages: int) -> HttpResponse:
    chosen, goto = _sent(request, attempt), request.POST.get("goto", "")
    try:
        if goto == "end":
            actions.hand_in(by=request.user, attempt=attempt, chosen=chosen)
            return redirect("assessments:exam_result", attempt.pk)
        actions.save_answers(attempt=attempt, by=request.user, chosen=chosen)
    except actions.TooLate:
        messages.error(request, _("The time is up, or it was handed in already: what was saved by then counts."))
        return redirect("assessments:exam_result", attempt.pk)
    if getattr(request, "htmx", False):
        return HttpResponse(status=204)
    return redirect(f"{reverse('assessments:exam_page', args=[attempt.pk])}?page={_number(goto, pages)}")


def exam_result(request: HttpRequest, pk: int) -> HttpResponse:
    """The score, and the questions answered wrong with the right answer; while it runs, back to the questions."""
    attempt = _own_attempt(request, pk)
    if attempt.takes_answers(clock.now()):
        return redirect("assessments:exam_page", attempt.pk)
    drawn = list(attempt.drawn.all())
    listed = (_("My knowledge tests"), reverse("assessments:exams"))
    context = {
        "attempt": attempt,
        "test": attempt.test,
        "passed": attempt.test.passes(attempt.score),
        "size": len(drawn),
        "wrong": [_explained(q) for q in drawn if not q.correct],
        "crumbs": [listed, (attempt.test.title, "")],
    }
    return render(request, "assessments/knowledge/exam_result.html", context)


def _explained(question: DrawnQuestion) -> dict[str, Any]:
    def words(keys: str) -> str:
        if question.kind == "boolean":
            return {"T": _("Right"), "F": _("Wrong")}.get(keys, "")
        texts = dict(zip(LETTERS, question.options, strict=False))
        return " ".join(f"{key}. {texts.get(key, '')}" for key in keys)

    return {"question": question, "chosen": words(question.chosen), "answer": words(question.answer)}
