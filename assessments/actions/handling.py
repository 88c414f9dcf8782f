"""One-to-one help, registration and handling, and who did not take the oath (P-01..P-10, G-08)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from assessments.models import Handling, Help, OathAbsence
from assessments.outcomes import outcome_of
from campaign.actions import set_attendance
from campaign.models import Activity, Batch
from campaign.playbook import Playbook
from units import access
from units.models import Member
from units.roles import Right

HELP_GIVEN = audit.action("help.given", _("Gave a member a helper"))
HELP_ENDED = audit.action("help.ended", _("Ended one-to-one help"))
HELP_READ = audit.action("help.read", _("Read the help given to a member"))
OPENED = audit.action("handling.opened", _("Opened the handling of a member"))
CHANGED = audit.action("handling.changed", _("Changed the handling of a member"))
PROPOSED = audit.action("handling.proposed", _("Proposed how to handle a member"))
RETURNED = audit.action("handling.returned", _("Sent a proposed handling back"))
DECIDED = audit.action("handling.decided", _("Agreed to the handling of a member"))
DROPPED = audit.action("handling.dropped", _("Dropped the handling of a member"))
FOLLOWED_UP = audit.action("handling.followed_up", _("Recorded whether a member has mended"))
HANDLING_READ = audit.action("handling.read", _("Read the handling of a member"))
NO_OATH = audit.action("oath.absent", _("Recorded who was not at the oath"))


class HelpOpen(Exception):
    """This member is being helped already."""


class HelpMoved(Exception):
    """Somebody else has ended this help meanwhile."""


class HelpFirst(Exception):
    """Education comes first: the unqualified are handled only once help has been tried (P-07)."""


class HandlingOpen(Exception):
    """The handling of this member is under way already."""


class HandlingMoved(Exception):
    """Somebody else has moved this case meanwhile."""


class CaseIncomplete(Exception):
    """An outcome cannot be proposed while something is missing; `missing` names the fields."""

    def __init__(self, missing: list[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = missing


class OathRecorded(Exception):
    """It is on record already why this member was not at the oath."""


# ---------------------------------------------------------------- help
@transaction.atomic
def give_help(
    *,
    by: User,
    batch: Batch,
    member: Member,
    cause: str,
    plan: str,
    begun_on: dt.date,
    until: dt.date,
    helper: Member | None = None,
    helper_name: str = "",
) -> Help:
    """Name a helper, a plan and a date (P-01, F-33). One help at a time."""
    try:
        with transaction.atomic():
            given = Help.objects.create(
                batch=batch,
                member=member,
                organization=member.organization,
                cause=cause,
                helper=helper,
                helper_name="" if helper else helper_name,
                plan=plan,
                begun_on=begun_on,
                until=until,
                recorded_by=by,
            )
    except IntegrityError as taken:
        raise HelpOpen from taken
    audit.record(HELP_GIVEN, by=by, obj=given, organization=given.organization, data={"cause": cause})
    people = [person.user for person in (member, helper) if person is not None and person.user_id]
    notify.send(
        people,
        gettext_noop("One-to-one help has been arranged: see your own papers."),
        url=reverse("assessments:my_papers"),
        confidential=True,
    )
    return given


@transaction.atomic
def end_help(*, by: User, help_given: Help, improved: bool, result: str, on: dt.date) -> None:
    """Say what help has come to."""
    state = Help.State.IMPROVED if improved else Help.State.UNCHANGED
    rows = Help.objects.filter(pk=help_given.pk, state=Help.State.OPEN)
    if not rows.update(state=state, result=result, ended_on=on):
        raise HelpMoved
    audit.record(HELP_ENDED, by=by, obj=help_given, organization=help_given.organization, data={"improved": improved})


@transaction.atomic
def note_reading_help(*, by: User, help_given: Help) -> None:
    if help_given.member.user_id != by.pk:
        audit.record(HELP_READ, by=by, obj=help_given, organization=help_given.organization)


# ---------------------------------------------------------------- handling
@dataclass(frozen=True)
class Absence:
    """Somebody who did not take the oath: refused or was kept away, and why."""

    member: Member
    kind: str
    reason: str


@dataclass(frozen=True)
class Case:
    """What the branch writes down of a case (P-02, P-04)."""

    application: str = Handling.Application.NONE
    application_text: str = ""
    applied_on: dt.date | None = None
    problems: str = ""
    gravity: str = ""
    attitude: str = ""
    conduct: str = ""


def _help_tried(batch: Batch, member: Member, playbook: Playbook, cause: str) -> bool:
    """Education first (P-07). Where help goes along with the registration (P-01) it need not have ended."""
    helps = Help.objects.filter(batch=batch, member=member)
    if cause == Handling.Cause.UNQUALIFIED and playbook.handling.helper:
        return helps.exists()
    return helps.filter(state=Help.State.UNCHANGED).exists()


@transaction.atomic
def open_handling(*, by: User, batch: Batch, member: Member, cause: str, on: dt.date | None = None) -> Handling:
    """Begin the procedure for a member. Raises HelpFirst for the unqualified whom nobody has helped yet."""
    educated = cause in {Handling.Cause.UNQUALIFIED, Handling.Cause.AFTER_HELP}
    if educated and not _help_tried(batch, member, batch.campaign.playbook, cause):
        raise HelpFirst
    try:
        with transaction.atomic():
            case = Handling.objects.create(
                batch=batch,
                member=member,
                organization=member.organization,
                cause=cause,
                opened_by=by,
                opened_on=on or clock.today(),
            )
    except IntegrityError as taken:
        raise HandlingOpen from taken
    audit.record(OPENED, by=by, obj=case, organization=case.organization, data={"cause": cause})
    return case


@transaction.atomic
def change_handling(*, by: User, handling: Handling, case: Case) -> None:
    """Write down the application and the criteria while the case is being prepared."""
    _move(handling, Handling.State.OPEN, **vars(case))
    audit.record(CHANGED, by=by, obj=handling, organization=handling.organization)


def _move(handling: Handling, expected: Handling.State, **values: object) -> None:
    if not Handling.objects.filter(pk=handling.pk, state=expected).update(**values):
        raise HandlingMoved


@transaction.atomic
def propose_outcome(
    *, by: User, handling: Handling, outcome: str, meeting_on: dt.date, until: dt.date | None = None
) -> None:
    """The branch meeting proposes an outcome; the superior organisation has to agree (P-02, P-03).

    Raises CaseIncomplete while the criteria (P-04), a written application where the playbook asks for one (P-05: or
    that he will not hand one in), or the date of a dated outcome are missing.
    """
    playbook = handling.batch.campaign.playbook
    chosen = outcome_of(playbook, outcome)
    case = Handling.objects.get(pk=handling.pk)
    missing = [name for name in ("problems", "gravity", "attitude", "conduct") if not getattr(case, name).strip()]
    if playbook.handling.written_application and case.application == Handling.Application.NONE:
        missing.append("application")
    if chosen is None:
        missing.append("outcome")
    elif chosen.dated and until is None:
        missing.append("until")
    if missing or chosen is None:
        raise CaseIncomplete(missing)
    _move(
        handling,
        Handling.State.OPEN,
        state=Handling.State.PROPOSED,
        outcome=outcome,
        meeting_on=meeting_on,
        until=until if chosen.dated else None,
        proposed_by=by,
        returned_reason="",
    )
    audit.record(PROPOSED, by=by, obj=handling, organization=handling.organization, data={"outcome": outcome})
    notify.send(
        access.holders(Right.PAPERS, handling.organization, strictly_above=True),
        gettext_noop("%(branch)s asks for your consent to the handling of a member."),
        url=reverse("assessments:handling", args=[handling.pk]),
        params={"branch": handling.organization.name},
        confidential=True,
    )


@transaction.atomic
def return_handling(*, by: User, handling: Handling, reason: str) -> None:
    """The superior does not agree: the branch takes the case up again."""
    _move(handling, Handling.State.PROPOSED, state=Handling.State.OPEN, returned_reason=reason)
    audit.record(RETURNED, by=by, obj=handling, organization=handling.organization)
    text = gettext_noop("%(branch)s: a proposed handling has been sent back.")
    _tell_branch(handling, text, by, kind=notify.RETURN)


@transaction.atomic
def agree_to_handling(*, by: User, handling: Handling) -> None:
    """The superior organisation agrees: the outcome holds."""
    _move(
        handling,
        Handling.State.PROPOSED,
        state=Handling.State.DECIDED,
        decided_by=by,
        decided_on=clock.today(),
    )
    audit.record(DECIDED, by=by, obj=handling, organization=handling.organization)
    _tell_branch(handling, gettext_noop("%(branch)s: the handling of a member has been agreed to."), by)
    if handling.member.user_id:
        notify.send(
            [handling.member.user],
            gettext_noop("A decision about you has been taken: see your own papers."),
            url=reverse("assessments:my_papers"),
            confidential=True,
        )


def _tell_branch(handling: Handling, message: str, by: User, kind: str = notify.NEWS) -> None:
    posts = access.holders(Right.PAPERS, handling.organization).filter(posts__organization=handling.organization)
    notify.send(
        [user for user in posts if user.pk not in {by.pk, handling.member.user_id}],
        message,
        url=reverse("assessments:handling", args=[handling.pk]),
        params={"branch": handling.organization.name},
        kind=kind,
        confidential=True,
    )


@transaction.atomic
def drop_handling(*, by: User, handling: Handling, reason: str) -> None:
    """End a case without an outcome, because its cause has gone."""
    _move(handling, Handling.State.OPEN, state=Handling.State.DROPPED, returned_reason=reason)
    audit.record(DROPPED, by=by, obj=handling, organization=handling.organization)


@transaction.atomic
def follow_up(*, by: User, handling: Handling, mended: bool) -> Handling | None:
    """At the date: the member has mended, or a new case opens for who has not (P-10)."""
    said = Handling.Outcome.MENDED if mended else Handling.Outcome.NOT_MENDED
    rows = Handling.objects.filter(pk=handling.pk, state=Handling.State.DECIDED, mended="", until__isnull=False)
    if not rows.update(mended=said, mended_on=clock.today()):
        raise HandlingMoved
    audit.record(FOLLOWED_UP, by=by, obj=handling, organization=handling.organization, data={"mended": mended})
    if mended:
        return None
    return open_handling(by=by, batch=handling.batch, member=handling.member, cause=Handling.Cause.NOT_MENDED)


@transaction.atomic
def note_reading_handling(*, by: User, handling: Handling) -> None:
    """Keep that somebody read another person's case (decision 20)."""
    if handling.member.user_id != by.pk:
        audit.record(HANDLING_READ, by=by, obj=handling, organization=handling.organization)


def remind_of_dates(today: dt.date) -> int:
    """Tell the branches of members whose date to mend comes within a week or has passed; once a case (P-10)."""
    due = Handling.objects.filter(
        state=Handling.State.DECIDED, mended="", until__lte=today + dt.timedelta(days=7), reminded_on=None
    ).select_related("organization", "member")
    told = 0
    for case in due:
        with transaction.atomic():
            if Handling.objects.filter(pk=case.pk, reminded_on=None).update(reminded_on=today):
                _remind(case)
                told += 1
    return told


def _remind(case: Handling) -> None:
    holders = access.holders(Right.PAPERS, case.organization).filter(posts__organization=case.organization)
    notify.send(
        holders,
        gettext_noop("%(branch)s: the date by which a member has to mend is %(day)s."),
        url=reverse("assessments:handling", args=[case.pk]),
        params={"branch": case.organization.name, "day": case.until.isoformat() if case.until else ""},
        kind=notify.REMINDER,
        confidential=True,
    )


# ---------------------------------------------------------------- the oath
@transaction.atomic
def record_oath_absence(
    *, by: User, batch: Batch, member: Member, kind: str, reason: str, on: dt.date
) -> tuple[OathAbsence, Handling | None]:
    """Keep why a member was not at the oath. A refusal opens the procedure where the playbook says so (P-08)."""
    try:
        with transaction.atomic():
            absence = OathAbsence.objects.create(
                batch=batch,
                member=member,
                organization=member.organization,
                kind=kind,
                reason=reason,
                on=on,
                recorded_by=by,
            )
    except IntegrityError as taken:
        raise OathRecorded from taken
    audit.record(NO_OATH, by=by, obj=absence, organization=absence.organization, data={"kind": kind})
    if kind != OathAbsence.Kind.REFUSED or not batch.campaign.playbook.handling.oath_refusal:
        return absence, None
    try:
        return absence, open_handling(by=by, batch=batch, member=member, cause=Handling.Cause.OATH, on=on)
    except HandlingOpen:
        return absence, None


@transaction.atomic
def call_oath(
    *, by: User, activity: Activity, took: Collection[int], absences: Collection[Absence], version: int
) -> list[Handling]:
    """Save a ceremony in one go: who took the oath, and why others did not; the cases that refusals open come back.

    Raises campaign.actions.ActivityChanged if somebody else has saved the ceremony since `version`, OathRecorded.
    """
    late = dict(activity.attendances.filter(made_up=True).values_list("member_id", "made_up_on"))
    made_up = [pk for pk in took if pk in late]
    set_attendance(
        by=by,
        activity=activity,
        present=[pk for pk in took if pk not in late],
        made_up=made_up,
        made_up_on={pk: late[pk] for pk in made_up},
        version=version,
    )
    opened = []
    for one in absences:
        _kept, case = record_oath_absence(
            by=by, batch=activity.batch, member=one.member, kind=one.kind, reason=one.reason, on=activity.held_on
        )
        opened += [case] if case else []
    return opened
