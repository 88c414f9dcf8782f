"""Accounts for those who hold a post: for the secretaries of a whole subtree at once, or one by one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_noop

from accounts import actions as account_actions
from accounts.models import User
from units import pinyin
from units.actions.posts import grant_post
from units.models import Member, Organization
from units.refusals import UsernameTaken

_PLAIN = re.compile(r"[^a-z0-9]")


@dataclass(frozen=True)
class Slip:
    """A new account with its first password, which is shown once and kept nowhere."""

    user: User
    password: str
    organization: Organization | None = None


@dataclass(frozen=True)
class Wanted:
    """An organisation whose secretary shall have an account; `name` empty if the person is not known yet."""

    organization: Organization
    name: str = ""


def secretary_role(organization: Organization) -> str:
    return "branch_secretary" if organization.is_branch else "organization_secretary"


@transaction.atomic
def create_account(*, by: User, username: str, name: str) -> Slip:
    """One account without a post. Raises UsernameTaken."""
    if User.objects.filter(username__iexact=username).exists():
        raise UsernameTaken(gettext_noop("The user name %(username)s is taken."), username=username)
    user, password = account_actions.create_account(by=by, username=username, name=name)
    return Slip(user, password)


@transaction.atomic
def create_secretary_accounts(*, by: User, wanted: Sequence[Wanted]) -> list[Slip]:
    """An account and the secretary's post for each organisation, all or none. Raises PostRefused.

    The user name is the organisation's code. Where the given name is that of exactly one member of the organisation who
    has no account, the account is tied to the member.
    """
    taken = {name.lower() for name in User.objects.values_list("username", flat=True)}
    slips = []
    for each in wanted:
        username = _free_name(each.organization, taken)
        name = each.name or each.organization.name
        user, password = account_actions.create_account(by=by, username=username, name=name[:60])
        grant_post(by=by, user=user, organization=each.organization, role=secretary_role(each.organization))
        if each.name:
            _tie_to_member(user, each)
        slips.append(Slip(user, password, each.organization))
    return slips


def _free_name(organization: Organization, taken: set[str]) -> str:
    """The code in small letters, or the initials of the name; numbered where somebody has it."""
    base = _PLAIN.sub("", organization.code.lower()) or pinyin.title(organization.name).initials or "user"
    name, number = base, 1
    while name in taken:
        number += 1
        name = f"{base}-{number}"
    taken.add(name)
    return name


def _tie_to_member(user: User, wanted: Wanted) -> None:
    found = Member.objects.on_roll().within(wanted.organization).filter(name=wanted.name, user=None)
    pks = list(found.values_list("pk", flat=True)[:2])
    if len(pks) == 1:
        Member.objects.filter(pk=pks[0], user=None).update(user=user)
