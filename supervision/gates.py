"""Is a participation up to the standard of its stage? One answer for all who ask (J-01)."""

from __future__ import annotations

from campaign.evidence import Evidence
from campaign.findings import Gate, run_gate
from campaign.models import Participation, StageProgress


def gate_of(participation: Participation, progress: StageProgress | None = None) -> Gate:
    """The findings of the stage under way (or of `progress`), on the records as they are now.

    Empty where no stage is under way or the playbook sets no gate. Raises campaign.findings.UnknownCheck.
    """
    progress = progress or participation.current()
    if progress is None:
        return Gate()
    evidence = Evidence(participation, progress)
    return Gate(tuple(run_gate(evidence.stage.gate, evidence)))
