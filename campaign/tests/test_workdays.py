"""Working time: the notices, the corrections, and years that nobody knows yet (E-05)."""

import datetime as dt
from decimal import Decimal

import pytest

from campaign import workdays
from campaign.workdays import falls_in_working_hours, is_offhours, is_provisional, is_workday

NINE, NOON, EVENING = dt.time(9), dt.time(12, 30), dt.time(19)
WEDNESDAY, SUNDAY = dt.date(2026, 4, 1), dt.date(2026, 4, 12)


@pytest.fixture
def corrected(monkeypatch):
    table = workdays.corrections()
    fresh = workdays.Corrections(frozenset({dt.date(2027, 2, 8)}), frozenset({dt.date(2027, 2, 6)}), table.hours)
    monkeypatch.setattr(workdays, "corrections", lambda: fresh)


def test_weekends_and_holidays_are_free_and_exchanged_sundays_are_not():
    assert not is_workday(SUNDAY) and is_workday(WEDNESDAY)
    assert not is_workday(dt.date(2026, 10, 1))
    assert is_workday(dt.date(2005, 2, 5))  # a Saturday worked for the Spring Festival


def test_a_year_without_a_notice_goes_by_the_week_and_says_so():
    assert is_workday(dt.date(2027, 3, 1)) and not is_workday(dt.date(2027, 3, 6))
    assert is_provisional(dt.date(2027, 3, 1)) and not is_provisional(WEDNESDAY)


@pytest.mark.usefixtures("corrected")
def test_corrections_come_first_and_are_certain():
    assert not is_workday(dt.date(2027, 2, 8)) and is_workday(dt.date(2027, 2, 6))
    assert not is_provisional(dt.date(2027, 2, 8))


@pytest.mark.parametrize(
    ("day", "time", "off"),
    [(WEDNESDAY, NINE, False), (WEDNESDAY, EVENING, True), (WEDNESDAY, NOON, True), (SUNDAY, NINE, True)],
)
def test_off_hours(day, time, off):
    assert is_offhours(day, time) is off


def test_a_working_day_without_a_time_is_not_known_to_be_free():
    assert not is_offhours(WEDNESDAY, None) and is_offhours(SUNDAY, None)


def test_a_session_that_runs_into_working_hours_takes_them():
    assert falls_in_working_hours(WEDNESDAY, dt.time(7), Decimal(6))
    assert not falls_in_working_hours(WEDNESDAY, EVENING, Decimal(3))
    assert not falls_in_working_hours(SUNDAY, NINE, Decimal(6))
