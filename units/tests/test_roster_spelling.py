"""Dates in every spelling, and ID numbers, over the whole range of what can be written."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from units.roster.identity import birth_date_in, check_digit, id_fault, mask_id, mask_phone, sex_in
from units.roster.spelling import Day, NotADate, read_date, tidy_name, tidy_number

DAYS = st.dates(datetime.date(1906, 1, 10), datetime.date(2099, 12, 31))
FULL_WIDTH = {ord("0") + n: 0xFF10 + n for n in range(10)} | {ord("."): ord("．"), ord("-"): ord("－")}


def spellings(day: datetime.date) -> list[str]:
    y, m, d = day.year, day.month, day.day
    return [
        day.isoformat(),
        f"{y}-{m}-{d}",
        f"{y}.{m}.{d}",
        f"{y}.{m:02}.{d:02}",
        f"{y}/{m}/{d}",
        f"{y}年{m}月{d}日",
        f"{y} 年 {m:02} 月 {d:02} 日 ",
        f"{y}{m:02}{d:02}",
        f"{day.isoformat()} 00:00:00",
    ]


@given(day=DAYS, which=st.integers(0, 8), wide=st.booleans())
def test_every_spelling_of_a_day_gives_that_day(day: datetime.date, which: int, wide: bool) -> None:
    text = spellings(day)[which]

    assert read_date(text.translate(FULL_WIDTH) if wide else text) == Day(day)


@given(day=DAYS)
def test_a_date_without_a_day_is_the_first_of_its_month(day: datetime.date) -> None:
    y, m = day.year, day.month
    for text in (f"{y}.{m}", f"{y}.{m:02}", f"{y}-{m}", f"{y}/{m}", f"{y}年{m}月"):
        read = read_date(text)
        assert read == Day(day.replace(day=1), exact=False)
        assert (read.latest + datetime.timedelta(days=1)).day == 1
        assert (read.latest.year, read.latest.month) == (y, m)


@given(day=DAYS)
def test_excel_day_numbers_and_numbers_like_19750301_are_dates(day: datetime.date) -> None:
    assert read_date(float((day - datetime.date(1899, 12, 30)).days)) == Day(day)
    assert read_date(float(f"{day:%Y%m%d}")) == Day(day)


@given(st.text(max_size=20) | st.floats() | st.integers())
def test_reading_a_date_never_fails(cell: str | float) -> None:
    read = read_date(cell)

    assert read is None or isinstance(read, Day | NotADate)
    if isinstance(read, Day):
        assert 1900 <= read.date.year <= 2100


@pytest.mark.parametrize(
    "text", ["197503", "75.3.1", "1975.3.1.", "1975年3", "1975-3.1", "三月", "2001-02-29", "27454"]
)
def test_what_could_mean_several_days_is_not_guessed(text: str) -> None:
    assert isinstance(read_date(text), NotADate)


@pytest.mark.parametrize(("number", "reason"), [(1975.1, "ambiguous"), (1975.0, "year_only"), (1e300, ""), (-1.0, "")])
def test_numbers_that_are_no_date(number: float, reason: str) -> None:
    assert read_date(number) == NotADate(reason)


FIRST17 = st.builds(
    "{}{:%Y%m%d}{:03}".format,
    st.integers(999_001, 999_999),
    st.dates(datetime.date(1900, 1, 1), datetime.date(2026, 12, 31)),
    st.integers(0, 999),
)


@given(FIRST17)
def test_a_sound_number_is_accepted_and_tells_its_birth_date_and_sex(first17: str) -> None:
    number = first17 + check_digit(first17)

    assert id_fault(number) is None
    assert birth_date_in(number) == datetime.datetime.strptime(number[6:14], "%Y%m%d").date()
    assert sex_in(number) == ("male" if number[16] in "13579" else "female")


@given(FIRST17, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(first17: str, at: int, by: int) -> None:
    number = first17 + check_digit(first17)
    digit = "0" if number[at] == "X" else str((int(number[at]) + by) % 10)

    assert id_fault(number[:at] + digit + number[at + 1 :]) == ("id_checksum", "")


@given(FIRST17, st.integers(0, 16))
def test_two_neighbours_exchanged_are_always_noticed(first17: str, at: int) -> None:
    number = first17 + check_digit(first17)
    swapped = number[:at] + number[at + 1] + number[at] + number[at + 2 :]

    assert swapped == number or id_fault(swapped) is not None


def test_a_number_of_the_standard_itself() -> None:
    """The worked example of GB 11643-1999."""
    assert check_digit("11010519491231002") == "X"


@given(st.text("0123456789X", min_size=1, max_size=30))
def test_a_masked_number_keeps_its_length_and_hides_its_middle(number: str) -> None:
    for masked, shown in ((mask_id(number), 8), (mask_phone(number), 7)):
        assert len(masked) == len(number)
        assert masked.count("*") >= min(len(number), max(len(number) - shown, 1))


@given(st.text(max_size=30))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    assert tidy_name(tidy_name(text)) == tidy_name(text)
    assert tidy_number(tidy_number(text)) == tidy_number(text)
