"""Who acts in the rehearsal beside the secretaries: clerks of branches, deputies, members with an account."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from accounts.models import User
from reports.rehearsal.scene import Cast
from units.actions.posts import grant_post
from units.models import Member, Organization

MakeUser = Callable[[str, str], User]
WITH_ACCOUNT = 2  # members of each branch who use the pages themselves


def cast_unit(cast: Cast, organizations: Iterable[Organization], *, make_user: MakeUser) -> None:
    """Give the organisations of a unit their clerks, and some members an account.

    A branch's clerk is of its committee. Above branch level the deputy for party work is one of the branches' members.
    """
    listed = list(organizations)
    for organization in listed:
        if organization.pk in cast.clerks:
            continue
        free = Member.objects.on_roll().within(organization).filter(user=None, retired=False)
        people = list(free.order_by("organization__path", "pk")[: 1 + WITH_ACCOUNT * organization.is_branch])
        for number, member in enumerate(people):
            user = make_user(f"{organization.code.lower()}-{number + 1}", member.name)
            Member.objects.filter(pk=member.pk).update(user=user)
            role = "member" if number else ("branch_committee" if organization.is_branch else "party_affairs_leader")
            grant_post(by=cast.office, user=user, organization=organization, role=role)
            if not number:
                cast.clerks[organization.pk] = user
