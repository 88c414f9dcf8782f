"""Whom the groups cover: gaps and overlaps among the organisations that a sender has to cover (D-09, D-10, M-01).

Each sender is looked at by itself: a unit with a supervision group of the county and a guidance group of its committee
is not covered twice, for the two stand on different levels.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Length, Substr

from campaign.models import Batch, Participation
from supervision.models import Assignment, SupervisionGroup
from units import access
from units.models import Member, Organization


@dataclass(frozen=True)
class Coverage:
    """Leading organisations without a group, with several, and how many there are in all."""

    total: int
    gaps: list[Participation] = field(default_factory=list)
    overlaps: list[tuple[Participation, list[SupervisionGroup]]] = field(default_factory=list)


def of_sender(batch: Batch, sender: Organization, prefix: str = "") -> Q:
    """Groups of a sender in the campaign, or what hangs on them through `prefix`."""
    owner = None if sender.pk == batch.campaign.host_id else sender.pk
    return Q(**{f"{prefix}campaign": batch.campaign_id, f"{prefix}owner": owner})


def coverage_of(batch: Batch, user: Any) -> Coverage:
    """Who of those the user sees is covered by which group of the host today. Two queries."""
    own = of_sender(batch, batch.campaign.host, "group__")
    assignments = list(Assignment.objects.current().filter(own).select_related("group", "organization"))
    rows = list(Participation.objects.visible_to(user).filter(batch=batch).select_related("organization", "work_unit"))
    gaps, overlaps = [], []
    for row in rows:
        covering = {a.group_id: a.group for a in assignments if row.organization.path.startswith(a.organization.path)}
        if not covering:
            gaps.append(row)
        elif len(covering) > 1:
            overlaps.append((row, list(covering.values())))
    return Coverage(len(rows), gaps, overlaps)


# ---------------------------------------------------------------- the map of one sender
def to_cover(batch: Batch, sender: Organization) -> QuerySet[Organization]:
    """Of the host all that take part; of another sender those directly below it, and all below it that take part."""
    takes_part = Q(pk__in=Participation.objects.filter(batch=batch).values("organization"))
    if sender.pk == batch.campaign.host_id:
        return Organization.objects.filter(takes_part)
    below = Organization.objects.active().filter(access.below(sender.path, "")).exclude(pk=sender.pk)
    return below.filter(takes_part | Q(parent=sender))


def uncovered_units(rows: QuerySet[Participation]) -> QuerySet[Participation]:
    """Those of the participations that no group of the host covers today. No query by itself."""
    covering = Assignment.objects.current().filter(
        group__campaign=OuterRef("batch__campaign"),
        group__owner=None,
        organization__path=Substr(OuterRef("organization__path"), 1, Length("organization__path")),
    )
    return rows.exclude(Exists(covering))


def with_groups(rows: QuerySet[Organization], batch: Batch, sender: Organization) -> QuerySet[Organization]:
    """Organisations with `groups_n`: how many groups of the sender cover each, itself or from above."""
    covering = (
        Assignment.objects.current()
        .filter(of_sender(batch, sender, "group__"))
        .filter(organization__path=Substr(OuterRef("path"), 1, Length("organization__path")))
        .order_by()
        .annotate(_one=Value(1))
        .values("_one")
        .annotate(_n=Count("group", distinct=True))
        .values("_n")
    )
    return rows.annotate(groups_n=Coalesce(Subquery(covering, output_field=IntegerField()), 0))


def covered_by(group: int) -> Exists:
    """Organisations that one group covers today, itself or from above."""
    rows = Assignment.objects.current().filter(group=group)
    return Exists(rows.filter(organization__path=Substr(OuterRef("path"), 1, Length("organization__path"))))


@dataclass(frozen=True)
class MapRow:
    """An organisation to be covered, as the office calls it, and the groups that cover it today."""

    organization: Organization
    label: str
    groups: list[SupervisionGroup]


def map_rows(organizations: Iterable[Organization], batch: Batch, sender: Organization) -> list[MapRow]:
    """One page of the map. Two queries."""
    shown = list(organizations)
    units = {
        unit.organization_id: unit.label
        for unit in batch.participations.filter(organization__in=shown).select_related("work_unit", "organization")
    }
    at = _by_path(batch, sender)
    found = []
    for one in shown:
        groups = {group.pk: group for path in steps(one.path) for group in at.get(path, ())}
        found.append(MapRow(one, units.get(one.pk, one.name), list(groups.values())))
    return found


def steps(path: str) -> list[str]:
    """The tree paths from the root down to a path, itself included."""
    step = Organization.steplen
    return [path[:end] for end in range(step, len(path) + 1, step)]


def _by_path(batch: Batch, sender: Organization) -> dict[str, list[SupervisionGroup]]:
    rows = Assignment.objects.current().filter(of_sender(batch, sender, "group__"))
    at: dict[str, list[SupervisionGroup]] = {}
    for row in rows.select_related("group", "organization").order_by("pk"):
        at.setdefault(row.organization.path, []).append(row.group)
    return at


@dataclass
class GroupFigures:
    """What a group covers today: organisations of the map, branches, members on the roll."""

    group: SupervisionGroup
    units: int = 0
    branches: int = 0
    members: int = 0


def figures_of(batch: Batch, sender: Organization) -> list[GroupFigures]:
    """Each group of a sender with what it covers. Five queries, whatever the size of the tree."""
    groups = SupervisionGroup.objects.filter(of_sender(batch, sender)).order_by("pk")
    found = {group.pk: GroupFigures(group) for group in groups}
    at = _by_path(batch, sender)
    below = access.below(sender.path, "")

    def count(name: str, rows: Iterable[tuple[str, int]]) -> None:
        for path, number in rows:
            for pk in {group.pk for place in steps(path) for group in at.get(place, ())}:
                setattr(found[pk], name, getattr(found[pk], name) + number)

    branches = Organization.objects.active().branches().filter(below).values_list("path", flat=True)
    members = Member.objects.on_roll().filter(access.below(sender.path, "organization")).order_by()
    count("units", ((path, 1) for path in to_cover(batch, sender).values_list("path", flat=True)))
    count("branches", ((path, 1) for path in branches))
    count("members", members.values_list("organization__path").annotate(n=Count("pk")))
    return list(found.values())
