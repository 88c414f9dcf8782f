"""What the dossier of an organisation is to each person: whoever sees the organisation reads its history."""

from __future__ import annotations

from tests.access.entries import Matrix
from tests.access.people import READERS, UPPER


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    matrix.page("supervision:unit_dossier(pk)", ok=UPPER, of=lambda p: p.participation)
    for route in ("supervision:dossier", "reports:dossier_docx"):
        matrix.page(f"{route}(pk)", ok=READERS, of=lambda p: p.branch)
