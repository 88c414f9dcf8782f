"""The charts of summary workbooks: which cells they read, and the sheet they print on."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from reports.tests.test_workbooks import TOTALS, made, spec
from reports.workbooks.spec import Chart


def drawn(data: bytes) -> str:
    with ZipFile(BytesIO(data)) as parts:
        return parts.read("xl/charts/chart1.xml").decode()


def test_a_chart_reads_the_cells_of_the_rows_and_is_printed():
    data = made(spec(chart=Chart("男女党员", "name", ("men", "women"), measure="人数")))
    chart = drawn(data)
    for cells in ("$B$5:$B$7", "$C$5:$C$7", "$D$5:$D$7"):
        assert cells in chart
    assert "stacked" in chart
    book = load_workbook(BytesIO(data))
    assert book.sheetnames == ["目录", "学习情况", "学习情况图"]
    assert book["学习情况图"]["A1"].value == "男女党员"
    assert [cell.value for cell in book["目录"][5]] == [2, "男女党员", "图，数据见表：学习情况", None]
    assert book["学习情况图"].page_setup.fitToHeight == 1


def test_a_table_without_rows_has_no_chart():
    data = made(spec(rows=(), expected_totals=dict.fromkeys(TOTALS, 0), chart=Chart("男女党员", "name", ("men",))))
    assert not [name for name in ZipFile(BytesIO(data)).namelist() if "chart" in name]


def test_a_chart_of_columns_that_are_not_there_is_refused():
    with pytest.raises(ValueError, match="not there"):
        spec(chart=Chart("男女党员", "name", ("nobody",)))
