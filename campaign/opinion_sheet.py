"""The workbook of opinions: a template to fill in, and reading it back with every fault named by its cell."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import asdict, dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from python_calamine import CalamineError, CalamineWorkbook

from campaign.forms.opinions import check_text, check_voices
from campaign.models import Opinion
from units.roster.container import check_container
from units.roster.messages import unreadable_message, unreadable_remedy
from units.roster.records import RosterUnreadable
from units.roster.spelling import Day, read_date

MOST_ROWS, MOST_AREA, MOST_BYTES = 500, 100_000, 5 * 1024 * 1024
SHEET = "意见登记"
COLUMNS = {
    "text": "意见",
    "voices": "人数",
    "channel": "渠道",
    "source": "来源",
    "category": "类别",
    "received_on": "收到日期",
}
# What offices write, whatever the language of the page: these are the cells of a Chinese form.
CHANNELS = {
    "座谈会": "meeting",
    "个别访谈": "interview",
    "问卷调查": "questionnaire",
    "意见箱": "box",
    "热线电话": "hotline",
    "网络": "network",
    "其他": "other",
}
SOURCES = {
    "基层单位": "base_unit",
    "服务对象": "service",
    "单位内部职工": "staff",
    "党内群众": "masses_inside",
    "党外群众": "masses_outside",
    "未注明": "unknown",
}
CATEGORIES = {"思想": "thought", "组织": "organisation", "工作": "work", "作风": "style"}
_LISTS = {"channel": CHANNELS, "source": SOURCES, "category": CATEGORIES}


@dataclass(frozen=True)
class Fault:
    """One faulty cell and what to do about it."""

    cell: str
    label: str
    text: str


@dataclass(frozen=True)
class Line:
    """One opinion of a workbook, ready to be kept; `received_on` as ISO so that it can travel in a form."""

    text: str
    voices: int
    channel: str
    source: str
    category: str
    received_on: str

    def data(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Reading:
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def labels() -> dict[str, dict[str, str]]:
    """How the preview names what was chosen, in the reader's language."""
    kinds = {"channel": Opinion.Channel, "source": Opinion.Source, "category": Opinion.Category}
    return {name: {key: str(label) for key, label in kind.choices} for name, kind in kinds.items()}


def template() -> bytes:
    """An empty workbook with the headings, two sample lines and lists to choose from."""
    book = Workbook()
    sheet = book.active
    sheet.title = SHEET
    sheet.append(list(COLUMNS.values()))
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(horizontal="center")
    for at, (name, width) in enumerate(
        {"text": 60, "voices": 8, "channel": 14, "source": 16, "category": 10, "received_on": 14}.items(), start=1
    ):
        letter = sheet.cell(1, at).column_letter
        sheet.column_dimensions[letter].width = width
        if name in _LISTS:
            rule = DataValidation(type="list", formula1='"' + ",".join(_LISTS[name]) + '"', allow_blank=True)
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{MOST_ROWS + 1}")
    sheet.freeze_panes = "A2"
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def read(content: bytes, *, today: dt.date) -> Reading:
    """Read an upload. Raises ValidationError where it is no workbook; faulty cells are listed in the reading."""
    if len(content) > MOST_BYTES:
        raise ValidationError(_("The workbook is larger than 5 MB. Keep to 500 opinions a workbook."))
    try:
        rows = _rows(content)
    except RosterUnreadable as fault:
        raise ValidationError([f(fault.code, fault.params) for f in (unreadable_message, unreadable_remedy)])
    header = next((n for n, row in enumerate(rows[:10]) if "意见" in [str(cell).strip() for cell in row]), None)
    if header is None:
        raise ValidationError(_("No heading “意见” was found. Use the template, and leave its first row."))
    places = {str(cell).strip(): at for at, cell in enumerate(rows[header]) if str(cell).strip()}
    missing = [label for name, label in COLUMNS.items() if name in {"text", "channel"} and label not in places]
    if missing:
        raise ValidationError(_("The column “%(name)s” is missing. Use the template.") % {"name": missing[0]})
    reading = Reading()
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        if any(str(cell).strip() for cell in row):
            _take(reading, _Row(number, row, places), today)
    if len(reading.lines) > MOST_ROWS:
        raise ValidationError(_("There are more than %(most)s opinions. Divide the workbook.") % {"most": MOST_ROWS})
    if not reading.lines and not reading.faults:
        raise ValidationError(_("There is no opinion below the headings."))
    return reading


def _rows(content: bytes) -> list[list[Any]]:
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        file.write(content)
        file.flush()
        check_container(Path(file.name))
        try:
            with CalamineWorkbook.from_path(file.name) as book:
                sheet = book.get_sheet_by_name(SHEET if SHEET in book.sheet_names else book.sheet_names[0])
                last_row, last_column = sheet.end or (0, 0)
                if (last_row + 1) * (last_column + 1) > MOST_AREA:
                    raise RosterUnreadable("too_large", size=f"{last_row + 1} × {last_column + 1}")
                return sheet.to_python(skip_empty_area=False)
        except (CalamineError, OSError, ValueError) as error:
            raise RosterUnreadable("damaged") from error


@dataclass(frozen=True)
class _Row:
    number: int
    cells: list[Any]
    places: dict[str, int]

    def raw(self, name: str) -> Any:
        at = self.places.get(COLUMNS[name], len(self.cells))
        return self.cells[at] if at < len(self.cells) else ""

    def text(self, name: str) -> str:
        raw = self.raw(name)
        return str(int(raw) if isinstance(raw, float) and raw.is_integer() else raw).strip()

    def cell(self, name: str) -> str:
        at = self.places.get(COLUMNS[name], 0)
        return f"{chr(65 + at)}{self.number}" if at < 26 else str(self.number)


def _take(reading: Reading, row: _Row, today: dt.date) -> None:
    found: dict[str, Any] = {}
    for name in COLUMNS:
        try:
            found[name] = _value(name, row, today)
        except ValidationError as fault:
            reading.faults.append(Fault(row.cell(name), COLUMNS[name], " ".join(fault.messages)))
    if len(found) == len(COLUMNS):
        reading.lines.append(Line(**found))


def _value(name: str, row: _Row, today: dt.date) -> Any:
    text = row.text(name)
    if name == "text":
        return check_text(text)
    if name == "voices":
        return check_voices(text or "1")
    if name in _LISTS:
        return _chosen(name, text)
    if not text:
        return today.isoformat()
    return _day(row.raw(name), today)


def _chosen(name: str, text: str) -> str:
    blank = {"source": str(Opinion.Source.UNKNOWN), "category": ""}
    if not text and name in blank:
        return blank[name]
    if text not in _LISTS[name]:
        choices = "、".join(_LISTS[name])
        raise ValidationError(_("“%(text)s” is none of: %(choices)s.") % {"text": text, "choices": choices})
    return _LISTS[name][text]


def _day(raw: Any, today: dt.date) -> str:
    day = read_date(raw)
    if not isinstance(day, Day):
        raise ValidationError(_("“%(text)s” is no date. Write it like 2005-03-01.") % {"text": raw})
    if day.date > today:
        raise ValidationError(_("This day is still to come."))
    return day.date.isoformat()
