"""Supervision opinions as lists want them, what became of one, and what is overdue with each unit."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Case, Count, F, Max, Q, QuerySet, Value, When
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.models import AuditEntry
from supervision.actions import opinions as actions
from supervision.models import OpinionPoint, SupervisionOpinion
from supervision.queries.histories import Entry

_NAMED = ("organization", "participation__organization", "participation__work_unit", "group")
_AUDITED: dict[str, tuple[str, str]] = {
    actions.GIVEN: ("message-circle", ""),
    actions.POINT_ANSWERED: ("pencil", ""),
    actions.ANSWERED: ("send", ""),
    actions.SENT_BACK: ("arrow-back-up", "late"),
    actions.CLOSED: ("circle-check", "ok"),
    actions.WITHDRAWN: ("x", ""),
}


def opinions_listed(rows: QuerySet[SupervisionOpinion]) -> QuerySet[SupervisionOpinion]:
    """Open ones first, the nearest deadline on top; with how many points are there, answered and resolved."""
    settled = [SupervisionOpinion.State.CLOSED, SupervisionOpinion.State.WITHDRAWN]
    ended = Case(When(state__in=settled, then=Value(1)), default=Value(0))
    return (
        rows.select_related(*_NAMED)
        .with_due()  # type: ignore[attr-defined]
        .annotate(
            all_points=Count("points"),
            answered_points=Count("points", filter=Q(points__done_on__isnull=False)),
            resolved_points=Count("points", filter=Q(points__resolved_at__isnull=False)),
            ended=ended,
        )
        .prefetch_related("points")
        .order_by("ended", F("due").asc(nulls_last=True), "-given_at", "-pk")
    )


def opinion_timeline(opinion: SupervisionOpinion) -> list[Entry]:
    """What became of an opinion, told by the history itself. One query."""
    rows = AuditEntry.objects.filter(
        object_type=opinion._meta.label_lower, object_id=str(opinion.pk), action__in=_AUDITED
    ).order_by("-at", "-id")
    return [*_to_come(opinion), *(_audited(row) for row in rows)]


def _to_come(opinion: SupervisionOpinion) -> list[Entry]:
    if opinion.state == SupervisionOpinion.State.ANSWERED:
        return [Entry(_("To be checked"), "clock", "late", now=True)]
    if opinion.state == SupervisionOpinion.State.GIVEN:
        return [
            Entry(_("Check of the answer"), wait=True, due=_("after all points are answered")),
            Entry(_("To be answered"), "clock", "late", now=True),
        ]
    return []


def _audited(row: AuditEntry) -> Entry:
    icon, tone = _AUDITED[row.action]
    data: dict[str, Any] = row.data
    count = int(data.get("points") or 0)
    sentences = {
        actions.GIVEN: ngettext("Opinion given, %(n)d point", "Opinion given, %(n)d points", count) % {"n": count},
        actions.POINT_ANSWERED: _("Point %(point)s answered") % {"point": data.get("point", "")},
        actions.ANSWERED: _("Answer handed in"),
        actions.SENT_BACK: _("Sent back"),
        actions.CLOSED: _("All points resolved, followed up to the end"),
        actions.WITHDRAWN: _("Taken back"),
    }
    return Entry(
        sentences[row.action], icon, tone, data.get("answer") or data.get("note") or "", row.actor_name, row.at
    )


def last_opinions(participations: Iterable[int]) -> dict[int, Any]:
    """When each participation was given its last opinion. One query."""
    rows = SupervisionOpinion.objects.filter(participation__in=list(participations)).order_by()
    return dict(rows.values_list("participation_id").annotate(last=Max("given_at")))


def overdue_points(participations: Iterable[int]) -> dict[int, int]:
    """How many points of opinions each participation should have answered by now. One query."""
    rows = OpinionPoint.objects.filter(
        opinion__participation__in=list(participations),
        opinion__state=SupervisionOpinion.State.GIVEN,
        done_on=None,
        due_on__lt=clock.today(),
    )
    return dict(rows.order_by().values_list("opinion__participation_id").annotate(n=Count("pk")))
