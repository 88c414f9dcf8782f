"""Is a participation up to the standard of its stage? One answer for all who ask (J-01)."""

from __future__ import annotations

from campaign.evidence import Evidence
from campaign.findings import Gate, run_gate
from campaign.models import Participation, StageProgress


def gate_of(participation: Participation, progress: StageProgress | None = None) -> Gate:
    """The findings of the stage under way (or of `progress`), on the records as they are now.

    After the last stage, and where there are no stages, those of the closing (H-06). Empty before the beginning, once
    it is closed, and where the playbook sets no gate. Raises campaign.findings.UnknownCheck.
    """
    progress = progress or participation.current()
    if progress is None and participation.state != Participation.State.ACTIVE:
        return Gate()
    evidence = Evidence(participation, progress)
    rules = evidence.stage.gate if evidence.stage else evidence.playbook.closing.gate
    return Gate(tuple(run_gate(rules, evidence)))
