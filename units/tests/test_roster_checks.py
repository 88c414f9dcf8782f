"""Every fault code: in which cell it stands, and that one mistake gives one fault."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation
from openpyxl import Workbook, load_workbook

from units.roster import messages
from units.roster.read import read_roster
from units.roster.records import Fault, Known, RosterReading
from units.tests.roster_books import (
    MEMBER_LABELS,
    ORGANIZATION_ROWS,
    TODAY,
    UNIT_ROWS,
    id_number,
    member,
    write_book,
)

ANOTHER_ID = id_number(serial=50)
WRONG_DIGIT = ANOTHER_ID[:17] + ("0" if ANOTHER_ID[17] != "0" else "1")
NO_SUCH_DAY = id_number("19751301")


def told(reading: RosterReading) -> list[tuple[str, str, str]]:
    return [(fault.code, fault.reason, fault.cell) for fault in reading.faults]


@pytest.mark.parametrize(
    ("label", "value", "code", "reason"),
    [
        ("姓名", "", "missing_name", ""),
        ("姓名", "　", "missing_name", ""),
        ("姓名", "长" * 61, "too_long", ""),
        ("姓名", "#REF!", "bad_value", "formula"),
        ("所在党支部", "县外星联络处党支部", "unknown_branch", ""),
        ("所在党支部", "县第一小学支部", "unknown_branch", "similar"),
        ("所在党支部", "县教育局党委", "unknown_branch", "kind"),
        ("所在党支部", "", "unknown_branch", "empty"),
        ("公民身份证号", 999001197503010011, "id_number_as_number", ""),
        ("公民身份证号", "9990011975030100", "id_length", ""),
        ("公民身份证号", "999001750301001", "id_length", ""),
        ("公民身份证号", "", "id_length", "empty"),
        ("公民身份证号", WRONG_DIGIT, "id_checksum", ""),
        ("公民身份证号", ANOTHER_ID[:5] + "O" + ANOTHER_ID[6:], "id_checksum", "characters"),
        ("性别", "女", "id_sex_mismatch", ""),
        ("性别", "未填", "bad_sex", ""),
        ("性别", "", "bad_sex", ""),
        ("民族", "汉", "bad_value", "similar"),
        ("民族", "火星族", "bad_value", ""),
        ("民族", "", "missing_value", ""),
        ("出生日期", datetime.date(1974, 3, 1), "id_birth_mismatch", ""),
        ("出生日期", "1975.4", "id_birth_mismatch", ""),
        ("出生日期", "", "bad_date", "empty"),
        ("出生日期", "二〇〇一年", "bad_date", ""),
        ("出生日期", "1975", "bad_date", "year_only"),
        ("出生日期", 1975, "bad_date", "year_only"),
        ("出生日期", "1975.13.2", "bad_date", "month"),
        ("出生日期", "1975-02-30", "bad_date", "day"),
        ("出生日期", "1075-02-03", "bad_date", "year"),
        ("出生日期", "1975.3-1", "bad_date", ""),
        ("出生日期", datetime.time(12, 30), "bad_date", ""),
        ("出生日期", True, "bad_date", ""),
        ("出生日期", "2031-05-01", "future_date", ""),
        ("学历", "博士后大学", "unknown_education", ""),
        ("学历", "省委党校研究", "unknown_education", "similar"),
        ("学历", "", "unknown_education", "empty"),
        ("人员类别", "预备", "bad_value", "similar"),
        ("人员类别", "", "missing_value", ""),
        ("加入党组织日期", datetime.date(1993, 2, 28), "joined_before_18", ""),
        ("加入党组织日期", datetime.date(2031, 5, 1), "future_date", ""),
        ("加入党组织日期", 1996.1, "bad_date", "ambiguous"),
        ("转为正式党员日期", datetime.date(1996, 5, 3), "full_before_joined", ""),
        ("转为正式党员日期", datetime.date(2031, 5, 1), "future_date", ""),
        ("手机号", "1380013", "bad_phone", ""),
        ("手机号", "13800000001/13900000001", "bad_phone", ""),
        ("固定电话", "没有", "bad_phone", "landline"),
        ("党籍状态", "出党", "bad_value", ""),
        ("是否离退休", "有", "bad_value", ""),
        ("有无书写能力", "是", "bad_value", ""),
        ("失去联系日期", "很久", "bad_date", ""),
        ("职务层次", "处级", "bad_value", ""),
        ("所在单位", "县体育馆", "unknown_unit", ""),
        ("手机号", "#N/A", "bad_value", "formula"),
        ("备注", "长" * 301, "too_long", ""),
    ],
)
def test_one_mistake_in_a_members_row_is_one_fault_in_its_cell(
    tmp_path: Path, label: str, value: Any, code: str, reason: str
) -> None:
    reading = read_roster(write_book(tmp_path / "a.xlsx", [member(**{label: value})]), today=TODAY)

    column = chr(ord("A") + MEMBER_LABELS.index(label))
    assert told(reading) == [(code, reason, f"{column}4")]
    assert [(fault.column, fault.row) for fault in reading.faults] == [(label, 4)]
    assert not reading.members
    assert [(row.kind, row.row) for row in reading.faulty_rows] == [("member", 4)]


def test_two_mistakes_in_a_row_are_two_faults(tmp_path: Path) -> None:
    row = member(姓名="", 手机号="138", 备注="x")

    reading = read_roster(write_book(tmp_path / "a.xlsx", [row]), today=TODAY)

    assert told(reading) == [("missing_name", "", "B4"), ("bad_phone", "", "M4")]
    assert len(reading.faulty_rows) == 1


def test_a_birth_date_inside_the_number_that_does_not_exist(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", [member(公民身份证号=NO_SUCH_DAY)])

    assert told(read_roster(book, today=TODAY)) == [("id_birth_mismatch", "impossible", "G4")]


def test_the_same_number_twice_is_told_at_the_later_row(tmp_path: Path) -> None:
    rows = [member(1), member(2), member(1, 姓名="范玉芬")]

    reading = read_roster(write_book(tmp_path / "a.xlsx", rows), today=TODAY)

    assert told(reading) == [("duplicate_id", "", "D6")]
    assert "D4" in reading.faults[0].message
    assert [row.row for row in reading.members] == [4, 5]


@pytest.mark.parametrize(
    ("birth", "joined", "fault"),
    [
        ("19750301", "1993-03-01", False),
        ("19750301", "1993-02-28", True),
        ("19760229", "1994-02-28", False),
        ("19760229", "1994-02-27", True),
        ("19750315", "1993.3", False),
        ("19750315", "1993.2", True),
    ],
)
def test_joining_on_the_eighteenth_birthday_is_allowed(tmp_path: Path, birth: str, joined: str, fault: bool) -> None:
    row = member(公民身份证号=id_number(birth), 出生日期=birth, 加入党组织日期=joined)

    reading = read_roster(write_book(tmp_path / "a.xlsx", [row]), today=TODAY)

    assert [f.code for f in reading.faults] == ["joined_before_18"] * fault


def test_dates_without_a_day_are_given_the_benefit_of_the_month(tmp_path: Path) -> None:
    row = member(
        公民身份证号=id_number("19750315"), 出生日期="1975.3", 加入党组织日期="1996-05-04", 转为正式党员日期="1996.5"
    )

    reading = read_roster(write_book(tmp_path / "a.xlsx", [row]), today=TODAY)

    assert told(reading) == []
    assert reading.members[0].birth_date == datetime.date(1975, 3, 1)
    assert reading.members[0].full_on == datetime.date(1996, 5, 1)


def _organizations(**changes: tuple[int, Any]) -> list[list[Any]]:
    rows = [row[:] for row in ORGANIZATION_ROWS]
    for at, (position, value) in ((int(key[1:]), change) for key, change in changes.items()):
        rows[at][position] = value
    return rows


@pytest.mark.parametrize(
    ("changes", "faults"),
    [
        ({"r1": (4, "县工会")}, [("unknown_organization", "", "E5")]),
        ({"r1": (4, "中共青岚县委会")}, [("unknown_organization", "similar", "E5")]),
        ({"r1": (1, "A00")}, [("duplicate_code", "", "B5")]),
        ({"r1": (1, "")}, [("missing_value", "", "B5")]),
        ({"r3": (2, "县第一小学党支部")}, [("duplicate_name", "", "C7")]),
        ({"r3": (2, "")}, [("missing_name", "", "C7")]),
        ({"r1": (3, "联合会")}, [("bad_value", "", "D5")]),
        ({"r1": (5, "县体育馆")}, [("unknown_unit", "", "F5")]),
        ({"r1": (4, "县教育局党委")}, [("cycle", "", "E5")]),
        ({"r1": (4, "县第二中学党支部")}, [("cycle", "", "E5")]),
        ({"r0": (4, "县第二中学党支部")}, [("cycle", "", "E4")]),
    ],
)
def test_faults_of_organisations(
    tmp_path: Path, changes: dict[str, tuple[int, Any]], faults: list[tuple[str, str, str]]
) -> None:
    book = write_book(tmp_path / "a.xlsx", organizations=_organizations(**changes))

    assert told(read_roster(book, today=TODAY)) == faults


def test_a_circle_names_its_organisations(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", organizations=_organizations(r1=(4, "县第二中学党支部")))

    (fault,) = read_roster(book, today=TODAY).faults

    assert fault.params["loop"] == "县教育局党委 → 县第二中学党支部 → 县教育局党委"


@pytest.mark.parametrize(
    ("position", "value", "code", "cell"),
    [
        (1, "U1", "duplicate_code", "B5"),
        (2, "县教育局", "duplicate_name", "C5"),
        (2, "", "missing_name", "C5"),
        (5, "十来个", "bad_value", "F5"),
        (5, -3, "bad_value", "F5"),
        (5, 2.5, "bad_value", "F5"),
    ],
)
def test_faults_of_work_units(tmp_path: Path, position: int, value: Any, code: str, cell: str) -> None:
    units = [row[:] for row in UNIT_ROWS]
    units[1][position] = value

    reading = read_roster(write_book(tmp_path / "a.xlsx", units=units), today=TODAY)

    assert [(fault.code, fault.cell) for fault in reading.faults] == [(code, cell)]


@pytest.mark.parametrize("label", ["姓名", "公民身份证号", "所在党支部", "出生日期", "转为正式党员日期"])
def test_a_missing_column_is_the_only_fault_of_its_sheet(tmp_path: Path, label: str) -> None:
    labels = ["证件" if each == label else each for each in MEMBER_LABELS]

    reading = read_roster(write_book(tmp_path / "a.xlsx", [member()], labels=labels), today=TODAY)

    assert [(f.code, f.column, f.sheet, f.row) for f in reading.faults] == [
        ("missing_header", label, "党员基本信息汇总表", 3)
    ]
    assert not reading.members
    assert len(reading.organizations) == 4


def test_a_missing_column_of_the_organisations_does_not_blame_the_members(tmp_path: Path) -> None:
    book = load_workbook(write_book(tmp_path / "a.xlsx", [member()]))
    book["党组织信息"]["D3"] = "种类"
    book.save(tmp_path / "b.xlsx")

    reading = read_roster(tmp_path / "b.xlsx", today=TODAY)

    assert [(fault.code, fault.column) for fault in reading.faults] == [("missing_header", "组织类别")]
    assert [row.kind for row in reading.held_rows] == ["member"]


def test_a_roster_sheet_without_any_header_is_told(tmp_path: Path) -> None:
    book = load_workbook(write_book(tmp_path / "a.xlsx", [member()]))
    book["党员基本信息汇总表"].delete_rows(3)
    book.save(tmp_path / "b.xlsx")

    assert told(read_roster(tmp_path / "b.xlsx", today=TODAY)) == [("missing_header", "sheet", "A1")]


def test_a_workbook_without_any_roster_is_told(tmp_path: Path) -> None:
    book = Workbook()
    book.active.append(["会议记录"])
    book.save(tmp_path / "a.xlsx")

    assert told(read_roster(tmp_path / "a.xlsx", today=TODAY)) == [("missing_header", "workbook", "A1")]


def test_one_heading_over_two_columns_is_ambiguous(tmp_path: Path) -> None:
    labels = [*MEMBER_LABELS, "姓名"]

    reading = read_roster(write_book(tmp_path / "a.xlsx", [member()], labels=labels), today=TODAY)

    assert told(reading) == [("duplicate_header", "", "Z3")]


def test_members_of_nowhere_are_told_when_no_organisation_is_known(tmp_path: Path) -> None:
    book = write_book(tmp_path / "a.xlsx", [member()], organizations=None, units=None)

    assert told(read_roster(book, today=TODAY)) == [("unknown_branch", "", "C4"), ("unknown_unit", "", "W4")]
    known = Known(branches=frozenset({"县第一小学党支部"}), units=frozenset({"县教育局"}))
    assert read_roster(book, today=TODAY, known=known).accepted


def test_values_are_masked_for_the_screen_and_whole_for_the_record() -> None:
    def shown(column: str, value: str) -> str:
        fault = Fault("表", 4, column, "D4", "id_checksum", value)
        assert fault.as_dict()["value"] == value
        return fault.shown_value

    assert shown("公民身份证号", "99900119750301421X") == "9990**********421X"
    assert shown("公民身份证号", "9990011975030142") == "9990********0142"
    assert shown("公民身份证号", "99900") == "99***"
    assert shown("公民身份证号", "9.99001E+17") == "9.99001E+17"
    assert shown("手机号", "13800008000") == "138****8000"
    assert shown("手机号", "1380013") == "138****"
    assert shown("姓名", "郝建军") == "郝建军"


PARAMS = "column allowed count other date sex sheet similar loop part today limit top parent child"
ALL_PARAMS = dict.fromkeys(PARAMS.split(), "§")


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_fault_says_what_is_wrong_and_what_to_do(language: str) -> None:
    english = {key: [str(text) for text in pair] for key, pair in _texts("en").items()}
    for key, pair in _texts(language).items():
        assert all(text and "%(" not in text for text in pair), key
        if language != "en":
            assert all(text != english[key][at] for at, text in enumerate(pair)), f"{key} is not translated"


def _texts(language: str) -> dict[str, tuple[str, str]]:
    texts = {}
    with translation.override(language):
        for key in messages._FAULTS:
            code, _dot, reason = key.partition(".")
            texts[key] = (
                messages.fault_message(code, reason, ALL_PARAMS),
                messages.fault_remedy(code, reason, ALL_PARAMS),
            )
        for key in messages.UNREADABLE_CODES:
            params = {"size": "§", "seconds": "§"}
            texts[key] = (messages.unreadable_message(key, params), messages.unreadable_remedy(key, params))
    return texts


def test_the_agreed_codes_are_all_there() -> None:
    agreed = {
        "id_checksum",
        "id_length",
        "id_birth_mismatch",
        "id_sex_mismatch",
        "id_number_as_number",
        "duplicate_id",
        "unknown_branch",
        "missing_name",
        "bad_date",
        "future_date",
        "joined_before_18",
        "full_before_joined",
        "unknown_education",
        "bad_sex",
        "bad_phone",
        "unknown_organization",
        "cycle",
        "duplicate_code",
        "missing_header",
    }

    assert agreed <= messages.FAULT_CODES
