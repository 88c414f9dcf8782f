"""The figures of the week that a bulletin prints, as they stood at the week's end."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.tests.factories import survey_round
from campaign import actions as campaign_actions
from campaign.models import Participation
from reports.queries import bulletin as queries
from reports.tests.bulletin_world import W2, W3, make_told_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(clock):
    return make_told_world(clock)


def test_the_figures_of_the_week_are_counted_from_the_records(w, clock):
    with clock.at(W2 + dt.timedelta(days=4)):
        campaign_actions.record_activity(
            by=w.c.archives,
            organization=w.t.archives,
            batch=w.batch,
            stage=w.playbook.stages[0].key,
            data=campaign_actions.ActivityData(
                title="集中学习", held_on=W2 + dt.timedelta(days=1), hours=Decimal(3), others_present=5
            ),
            present=w.t.members["Z001"],
        )
        survey_round(
            w, w.p.health, w.playbook.instruments[0], by=w.c.secretary, confirmed_by=w.c.office, valid=50, adverse=5
        )
    figures = queries.week_figures(w.batch, W2)
    groups = len(w.playbook.instruments[0].groups)
    assert (figures.activities, figures.sessions, figures.hours, figures.attendances) == (1, 1, 3, 8)
    assert (figures.surveys, figures.issued, figures.valid, figures.satisfied) == (
        1,
        50 * groups,
        50 * groups,
        45 * groups,
    )
    assert next((s.name, s.units) for s in figures.stages) == (w.playbook.stages[0].name.zh, 3)
    report = figures.reports[0]
    assert (report.owed, report.on_time, report.missing) == (3, 2, 1)
    assert figures.units == 3


def test_a_week_that_is_drafted_late_shows_the_stages_as_they_stood(w, clock):
    first, second = (stage.key for stage in w.playbook.stages[:2])
    campaign_actions.move_stage(
        by=w.c.office, participation=w.p.health, expected=first, target=second, on=W3 + dt.timedelta(days=1)
    )
    then = {s.name: s.units for s in queries.week_figures(w.batch, W2).stages}
    now = {s.name: (s.units, s.entered) for s in queries.week_figures(w.batch, W3).stages}
    names = [stage.name.zh for stage in w.playbook.stages[:2]]
    assert [then[name] for name in names] == [3, 0]
    assert [now[name] for name in names] == [(2, 0), (1, 1)]


def test_units_past_the_planned_end_are_counted_as_such(w):
    row = w.p.court.progress.get(state="current")
    row.planned_end = W2 + dt.timedelta(days=2)
    row.save()
    drafted = queries.drafted_figures(w.batch, W2)
    assert drafted["sentences"][-1] == "超过计划时间仍在原阶段的单位1个。"
    assert drafted["rows"][-1] == ["合计", "3", "100.0%", "0", "1"]


def test_a_draft_costs_the_same_queries_for_one_unit_and_for_three(w):
    def counted():
        with CaptureQueriesContext(connection) as captured:
            queries.drafted_figures(w.batch, W2)
            list(queries.candidates(w.batch, W2))
        return len(captured)

    three = counted()
    Participation.objects.exclude(pk=w.p.health.pk).delete()
    assert counted() == three
