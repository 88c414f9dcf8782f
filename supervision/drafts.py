"""First sentences for the parts of a transition report, from the figures; the secretary writes on from there (J-07)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from accounts.messages import localised
from accounts.templatetags.shell import day
from campaign.findings import Finding, Gate
from campaign.models import Participation, RollEntry, StageProgress
from supervision import chain
from supervision.models import Transition

NAMED = 8  # actions that a draft lists
LISTED = frozenset({"actions", "member_marks"})  # one sentence for all of them
LEFT_OUT = frozenset({"survey", "open_makeups", "weekly_reports"})  # elsewhere in the report, or no part of it

# What drafts a stage summary, heading by heading, from the records: a room above says it (J-08).
SummaryDraft = Callable[[Participation, str], dict[str, str]]
_summaries: list[SummaryDraft] = []


def drafts_summaries(draft: SummaryDraft) -> SummaryDraft:
    """Register the function (participation, stage) -> heading key to text that begins a summary to be filed."""
    _summaries.append(draft)
    return draft


def summary_parts(participation: Participation, stage: str) -> dict[str, str]:
    """What a summary to be filed begins with; the organisation writes on from there."""
    found: dict[str, str] = {}
    for draft in _summaries:
        found |= draft(participation, stage)
    return found


def _facts(finding: Finding) -> str:
    return _("%(title)s: required %(required)s, measured %(measured)s.") % {
        "title": finding.title,
        "required": finding.required,
        "measured": finding.measured,
    }


def situation(participation: Participation, progress: StageProgress, gate: Gate, stage: Any) -> str:
    """Who took part, what was measured, and how many of the required actions are done."""
    roll = RollEntry.objects.filter(progress=progress)
    counts = {
        "members": roll.count(),
        "branches": roll.values("organization").distinct().count(),
        "stage": stage.name,
        "from": day(progress.started_on),
    }
    first = _("Since %(from)s, %(members)s members of %(branches)s branches have taken part in “%(stage)s”.") % counts
    lines = [_facts(finding) for finding in gate if finding.check not in LISTED | LEFT_OUT]
    done = [finding.passed for finding in gate if finding.check in LISTED]
    if done:
        lines.append(_("Required actions: %(done)s of %(all)s done.") % {"done": sum(done), "all": len(done)})
    return "\n".join([first, *lines])


def satisfaction(gate: Gate) -> str:
    """What the surveys of the stage gave."""
    lines = [_facts(finding) for finding in gate if finding.check == "survey"]
    return "\n".join(lines) or _("No satisfaction survey was required in this stage.")


def next_stage(participation: Participation, progress: StageProgress) -> str:
    """When the next stage is planned and what it requires."""
    playbook = participation.batch.campaign.playbook
    following = playbook.next_stage(progress.stage)
    if following is None:
        return _("This was the last stage. The consolidation of its results follows.")
    plan = participation.progress.filter(stage=following.key).first()
    first = _("“%(stage)s” is planned from %(from)s to %(to)s.") % {
        "stage": following.name,
        "from": day(plan.planned_start if plan else None),
        "to": day(plan.planned_end if plan else None),
    }
    names = [str(action.name) for action in playbook.actions_for(following.key) if action.gate][:NAMED]
    if not names:
        return first
    return first + "\n" + _("To be done above all: %(names)s.") % {"names": localised(names)}


def whole_campaign(participation: Participation, gate: Gate) -> str:
    """First sentences of the closing report: the stages with their dates, attempts, and what was measured (H-05)."""
    playbook = participation.batch.campaign.playbook
    passed = dict(
        Transition.objects.filter(participation=participation, state=Transition.State.COMPLETED).values_list(
            "stage", "attempt"
        )
    )
    lines = []
    for progress in participation.progress.order_by("position"):
        lines.append(
            _("“%(stage)s”: from %(from)s to %(to)s, passed at attempt no. %(attempt)s.")
            % {
                "stage": playbook.stage(progress.stage).name,
                "from": day(progress.started_on),
                "to": day(progress.ended_on),
                "attempt": passed.get(progress.stage, 1),
            }
        )
    lines += [_facts(finding) for finding in gate if finding.check == "survey"]
    return "\n".join(lines)


def drafts(participation: Participation, progress: StageProgress | None, gate: Gate) -> dict[str, str]:
    """Part key to its text: that of the last attempt at this stage, else sentences from the figures."""
    stage_key = chain.stage_now(participation, progress)
    last = Transition.objects.filter(participation=participation, stage=stage_key).order_by("-attempt").first()
    if last is not None:
        return dict(last.parts)
    if progress is None:
        return {"report": whole_campaign(participation, gate)}
    stage = participation.batch.campaign.playbook.stage(progress.stage)
    return {
        "situation": situation(participation, progress, gate, stage),
        "satisfaction": satisfaction(gate),
        "next_stage": next_stage(participation, progress),
    }
