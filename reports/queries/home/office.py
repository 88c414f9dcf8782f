"""The office's home: key figures of a subtree, and what is overdue in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from campaign.findings import both
from campaign.models import Batch, BatchStage, Participation, RollEntry, StageProgress
from campaign.playbook import Stage
from campaign.queries import Extent, Picture, UnitState, draw
from campaign.todo import Todo
from reports.queries.home.standings import Governors, Standing
from reports.queries.links import link
from units import access
from units.models import Member, Organization
from units.roles import Role

NAMED = 3


@dataclass(frozen=True)
class Organisations:
    """Active organisations of a subtree by kind; `above` are all but branches and general branches."""

    total: int
    branches: int
    general_branches: int
    above: int


def tree_of(root: Organization) -> list[Organization]:
    """The organisations of a subtree, closed ones too, with what the page asks about them. One query."""
    return list(Organization.objects.within(root).only("pk", "path", "name", "kind", "closed_on"))


def organisations(tree: Iterable[Organization]) -> Organisations:
    """How many there are of each kind. No query."""
    kinds = Counter(one.kind for one in tree if one.closed_on is None)
    branches, general = kinds[Organization.Kind.BRANCH], kinds[Organization.Kind.GENERAL_BRANCH]
    return Organisations(kinds.total(), branches, general, kinds.total() - branches - general)


@dataclass(frozen=True)
class People:
    """Members who take part; who came and who went since the rolls of the present stages were fixed.

    `by_unit`: members of each unit, by the path of its organisation.
    """

    count: int
    joined: int
    left: int
    frozen: bool
    by_unit: Mapping[str, int]


def people(batch: Batch, root: Organization, rows: Sequence[Standing]) -> People:
    """Two queries. A transfer inside the units that have begun is neither a coming nor a going (decision 16)."""
    entries = RollEntry.objects.filter(
        access.below(root.path, "organization"),
        progress__participation__batch=batch,
        progress__state=StageProgress.State.CURRENT,
    )
    places = (
        Member.objects.on_roll()
        .within(root)
        .order_by()
        .annotate(known=Exists(entries.filter(member=OuterRef("pk"))))
        .values("organization__path")
        .annotate(here=Count("pk"), new=Count("pk", filter=Q(known=False)))
        .values_list("organization__path", "here", "new")
    )
    governors = Governors(row.path for row in rows)
    begun = {row.path for row in rows if row.stage}
    by_unit: Counter[str] = Counter()
    inside = joined = 0
    for path, here, new in places:
        governor = governors.of(path)
        if governor is not None:
            by_unit[governor] += here
        if governor in begun:
            inside += here
            joined += new
    left = entries.count() - (inside - joined) if begun else 0
    return People(by_unit.total(), joined, left, bool(begun), by_unit)


def picture_of(
    batch: Batch, root: Organization, rows: Sequence[Standing], tree: Sequence[Organization], members: Mapping[str, int]
) -> Picture:
    """The stage picture (campaign.queries) from what the page has read already. No query."""
    governors = Governors(row.path for row in rows)
    branches = Counter(governors.of(one.path) for one in tree if one.is_branch and one.closed_on is None)
    today = clock.today()
    units = [
        UnitState(
            path=row.path,
            staged=row.staged,
            prepared=row.state == Participation.State.PREPARING,
            position=row.position,
            overdue=bool(row.days_over(today)),
            review=row.review,
            extent=Extent(branches[row.path], members.get(row.path, 0)),
        )
        for row in rows
    ]
    return draw(batch, root, units, {one.path: one for one in tree})


# ---------------------------------------------------------------- what is overdue
def overdue(rows: Sequence[Standing], batch: Batch) -> list[Todo]:
    """One line a stage in which units have overstayed, the longest first: shown, never moved (A-11)."""
    today = clock.today()
    by_stage: dict[str, list[Standing]] = defaultdict(list)
    for row in rows:
        if row.days_over(today):
            by_stage[row.stage].append(row)
    found = []
    for key, late in by_stage.items():
        late.sort(key=lambda row: row.planned_end or today)
        stage = batch.campaign.playbook.stage(key)
        found.append(
            Todo(
                count=len(late),
                title=Message(
                    gettext_noop("Units past the planned end of %(stage)s: %(count)d"),
                    {"stage": both(stage.name), "count": len(late)},
                ),
                detail=Message(
                    gettext_noop("%(units)s; the longest %(days)d days over"),
                    {"units": [row.name for row in late[:NAMED]], "days": late[0].days_over(today)},
                ),
                url=link("campaign:participations", stage=key, late="on"),
                button=Message(gettext_noop("See which")),
                due=late[0].planned_end,
                late=True,
            )
        )
    return sorted(found, key=lambda todo: todo.due or today)


# ---------------------------------------------------------------- where the batch is by its plan
@dataclass(frozen=True)
class Plan:
    """The stage that the plan names for today: its week, counted from 1, and the days left to its end."""

    stage: Stage
    week: int
    left: int


def plan_of(batch: Batch) -> Plan | None:
    """The last stage that has begun by the plan, also past its end; None before the first. One query."""
    today = clock.today()
    row = BatchStage.objects.filter(batch=batch, starts_on__lte=today).order_by("-position").first()
    if row is None:
        return None
    monday = row.starts_on - dt.timedelta(days=row.starts_on.weekday())
    return Plan(batch.campaign.playbook.stage(row.stage), (today - monday).days // 7 + 1, (row.ends_on - today).days)


def top_of(user: Any, home: str) -> Organization:
    """The organisation that a home page is about: of the user's posts of that kind the one highest in the tree."""
    held = [post.organization for post in access.posts_of(user) if _home(post.role) == home]
    return min(held, key=lambda organization: (len(organization.path), organization.path))


def _home(role: str) -> str:
    return Role.registry[role].home if role in Role.registry else ""
