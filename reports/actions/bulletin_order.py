"""The order of a bulletin's items: by drag or by keyboard, and put in at a place (K-07)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from accounts.models import User
from reports.actions import bulletins
from reports.models import Bulletin
from reports.queries import bulletin as queries


@transaction.atomic
def reorder(*, by: User, bulletin: Bulletin, items: Sequence[int]) -> Bulletin:
    """Print the chosen items in this order; what is chosen and not named follows in the order it had.

    Nothing is written where the order is this one already. Raises AlreadyIssued or BulletinChanged.
    """
    now = [row.pk for row in queries.chosen(bulletin)]
    named = [pk for pk in dict.fromkeys(items) if pk in now]
    order = named + [pk for pk in now if pk not in named]
    if order == now:
        return bulletin
    return bulletins.set_order(by=by, bulletin=bulletin, order=order)


@transaction.atomic
def put_in(*, by: User, bulletin: Bulletin, item: int, place: int | None = None) -> Bulletin:
    """Put an item in at a place (0: the first), or behind the others. Raises AlreadyIssued or BulletinChanged."""
    bulletins.choose_items(by=by, bulletin=bulletin, items=[item])
    order = [row.pk for row in queries.chosen(bulletin) if row.pk != item]
    order.insert(len(order) if place is None else place, item)
    return reorder(by=by, bulletin=bulletin, items=order)
