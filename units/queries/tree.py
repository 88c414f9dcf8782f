"""The tree as a page shows it: the visible tops, their children, and what was opened, with figures of each subtree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import Substr

from units import access
from units.models import Member, Organization
from units.roles import Right

STEP = Organization.steplen


@dataclass
class Node:
    """One row: the organisation, how deep it stands below its visible top, what its subtree counts.

    `toggle` lists what is to be opened for this row to be the other way round; None where nothing opens or closes.
    """

    organization: Organization
    level: int = 0
    branches: int = 0
    members: int = 0
    open: bool = False
    toggle: list[int] | None = None

    @property
    def indent(self) -> str:
        return "\u3000" * self.level


def visible_tree(user: Any, opened: Iterable[int] = ()) -> list[Node]:
    """The tops of what the user sees and their children, and the children of each opened organisation, in tree order.

    Two queries, and two more for each depth shown, whatever the size of the tree.
    """
    tops = access.roots(user, Right.VIEW)
    if not tops:
        return []
    visible = Organization.objects.visible_to(user)
    chosen = dict(visible.filter(pk__in=list(opened)).values_list("path", "pk"))
    wanted = set(tops)
    for path in chosen:
        top = next(each for each in tops if path.startswith(each))
        wanted |= {path[:end] for end in range(len(top), len(path) + 1, STEP)}
    shown = visible.filter(Q(path__in=tops) | Q(parent__path__in=sorted(wanted)))
    nodes = {each.path: Node(each, open=each.path in wanted) for each in shown}
    for path, node in nodes.items():
        top = next(each for each in tops if path.startswith(each))
        node.level = (len(path) - len(top)) // STEP
        if path != top and node.organization.numchild:
            node.toggle = _toggled(chosen, path, node)
    _count(nodes)
    return list(nodes.values())


def _toggled(chosen: dict[str, int], path: str, node: Node) -> list[int]:
    """Closing takes what is open further down with it; opening adds one."""
    if node.open:
        kept = [pk for each, pk in chosen.items() if not each.startswith(path)]
        return [*kept, node.organization.parent_id] if node.organization.parent_id else kept
    return [*chosen.values(), node.organization.pk]


def _count(nodes: dict[str, Node]) -> None:
    """Branches and members of each shown subtree, grouped by the prefix of its path: two queries a depth shown."""
    by_length: dict[int, list[str]] = {}
    for path in nodes:
        by_length.setdefault(len(path), []).append(path)
    for length, paths in by_length.items():
        reach = (min(paths), max(paths) + "[")
        branches = (
            Organization.objects.filter(path__gte=reach[0], path__lt=reach[1], kind=Organization.Kind.BRANCH)
            .active()
            .order_by()
            .annotate(top=Substr("path", 1, length))
            .values("top")
            .annotate(n=Count("pk"))
        )
        members = (
            Member.objects.on_roll()
            .filter(organization__path__gte=reach[0], organization__path__lt=reach[1])
            .order_by()
            .annotate(top=Substr("organization__path", 1, length))
            .values("top")
            .annotate(n=Count("pk"))
        )
        for row in branches:
            if row["top"] in nodes:
                nodes[row["top"]].branches = row["n"]
        for row in members:
            if row["top"] in nodes:
                nodes[row["top"]].members = row["n"]


@dataclass(frozen=True)
class Figures:
    """What an organisation's subtree holds today."""

    committees: int
    general_branches: int
    branches: int
    members: int
    probationary: int
    retired: int
    floating: int


def figures(organization: Organization) -> Figures:
    """Two queries, whatever the size of the subtree."""
    kinds = Organization.Kind
    below = Organization.objects.within(organization).active().order_by()
    organizations = below.aggregate(
        committees=Count("pk", filter=~Q(kind__in=[kinds.BRANCH, kinds.GENERAL_BRANCH])),
        general_branches=Count("pk", filter=Q(kind=kinds.GENERAL_BRANCH)),
        branches=Count("pk", filter=Q(kind=kinds.BRANCH)),
    )
    members = (
        Member.objects.on_roll()
        .within(organization)
        .aggregate(
            members=Count("pk"),
            probationary=Count("pk", filter=Q(category=Member.Category.PROBATIONARY)),
            retired=Count("pk", filter=Q(retired=True)),
            floating=Count("pk", filter=Q(floating=True)),
        )
    )
    return Figures(**organizations, **members)
