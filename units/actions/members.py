"""Writes to the roster, one member at a time: added, corrected, transferred, left, returned, revealed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, crypto, notify
from accounts.models import User
from units import access, pinyin
from units.actions.dates import not_in_future
from units.models import Member, MemberMove, Organization, Post, WorkUnit
from units.refusals import DuplicateMember, MemberMoved, NotABranch, OrganizationClosed, WrongDate

CREATED = audit.action("member.created", _("Added a member"))
CHANGED = audit.action("member.changed", _("Changed a member's data"))
TRANSFERRED = audit.action("member.transferred", _("Transferred a member"))
LEFT = audit.action("member.left", _("Took a member off the roll"))
RETURNED = audit.action("member.returned", _("Put a member back on the roll"))
REVEALED = audit.action("member.revealed", _("Looked at a member's full numbers"))

# What the form of a member may set; the rest follows from a name, an ID number or a move.
FIELDS = frozenset(
    {
        "name",
        "id_number",
        "sex",
        "ethnicity",
        "birth_date",
        "education",
        "schooling",
        "category",
        "joined_on",
        "full_on",
        "position",
        "phone",
        "landline",
        "address",
        "membership_state",
        "lost_contact",
        "lost_since",
        "floating",
        "floating_to",
        "post_level",
        "retired",
        "awaiting_retirement",
        "can_write",
        "note",
        "work_unit",
    }
)


@dataclass(frozen=True)
class Revealed:
    """A member's sensitive data in full, for the eyes of whoever asked."""

    id_number: str
    phone: str
    landline: str
    address: str


@transaction.atomic
def create_member(
    *, by: User, organization: Organization, values: Mapping[str, Any], on: dt.date, reason: str = ""
) -> Member:
    """Put a new member on a branch's roll. Raises NotABranch, OrganizationClosed, DuplicateMember, WrongDate."""
    not_in_future(on)
    _check_branch(organization)
    member = Member(organization=organization)
    _apply(member, values)
    _check_number(member)
    member.save(force_insert=True)
    MemberMove.objects.create(
        member=member,
        kind=MemberMove.Kind.JOINED,
        to_organization=organization,
        moved_on=on,
        reason=reason,
        by=by,
    )
    audit.record(CREATED, by=by, obj=member, organization=organization)
    return member


@transaction.atomic
def change_member(*, by: User, member: Member, values: Mapping[str, Any], seen: dt.datetime | None = None) -> list[str]:
    """Correct a member's data; returns the names of the fields that changed, which is also what history keeps.

    `seen` is the `updated_at` of the page that was filled in. Raises DuplicateMember, and MemberMoved if somebody else
    was quicker.
    """
    current = Member.objects.select_for_update().select_related("organization").get(pk=member.pk)
    if seen is not None and current.updated_at != seen:
        raise MemberMoved(
            gettext_noop("Somebody else changed %(name)s meanwhile. Compare with the present data below."),
            name=current.name,
        )
    changed = sorted(name for name, value in values.items() if getattr(current, name) != value)
    if changed:
        _apply(current, values)
        if "id_number" in changed:
            _check_number(current)
        current.save()
        audit.record(CHANGED, by=by, obj=current, organization=current.organization, data={"changed": changed})
    return changed


def _apply(member: Member, values: Mapping[str, Any]) -> None:
    unknown = set(values) - FIELDS
    if unknown:
        raise ValueError(f"Not a field of a member's form: {sorted(unknown)}")
    for name, value in values.items():
        setattr(member, name, value)
    member.id_digest = crypto.digest(member.id_number)
    member.pinyin, member.initials = pinyin.person(member.name)


def _check_number(member: Member) -> None:
    """One person stands on one roll; the unique digest in the database is the last word."""
    other = (
        Member.objects.filter(id_digest=member.id_digest).exclude(pk=member.pk).select_related("organization").first()
    )
    if other is None:
        return
    if other.left_on is None:
        text = gettext_noop("This ID number belongs to %(name)s of %(branch)s. Transfer that member instead.")
    else:
        text = gettext_noop(
            "This ID number belongs to %(name)s, who left %(branch)s. Put that member back on the roll instead."
        )
    raise DuplicateMember(text, name=other.name, branch=other.organization.name)


def _check_branch(organization: Organization) -> None:
    if not organization.is_branch:
        raise NotABranch(gettext_noop("%(name)s is not a branch; members belong to a branch."), name=organization.name)
    if organization.closed_on is not None:
        raise OrganizationClosed(gettext_noop("%(name)s is closed and takes nothing in."), name=organization.name)


def _check_move_date(member: Member, on: dt.date) -> None:
    """Moves follow one another; the entry of an import is no fact about the member's life."""
    not_in_future(on)
    last = member.moves.exclude(kind=MemberMove.Kind.JOINED).first()
    if last is not None and on < last.moved_on:
        raise WrongDate(
            gettext_noop("%(name)s moved last on %(last)s; a later move cannot be dated before that."),
            name=member.name,
            last=last.moved_on.isoformat(),
        )


@transaction.atomic
def transfer_member(
    *,
    by: User,
    member: Member,
    to: Organization,
    on: dt.date,
    reason: str = "",
    work_unit: WorkUnit | None = None,
) -> MemberMove:
    """Transfer a member to another branch from a day on (B-04, decision 17): records stay where they were made.

    Raises NotABranch, OrganizationClosed, WrongDate, and MemberMoved if the member is not where `member` says.
    """
    _check_branch(to)
    _check_move_date(member, on)
    source = member.organization
    if source.pk == to.pk:
        raise MemberMoved(gettext_noop("%(name)s is in %(branch)s already."), name=member.name, branch=to.name)
    _swap(member, {"organization": to, "work_unit": work_unit}, organization=source, left_on=None)
    move = _record_move(by, member, MemberMove.Kind.TRANSFERRED, source, to, on, reason)
    data = {"from": source.name, "to": to.name, "on": on.isoformat(), "reason": reason}
    audit.record(TRANSFERRED, by=by, obj=member, organization=to, data=data)
    _tell_secretaries(
        by, [source, to], member, gettext_noop("%(name)s was transferred from %(from)s to %(to)s."), source, to
    )
    return move


@transaction.atomic
def leave_member(*, by: User, member: Member, on: dt.date, reason: str) -> MemberMove:
    """Take a member off the roll; nothing is deleted. Raises WrongDate, MemberMoved."""
    _check_move_date(member, on)
    source = member.organization
    _swap(member, {"left_on": on, "left_reason": reason}, organization=source, left_on=None)
    data = {"on": on.isoformat(), "reason": reason}
    audit.record(LEFT, by=by, obj=member, organization=source, data=data)
    return _record_move(by, member, MemberMove.Kind.LEFT, source, None, on, reason)


@transaction.atomic
def return_member(*, by: User, member: Member, to: Organization, on: dt.date, reason: str = "") -> MemberMove:
    """Put a member who left back on a branch's roll. Raises NotABranch, OrganizationClosed, WrongDate, MemberMoved."""
    _check_branch(to)
    _check_move_date(member, on)
    _swap(member, {"organization": to, "left_on": None, "left_reason": ""}, left_on=member.left_on)
    data = {"to": to.name, "on": on.isoformat(), "reason": reason}
    audit.record(RETURNED, by=by, obj=member, organization=to, data=data)
    return _record_move(by, member, MemberMove.Kind.RETURNED, None, to, on, reason)


def _swap(member: Member, new: dict[str, Any], **expected: Any) -> None:
    """Compare-and-swap: two clerks who move one member at once must not both succeed."""
    if "left_on" in expected and expected["left_on"] is None and member.left_on is not None:
        raise MemberMoved(gettext_noop("%(name)s is not on the roll any more."), name=member.name)
    swapped = Member.objects.filter(pk=member.pk, **expected).update(**new, updated_at=clock.now())
    if not swapped:
        raise MemberMoved(
            gettext_noop("Somebody else moved %(name)s meanwhile. Look at the member's page again."),
            name=member.name,
        )
    for name, value in new.items():
        setattr(member, name, value)


def _record_move(
    by: User,
    member: Member,
    kind: str,
    source: Organization | None,
    to: Organization | None,
    on: dt.date,
    reason: str,
) -> MemberMove:
    return MemberMove.objects.create(
        member=member, kind=kind, from_organization=source, to_organization=to, moved_on=on, reason=reason, by=by
    )


def _tell_secretaries(
    by: User, branches: Iterable[Organization], member: Member, text: str, source: Organization, to: Organization
) -> None:
    posts = Post.objects.current(clock.today()).filter(organization__in=list(branches), role="branch_secretary")
    people = access.people(posts).exclude(pk=by.pk)
    params = {"name": member.name, "from": source.name, "to": to.name}
    notify.send(people, text, url=reverse("units:organization", args=[to.pk]), params=params)


@transaction.atomic
def reveal_member(*, by: User, member: Member) -> Revealed:
    """Open a member's sealed numbers; history says who looked (decision 20)."""
    audit.record(REVEALED, by=by, obj=member, organization=member.organization)
    return Revealed(member.id_number, member.phone, member.landline, member.address)
