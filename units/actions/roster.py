"""The roster workbook on its way into the database, and out of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from units import access
from units.actions.members import leave_member
from units.actions.posts import GRANTED
from units.importing.compare import make_plan
from units.importing.plan import Plan
from units.importing.stored import Stored, known_names
from units.importing.write import Context, write
from units.models import Organization, Post
from units.roster.records import Fault, RosterReading
from units.roster.sandbox import read_in_subprocess

IMPORTED = audit.action("roster.imported", _("Imported a roster"))


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, or with `written` false what it would do. Counts are of members; `normalised` of cells."""

    written: bool
    created: int
    updated: int
    unchanged: int
    normalised: int
    left: int
    organizations: Mapping[str, int]  # created, updated
    units: Mapping[str, int]
    errors: tuple[Fault, ...]

    @property
    def accepted(self) -> bool:
        """Whether every row was without fault."""
        return not self.errors


@dataclass(frozen=True, slots=True)
class Leaving:
    """Members who are to leave the roll with the import, ticked by a person."""

    members: frozenset[int]
    on: dt.date
    reason: str


def import_workbook(
    *,
    by: User | None,
    path: str | Path,
    today: dt.date | None = None,
    faultless_only: bool = False,
    check_only: bool = False,
    organization: Organization | None = None,
) -> ImportOutcome:
    """Read, compare and write a roster in one transaction: every row, or none.

    With `faultless_only` the faultless rows are written in spite of faults in others. Dates are judged against `today`,
    which is also the date of the moves. Raises RosterUnreadable, and UnitsRefusal when a move is refused.
    """
    day = today or clock.today()
    reading = read_in_subprocess(path, today=day, known=known_names(organization))
    with transaction.atomic():
        plan, stored = compare(reading, organization, day)
        writes = not check_only and (plan.accepted or faultless_only)
        if writes:
            write_plan(by=by, plan=plan, stored=stored, reason=Path(path).name)
    return outcome_of(plan, written=writes)


def compare(reading: RosterReading, top: Organization | None, day: dt.date) -> tuple[Plan, Stored]:
    """The plan against the database as it is now, which is locked until the transaction ends."""
    list(Organization.objects.filter(depth=1).select_for_update().values_list("pk", flat=True))
    if top is not None:
        top = Organization.objects.get(pk=top.pk)
    stored = Stored(top, reading, lock=True)
    return make_plan(reading, stored, day), stored


def write_plan(
    *, by: User | None, plan: Plan, stored: Stored, reason: str, leaving: Leaving | None = None
) -> ImportOutcome:
    """Write a plan inside the caller's transaction, with history. Importing the same again writes nothing."""
    first = not stored.organizations
    write(plan, stored, Context(by, plan.today, reason[:200]))
    left = _take_off(by, plan, leaving)
    outcome = outcome_of(plan, written=True, left=left)
    root = Organization.objects.filter(depth=1).first()
    if first and root is not None and by is not None and by.is_superuser:
        _give_first_post(by, root, plan.today)
    if not plan.writes_nothing or left:
        audit.record(IMPORTED, by=by, organization=plan.top or root, data=_told(outcome, reason))
    return outcome


def _take_off(by: User | None, plan: Plan, leaving: Leaving | None) -> int:
    """Only who is missing from the workbook and was ticked."""
    if leaving is None:
        return 0
    chosen = [member for member in plan.missing if member.pk in leaving.members]
    for member in chosen:
        leave_member(by=by, member=member, on=leaving.on, reason=leaving.reason)
    return len(chosen)


def _give_first_post(by: User, root: Organization, day: dt.date) -> None:
    """Who founds the tree can work in it; nobody else is there to give him the post."""
    post = Post.objects.create(user=by, organization=root, role="office_head", from_date=day)
    access.forget(by)
    audit.record(GRANTED, by=by, obj=post, organization=root, data={"user": by.username, "role": post.role})


def outcome_of(plan: Plan, *, written: bool, left: int = 0) -> ImportOutcome:
    """Counts of a plan."""
    return ImportOutcome(
        written=written,
        created=len(plan.new),
        updated=len(plan.changed),
        unchanged=plan.unchanged,
        normalised=len(plan.reading.normalised),
        left=left,
        organizations=_counts(plan.organizations),
        units=_counts(plan.units),
        errors=plan.faults,
    )


def _counts(plans: Iterable[Any]) -> dict[str, int]:
    everything = list(plans)
    return {
        "created": sum(each.stored is None for each in everything),
        "updated": sum(each.stored is not None and bool(each.changes) for each in everything),
    }


def _told(outcome: ImportOutcome, reason: str) -> dict[str, Any]:
    figures = {
        "created": outcome.created,
        "updated": outcome.updated,
        "unchanged": outcome.unchanged,
        "left": outcome.left,
        "faults": len(outcome.errors),
    }
    places = {f"organizations_{key}": count for key, count in outcome.organizations.items()}
    return {"file": reason, **figures, **places, **{f"units_{key}": count for key, count in outcome.units.items()}}
