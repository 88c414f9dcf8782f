"""The census in figures: by kind of work unit and by organisation, from one reading (T-02..T-08, T-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields
from typing import Any

from django.db.models import Count, Min
from django.utils.translation import gettext as _

from campaign.models import Batch, CensusCase, CensusSheet, MemberCensus
from campaign.queries import directly_below
from units import access
from units.models import Member, Organization, WorkUnit

NOWHERE = ""  # an organisation that covers no work unit


@dataclass
class Figures:
    """Every figure of the census, summable: the totals are the sum of the parts."""

    organizations: int = 0
    members: int = 0
    sheets: int = 0
    sound: int = 0
    not_established: int = 0
    incomplete: int = 0
    weak: int = 0
    semi_paralysed: int = 0
    paralysed: int = 0
    unfit: int = 0
    hindering: int = 0
    to_solve: int = 0
    floating: int = 0
    transferred: int = 0
    temporary: int = 0
    holds_card: int = 0
    unreachable: int = 0
    no_life: int = 0
    not_transferred: int = 0
    lost: int = 0
    open_cases: int = 0
    solved: int = 0
    handed_on: int = 0

    def add(self, other: Figures) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def relation(self) -> int:
        """Members whose relation is not in order."""
        return self.no_life + self.not_transferred + self.lost


@dataclass
class Row:
    """A line of the tables; `organization` where it leads further down."""

    name: str
    figures: Figures = field(default_factory=Figures)
    organization: Organization | None = None


@dataclass(frozen=True)
class Census:
    """Of one part of the tree."""

    root: Organization
    by_type: list[Row]
    by_organization: list[Row]
    total: Figures


def census_of(batch: Batch, root: Organization) -> Census:
    """All figures at and under `root`: seven queries, whatever the size of the tree."""
    organizations = list(Organization.objects.active().within(root))
    figures = _per_organization(batch, root, organizations)
    kinds = _types(root)
    total = Figures()
    for one in figures.values():
        total.add(one)
    known = {one.path: one for one in organizations}
    by_organization = _grouped(organizations, figures, lambda one: directly_below(root, one.path))
    for row in by_organization:
        row.organization = known.get(row.name)
        row.name = row.organization.name if row.organization else root.name
    by_type = _grouped(organizations, figures, lambda one: kinds.get(one.pk, NOWHERE))
    return Census(root, sorted(by_type, key=lambda row: -row.figures.organizations), by_organization, total)


def _grouped(
    organizations: Iterable[Organization], figures: dict[int, Figures], key: Callable[[Organization], str]
) -> list[Row]:
    rows: dict[str, Row] = {}
    for one in organizations:
        rows.setdefault(key(one), Row(key(one))).figures.add(figures[one.pk])
    return list(rows.values())


def _types(root: Organization) -> dict[int, str]:
    """Organisation -> kind of the first work unit it covers, so that each counts once (B-05)."""
    covers = WorkUnit.organizations.through.objects.filter(access.below(root.path, "organization"))
    first = dict(covers.order_by().values_list("organization").annotate(unit=Min("workunit")))
    names = dict(WorkUnit.objects.filter(pk__in=set(first.values())).values_list("pk", "type"))
    return {organization: names[unit] for organization, unit in first.items()}


def _per_organization(batch: Batch, root: Organization, organizations: list[Organization]) -> dict[int, Figures]:
    found: dict[int, Figures] = defaultdict(Figures)
    for one in organizations:
        found[one.pk].organizations = 1
    inside = access.below(root.path, "organization")
    counts = Member.objects.on_roll().filter(inside).order_by().values_list("organization").annotate(n=Count("pk"))
    for pk, n in counts:
        found[pk].members = n
    for sheet in CensusSheet.objects.filter(inside, batch=batch):
        _take_sheet(found[sheet.organization_id], sheet)
    of_members = MemberCensus.objects.filter(access.below(root.path, "member__organization"), batch=batch)
    for entry in of_members.filter(member__left_on=None).select_related("member"):
        _take_member(found[entry.member.organization_id], entry)
    cases = CensusCase.objects.filter(inside, batch=batch).order_by()
    for pk, state, n in cases.values_list("organization", "state").annotate(n=Count("pk")):
        name = "open_cases" if state == CensusCase.State.OPEN else state
        setattr(found[pk], name, n)
    return {one.pk: found[one.pk] for one in organizations}


def _lines(text: str) -> int:
    return sum(bool(line.strip()) for line in text.splitlines())


def _take_sheet(figures: Figures, sheet: CensusSheet) -> None:
    figures.sheets += 1
    setattr(figures, sheet.condition, getattr(figures, sheet.condition) + 1)
    figures.unfit += sheet.secretary_fit is False
    figures.hindering += _lines(sheet.hindering)
    figures.to_solve += _lines(sheet.to_solve)


def _take_member(figures: Figures, entry: MemberCensus) -> None:
    if entry.floating:
        figures.floating += 1
        for name in ("transferred", "temporary", "holds_card"):
            setattr(figures, name, getattr(figures, name) + getattr(entry, name))
        figures.unreachable += not entry.reachable
    if entry.problem:
        setattr(figures, entry.problem, getattr(figures, entry.problem) + 1)


def unreachable(batch: Batch, root: Organization) -> Any:
    """Floating members whom nobody can reach, by name: only for who may see members there (T-06)."""
    rows = MemberCensus.objects.filter(
        access.below(root.path, "member__organization"), batch=batch, floating=True, reachable=False
    )
    return rows.filter(member__left_on=None).select_related("member__organization")


def other_way_fault(way: str, other: str) -> str:
    """What is wrong with the words on another way of activity, if anything (C-10)."""
    if way == CensusSheet.ActivityWay.OTHER and not other.strip():
        return _("Write which other way of activity it is.")
    if way != CensusSheet.ActivityWay.OTHER and other.strip():
        return _("Words on another way of activity need the choice “Another way”. Choose it, or take the words off.")
    return ""
