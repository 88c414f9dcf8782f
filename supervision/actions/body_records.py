"""Meetings of the bodies (D-20) and responsibility letters (D-15)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from django.core.files import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit
from accounts.messages import Message
from accounts.models import User
from campaign import uploads
from campaign.models import Campaign
from supervision.actions.bodies import BodyRefused
from supervision.models import BodyMeeting, DutyHolder, ResponsibilityLetter
from units.models import Organization

RECORDED = audit.action("body_meeting.recorded", _("Recorded a meeting of those who lead the campaign"))
CORRECTED = audit.action("body_meeting.corrected", _("Corrected the record of a meeting"))
DROPPED = audit.action("body_meeting.dropped", _("Deleted the record of a meeting"))
SIGNED = audit.action("letter.signed", _("Recorded a responsibility letter"))
LETTER_DROPPED = audit.action("letter.dropped", _("Deleted a responsibility letter"))


@dataclass(frozen=True)
class MeetingFacts:
    """What is kept of a meeting; `present` counts people."""

    kind: str
    held_on: dt.date
    topic: str
    present: int
    chair: str = ""
    names: str = ""
    decision: str = ""


@dataclass(frozen=True)
class LetterFacts:
    """Who signed what, with whom and when. `level`: for a unit, a branch or as a leader."""

    kind: str
    level: str
    signer: str
    signed_with: str
    signed_on: dt.date
    text: str = ""
    holder: DutyHolder | None = None


def _twice() -> BodyRefused:
    return BodyRefused(
        Message(gettext_noop("A meeting of this kind with the same topic is on record for this day already."))
    )


@transaction.atomic
def record_body_meeting(
    *, by: User, campaign: Campaign, organization: Organization, facts: MeetingFacts, files: Iterable[File] = ()
) -> BodyMeeting:
    """Put a meeting on record. Raises BodyRefused when it is there already."""
    try:
        with transaction.atomic():
            meeting = BodyMeeting.objects.create(
                campaign=campaign, organization=organization, recorded_by=by, **asdict(facts)
            )
    except IntegrityError as fault:
        raise _twice() from fault
    uploads.keep(meeting.files, files)
    audit.record(RECORDED, by=by, obj=meeting, organization=organization, data={"kind": str(facts.kind)})
    return meeting


@transaction.atomic
def correct_meeting(*, by: User, meeting: BodyMeeting, facts: MeetingFacts, files: Iterable[File] = ()) -> None:
    """Correct the record and add files to it; the history keeps what stood there. Raises BodyRefused."""
    new = asdict(facts)
    changed = {key: [str(getattr(meeting, key)), str(value)] for key, value in new.items()}
    changed = {key: pair for key, pair in changed.items() if pair[0] != pair[1]}
    try:
        with transaction.atomic():
            BodyMeeting.objects.filter(pk=meeting.pk).update(**new)
    except IntegrityError as fault:
        raise _twice() from fault
    data = {**changed, "files": len(uploads.keep(meeting.files, files))}
    audit.record(CORRECTED, by=by, obj=meeting, organization=meeting.organization, data=data)


@transaction.atomic
def drop_meeting(*, by: User, meeting: BodyMeeting) -> None:
    """Delete a record made by mistake; the history keeps its topic and day."""
    data = {"held_on": meeting.held_on.isoformat(), "kind": meeting.kind, "present": meeting.present}
    audit.record(DROPPED, by=by, obj=meeting, organization=meeting.organization, data=data)
    uploads.discard(list(meeting.files.all()))
    meeting.delete()


@transaction.atomic
def record_letter(
    *, by: User, campaign: Campaign, organization: Organization, facts: LetterFacts, file: File | None = None
) -> ResponsibilityLetter:
    """Put a signed letter or a public commitment on record, with its scan. Raises BodyRefused."""
    given = {key: getattr(facts, key) for key in LetterFacts.__dataclass_fields__}
    try:
        with transaction.atomic():
            letter = ResponsibilityLetter.objects.create(
                campaign=campaign,
                organization=organization,
                recorded_by=by,
                file=file or "",
                file_name=str(file.name)[:200] if file else "",
                **given,
            )
    except IntegrityError as fault:
        text = gettext_noop("%(name)s has signed this on the same day already.")
        raise BodyRefused(Message(text, {"name": facts.signer})) from fault
    data = {"kind": str(facts.kind), "level": str(facts.level), "signer": facts.signer}
    audit.record(SIGNED, by=by, obj=letter, organization=organization, data=data)
    return letter


@transaction.atomic
def drop_letter(*, by: User, letter: ResponsibilityLetter) -> None:
    """Delete a record made by mistake; the history keeps who had signed and when."""
    data = {"signer": letter.signer, "signed_on": letter.signed_on.isoformat(), "level": letter.level}
    audit.record(LETTER_DROPPED, by=by, obj=letter, organization=letter.organization, data=data)
    uploads.discard([letter])
    letter.delete()
