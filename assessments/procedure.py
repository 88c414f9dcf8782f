"""The ordered steps that a look-back may prescribe (F-49): what of them is judged here, and what must come first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.models import LookBackRecord
from campaign.evidence import Evidence
from campaign.findings import both, run_gate
from campaign.holds import Held, hold_of
from campaign.models import Participation, StageProgress
from campaign.playbook import LookBack, Playbook

SELF_CHECK, SURVEY = "self_check", "survey"
BEFORE_SURVEY = ("appraisals", "appraisal_report_out")  # opinions signed, both meetings reported out (J-17)


class StepFirst(Exception):
    """Another step of the procedure comes first; `reason` names it, and who has not taken it."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


def procedure_of(playbook: Playbook, phase: str) -> LookBack | None:
    """The look-back of a stage whose steps are ordered; None where the playbook prescribes no order."""
    return next((one for one in playbook.lookbacks if one.phase == phase and one.steps), None)


def completed_self_check(lookback: LookBack, participation: Participation) -> LookBackRecord | None:
    """The leading organisation's completed look-back."""
    return (
        LookBackRecord.objects.filter(
            batch=participation.batch_id,
            organization=participation.organization_id,
            key=lookback.key,
            state=LookBackRecord.State.COMPLETED,
        )
        .select_related("saved_by")
        .first()
    )


def refuse_before_self_check(instrument: str, participations: Sequence[Participation]) -> None:
    """Raises StepFirst for units whose self-check is open, where the playbook puts it before the stage's survey.

    There too the opinions on members are signed and the meetings reported out before the survey (J-17).
    """
    waiting: list[str] = []
    first = None
    for participation in participations:
        progress = participation.current()
        playbook = participation.batch.campaign.playbook
        lookback = procedure_of(playbook, progress.stage) if progress else None
        if progress is None or lookback is None or not _asks_for(playbook, progress.stage, instrument):
            continue
        keys = [step.key for step in lookback.steps]
        ordered = SELF_CHECK in keys and SURVEY in keys and keys.index(SELF_CHECK) < keys.index(SURVEY)
        if ordered and completed_self_check(lookback, participation) is None:
            first = lookback.steps[keys.index(SELF_CHECK)]
            waiting.append(participation.label)
        elif ordered:
            _refuse_unfinished(participation, progress)
    if first is not None:
        text = gettext_noop("First comes “%(step)s”, to be completed by: %(names)s. The survey follows it.")
        raise StepFirst(Message(text, {"step": both(first.name), "names": waiting}))


def _refuse_unfinished(participation: Participation, progress: StageProgress) -> None:
    """Raises StepFirst while something that the gate asks for before the survey is open in a unit (J-17)."""
    evidence = Evidence(participation, progress)
    rules = [rule for rule in evidence.playbook.stage(progress.stage).gate if rule.check in BEFORE_SURVEY]
    unmet = [finding for finding in run_gate(rules, evidence) if not finding.passed and not finding.soft]
    if unmet:
        text = gettext_noop("%(unit)s: before the survey these must be done: %(names)s.")
        names = [str(finding.title) for finding in unmet]
        raise StepFirst(Message(text, {"unit": participation.label, "names": names}))


def refuse_while_held(participations: Iterable[Participation]) -> None:
    """Raises Held for the first unit whose records somebody decides on now: a new round would change the last one."""
    for participation in participations:
        hold = hold_of(participation)
        if hold is not None:
            raise Held(hold)


def _asks_for(playbook: Playbook, stage: str, instrument: str) -> bool:
    """Is it the survey that the gate of the stage waits for?"""
    checks = playbook.stage(stage).gate
    return any(rule.check == "survey" and rule.get("instrument") == instrument for rule in checks)
