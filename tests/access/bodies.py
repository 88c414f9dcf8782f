"""What bodies of the campaign, meetings, letters, lines of reporting and the map of groups are to each person."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from supervision.actions import bodies, body_records
from supervision.models import MeetingFile
from tests.access.entries import Matrix
from tests.access.people import OUTSIDER, POSTED, READERS, SECRETARY, SET_UP, UNIT, UNIT_BRANCH, UPPER

KEEPERS = SET_UP | SECRETARY | UNIT_BRANCH
NOTERS = SET_UP | UNIT


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    for name in ("bodies", "staffing", "body_meetings", "letters", "group_map"):
        page(f"supervision:{name}()", ok=READERS, hidden=OUTSIDER)
    page("supervision:body(pk)", ok=READERS, of=lambda p: p.body)
    deed("supervision:body(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.body)
    page("supervision:body_edit(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.body)
    deed("supervision:body_dissolve(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.body)
    page("supervision:body_member_edit(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.body_member)
    deed("supervision:body_member_end(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.body_member)
    page("supervision:body_new(pk)", ok=KEEPERS, refused=UPPER, of=lambda p: p.unit)
    page("supervision:in_charge(pk)", ok=READERS, of=lambda p: p.branch)
    page("supervision:duty_holders(pk)", ok=READERS, of=lambda p: p.participation)
    deed("supervision:duty_holders(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.participation)
    deed("supervision:duty_holder_end(pk)", ok=KEEPERS, refused=READERS, of=lambda p: p.duty_holder)
    page("supervision:body_meeting(pk)", ok=UPPER, of=lambda p: p.body_meeting)
    page("supervision:body_meeting_file(pk)", ok=UPPER, of=lambda p: p.meeting_file)
    page("supervision:body_meeting_edit(pk)", ok=NOTERS, refused=UPPER, of=lambda p: p.body_meeting)
    deed("supervision:body_meeting_drop(pk)", ok=NOTERS, refused=UPPER, of=lambda p: p.body_meeting)
    page("supervision:letter(pk)", ok=UPPER, of=lambda p: p.letter)
    page("supervision:letter_file(pk)", ok=UPPER, of=lambda p: p.letter)
    deed("supervision:letter_drop(pk)", ok=NOTERS, refused=UPPER, of=lambda p: p.letter)
    for name in ("body_meeting_new", "letter_new"):
        page(f"supervision:{name}(pk)", ok=NOTERS, refused=UPPER, of=lambda p: p.unit)
    page("reports:responsibility_letter(pk)", ok=NOTERS, refused=UPPER, of=lambda p: p.unit)
    page("supervision:group_edit(pk)", ok=SET_UP, refused=POSTED, of=lambda p: p.group, wide=True)
    page(
        "supervision:group_member_edit(pk, member)",
        ok=SET_UP, refused=POSTED, of=lambda p: (p.group, p.group_member), wide=True,
    )  # fmt: skip


def furnish_bodies(w: Any, p: SimpleNamespace) -> None:
    """Made by somebody who is none of those who ask."""
    campaign, today = w.batch.campaign, clock.today()
    name = f"{p.unit.name}领导小组"
    facts = bodies.BodyFacts(name)
    p.body = bodies.set_up_body(by=w.hand, campaign=campaign, organization=p.unit, kind="leading_group", facts=facts)
    p.body_member = bodies.name_to_body(by=w.hand, body=p.body, name=f"{p.unit.name}组长", role="head")
    p.duty_holder = bodies.name_holder(by=w.hand, participation=p.participation, duty="principal", name="某主要负责人")
    meeting = body_records.MeetingFacts("leading_group", today, f"{p.unit.name}会议", 5)
    p.body_meeting = body_records.record_body_meeting(
        by=w.hand, campaign=campaign, organization=p.unit, facts=meeting, files=[ContentFile(b"x", name="minutes.pdf")]
    )
    p.meeting_file = MeetingFile.objects.get(meeting=p.body_meeting)
    letter = body_records.LetterFacts("letter", "unit", "某书记", "县委", today)
    p.letter = body_records.record_letter(
        by=w.hand, campaign=campaign, organization=p.unit, facts=letter, file=ContentFile(b"x", name="scan.pdf")
    )
