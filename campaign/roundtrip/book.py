"""The workbook that is given out: what may be changed, the list with a key in each row, the words to choose from.

What must not be changed is locked and grey; the protection has no password, it only keeps one from slips.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from accounts import audit, clock
from accounts.models import User
from accounts.templatetags.shell import gap
from campaign.roundtrip import keys
from campaign.roundtrip.cells import Column, Kind, escaped, form_of, tidy, written
from campaign.roundtrip.description import Ledger

DOWNLOADED = audit.action("roundtrip.downloaded", gettext_lazy("Downloaded a list to edit it in Excel"))
KEY_HEADING = gettext_lazy("Row key (leave as it is)")
MOST_ROWS = 5_000
FREE_ROWS = 100  # empty rows in which new entries can be written
HEADER = 3
_LIKE_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_THIN = Side(style="thin", color="FFB9C0CA")
_GRID = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_GREY = PatternFill("solid", start_color="FFECEEF2", end_color="FFECEEF2")
_TEXT = Alignment(vertical="top", wrap_text=True)


def _font(*, size: int = 11, **look: Any) -> Font:
    return Font(name="Calibri", size=size, **look)


class TooMany(Exception):
    """The list is longer than a workbook may be."""


@dataclass
class _Styles:
    """One cell of each look; the others copy it, which is many times faster than setting it anew."""

    sheet: Any

    def __post_init__(self) -> None:
        self.heading = self._cell(_font(bold=True), _GREY, Alignment(horizontal="center", vertical="center",
                                  wrap_text=True), locked=True)  # fmt: skip
        self.key = self._cell(_font(size=6, color="FF8A93A0"), _GREY, Alignment(vertical="top"), locked=True)
        self.locked = self._cell(_font(color="FF4A5360"), _GREY, _TEXT, locked=True)
        self.open = self._cell(None, None, _TEXT, locked=False)
        self.open.number_format = "@"
        self.date = self._cell(None, None, _TEXT, locked=False)
        self.date.number_format = "yyyy-mm-dd"

    def _cell(self, font: Any, fill: Any, alignment: Any, *, locked: bool) -> Any:
        cell = WriteOnlyCell(self.sheet)
        cell.alignment, cell.border = alignment, _GRID
        cell.protection = Protection(locked=locked)
        if font is not None:
            cell.font = font
        if fill is not None:
            cell.fill = fill
        return cell

    def like(self, model: Any, value: Any) -> Any:
        """A cell that looks like the model; a text stays a text, whatever it begins with."""
        cell = WriteOnlyCell(self.sheet)
        cell._style = copy(model._style)
        text = escaped(value) if isinstance(value, str) else value
        if text not in ("", None):
            cell.value = text
        if isinstance(text, str) and text:
            cell.data_type = "s"
            if text.startswith(_LIKE_FORMULA):
                cell.quotePrefix = True
        return cell


def download(*, by: User, ledger: Ledger, rows: Iterable[Any]) -> bytes:
    """The workbook; the history says who took it and how many rows. Raises TooMany."""
    listed = list(itertools.islice(rows, MOST_ROWS + 1))
    if len(listed) > MOST_ROWS:
        raise TooMany
    book = Workbook(write_only=True)
    _instructions(book, by, ledger, len(listed))
    lists = _list_ranges(ledger)
    _list(book, ledger, listed, lists)
    _choices(book, ledger)
    data = {"list": ledger.key, "rows": len(listed)}
    audit.record(DOWNLOADED, by=by, obj=ledger.organization, organization=ledger.organization, data=data)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


# ---------------------------------------------------------------- the first sheet
def _instructions(book: Any, by: User, ledger: Ledger, count: int) -> None:
    sheet = book.create_sheet(_("How to fill in"))
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 18, 76
    sheet.protection.sheet = True
    _on_paper(sheet)
    now = timezone.localtime(clock.now())
    title = WriteOnlyCell(sheet, f"{ledger.title}")
    title.font = _font(bold=True, size=14)
    sheet.append([title])
    rows = ngettext("%(count)d row", "%(count)d rows", count) % {"count": count}
    told = [
        (_("Organisation"), ledger.organization.name),
        (_("As of"), f"{now:%Y-%m-%d %H:%M}"),
        (_("Downloaded by"), f"{by}"),
        (_("Contains"), rows),
    ]
    for label, text in told:
        sheet.append([_plain(sheet, label), _plain(sheet, text)])
    sheet.append([])
    for number, sentence in enumerate(_sentences(ledger), 1):
        sheet.append([_plain(sheet, f"{number}."), _plain(sheet, sentence)])
    sheet.append([])
    sheet.append([_plain(sheet, _("Column"), bold=True), _plain(sheet, _("What may stand there"), bold=True)])
    start = len(told) + len(_sentences(ledger)) + 5
    for at, column in enumerate(ledger.columns, start):
        explained = _explained(column)
        sheet.row_dimensions[at].height = _height([(explained, 76)])
        sheet.append([_plain(sheet, str(column.label)), _plain(sheet, explained)])


def _plain(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, tidy(text))
    cell.data_type, cell.alignment = "s", _TEXT
    if bold:
        cell.font = _font(bold=True)
    return cell


def _sentences(ledger: Ledger) -> list[str]:
    found = [
        _("Change only white cells. Grey ones are for information; what is written there is not taken over."),
        _("Leave the first column as it is: it says which row is which. Rows may be put in another order."),
        _("A row that is deleted here stays in the system as it is. Nothing is deleted through Excel."),
        _("Write values, no formulas. A formula is refused with its cell named."),
        _("Send the workbook back on the page of the list. You see what would change before anything is saved."),
        _("If somebody else changes a row meanwhile, yours is not taken over; you are shown both."),
    ]
    if ledger.adds:
        new = _("New entries go into the empty rows below the list, without a key in the first column.")
    else:
        new = _("New rows cannot be added here; add them on the page of the list.")
    return [
        *found,
        new,
        _("The sheet is protected against slips only; the protection can be lifted, without a password."),
    ]


def _explained(column: Column) -> str:
    limits = {
        Kind.READONLY: _("For information, not to be changed."),
        Kind.CHOICE: _("One of: %(choices)s.") % {"choices": " / ".join(map(str, (column.choices or {}).values()))},
        Kind.DATE: _("A day, such as 2026-11-26."),
        Kind.INTEGER: _("A whole number of up to %(most)s.") % {"most": column.most},
        Kind.TEXT: _("A text of up to %(most)s characters.") % {"most": column.most},
    }
    must = _("Must not be empty.") if column.required else ""
    if column.kind == Kind.CHOICE and len(column.choices or {}) > 20:
        limits[Kind.CHOICE] = _("One of the list that the cell offers.")
    return gap().join(filter(None, [limits[column.kind], must, str(column.hint)]))


# ---------------------------------------------------------------- the list
def _list(book: Any, ledger: Ledger, listed: Sequence[Any], lists: dict[str, str]) -> None:
    sheet = book.create_sheet(str(ledger.title)[:31])
    styles = _Styles(sheet)
    _layout(sheet, ledger, len(listed), lists)
    title = WriteOnlyCell(sheet, tidy(f"{ledger.title} · {ledger.organization.name}"))
    title.font, title.data_type = _font(bold=True, size=14), "s"
    sheet.append([None, title])
    note = _plain(sheet, _("White cells may be changed. How, says the first sheet."))
    note.alignment = Alignment(vertical="top")
    sheet.append([None, note])
    headings = [str(column.label) for column in ledger.columns]
    widths = [column.width for column in ledger.columns]
    sheet.row_dimensions[HEADER].height = _height(zip(headings, widths, strict=True)) + 4
    first = styles.like(styles.key, str(KEY_HEADING))
    sheet.append([first, *(styles.like(styles.heading, text) for text in headings)])
    for at, row in enumerate(listed, HEADER + 1):
        cells = _cells(styles, ledger, row)
        sheet.row_dimensions[at].height = _height(zip((cell.value for cell in cells[1:]), widths, strict=True))
        sheet.append(cells)
    if ledger.adds:
        blank = [
            styles.like(styles.key, ""),
            *(_cell(styles, column, "", column.editable) for column in ledger.columns),
        ]
        for _row in range(FREE_ROWS):
            sheet.append(blank)


def _height(cells: Iterable[tuple[Any, int]]) -> float:
    """Points for the most lines that a cell of the row needs; not every program finds out by itself."""
    lines = [
        sum(max(1, -(-sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) // (width - 1))) for line in text)
        for value, width in cells
        if (text := str(value or "").split("\n"))
    ]
    return min(409.0, 16.0 * max(lines, default=1))


def _cells(styles: _Styles, ledger: Ledger, row: Any) -> list[Any]:
    forms, allowed = ledger.forms(row), ledger.editable(row)
    prints = [keys.print_of(form_of(column, _said(column, forms[column.key]))) for column in ledger.columns]
    key = keys.seal(ledger.key, row.pk, prints)
    cells = [_cell(styles, column, forms[column.key], column.key in allowed) for column in ledger.columns]
    return [styles.like(styles.key, key), *cells]


def _said(column: Column, form: str) -> str:
    """What is read from the cell if nobody touches it."""
    value = written(column, form)
    return value if isinstance(value, str) else str(value)


def _cell(styles: _Styles, column: Column, form: str, allowed: bool) -> Any:
    model = styles.locked if not allowed else styles.date if column.kind == Kind.DATE else styles.open
    cell = styles.like(model, written(column, form))
    if column.kind == Kind.DATE:
        cell.number_format = "yyyy-mm-dd"
    elif column.kind == Kind.INTEGER:
        cell.number_format = "0"
    return cell


def _layout(sheet: Any, ledger: Ledger, count: int, lists: dict[str, str]) -> None:
    sheet.column_dimensions["A"].width = 4
    last = HEADER + count + (FREE_ROWS if ledger.adds else 0)
    for at, column in enumerate(ledger.columns, 2):
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = column.width
        rule = _validation(column, lists)
        if rule is not None and last > HEADER:
            rule.add(f"{letter}{HEADER + 1}:{letter}{last}")
            sheet.data_validations.append(rule)
    protection = sheet.protection
    protection.sheet = True
    protection.formatColumns = protection.formatRows = protection.sort = protection.autoFilter = False  # allowed
    protection.deleteRows = False
    sheet.auto_filter.ref = f"A{HEADER}:{get_column_letter(len(ledger.columns) + 1)}{max(last, HEADER)}"
    sheet.freeze_panes = f"C{HEADER + 1}"
    sheet.print_title_rows = f"{HEADER}:{HEADER}"
    sheet.page_setup.orientation = "landscape"
    _on_paper(sheet)


def _on_paper(sheet: Any) -> None:
    sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = Worksheet.PAPERSIZE_A4, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _validation(column: Column, lists: dict[str, str]) -> DataValidation | None:
    if column.kind == Kind.CHOICE and column.key in lists:
        rule = DataValidation("list", formula1=lists[column.key], allow_blank=not column.required)
        rule.error = _("Choose one of the list.")
    elif column.kind == Kind.DATE:
        rule = DataValidation("date", operator="greaterThan", formula1="18264", allow_blank=not column.required)
        rule.error = _("Write a day, such as 2026-11-26.")
        rule.errorStyle = "warning"  # a day written as text is understood all the same
    elif column.kind == Kind.INTEGER:
        rule = DataValidation("whole", operator="between", formula1="0", formula2=str(column.most), allow_blank=True)
        rule.error = _("Write digits only.")
    else:
        return None
    rule.showErrorMessage = True
    return rule


# ---------------------------------------------------------------- the words to choose from
def _with_choices(ledger: Ledger) -> list[Column]:
    return [column for column in ledger.columns if column.kind == Kind.CHOICE and column.choices]


def _list_ranges(ledger: Ledger) -> dict[str, str]:
    """Column -> where its words stand; a list inside the rule itself may have 255 characters and no comma."""
    name = quote_sheetname(_("Choices"))
    return {
        column.key: f"{name}!${get_column_letter(at)}$1:${get_column_letter(at)}${len(column.choices or {})}"
        for at, column in enumerate(_with_choices(ledger), 1)
    }


def _choices(book: Any, ledger: Ledger) -> None:
    columns = _with_choices(ledger)
    if not columns:
        return
    sheet = book.create_sheet(_("Choices"))
    sheet.sheet_state = "hidden"
    words = [[str(word) for word in (column.choices or {}).values()] for column in columns]
    for row in itertools.zip_longest(*words, fillvalue=""):
        sheet.append([_plain(sheet, word) for word in row])
