"""What the results of an anonymous survey are to each person, and a counted, published one at a place."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from accounts import clock
from assessments.actions import polls
from assessments.models import Poll, PollComment, PollUnit
from tests.access.entries import Matrix
from tests.access.people import EVERYONE, ORDERERS, SET_UP, UPPER

DATES = {"due_on": "2027-01-05"}


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("assessments:poll_results(pk)", ok=UPPER, of=lambda p: p.counted_poll)
    page("assessments:poll_answers(pk)", ok=UPPER, of=lambda p: p.counted_poll)
    page("assessments:poll_compare(pk)", ok=UPPER, of=lambda p: p.counted_poll)
    page("assessments:poll_comments(pk)", ok=UPPER, of=lambda p: p.counted_poll)
    deed(
        "assessments:poll_comment(pk, key)", ok=SET_UP, refused=UPPER, of=lambda p: (p.counted_poll, p.poll_comment.key)
    )
    page("assessments:poll_publish(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.counted_poll)
    deed("assessments:poll_publish(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.counted_poll)
    page("reports:poll_workbook(pk)", ok=UPPER, of=lambda p: p.counted_poll)
    page("supervision:makeups_after_poll(pk)", ok=ORDERERS, refused=UPPER, of=lambda p: p.counted_poll)
    deed("supervision:makeups_after_poll(pk)", ok=ORDERERS, refused=UPPER, of=lambda p: p.counted_poll)
    page("poll_public:results(token)", ok=EVERYONE, of=lambda p: p.counted_poll.public_token, signed_out=True)


def furnish_poll_results(w: Any, p: SimpleNamespace) -> None:
    """The round that failed, as if it had been held on phones: nothing else is asked of the pages."""
    raw = next(one for one in w.batch.campaign.snapshot["instruments"] if one["key"] == p.poor.instrument)
    asked = {group["key"]: 60 for group in raw["groups"]}
    place = polls.Place(p.participation.organization, p.participation.label, asked, participation=p.participation)
    words = {"zh": "意见和建议", "en": "Remarks"}
    poll = polls.draft_poll(
        by=w.hand,
        batch=w.batch,
        organization=w.t.county,
        kind=Poll.Kind.UNIT,
        title="集中教育满意度测评",
        form={"instrument": {**raw, "comment": words}},
        places=[place],
    )
    Poll.objects.filter(pk=poll.pk).update(
        state=Poll.State.CLOSED,
        public_key=b"0" * 32,
        opened_at=clock.now(),
        closes_at=clock.now(),
        closed_at=clock.now(),
        published_at=clock.now(),
        public_token=uuid.uuid4().hex,
    )
    PollUnit.objects.filter(poll=poll).update(survey=p.poor)
    p.counted_poll = Poll.objects.get(pk=poll.pk)
    p.poll_comment = PollComment.objects.create(unit=poll.units.get(), text="窗口办事要再快一些")
