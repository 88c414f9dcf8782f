"""What lists edited in Excel are to each person: those of a branch, those of the campaign, what one sent back."""

from __future__ import annotations

from typing import Any

from campaign.models import SentWorkbook
from tests.access.entries import Matrix
from tests.access.people import (
    BRANCH,
    CHASERS,
    POSTED,
    READERS,
    RECORDERS,
    SECRETARY,
    SET_UP,
    SUPERVISOR,
    TOP,
    UNIT_BRANCH,
)
from units import access

WORKERS = RECORDERS | CHASERS | SUPERVISOR  # have some part in the close-out of an item
APPLIERS = SET_UP | SECRETARY | BRANCH | UNIT_BRANCH  # keep bodies: of the campaign, or of their own organisation


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page = matrix.page
    for name in ("roundtrip_download", "roundtrip_send"):
        route = f"campaign:{name}(key, pk)"
        page(route, ok=WORKERS, refused=READERS, of=lambda p: ("rectification", p.branch), note="items")
        page(route, ok=RECORDERS, refused=READERS, of=lambda p: ("standing-rules", p.branch), note="rules")
        wide = {"refused": POSTED, "wide": True}
        page(route, ok=SET_UP, of=lambda p: ("duty", p.participation.batch.campaign), note="duty", **wide)
        page(route, ok=APPLIERS, of=lambda p: ("contacts", p.participation.batch.campaign), note="contacts", **wide)
        wide["refused"] = TOP
        page(route, ok=SET_UP, of=lambda p: ("work-units", p.participation.batch.campaign.host), note="units", **wide)
    page("campaign:roundtrip_sent(pk)", ok=WORKERS, refused=READERS, of=lambda me: me.sent, personal=True)


def sent_by(user: Any) -> SentWorkbook:
    """A workbook that the person has sent of the ledger where he works; of nowhere, where he holds no post."""
    posts = access.posts_of(user)
    place = posts[0].organization_id if posts else 0
    return SentWorkbook.objects.create(ledger="rectification", place=place, sent_by=user, file_name="台账.xlsx")
