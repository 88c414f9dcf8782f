"""The roster reader on the sample workbooks and on small ones: sheets, headers, spellings, references."""

from __future__ import annotations

import datetime
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from units.roster.read import read_roster
from units.roster.records import Known, RosterReading, RosterUnreadable
from units.roster.vocabulary import EDUCATIONS, ETHNICITIES
from units.tests.roster_books import (
    MEMBER_LABELS,
    ORGANIZATION_ROWS,
    TODAY,
    add_sheet,
    id_number,
    member,
    write_book,
)

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
THEN = datetime.date(2005, 1, 25)


@pytest.mark.parametrize("today", [THEN, TODAY])
def test_the_clean_county_is_accepted_then_and_now(today: datetime.date) -> None:
    reading = read_roster(SAMPLES / "county-roster.xlsx", today=today)

    assert reading.accepted
    assert (len(reading.organizations), len(reading.units), len(reading.members)) == (117, 56, 1359)
    assert reading.as_of == THEN
    assert not reading.normalised
    assert not reading.unknown_columns
    assert not reading.held_rows
    assert [sheet.header_row for sheet in reading.sheets] == [3, 3, 3]
    assert [sheet.rows for sheet in reading.sheets] == [117, 56, 1359]


def test_the_clean_county_has_the_composition_of_its_source() -> None:
    members = read_roster(SAMPLES / "county-roster.xlsx", today=TODAY).members

    assert Counter(each.post_level for each in members) == {"leader": 514, "staff": 627, "worker": 218}
    schooling = Counter(EDUCATIONS.level(each.education) for each in members)
    assert schooling == {"college": 736, "secondary": 342, "junior": 281}
    assert sum(bool(each.retired) for each in members) == 330
    assert sum(each.birth_date > datetime.date(1945, 1, 25) for each in members) == 1075


def test_the_messy_county_gives_the_same_rows_as_the_clean_one() -> None:
    clean = read_roster(SAMPLES / "county-roster.xlsx", today=TODAY)
    messy = read_roster(SAMPLES / "county-roster-messy.xlsx", today=TODAY)

    assert messy.accepted
    assert messy.members == clean.members
    assert messy.organizations == clean.organizations
    assert messy.units == clean.units
    assert messy.normalised_counts == {"date_spelling": 60, "spaces": 40, "full_width": 20, "small_x": 3}


@pytest.mark.parametrize("today", [THEN, TODAY])
def test_the_faulty_county_has_exactly_its_faults(today: datetime.date) -> None:
    expected = json.loads((SAMPLES / "county-roster-faulty.expected.json").read_text("utf-8"))

    reading = read_roster(SAMPLES / "county-roster-faulty.xlsx", today=today)

    wanted = sorted((e["sheet"], e["row"], e["column"], e["cell"], e["kind"], e["value"]) for e in expected)
    got = sorted((f.sheet, f.row, f.column, f.cell, f.code, f.value) for f in reading.faults)
    assert got == wanted
    assert len(reading.faulty_rows) == 39
    assert len(reading.members) == 1359 - 39
    assert not reading.held_rows


def test_the_county_of_2026_is_accepted() -> None:
    reading = read_roster(SAMPLES / "county-roster-2026.xlsx", today=TODAY)

    assert reading.accepted
    assert len(reading.members) == 1359
    assert reading.as_of == datetime.date(2026, 10, 12)


def test_a_reading_survives_json() -> None:
    reading = read_roster(SAMPLES / "county-roster-faulty.xlsx", today=TODAY)

    again = RosterReading.from_json(reading.to_json())

    assert again == reading
    assert [fault.message for fault in again.faults] == [fault.message for fault in reading.faults]
    assert RosterReading.from_json(RosterReading().to_json()) == RosterReading()


def test_every_field_of_a_row_is_typed(tmp_path: Path) -> None:
    row = member(是否为失联党员="是", 失去联系日期="2024.2", 有无书写能力="无", 备注=" 甲  乙 ")

    reading = read_roster(write_book(tmp_path / "a.xlsx", [row]), today=TODAY)

    (only,) = reading.members
    assert reading.accepted
    assert (only.sheet, only.row, only.name) == ("党员基本信息汇总表", 4, "郝建军")
    assert (only.sex, only.ethnicity, only.education, only.category) == ("male", "汉族", "bachelor", "full")
    assert (only.birth_date, only.joined_on) == (datetime.date(1975, 3, 1), datetime.date(1996, 5, 4))
    assert (only.lost_contact, only.lost_since) == (True, datetime.date(2024, 2, 1))
    assert (only.floating, only.can_write, only.retired) == (False, False, False)
    assert (only.membership_state, only.post_level, only.note) == ("normal", "staff", "甲 乙")
    assert reading.organizations[1].unit_names == ("县教育局",)
    assert [unit.staff_count for unit in reading.units] == [40, None]
    assert [o.kind for o in reading.organizations] == ["county_committee", "committee", "branch", "branch"]


def test_columns_may_stand_in_any_order_with_blanks_in_their_headings(tmp_path: Path) -> None:
    labels = [*MEMBER_LABELS, "血型"]
    random.Random(7).shuffle(labels)
    book = load_workbook(write_book(tmp_path / "a.xlsx", [member(), member(2)], labels=labels))
    sheet = book["党员基本信息汇总表"]
    for cell in sheet[3]:
        cell.value = f" {cell.value[:2]}\n{cell.value[2:]}　"
    book.save(tmp_path / "b.xlsx")

    shuffled = read_roster(tmp_path / "b.xlsx", today=TODAY)
    plain = read_roster(write_book(tmp_path / "c.xlsx", [member(), member(2)]), today=TODAY)

    assert shuffled.accepted
    assert shuffled.members == plain.members
    assert [column.column for column in shuffled.unknown_columns] == ["血型"]


def test_the_header_row_may_stand_anywhere_near_the_top(tmp_path: Path) -> None:
    book = load_workbook(write_book(tmp_path / "a.xlsx", [member()]))
    book["党员基本信息汇总表"].insert_rows(1, amount=9)
    book.save(tmp_path / "b.xlsx")

    reading = read_roster(tmp_path / "b.xlsx", today=TODAY)

    assert reading.accepted
    assert [(sheet.kind, sheet.header_row) for sheet in reading.sheets][-1] == ("member", 12)
    assert reading.members[0].row == 13


def test_an_office_may_send_its_members_alone_on_sheets_of_its_own_names(tmp_path: Path) -> None:
    book = Workbook()
    book.active.title = "说明"
    book.active.append(["请各支部填写"])
    for serial, title in enumerate(["县第一小学", "县第二中学"], 1):
        rows = [[member(serial)[label] for label in MEMBER_LABELS]]
        add_sheet(book, title, MEMBER_LABELS, rows)
    book.save(tmp_path / "a.xlsx")
    known = Known(branches=frozenset({"县第一小学党支部"}), units=frozenset({"县教育局"}))

    reading = read_roster(tmp_path / "a.xlsx", today=TODAY, known=known)

    assert reading.accepted
    assert [row.sheet for row in reading.members] == ["县第一小学", "县第二中学"]
    assert reading.ignored_sheets == ("说明",)
    assert not reading.organizations


def test_an_absent_column_states_nothing(tmp_path: Path) -> None:
    labels = [label for label in MEMBER_LABELS if label not in {"是否离退休", "手机号", "有无书写能力"}]

    reading = read_roster(write_book(tmp_path / "a.xlsx", [member()], labels=labels), today=TODAY)

    assert reading.accepted
    assert (reading.members[0].retired, reading.members[0].phone, reading.members[0].can_write) == (None, "", None)
    assert {"retired", "phone", "can_write"}.isdisjoint(reading.fields_of("member"))
    assert {"name", "note"} <= reading.fields_of("member")


def test_blank_numbered_lines_footers_totals_and_repeated_headers_are_no_rows(tmp_path: Path) -> None:
    book = load_workbook(write_book(tmp_path / "a.xlsx", [member(), member(2)]))
    sheet = book["党员基本信息汇总表"]
    sheet.append([3])
    sheet.append(MEMBER_LABELS)
    sheet.append(["合  计", "3人"])
    sheet.append(["", "", "填表说明：一式两份"])
    book.save(tmp_path / "b.xlsx")

    reading = read_roster(tmp_path / "b.xlsx", today=TODAY)

    assert reading.accepted
    assert len(reading.members) == 2
    assert [(total.printed, total.counted) for total in reading.totals] == [(3, 2)]


def test_a_merged_cell_speaks_for_all_its_rows(tmp_path: Path) -> None:
    rows = [member(1), member(2, 所在党支部=""), member(3, 所在党支部="")]
    book = load_workbook(write_book(tmp_path / "a.xlsx", rows))
    book["党员基本信息汇总表"].merge_cells("C4:C6")
    book.save(tmp_path / "b.xlsx")

    reading = read_roster(tmp_path / "b.xlsx", today=TODAY)

    assert reading.accepted
    assert {row.branch_name for row in reading.members} == {"县第一小学党支部"}


@pytest.mark.parametrize(
    ("label", "written", "field", "read", "kind"),
    [
        ("姓名", "郝　建 军 ", "name", "郝建军", "spaces"),
        ("姓名", "\u200b郝建军\u00a0", "name", "郝建军", "spaces"),
        ("姓名", "Anna  Maria", "name", "Anna Maria", "spaces"),
        ("所在党支部", "县第一小学\n党支部", "branch_name", "县第一小学党支部", "spaces"),
        ("手机号", "１３８０００００００１", "phone", "13800000001", "full_width"),
        ("手机号", "138 0000 0001", "phone", "13800000001", "spaces"),
        ("家庭住址", "北街１６号", "address", "北街16号", "full_width"),
        ("备注", "占５％", "note", "占5%", "full_width"),
        ("出生日期", "１９７５．３．１", "birth_date", datetime.date(1975, 3, 1), "date_spelling"),
        ("出生日期", "1975 年 3 月 1 日", "birth_date", datetime.date(1975, 3, 1), "date_spelling"),
        ("出生日期", 27454, "birth_date", datetime.date(1975, 3, 1), "date_spelling"),
        ("出生日期", 19750301, "birth_date", datetime.date(1975, 3, 1), "date_spelling"),
        ("出生日期", 1975.3, "birth_date", datetime.date(1975, 3, 1), "date_spelling"),
        ("性别", "男 ", "sex", "male", "spaces"),
    ],
)
def test_spellings_are_brought_to_one_form_and_counted(
    tmp_path: Path, label: str, written: Any, field: str, read: Any, kind: str
) -> None:
    reading = read_roster(write_book(tmp_path / "a.xlsx", [member(**{label: written})]), today=TODAY)

    assert [fault.code for fault in reading.faults] == []
    assert getattr(reading.members[0], field) == read
    (change,) = reading.normalised
    assert (change.kind, change.column, change.row) == (kind, label, 4)


def test_a_small_x_is_made_large(tmp_path: Path) -> None:
    number = next(n for n in (id_number(serial=s) for s in range(100)) if n.endswith("X"))
    row = member(公民身份证号=number.lower().replace("9", "９", 1))
    rows = [member(公民身份证号=number.lower()), row | {"公民身份证号": id_number(serial=99)}]

    reading = read_roster(write_book(tmp_path / "a.xlsx", rows), today=TODAY)

    assert reading.accepted
    assert reading.members[0].id_number == number
    (change,) = reading.normalised
    assert change.kind == "small_x"
    assert (change.shown_before, change.shown_after) == ("…" + number[-4:].lower(), "…" + number[-4:])


def test_what_needs_no_new_spelling_is_not_counted(tmp_path: Path) -> None:
    row = member(手机号=13800000001, 出生日期="1975-03-01", 家庭住址="北街（旧）1号", 备注="a b")

    reading = read_roster(write_book(tmp_path / "a.xlsx", [row]), today=TODAY)

    assert reading.accepted
    assert not reading.normalised
    assert reading.members[0].phone == "13800000001"
    assert reading.members[0].address == "北街（旧）1号"


def test_an_organisation_can_cover_several_work_units(tmp_path: Path) -> None:
    rows = [*ORGANIZATION_ROWS[:2], [3, "Z01", "县第一小学党支部", "党支部", "县教育局党委", "县教育局、 县文化馆"]]

    reading = read_roster(write_book(tmp_path / "a.xlsx", [member()], organizations=rows), today=TODAY)

    assert reading.accepted
    assert reading.organizations[2].unit_names == ("县教育局", "县文化馆")
    assert reading.organizations[2].unit_name == "县教育局、县文化馆"


def test_a_work_unit_whose_name_holds_a_separator_stays_one(tmp_path: Path) -> None:
    rows = [*ORGANIZATION_ROWS[:3], [4, "Z02", "县第二中学党支部", "党支部", "县教育局党委", "中学、师校"]]
    units = [[1, "U1", "县教育局", "党政机关", "", 40], [2, "U2", "中学、师校", "学校", "", 1]]

    reading = read_roster(write_book(tmp_path / "a.xlsx", organizations=rows, units=units), today=TODAY)

    assert reading.accepted
    assert reading.organizations[3].unit_names == ("中学、师校",)


def test_rows_below_a_faulty_organisation_are_held_not_blamed(tmp_path: Path) -> None:
    rows = [row[:] for row in ORGANIZATION_ROWS]
    rows[1][3] = "联合会"
    book = write_book(tmp_path / "a.xlsx", [member()], organizations=rows)

    reading = read_roster(book, today=TODAY)

    assert [(fault.code, fault.cell) for fault in reading.faults] == [("bad_value", "D5")]
    assert [row.name for row in reading.organizations] == ["中共青岚县委员会"]
    assert not reading.members
    assert [(row.kind, row.row) for row in reading.held_rows] == [
        ("organization", 6),
        ("organization", 7),
        ("member", 4),
    ]
    assert [(row.kind, row.key, row.name) for row in reading.faulty_rows] == [("organization", "C01", "县教育局党委")]


def test_a_row_below_a_faulty_organisation_that_is_already_known_is_not_held(tmp_path: Path) -> None:
    rows = [row[:] for row in ORGANIZATION_ROWS]
    rows[1][3] = "联合会"
    book = write_book(tmp_path / "a.xlsx", [member()], organizations=rows)

    reading = read_roster(book, today=TODAY, known=Known(organizations=frozenset({"县教育局党委"})))

    assert len(reading.organizations) == 3
    assert len(reading.members) == 1


@pytest.mark.parametrize("label", EDUCATIONS.labels)
def test_every_schooling_of_the_party_register_is_read(tmp_path: Path, label: str) -> None:
    reading = read_roster(write_book(tmp_path / "a.xlsx", [member(学历=label)]), today=TODAY)

    assert reading.accepted
    assert EDUCATIONS.label(reading.members[0].education) == label
    assert EDUCATIONS.level(reading.members[0].education) in {"college", "secondary", "junior"}


def test_there_are_fifty_six_ethnic_names_and_others() -> None:
    assert len(ETHNICITIES.labels) == len(set(ETHNICITIES.labels)) == 57
    assert ETHNICITIES.labels[-1] == "其他"


def test_a_file_that_is_no_workbook_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_text("姓名,性别")

    with pytest.raises(RosterUnreadable) as refused:
        read_roster(path, today=TODAY)

    assert refused.value.code == "damaged"
