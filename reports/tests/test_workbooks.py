"""Summary workbooks read back: layout, totals, what is refused, and texts that mean harm."""

from __future__ import annotations

import datetime as dt
import tempfile
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook
from openpyxl.worksheet._writer import ALL_TEMP_FILES
from python_calamine import load_workbook as load_values

from reports.documents.text import clean
from reports.workbooks.errors import CellRefused, TotalsDiffer
from reports.workbooks.head import Span, lay_out
from reports.workbooks.sheet import SummaryWorkbook
from reports.workbooks.spec import Column, Footer, Ratio, SheetSpec

COLUMNS = (
    Column("no", ("序号",), "int", width=6),
    Column("name", ("党组织名称",), width=24),
    Column("men", ("党员", "男"), "int", "sum"),
    Column("women", ("党员", "女"), "int", "sum"),
    Column("all", ("党员", "合计"), "int", "sum"),
    Column("hours", ("学习", "学时"), "decimal", "sum"),
    Column("done", ("学习", "达标人数"), "int", "sum"),
    Column("share", ("学习", "达标比例"), "percent", Ratio("done", "all")),
    Column("day", ("转段申请日期",), "date"),
)
ROWS = (
    (1, "县教育局党支部", 20, 10, 30, 12.1, 27, 0.9, dt.date(2005, 4, 1)),
    (2, "县卫生局党支部", 7, 3, 10, 6.2, 3, 0.3, None),
    (3, "古泉镇党支部", 0, 0, 0, 0.3, 0, None, dt.date(2005, 4, 30)),
)
TOTALS = {"men": 27, "women": 13, "all": 40, "hours": Decimal("18.6"), "done": 30}


def spec(**changes) -> SheetSpec:
    given_ = {
        "name": "学习情况",
        "title": "学习动员阶段情况汇总表",
        "columns": COLUMNS,
        "rows": ROWS,
        "reporting_unit": "县委先教办",
        "date_text": "2005年4月3日",
        "unit_text": "人、学时、%",
        "footer": Footer("王建国", "李秋生", "张敏", "0831-0000000"),
        "expected_totals": TOTALS,
        "notes": ("注：达标比例＝达标人数÷党员合计。",),
        **changes,
    }
    return SheetSpec(**given_)


def made(*specs: SheetSpec) -> bytes:
    with SummaryWorkbook("活动汇总表", author="县委先教办", subtitle="县委先教办　2005年4月3日制表") as book:
        for one in specs:
            book.add(one)
        return book.to_bytes()


def sheet_of(data: bytes, name: str = "学习情况"):
    return load_workbook(BytesIO(data))[name]


def simple(values, *, kind: str = "text", **changes) -> SheetSpec:
    """A sheet of one column, for what a cell may hold."""
    return spec(
        columns=(Column("value", ("内容",), kind),), rows=[(value,) for value in values], expected_totals={}, **changes
    )


def test_the_words_round_the_table():
    sheet = sheet_of(made(spec()))
    assert sheet["A1"].value == "学习动员阶段情况汇总表"
    second = [cell.value for cell in sheet[2] if cell.value]
    assert second == ["填报单位：县委先教办", "2005年4月3日", "单位：人、学时、%"]
    assert [cell.alignment.horizontal for cell in sheet[2] if cell.value] == ["left", "center", "right"]
    assert sheet["A9"].value == "注：达标比例＝达标人数÷党员合计。"
    assert sheet["A10"].value == "单位负责人：王建国　　审核人：李秋生　　制表人：张敏　　联系电话：0831-0000000"
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {"A1:I1", "A9:I9", "A10:I10"} <= merged
    assert len([one for one in merged if one.endswith("2") and one[1:].split(":")[0] == "2"]) == 3


def test_names_not_known_leave_room_for_the_pen():
    text = sheet_of(made(spec(footer=Footer())))["A10"].value
    assert [text.count(label) for label in ("单位负责人：　", "审核人：　", "制表人：　")] == [1] * 3
    assert text.endswith("联系电话：")


def test_the_head_has_levels():
    sheet = sheet_of(made(spec()))
    assert [cell.value for cell in sheet[3][: len(COLUMNS)]] == [
        *("序号", "党组织名称", "党员", None, None, "学习", None, None, "转段申请日期"),
    ]
    assert [cell.value for cell in sheet[4][: len(COLUMNS)]] == [
        *(None, None, "男", "女", "合计", "学时", "达标人数", "达标比例", None),
    ]
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {"A3:A4", "B3:B4", "C3:E3", "F3:H3", "I3:I4"} <= merged


def test_values_keep_their_kind():
    sheet = sheet_of(made(spec()))
    first = sheet[5]
    assert [cell.value for cell in first[: len(COLUMNS)]] == [*ROWS[0][:-1], dt.datetime(2005, 4, 1)]
    assert first[7].number_format == "0.0%"
    assert first[8].number_format == "yyyy-mm-dd"
    assert {cell.data_type for cell in first[2:8]} == {"n"}
    assert sheet["I6"].value is None
    assert all(cell.border.left.style == "thin" for cell in (*first[: len(COLUMNS)], *sheet[6][: len(COLUMNS)]))


def test_totals_are_formulas_over_the_rows():
    sheet = sheet_of(made(spec()))
    assert [cell.value for cell in sheet[8][: len(COLUMNS)]] == [
        "合计",
        None,
        "=SUM(C5:C7)",
        "=SUM(D5:D7)",
        "=SUM(E5:E7)",
        "=SUM(F5:F7)",
        "=SUM(G5:G7)",
        '=IF(E8=0,"–",G8/E8)',
        None,
    ]
    assert "A8:B8" in {str(one) for one in sheet.merged_cells.ranges}
    assert sheet["H8"].number_format == "0.0%"


def test_a_reader_that_does_not_calculate_sees_the_totals():
    values = load_values(BytesIO(made(spec()))).get_sheet_by_name("学习情况").to_python()
    assert values[7][2:8] == [27, 13, 40, 18.6, 30, 0.75]


def test_programs_that_calculate_do_so_on_opening():
    assert load_workbook(BytesIO(made(spec()))).calculation.fullCalcOnLoad


def test_a_share_of_nothing_is_no_error():
    rows = [(1, "甲", 0, 0, 0, 0, 0, None, None)]
    data = made(spec(rows=rows, expected_totals=dict.fromkeys(TOTALS, 0)))
    assert sheet_of(data)["H6"].value == '=IF(E6=0,"–",G6/E6)'
    assert load_values(BytesIO(data)).get_sheet_by_name("学习情况").to_python()[5][7] == "–"


def test_a_table_without_rows_says_so_and_has_no_total():
    data = made(spec(rows=(), expected_totals=dict.fromkeys(TOTALS, 0)))
    sheet = sheet_of(data)
    assert sheet["A5"].value == "没有数据"
    assert [cell.value for row in sheet.iter_rows() for cell in row if cell.data_type == "f"] == []
    assert sheet.print_area == "'学习情况'!$A$1:$I$7"


@pytest.mark.parametrize(
    ("key", "database", "written", "column"),
    [("men", 26, 27, "党员 男"), ("hours", Decimal("18.60001"), Decimal("18.6"), "学习 学时")],
)
def test_a_total_that_the_database_does_not_confirm_is_refused(key, database, written, column):
    with pytest.raises(TotalsDiffer) as caught:
        made(spec(expected_totals={**TOTALS, key: database}))
    error = caught.value
    assert (error.sheet, error.column) == ("学习情况", column)
    assert (error.written, error.database) == (written, database)
    assert column in str(error)


def test_rows_gone_missing_are_noticed():
    with pytest.raises(TotalsDiffer):
        made(spec(rows=ROWS[:-2]))


def test_decimals_are_added_exactly():
    rows = [(0.1,) for _ in range(10)]
    columns = (Column("name", ("名称",)), Column("hours", ("学时",), "decimal", "sum"))
    made(spec(columns=columns, rows=[("甲", *row) for row in rows], expected_totals={"hours": 1}))


def test_the_page_is_printed_on_landscape_a4_with_its_head_on_every_sheet():
    sheet = sheet_of(made(spec()))
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$4"
    assert sheet.print_area == "'学习情况'!$A$1:$I$10"
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"


def test_head_and_names_stay_in_sight():
    assert sheet_of(made(spec())).freeze_panes == "C5"
    assert sheet_of(made(simple(["甲"]))).freeze_panes == "B4"


def test_fonts_are_those_of_office_tables():
    sheet = sheet_of(made(spec()))
    assert [sheet[place].font.name for place in ("A1", "A3", "A5", "C8")] == [
        *("方正小标宋简体", "黑体", "宋体", "黑体"),
    ]
    assert sheet["A1"].font.size > sheet["A3"].font.size


@pytest.mark.parametrize(
    "text", ["=1+1", "+86 831", "-", "@SUM(A1)", "\t制表符", "\r回车", '=HYPERLINK("x")', "'=1", "=", "＝1"]
)
def test_text_is_never_a_formula(text):
    cell = sheet_of(made(simple([text])))["A4"]
    assert cell.value == text
    assert cell.data_type == "s"
    assert bool(cell.quotePrefix) == (text[0] in "=+-@\t\r")


@settings(max_examples=25, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=20))
def test_every_text_comes_back_as_it_was(texts):
    kept = [clean(text)[0] for text in texts]
    sheet = sheet_of(made(simple(texts)))
    found = [sheet.cell(4 + index, 1).value for index in range(len(texts))]
    assert found == [text or None for text in kept]


def test_hostile_names_do_not_break_the_file():
    hostile = '</t></is></c><c r="A1"><f>1</f>&"\'<>]]>'
    data = made(simple([hostile], name="a[b]:*?/\\'" + "长" * 40, title=hostile))
    name = load_workbook(BytesIO(data)).sheetnames[1]
    assert len(name) == 31
    assert not set(name) & set("[]:*?/\\'")
    sheet = sheet_of(data, name)
    assert (sheet["A1"].value, sheet["A4"].value) == (hostile, hostile)


def test_control_characters_are_left_out_and_counted():
    with SummaryWorkbook("汇总表") as book:
        book.add(simple(["a\x00b", "\x0b"], title="标\x01题"))
        data = book.to_bytes()
        assert book.removed_characters == 3
    assert sheet_of(data)["A4"].value == "ab"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("int", 1.0),
        ("int", True),
        ("int", "1"),
        ("int", 10**15),
        ("decimal", float("nan")),
        ("decimal", Decimal("Infinity")),
        ("percent", "50%"),
        ("percent", False),
        ("date", "2005-03-05"),
        ("text", 5),
        ("text", "长" * 32_768),
    ],
)
def test_a_value_of_the_wrong_kind_is_refused_with_its_place(kind, value):
    with pytest.raises(CellRefused) as caught:
        made(simple([None, value], kind=kind))
    assert (caught.value.sheet, caught.value.column, caught.value.row) == ("学习情况", "内容", 5)
    assert len(str(caught.value)) < 200


def test_days_before_excels_calendar_are_text():
    sheet = sheet_of(made(simple([dt.date(1899, 12, 31), dt.datetime(1900, 3, 1, 8)], kind="date")))
    assert sheet["A4"].value == "1899-12-31"
    assert sheet["A5"].value == dt.datetime(1900, 3, 1)


def test_a_row_of_the_wrong_length_is_refused():
    with pytest.raises(ValueError, match="row 5: 2 values for 9 columns"):
        made(spec(rows=[(1, "甲")]))


def test_the_index_leads_to_every_sheet():
    book = load_workbook(BytesIO(made(spec(about="各支部学时"), spec(), spec(name="学习情况（2）"))))
    assert book.sheetnames == ["目录", "学习情况", "学习情况（2）", "学习情况（2）（2）"]
    index = book["目录"]
    assert index["A1"].value == "活动汇总表"
    assert index["A2"].value == "县委先教办　2005年4月3日制表"
    assert [[cell.value for cell in row] for row in index["A3:D4"]] == [
        ["序号", "表名", "内容", "行数"],
        [1, "学习动员阶段情况汇总表", "各支部学时", 3],
    ]
    links = [index[f"B{row}"].hyperlink.location for row in (4, 5, 6)]
    assert links == [f"'{name}'!A1" for name in book.sheetnames[1:]]


def test_every_sheet_leads_back_to_the_index_from_beside_the_printed_area():
    sheet = sheet_of(made(spec()))
    assert (sheet["J1"].value, sheet["J1"].hyperlink.location) == ("返回目录", "'目录'!A1")
    assert sheet.print_area == "'学习情况'!$A$1:$I$10"


def test_a_narrow_table_keeps_all_its_words():
    columns = (Column("name", ("名称",)), Column("people", ("人数",), "int", "sum"))
    sheet = sheet_of(made(spec(columns=columns, rows=[("甲", 3)], expected_totals={"people": 3})))
    assert sheet["A2"].value == "填报单位：县委先教办　2005年4月3日　单位：人、学时、%"
    assert "A2:B2" in {str(one) for one in sheet.merged_cells.ranges}
    assert sheet.row_dimensions[7].height > 30  # the line of names breaks and needs the room


@pytest.mark.parametrize("widths", [(1, 1, 100), (100, 1, 1), (1, 100, 1), (1, 1, 1, 1), (6, 24, *[8] * 18)])
def test_the_second_line_has_three_parts_whatever_the_widths(widths):
    columns = tuple(Column(f"c{index}", (f"列{index}",), width=width) for index, width in enumerate(widths))
    data = made(spec(columns=columns, rows=[["甲"] * len(widths)], expected_totals={}))
    assert len([cell for cell in sheet_of(data)[2] if cell.value]) == 3


def test_long_names_get_higher_rows():
    sheet = sheet_of(made(simple(["短", "一个很长的党组织名称" * 3])))
    assert sheet.row_dimensions[4].height is None
    assert sheet.row_dimensions[5].height > 40


def test_styles_are_few_however_many_rows():
    rows = [(number, f"第{number}支部", 1, 1, 2, 1.5, 1, 0.5, dt.date(2005, 4, 1)) for number in range(600)]
    totals = {"men": 600, "women": 600, "all": 1200, "hours": 900, "done": 600}
    data = made(spec(rows=iter(rows), expected_totals=totals))
    with ZipFile(BytesIO(data)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    assert styles.count("<xf ") < 30
    assert sheet_of(data)["C605"].value == "=SUM(C5:C604)"


def test_progress_is_told():
    told: list[int] = []
    rows = [("甲",)] * 1200
    with SummaryWorkbook("汇总表") as book:
        book.add(spec(columns=COLUMNS[1:2], rows=rows, expected_totals={}), progress=told.append)
    assert told == [500, 1000]


def test_a_refused_workbook_leaves_no_file_behind(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))  # a folder that no other test writes in
    before = len(ALL_TEMP_FILES)
    with pytest.raises(TotalsDiffer):
        made(spec(), spec(rows=ROWS[:1]))
    made(spec())
    assert list(tmp_path.iterdir()) == []
    assert len(ALL_TEMP_FILES) == before


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"expected_totals": {}}, "sums and expected totals do not match: all, done"),
        ({"expected_totals": {**TOTALS, "share": 1}}, "do not match: share"),
        ({"columns": (), "expected_totals": {}}, "needs columns"),
        ({"columns": (COLUMNS[0], COLUMNS[0]), "expected_totals": {}}, "a key of its own"),
        (
            {"columns": (COLUMNS[1], COLUMNS[7]), "expected_totals": {}},
            "share divides columns that are not summed",
        ),
        ({"columns": (COLUMNS[2],), "expected_totals": {"men": 1}}, "room for the word"),
    ],
)
def test_a_table_that_cannot_be_is_refused(changes, message):
    with pytest.raises(ValueError, match=message):
        spec(**changes)


def test_a_column_that_cannot_be_is_refused():
    with pytest.raises(ValueError, match="only numbers can be summed"):
        Column("name", ("名称",), "text", "sum")
    with pytest.raises(ValueError, match="empty head"):
        Column("name", ("党员", ""))


def test_heads_of_uneven_depth():
    rows, spans = lay_out([("甲",), ("乙", "丙", "丁"), ("乙", "丙", "戊"), ("乙", "己"), ("庚", "己")])
    assert rows == [["甲", "乙", "", "", "庚"], ["", "丙", "", "己", "己"], ["", "丁", "戊", "", ""]]
    assert set(spans) == {
        Span(0, 0, 2, 0),
        Span(0, 1, 0, 3),
        Span(1, 1, 1, 2),
        Span(1, 3, 2, 3),
        Span(1, 4, 2, 4),
    }


def test_the_same_word_under_another_head_is_another_head():
    rows, spans = lay_out([("上半年", "党员", "男"), ("下半年", "党员", "男")])
    assert rows[1] == ["党员", "党员"]
    assert spans == []
