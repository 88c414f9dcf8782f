"""The part of the database that an import is compared with: read in a bounded number of queries."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db.models import Q

from units import access
from units.models import Member, Organization, WorkUnit
from units.roster.records import Known, RosterReading

_CHUNK = 500  # SQLite takes a limited number of parameters a query


def chunks(values: Iterable[Any], size: int = _CHUNK) -> Iterator[Sequence[Any]]:
    """Lists of at most `size` values."""
    everything = list(values)
    for start in range(0, len(everything), size):
        yield everything[start : start + size]


def known_names(top: Organization | None) -> Known:
    """What rows may refer to besides the workbook's own sheets; `top` alone also by the names above it."""
    organizations = list(_scope(top).active().values_list("name", "kind"))
    above = _above(top)
    return Known(
        branches=frozenset(name for name, kind in organizations if kind == Organization.Kind.BRANCH),
        organizations=frozenset(name for name, _kind in organizations) | {each.name for each in above},
        units=frozenset(_units(top).values_list("name", flat=True)),
    )


def _scope(top: Organization | None) -> Any:
    return Organization.objects.all() if top is None else Organization.objects.within(top)


def _above(top: Organization | None) -> list[Organization]:
    return top.ancestors_and_self()[:-1] if top is not None else []


def _units(top: Organization | None) -> Any:
    """All work units for who works on a whole tree, else those that its organisations cover."""
    if top is None or top.depth == 1:
        return WorkUnit.objects.all()
    covered = WorkUnit.organizations.through.objects.filter(access.below(top.path, "organization"))
    return WorkUnit.objects.filter(pk__in=covered.values("workunit_id"))


class Stored:
    """Organisations, work units and members by code or digest. `lock` keeps others from the members meanwhile."""

    def __init__(self, top: Organization | None, reading: RosterReading, *, lock: bool = False) -> None:
        self.top = top
        self.above = _above(top)
        self._read_organizations(reading)
        self._read_units(reading)
        self.lock = lock
        self._members: dict[str, Member] | None = None

    def in_scope(self, organization: Organization) -> bool:
        return self.top is None or organization.path.startswith(self.top.path)

    @property
    def top_name(self) -> str:
        return self.top.name if self.top is not None else ""

    def _read_organizations(self, reading: RosterReading) -> None:
        found = {each.pk: each for each in _scope(self.top)}
        # A code is taken in the whole system, not only in the scope.
        for some in chunks(row.code for row in reading.organizations):
            if self.top is not None:
                found.update((each.pk, each) for each in Organization.objects.filter(code__in=some))
        self.organizations = {each.code: each for each in found.values()}
        self.by_pk: dict[int, Organization] = {**{each.pk: each for each in self.above}, **found}
        self.named: dict[str, list[Organization]] = defaultdict(list)
        self.children: dict[str, list[Organization]] = defaultdict(list)
        for each in found.values():
            if self.in_scope(each):
                self.children[self._code_of(each.parent_id)].append(each)
                if each.closed_on is None:
                    self.named[each.name].append(each)

    def _code_of(self, pk: int | None) -> str:
        return self.by_pk[pk].code if pk in self.by_pk else ""

    def parent_code(self, organization: Organization) -> str:
        return self._code_of(organization.parent_id)

    def _read_units(self, reading: RosterReading) -> None:
        inside = {each.pk: each for each in _units(self.top)}
        self.units_in_scope = set(inside)
        if self.top is not None and self.top.depth > 1:
            for some in chunks(row.code for row in reading.units):
                inside.update((each.pk, each) for each in WorkUnit.objects.filter(code__in=some))
        self.units = {each.code: each for each in inside.values()}
        self.units_by_pk = inside
        self.units_named: dict[str, list[WorkUnit]] = defaultdict(list)
        for each in inside.values():
            if each.pk in self.units_in_scope:
                self.units_named[each.name].append(each)
        links = WorkUnit.organizations.through.objects
        reach = Q() if self.top is None else access.below(self.top.path, "organization")
        pairs = links.filter(reach).values_list("organization_id", "workunit_id")
        self.coverage: dict[int, set[int]] = defaultdict(set)
        for organization, unit in pairs:
            self.coverage[organization].add(unit)
        self.shared_units: set[int] = set()
        if self.top is not None and self.top.depth > 1:
            outside = links.exclude(access.below(self.top.path, "organization"))
            self.shared_units = set(outside.values_list("workunit_id", flat=True))

    @property
    def members(self) -> dict[str, Member]:
        """Members of the scope by the digest of their ID number, those who left included."""
        if self._members is None:
            found = Member.objects.all() if self.top is None else Member.objects.within(self.top)
            found = found.order_by("pk")
            if self.lock:
                found = found.select_for_update(of=("self",))
            self._members = {each.id_digest: each for each in found}
            self._read_units_of(self._members.values())
            self.on_roll = Counter(each.organization_id for each in self._members.values() if each.left_on is None)
        return self._members

    def _read_units_of(self, members: Iterable[Member]) -> None:
        """A member may work in a unit that none of the scope's organisations covers."""
        unread = {each.work_unit_id for each in members if each.work_unit_id} - set(self.units_by_pk)
        for some in chunks(unread):
            self.units_by_pk.update((each.pk, each) for each in WorkUnit.objects.filter(pk__in=some))

    def elsewhere(self, digests: Iterable[str]) -> set[str]:
        """Which of the digests belong to members outside the scope."""
        if self.top is None:
            return set()
        wanted = [digest for digest in digests if digest not in self.members]
        found: set[str] = set()
        for some in chunks(wanted):
            found.update(Member.objects.filter(id_digest__in=some).values_list("id_digest", flat=True))
        return found
