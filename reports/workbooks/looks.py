"""The few cell styles of a summary, each registered once in a workbook and then only a number."""

from __future__ import annotations

from typing import Any

from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side

from ..documents import measures as m

FORMATS = {"text": "@", "serial": "0", "int": "0", "decimal": "0.0", "percent": "0.0%", "date": "yyyy-mm-dd"}
SIDES = {"text": "left", "serial": "center", "date": "center"}
LINE = Side(style="thin", color="FF000000")
BOX = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
BODY_SIZE = 11
TITLE_SIZE = 18
LINK_BLUE = "FF0B5394"


class Looks:
    """Style numbers of one workbook, as the text that a cell's `s` attribute takes."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self.title = self._register(Font(name=m.XIAO_BIAO_SONG, size=TITLE_SIZE), horizontal="center", wrap=True)
        plain = Font(name=m.SONG_TI, size=BODY_SIZE)
        self.left = self._register(plain, horizontal="left")
        self.centre = self._register(plain, horizontal="center")
        self.right = self._register(plain, horizontal="right")
        self.note = self._register(plain, horizontal="left", wrap=True)
        head = Font(name=m.HEI_TI, size=BODY_SIZE)
        self.head = self._register(head, horizontal="center", wrap=True, box=True)
        self.link = self._register(
            Font(name=m.SONG_TI, size=BODY_SIZE, color=LINK_BLUE, underline="single"), horizontal="left", box=True
        )
        self.back = self._register(
            Font(name=m.SONG_TI, size=BODY_SIZE, color=LINK_BLUE, underline="single"), horizontal="right"
        )
        self.blank = self._register(plain, horizontal="center", box=True)
        self.body = {kind: self._kind(plain, kind) for kind in FORMATS}
        self.total = {kind: self._kind(head, kind) for kind in FORMATS}
        # Text that a spreadsheet would take for a formula once somebody edits the cell.
        self.quoted = self._register(
            plain, number_format="@", horizontal="left", wrap=True, indent=1, box=True, quote=True
        )

    def _kind(self, font: Font, kind: str) -> str:
        return self._register(
            font,
            number_format=FORMATS[kind],
            horizontal=SIDES.get(kind, "right"),
            wrap=kind == "text",
            indent=1 if kind == "text" else 0,
            box=True,
        )

    def _register(
        self,
        font: Font,
        *,
        horizontal: str,
        number_format: str = "General",
        wrap: bool = False,
        indent: int = 0,
        box: bool = False,
        quote: bool = False,
    ) -> str:
        cell = WriteOnlyCell(self._sheet)
        cell.font = font
        cell.number_format = number_format
        cell.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap, indent=indent)
        if box:
            cell.border = BOX
        if quote:
            cell.quotePrefix = True
        return str(cell.style_id)
