"""The bulletin that is being made, as the home page shows it: where it stands, and what is still to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Q, Subquery
from django.utils.translation import gettext as _

from accounts import clock
from accounts.templatetags.shell import day, when
from campaign.models import Batch
from reports import weeks as calendar
from reports.models import Bulletin
from reports.queries.bulletin import drafting_moment
from reports.queries.cells import Grid, Tally
from reports.queries.links import link
from units import access
from units.roles import Right


@dataclass(frozen=True)
class Card:
    """The issue in hand (`this` None: not drafted yet). Who edits no bulletins is shown the last one that came out."""

    this: Bulletin | None
    last: Bulletin | None
    number: int
    week: dt.date
    may_edit: bool
    entries: list[dict[str, Any]] = field(default_factory=list)
    reports: Tally = field(default_factory=Tally)

    @property
    def issued(self) -> bool:
        return self.this is not None and self.this.state == Bulletin.State.ISSUED

    @property
    def url(self) -> str:
        if self.this is None:
            return link("reports:bulletins")
        return link("reports:bulletin" if self.issued else "reports:bulletin_edit", self.this.pk)


def card_of(user: Any, batch: Batch, grid: Grid | None) -> Card | None:
    """None where the playbook knows no bulletin. One query."""
    if batch.campaign.playbook.bulletin is None:
        return None
    this, last = _in_hand(user, batch)
    if not access.has(user, Right.EDIT_BULLETIN, batch.campaign.host):
        return Card(last, None, (last.number or 0) if last else 0, last.week if last else batch.starts_on, False)
    week = this.week if this else coming_week(batch)
    reports = tally_of(grid, week)
    same_year = last is not None and last.issued_on is not None and last.issued_on.year == clock.today().year
    number = (last.number or 0) + 1 if last and same_year else 1
    return Card(this, last, number, week, True, _entries(this, reports, batch, week), reports)


def _in_hand(user: Any, batch: Batch) -> tuple[Any, Any]:
    """The oldest weekly draft of the batch, which has to come out first, and the last numbered issue."""
    issued = Bulletin.objects.filter(campaign=batch.campaign_id, state=Bulletin.State.ISSUED)
    series = issued.exclude(kind=Bulletin.Kind.SUPPLEMENT)
    last = Q(pk=Subquery(series.order_by("-issued_on", "-number").values("pk")[:1]))
    drafts = Q(batch=batch, state=Bulletin.State.DRAFT, kind=Bulletin.Kind.REGULAR, corrects=None)
    rows = (
        Bulletin.objects.visible_to(user)
        .filter(last | drafts)
        .annotate(chosen_count=Count("items", filter=Q(items__chosen=True)), items_count=Count("items"))
        .defer("content", "figures")
        .order_by("week")
    )
    found = list(rows)
    draft = next((row for row in found if row.state == Bulletin.State.DRAFT), None)
    return draft, next((row for row in found if row.state == Bulletin.State.ISSUED), None)


def coming_week(batch: Batch) -> dt.date:
    """The week whose bulletin is drafted next."""
    now = clock.now()
    week = max(calendar.monday(batch.starts_on), calendar.week_of(now) - 2 * calendar.WEEK)
    while (moment := drafting_moment(batch, week)) and moment <= now:
        week += calendar.WEEK
    return week


def tally_of(grid: Grid | None, week: dt.date) -> Tally:
    """The reports of one week, from a grid that is there already."""
    if grid is None:
        return Tally()
    return next((t for column, t in zip(grid.columns, grid.weeks, strict=False) if column.week == week), Tally())


def _entries(bulletin: Any, reports: Tally, batch: Batch, week: dt.date) -> list[dict[str, Any]]:
    """Gathering, drafting, choosing, issuing: in the order in which they are done."""
    text = _("Reports of the week from %(day)s: %(sent)d of %(owed)d sent")
    gathered = text % {"day": day(week), "sent": reports.sent, "owed": reports.owed}
    issue = {"text": _("Issue"), "wait": True}
    if bulletin is None:
        planned = _("by itself on %(moment)s") % {"moment": when(drafting_moment(batch, week))}
        return [
            {"text": gathered, "icon": "pencil", "now": True},
            {"text": _("Draft"), "due": planned, "wait": True},
            {"text": _("Choose and edit"), "wait": True},
            issue,
        ]
    figures = {"chosen": bulletin.chosen_count, "left": bulletin.items_count - bulletin.chosen_count}
    chosen = _("Choose and edit: %(chosen)d chosen, %(left)d left out") % figures
    return [
        {"text": gathered, "icon": "circle-check", "tone": "ok"},
        {"text": _("Drafted"), "icon": "circle-check", "tone": "ok", "at": bulletin.drafted_at},
        {"text": chosen, "icon": "pencil", "now": True, "at": bulletin.updated_at},
        issue,
    ]
