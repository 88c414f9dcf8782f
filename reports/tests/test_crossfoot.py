"""Adding up tables that were sent in: what a total adds, what is flagged, what is refused (decision 19, U-12)."""

from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from accounts.models import AuditEntry
from campaign.tests.factories import make_world
from reports.crossfoot import examine, level_of, number_of

PAGE = reverse("reports:crossfoot")
SAMPLE = Path("samples/unit-types-batch-2.xlsx")


def examined(*rows):
    return examine([("表", [list(row) for row in rows])])


def found(finding):
    return {check.cell: (check.printed, check.computed) for check in finding.checks}


@pytest.mark.parametrize(
    ("cell", "level"),
    [
        ("合计", 2),
        ("合　计", 2),
        ("合计：", 2),
        ("合计（个）", 2),
        ("小 计", 1),
        ("总计", 3),
        ("Total", 2),
        ("合计党员", 0),
        ("", 0),
    ],
)
def test_a_total_is_known_by_its_name(cell, level):
    assert level_of(cell) == level


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        (3.0, 3),
        ("1,359", 1359),
        ("１２", 12),
        ("7个", 7),
        ("-2", -2),
        ("98.7%", None),
        ("2005年", None),
        ("", None),
        (True, None),
        (1e30, None),
        ("510999199001011234", None),
    ],
)
def test_what_counts_as_a_number(cell, number):
    assert number_of(cell) == (None if number is None else Decimal(number))


def test_the_unit_types_of_the_second_batch():
    """U-12: the parts give 2469, the print says 2367; it lacks street offices and communities."""
    from python_calamine import CalamineWorkbook

    rows = CalamineWorkbook.from_path(str(SAMPLE)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    (check,) = examine([("第二批", rows)]).checks
    assert (check.cell, check.printed, check.computed, check.difference) == ("C16", 2367, 2469, -102)
    assert check.parts_at == "C4:C15"
    assert [(part.name, part.value) for part in check.missing] == [("街道", 2), ("社区", 100)]


def test_a_total_that_agrees_is_told_too():
    finding = examined(["类型", "单位数"], ["甲类", 2], ["乙类", 3], ["合计", 5])
    assert found(finding) == {"B4": (5, 5)}
    assert finding.agreeing
    assert not finding.different


def test_subtotals_are_not_added_into_the_total():
    finding = examined(
        ["单位", "人数"],
        ["一支部", 2],
        ["二支部", 3],
        ["小计", 5],
        ["三支部", 4],
        ["小计", 4],
        ["合计", 10],
    )
    assert found(finding) == {"B4": (5, 5), "B6": (4, 4), "B7": (10, 9)}


def test_sections_each_with_a_total_and_one_over_all():
    finding = examined(["单位", "人数"], ["一", 2], ["合计", 2], ["二", 3], ["合计", 3], ["合计", 5], ["总计", 5])
    assert not finding.different


def test_a_total_above_its_parts():
    finding = examined(["单位", "人数"], ["合计", 6], ["一支部", 2], ["二支部", 3])
    assert found(finding) == {"B2": (6, 5)}


def test_of_which_rows_shares_and_serial_numbers_are_left_out():
    finding = examined(
        ["序号", "单位", "人数", "占比"],
        [1, "一支部", 10, 0.5],
        ["", "其中：女", 4, 0.2],
        [2, "二支部", 10, 0.5],
        ["合计", "", 20, 1.0],
    )
    assert found(finding) == {"C5": (20, 20)}


def test_the_row_of_column_numbers_is_no_part():
    finding = examined(["单位", "人数"], ["甲", 1], ["一支部", 2], ["合计", 2])
    assert found(finding) == {"B4": (2, 2)}


def test_a_total_column_under_a_shared_head():
    finding = examined(
        ["单位", "党员", "", "", "学时"],
        ["", "合计", "男", "女", ""],
        ["一支部", 5, 3, 2, 40],
        ["二支部", 7, 3, 3, 48],
        ["三支部", 4, 1, 3, 12],
        ["合计", 16, 7, 8, 100],
    )
    differing = {check.cell: (check.printed, check.computed) for check in finding.different}
    assert differing == {"B4": (7, 6), "B6": (16, 15)}


def test_a_total_column_at_the_end_of_the_row():
    finding = examined(["单位", "一季度", "二季度", "合计"], ["甲镇", 1, 2, 3], ["乙镇", 2, 2, 5], ["丙镇", 1, 1, 2])
    assert found(finding) == {"D2": (3, 3), "D3": (5, 4), "D4": (2, 2)}


def test_a_total_column_of_which_nothing_is_certain_is_said_not_flagged():
    finding = examined(["单位", "合计", "经费", "天数"], ["甲镇", 9, 1, 2], ["乙镇", 8, 2, 2])
    assert finding.checks == []
    assert finding.unclear == ["表 B"]


def test_a_part_counted_twice_is_named():
    finding = examined(["单位", "人数"], ["一", 20], ["二", 31], ["合计", 82])
    (check,) = finding.checks
    assert [part.name for part in check.twice] == ["二"]


def test_fractions_are_added_exactly():
    finding = examined(["单位", "学时"], ["一", 0.1], ["二", 0.2], ["合计", 0.3])
    assert not finding.different


# ---------------------------------------------------------------- the page
def workbook(*rows):
    book, stream = Workbook(), BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(stream)
    return SimpleUploadedFile("统计表.xlsx", stream.getvalue())


@pytest.fixture
def w(db):
    return make_world()


def test_the_page_shows_printed_and_computed_and_keeps_nothing(w, client):
    client.force_login(w.c.office)
    before = AuditEntry.objects.count()
    with SAMPLE.open("rb") as file:
        answer = client.post(PAGE, {"file": file})
    text = answer.content.decode()
    assert answer.status_code == 200
    for words in ("2,367", "2,469", "街道 2", "社区 100", "C16"):
        assert words in text
    assert AuditEntry.objects.count() == before


@pytest.mark.parametrize(
    "file",
    [
        SimpleUploadedFile("a.xlsx", b"no workbook"),
        SimpleUploadedFile("a.xlsx", b""),
        None,
    ],
)
def test_what_cannot_be_read_is_refused_with_the_remedy(w, client, file):
    client.force_login(w.c.office)
    answer = client.post(PAGE, {"file": file} if file else {})
    assert answer.status_code == 422
    assert answer.context["form"].errors["file"]


def test_a_workbook_without_totals_says_how_to_name_them(w, client):
    client.force_login(w.c.office)
    answer = client.post(PAGE, {"file": workbook(["单位", "人数"], ["一", 2])})
    assert answer.status_code == 422
    assert "合计" in str(answer.context["form"].errors["file"])


def test_whoever_may_not_export_is_refused(w, client):
    client.force_login(w.c.member)
    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"file": workbook(["a"])}).status_code == 403
