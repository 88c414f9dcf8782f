"""What duty, leave, discipline, absences of principals and requests for instruction are to each person."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from supervision.actions import absences, instructions
from supervision.models import DutyDay, InstructionFile, Leave
from supervision.queries.instructions import Place
from tests.access.entries import Matrix
from tests.access.people import (
    BELOW,
    CHASERS,
    CHECKERS,
    EVERYONE,
    LEADER,
    LECTURE,
    OUTSIDER,
    READERS,
    RECORDERS,
    SET_UP,
    SUPERVISOR,
    UNIT,
)

STAFF = CHASERS | CHECKERS | LECTURE | SUPERVISOR
BELONGS = STAFF | LEADER
ASKERS = RECORDERS | SUPERVISOR


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    for name in ("staff", "duty", "staff_attendance", "leaves", "discipline", "gifts"):
        page(f"supervision:{name}()", ok=BELONGS, hidden=OUTSIDER)
    deed("supervision:staff_attendance()", ok=SET_UP, hidden=OUTSIDER)
    page("supervision:duty_plan()", ok=SET_UP, hidden=OUTSIDER)
    deed("supervision:discipline()", ok=STAFF, hidden=OUTSIDER)
    deed("supervision:gifts()", ok=STAFF, hidden=OUTSIDER)
    page("supervision:leave_new()", ok=STAFF, hidden=OUTSIDER)
    page("supervision:duty_change(pk)", ok=SET_UP, refused=EVERYONE - OUTSIDER, of=lambda p: p.duty, wide=True)
    page("supervision:absences()", ok=READERS, hidden=OUTSIDER)
    page("supervision:unit_absences(pk)", ok=READERS - BELOW, refused=READERS, of=lambda p: p.participation)
    deed("supervision:unit_absences(pk)", ok=UNIT, refused=READERS, of=lambda p: p.participation)
    deed("supervision:absence_withdraw(pk)", ok=UNIT, refused=READERS - BELOW, of=lambda p: p.absence)
    deed("supervision:absences_remind()", ok=SET_UP, hidden=OUTSIDER)
    for name in ("instructions", "known_answers"):
        page(f"supervision:{name}()", ok=READERS, hidden=OUTSIDER)
    page("supervision:instruction_new()", ok=ASKERS, hidden=OUTSIDER)
    page("supervision:instruction(pk)", ok=READERS, of=lambda p: p.instruction)
    deed(
        "supervision:instruction(pk)",
        ok=SET_UP, refused=READERS, of=lambda p: p.instruction, sent=lambda p: {"deed": "answer", "answer": ""},
    )  # fmt: skip
    page("supervision:instruction_file(pk)", ok=READERS, of=lambda p: p.instruction_file)
    page("supervision:leave(pk)", ok=BELONGS, refused=EVERYONE - OUTSIDER, of=lambda p: p.leave, wide=True)


def furnish_staff(w: Any, p: SimpleNamespace) -> None:
    """Made by somebody who is none of those who ask."""
    campaign, today = w.batch.campaign, clock.today()
    ahead = today + dt.timedelta(days=3 + DutyDay.objects.count())
    p.duty = DutyDay.objects.create(campaign=campaign, day=ahead, user=w.hand)
    p.leave = Leave.objects.create(
        campaign=campaign, user=w.hand, to="leading_group", from_date=ahead, to_date=ahead, reason="探亲"
    )
    data = absences.AbsenceData("trip", f"{p.unit.name}主要负责人", "成都", today, today, exception="urgent")
    p.absence = absences.record_absence(by=w.hand, participation=p.participation, data=data)
    matter = instructions.Matter(f"{p.branch.name}请示", "有关情况", "我们的建议")
    to = Place("office", campaign.host)
    p.instruction = instructions.ask_instruction(by=w.hand, batch=w.batch, organization=p.branch, to=to, matter=matter)
    p.instruction_file = InstructionFile.objects.create(request=p.instruction, name="材料.pdf")
    p.instruction_file.file.save("paper.pdf", ContentFile(b"%PDF-1.4 \n%%EOF"))
