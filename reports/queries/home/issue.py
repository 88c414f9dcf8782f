"""This week's bulletin as the home page shows it: where the issue stands, and what is still to come."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from accounts import clock
from accounts.templatetags.shell import day, when
from campaign.models import Batch
from reports import weeks as calendar
from reports.models import Bulletin
from reports.queries.cells import Tally
from reports.queries.links import link
from units import access
from units.roles import Right


@dataclass(frozen=True)
class Card:
    """The issue of the week, drafted or not. `may_edit`: shows the way to the desk, else the last issue only."""

    this: Bulletin | None
    last: Bulletin | None
    number: int
    planned: dt.datetime | None
    entries: list[dict[str, Any]]
    reports: Tally
    may_edit: bool

    @property
    def issued(self) -> bool:
        return self.this is not None and self.this.state == Bulletin.State.ISSUED

    @property
    def url(self) -> str:
        if self.this is None:
            return link("reports:bulletins")
        draft = self.may_edit and not self.issued
        return link("reports:bulletin_edit" if draft else "reports:bulletin", self.this.pk)


def card_of(user: Any, batch: Batch, reports: Tally) -> Card | None:
    """None where the playbook knows no bulletin. Two queries. `reports` are this week's."""
    rule = batch.campaign.playbook.bulletin
    if rule is None:
        return None
    week = calendar.week_of(clock.now())
    visible = Bulletin.objects.visible_to(user).filter(campaign=batch.campaign_id)
    counted = visible.select_related("issued_by").annotate(
        chosen_count=Count("items", filter=Q(items__chosen=True)), items_count=Count("items")
    )
    this = counted.filter(batch=batch, week=week).first()
    last = (
        Bulletin.objects.visible_to(user)
        .filter(campaign=batch.campaign_id, state=Bulletin.State.ISSUED)
        .exclude(pk=this.pk if this else None)
        .order_by("-number")
        .first()
    )
    planned = dt.datetime.combine(week + dt.timedelta(days=rule.weekday), rule.time, tzinfo=calendar.ZONE)
    number = (this.number if this and this.number else (last.number or 0) + 1) if this or last else 1
    may_edit = access.has(user, Right.EDIT_BULLETIN, batch.campaign.host)
    return Card(this, last, number or 1, planned, _entries(this, reports, planned), reports, may_edit)


def _entries(bulletin: Any, reports: Tally, planned: dt.datetime) -> list[dict[str, Any]]:
    """Gathering, drafting, choosing, issuing: in the order in which they are done."""
    gathered = _("Gather reports: %(sent)d of %(owed)d sent") % {"sent": reports.sent, "owed": reports.owed}
    all_in = bool(reports.owed) and reports.sent >= reports.owed
    entries: list[dict[str, Any]] = [_step(gathered, done=all_in, now=bulletin is None)]
    if bulletin is None:
        entries.append(
            {"text": _("Draft"), "due": _("by itself on %(moment)s") % {"moment": when(planned)}, "wait": True}
        )
        entries.append({"text": _("Choose and edit"), "wait": True})
        entries.append({"text": _("Issue"), "wait": True})
        return entries
    entries.append({**_step(_("Drafted"), done=True), "at": bulletin.drafted_at})
    figures = {"chosen": bulletin.chosen_count, "left": bulletin.items_count - bulletin.chosen_count}
    text = _("Choose and edit: %(chosen)d chosen, %(left)d left out") % figures
    issued = bulletin.state == Bulletin.State.ISSUED
    entries.append({**_step(text, done=issued, now=not issued), "at": None if issued else bulletin.updated_at})
    if issued:
        who = {"who": str(bulletin.issued_by or ""), "due": day(bulletin.issued_on)}
        entries.append({**_step(_("Issued"), done=True), **who})
    else:
        entries.append({"text": _("Issue"), "wait": True})
    return entries


def _step(text: str, *, done: bool, now: bool = False) -> dict[str, Any]:
    if done:
        return {"text": text, "icon": "circle-check", "tone": "ok"}
    return {"text": text, "icon": "pencil" if now else "clock", "now": now}
