"""A whole campaign played through the same actions as the pages, for any playbook, and checked at its end."""

from reports.rehearsal.invariants import broken
from reports.rehearsal.play import Figures, Rehearsal

__all__ = ["Figures", "Rehearsal", "broken"]
