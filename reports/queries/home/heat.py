"""The weekly reports by superior organisation and week, as the heat table of a home page shows them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.queries.cells import SIGNS, Column, Grid, Group, Line, Tally
from reports.queries.links import link
from reports.weeks import Status

SHOWN = 12  # weeks that fit a screen; rates are over all weeks
BAD = 2  # reports missing in a week from which the darkest tint begins
CHASED = 2


@dataclass(frozen=True)
class Cell:
    """One superior organisation in one week: what stands there, its tint, and the whole of it for who hears it."""

    text: str
    css: str
    spoken: str
    current: bool
    quiet: bool = False  # nothing to follow up: no link


@dataclass(frozen=True)
class Row:
    """A superior organisation and its weeks; `url` leads to its units."""

    name: str
    units: int
    cells: list[Cell]
    tally: Tally
    url: str


@dataclass(frozen=True)
class Heat:
    """The table, and the sentence that names whom to look at first."""

    columns: list[Column]
    rows: list[Row]
    chase: list[str]
    hidden: int  # earlier weeks that are not shown

    @property
    def keys(self) -> list[tuple[str, str, str]]:
        return keys()


def keys() -> list[tuple[str, str, str]]:
    """Sign, tint and meaning, as the key below the table lists them."""
    late, missing = SIGNS[Status.LATE][0], SIGNS[Status.MISSING][0]
    return [
        ("✓", "g-ok", _("All on time")),
        (f"{late}1", "g-late", _("Only late ones")),
        (f"{missing}1", "g-h2", _("One missing")),
        (f"{missing}{BAD}", "g-miss", _("Two or more missing")),
        (str(SIGNS[Status.EXCUSED][0]), "g-ex", str(SIGNS[Status.EXCUSED][2])),
    ]


def heat_of(grid: Grid) -> Heat:
    """No query: all from the grid."""
    shown = grid.columns[-SHOWN:]
    rows = [_row(group, shown) for group in grid.groups]
    return Heat(shown, rows, [_sentence(line) for line in _worst(grid.lines)], len(grid.columns) - len(shown))


def _row(group: Group, shown: Sequence[Column]) -> Row:
    superior = group.superior
    cells = [cell(tally, column) for tally, column in zip(group.weeks[-len(shown) :], shown, strict=True)]
    url = link("reports:weekly", **({"superior": superior.pk} if superior else {}))
    name = superior.name if superior else _("No superior organisation")
    return Row(name, len(group.lines), cells, group.tally, url)


def cell(tally: Tally, column: Column) -> Cell:
    """What the numbers of a week come to in one sign."""
    if column.current:
        figures = {"sent": tally.sent, "owed": tally.owed}
        if tally.owed:
            return Cell(f"{tally.sent}/{tally.owed}", "now", _("%(sent)d of %(owed)d sent") % figures, True)
        return Cell("–", "now", str(SIGNS[Status.NOT_DUE][2]), True, quiet=True)
    if not tally.owed:
        if tally.excused:
            return Cell(str(SIGNS[Status.EXCUSED][0]), "hx", str(SIGNS[Status.EXCUSED][2]), False, quiet=True)
        return Cell("–", "", str(SIGNS[Status.NOT_DUE][2]), False, quiet=True)
    if not tally.missing and not tally.late:
        return Cell("✓", "h0", _("All on time"), False, quiet=True)
    status, count = (Status.MISSING, tally.missing) if tally.missing else (Status.LATE, tally.late)
    css = "h1" if status is Status.LATE else "h3" if count >= BAD else "h2"
    spoken = _("%(missing)d missing, %(late)d late") % {"missing": tally.missing, "late": tally.late}
    return Cell(f"{SIGNS[status][0]}{count}", css, spoken, False)


def _worst(lines: Sequence[Line]) -> list[Line]:
    """The units with the most reports missing, then late; none that has only one to its name."""
    bad = [line for line in lines if line.tally.missing and line.tally.missing + line.tally.late >= BAD]
    return sorted(bad, key=lambda line: (-line.tally.missing, -line.tally.late))[:CHASED]


def _sentence(line: Line) -> str:
    return sentence(line.reporter.label, line.tally.missing, line.tally.late)


def sentence(unit: str, missing: int, late: int) -> str:
    """How far a unit has fallen behind with its reports."""
    figures: dict[str, Any] = {"unit": unit, "missing": missing, "late": late}
    if not late:
        return (
            ngettext(
                "%(unit)s has %(missing)d report missing.",
                "%(unit)s has %(missing)d reports missing.",
                missing,
            )
            % figures
        )
    return _("%(unit)s has %(missing)d missing and %(late)d late.") % figures
