"""What a reviewing body does with many applications, summaries on file, and the papers of a transition."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from accounts import clock
from supervision.models import Filing, Transition
from tests.access.entries import Matrix
from tests.access.people import LEADER, OUTSIDER, READERS, SECRETARY, SET_UP, SUPERVISOR, UNIT_BRANCH, UPPER

DECIDERS = SET_UP | SUPERVISOR | LEADER | SECRETARY  # a secretary of an organisation may be the superior of another's


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("supervision:reviews()", ok=DECIDERS, hidden=OUTSIDER)
    deed("supervision:reviews_agree()", ok=DECIDERS, hidden=OUTSIDER)
    page("supervision:filings()", ok=READERS, hidden=OUTSIDER)
    page("supervision:filing(pk)", ok=UPPER, of=lambda p: p.filing)
    deed("supervision:filing(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.filing)
    page("supervision:filing_new(pk)", ok=SECRETARY | UNIT_BRANCH, refused=UPPER, of=lambda p: p.transition)
    for name in ("transition_docx", "reply_docx", "meeting_docx"):
        page(f"reports:{name}(pk)", ok=UPPER, of=lambda p: p.transition)


def furnish_transitions(w: Any, p: SimpleNamespace) -> None:
    """A summary that waits at the office. The application was handed in before the records: they are not held."""
    p.filing = Filing.objects.create(transition=p.transition, parts={"summary": "总结"}, sent_by=w.hand)
    Transition.objects.filter(pk=p.transition.pk).update(applied_at=clock.now() - dt.timedelta(hours=1))
