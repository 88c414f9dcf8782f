"""What the set-up wizard proposes: names, stage windows, and who takes part (docs/adr/0005). Reads only."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from django.db.models import Count, Q
from django.utils.translation import get_language, gettext, gettext_noop

from accounts.messages import Message
from campaign.actions import StageWindow
from campaign.models import Batch, Participation
from campaign.playbook import Playbook, UnitType
from units import access
from units.models import Member, Organization, WorkUnit

STEP = Organization.steplen
STAGE_DAYS = 30  # where a playbook is silent: a stage is about a month
MONTH_DAYS = 30
DIGITS = "一二三四五六七八九"

# They lead other work units' organisations. Their own unit takes part with a branch, as every other unit does: if they
# took part themselves, each unit left out below them would fall to them.
SUPERIOR_KINDS = frozenset(
    {Organization.Kind.CITY_COMMITTEE, Organization.Kind.COUNTY_COMMITTEE, Organization.Kind.WORK_COMMITTEE}
)

NO_BRANCH = gettext_noop("It has no branch with members of its own.")
OTHER_BATCH = gettext_noop("It takes part in %(batch)s.")
OTHER_BATCH_WITH = gettext_noop("It takes part in %(batch)s with %(name)s.")


# ---------------------------------------------------------------- names and dates
def propose_windows(playbook: Playbook, first: dt.date) -> list[StageWindow]:
    """Stages one after another from `first`, each as long as the playbook says.

    Stages without a length share what is left of the unit's months evenly; without months, a month each.
    """
    known = [stage.days for stage in playbook.stages if stage.days]
    silent = len(playbook.stages) - len(known)
    months = playbook.schedule.unit_months
    left = months * MONTH_DAYS - sum(known) if months else 0
    share = left // silent if silent and left >= silent else STAGE_DAYS
    windows = []
    for stage in playbook.stages:
        last = first + dt.timedelta(days=(stage.days or share) - 1)
        windows.append(StageWindow(stage.key, first, last))
        first = last + dt.timedelta(days=1)
    return windows


def numeral(number: int) -> str:
    """一, 十二, 二十 where the page is Chinese, else the figure; for names, from 1 to 99."""
    if not (get_language() or "").startswith("zh") or not 1 <= number <= 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return (DIGITS[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (DIGITS[ones - 1] if ones else "")


def batch_name(playbook: Playbook, number: int) -> str:
    """第一批（党政机关）, Batch 1 (Party and government organs)."""
    shown = numeral(number)
    plan = next((plan for plan in playbook.batches if plan.number == number), None)
    if plan is None:
        return gettext("Batch %(number)s") % {"number": shown}
    return gettext("Batch %(number)s (%(name)s)") % {"number": shown, "name": plan.name}


def propose_names(playbook: Playbook) -> dict[str, str]:
    """First values of the names form, from the words that the playbook prints on documents."""
    words = {key: str(text) for key, text in playbook.words.items()}
    place = words.get("jurisdiction", "")
    campaign = words.get("campaign", "")
    return {
        "name": f"{place}{campaign}" if (get_language() or "").startswith("zh") else f"{place} {campaign}".strip(),
        "short_name": place,
        "office_name": words.get("office", ""),
        "office_short_name": "",
        "bulletin_name": str(playbook.bulletin.masthead) if playbook.bulletin else "",
    }


# ---------------------------------------------------------------- who takes part
@dataclass(frozen=True)
class Proposal:
    """An organisation that leads a work unit in the batch, or why it does not.

    `branches` and `members` are its own: those of organisations that are proposed below it are counted there.
    `above`: the proposed organisation with which it goes if it is left out.
    """

    organization: Organization
    superior: Organization | None
    units: tuple[WorkUnit, ...]
    branches: int
    members: int
    reason: Message | None = None
    above: Organization | None = None
    types: tuple[UnitType | None, ...] = ()  # of each unit, as the playbook knows them

    @property
    def proposed(self) -> bool:
        return self.reason is None

    @property
    def work_unit(self) -> WorkUnit | None:
        """The unit that gives the participation its name; None where there are several, or none."""
        return self.units[0] if len(self.units) == 1 else None

    @property
    def special_type(self) -> str:
        """Of a unit that may go without stages (A-12)."""
        named = (str(kind.name) for kind in self.types if kind is not None and not kind.staged)
        return next((unit.special_type for unit in self.units if unit.special_type), "") or next(named, "")

    @property
    def batches(self) -> frozenset[int]:
        """Numbers of the batches to which its types belong (A-05); none where the playbook does not say."""
        return frozenset(kind.batch for kind in self.types if kind is not None and kind.batch is not None)

    @property
    def unstaged(self) -> bool:
        """Does the playbook let every one of its units run without stages (A-12)? Other types run in stages (A-13)."""
        return bool(self.types) and all(kind is not None and not kind.staged for kind in self.types)


@dataclass
class Tree:
    """The open organisations under a host, with members of each; read in three queries whatever the size."""

    nodes: dict[str, Organization]
    members: Mapping[int, int]
    covers: Mapping[str, list[WorkUnit]]
    candidates: dict[str, list[WorkUnit]] = field(default_factory=dict)

    @classmethod
    def under(cls, host: Organization) -> Tree:
        nodes = {one.path: one for one in Organization.objects.within(host).active()}
        by_pk = {one.pk: one.path for one in nodes.values()}
        counted = Member.objects.on_roll().within(host).order_by().values_list("organization_id")
        covers: dict[str, list[WorkUnit]] = defaultdict(list)
        through = WorkUnit.organizations.through.objects
        rows = through.filter(access.below(host.path, "organization")).select_related("workunit")
        for row in rows.order_by("workunit__code"):
            if row.organization_id in by_pk:
                covers[by_pk[row.organization_id]].append(row.workunit)
        return cls(nodes, dict(counted.annotate(n=Count("pk"))), covers)

    def above(self, path: str, among: Iterable[str] | Mapping[str, object], *, own: bool) -> str | None:
        """The nearest of `among` over a path, the path itself included if `own`."""
        ends = range(len(path) if own else len(path) - STEP, 0, -STEP)
        return next((path[:end] for end in ends if path[:end] in among), None)

    def find_candidates(self) -> None:
        """The topmost organisation of each work unit, and of branches that no unit's organisation leads."""
        places: dict[int, list[str]] = defaultdict(list)
        for path, units in self.covers.items():
            for unit in units:
                places[unit.pk].append(path)
        tops = {pk: set(_topmost([p for p in paths if self.leads(p)] or paths)) for pk, paths in places.items()}
        for path, units in self.covers.items():
            led = [unit for unit in units if path in tops[unit.pk]]
            if led:
                self.candidates[path] = led
        leading = self.leading
        for path, one in self.nodes.items():
            if self.members.get(one.pk) and self.above(path, leading, own=True) is None:
                leading.add(highest := self._highest(path))
                self.candidates.setdefault(highest, [])

    def leads(self, path: str) -> bool:
        """Can this organisation take part for a work unit, or does it stand over those that do?"""
        return self.nodes[path].kind not in SUPERIOR_KINDS

    @property
    def leading(self) -> set[str]:
        return {path for path in self.candidates if self.leads(path)}

    def _highest(self, path: str) -> str:
        steps = (path[:end] for end in range(STEP, len(path) + 1, STEP))
        return next((step for step in steps if step in self.nodes and self.leads(step)), path)

    def own_figures(self, leading: Set[str]) -> dict[str, tuple[int, int]]:
        """(branches, members) of each of `leading`, without those of others of them below it."""
        branches: dict[str, int] = defaultdict(int)
        members: dict[str, int] = defaultdict(int)
        for path, one in self.nodes.items():
            leader = self.above(path, leading, own=True)
            if leader is not None:
                branches[leader] += one.is_branch
                members[leader] += self.members.get(one.pk, 0)
        return {path: (branches[path], members[path]) for path in leading}


def _topmost(paths: list[str]) -> list[str]:
    return [path for path in paths if not any(path != other and path.startswith(other) for other in paths)]


def taken_elsewhere(batch: Batch) -> dict[str, Participation]:
    """Leading organisations of the campaign's other batches and of any other open batch, by tree path (A-06)."""
    others = Participation.objects.filter(Q(batch__campaign=batch.campaign) | Q(batch__closed_on=None))
    rows = others.exclude(batch=batch).select_related("organization", "batch")
    return {row.organization.path: row for row in rows}


def taken_reason(tree: Tree, path: str, taken: Mapping[str, Participation]) -> Message | None:
    """That an organisation is in another batch, itself or with one above it."""
    held = tree.above(path, taken, own=True)
    if held is None:
        return None
    names = {"batch": taken[held].batch.name, "name": taken[held].organization.name}
    return Message(OTHER_BATCH if held == path else OTHER_BATCH_WITH, names)


def _reason(tree: Tree, path: str, members: int, taken: Mapping[str, Participation]) -> Message | None:
    return taken_reason(tree, path, taken) or (None if members else Message(NO_BRANCH, {}))


def propose(*, host: Organization, batch: Batch, tree: Tree | None = None) -> list[Proposal]:
    """Who takes part: for each work unit the topmost organisation that covers it (docs/adr/0005), in tree order.

    Four queries, whatever the size of the tree.
    """
    tree = tree or Tree.under(host)
    playbook = batch.campaign.playbook
    tree.find_candidates()
    leading = tree.leading
    figures = dict.fromkeys(tree.candidates, (0, 0)) | tree.own_figures(leading)
    taken = taken_elsewhere(batch)
    reasons = {path: _reason(tree, path, figures[path][1], taken) for path in tree.candidates}
    proposed = {path for path, reason in reasons.items() if reason is None}
    proposals = []
    for path in sorted(tree.candidates):
        superior = next((p for p in _steps_up(path) if p not in leading), None)
        over = tree.above(path, proposed, own=False)
        proposals.append(
            Proposal(
                organization=tree.nodes[path],
                superior=tree.nodes.get(superior or ""),
                units=tuple(tree.candidates[path]),
                branches=figures[path][0],
                members=figures[path][1],
                reason=reasons[path],
                above=tree.nodes[over] if over else None,
                types=tuple(playbook.unit_type(unit.special_type, unit.type) for unit in tree.candidates[path]),
            )
        )
    return proposals


def _steps_up(path: str) -> Iterable[str]:
    return (path[:end] for end in range(len(path) - STEP, 0, -STEP))


def units_without_organization() -> list[WorkUnit]:
    """Work units that no organisation covers: nobody can take part for them until one does."""
    return list(WorkUnit.objects.filter(organizations=None))
