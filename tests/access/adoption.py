"""What the ranking of units and the superior office's use of a report are to each person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from reports import weeks
from reports.actions import reports as actions
from reports.tests.factories import send, unit_rule
from tests.access.entries import Matrix
from tests.access.people import CHASERS, OUTSIDER, READERS, UPPER


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    for name in ("ranking", "ranking_xlsx"):
        matrix.page(f"reports:{name}()", ok=READERS, hidden=OUTSIDER)
    matrix.deed("reports:use_above(pk)", ok=CHASERS, refused=UPPER, of=lambda p: p.accepted)


def furnish_adoption(w: Any, p: SimpleNamespace) -> None:
    """A report accepted by somebody who is none of those who ask."""
    report = send(p.participation, unit_rule(w), w.hand, week=p.week - 3 * weeks.WEEK)
    p.accepted = actions.accept_report(by=w.hand, report=report, version=report.version)
