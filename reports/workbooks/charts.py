"""Native bar charts of a summary: they read the cells of their sheet, so that they follow what is edited there."""

from __future__ import annotations

from typing import Any

from openpyxl.chart import BarChart, Reference, Series
from openpyxl.chart.data_source import AxDataSource, StrRef
from openpyxl.utils import get_column_letter, quote_sheetname

from .spec import Chart, SheetSpec

# Told apart without colour vision too: they differ in lightness.
COLOURS = ("BFBFBF", "0B5394", "E69138", "6AA84F", "8E7CC3", "CC4125", "45818E", "3D3D3D")
WIDTH = 24.0  # centimetres: across a landscape A4 page
UPRIGHT_HEIGHT = 9.0
LYING_BASE, LYING_BAR, LYING_MOST = 3.5, 0.7, 45.0
ROW_HEIGHT = 0.7  # of an empty row, centimetres


def draw(sheet: Any, spec: SheetSpec, chart: Chart, first: int, rows: int, at: int) -> int:
    """Put the chart under row `at` - 1. Returns the last row that it covers, for the printed area."""
    letters = {column.key: get_column_letter(n) for n, column in enumerate(spec.columns, 1)}
    numbers = {column.key: n for n, column in enumerate(spec.columns, 1)}
    names = {column.key: column.header[-1] for column in spec.columns}
    last, column = first + rows - 1, letters[chart.category]
    labels = StrRef(f=f"{quote_sheetname(sheet.title)}!${column}${first}:${column}${last}")
    drawing = BarChart()
    drawing.type, drawing.grouping, drawing.overlap = "bar" if chart.lying else "col", "stacked", 100
    drawing.gapWidth = 60
    for index, key in enumerate(chart.series):
        values = Reference(sheet, min_col=numbers[key], min_row=first, max_row=last)
        series = Series(values, title=names[key])
        series.cat = AxDataSource(strRef=labels)
        series.graphicalProperties.solidFill = COLOURS[(index if len(chart.series) > 1 else 1) % len(COLOURS)]
        drawing.series.append(series)
    _dress(drawing, chart)
    drawing.width = WIDTH
    drawing.height = min(LYING_BASE + LYING_BAR * rows, LYING_MOST) if chart.lying else UPRIGHT_HEIGHT
    sheet.add_chart(drawing, f"A{at}")
    return at + int(drawing.height / ROW_HEIGHT) + 1


def _dress(drawing: Any, chart: Chart) -> None:
    drawing.title = chart.title
    drawing.x_axis.delete = drawing.y_axis.delete = False  # else newer Excel shows no axis
    drawing.y_axis.number_format = "0"
    drawing.y_axis.title = chart.measure or None
    drawing.y_axis.scaling.min = 0
    if chart.lying:
        drawing.x_axis.scaling.orientation = "maxMin"  # the first row on top, as in the table
    if len(chart.series) > 1:
        drawing.legend.position = "b"
    else:
        drawing.legend = None
