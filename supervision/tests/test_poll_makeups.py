"""Make-ups after a survey: two who order at once leave one order for each unit, and a new round calls for its own."""

import datetime as dt

import pytest

from accounts import clock
from accounts.models import AuditEntry, User
from assessments.models import Survey
from assessments.tests.factories import survey_round
from campaign.tests.factories import make_world
from supervision.actions import poll_makeups
from supervision.models import MakeUpOrder
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

TIMES = 5


def failed(w, participation):
    instrument = w.playbook.instrument("stage2")
    return survey_round(w, participation, instrument, by=w.c.supervisor, confirmed_by=w.c.office, valid=50, adverse=40)


def order(by, surveys):
    due_on = clock.today() + dt.timedelta(days=7)
    rounds = Survey.objects.filter(pk__in=surveys).select_related(
        "participation__organization", "participation__batch__campaign"
    )
    return poll_makeups.order_after_surveys(by=User.objects.get(pk=by), surveys=list(rounds), due_on=due_on)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_a_file")
def test_two_who_order_at_once_leave_one_order_for_each_unit():
    w = make_world()
    surveys = [failed(w, w.p.health).pk, failed(w, w.p.court).pk]
    Survey.objects.update(confirmed_at=clock.now() - dt.timedelta(days=30))  # other threads have the real clock
    office, general = w.c.office.pk, w.c.general.pk
    for _time in range(TIMES):
        MakeUpOrder.objects.all().delete()
        results = run_together(lambda: order(office, surveys), lambda: order(general, surveys[::-1]))
        assert sorted(len(made) for made in results) == [0, 2], results
        assert MakeUpOrder.objects.count() == 2


@pytest.mark.django_db
def test_a_new_round_that_fails_again_calls_for_an_order_of_its_own():
    w = make_world()
    first = failed(w, w.p.health)
    assert len(order(w.c.office.pk, [first.pk])) == 1 and not order(w.c.office.pk, [first.pk])
    MakeUpOrder.objects.update(ordered_at=clock.now() - dt.timedelta(days=3))
    Survey.objects.filter(pk=first.pk).update(confirmed_at=clock.now() - dt.timedelta(days=4))
    second = failed(w, w.p.health)
    assert len(order(w.c.office.pk, [second.pk])) == 1
    assert AuditEntry.objects.filter(action="makeup.ordered").count() == 2
