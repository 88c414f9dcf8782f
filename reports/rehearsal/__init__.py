"""A whole campaign played through the same actions as the pages, for any playbook, and checked at its end."""

from reports.rehearsal import deeds as deeds
from reports.rehearsal import (  # noqa: F401  each registers its deeds
    hearing,
    helping,
    judging,
    mending,
    pairing_up,
    papers,
    publishing,
    recording,
    starting,
    surveying,
    talking,
)
from reports.rehearsal.invariants import broken
from reports.rehearsal.play import Rehearsal, RosterFaulty
from reports.rehearsal.scene import Figures

__all__ = ["Figures", "Rehearsal", "RosterFaulty", "broken", "deeds"]
