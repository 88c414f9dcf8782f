"""What the documents drafted from data are to each person: whoever reads the record reads its paper."""

from __future__ import annotations

from tests.access.entries import Matrix
from tests.access.people import CHASERS, EVERYONE, OUTSIDER, POSTED, READERS, UPPER
from tests.access.staff import BELONGS


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("reports:stage_summary(pk)", ok=READERS, of=lambda p: p.participation)
    page("reports:stage_summary_docx(pk)", ok=READERS, of=lambda p: p.participation)
    page("reports:jurisdiction_summary(pk)", ok=CHASERS, refused=POSTED, of=lambda p: p.batch, wide=True)
    page("reports:jurisdiction_summary_docx(pk)", ok=CHASERS, refused=POSTED, of=lambda p: p.batch, wide=True)
    page("reports:sign_in(pk)", ok=READERS, of=lambda p: p.branch)
    deed("reports:sign_in(pk)", ok=READERS, of=lambda p: p.branch)
    page("reports:activity_sign_in(pk)", ok=READERS, of=lambda p: p.activity)
    page("reports:opinion_docx(pk)", ok=READERS, of=lambda p: p.supervision_opinion)
    page("reports:visit_docx(pk)", ok=READERS, of=lambda p: p.visit)
    page("reports:instruction_docx(pk)", ok=READERS, of=lambda p: p.instruction)
    page("reports:spot_check_docx(pk)", ok=UPPER, of=lambda p: p.spot_check)
    page("reports:leave_docx(pk)", ok=BELONGS, refused=EVERYONE - OUTSIDER, of=lambda p: p.leave, wide=True)
