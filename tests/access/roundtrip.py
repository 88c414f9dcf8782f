"""What lists edited in Excel are to each person: those of a branch, those of the campaign, what one sent back."""

from __future__ import annotations

from typing import Any

from campaign.models import SentWorkbook
from tests.access.entries import Matrix
from tests.access.people import CHASERS, READERS, RECORDERS, SUPERVISOR
from units import access

WORKERS = RECORDERS | CHASERS | SUPERVISOR  # have some part in the close-out of an item


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page = matrix.page
    for name in ("roundtrip_download", "roundtrip_send"):
        route = f"campaign:{name}(key, pk)"
        page(route, ok=WORKERS, refused=READERS, of=lambda p: ("rectification", p.branch), note="items")
        page(route, ok=RECORDERS, refused=READERS, of=lambda p: ("standing-rules", p.branch), note="rules")
    page("campaign:roundtrip_sent(pk)", ok=WORKERS, refused=READERS, of=lambda me: me.sent, personal=True)


def sent_by(user: Any) -> SentWorkbook:
    """A workbook that the person has sent of the ledger where he works; of nowhere, where he holds no post."""
    posts = access.posts_of(user)
    place = posts[0].organization_id if posts else 0
    return SentWorkbook.objects.create(ledger="rectification", place=place, sent_by=user, file_name="台账.xlsx")
