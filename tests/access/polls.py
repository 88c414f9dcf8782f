"""What the office's pages of anonymous surveys are to each person, and one that is prepared and one that is open."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from accounts import clock
from assessments.actions import polls
from assessments.models import Poll
from tests.access.entries import Matrix
from tests.access.people import BRANCH, COMMITTEE, ORDERERS, OUTSIDER, READERS, SET_UP, UNIT, UPPER

PASSPHRASE = "一句够长的口令 只在测试里用"
HOLDERS = ORDERERS | UNIT | BRANCH | COMMITTEE


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page, deed = matrix.page, matrix.deed
    page("assessments:polls()", ok=READERS, hidden=OUTSIDER)
    page("assessments:poll_new()", ok=HOLDERS, hidden=OUTSIDER)
    page("assessments:poll(pk)", ok=UPPER, of=lambda p: p.open_poll)
    for name in ("poll_slips", "poll_reprint", "poll_extend", "poll_close"):
        page(f"assessments:{name}(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.open_poll)
    for name in ("poll_print", "poll_remind"):
        deed(f"assessments:{name}(pk)", ok=SET_UP, refused=UPPER, of=lambda p: p.open_poll)
    for name in ("poll_units", "poll_add", "poll_form", "poll_open"):
        page(f"assessments:{name}(pk)", ok=SET_UP, of=lambda p: p.drafted_poll)
    deed("assessments:poll_drop(pk)", ok=SET_UP, of=lambda p: p.drafted_poll)


def furnish_polls(w: Any, p: SimpleNamespace) -> None:
    """Made by somebody who is none of those who ask. The open one is no round of a survey of the playbook's."""
    raw = next(item for item in w.batch.campaign.snapshot["instruments"] if item.get("groups"))
    asked = {group["key"]: 6 for group in raw["groups"]}

    def drafted(kind: str, **where: Any) -> Poll:
        place = polls.Place(p.unit, p.unit.name, asked, **where)
        return polls.draft_poll(
            by=w.hand,
            batch=w.batch,
            organization=w.t.county,
            kind=kind,
            title="测评",
            form={"instrument": raw},
            places=[place],
        )

    p.drafted_poll = drafted("unit", participation=p.participation)
    p.open_poll = drafted("style")
    closes_at = clock.now() + dt.timedelta(days=3)
    polls.open_poll(by=w.hand, poll=p.open_poll, closes_at=closes_at, passphrases=[PASSPHRASE])
