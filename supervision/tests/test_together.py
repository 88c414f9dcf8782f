"""Two at once, in real transactions: one word stands, one entry of history, and the slower one is told who."""

import pytest

from accounts.models import AuditEntry, User
from supervision import actions
from supervision.models import Decision, Transition
from supervision.tests.factories import applied, make_supervised_world
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]
TIMES = 20


def decider(pk, user, body, verdict):
    def job():
        by = User.objects.get(pk=user.pk)
        parts = {"situation": "不行。"} if verdict == "return" else {}
        ruling = actions.Ruling(verdict=verdict, parts=parts)
        return actions.decide(by=by, transition=Transition.objects.get(pk=pk), body=body, ruling=ruling)

    return job


def test_two_of_one_body_at_once():
    w = make_supervised_world()
    for _time in range(TIMES):
        row = applied(w)
        results = run_together(
            decider(row.pk, w.c.guide, "supervision", "return"), decider(row.pk, w.c.guide_2, "supervision", "return")
        )
        lost = [r for r in results if isinstance(r, actions.AlreadyDecided)]
        won = [r for r in results if isinstance(r, Decision)]
        assert (len(won), len(lost)) == (1, 1), results
        assert str(won[0].by) in str(lost[0])
        assert Decision.objects.filter(transition=row).count() == 1
        said = AuditEntry.objects.filter(object_id=str(row.pk), action="transition.returned")
        assert said.count() == 1
        assert Transition.objects.get(pk=row.pk).state == "returned"


def test_two_bodies_agreeing_at_once_leave_it_approved():
    w = make_supervised_world()
    for _time in range(TIMES // 4):
        row = applied(w)
        results = run_together(
            decider(row.pk, w.c.guide, "supervision", "agree"), decider(row.pk, w.c.office, "office", "agree")
        )
        assert all(isinstance(r, Decision) for r in results), results
        assert Transition.objects.get(pk=row.pk).state == "approved"
        Transition.objects.filter(pk=row.pk).update(state="withdrawn")


def test_one_agrees_while_the_other_returns():
    w = make_supervised_world()
    for _time in range(TIMES // 4):
        row = applied(w)
        results = run_together(
            decider(row.pk, w.c.guide, "supervision", "agree"), decider(row.pk, w.c.office, "office", "return")
        )
        state = Transition.objects.get(pk=row.pk).state
        assert state == "returned", results
        spoken = Decision.objects.filter(transition=row).count()
        assert spoken == sum(isinstance(r, Decision) for r in results)


def test_two_applications_at_once():
    w = make_supervised_world()
    second = User.objects.get(pk=w.c.secretary.pk)
    results = run_together(lambda: applied(w), lambda: applied(w, by=second))
    assert sum(isinstance(r, Transition) for r in results) == 1, results
    assert sum(isinstance(r, actions.TransitionRefused) for r in results) == 1, results
    assert Transition.objects.count() == 1
