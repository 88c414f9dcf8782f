"""The table of the supervision groups on the page of weekly reports: groups by weeks, whom to remind (K-04, K-06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from accounts.messages import localised
from campaign.models import Batch
from reports import rules
from reports.queries.cells import Grid
from reports.queries.group_weekly import group_grids
from reports.weeks import Status

NAMED = 8  # groups that a sentence names


def tables(user: Any, batch: Batch, weeks: Sequence[dt.date]) -> list[dict[str, Any]]:
    """One table for each report that groups owe, of the groups that the user may see."""
    found = []
    for grid in group_grids(user, batch, weeks):
        rows = [
            {
                "line": line,
                "cells": list(zip(grid.columns, line.cells, strict=True)),
                "chase": bool(line.current and line.current.outstanding) and rules.can_chase(user, line.reporter),
                "mine": rules.is_writer(user, line.reporter),
            }
            for line in grid.lines
        ]
        found.append(
            {
                "grid": grid,
                "rule": grid.rule,
                "rows": rows,
                "total": list(zip(grid.columns, grid.weeks, strict=True)),
                "sentences": _sentences(grid),
                "late": bool(grid.this_week.missing),
                "chases": any(rules.can_chase(user, line.reporter) for line in grid.lines),
                "chaseable": sum(bool(row["chase"]) for row in rows),
            }
        )
    return found


def group_names(labels: list[str]) -> str:
    """The first names, and how many groups it is in all."""
    if len(labels) <= NAMED:
        return str(localised(labels))
    sentence = _("%(groups)s and others, %(n)d groups in all")
    return sentence % {"groups": localised(labels[:NAMED]), "n": len(labels)}


def _sentences(grid: Grid) -> list[str]:
    """Whom to chase, by name: who has not sent this week's, and who misses most often."""
    waiting = [line for line in grid.waiting if line.current]
    over = [line.reporter.label for line in waiting if line.current and line.current.status is Status.MISSING]
    to_come = [line.reporter.label for line in waiting if line.current and line.current.status is Status.WAITING]
    said = []
    if over:
        said.append(_("Past the deadline, and still not sent by %(groups)s.") % {"groups": group_names(over)})
    if to_come:
        said.append(_("This week's report has still to come from %(units)s.") % {"units": group_names(to_come)})
    often = sorted((line for line in grid.lines if line.tally.missing > 1), key=lambda line: -line.tally.missing)
    if often:
        named = [_("%(unit)s (%(n)d times)") % {"unit": i.reporter.label, "n": i.tally.missing} for i in often[:NAMED]]
        said.append(_("Missing most often: %(units)s.") % {"units": localised(named)})
    if not said and grid.this_week.owed and len(grid.lines) > 1:
        said.append(_("All groups have sent this week's."))
    return said
