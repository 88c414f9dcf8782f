"""What a workbook that was sent back would change: each row found by its key, each cell compared with three texts.

What the cell says now, what it said when it was downloaded (its print stands in the key), and what the system says
today: only so can an edit be told from what somebody else has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import AuditEntry
from accounts.templatetags.shell import when
from campaign.roundtrip import cells, keys
from campaign.roundtrip.cells import Bad, Column, form_of
from campaign.roundtrip.description import Ledger
from campaign.roundtrip.keys import Key
from campaign.roundtrip.reading import KEY, Fault, Sent, SentRow

MOST_CHANGED = 1_000  # rows that are written at once


@dataclass(frozen=True)
class Line:
    """One row that would change; `pk` 0 for a new one. `seen`: print of what the system said when it was compared."""

    pk: int
    name: str
    number: int
    changes: dict[str, str]
    before: dict[str, str]
    places: dict[str, str]
    seen: str = ""

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class Reading:
    """What was found: rows that would change, faults, grey cells that were written into, rows that say the same."""

    sheet: str
    lines: list[Line] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    same: int = 0

    @property
    def changes(self) -> int:
        """How many cells would change; a new row counts as one."""
        return count_changes(self.lines)


def count_changes(lines: Sequence[Line]) -> int:
    return sum(len(line.changes) if line.pk else 1 for line in lines)


def compare(ledger: Ledger, sent: Sent) -> Reading:
    """Judge every row. A fault in one keeps all from being written."""
    reading = Reading(sent.sheet)
    with_keys = dict(_keyed(ledger, sent, reading))
    found = ledger.find([key.pk for key, _row in with_keys.values()])
    for key, row in with_keys.values():
        thing = found.get(key.pk)
        if thing is None:
            gone = _("This row is not in the list here any more, or not yours. Delete the row in the workbook.")
            reading.faults.append(sent.fault(row, KEY, gone))
        else:
            _judge(ledger, sent, reading, key, row, thing)
    if len(reading.lines) > MOST_CHANGED:
        text = _("%(count)s rows are changed; at most %(most)s are written at once. Send the workbook in parts.")
        told = text % {"count": len(reading.lines), "most": MOST_CHANGED}
        reading.faults.append(sent.fault(sent.rows[0], KEY, told))
    reading.lines.sort(key=lambda line: line.number)
    return reading


def _keyed(ledger: Ledger, sent: Sent, reading: Reading) -> Iterator[tuple[int, tuple[Key, SentRow]]]:
    """Rows with a good key, each once; what has none is a new row or a fault."""
    seen: dict[int, int] = {}
    for row in sent.rows:
        text = row.cells[KEY].strip()
        key = keys.unseal(ledger.key, text) if text else None
        if not text:
            _new(ledger, sent, reading, row)
        elif key is None or len(key.prints) != len(ledger.columns):
            bad = _("This key was changed, or belongs to another list. Copy it from the workbook as downloaded.")
            reading.faults.append(sent.fault(row, KEY, bad))
        elif key.pk in seen:
            twice = _("The row with this key stands in row %(row)s already. Delete one of the two.")
            reading.faults.append(sent.fault(row, KEY, twice % {"row": seen[key.pk]}))
        else:
            seen[key.pk] = row.number
            yield key.pk, (key, row)


# ---------------------------------------------------------------- one row
def _judge(ledger: Ledger, sent: Sent, reading: Reading, key: Key, row: SentRow, thing: Any) -> None:
    now = ledger.forms(thing)
    edited = [
        column
        for column, was in zip(ledger.columns, key.prints, strict=True)
        if column.key in sent.places and keys.print_of(form_of(column, row.cells[column.key])) != was
    ]
    faults = len(reading.faults)
    _grey(sent, reading, row, [column for column in edited if not column.editable])
    white = [column for column in edited if column.editable]
    _formulas(ledger, sent, reading, row)
    changes = _taken(sent, reading, row, white, now)
    if not changes and len(reading.faults) == faults:
        reading.same += 1
        return
    if changes:
        _stale(ledger, sent, reading, key, row, thing)
    if len(reading.faults) == faults:
        _refuse_locked(ledger, sent, reading, row, thing, changes)
    if len(reading.faults) == faults:
        before = {name: now[name] for name in changes}
        places = {name: sent.place(row.number, name) for name in (KEY, *sent.places)}
        seen = keys.print_of_row(ledger.changeable_forms(thing))
        reading.lines.append(Line(thing.pk, ledger.name(thing), row.number, changes, before, places, seen))


def _grey(sent: Sent, reading: Reading, row: SentRow, columns: Sequence[Column]) -> None:
    """What was written into grey cells is not taken over, and said so."""
    reading.ignored += [sent.place(row.number, column.key) for column in columns]


def _formulas(ledger: Ledger, sent: Sent, reading: Reading, row: SentRow) -> None:
    for column in ledger.columns:
        place = sent.place(row.number, column.key)
        if column.editable and place in sent.formulas:
            text = _("There is a formula here. Copy the cell and paste it as a value.")
            reading.faults.append(sent.fault(row, column.key, text))


def _taken(sent: Sent, reading: Reading, row: SentRow, edited: Sequence[Column], now: dict[str, str]) -> dict[str, str]:
    """The edited cells that can be taken and say something else than the system."""
    changes = {}
    for column in edited:
        if sent.place(row.number, column.key) in sent.formulas:
            continue
        try:
            form = cells.read(column, row.cells[column.key])
        except Bad as bad:
            reading.faults.append(sent.fault(row, column.key, str(bad)))
            continue
        if form != now.get(column.key, ""):
            changes[column.key] = form
    return changes


def _refuse_locked(
    ledger: Ledger, sent: Sent, reading: Reading, row: SentRow, thing: Any, changes: dict[str, str]
) -> None:
    allowed = ledger.editable(thing)
    for name in changes:
        if name not in allowed:
            text = _("You cannot change this cell now: its state or your posts do not allow it. Put back: %(value)s")
            column = next(column for column in ledger.columns if column.key == name)
            value = cells.shown(column, ledger.forms(thing)[name]) or _("empty")
            reading.faults.append(sent.fault(row, name, text % {"value": value[:80]}))


def _stale(ledger: Ledger, sent: Sent, reading: Reading, key: Key, row: SentRow, thing: Any) -> None:
    """Cells that somebody else has changed since the download, in a row that was edited here too."""
    now = ledger.forms(thing)
    for column, was in zip(ledger.columns, key.prints, strict=True):
        if column.editable and keys.print_of(now[column.key]) != was:
            text = stale_message(ledger, thing, column, row.cells[column.key])
            reading.faults.append(sent.fault(row, column.key, text))


def stale_message(ledger: Ledger, thing: Any, column: Column, found: str) -> str:
    """Both values, and who changed the row last."""
    here = cells.shown(column, ledger.forms(thing)[column.key]) or _("empty")
    told = {"here": here[:80], "sent": found[:80] or _("empty")}
    last = _last_entry(thing)
    if last is None:
        text = _("Changed meanwhile: the system says “%(here)s”, the workbook “%(sent)s”. Download the list again.")
        return text % told
    text = _(
        "%(who)s has changed this row on %(when)s: the system says “%(here)s”, the workbook “%(sent)s”. "
        "Download the list again."
    )
    return text % {**told, "who": last.actor_name, "when": when(last.at)}


def _last_entry(thing: Any) -> AuditEntry | None:
    about = AuditEntry.objects.filter(object_type=thing._meta.label_lower, object_id=str(thing.pk))
    return about.order_by("-at", "-pk").first()


# ---------------------------------------------------------------- a row without a key
def _new(ledger: Ledger, sent: Sent, reading: Reading, row: SentRow) -> None:
    if not ledger.adds:
        text = _("This row has no key, and new rows cannot be added here. Add it on the page of the list.")
        reading.faults.append(sent.fault(row, KEY, text))
        return
    faults = len(reading.faults)
    _formulas(ledger, sent, reading, row)
    written = {column.key for column in ledger.columns if not column.editable and row.cells.get(column.key)}
    _grey(sent, reading, row, [column for column in ledger.columns if column.key in written])
    white = [column for column in ledger.columns if column.editable]
    changes = {column.key: "" for column in white} | _taken(sent, reading, row, white, {})
    if len(reading.faults) == faults:
        places = {name: sent.place(row.number, name) for name in (KEY, *sent.places)}
        name = next((form for form in changes.values() if form), "")
        reading.lines.append(Line(0, name[:60], row.number, changes, {}, places))
