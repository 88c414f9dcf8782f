"""A member's own record of the campaign: hours, coverages, own actions, and where he was. Nothing of others."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.urls import reverse

from campaign.evidence import Evidence
from campaign.models import Attendance, MemberMark, Participation, RollEntry, StageProgress
from campaign.playbook import Action, Coverage
from campaign.queries import taking_part
from campaign.steps import concerned
from campaign.study import stage_for
from units.models import Member

OWN_PAGES = {  # the tool of an action to the page on which a member works with it himself
    "self_analysis": "assessments:my_paper",
    "knowledge_test": "assessments:exams",
    "reading": "campaign:own_reading",
    "plans": "campaign:my_plan",
    "talks": "campaign:my_talks",
    "appraisal": "assessments:my_papers",
    "member_test": "assessments:my_papers",
}
STUDIED = ("study_hours", "concentrated_days", "coverage")


@dataclass(frozen=True)
class OwnAction:
    """A required action of the member himself: when it was done, with what score."""

    name: Any
    done_on: dt.date | None
    score: Decimal | None
    present: bool  # done by attending, so without a date of its own
    by_tool: bool = False  # shown by the records of the page that keeps this work
    url: str = ""

    @property
    def done(self) -> bool:
        return self.done_on is not None or self.present or self.by_tool


@dataclass(frozen=True)
class OwnRecord:
    """What the page shows. Hours are study hours; `need` None means that the playbook asks for no number."""

    member: Member
    participation: Participation | None
    progress: StageProgress | None = None
    stage_name: Any = None
    hours: Decimal = Decimal(0)
    hours_need: Decimal | None = None
    days: int = 0
    days_need: int | None = None
    arranged: bool = False
    coverages: list[tuple[Coverage, bool]] = field(default_factory=list)
    actions: list[OwnAction] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        return self.participation is not None and self.participation.state != Participation.State.PREPARING

    @property
    def hours_short(self) -> Decimal:
        return max(Decimal(0), (self.hours_need or Decimal(0)) - self.hours)

    @property
    def days_short(self) -> int:
        return max(0, (self.days_need or 0) - self.days)

    @property
    def hours_enough(self) -> bool:
        return not self.hours_short

    @property
    def days_enough(self) -> bool:
        return not self.days_short

    @property
    def done_count(self) -> int:
        return sum(action.done for action in self.actions)


def participation_of(member: Member) -> Participation | None:
    """Where the member counts: on whose roll he stands now, else what governs his branch (decision 16)."""
    entry = (
        RollEntry.objects.filter(
            member=member,
            progress__state=StageProgress.State.CURRENT,
            progress__participation__batch__closed_on=None,
        )
        .select_related("organization")
        .order_by("-progress__participation__batch__starts_on", "-pk")
        .first()
    )
    return taking_part(entry.organization if entry else member.organization)


def record_of(member: Member) -> OwnRecord:
    """A fixed number of queries; the others of the branch are read by the rules and not handed on."""
    participation = participation_of(member)
    if participation is None or participation.state == Participation.State.PREPARING:
        return OwnRecord(member, participation)
    progress = stage_for(participation, STUDIED)
    entry = RollEntry.objects.filter(progress=progress, member=member).select_related("organization").first()
    evidence = Evidence(participation, progress, entry.organization if entry else member.organization)
    study = evidence.playbook.study
    own = [row for row in evidence.roll if row.id == member.pk]
    return OwnRecord(
        member,
        participation,
        progress,
        stage_name=evidence.stage.name if evidence.stage else None,
        hours=evidence.hours.get(member.pk, Decimal(0)),
        hours_need=study.hours,
        days=evidence.concentrated_days.get(member.pk, 0),
        days_need=study.concentrated_days,
        arranged=any(row.arranged for row in own),
        coverages=[(each, member.pk in evidence.covered(each.key)) for each in study.coverages],
        actions=_actions(evidence, member),
    )


def _actions(evidence: Evidence, member: Member) -> list[OwnAction]:
    """The actions that are asked of this member, those done too."""
    marks = {mark.action: mark for mark in marks_of(member, evidence.participation)}
    found = []
    for action in evidence.actions:
        asked = "member" in action.pers and action.recorded
        if asked and any(row.id == member.pk for row in concerned(action, evidence)):
            mark = marks.get(action.key)
            done_on, score = (mark.done_on, mark.score) if mark else (None, None)
            present = member.pk in evidence.attended(action.key)
            shown = member.pk in evidence.counted(action).members
            found.append(OwnAction(action.name, done_on, score, present, shown, _way_to(action)))
    return found


def _way_to(action: Action) -> str:
    """Where the member does it himself; nothing where his branch records it."""
    if action.tool:
        return reverse(OWN_PAGES[action.tool]) if action.tool in OWN_PAGES else ""
    return f"{reverse('campaign:own_document')}?action={action.key}" if action.evidence == "document" else ""


def marks_of(member: Member, participation: Participation) -> Any:
    """What is marked as done by the member in the batch, documents among it."""
    return MemberMark.objects.filter(batch=participation.batch_id, member=member).defer("text")


def attended(member: Member, participation: Participation) -> Any:
    """Activities of the batch at which the member was, or that he made up later, the newest first."""
    return (
        Attendance.objects.filter(member=member, activity__batch=participation.batch_id)
        .select_related("activity__organization")
        .order_by("-activity__held_on", "-activity_id")
    )
