"""What the supervision groups' notes and weekly reports are to each person: the group's own and the office's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from accounts import clock
from reports.actions import deadlines
from reports.actions import reports as actions
from reports.queries.group_weekly import group_rules
from reports.reporter import GroupReporter
from reports.tests.factories import fill, this_week
from supervision.actions import notes
from tests.access.entries import Matrix
from tests.access.people import CHASERS, EVERYONE, POSTED, SUPERVISOR, TOP

NOBODY: frozenset[str] = frozenset()


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    office, of = TOP | SUPERVISOR, {"wide": True}
    page("supervision:notes()", ok=office, hidden=NOBODY)
    page("supervision:note_edit(pk)", ok=NOBODY, refused=office, of=lambda p: p.told.note, **of)
    deed("supervision:note_delete(pk)", ok=NOBODY, refused=office, of=lambda p: p.told.note, **of)
    page("reports:group_mine()", ok=EVERYONE)  # leads who is in no group to the grid, which asks again
    page(
        "reports:group_report_new(pk, rule, week)",
        ok=SUPERVISOR, refused=POSTED, of=lambda p: (p.group, p.told.rule, p.told.week), **of,
    )  # fmt: skip
    page("reports:report(pk)", ok=office, of=lambda p: p.told.sent, note="sent by a group", **of)
    page("reports:report(pk)", ok=SUPERVISOR, refused=office, of=lambda p: p.told.draft, note="draft of a group", **of)
    page("reports:report_edit(pk)", ok=SUPERVISOR, refused=office, of=lambda p: p.told.draft, note="of a group", **of)
    deed("reports:report_decide(pk)", ok=CHASERS, refused=office, of=lambda p: p.told.sent, note="of a group", **of)
    deed(
        "reports:exception_revoke(pk)",
        ok=CHASERS, refused=office, of=lambda p: p.told.exception, note="of a group", **of,
    )  # fmt: skip


def furnish_notes(w: Any, p: SimpleNamespace) -> None:
    """A note of the group, a report that was sent, a draft and an exception; once for the whole campaign."""
    if not hasattr(w, "told"):
        w.told = _told(w, p)
    p.told = w.told


def _told(w: Any, p: SimpleNamespace) -> SimpleNamespace:
    reporter, (rule, *_more) = GroupReporter(p.group, w.batch), group_rules(w.batch)
    week = this_week()
    note = notes.write_note(by=w.hand, group=p.group, kind="problem", text="笔记不全")
    given = {"by": w.hand, "reporter": reporter, "rule": rule, "week": week}
    sent = actions.open_report(**given)
    actions.submit(by=w.hand, report=sent, version=sent.version, contents=fill(rule))
    draft = actions.open_report(**given)
    deadlines.grant_exception(
        by=w.hand, reporters=[reporter], rule=rule, weeks=[week], due_at=None, reason=f"抗旱 {clock.today()}"
    )
    return SimpleNamespace(
        note=note,
        sent=sent,
        draft=draft,
        rule=rule.key,
        week=week.isoformat(),
        exception=p.group.report_exceptions.get(),
    )
