"""Two at once on one supervision opinion or one visit: one write stands, one entry of history, the other is told."""

import pytest

from accounts.models import AuditEntry, User
from supervision.actions import opinions, visits
from supervision.models import Visit
from supervision.tests.factories import make_supervised_world
from supervision.tests.test_supervision_opinions import answered, given, kept, verdicts
from supervision.tests.test_visits import log_of, planned
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]
TIMES = 5


def entries(action, obj):
    return AuditEntry.objects.filter(action=action, object_id=str(obj.pk)).count()


def test_two_hand_the_answer_in_at_once():
    w = make_supervised_world()
    for _time in range(TIMES):
        opinion = given(w)
        for point in opinion.points.all():
            opinions.answer_point(by=w.c.secretary, point=point, done_on=point.opinion.given_at.date(), answer="已补。")

        def hand_in(opinion=opinion):
            opinions.hand_in(by=User.objects.get(pk=w.c.secretary.pk), opinion=kept(opinion))
            return "in"

        results = run_together(hand_in, hand_in)
        assert results.count("in") == 1, results
        assert sum(isinstance(r, opinions.OpinionRefused) for r in results) == 1, results
        assert entries(opinions.ANSWERED, opinion) == 1


def test_one_resolves_while_the_other_sends_back():
    w = make_supervised_world()
    for _time in range(TIMES):
        opinion = answered(w, given(w))

        def check(user, back, opinion=opinion):
            def job():
                by = User.objects.get(pk=user.pk)
                opinions.check_answer(by=by, opinion=kept(opinion), verdicts=verdicts(opinion, back))
                return back

            return job

        results = run_together(check(w.c.guide, ()), check(w.c.guide_2, (1,)))
        won = [r for r in results if isinstance(r, tuple)]
        assert len(won) == 1, results
        assert sum(isinstance(r, opinions.OpinionRefused) for r in results) == 1, results
        assert kept(opinion).state == ("given" if won[0] else "closed")
        assert opinion.points.filter(resolved_at=None).count() == len(won[0])
        assert entries(opinions.CLOSED, opinion) + entries(opinions.SENT_BACK, opinion) == 1


def test_one_writes_a_visit_down_while_the_other_calls_it_off():
    w = make_supervised_world()
    for _time in range(TIMES):
        visit = planned(w, days=0)

        def read(visit=visit):
            return Visit.objects.select_related("participation__batch__campaign__host", "organization").get(pk=visit.pk)

        def log():
            visits.log_visit(by=User.objects.get(pk=w.c.guide.pk), visit=read(), log=log_of())
            return "done"

        def call_off():
            visits.call_off(by=User.objects.get(pk=w.c.guide_2.pk), visit=read(), reason="改期")
            return "called_off"

        results = run_together(log, call_off)
        won = [r for r in results if isinstance(r, str)]
        assert len(won) == 1, results
        assert sum(isinstance(r, visits.VisitRefused) for r in results) == 1, results
        assert Visit.objects.get(pk=visit.pk).state == won[0]
        assert entries(visits.LOGGED, visit) + entries(visits.CALLED_OFF, visit) == 1
