"""Figures of publicity: by kind, stage and direction, against what the playbook asks of each unit (L-01..L-04)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.functions import Coalesce, Concat

from campaign.models import Batch, Participation
from campaign.playbook import Action, Playbook
from reports.models import PublicityRecord
from units import access

Kind = PublicityRecord.Kind
COUNTED = {"banners": Kind.BANNER, "columns": Kind.COLUMN}  # the playbook's actions, by their keys
TOOL = "publicity"


def asked(book: Playbook) -> dict[str, Action]:
    """Kind to the playbook's action that asks for so many of it; empty where it asks for none."""
    found = {COUNTED[action.key]: action for action in book.actions if action.key in COUNTED}
    return {str(kind): action for kind, action in found.items()}


def pieces(rows: QuerySet[PublicityRecord]) -> dict[str, Any]:
    """The sums that every figure rests on: records, and pieces (three banners of one making are 3)."""
    return {"records": Count("pk"), "pieces": Coalesce(Sum("quantity"), 0)}


@dataclass
class Figures:
    """Of an organisation with all below it; banners in pieces, all else in records."""

    banners: int = 0
    columns: int = 0
    by_stage: dict[str, int] = field(default_factory=dict)  # columns
    banners_by_stage: dict[str, int] = field(default_factory=dict)
    by_direction: dict[str, int] = field(default_factory=dict)
    by_medium: dict[str, int] = field(default_factory=dict)
    media: int = 0
    others: int = 0

    @property
    def records(self) -> int:
        return self.banners + self.columns + self.media + self.others

    def add(self, row: dict[str, Any]) -> None:
        """Take in one group of records of the same kind, stage, direction and medium."""
        kind, n = row["kind"], row["records"]
        if kind == Kind.BANNER:
            self.banners += row["pieces"]
            self.banners_by_stage[row["stage"]] = self.banners_by_stage.get(row["stage"], 0) + row["pieces"]
        elif kind == Kind.COLUMN:
            self.columns += n
            self.by_stage[row["stage"]] = self.by_stage.get(row["stage"], 0) + n
        elif kind == Kind.MEDIA:
            self.media += n
            for counts, key in ((self.by_direction, row["direction"]), (self.by_medium, row["medium"])):
                counts[key] = counts.get(key, 0) + n
        else:
            self.others += n


def _grouped(rows: QuerySet[PublicityRecord]) -> Iterable[dict[str, Any]]:
    by = ("organization__path", "kind", "stage", "direction", "medium")
    return rows.order_by().values(*by).annotate(**pieces(rows))


def figures_of(rows: QuerySet[PublicityRecord]) -> Figures:
    """All records together. One query."""
    found = Figures()
    for row in _grouped(rows):
        found.add(row)
    return found


def by_unit(rows: QuerySet[PublicityRecord], units: Sequence[Participation]) -> dict[int, Figures]:
    """Participation id to figures; a unit inside another counts for itself only. Two queries."""
    found = {unit.pk: Figures() for unit in units}
    if not units:
        return found
    within = Q(pk__in=[])
    for unit in units:
        within |= access.below(unit.organization.path, "organization")
    nested = Participation.objects.filter(within, batch=units[0].batch_id)
    places = dict(nested.values_list("organization__path", "pk"))
    for row in _grouped(rows.filter(within)):
        nearest = max((path for path in places if row["organization__path"].startswith(path)), key=len, default="")
        if places.get(nearest) in found:
            found[places[nearest]].add(row)
    return found


def units_lacking(
    units: QuerySet[Participation], rows: QuerySet[PublicityRecord], state: str, book: Playbook, stage: str = ""
) -> QuerySet[Participation]:
    """Units with nothing on record, or short of the playbook's numbers: of columns in `stage`, where one is chosen."""
    inside = rows.filter(
        organization__path__gte=OuterRef("organization__path"),
        organization__path__lt=Concat(OuterRef("organization__path"), Value("["), output_field=CharField()),
    )
    if state == "none":
        return units.filter(~Exists(inside))
    short = Q(pk__in=[])
    for kind, action in asked(book).items():
        if action.per_stage and not stage:
            continue
        name = f"n_{kind}"
        units = units.annotate(**{name: _sum_of(inside.filter(kind=kind), kind)})
        short |= Q(**{f"{name}__lt": action.count})
    return units.filter(short)


def _sum_of(rows: QuerySet[PublicityRecord], kind: str) -> Coalesce:
    total = Sum("quantity") if kind == Kind.BANNER else Count("pk")
    counted = rows.order_by().annotate(_one=Value(1)).values("_one").annotate(_n=total).values("_n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


@dataclass(frozen=True)
class Need:
    """What the playbook asks of a unit, and what is on record; `stage` where it asks again in each."""

    name: Any
    have: int
    need: int
    stage: Any = ""

    @property
    def done(self) -> bool:
        return self.have >= self.need


def needs_of(batch: Batch, figures: Figures, reached: Iterable[str]) -> list[Need]:
    """Line by line; of what is asked for in each stage the stages that have been `reached`."""
    book, begun = batch.campaign.playbook, set(reached)
    lines: list[Need] = []
    for kind, action in asked(book).items():
        of_banners = kind == Kind.BANNER
        if not action.per_stage:
            lines.append(Need(action.name, figures.banners if of_banners else figures.columns, action.count))
            continue
        counts = figures.banners_by_stage if of_banners else figures.by_stage
        lines += [
            Need(action.name, counts.get(stage.key, 0), action.count, stage.name)
            for stage in book.stages
            if stage.key in begun
        ]
    return lines


def listed(rows: QuerySet[PublicityRecord]) -> QuerySet[PublicityRecord]:
    """For a list: with its organisation and how many files it has."""
    return rows.select_related("organization").annotate(n_files=Count(F("files__pk"))).order_by("-held_on", "-pk")
