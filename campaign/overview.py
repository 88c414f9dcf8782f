"""What a set-up has come to, and what is still missing before it begins."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import clock
from campaign.models import Batch, Participation
from campaign.setup import Tree
from units.models import Organization, Post
from units.roles import Right, with_right

NAMED = 12  # how many of those short of something a page names


@dataclass(frozen=True)
class Overview:
    """Figures of a batch, and the organisations that lack something."""

    units: int
    unstaged: int
    begun: int
    branches: int
    members: int
    nobody_leads: list[Organization]  # branches with members that take part in nothing
    unsupervised: list[Participation]
    cannot_apply: list[Participation]  # nobody there holds an account with the right to apply

    @property
    def led_by_nobody_names(self) -> list[str]:
        return [one.name for one in self.nobody_leads[:NAMED]]

    @property
    def unsupervised_names(self) -> list[str]:
        return [row.label for row in self.unsupervised[:NAMED]]

    @property
    def cannot_apply_names(self) -> list[str]:
        return [row.label for row in self.cannot_apply[:NAMED]]

    @property
    def waiting(self) -> int:
        return self.units - self.begun


def overview(batch: Batch) -> Overview:
    """Six queries, whatever the size."""
    tree = Tree.under(batch.campaign.host)
    rows = list(batch.participations.select_related("organization", "work_unit"))
    leading = {row.organization.path for row in rows}
    branches = members = 0
    alone = []
    for path, one in tree.nodes.items():
        held = tree.members.get(one.pk, 0)
        if tree.above(path, leading, own=True) is not None:
            branches += one.is_branch
            members += held
        elif one.is_branch and held:
            alone.append(one)
    posts = Post.objects.current(clock.today()).filter(user__is_active=True)
    supervised = set(posts.filter(role="supervisor").values_list("organization__path", flat=True))
    appliers = set(posts.filter(role__in=with_right(Right.APPLY)).values_list("organization_id", flat=True))
    return Overview(
        units=len(rows),
        unstaged=sum(not row.staged for row in rows),
        begun=sum(row.state != Participation.State.PREPARING for row in rows),
        branches=branches,
        members=members,
        nobody_leads=alone,
        unsupervised=[row for row in rows if tree.above(row.organization.path, supervised, own=True) is None],
        cannot_apply=[row for row in rows if row.staged and row.organization_id not in appliers],
    )
