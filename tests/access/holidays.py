"""What the working calendar is to each person: read by all with a place in the tree, kept by who sets campaigns up."""

from __future__ import annotations

from tests.access.entries import Matrix
from tests.access.people import OUTSIDER, READERS, SET_UP


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    matrix.page("campaign:holidays()", ok=READERS, hidden=OUTSIDER)
    matrix.deed("campaign:holidays()", ok=SET_UP, hidden=OUTSIDER)
