"""What the summary workbook reads: the units of an organisation's part of a batch, and their members' study.

Everything is grouped in the database, so that the number of queries is the same for three branches and for a thousand.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import (
    CharField,
    DecimalField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
)
from django.db.models.functions import Coalesce

from campaign.models import Arrangement, Attendance, Batch, Participation, RollEntry, StageProgress
from campaign.playbook import Playbook
from campaign.playbook.work import ALL
from campaign.queries import governing
from units import access
from units.models import Member, Organization

STUDY_CHECKS = frozenset({"study_hours", "concentrated_days", "coverage"})
NONE = Decimal(0)
FEW = 500  # members


class Scope:
    """An organisation's part of a batch in a period of days, both ends included.

    An organisation inside a participation (a branch of a committee that takes part) has that one unit, narrowed to the
    organisation's own subtree; what belongs to the unit as a whole (reports, surveys, applications) is then left out.
    """

    def __init__(self, batch: Batch, organization: Organization, first: dt.date, last: dt.date) -> None:
        self.batch, self.organization = batch, organization
        self.first, self.last = first, last
        self.playbook: Playbook = batch.campaign.playbook

    @property
    def below(self) -> Q:
        """Participations led within the organisation."""
        return access.below(self.organization.path, "organization")

    def of_units(self, prefix: str) -> Q:
        """Records of such participations, through the field that leads to the participation."""
        inside = access.below(self.organization.path, f"{prefix}__organization")
        return inside & Q(**{f"{prefix}__batch": self.batch})

    @cached_property
    def _above(self) -> Participation | None:
        unit = governing(self.organization, self.batch)
        return unit if unit and unit.organization_id != self.organization.pk else None

    @property
    def participations(self) -> QuerySet[Participation]:
        """The units, the one that covers the organisation from above included."""
        mine = self.below | Q(pk=self._above.pk) if self._above else self.below
        return Participation.objects.filter(mine, batch=self.batch)

    @cached_property
    def units(self) -> list[Participation]:
        """In tree order, with organisation, superior, work unit and progress."""
        rows = self.participations.select_related("organization__parent", "work_unit").prefetch_related("progress")
        return list(rows.order_by("organization__path"))

    @property
    def organizations(self) -> QuerySet[Organization]:
        """The organisations of the subtree that take part: those at or under the organisation of a participation."""
        return Organization.objects.filter(pk__in=self._taking_part)

    @cached_property
    def _taking_part(self) -> list[int]:
        """Looked up once: every path is compared with every unit's, and a dozen totals ask for it."""
        covering = Participation.objects.filter(batch=self.batch).annotate(
            at=ExpressionWrapper(OuterRef("path"), CharField())
        )
        places = Organization.objects.active().within(self.organization)
        found = places.filter(Exists(covering.filter(at__startswith=F("organization__path"))))
        return list(found.order_by().values_list("pk", flat=True))

    @cached_property
    def governed(self) -> dict[int, tuple[int, str]]:
        """Organisation to the participation nearest above it, and its kind. One query."""
        tops = {unit.organization.path: unit.pk for unit in self.units}
        step = Organization.steplen
        found = {}
        for pk, path, kind in Organization.objects.active().within(self.organization).values_list("pk", "path", "kind"):
            nearest = next((path[:end] for end in range(len(path), 0, -step) if path[:end] in tops), None)
            if nearest is not None:
                found[pk] = (tops[nearest], kind)
        return found

    @property
    def members(self) -> QuerySet[Member]:
        """Members on the roll today in the organisations that take part."""
        return Member.objects.on_roll().filter(organization__in=self.organizations)

    def by_unit(self, aggregates: dict[str, Any]) -> dict[int, Counter[str]]:
        """Aggregates of the members, added up by participation. One query."""
        rows = (
            Member.objects.on_roll()
            .within(self.organization)
            .order_by()
            .values("organization_id")
            .annotate(**aggregates)
            .values_list("organization_id", *aggregates)
        )
        found: dict[int, Counter[str]] = defaultdict(Counter)
        for organization, *numbers in rows:
            if organization in self.governed:
                found[self.governed[organization][0]].update(dict(zip(aggregates, numbers, strict=True)))
        return found

    # ------------------------------------------------------------------ stages
    def begun(self, unit: Participation) -> list[StageProgress]:
        """The stages that a unit had begun by the end of the period, in their order."""
        return [row for row in unit.progress.all() if row.started_on is not None and row.started_on <= self.last]

    def study_stage(self, unit: Participation) -> StageProgress | None:
        """The stage whose study is counted: the last one begun whose gate asks for study, else the last one begun."""
        rows = self.begun(unit)
        asking = [
            row for row in rows if any(check.check in STUDY_CHECKS for check in self.playbook.stage(row.stage).gate)
        ]
        return (asking or rows or [None])[-1]


# ---------------------------------------------------------------- study
@dataclass
class StudyFigures:
    """One unit's members: on the roll, specially arranged, with enough hours; `hours` are study hours of all."""

    roll: int = 0
    arranged: int = 0
    reached: int = 0
    hours: Decimal = NONE
    covered: Counter[str] = field(default_factory=Counter)

    @property
    def due(self) -> int:
        """Those who must reach the minimum: a special arrangement leaves a member out (decision 7)."""
        return self.roll - self.arranged


@dataclass(frozen=True)
class _Base:
    """Rows of which each is one member who counts: entries of the frozen rolls of one stage, or members of units
    without stages (`stage` is empty then)."""

    rows: QuerySet[Any]
    member: str  # the path from a row to the member, with its underscores
    key: str  # the field that tells the unit
    unit: Callable[[Any], int]
    stage: str


class Study:
    """The study of a scope's members, by unit and in all. The totals come from queries of their own."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.rules = scope.playbook.study
        self.lasting = [action.key for action in scope.playbook.actions_for(ALL) if not action.per_stage]

    @cached_property
    def stages(self) -> dict[int, StageProgress]:
        """The stage that is counted, by unit."""
        found = {unit.pk: self.scope.study_stage(unit) for unit in self.scope.units}
        return {pk: progress for pk, progress in found.items() if progress is not None}

    @cached_property
    def _bases(self) -> list[_Base]:
        scope, by_stage = self.scope, defaultdict(list)
        for progress in self.stages.values():
            by_stage[progress.stage].append(progress.pk)
        inside = access.below(scope.organization.path, "organization")
        bases = []
        for stage, progress in sorted(by_stage.items()):
            entries = RollEntry.objects.filter(inside, progress__in=progress)
            bases.append(_Base(entries, "member__", "progress__participation_id", int, stage))
        plain = {unit.pk for unit in scope.units if not unit.staged and unit.state != Participation.State.PREPARING}
        if plain:
            governed = {pk: unit for pk, (unit, _kind) in scope.governed.items() if unit in plain}
            members = Member.objects.on_roll().filter(organization__in=list(governed))
            bases.append(_Base(members, "", "organization_id", governed.__getitem__, ""))
        return bases

    # ------------------------------------------------------------------ conditions
    def _in_period(self, prefix: str) -> Q:
        first, last = self.scope.first, self.scope.last
        return Q(**{f"{prefix}batch": self.scope.batch, f"{prefix}held_on__gte": first, f"{prefix}held_on__lte": last})

    def _activity(self, base: _Base, prefix: str) -> Q:
        """Activities of the batch, the period and the stage."""
        return self._in_period(prefix) & (Q(**{f"{prefix}stage": base.stage}) if base.stage else Q())

    def _session(self, base: _Base, prefix: str) -> Q:
        """Sessions that count: long enough, or concentrated (E-04, decision 7)."""
        least = self.rules.session_min or NONE
        long = Q(**{f"{prefix}concentrated": True}) | Q(**{f"{prefix}hours__gte": least})
        return self._activity(base, prefix) & long & Q(**{f"{prefix}hours__gt": 0})

    def _covering(self, base: _Base, prefix: str, coverage: str) -> Q:
        """Activities of the actions that carry a coverage (E-26); lasting actions belong to every stage."""
        keys = [action.key for action in self.scope.playbook.actions if action.coverage == coverage]
        lasting = [key for key in keys if key in self.lasting]
        here = self._activity(base, prefix) & Q(**{f"{prefix}action__in": keys})
        return here | self._in_period(prefix) & Q(**{f"{prefix}action__in": lasting}) if lasting else here

    def _arranged(self, base: _Base) -> Exists:
        member = OuterRef(f"{base.member}pk")
        return Exists(Arrangement.objects.filter(batch=self.scope.batch, member=member))

    # ------------------------------------------------------------------ by unit
    @cached_property
    def by_unit(self) -> dict[int, StudyFigures]:
        """Figures of each unit: for every stage three queries, one of them for all coverages together.

        What was attended is read once and put to the units here: joined to the roll in the database, a city's
        attendance would be gone through once for each coverage.
        """
        found: dict[int, StudyFigures] = defaultdict(StudyFigures)
        for base in self._bases:
            rows = base.rows.order_by().annotate(arranged=self._arranged(base))
            roll = list(rows.values_list(base.key, f"{base.member}pk", "arranged"))
            attended = self._attended([member for _key, member, _arranged in roll])
            hours, covered = self._hours_of(base, attended), self._covered_of(base, attended)
            for key, member, arranged in roll:
                figures, studied = found[base.unit(key)], hours.get(member, NONE)
                figures.roll += 1
                figures.arranged += arranged
                figures.hours += studied
                figures.reached += not arranged and self.rules.hours is not None and studied >= self.rules.hours
                figures.covered.update(covered.get(member, ()))
        return found

    def _attended(self, members: list[int]) -> QuerySet[Attendance]:
        """The attendance of few is looked up by member; of many it is all read, which is quicker than looking it up."""
        rows = Attendance.objects.order_by()
        return rows.filter(member__in=members) if len(members) <= FEW else rows

    def _hours_of(self, base: _Base, attended: QuerySet[Attendance]) -> dict[int, Decimal]:
        """Study hours by member."""
        rows = attended.filter(self._session(base, "activity__")).values("member_id")
        return dict(rows.annotate(hours=Sum("activity__hours")).values_list("member_id", "hours"))

    def _covered_of(self, base: _Base, attended: QuerySet[Attendance]) -> dict[int, set[str]]:
        """The coverages that have reached a member, by member."""
        of_action: dict[str, list[str]] = defaultdict(list)
        here, wanted = {one.key for one in self.rules.coverages}, Q(pk__in=[])
        for action in self.scope.playbook.actions:
            if action.coverage in here:
                of_action[action.key].append(action.coverage)
        for coverage in here:
            wanted |= self._covering(base, "activity__", coverage)
        rows = attended.filter(wanted) if here else Attendance.objects.none()
        found: dict[int, set[str]] = defaultdict(set)
        for member, action in rows.values_list("member_id", "activity__action").distinct().iterator():
            found[member].update(of_action[action])
        return found

    # ------------------------------------------------------------------ in all, by other queries
    @cached_property
    def totals(self) -> StudyFigures:
        """The same figures over the whole scope, asked of the database anew and otherwise."""
        whole = StudyFigures()
        for base in self._bases:
            arranged = self._arranged(base)
            whole.roll += base.rows.count()
            whole.arranged += base.rows.filter(arranged).count()
            studied = base.rows.annotate(studied=Coalesce(self._studied(base), NONE, output_field=DecimalField()))
            whole.hours += studied.aggregate(hours=Sum("studied"))["hours"] or NONE
            if self.rules.hours is not None:
                whole.reached += studied.filter(~arranged, studied__gte=self.rules.hours).count()
            roll = list(base.rows.order_by().values_list(f"{base.member}pk", flat=True)) if self.rules.coverages else []
            for coverage in self.rules.coverages:
                there = Attendance.objects.filter(self._covering(base, "activity__", coverage.key)).order_by()
                reached = set(there.values_list("member_id", flat=True).distinct())
                whole.covered[coverage.key] += sum(member in reached for member in roll)
        return whole

    def _studied(self, base: _Base) -> Subquery:
        """Hours of one row's member."""
        counted = Attendance.objects.filter(self._session(base, "activity__"), member=OuterRef(f"{base.member}pk"))
        return Subquery(counted.order_by().values("member").annotate(h=Sum("activity__hours")).values("h"))
