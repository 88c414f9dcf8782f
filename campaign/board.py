"""The branch page in figures: where an organisation stands, what is short at its gate, what it has done lately."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.templatetags.shell import day
from campaign import tools
from campaign.evidence import Evidence
from campaign.findings import Finding, Gate, run_gate
from campaign.models import Activity, Attendance, Batch, Participation, StageProgress
from campaign.playbook import Playbook
from campaign.steps import Step, checklist
from units.models import Organization

RECENT = 6
MEASURED = ("study_hours", "concentrated_days", "coverage")
LOOK_BACK = dt.timedelta(days=14)


@dataclass(frozen=True)
class BranchRow:
    """One branch of a committee: required steps done, members with enough hours, when it last recorded something."""

    organization: Organization
    members: int
    done: int
    needed: int
    enough: int
    last: dt.date | None
    next_step: Step | None

    @property
    def complete(self) -> bool:
        return self.done == self.needed


@dataclass(frozen=True)
class Board:
    """What the page of one organisation shows; `evidence` None: it takes no part or has not begun."""

    organization: Organization
    participation: Participation | None
    progress: StageProgress | None = None
    evidence: Evidence | None = None
    findings: Gate = field(default_factory=Gate)

    @property
    def state(self) -> str:
        """absent, preparing, stage, unstaged, consolidating or closed: which of its faces the page shows."""
        if self.participation is None:
            return "absent"
        if self.participation.state != Participation.State.ACTIVE:
            return str(self.participation.state)
        if self.progress is not None:
            return "stage"
        return "consolidating" if self.participation.staged else "unstaged"

    @cached_property
    def steps(self) -> list[Step]:
        """The required and encouraged actions that concern somebody here."""
        return [step for step in checklist(self.evidence) if step.need] if self.evidence else []

    @property
    def done_count(self) -> int:
        return sum(step.done for step in self.steps) + sum(line["status"] == "full" for line in self.measured)

    @property
    def all_count(self) -> int:
        return len(self.steps) + len(self.measured)

    @property
    def measured(self) -> list[dict[str, Any]]:
        """What is measured and not recorded: hours, days and coverages, as lines of the checklist."""
        lines = []
        for finding in self.findings:
            if finding.check in MEASURED:
                have, base = finding.measured.params["have"], finding.measured.params["base"]
                status = "full" if finding.passed else "half" if have else "empty"
                lines.append({"finding": finding, "have": have, "need": base, "status": status})
        return sorted(lines, key=lambda line: MEASURED.index(line["finding"].check))

    @property
    def ours(self) -> list[Finding]:
        return [f for f in self.findings if not f.passed and not f.waiting and not f.soft]

    @property
    def encouraged(self) -> list[Finding]:
        """Unmet, but nothing hangs on it."""
        return [f for f in self.findings if not f.passed and not f.waiting and f.soft]

    @property
    def waiting(self) -> list[Finding]:
        return [f for f in self.findings if not f.passed and f.waiting]

    @property
    def met(self) -> list[Finding]:
        return [f for f in self.findings if f.passed]

    @property
    def short_count(self) -> int:
        """Unmet and not merely encouraged."""
        return sum(not f.passed and not f.soft for f in self.findings)

    @cached_property
    def stages(self) -> list[dict[str, str]]:
        """The stepper: every stage with what to say of it."""
        return stage_steps(self.participation) if self.participation else []

    @cached_property
    def branches(self) -> list[BranchRow]:
        """The branches below, each with its own figures; none for a branch itself."""
        if self.evidence is None or self.organization.is_branch:
            return []
        return branch_rows(self.evidence)


def board(organization: Organization, participation: Participation | None) -> Board:
    """Where an organisation stands, in a number of queries that does not depend on how many branches it has."""
    if participation is None or participation.state != Participation.State.ACTIVE:
        return Board(organization, participation)
    progress = participation.current()
    evidence = Evidence(participation, progress, organization)
    gate = Gate(tuple(run_gate(evidence.stage.gate, evidence))) if evidence.stage else Gate()
    return Board(organization, participation, progress, evidence, gate)


def stage_steps(participation: Participation) -> list[dict[str, str]]:
    """The stages of a participation for the `_steps` component."""
    playbook: Playbook = participation.batch.campaign.playbook
    rows = {progress.stage: progress for progress in participation.progress.all()}
    return [
        {"name": str(stage.name), **_stage_words(rows[stage.key])} for stage in playbook.stages if stage.key in rows
    ]


def _stage_words(progress: StageProgress) -> dict[str, str]:
    state = StageProgress.State
    if progress.state == state.DONE:
        return {"note": _("completed %(date)s") % {"date": day(progress.ended_on)}, "status": "done"}
    if progress.state == state.AHEAD:
        return {"note": _("not begun"), "status": ""}
    left = progress.days_left(clock.today())
    if left >= 0:
        return {"note": _("this is where we are"), "status": "here"}
    note = ngettext("%(days)d day over", "%(days)d days over", -left) % {"days": -left}
    return {"note": note, "status": "over"}


def branch_rows(evidence: Evidence) -> list[BranchRow]:
    """A row a branch from one evidence: no query beyond those of the evidence and one for the last dates."""
    last = dict(
        Activity.objects.filter(batch=evidence.batch, organization__in=evidence.branches)
        .order_by("organization_id", "held_on")
        .values_list("organization_id", "held_on")
    )
    least = evidence.playbook.study.hours
    rows = []
    for branch in evidence.branches:
        part = evidence.part(branch)
        steps = [step for step in checklist(part, required_only=True) if step.need]
        open_steps = [step for step in steps if not step.done]
        rows.append(
            BranchRow(
                organization=branch,
                members=len(part.roll),
                done=len(steps) - len(open_steps),
                needed=len(steps),
                enough=sum(member.arranged or part.hours.get(member.id, 0) >= (least or 0) for member in part.roll),
                last=last.get(branch.pk),
                next_step=open_steps[0] if open_steps else None,
            )
        )
    return sorted(rows, key=lambda row: (row.complete, row.done - row.needed))


def recent(organization: Organization, batch: Batch) -> list[Activity]:
    """What an organisation and those below it recorded last, with how many were there."""
    return list(
        with_attendance(Activity.objects.within(organization).filter(batch=batch))
        .select_related("organization", "recorded_by")
        .order_by("-held_on", "-pk")[:RECENT]
    )


def with_attendance(activities: Any) -> Any:
    """Adds `present_count` and `made_up_count` to a queryset of activities."""
    return activities.annotate(
        present_count=Count("attendances", filter=Q(attendances__made_up=False)),
        made_up_count=Count("attendances", filter=Q(attendances__made_up=True)),
    )


def without_attendance(activities: Any, playbook: Playbook) -> Any:
    """Activities that need names and have none: sessions with hours, and actions proved by attendance."""
    by_name = [action.key for action in playbook.actions if action.evidence == "attendance"]
    taken = Attendance.objects.filter(activity=OuterRef("pk"))
    needs = Q(hours__gt=0) | Q(action__in=by_name)
    return activities.filter(needs).filter(~Exists(taken))


def to_call_over(organization: Organization, batch: Batch) -> Activity | None:
    """The organisation's own last activity whose attendance nobody has taken yet."""
    own = Activity.objects.filter(organization=organization, batch=batch, held_on__gte=clock.today() - LOOK_BACK)
    return without_attendance(own, batch.campaign.playbook).first()


# ---------------------------------------------------------------- as the templates' components take it
def unit_word(unit: str, count: int) -> str:
    """What a step is counted in, as it stands behind the figure."""
    if unit == "members":
        return ngettext("member", "members", count)
    if unit == "organisations":
        return ngettext("organisation", "organisations", count)
    return ngettext("time", "times", count)


def check_lines(standing: Board, *, may_record: bool) -> list[dict[str, Any]]:
    """The checklist: each required action with have and need, and what is measured of the members' study."""
    lines = []
    for step in standing.steps:
        lines.append(
            {
                "label": step.action.name,
                "have": step.have,
                "need": step.need,
                "unit": unit_word(step.unit, step.need),
                "url": _step_url(step, standing, may_record=may_record),
                "status": step.status,
            }
        )
    for line in standing.measured:
        finding = line["finding"]
        lines.append({**line, "label": finding.title, "unit": unit_word("members", line["need"]), "url": finding.link})
    return lines


def _step_url(step: Step, standing: Board, *, may_record: bool) -> str:
    tool, organization = tools.of(step.action), standing.organization
    if tool is not None and standing.participation is not None:
        return tool.url(organization, standing.participation)
    if step.unit == "members":
        view = "marks"
    elif may_record and not step.begun and step.unit == "times":
        view = "activity_new"
    else:
        view = "activities"
    return f"{reverse(f'campaign:{view}', args=[organization.pk])}?action={step.action.key}"


def finding_lines(findings: list[Finding], organization: Organization, *, may_record: bool) -> list[dict[str, Any]]:
    """Findings for the `_finding` component: what is short, by how much, who, and where to mend it."""
    return [_finding_line(finding, organization, may_record) for finding in findings]


def _finding_line(finding: Finding, organization: Organization, may_record: bool) -> dict[str, Any]:
    own = finding.missing == (organization.name,)
    people = () if finding.passed or own else finding.missing
    details = [] if finding.passed else [_("Required: %(required)s.") % {"required": finding.required}]
    if finding.remark:
        remark = str(finding.remark)
        details.append(remark if remark.endswith((".", "。")) else _("%(sentence)s.") % {"sentence": remark})
    if people and finding.missing_more:
        details.append(_("Still missing, %(count)s in all:") % {"count": finding.missing_count})
    elif people:
        details.append(_("Still missing:"))
    line = {
        "tone": "ok" if finding.passed else "late" if finding.waiting else "mute" if finding.soft else "bad",
        "sentence": _("%(title)s: %(measured)s") % {"title": finding.title, "measured": finding.measured},
        "detail": " ".join(details),
        "names": people,
        "url": finding.link,
        "label": finding.link_label,
    }
    parts = finding.key.split(":")
    by_hand = str(finding.link).startswith(reverse("campaign:activities", args=[organization.pk]))
    if may_record and by_hand and not finding.passed and parts[0] == "action" and parts[-1] == "times":
        line["url"] = f"{reverse('campaign:activity_new', args=[organization.pk])}?action={parts[1]}"
        line["label"] = _("Record it")
    return line
