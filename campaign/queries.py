"""Who governs whom, and where people are: reads that several rooms share."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, Q, When
from django.utils.translation import pgettext

from accounts import clock
from campaign.models import Batch, Participation, StageProgress
from campaign.playbook import Stage
from units import access
from units.models import Member, Organization


def governed(participation: Participation, field: str) -> Q:
    """Rows (through `field`, '' for organisations) of a participation's subtree, nested participations left out."""
    inside = access.below(participation.organization.path, field)
    nested = (
        Participation.objects.filter(batch_id=participation.batch_id)
        .exclude(pk=participation.pk)
        .filter(access.below(participation.organization.path, "organization"))
        .values_list("organization__path", flat=True)
    )
    for path in nested:
        inside &= ~access.below(path, field)
    return inside


def governing(organization: Organization, batch: Batch) -> Participation | None:
    """The participation that covers an organisation: its own, or the nearest above it."""
    return (
        Participation.objects.filter(batch=batch)
        .at_or_above(organization)
        .select_related("organization", "work_unit", "batch__campaign__host")
        .prefetch_related("progress")
        .first()
    )


def taking_part(organization: Organization) -> Participation | None:
    """The participation that an organisation's pages are about, whoever looks: the nearest of an open batch.

    Of several open batches the one under way wins, then the later one.
    """
    nearest: dict[int, Participation] = {}
    found = (
        Participation.objects.filter(batch__closed_on=None)
        .at_or_above(organization)
        .select_related("organization", "work_unit", "batch__campaign__host")
        .prefetch_related("progress")
    )
    for participation in found:
        nearest.setdefault(participation.batch_id, participation)
    return max(
        nearest.values(),
        key=lambda p: (p.state == Participation.State.ACTIVE, p.batch.starts_on, p.batch_id),
        default=None,
    )


def batch_for(user: Any) -> Batch | None:
    """The batch that a user's pages are about: the newest open one in reach, one that is only prepared coming last."""
    if not hasattr(user, "_batch"):
        user._batch = (
            Batch.objects.visible_to(user)
            .filter(closed_on=None)
            .select_related("campaign__host")
            .annotate(to_come=Case(When(starts_on__gt=clock.today(), then=1), default=0))
            .order_by("to_come", "-starts_on", "-pk")
            .first()
        )
    return user._batch


@dataclass(frozen=True)
class Standing:
    """Where an organisation is: who leads it, in which stage."""

    participation: Participation
    progress: StageProgress | None


def standing(organization: Organization, batch: Batch) -> Standing | None:
    """Participation and current stage of an organisation; None where it does not take part."""
    participation = governing(organization, batch)
    if participation is None:
        return None
    return Standing(participation, participation.current())


# ---------------------------------------------------------------- figures of a subtree
_under_review: list[Callable[[Batch], Iterable[int]]] = []


def reviewing(function: Callable[[Batch], Iterable[int]]) -> Callable[[Batch], Iterable[int]]:
    """Register a function batch -> ids of participations whose transition is under review; a higher room knows."""
    _under_review.append(function)
    return function


def under_review(batch: Batch) -> dict[int, bool]:
    """Participation id -> True for those whose application waits for a decision."""
    return {pk: True for function in _under_review for pk in function(batch)}


@dataclass
class Extent:
    """What a participation covers today: its subtree without nested participations."""

    branches: int = 0
    members: int = 0


def extents(batch: Batch, participations: Iterable[Participation]) -> dict[int, Extent]:
    """Branches and members of each participation (with its organisation loaded): three queries, whatever the size."""
    wanted = {p.organization.path: p.pk for p in participations}
    found = {pk: Extent() for pk in wanted.values()}
    if not wanted:
        return found
    reach = {"path__gte": min(wanted), "path__lt": max(path + "[" for path in wanted)}
    leading = set(Participation.objects.filter(batch=batch).values_list("organization__path", flat=True))
    branches = Organization.objects.filter(**reach).active().branches().values_list("path", flat=True)
    by_organization = Member.objects.on_roll().filter(**{f"organization__{key}": end for key, end in reach.items()})
    members = by_organization.order_by().values_list("organization__path").annotate(n=Count("pk"))
    for path in branches:
        extent = found.get(wanted.get(leading_path(path, leading), 0))
        if extent:
            extent.branches += 1
    for path, count in members:
        extent = found.get(wanted.get(leading_path(path, leading), 0))
        if extent:
            extent.members += count
    return found


def leading_path(path: str, leading: Container[str]) -> str:
    """The nearest path of `leading` at or above a path; empty where there is none."""
    return next((path[:end] for end in range(len(path), 0, -Organization.steplen) if path[:end] in leading), "")


@dataclass(frozen=True, slots=True)
class UnitState:
    """What the picture asks about one participation: `position` of its present stage, `prepared` but not begun."""

    path: str
    staged: bool
    prepared: bool
    position: int | None
    overdue: bool
    review: bool
    extent: Extent


@dataclass
class PictureRow:
    """Where the units under one organisation stand. `stages` leaves out those under review, `reviewed` has them."""

    organization: Organization | None
    stages: list[int]
    reviewed: list[int]
    ahead: int = 0  # not begun
    after: int = 0  # past the last stage
    unstaged: int = 0  # go without stages
    overdue: int = 0
    units: int = 0
    branches: int = 0
    members: int = 0

    @property
    def review(self) -> int:
        return sum(self.reviewed)

    @property
    def segments(self) -> list[dict[str, Any]]:
        """For the stage bar, from those that have not begun to those past the last stage."""
        parts: list[dict[str, Any]] = [{"stage": 0, "count": self.ahead}]
        for position, (count, reviewed) in enumerate(zip(self.stages, self.reviewed, strict=True), start=1):
            parts += [{"stage": position, "count": count}, {"stage": position, "count": reviewed, "review": True}]
        return [*parts, {"stage": len(self.stages) + 1, "count": self.after}]

    def take(self, unit: UnitState) -> None:
        """Count a unit in."""
        self.units += 1
        self.branches += unit.extent.branches
        self.members += unit.extent.members
        if not unit.staged:
            self.unstaged += 1
        elif unit.position is not None:
            (self.reviewed if unit.review else self.stages)[unit.position - 1] += 1
            self.overdue += unit.overdue
        elif unit.prepared:
            self.ahead += 1
        else:
            self.after += 1


@dataclass(frozen=True)
class Picture:
    """The stage picture of a subtree: a row for each organisation directly below, and their sum."""

    batch: Batch
    stages: tuple[Stage, ...]
    rows: list[PictureRow]
    total: PictureRow

    @property
    def keys(self) -> list[tuple[int, str]]:
        """For the key of the bars; the numbers are those of the shades."""
        keys = [(0, pgettext("stage bar", "Not begun"))] if self.total.ahead else []
        keys += [(stage.position, str(stage.name)) for stage in self.stages]
        return keys + ([(len(self.stages) + 1, pgettext("stage bar", "All stages done"))] if self.total.after else [])


def stage_picture(user: Any, batch: Batch, root: Organization, *, review: Mapping[int, bool] | None = None) -> Picture:
    """Where the participations at and under `root` stand that the user sees, by the organisation directly below it.

    `review`: participation id -> under review (default: asked of the room that knows). Six queries, one more for
    `review`, whatever the size of the tree.
    """
    waiting = under_review(batch) if review is None else review
    seen = Participation.objects.visible_to(user).filter(access.below(root.path, "organization"), batch=batch)
    participations = list(seen.select_related("organization"))
    current = {
        progress.participation_id: progress
        for progress in StageProgress.objects.filter(participation__in=seen, state=StageProgress.State.CURRENT)
    }
    figures = extents(batch, participations)
    units = []
    for one in participations:
        now = current.get(one.pk)
        units.append(
            UnitState(
                path=one.organization.path,
                staged=one.staged,
                prepared=one.state == Participation.State.PREPARING,
                position=now.position if now else None,
                overdue=now is not None and now.days_left(clock.today()) < 0,
                review=bool(waiting.get(one.pk)),
                extent=figures[one.pk],
            )
        )
    tops = {directly_below(root, unit.path) for unit in units}
    return draw(batch, root, units, {o.path: o for o in Organization.objects.filter(path__in=tops)})


def directly_below(root: Organization, path: str) -> str:
    """The path of the organisation directly below `root` through which a path leads; the root's own for itself."""
    return path[: len(root.path) + Organization.steplen]


def draw(
    batch: Batch, root: Organization, units: Iterable[UnitState], organizations: Mapping[str, Organization]
) -> Picture:
    """The picture of units that are read already, with the organisations directly below `root` by path. No query."""
    stages = batch.campaign.playbook.stages
    rows: dict[str, PictureRow] = {}
    total = _empty_row(stages)
    for unit in units:
        rows.setdefault(directly_below(root, unit.path), _empty_row(stages)).take(unit)
        total.take(unit)
    for path, row in rows.items():
        row.organization = organizations.get(path)
    return Picture(batch, stages, [rows[path] for path in sorted(rows)], total)


def _empty_row(stages: Sequence[Stage]) -> PictureRow:
    return PictureRow(None, [0] * len(stages), [0] * len(stages))
