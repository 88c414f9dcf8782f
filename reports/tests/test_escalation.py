"""Late reports are told to the superior organisation once, caught up after a missed run, and never of soft ones."""

import copy
import datetime as dt

import pytest
from django.conf import settings

from accounts.models import AuditEntry, Notification
from campaign.models import Campaign
from campaign.rectification import superiors
from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import deadlines, escalation
from reports.models import ReportReminder
from reports.tasks import escalate_late_reports
from reports.tests.factories import send, unit_rule

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 16)
W1, W2 = START, START + weeks.WEEK
SUPERIOR = ReportReminder.Kind.SUPERIOR


@pytest.fixture
def w(clock):
    clock.hold(2026, 3, 18, 10)
    return make_world(start=START)


@pytest.fixture
def run(django_capture_on_commit_callbacks):
    def go():
        with django_capture_on_commit_callbacks(execute=True):
            return escalation.escalate_late()

    return go


def noted():
    return ReportReminder.objects.filter(kind=SUPERIOR)


def test_after_the_days_of_the_playbook_the_superior_is_told_once(w, clock, run):
    rule, units = unit_rule(w), 3
    due = weeks.regular_due(rule, W1)
    clock.hold(due.year, due.month, due.day + rule.escalation_days - 1, 12)
    assert run() == 0
    clock.hold(due.year, due.month, due.day + rule.escalation_days + 1, 0, 30)
    found = escalation.late_reports(w.batch, rule)
    assert {late.week for late in found} == {W1}
    assert len(found) == units
    assert run() == units == noted().count()
    told = Notification.objects.filter(message__startswith="%(report)s: %(n)s not sent")
    for user in superiors(w.t.health):
        assert w.p.health.label in [unit for note in told.filter(user=user) for unit in note.params["units"]]
    before = told.count()
    assert run() == 0
    assert told.count() == before
    assert AuditEntry.objects.filter(action=escalation.ESCALATED).count() == units


def test_one_line_to_each_superior_however_many_units_and_weeks(w, clock, run):
    clock.hold(2026, 4, 10, 10)
    run()
    told = Notification.objects.filter(message__startswith="%(report)s: %(n)s not sent")
    parents = {late.unit.organization.parent_id for late in escalation.late_reports(w.batch, unit_rule(w))}
    people = sum(len({user.pk for user in superiors(w.t.health)}) for _parent in parents)
    assert 0 < told.count() <= people
    assert noted().values("week").distinct().count() > 1


def test_what_came_late_was_excused_or_is_soft_is_not_told(w, clock, run):
    rule = unit_rule(w)
    clock.hold(2026, 3, 21, 9)
    send(w.p.health, rule, w.c.secretary, week=W1)
    deadlines.grant_exception(
        by=w.c.general, reporters=[w.p.archives], rule=rule, weeks=[W1], due_at=None, reason="抗旱"
    )
    clock.hold(2026, 3, 26, 9)
    run()
    assert set(noted().values_list("participation", "rule")) == {(w.p.court.pk, rule.key)}
    assert unit_rule(w, "brief").soft


def test_the_playbook_sets_the_days_and_else_they_are_ours(w, clock, run):
    rule = unit_rule(w)
    assert (rule.escalation_days, rule.escalation_default) == (3, True)
    snapshot = copy.deepcopy(w.batch.campaign.snapshot)
    snapshot["reports"][0]["escalation_days"] = 10
    Campaign.objects.filter(pk=w.batch.campaign_id).update(snapshot=snapshot)
    clock.hold(2026, 3, 26, 9)
    assert run() == 0
    clock.hold(2026, 4, 1, 9)
    assert run() == 3


def test_a_moved_deadline_is_told_again_when_it_passes_too(w, clock, run):
    rule = unit_rule(w)
    clock.hold(2026, 3, 26, 9)
    run()
    moved = dt.datetime(2026, 3, 27, 18, tzinfo=weeks.ZONE)
    deadlines.grant_exception(
        by=w.c.general, reporters=[w.p.health], rule=rule, weeks=[W1], due_at=moved, reason="补报"
    )
    clock.hold(2026, 3, 30, 12)
    assert run() == 0
    clock.hold(2026, 3, 31, 9)
    run()
    assert noted().filter(participation=w.p.health, week=W1).count() == 2


def test_the_clock_does_it(w, clock):
    clock.hold(2026, 3, 26, 9)
    assert escalate_late_reports() == 3 == noted().count()
    task = "reports.tasks.escalate_late_reports"
    assert task in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
