"""The summary workbook (汇总表): an index and one sheet a table, to conventions of office tables."""

from __future__ import annotations

import math
from collections.abc import Callable
from io import BytesIO
from types import TracebackType
from typing import IO, Self

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink

from ..documents import words
from ..documents.text import clean_line
from .body import lines_needed, write_body, write_totals
from .charts import COLUMN_WIDTH, COLUMNS, draw
from .head import Span, lay_out
from .looks import BODY_SIZE, TITLE_SIZE, Looks
from .spec import Chart, Footer, SheetSpec
from .stream import Row, StreamedSheet

LONGEST_NAME = 31
NOT_IN_NAMES = str.maketrans("[]:*?/\\'", "［］：＊？／＼’")
LANDSCAPE_A4 = "9"
BACK_WIDTH = 11
INDEX_WIDTHS = (8, 44, 66, 10)
Progress = Callable[[int], None]


class SummaryWorkbook:
    """Add sheets, then save once. Rows go to temporary files at once, so that memory stays flat.

    Leave it through `with`: what was not saved is removed.
    """

    def __init__(self, title: str, *, author: str = "", subtitle: str = "") -> None:
        """`subtitle` stands under the title of the index: as of when, and by whom."""
        self.title, self.subtitle = clean_line(title)[0], clean_line(subtitle)[0]
        self.removed_characters = 0
        self._book = Workbook(write_only=True)
        self._book.calculation.fullCalcOnLoad = True
        self._book.properties.title, self._book.properties.creator = self.title, clean_line(author)[0]
        self._index = self._new_sheet(words.INDEX)
        self._looks = Looks(self._index)
        self._entries: list[tuple[str, str, str, int | None]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for sheet in self._book.worksheets:
            sheet.discard()

    def add(self, spec: SheetSpec, *, progress: Progress | None = None) -> Self:
        """Write one sheet. Raises `TotalsDiffer` or `CellRefused`, after which the workbook must not be saved.

        `progress` is told the number of rows written, every few hundred.
        """
        sheet = self._new_sheet(self._free_name(spec.name))
        heads, spans = lay_out([column.header for column in spec.columns])
        last = len(spec.columns)
        first_body = 3 + len(heads)
        self._set_up(sheet, spec, first_body)
        title = self._clean(spec.title)
        width = sum(column.used_width for column in spec.columns)
        row = Row(1, 12 + 26 * lines_needed(title, width * BODY_SIZE / TITLE_SIZE))
        row.text(1, title, self._looks.title)
        row.text(last + 1, words.BACK, self._looks.back)
        sheet.send(row)
        _merge(sheet, 1, 1, 1, last)
        _link(sheet, f"{get_column_letter(last + 1)}1", words.INDEX, words.BACK)
        self._second_row(sheet, spec)
        self._heads(sheet, spec, heads, spans)
        body = write_body(sheet, spec, self._looks, first_body, progress)
        self.removed_characters += body.removed
        next_row = write_totals(sheet, spec, self._looks, body)
        last_row = self._below(sheet, spec, next_row)
        sheet.print_area = f"A1:{get_column_letter(last)}{last_row}"
        sheet.print_title_rows = f"3:{first_body - 1}"
        self._entries.append((sheet.title, title, self._clean(spec.about), body.rows))
        if spec.chart and body.rows:
            self._add_chart(spec, spec.chart, sheet, first_body, body.rows)
        return self

    @property
    def tables(self) -> int:
        """How many sheets it has, the index left out."""
        return len(self._entries)

    def save(self, stream: IO[bytes]) -> None:
        """Write the workbook, once."""
        self._write_index()
        self._book.save(stream)

    def to_bytes(self) -> bytes:
        stream = BytesIO()
        self.save(stream)
        return stream.getvalue()

    def _new_sheet(self, name: str) -> StreamedSheet:
        sheet = StreamedSheet(self._book, title=name)
        self._book._add_sheet(sheet)
        return sheet

    def _clean(self, text: str) -> str:
        kept, removed = clean_line(text)
        self.removed_characters += removed
        return kept

    def _free_name(self, wanted: str) -> str:
        """A sheet name that Excel takes: no forbidden character, at most 31 long, and not there yet."""
        name = (self._clean(wanted).translate(NOT_IN_NAMES) or words.SHEET)[:LONGEST_NAME]
        taken = {title.casefold() for title in self._book.sheetnames}
        free, number = name, 2
        while free.casefold() in taken:
            mark = f"（{number}）"
            free, number = name[: LONGEST_NAME - len(mark)] + mark, number + 1
        return free

    def _set_up(self, sheet: StreamedSheet, spec: SheetSpec, first_body: int) -> None:
        """Everything that the file format wants before the rows: widths, frozen panes, the printed page."""
        for index, column in enumerate(spec.columns, 1):
            sheet.column_dimensions[get_column_letter(index)].width = column.used_width
        back = get_column_letter(len(spec.columns) + 1)  # beside the printed area
        sheet.column_dimensions[back].width = BACK_WIDTH
        sheet.sheet_format.defaultRowHeight, sheet.sheet_format.customHeight = 20, True
        sheet.freeze_panes = f"{get_column_letter(spec.name_column + 2)}{first_body}"
        _print_on_a4(sheet)

    def _add_chart(self, spec: SheetSpec, chart: Chart, data: StreamedSheet, first: int, rows: int) -> None:
        """A sheet of its own, which is printed on one page."""
        sheet = self._new_sheet(self._free_name(f"{data.title[: LONGEST_NAME - 1]}{words.CHART}"))
        for number in range(1, COLUMNS + 2):
            sheet.column_dimensions[get_column_letter(number)].width = COLUMN_WIDTH
        _print_on_a4(sheet)
        sheet.page_setup.fitToHeight = 1
        title = self._clean(chart.title)
        row = Row(1, 38)
        row.text(1, title, self._looks.title)
        row.text(COLUMNS + 1, words.BACK, self._looks.back)
        sheet.send(row)
        _merge(sheet, 1, 1, 1, COLUMNS)
        _link(sheet, f"{get_column_letter(COLUMNS + 1)}1", words.INDEX, words.BACK)
        row = Row(2, 22)
        row.text(1, f"{words.REPORTING_UNIT}{self._clean(spec.reporting_unit)}　{spec.date_text}", self._looks.left)
        sheet.send(row)
        end = 3 + draw(sheet, spec, chart, data, first, rows, 4)
        sheet.print_area = f"A1:{get_column_letter(COLUMNS)}{end}"
        self._entries.append((sheet.title, title, f"{words.CHART_OF}{data.title}", None))

    def _second_row(self, sheet: StreamedSheet, spec: SheetSpec) -> None:
        """填报单位 left, the date in the middle, the unit right; in one cell where the table is too narrow."""
        last, looks = len(spec.columns), self._looks
        unit = f"{words.REPORTING_UNIT}{self._clean(spec.reporting_unit)}"
        date = self._clean(spec.date_text)
        measure = self._clean(spec.unit_text)
        measure = measure and f"{words.UNIT}{measure.removeprefix(words.UNIT)}"
        row = Row(2, 22)
        if last < 3:
            row.text(1, "　".join(part for part in (unit, date, measure) if part), looks.left)
            _merge(sheet, 2, 1, 2, last)
        else:
            first_end, second_end = _thirds([column.used_width for column in spec.columns])
            row.text(1, unit, looks.left)
            row.text(first_end + 1, date, looks.centre)
            row.text(second_end + 1, measure, looks.right)
            for left, right in ((1, first_end), (first_end + 1, second_end), (second_end + 1, last)):
                _merge(sheet, 2, left, 2, right)
        sheet.send(row)

    def _heads(self, sheet: StreamedSheet, spec: SheetSpec, heads: list[list[str]], spans: list[Span]) -> None:
        for level, texts in enumerate(heads):
            lines = [
                math.ceil(len(column.header[-1]) * 2 / max(column.used_width - 1, 2))
                for column in spec.columns
                if len(column.header) == level + 1
            ]
            room = len(heads) - level if level == len(heads) - 1 or len(heads) == 1 else 2
            row = Row(3 + level, max(22, 16 * math.ceil(max(lines, default=1) / room)))
            for index, text in enumerate(texts, 1):
                if text:
                    row.text(index, self._clean(text), self._looks.head)
                else:
                    row.blank(index, self._looks.head)
            sheet.send(row)
        for span in spans:
            _merge(sheet, 3 + span.top, span.left + 1, 3 + span.bottom, span.right + 1)

    def _below(self, sheet: StreamedSheet, spec: SheetSpec, first: int) -> int:
        """Notes and the line of names, each across the whole table. Returns the last row."""
        last = len(spec.columns)
        width = sum(column.used_width for column in spec.columns)
        lines = (*spec.notes, _footer_line(spec.footer))
        for at, line in enumerate(lines, first):
            row, text = Row(at, 22), self._clean(line)
            row.need_lines(lines_needed(text, width))
            row.text(1, text, self._looks.note)
            sheet.send(row)
            _merge(sheet, at, 1, at, last)
        return first + len(lines) - 1

    def _write_index(self) -> None:
        sheet, looks, last = self._index, self._looks, len(INDEX_WIDTHS)
        for index, width in enumerate(INDEX_WIDTHS, 1):
            sheet.column_dimensions[get_column_letter(index)].width = width
        sheet.freeze_panes = "A4"
        _print_on_a4(sheet)
        for number, height, text, style in ((1, 36, self.title, looks.title), (2, 22, self.subtitle, looks.centre)):
            row = Row(number, height)
            row.text(1, text, style)
            sheet.send(row)
            _merge(sheet, number, 1, number, last)
        row = Row(3, 22)
        for column, text in enumerate(words.INDEX_HEAD, 1):
            row.text(column, text, looks.head)
        sheet.send(row)
        for position, entry in enumerate(self._entries, 1):
            self._index_row(position, *entry)
        end = 3 + len(self._entries)
        sheet.print_area, sheet.print_title_rows = f"A1:{get_column_letter(last)}{end}", "3:3"

    def _index_row(self, position: int, name: str, title: str, about: str, rows: int | None) -> None:
        row = Row(3 + position, 22)
        row.number(1, position, self._looks.blank)
        row.text(2, title, self._looks.link)
        row.need_lines(lines_needed(about, INDEX_WIDTHS[2]))
        row.text(3, about, self._looks.body["text"])
        if rows is None:
            row.blank(4, self._looks.body["int"])
        else:
            row.number(4, rows, self._looks.body["int"])
        self._index.send(row)
        _link(self._index, f"B{3 + position}", name, title)


def _link(sheet: StreamedSheet, at: str, name: str, shown: str) -> None:
    sheet._hyperlinks.append(Hyperlink(ref=at, location=f"'{name}'!A1", display=shown, tooltip=shown))


def _merge(sheet: StreamedSheet, top: int, left: int, bottom: int, right: int) -> None:
    if (top, left) != (bottom, right):
        sheet.merged_cells.add(f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}")


def _print_on_a4(sheet: StreamedSheet) -> None:
    sheet.page_setup.paperSize, sheet.page_setup.orientation = LANDSCAPE_A4, "landscape"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_options.horizontalCentered = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top, sheet.page_margins.bottom = 0.7, 0.7
    sheet.oddFooter.center.text = words.SHEET_FOOTER


def _thirds(widths: list[float]) -> tuple[int, int]:
    """Where the first and the second third of the table's width end, each at least one column wide."""
    whole, run = sum(widths), 0.0
    ends: list[int] = []
    for index, width in enumerate(widths, 1):
        run += width
        if len(ends) < 2 and run >= whole * (len(ends) + 1) / 3:
            ends.append(index)
    first = min(ends[0], len(widths) - 2)
    return first, min(max(ends[1] if len(ends) > 1 else first + 1, first + 1), len(widths) - 1)


def _footer_line(footer: Footer) -> str:
    """The four labels with their names, or room for a pen."""
    parts = (
        (words.RESPONSIBLE, footer.responsible),
        (words.REVIEWER, footer.reviewer),
        (words.PREPARER, footer.preparer),
        (words.PHONE, footer.phone),
    )
    return "　　".join(f"{label}{name or '　' * 5}" for label, name in parts)
