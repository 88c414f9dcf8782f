"""Who sees the dashboard of an organisation: whoever sees the organisation; in it, only figures of what lies below."""

from __future__ import annotations

from tests.access.entries import Matrix
from tests.access.people import OUTSIDER, READERS


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page = matrix.page
    page("reports:dashboard()", ok=READERS, hidden=OUTSIDER)
    page("reports:dashboard_of(pk)", ok=READERS, of=lambda p: p.branch)
