"""Writes to the tree of organisations and to work units: added, renamed, moved, closed. History stays (decision 17)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit
from accounts.models import User
from units import pinyin
from units.actions.dates import not_in_future
from units.models import Organization, OrganizationMove, Post, WorkUnit
from units.refusals import CannotSitThere, CodeTaken, OrganizationClosed, StillInUse, WouldCycle, WrongDate

CREATED = audit.action("organization.created", _("Added an organisation"))
CHANGED = audit.action("organization.changed", _("Changed an organisation"))
MOVED = audit.action("organization.moved", _("Moved an organisation"))
CLOSED = audit.action("organization.closed", _("Closed an organisation"))
REOPENED = audit.action("organization.reopened", _("Reopened an organisation"))
UNIT_CREATED = audit.action("work_unit.created", _("Added a work unit"))
UNIT_CHANGED = audit.action("work_unit.changed", _("Changed a work unit"))

_K = Organization.Kind
# What may stand under what (B-02, B-03). A branch has nobody below it.
PLACES: dict[str, frozenset[str]] = {
    _K.CITY_COMMITTEE: frozenset(
        {_K.COUNTY_COMMITTEE, _K.WORK_COMMITTEE, _K.PARTY_GROUP, _K.COMMITTEE, _K.GENERAL_BRANCH, _K.BRANCH}
    ),
    _K.COUNTY_COMMITTEE: frozenset({_K.WORK_COMMITTEE, _K.PARTY_GROUP, _K.COMMITTEE, _K.GENERAL_BRANCH, _K.BRANCH}),
    _K.WORK_COMMITTEE: frozenset({_K.PARTY_GROUP, _K.COMMITTEE, _K.GENERAL_BRANCH, _K.BRANCH}),
    _K.COMMITTEE: frozenset({_K.PARTY_GROUP, _K.COMMITTEE, _K.GENERAL_BRANCH, _K.BRANCH}),
    _K.PARTY_GROUP: frozenset({_K.COMMITTEE, _K.GENERAL_BRANCH, _K.BRANCH}),
    _K.GENERAL_BRANCH: frozenset({_K.BRANCH}),
    _K.BRANCH: frozenset(),
}


def kinds_below(organization: Organization) -> list[tuple[str, object]]:
    """Choices of the kinds that may stand under an organisation."""
    return [(kind.value, kind.label) for kind in _K if kind.value in PLACES[organization.kind]]


def _check_place(kind: str, parent: Organization) -> None:
    if parent.closed_on is not None:
        raise OrganizationClosed(gettext_noop("%(name)s is closed and takes nothing in."), name=parent.name)
    if kind not in PLACES[parent.kind]:
        raise CannotSitThere(
            gettext_noop("%(kind)s cannot stand under %(parent)s: choose a superior of a higher kind."),
            kind=str(_K(kind).label),
            parent=parent.name,
        )


def _lock_tree() -> None:
    """One change of the tree at a time: treebeard rewrites the paths of whole subtrees."""
    list(Organization.objects.filter(depth=1).select_for_update().values_list("pk", flat=True))


@transaction.atomic
def create_organization(
    *,
    by: User,
    parent: Organization,
    name: str,
    code: str,
    kind: str,
    founded_on: dt.date | None = None,
) -> Organization:
    """Add an organisation under `parent` (B-02). Raises CannotSitThere, OrganizationClosed, CodeTaken, WrongDate."""
    _lock_tree()
    parent = Organization.objects.get(pk=parent.pk)
    _check_place(kind, parent)
    not_in_future(founded_on)
    _check_code(Organization, code)
    spelling = pinyin.title(name)
    organization = Organization.objects.add_child(
        parent,
        {
            "name": name,
            "code": code,
            "kind": kind,
            "parent": parent,
            "founded_on": founded_on,
            "pinyin": spelling.full,
            "initials": spelling.initials,
        },
    )
    audit.record(CREATED, by=by, obj=organization, organization=organization)
    return organization


def _check_code(model: type[Organization] | type[WorkUnit], code: str, but: int | None = None) -> None:
    holder = model.objects.filter(code=code).exclude(pk=but).first()
    if holder is not None:
        raise CodeTaken(gettext_noop("The code %(code)s belongs to %(name)s already."), code=code, name=holder.name)


@transaction.atomic
def change_organization(
    *, by: User, organization: Organization, name: str, code: str, founded_on: dt.date | None
) -> Organization:
    """Rename an organisation or correct its code and date. Raises CodeTaken, WrongDate."""
    not_in_future(founded_on)
    _check_code(Organization, code, but=organization.pk)
    before = Organization.objects.get(pk=organization.pk)
    spelling = pinyin.title(name)
    Organization.objects.filter(pk=organization.pk).update(
        name=name, code=code, founded_on=founded_on, pinyin=spelling.full, initials=spelling.initials
    )
    organization.refresh_from_db()
    data = {"from": before.name, "to": name} if before.name != name else {"changed": ["code", "founded_on"]}
    audit.record(CHANGED, by=by, obj=organization, organization=organization, data=data)
    return organization


@transaction.atomic
def move_organization(
    *, by: User, organization: Organization, parent: Organization, on: dt.date, reason: str = ""
) -> OrganizationMove:
    """Put an organisation with all below it under another, from a day on (B-04, decision 17).

    Raises WouldCycle, CannotSitThere, OrganizationClosed, WrongDate. Members and records stay with the organisation.
    """
    _lock_tree()
    organization = Organization.objects.get(pk=organization.pk)
    parent = Organization.objects.get(pk=parent.pk)
    if parent.path.startswith(organization.path):
        raise WouldCycle(
            gettext_noop("%(name)s cannot be moved under itself or under what is below it."),
            name=organization.name,
        )
    if organization.parent_id == parent.pk:
        raise CannotSitThere(
            gettext_noop("%(name)s stands under %(parent)s already."), name=organization.name, parent=parent.name
        )
    _check_place(organization.kind, parent)
    _check_move_date(organization, on)
    before = organization.parent
    Organization.objects.move(organization, parent, "last-child")
    Organization.objects.filter(pk=organization.pk).update(parent=parent)
    organization.refresh_from_db()
    move = OrganizationMove.objects.create(
        organization=organization, from_parent=before, to_parent=parent, moved_on=on, reason=reason, by=by
    )
    data = {"from": before.name if before else "", "to": parent.name, "on": on.isoformat(), "reason": reason}
    audit.record(MOVED, by=by, obj=organization, organization=organization, data=data)
    return move


def _check_move_date(organization: Organization, on: dt.date) -> None:
    not_in_future(on)
    last = organization.moves.first()
    if last is not None and on < last.moved_on:
        raise WrongDate(
            gettext_noop("%(name)s moved last on %(last)s; a later move cannot be dated before that."),
            name=organization.name,
            last=last.moved_on.isoformat(),
        )


@transaction.atomic
def close_organization(*, by: User, organization: Organization, on: dt.date, reason: str = "") -> None:
    """Close an organisation that has no members and nothing open below it; its posts end with it.

    Raises StillInUse, WrongDate.
    """
    not_in_future(on)
    _lock_tree()
    below = Organization.objects.within(organization).active().exclude(pk=organization.pk).count()
    members = organization.members.on_roll().count()
    if below or members:
        raise StillInUse(
            gettext_noop(
                "%(name)s still has %(members)s members on the roll and %(below)s organisations below it. "
                "Transfer the members and move or close the organisations first."
            ),
            name=organization.name,
            members=members,
            below=below,
        )
    if not Organization.objects.filter(pk=organization.pk, closed_on=None).update(closed_on=on):
        raise OrganizationClosed(gettext_noop("%(name)s was closed before."), name=organization.name)
    running = Post.objects.filter(organization=organization).filter(Q(to_date=None) | Q(to_date__gt=on))
    running.filter(from_date__gt=on).delete()
    ended = running.filter(from_date__lte=on).update(to_date=on)
    organization.refresh_from_db()
    data = {"on": on.isoformat(), "reason": reason, "posts_ended": ended}
    audit.record(CLOSED, by=by, obj=organization, organization=organization, data=data)


@transaction.atomic
def reopen_organization(*, by: User, organization: Organization) -> None:
    """Undo a closing; posts are granted anew. Raises OrganizationClosed if what is above is closed."""
    if organization.parent is not None and organization.parent.closed_on is not None:
        raise OrganizationClosed(
            gettext_noop("%(name)s is closed and takes nothing in."), name=organization.parent.name
        )
    if Organization.objects.filter(pk=organization.pk).exclude(closed_on=None).update(closed_on=None):
        organization.refresh_from_db()
        audit.record(REOPENED, by=by, obj=organization, organization=organization)


@dataclass(frozen=True)
class WorkUnitData:
    """What a work unit's form holds."""

    code: str
    name: str
    type: str = ""
    rank: str = ""
    staff_count: int | None = None
    special_type: str = ""


@transaction.atomic
def save_work_unit(
    *, by: User, data: WorkUnitData, organizations: Iterable[Organization], unit: WorkUnit | None = None
) -> WorkUnit:
    """Add or change a work unit and say which organisations cover it (B-01). Raises CodeTaken."""
    _check_code(WorkUnit, data.code, but=unit.pk if unit else None)
    action = UNIT_CHANGED if unit else UNIT_CREATED
    unit = unit or WorkUnit()
    for field, value in vars(data).items():
        setattr(unit, field, value)
    unit.save()
    covering = list(organizations)
    unit.organizations.set(covering)
    top = min(covering, key=lambda each: each.path, default=None)
    audit.record(action, by=by, obj=unit, organization=top, data={"organizations": [o.name for o in covering]})
    return unit
