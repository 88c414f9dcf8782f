"""Recording what was done, who was there, and what each member has done himself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from campaign import uploads
from campaign.holds import refuse_held_since, refuse_if_held
from campaign.models import Activity, ActivityFile, Attendance, Batch, MemberMark
from units.models import Member, Organization

RECORDED = audit.action("activity.recorded", _("Recorded an activity"))
CHANGED = audit.action("activity.changed", _("Changed an activity"))
DELETED = audit.action("activity.deleted", _("Deleted an activity"))
FILE_REMOVED = audit.action("activity.file_removed", _("Removed a file of an activity"))
ATTENDANCE = audit.action("activity.attendance", _("Took attendance"))
MARKED = audit.action("member.marked", _("Marked members' required actions"))
UNMARKED = audit.action("member.unmarked", _("Took back members' marks"))


class ActivityChanged(Exception):
    """Somebody else has saved this activity meanwhile."""


@dataclass(frozen=True, kw_only=True)
class ActivityData:
    """What the form holds. `hours` in study hours (学时); `points` are keys of the action's boxes that were ticked."""

    title: str
    held_on: dt.date
    action: str = ""
    starts_at: dt.time | None = None
    place: str = ""
    led_by: str = ""
    hours: Decimal | None = None
    concentrated: bool = False
    others_present: int = 0
    points: list[str] = field(default_factory=list)
    text: str = ""


@transaction.atomic
def record_activity(
    *,
    by: User,
    organization: Organization,
    batch: Batch,
    stage: str,
    data: ActivityData,
    present: Iterable[Member] = (),
    files: Iterable[File] = (),
    after_closing: bool = False,
) -> Activity:
    """Record an activity of an organisation with those present and its files (E-02..E-05, A-18).

    `after_closing`: of the consolidation, once the unit has closed (H-13).
    """
    activity = Activity.objects.create(
        after_closing=after_closing,
        batch=batch,
        organization=organization,
        stage=stage,
        recorded_by=by,
        recorded_at=clock.now(),
        **asdict(data),
    )
    people = list(present)
    Attendance.objects.bulk_create(Attendance(activity=activity, member=member) for member in people)
    uploads.keep(activity.files, files, by=by)
    audit.record(RECORDED, by=by, obj=activity, organization=organization, data={"present": len(people)})
    return activity


@transaction.atomic
def change_activity(
    *, by: User, activity: Activity, version: int, data: ActivityData, files: Iterable[File] = ()
) -> None:
    """Change a record; `version` is the one the person saw. Raises ActivityChanged, campaign.holds.Held."""
    refuse_if_held(activity)
    swapped = Activity.objects.filter(pk=activity.pk, version=version).update(version=F("version") + 1, **asdict(data))
    if not swapped:
        raise ActivityChanged
    uploads.keep(activity.files, files, by=by)
    activity.refresh_from_db()
    audit.record(CHANGED, by=by, obj=activity, organization=activity.organization, data={"version": version + 1})


@transaction.atomic
def delete_activity(*, by: User, activity: Activity, reason: str) -> None:
    """Remove a record entered by mistake; the history keeps what it said, and why it went. Raises Held."""
    refuse_if_held(activity)
    kept = {
        "title": activity.title,
        "held_on": activity.held_on.isoformat(),
        "action": activity.action,
        "hours": str(activity.hours or ""),
        "present": activity.attendances.count(),
        "reason": reason,
    }
    audit.record(DELETED, by=by, obj=activity, organization=activity.organization, data=kept)
    uploads.discard(activity.files.all())
    activity.delete()


@transaction.atomic
def remove_file(*, by: User, file: ActivityFile) -> None:
    """Take away a photograph or document that does not belong to the activity. Raises Held."""
    activity = file.activity
    refuse_if_held(activity)
    audit.record(FILE_REMOVED, by=by, obj=activity, organization=activity.organization, data={"name": file.name})
    uploads.remove(file)


@transaction.atomic
def set_attendance(
    *,
    by: User,
    activity: Activity,
    present: Collection[int],
    made_up: Collection[int] = (),
    made_up_on: Mapping[int, dt.date] | None = None,
    version: int | None = None,
) -> None:
    """Set who was there and who made it up later, by member ids. Anybody else is absent (decision 7).

    `made_up_on` gives the day of a make-up by member id; without one a mark keeps its day, and a new one gets today.
    With the `version` that the person saw, raises ActivityChanged if somebody else has saved since. Raises Held.
    """
    refuse_if_held(activity)
    seen = Activity.objects.filter(pk=activity.pk, **({} if version is None else {"version": version}))
    if not seen.update(version=F("version") + 1):
        raise ActivityChanged
    wanted = dict.fromkeys(present, False) | dict.fromkeys(made_up, True)
    rows = {row.member_id: row for row in Attendance.objects.filter(activity=activity)}
    days = _make_up_days(wanted, rows, made_up_on or {})
    Attendance.objects.filter(activity=activity).exclude(member_id__in=wanted).delete()
    Attendance.objects.bulk_create(
        Attendance(activity=activity, member_id=pk, made_up=late, made_up_on=days[pk])
        for pk, late in wanted.items()
        if pk not in rows
    )
    changed = []
    for pk, late in wanted.items():
        if pk in rows and (rows[pk].made_up, rows[pk].made_up_on) != (late, days[pk]):
            rows[pk].made_up, rows[pk].made_up_on = late, days[pk]
            changed.append(rows[pk])
    Attendance.objects.bulk_update(changed, ["made_up", "made_up_on"])
    audit.record(
        ATTENDANCE,
        by=by,
        obj=activity,
        organization=activity.organization,
        data={"present": len(wanted) - len(set(made_up)), "made_up": len(set(made_up))},
    )


def _make_up_days(
    wanted: Mapping[int, bool], rows: Mapping[int, Attendance], given: Mapping[int, dt.date]
) -> dict[int, dt.date | None]:
    """The day on which each made it up: as given, else as it was, else today."""
    kept = {pk: row.made_up_on for pk, row in rows.items() if row.made_up}
    return {pk: (given.get(pk) or kept.get(pk) or clock.today()) if late else None for pk, late in wanted.items()}


@transaction.atomic
def mark_members(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    action: str,
    members: Iterable[Member],
    done_on: dt.date,
    scores: dict[int, Decimal] | None = None,
    again: bool = False,
) -> int:
    """Mark members' own required action as done; those marked before keep their date. Returns how many are new.

    `again`: the action asks for several; whoever is marked already has done it once more (E-33).
    """
    people = list(members)
    known = MemberMark.objects.filter(batch=batch, action=action, member__in=people) if again else None
    repeated = known.update(times=F("times") + 1, done_on=done_on) if known is not None else 0
    before = MemberMark.objects.filter(batch=batch, action=action).count()
    MemberMark.objects.bulk_create(
        [
            MemberMark(
                batch=batch,
                member=member,
                action=action,
                done_on=done_on,
                score=(scores or {}).get(member.pk),
                recorded_by=by,
            )
            for member in people
        ],
        ignore_conflicts=True,
    )
    new = MemberMark.objects.filter(batch=batch, action=action).count() - before + repeated
    if new:
        audit.record(MARKED, by=by, organization=organization, data={"action": action, "members": new})
    return new


@transaction.atomic
def unmark_members(
    *, by: User, batch: Batch, organization: Organization, action: str, members: Iterable[Member]
) -> int:
    """Take back marks set by mistake, with the document if one was handed in; returns how many. Raises Held."""
    marks = list(MemberMark.objects.filter(batch=batch, action=action, member__in=list(members)))
    refuse_held_since(batch, organization, min((mark.recorded_at for mark in marks), default=None))
    uploads.discard(marks)
    gone, _rows = MemberMark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    if gone:
        audit.record(UNMARKED, by=by, organization=organization, data={"action": action, "members": gone})
    return gone
