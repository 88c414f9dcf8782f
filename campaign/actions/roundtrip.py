"""A list edited in Excel: kept to be looked at, applied as a whole or not at all, given up (conventions, workbooks)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import PurePath

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import audit, clock
from accounts.models import User
from campaign.models.roundtrip import KEPT_HOURS, SentWorkbook
from campaign.roundtrip import keys
from campaign.roundtrip.comparing import Line, Reading, count_changes, stale_message
from campaign.roundtrip.description import Ledger, Refused
from campaign.roundtrip.reading import KEY, Fault

APPLIED = audit.action("roundtrip.applied", gettext_lazy("Applied a list edited in Excel"))


class WorkbookRefused(Exception):
    """Nothing was written; `faults` says why, cell by cell."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(faults)
        self.faults = list(faults)


class AppliedBefore(Exception):
    """The workbook was applied or given up already, or has waited too long."""


def rehearse(*, by: User, ledger: Ledger, reading: Reading) -> None:
    """Write everything and take it back: what the actions of the page refuse is found before anybody confirms.

    Adds to the faults of the reading.
    """
    with transaction.atomic():
        faults = _write(by, ledger, reading.sheet, reading.lines)
        transaction.set_rollback(True)
    reading.faults.extend(faults)
    reading.faults.sort(key=lambda fault: fault.order)


@transaction.atomic
def send_back(*, by: User, ledger: Ledger, file_name: str, reading: Reading) -> SentWorkbook:
    """Keep what a faultless workbook would change until it is confirmed; the file is not kept.

    What the same person sent of the same list before is given up.
    """
    waiting = SentWorkbook.objects.filter(state=SentWorkbook.State.WAITING)
    waiting.filter(sent_by=by, ledger=ledger.key, place=ledger.place).delete()
    return SentWorkbook.objects.create(
        ledger=ledger.key,
        place=ledger.place,
        sent_by=by,
        file_name=PurePath(file_name).name[:200],
        sheet=reading.sheet[:60],
        lines=[line.to_json() for line in reading.lines],
        ignored=reading.ignored,
        same=reading.same,
        changes=reading.changes,
    )


@transaction.atomic
def apply_workbook(*, by: User, sent: SentWorkbook, ledger: Ledger) -> int:
    """Write all that was looked at, through the actions of the page, each row with its own history; returns how many
    cells changed.

    Checked again row by row: raises WorkbookRefused, with nothing written, where a row has changed since or the rules
    no longer allow it. Raises AppliedBefore when it was done already.
    """
    lines = [Line(**line) for line in sent.lines]
    now = clock.now()
    swapped = SentWorkbook.objects.visible_to(by).waiting().filter(pk=sent.pk)
    if not swapped.update(state=SentWorkbook.State.APPLIED, applied_at=now, lines=[]):
        raise AppliedBefore
    if faults := _write(by, ledger, sent.sheet, lines):
        raise WorkbookRefused(faults)
    count = count_changes(lines)
    data = {"list": ledger.key, "file": sent.file_name, "rows": len(lines), "changes": count}
    audit.record(APPLIED, by=by, obj=ledger.organization, organization=ledger.organization, data=data)
    return count


@transaction.atomic
def give_up(*, by: User, sent: SentWorkbook) -> None:
    """Leave everything as it is. Raises AppliedBefore when it was applied meanwhile."""
    waiting = SentWorkbook.objects.visible_to(by).filter(pk=sent.pk, state=SentWorkbook.State.WAITING)
    if not waiting.delete()[0]:
        raise AppliedBefore


def forget_unconfirmed() -> int:
    """Let go of what has waited too long to be confirmed; returns how many workbooks."""
    oldest = clock.now() - dt.timedelta(hours=KEPT_HOURS)
    late = SentWorkbook.objects.filter(state=SentWorkbook.State.WAITING, sent_at__lt=oldest)
    return late.delete()[0]


# ---------------------------------------------------------------- row by row
def _write(by: User, ledger: Ledger, sheet: str, lines: Sequence[Line]) -> list[Fault]:
    """Write each row in a savepoint of its own, so that every fault is found, not only the first."""
    rows = ledger.find([line.pk for line in lines if line.pk], lock=True)
    faults: list[Fault] = []
    for line in lines:
        row = rows.get(line.pk)
        found = _stopped(ledger, sheet, line, row) if line.pk else []
        if found:
            faults += found
            continue
        try:
            with transaction.atomic():
                if row is not None:
                    ledger.write(by=by, row=row, changes=line.changes)
                else:
                    ledger.add(by=by, changes=line.changes)
        except Refused as refused:
            faults += [_fault(ledger, sheet, line, column, text) for column, text in refused.faults]
    return faults


def _stopped(ledger: Ledger, sheet: str, line: Line, row: object | None) -> list[Fault]:
    """Why a row cannot be written any more: gone, changed since it was compared, or no longer the user's to change."""
    if row is None:
        gone = _("This row is not in the list here any more, or not yours. Delete the row in the workbook.")
        return [_fault(ledger, sheet, line, KEY, gone)]
    if keys.print_of_row(ledger.changeable_forms(row)) != line.seen:
        first = next(column for column in ledger.columns if column.key in line.changes)
        return [_fault(ledger, sheet, line, first.key, stale_message(ledger, row, first, line.changes[first.key]))]
    allowed = ledger.editable(row)
    text = _("You cannot change this cell now: its state or your posts do not allow it.")
    return [_fault(ledger, sheet, line, name, text) for name in line.changes if name not in allowed]


def _fault(ledger: Ledger, sheet: str, line: Line, column: str, text: str) -> Fault:
    """A fault in a cell of the line; where the refusal names no column, in the first that was changed."""
    known = {each.key: each for each in ledger.columns}
    name = column if column in line.places else next(iter(line.changes), KEY)
    label = str(known[name].label) if name in known else ""
    return Fault(sheet, line.places.get(name, f"A{line.number}"), label, line.changes.get(name, ""), text)
