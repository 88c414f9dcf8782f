"""Figures of pairing: who is paired, with how many, visits and help given (R-04, R-05, E-29)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaign.playbook import Playbook
from supervision.models import Pairing, PairingEntry
from units import access
from units.models import Member


@dataclass(frozen=True)
class Kind:
    """A kind of pair, from the playbook, or ours where it has no rule on pairing."""

    key: str
    name: Any
    who: str


OURS: tuple[tuple[str, Promise | str, str], ...] = (
    ("organizations", _("Organisations with organisations"), "organization"),
    ("households", _("Members with households"), "member"),
)


def kinds_of(book: Playbook, who: str = "") -> list[Kind]:
    """The kinds of pairs, all or of organisations or members only."""
    stated = [Kind(kind.key, kind.name, kind.who) for kind in (book.pairing.kinds if book.pairing else ())]
    ours = [Kind(*row) for row in OURS if row[2] not in {kind.who for kind in stated}]
    return [kind for kind in [*stated, *ours] if who in {"", kind.who}]


@dataclass
class Figures:
    """Of an organisation with all below it; `value` in yuan. Ended pairs count no more, but what was given does."""

    members: int = 0
    paired: int = 0
    households: int = 0
    organizations: int = 0
    visits: int = 0
    value: Decimal = Decimal(0)


def figures_of(paths: Iterable[str]) -> dict[str, Figures]:
    """Tree path to figures. Three queries for any number of paths; a path inside another counts in both."""
    found = {path: Figures() for path in paths}
    within = Q(pk__in=[])
    for path in found:
        within |= access.below(path, "organization")
    for row in _grouped(Member.objects.on_roll().filter(within), "organization__path", n=Count("pk")):
        for figures in _above(found, row["organization__path"]):
            figures.members += row["n"]
    pairs = _grouped(
        Pairing.objects.current().filter(within),
        "organization__path",
        paired=Count("member", distinct=True, filter=Q(member__left_on=None)),
        households=Count("pk", filter=Q(member__isnull=False)),
        organizations=Count("pk", filter=Q(member=None)),
    )
    for row in pairs:
        for figures in _above(found, row["organization__path"]):
            figures.paired += row["paired"]
            figures.households += row["households"]
            figures.organizations += row["organizations"]
    for row in _given(within, found):
        for figures in _above(found, row["pairing__organization__path"]):
            figures.visits += row["visits"]
            figures.value += row["value"] or 0
    return found


def _given(within: Q, found: dict[str, Figures]) -> Iterable[dict[str, Any]]:
    inside = Q(pk__in=[])
    for path in found:
        inside |= access.below(path, "pairing__organization")
    return _grouped(
        PairingEntry.objects.filter(inside),
        "pairing__organization__path",
        visits=Count("pk", filter=Q(what=PairingEntry.What.VISIT)),
        value=Sum("value"),
    )


def _grouped(rows: QuerySet[Any], by: str, **sums: Any) -> Iterable[dict[str, Any]]:
    return rows.order_by().values(by).annotate(**sums)


def _above(found: dict[str, Figures], path: str) -> list[Figures]:
    """Those of the asked paths that stand at or above a path."""
    return [figures for place, figures in found.items() if path.startswith(place)]


def by_kind(path: str, kinds: Iterable[Kind]) -> list[dict[str, Any]]:
    """Kinds with how many pairs there are now, those without one too; a kind no longer in the playbook by its key."""
    rows = Pairing.objects.current().filter(access.below(path, "organization")).order_by().values("kind")
    counts = {row["kind"]: row["n"] for row in rows.annotate(n=Count("pk"))}
    named = [{"name": kind.name, "n": counts.pop(kind.key, 0)} for kind in kinds]
    return [*named, *({"name": key, "n": n} for key, n in sorted(counts.items()))]


def members_by_need(members: QuerySet[Member]) -> QuerySet[Member]:
    """Members of a branch, those without a pair first."""
    paired = Pairing.objects.current().filter(member=OuterRef("pk"))
    return members.annotate(has_pair=Exists(paired)).order_by("has_pair", "pinyin", "name")
