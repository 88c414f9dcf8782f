"""Yellow cards by work unit for the page of cards, and the team that is admonished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet

from campaign.models import Batch
from campaign.queries import governed
from supervision.models import Admonition, YellowCard
from units import access
from units.models import Member, Organization

State = YellowCard.State


@dataclass
class UnitCards:
    """The cards of one unit in a batch, as far as the user sees them, and what they led to."""

    name: str
    cards: list[YellowCard] = field(default_factory=list)
    admonitions: list[Admonition] = field(default_factory=list)

    @property
    def counting(self) -> int:
        return sum(card.state == State.ISSUED for card in self.cards)

    @property
    def proposed(self) -> int:
        return sum(card.state == State.PROPOSED for card in self.cards)

    @property
    def waits(self) -> bool:
        return bool(self.proposed or any(one.state == Admonition.State.OPEN for one in self.admonitions))


def _cards(user: Any, batch: Batch, state: str, word: str, below: Organization | None) -> QuerySet[YellowCard]:
    rows = YellowCard.objects.visible_to(user).filter(batch=batch)
    if below is not None:
        rows = rows.filter(access.below(below.path, "organization"))
    if state:
        rows = rows.filter(state=state)
    if word:
        rows = rows.filter(Q(organization__name__icontains=word) | Q(work_units__name__icontains=word)).distinct()
    return rows.select_related("organization", "participation__organization").prefetch_related("work_units")


def by_unit(
    user: Any, batch: Batch, state: str = "", word: str = "", below: Organization | None = None
) -> list[UnitCards]:
    """One row a unit: those where something waits first, then those with the most cards. Three queries.

    A card that counts for several units stands in the row of each.
    """
    rows: dict[tuple[str, int], UnitCards] = {}
    for card in _cards(user, batch, state, word, below):
        for key, name in _keys(card):
            rows.setdefault(key, UnitCards(name)).cards.append(card)
    found = Admonition.objects.visible_to(user).filter(batch=batch)
    for one in found.select_related("work_unit", "participation__organization"):
        key = ("unit", one.work_unit_id) if one.work_unit_id else ("participation", one.participation_id)
        if key in rows:
            rows[key].admonitions.append(one)
    return sorted(rows.values(), key=lambda row: (not row.waits, -row.counting, row.name))


def _keys(card: YellowCard) -> Iterable[tuple[tuple[str, int], str]]:
    units = list(card.work_units.all())
    if not units:
        return [(("participation", card.participation_id), card.participation.organization.name)]
    return [(("unit", unit.pk), unit.name) for unit in units]


def next_number(batch: Batch, year: int) -> str:
    """The number that the next notice of a batch would bear in the office's usual form; the office may change it."""
    there = set(YellowCard.objects.filter(batch=batch).exclude(number="").values_list("number", flat=True))
    return next(text for n in range(1, len(there) + 2) if (text := f"黄牌〔{year}〕{n}号") not in there)


def leadership_team(user: Any, admonition: Admonition) -> QuerySet[Member]:
    """Members with leading posts at the work unit, as the roster has them; without a unit those of the organisation."""
    members = Member.objects.visible_to(user).on_roll().filter(post_level=Member.PostLevel.LEADER)
    if admonition.work_unit_id:
        here = Q(work_unit=admonition.work_unit_id)
        own = Q(work_unit=None) & Q(organization__work_units=admonition.work_unit_id)
        return members.filter(here | own).distinct().order_by("pk")
    return members.filter(governed(admonition.participation, "organization")).order_by("pk")
