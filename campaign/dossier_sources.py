"""What the core room tells in an organisation's dossier: stages, plan, activities, arrangements, rectification."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncWeek
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts import clock
from accounts.models import AuditEntry
from accounts.templatetags.shell import count, day
from campaign.actions.set_up import RESCHEDULED
from campaign.dossier import Event, Fold, Line, Subject, chapter
from campaign.models import (
    Activity,
    ArrangementProposal,
    Participation,
    PublicNotice,
    RectificationItem,
    RectificationPlan,
    StageProgress,
    UnitPlan,
)
from campaign.playbook import Playbook
from units import access


def _here(subject: Subject, rows: QuerySet[Any]) -> QuerySet[Any]:
    """Rows of the batch, of the organisation and those below it."""
    return rows.filter(access.below(subject.organization.path, "organization"), batch=subject.participation.batch)


# ---------------------------------------------------------------- stages
@chapter("stages", gettext_lazy("Stages and plan"))
def stages(subject: Subject) -> Iterator[Event]:
    """Begun, ended, overrun, dates changed, plan agreed: of the units at and below, and the one above. Four queries."""
    seen = Participation.objects.visible_to(subject.reader).filter(batch=subject.participation.batch)
    near = access.below(subject.organization.path, "organization") | Q(pk=subject.participation.pk)
    units = {
        str(one.pk): one
        for one in seen.filter(near).select_related("organization", "work_unit").prefetch_related("progress")
    }
    playbook = subject.participation.batch.campaign.playbook
    for one in units.values():
        yield from _unit(one, playbook)
    entries = AuditEntry.objects.filter(
        object_type=Participation._meta.label_lower, object_id__in=list(units), action=RESCHEDULED
    )
    for entry in entries:
        yield _rescheduled(entry, units[entry.object_id], playbook)
    plans = UnitPlan.objects.visible_to(subject.reader).filter(participation__in=[one.pk for one in units.values()])
    for plan in plans.select_related("decided_by"):
        yield from _plan(plan, units[str(plan.participation_id)])


def _of(one: Participation) -> dict[str, Any]:
    url = reverse("campaign:participation", args=[one.pk])
    return {"kind": "stages", "organization": one.organization.name, "url": url}


def _unit(one: Participation, playbook: Playbook) -> Iterator[Event]:
    batch = {"batch": one.batch.name}
    yield Event(at=one.created_at, title=_("Entered into “%(batch)s”") % batch, **_of(one))
    if not one.staged:
        title = _("Goes without stages: key steps and closing only")
        yield Event(at=one.created_at, title=title, **_of(one))
    for row in one.progress.all():
        yield from _stage(row, one, playbook)
    if one.closed_on:
        yield Event(at=one.closed_on, title=_("The campaign of this unit closed"), tone="ok", **_of(one))


def _stage(row: StageProgress, one: Participation, playbook: Playbook) -> Iterator[Event]:
    """A stage that has not begun is no history."""
    if row.started_on is None:
        return
    name = {"stage": playbook.stage(row.stage).name}
    common = {**_of(one), "stage": row.stage}
    window = {"first": day(row.planned_start), "last": day(row.planned_end)}
    planned = _("Planned from %(first)s to %(last)s.") % window
    yield Event(at=row.started_on, title=_("“%(stage)s” begun") % name, detail=planned, tone="info", **common)
    until = row.ended_on or clock.today()
    over = (until - row.planned_end).days
    if over > 0:
        passed = row.planned_end + dt.timedelta(days=1)
        so_far = ngettext("%(n)s day over.", "%(n)s days over.", over) if row.ended_on else None
        so_far = so_far or ngettext("%(n)s day over so far.", "%(n)s days over so far.", over)
        title = _("“%(stage)s” ran past its planned end") % name
        yield Event(at=passed, title=title, detail=so_far % {"n": over}, tone="bad", **common)
    if row.ended_on:
        yield Event(
            at=row.ended_on,
            title=_("“%(stage)s” ended") % name,
            detail=_lasted(row, (row.ended_on - row.started_on).days + 1, over),
            tone="late" if over > 0 else "ok",
            **common,
        )


def _lasted(row: StageProgress, took: int, over: int) -> str:
    """How long it took against the plan, in days; `over` is below zero where it ended early."""
    plan = (row.planned_end - row.planned_start).days + 1
    figures = {"took": took, "plan": plan, "n": abs(over)}
    if over > 0:
        return _("Took %(took)s days, %(plan)s were planned; ended %(n)s days late.") % figures
    if over < 0:
        return _("Took %(took)s days, %(plan)s were planned; ended %(n)s days early.") % figures
    return _("Took %(took)s days, %(plan)s were planned; ended on the planned day.") % figures


def _rescheduled(entry: AuditEntry, one: Participation, playbook: Playbook) -> Event:
    names = {stage.key: stage.name for stage in playbook.stages}
    pattern = _("%(stage)s: %(first)s to %(last)s")
    lines = [
        Line(pattern % {"stage": names.get(key, key), "first": day(parse_date(first)), "last": day(parse_date(last))})
        for key, (first, last) in entry.data.get("stages", {}).items()
    ]
    return Event(
        at=entry.at,
        title=_("Planned dates changed"),
        detail=entry.data.get("reason", ""),
        who=entry.actor_name,
        tone="late",
        folds=(Fold(_("New dates"), tuple(lines)),) if lines else (),
        **_of(one),
    )


def _plan(plan: UnitPlan, one: Participation) -> Iterator[Event]:
    common = {**_of(one), "url": reverse("campaign:unit_plan", args=[one.pk])}
    if plan.submitted_at:
        yield Event(at=plan.submitted_at, title=_("Implementation plan handed in"), **common)
    if plan.decided_at and plan.state == UnitPlan.State.AGREED:
        who = str(plan.decided_by or "")
        yield Event(at=plan.decided_at, title=_("Implementation plan agreed"), who=who, tone="ok", **common)
    elif plan.decided_at and plan.state == UnitPlan.State.RETURNED:
        title = _("Implementation plan returned")
        who = str(plan.decided_by or "")
        yield Event(at=plan.decided_at, title=title, detail=plan.remark, who=who, tone="late", **common)


# ---------------------------------------------------------------- activities
@chapter("activities", gettext_lazy("Activities by week"))
def activities(subject: Subject) -> Iterator[Event]:
    """One line a week and stage, its required actions folded. One query."""
    rows = (
        _here(subject, Activity.objects.visible_to(subject.reader))
        .order_by()
        .annotate(week=TruncWeek("held_on"))
        .values("week", "stage", "action")
        .annotate(n=Count("pk"), hours=Sum("hours"), last=Max("held_on"))
    )
    weeks: dict[tuple[Any, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        weeks[row["week"], row["stage"]].append(row)
    playbook = subject.participation.batch.campaign.playbook
    url = reverse("campaign:activities", args=[subject.organization.pk])
    for (week, stage), found in weeks.items():
        total, hours = sum(row["n"] for row in found), sum(row["hours"] or 0 for row in found)
        words = {"n": total, "week": day(week)}
        title = ngettext(
            "%(n)s activity in the week from %(week)s", "%(n)s activities in the week from %(week)s", total
        )
        detail = _("Sessions of %(hours)s study hours together.") % {"hours": count(hours)} if hours else ""
        yield Event(
            at=max(row["last"] for row in found),
            kind="activities",
            title=title % words,
            detail=detail,
            url=url,
            stage=stage,
            folds=(_actions(found, playbook),),
        )


def _actions(rows: Iterable[dict[str, Any]], playbook: Playbook) -> Fold:
    def name(key: str) -> str:
        action = playbook.action(key) if key else None
        return str(action.name) if action else (key or _("Other activities"))

    ordered = sorted(rows, key=lambda row: (not row["action"], -row["n"], row["action"]))
    pattern = _("%(action)s: %(n)s")
    return Fold(
        _("By required action"), tuple(Line(pattern % {"action": name(r["action"]), "n": r["n"]}) for r in ordered)
    )


# ---------------------------------------------------------------- arrangements, notices
@chapter("arrangements", gettext_lazy("Special arrangements"))
def arrangements(subject: Subject) -> Iterator[Event]:
    """How many members an arrangement was approved or refused for; nobody is named. One query."""
    states = ArrangementProposal.State
    rows = _here(subject, ArrangementProposal.objects.visible_to(subject.reader)).exclude(decided_at=None)
    told = rows.filter(state__in=[states.APPROVED, states.REFUSED]).select_related("organization", "decided_by")
    for row in told.annotate(people=Count("members")):
        approved = row.state == states.APPROVED
        words = ngettext(
            "Special arrangement approved for %(n)s member",
            "Special arrangement approved for %(n)s members",
            row.people,
        )
        refused = ngettext(
            "Special arrangement not approved for %(n)s member",
            "Special arrangement not approved for %(n)s members",
            row.people,
        )
        yield Event(
            at=row.decided_at,
            kind="arrangements",
            title=(words if approved else refused) % {"n": row.people},
            who=str(row.decided_by or ""),
            url=reverse("campaign:arrangement", args=[row.pk]),
            tone="ok" if approved else "late",
            organization=row.organization.name,
        )


# Notices about one member (his analysis, his plan, what was decided on him) name him in their title.
_OF_THE_ORGANISATION = ("organization_analysis", "plan", "survey", "ledger")


@chapter("notices", gettext_lazy("Public notices"))
def notices(subject: Subject) -> Iterator[Event]:
    """Notices of the organisation itself; those about one member stay out. One query."""
    personal = RectificationPlan.objects.filter(notice=OuterRef("pk"), member__isnull=False)
    rows = _here(subject, PublicNotice.objects.visible_to(subject.reader))
    rows = rows.filter(kind__in=_OF_THE_ORGANISATION).exclude(Exists(personal))
    for row in rows.select_related("organization", "given_by"):
        common = {
            "kind": "notices",
            "organization": row.organization.name,
            "url": reverse("campaign:notice", args=[row.pk]),
        }
        words = {"title": row.title, "scope": row.get_scope_display(), "last": day(row.ends_on)}
        yield Event(
            at=row.starts_on,
            title=_("Public notice: %(title)s") % words,
            detail=_("Shown to: %(scope)s, until %(last)s.") % words,
            who=str(row.given_by or ""),
            **common,
        )
        if row.withdrawn_at:
            yield Event(at=row.withdrawn_at, title=_("Notice taken down: %(title)s") % words, tone="late", **common)


# ---------------------------------------------------------------- rectification
@chapter("rectification", gettext_lazy("Rectification"))
def rectification(subject: Subject) -> Iterator[Event]:
    """Items registered and closed month by month, and plans adopted. Three queries."""
    items = _here(subject, RectificationItem.objects.visible_to(subject.reader)).order_by()
    url = reverse("campaign:rectification", args=[subject.organization.pk])
    for last, total in _by_month(items, "registered_at"):
        title = ngettext(
            "%(n)s rectification item registered this month", "%(n)s rectification items registered this month", total
        )
        yield Event(at=last, kind="rectification", title=title % {"n": total}, url=url)
    for last, total in _by_month(items.exclude(closed_at=None), "closed_at"):
        title = ngettext(
            "%(n)s rectification item closed this month", "%(n)s rectification items closed this month", total
        )
        yield Event(at=last, kind="rectification", title=title % {"n": total}, url=url, tone="ok")
    plans = _here(subject, RectificationPlan.objects.visible_to(subject.reader)).filter(member=None)
    for plan in plans.exclude(adopted_on=None).select_related("organization", "adopted_by"):
        votes = {"votes": plan.votes, "present": plan.present}
        yield Event(
            at=plan.adopted_on,
            kind="rectification",
            title=_("Rectification plan adopted"),
            detail=_("%(votes)s of %(present)s present agreed.") % votes if plan.present else "",
            who=str(plan.adopted_by or ""),
            url=reverse("campaign:rectification_plan", args=[plan.pk]),
            tone="ok",
            organization=plan.organization.name,
        )


def _by_month(rows: QuerySet[Any], field: str) -> Iterator[tuple[dt.date, int]]:
    """The last day on which something happened in each month, and how often it did."""
    months = (
        rows.annotate(month=TruncMonth(field)).values("month").annotate(n=Count("pk", distinct=True), last=Max(field))
    )
    for month in months.order_by("month"):
        yield timezone.localtime(month["last"]).date(), month["n"]
