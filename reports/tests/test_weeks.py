"""Deadlines and the status of a week: every moment maps to one status."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.playbook import load_file
from reports import weeks
from reports.weeks import Span, Status

SHANGHAI = ZoneInfo("Asia/Shanghai")


def rule_of(playbook, key):
    return next(rule for rule in load_file(playbook).reports if rule.key == key)


FRIDAY = rule_of("yibin-city", "weekly_report")
BRIEFS = rule_of("yibin-city", "brief")
ANY_DAY = rule_of("xingwen-county", "brief")
THURSDAY_NOON = rule_of("xingwen-county", "supervision_report")
RULES = st.sampled_from([FRIDAY, BRIEFS, ANY_DAY, THURSDAY_NOON])
MONDAY = dt.date(2026, 3, 30)
mondays = st.integers(0, 700).map(lambda n: dt.date(2020, 1, 6) + dt.timedelta(weeks=n))
moments = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2033, 1, 1), timezones=st.just(SHANGHAI))


def at(*parts):
    return dt.datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("rule", "due"),
    [
        (FRIDAY, at(2026, 4, 3, 23, 59)),  # every Friday, no time named: the end of the day
        (ANY_DAY, at(2026, 4, 5, 23, 59)),  # no day named: the end of the week
        (THURSDAY_NOON, at(2026, 4, 2, 12, 0)),
    ],
)
def test_the_playbook_says_when_it_is_due(rule, due):
    assert weeks.regular_due(rule, MONDAY) == due
    assert weeks.regular_due(rule, MONDAY).tzinfo == SHANGHAI


def test_an_exception_goes_before_the_rule():
    moved = dt.datetime(2026, 4, 6, 2, 0, tzinfo=dt.UTC)
    assert weeks.due_at(FRIDAY, MONDAY, {MONDAY: moved}) == at(2026, 4, 6, 10, 0)
    assert weeks.due_at(FRIDAY, MONDAY, {MONDAY: None}) is None
    other = MONDAY + weeks.WEEK
    assert weeks.due_at(FRIDAY, MONDAY, {other: None}) == weeks.regular_due(FRIDAY, MONDAY)


def test_due_means_by_the_end_of_that_minute():
    due = at(2026, 4, 3, 18, 0)
    assert not weeks.is_late(at(2026, 4, 3, 18, 0, 59), due)
    assert weeks.is_late(at(2026, 4, 3, 18, 1, 0), due)


def test_weeks_are_counted_from_the_week_in_which_the_batch_started():
    start = dt.date(2026, 1, 14)  # a Wednesday
    assert weeks.number_of(dt.date(2026, 1, 12), start) == 1
    assert weeks.number_of(dt.date(2026, 3, 30), start) == 12
    assert weeks.weeks_between(start, dt.date(2026, 1, 26)) == [
        dt.date(2026, 1, 12),
        dt.date(2026, 1, 19),
        dt.date(2026, 1, 26),
    ]


@pytest.mark.parametrize(
    ("begun", "ended", "owed"),
    [
        (dt.date(2026, 4, 3), None, True),  # began on the Friday itself
        (dt.date(2026, 4, 4), None, False),  # the Friday was over
        (None, None, False),
        (dt.date(2026, 1, 1), dt.date(2026, 4, 2), False),
        (dt.date(2026, 1, 1), dt.date(2026, 4, 3), True),
    ],
)
def test_a_week_is_owed_if_its_day_lies_in_the_units_time(begun, ended, owed):
    assert weeks.is_owed(FRIDAY, MONDAY, Span(begun, ended)) is owed


def test_the_minimum_of_a_week_decides_with_the_last_one_that_was_needed():
    due = at(2026, 4, 5, 23, 59)
    early, late, now = at(2026, 4, 1, 9, 0), at(2026, 4, 6, 9, 0), at(2026, 4, 7, 9, 0)
    known = {"owed": True, "due": due, "need": weeks.needed(BRIEFS), "now": now}
    assert weeks.needed(BRIEFS) == 2
    assert weeks.status_of(sent=[early], **known) is Status.MISSING
    assert weeks.status_of(sent=[late, early], **known) is Status.LATE
    assert weeks.status_of(sent=[late, early, early], **known) is Status.ON_TIME


@given(
    rule=RULES, week=mondays, now=moments, sent=st.lists(moments, max_size=4), owed=st.booleans(), excused=st.booleans()
)
def test_every_moment_has_one_status(rule, week, now, sent, owed, excused):
    due = None if excused else weeks.regular_due(rule, week)
    need = weeks.needed(rule)
    status = weeks.status_of(owed=owed, due=due, sent=sent, need=need, now=now)
    enough = sorted(sent)[need - 1] if len(sent) >= need else None
    assert {
        Status.NOT_DUE: not owed,
        Status.EXCUSED: owed and excused,
        Status.ON_TIME: owed and not excused and enough is not None and not weeks.is_late(enough, due),
        Status.LATE: owed and not excused and enough is not None and weeks.is_late(enough, due),
        Status.MISSING: owed and not excused and enough is None and weeks.is_late(now, due),
        Status.WAITING: owed and not excused and enough is None and not weeks.is_late(now, due),
    } == {each: each is status for each in Status}


@given(rule=RULES, week=mondays)
def test_a_deadline_lies_in_its_week_and_the_minute_after_it_is_late(rule, week):
    due = weeks.regular_due(rule, week)
    assert weeks.week_of(due) == week
    assert not weeks.is_late(due + dt.timedelta(seconds=59), due)
    assert weeks.is_late(due + dt.timedelta(seconds=60), due)


@given(moment=moments)
def test_a_moment_lies_in_the_week_of_its_local_day(moment):
    week = weeks.week_of(moment.astimezone(dt.UTC))
    assert week.weekday() == 0
    assert dt.timedelta(0) <= moment.date() - week < weeks.WEEK
