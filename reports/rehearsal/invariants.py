"""What must be true of every campaign that has been played or run: a sentence for each thing that is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from assessments.models import Survey
from campaign.models import Batch, Participation, RollEntry, StageProgress
from reports.rehearsal.registers import broken_registers
from supervision import chain
from supervision.models import Decision, MakeUpOrder, Transition


def broken(batch: Batch, *, closed: bool = True) -> list[str]:
    """Everything that does not hold; empty is as it should be. `closed`: the campaign has been played to its end."""
    return [
        *_stages(batch, closed=closed),
        *_transitions(batch),
        *_makeups(batch),
        *_surveys(batch),
        *broken_registers(batch, closed=closed),
    ]


def _stages(batch: Batch, *, closed: bool) -> Iterator[str]:
    """No stage is skipped, none overlaps, each begun one has its frozen roll (A-11, decision 16)."""
    for participation in batch.participations.prefetch_related("progress"):
        rows = sorted(participation.progress.all(), key=lambda row: row.position)
        states = [row.state for row in rows]
        if states != sorted(states, key=["done", "current", "ahead"].index):
            yield f"{participation}: stages out of order: {states}"
        for before, after in pairwise(rows):
            if after.started_on and (before.ended_on is None or after.started_on < before.ended_on):
                yield f"{participation}: {after.stage} began before {before.stage} ended"
        for row in rows:
            has_roll = RollEntry.objects.filter(progress=row).exists()
            if has_roll != (row.state != StageProgress.State.AHEAD):
                yield f"{participation}: {row.stage} is {row.state}, its roll is {'there' if has_roll else 'missing'}"
        if closed and participation.state != Participation.State.CLOSED:
            yield f"{participation}: not closed"


def _transitions(batch: Batch) -> Iterator[str]:
    """Every stage left was left by one application with all consents and the findings of its gate (J-01, J-06)."""
    playbook = batch.campaign.playbook
    rows = Transition.objects.filter(participation__batch=batch).prefetch_related("decisions")
    passed: dict[tuple[int, str], int] = {}
    for row in rows.select_related("participation__organization"):
        if row.state != Transition.State.COMPLETED:
            continue
        passed[row.participation_id, row.stage] = passed.get((row.participation_id, row.stage), 0) + 1
        rule = chain.rule_at(playbook, row.stage)
        agreed = {d.body for d in row.decisions.all() if d.verdict == Decision.Verdict.AGREE}
        if rule and agreed != {step.body for step in rule.steps}:
            yield f"{row}: passed with the consent of {sorted(agreed)}"
        gate = playbook.closing.gate if row.stage == chain.CLOSING else playbook.stage(row.stage).gate
        if gate and not row.findings:
            yield f"{row}: passed without findings"
        if row.gate.blocking:
            yield f"{row}: passed although {[finding.key for finding in row.gate.blocking]}"
    for progress in StageProgress.objects.filter(participation__batch=batch, state=StageProgress.State.DONE):
        asks = playbook.stage(progress.stage).transition
        if asks and passed.get((progress.participation_id, progress.stage)) != 1:
            yield f"{progress.participation_id}: {progress.stage} was left without one completed application"


def _makeups(batch: Batch) -> Iterator[str]:
    """Nobody passed a stage with an open make-up of it (J-12)."""
    for order in MakeUpOrder.objects.open().filter(participation__batch=batch):
        done = StageProgress.objects.filter(
            participation=order.participation, stage=order.stage, state=StageProgress.State.DONE
        )
        if done.exists():
            yield f"{order}: open, but {order.stage} is completed"


def _surveys(batch: Batch) -> Iterator[str]:
    """Totals are those of their parts (decision 1)."""
    rows = Survey.objects.filter(participation__batch=batch, state=Survey.State.CONFIRMED)
    for survey in rows.prefetch_related("counts", "answers"):
        for count in survey.counts.all():
            if count.valid + count.void != count.returned or count.returned > count.issued:
                yield f"{survey}: ballots of {count.group} do not add up"
