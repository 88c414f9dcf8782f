"""The fourth step of the set-up as a page shows it: each organisation that may take part, ticked or not, and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q

from accounts.messages import Message
from campaign.actions import Entry
from campaign.models import Batch, Participation
from campaign.setup import Proposal, Tree, propose, taken_elsewhere, taken_reason
from units import access
from units.models import Organization, WorkUnit

FOUND_MOST = 20


@dataclass
class Row:
    """One organisation: what it would bring along, whether it is ticked, and why it cannot be."""

    organization: Organization
    units: tuple[WorkUnit, ...]
    branches: int
    members: int
    special_type: str = ""
    without_stages: bool = False  # as the playbook has it for its type of unit
    reason: Message | None = None  # it cannot take part
    above: Organization | None = None  # with whom it goes when it is not ticked
    other_batch: int | None = None  # the batch to which its type belongs, if that is not this one
    participation: Participation | None = None
    checked: bool = False
    unstaged: bool = False
    added: bool = False  # not proposed: somebody asked for it

    @property
    def begun(self) -> bool:
        return self.participation is not None and self.participation.state != Participation.State.PREPARING

    @property
    def fixed(self) -> bool:
        """Cannot be changed on this page."""
        return self.begun or (self.reason is not None and self.participation is None)

    @property
    def proposed(self) -> bool:
        """Ticked at first: found by the rules, and of a type that takes part in this batch."""
        return not self.added and self.other_batch is None

    @property
    def may_skip_stages(self) -> bool:
        """Special-type units may go without stages (A-12); the others follow them (A-13)."""
        return bool(self.special_type) or (self.participation is not None and not self.participation.staged)

    @property
    def work_unit(self) -> WorkUnit | None:
        """Gives the participation its name: the one unit that the organisation leads, none for one that is nested."""
        return self.units[0] if len(self.units) == 1 and not self.added else None

    @property
    def label(self) -> str:
        return self.work_unit.name if self.work_unit else self.organization.name


@dataclass
class Group:
    """The organisations under one superior."""

    superior: Organization | None
    rows: list[Row] = field(default_factory=list)

    @property
    def members(self) -> int:
        return sum(row.members for row in self.rows)

    @property
    def ticked(self) -> int:
        return sum(row.checked for row in self.rows)

    @property
    def key(self) -> str:
        """Name of the check boxes: one tick box chooses a whole group."""
        return f"take-{self.superior.pk if self.superior else 0}"


@dataclass(frozen=True)
class Ticked:
    """What came with a form: the organisations ticked, those without stages, and those asked for besides."""

    taken: frozenset[int]
    unstaged: frozenset[int]
    added: frozenset[int]


def groups_of(batch: Batch, *, added: Iterable[int] = (), within: Organization | None = None) -> list[Group]:
    """Proposals, what takes part already, and what was asked for, by superior, in tree order. Seven queries."""
    host = batch.campaign.host
    tree = Tree.under(host)
    present = {p.organization_id: p for p in batch.participations.select_related("organization", "work_unit")}
    rows: dict[str, Row] = {}
    superiors: dict[str, Organization | None] = {}
    for proposal in propose(host=host, batch=batch, tree=tree):
        path = proposal.organization.path
        rows[path], superiors[path] = _row(proposal, batch), proposal.superior
    _add_others(batch, tree, rows, superiors, {*present, *added})
    groups: dict[int, Group] = {}
    for path in sorted(rows):
        row, superior = rows[path], superiors[path]
        row.participation = present.get(row.organization.pk)
        if within is None or path.startswith(within.path):
            groups.setdefault(superior.pk if superior else 0, Group(superior)).rows.append(row)
    return list(groups.values())


def _row(proposal: Proposal, batch: Batch) -> Row:
    elsewhere = proposal.batches and batch.number not in proposal.batches
    return Row(
        organization=proposal.organization,
        units=proposal.units,
        branches=proposal.branches,
        members=proposal.members,
        special_type=proposal.special_type,
        without_stages=proposal.unstaged,
        reason=proposal.reason,
        above=proposal.above,
        other_batch=min(proposal.batches) if elsewhere else None,
    )


def _add_others(
    batch: Batch, tree: Tree, rows: dict[str, Row], superiors: dict[str, Organization | None], wanted: set[int]
) -> None:
    """Organisations that no rule proposes, such as a branch that applies for itself; they take their own along."""
    others = sorted(path for path, one in tree.nodes.items() if one.pk in wanted and path not in rows)
    if not others:
        return
    taken = taken_elsewhere(batch)
    for path in others:
        over = tree.above(path, rows, own=False)
        rows[path] = Row(
            organization=tree.nodes[path],
            units=tuple(tree.covers.get(path, ())),
            branches=0,
            members=0,
            reason=taken_reason(tree, path, taken),
            above=rows[over].organization if over else None,
            added=True,
        )
        superiors[path] = superiors[over] if over else tree.nodes.get(path[: -Organization.steplen])
    leading = {path for path, row in rows.items() if row.added or tree.leads(path)}
    for path, (branches, members) in tree.own_figures(leading).items():
        rows[path].branches, rows[path].members = branches, members


def members_of(groups: list[Group]) -> int:
    """Members who would take part: of ticked rows, and of rows that go with a ticked one above them."""
    rows = [row for group in groups for row in group.rows]
    ticked = [row.organization.path for row in rows if row.checked]
    return sum(row.members for row in rows if any(row.organization.path.startswith(path) for path in ticked))


def tick(groups: list[Group], ticked: Ticked | None, choose: str = "") -> None:
    """Tick the rows: as the form came back, as chosen in bulk, as saved, or (the first time) as proposed."""
    rows = [row for group in groups for row in group.rows]
    fresh = all(row.participation is None for row in rows)
    for row in rows:
        pk = row.organization.pk
        if row.fixed:
            row.checked = row.begun
        elif choose in {"proposed", "none"}:
            row.checked = choose == "proposed" and (row.proposed or row.participation is not None)
        elif ticked is not None:
            row.checked = pk in ticked.taken
        elif fresh:
            row.checked = row.proposed
        else:
            row.checked = row.participation is not None
        if ticked is not None and not row.begun:
            row.unstaged = pk in ticked.unstaged
        elif row.participation is not None:
            row.unstaged = not row.participation.staged
        else:
            row.unstaged = row.without_stages


def changes(groups: list[Group]) -> tuple[list[Entry], list[Participation]]:
    """Who is to enter and who to leave, from the ticks."""
    enter, leave = [], []
    for row in (row for group in groups for row in group.rows if not row.fixed):
        held = row.participation
        stays = held is not None and row.checked and held.staged != row.unstaged
        if held is not None and not stays:
            leave.append(held)
        if row.checked and not stays:
            enter.append(Entry(row.organization, row.work_unit, staged=not row.unstaged))
    return enter, leave


def find_organizations(host: Organization, text: str) -> list[Organization]:
    """Open organisations of the tree by name, code or initials; a whole name or code finds only that one."""
    text = text.strip()
    if not text:
        return []
    reach = Organization.objects.filter(access.below(host.path, "")).active()
    exact = list(reach.filter(Q(name=text) | Q(code__iexact=text))[:FOUND_MOST])
    loose = Q(name__icontains=text) | Q(initials__startswith=text.lower()) | Q(pinyin__startswith=text.lower())
    return exact or list(reach.filter(loose)[:FOUND_MOST])
