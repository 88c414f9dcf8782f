"""Native bar charts of a summary: they read the cells of their sheet, so that they follow what is edited there."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.utils import get_column_letter, quote_sheetname

from .spec import Chart, SheetSpec

# Told apart without colour vision too: they differ in lightness.
COLOURS = ("BFBFBF", "0B5394", "E69138", "6AA84F", "8E7CC3", "CC4125", "45818E", "3D3D3D")
ROW_HEIGHT = 0.5  # of an empty row, centimetres: rather a little less
WIDTH, UPRIGHT_HEIGHT = 26.0, 14.0  # centimetres: a landscape A4 page
LYING_BASE, LYING_BAR, LYING_MOST = 5.0, 0.9, 60.0
COLUMN_WIDTH, COLUMNS = 13.0, 10  # of the sheet that holds the chart


def draw(sheet: Any, spec: SheetSpec, chart: Chart, data: Any, first: int, rows: int, at: int) -> int:
    """Put the chart on `sheet` from row `at`; it reads `rows` rows of the sheet `data`. Returns the rows it covers."""
    numbers = {column.key: n for n, column in enumerate(spec.columns, 1)}
    names = {column.key: column.header[-1] for column in spec.columns}
    last, column = first + rows - 1, get_column_letter(numbers[chart.category])
    labels = StrRef(f=f"{quote_sheetname(data.title)}!${column}${first}:${column}${last}")
    drawing = BarChart()
    drawing.type, drawing.grouping, drawing.overlap = "bar" if chart.lying else "col", "stacked", 100
    drawing.gapWidth = 60
    colours = chart.colours or (COLOURS if len(chart.series) > 1 else COLOURS[1:])
    for index, key in enumerate(chart.series):
        values = Reference(data, min_col=numbers[key], min_row=first, max_row=last)
        series = Series(values, title=names[key])
        series.cat = AxDataSource(strRef=labels)
        series.graphicalProperties.solidFill = colours[index % len(colours)]
        drawing.series.append(series)
    _dress(drawing, chart)
    drawing.width = WIDTH
    drawing.height = min(LYING_BASE + LYING_BAR * rows, LYING_MOST) if chart.lying else UPRIGHT_HEIGHT
    sheet.add_chart(drawing, f"A{at}")
    return int(drawing.height / ROW_HEIGHT) + 1


def _dress(drawing: Any, chart: Chart) -> None:
    drawing.x_axis.delete = drawing.y_axis.delete = False  # else newer Excel shows no axis
    drawing.y_axis.number_format = "0"
    drawing.y_axis.title = chart.measure or None
    drawing.y_axis.scaling.min = 0
    if chart.lying:
        drawing.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
        drawing.y_axis.crosses = "max"  # and the numbers still below
    if len(chart.series) > 1:
        drawing.legend.position = "b"
    else:
        drawing.legend = None
