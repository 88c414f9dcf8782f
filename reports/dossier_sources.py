"""What this room tells in an organisation's dossier: reports week by week, exceptions, mentions in the bulletin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.shell import day, when
from campaign.dossier import Event, Subject, chapter
from campaign.playbook import ReportRule
from reports.models import Bulletin, BulletinItem, ReportException
from reports.queries.cells import Cell, Line, tally
from reports.queries.weekly import boards, unit_rules, weeks_of
from reports.weeks import Status
from units import access
from units.roles import Right

_TONES = {Status.ON_TIME: "ok", Status.LATE: "late", Status.MISSING: "bad", Status.EXCUSED: ""}


@chapter("reports", gettext_lazy("Weekly reports"))
def weekly(subject: Subject) -> Iterator[Event]:
    """One line a week whose deadline has passed, and the exceptions granted. Four queries."""
    batch = subject.participation.batch
    below = access.below(subject.organization.path, "organization")
    mine = access.scope(subject.reader, Right.VIEW, "organization") & below
    rules = unit_rules(batch)
    found = boards(batch, rules, weeks_of(batch), within=mine, reminders=False)
    for rule in rules:
        lines = found[rule.key]
        for cells in zip(*(line.cells for line in lines), strict=True):
            told = [cell for cell in cells if cell.status in _TONES and (cell.past or cell.due is None)]
            if told:
                yield _week(rule, told, lines)
    yield from _exceptions(subject, {rule.key: rule for rule in rules})


def _week(rule: ReportRule, cells: Sequence[Cell], lines: Sequence[Line]) -> Event:
    """Of one unit how it reported; of several how many did in time."""
    first = cells[0]
    words: dict[str, Any] = {"report": rule.name, "week": day(first.week)}
    at = timezone.localtime(first.due).date() if first.due else first.week + dt.timedelta(days=6)
    if len(lines) == 1:
        words["state"] = first.label
        title = _("%(report)s for the week from %(week)s: %(state)s") % words
        url = reverse("reports:report", args=[first.report]) if first.readable else ""
        return Event(at=at, kind="reports", title=title, url=url, tone=_TONES[first.status])
    figures = tally(cells)
    words |= {"good": figures.on_time, "late": figures.late, "missing": figures.missing}
    title = _("%(report)s for the week from %(week)s: %(good)s on time, %(late)s late, %(missing)s missing") % words
    tone = "bad" if figures.missing else "late" if figures.late else "ok"
    return Event(at=at, kind="reports", title=title, tone=tone)


def _exceptions(subject: Subject, rules: dict[str, ReportRule]) -> Iterator[Event]:
    below = access.below(subject.organization.path, "participation__organization")
    rows = ReportException.objects.filter(
        below,
        access.scope(subject.reader, Right.VIEW, "participation__organization"),
        participation__batch=subject.participation.batch,
        rule__in=list(rules),
    )
    for row in rows.select_related("participation__organization", "granted_by"):
        words = {"report": rules[row.rule].name, "week": day(row.week), "due": when(row.due_at)}
        moved = _("Exception: %(report)s for the week from %(week)s due by %(due)s") % words
        excused = _("Exception: %(report)s for the week from %(week)s excused") % words
        yield Event(
            at=row.granted_at,
            kind="reports",
            title=moved if row.due_at else excused,
            detail=row.reason,
            who=str(row.granted_by or ""),
            organization=row.participation.organization.name,
        )


@chapter("bulletins", gettext_lazy("Mentioned in the bulletin"))
def mentions(subject: Subject) -> Iterator[Event]:
    """What of its reports was printed in issued bulletins. One query."""
    issued = Bulletin.objects.visible_to(subject.reader).filter(state=Bulletin.State.ISSUED)
    rows = BulletinItem.objects.filter(
        access.below(subject.organization.path, "report__participation__organization"),
        report__participation__batch=subject.participation.batch,
        bulletin__in=issued,
        chosen=True,
    )
    for row in rows.select_related("bulletin", "report__participation__organization"):
        if row.bulletin.issued_on is None or row.report is None:
            continue
        words = {"issue": row.bulletin.issue_name, "title": row.title}
        yield Event(
            at=row.bulletin.issued_on,
            kind="bulletins",
            title=_("Printed in the bulletin, %(issue)s: %(title)s") % words,
            url=reverse("reports:bulletin", args=[row.bulletin_id]),
            tone="ok",
            organization=row.report.participation.organization.name,
        )
