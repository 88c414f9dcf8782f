"""The kept figures as the page shows them: each with the address of the list behind it, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts import clock
from assessments.survey_bands import FEW, LAST, NO_BAND
from campaign import ledger
from campaign.models import Batch
from campaign.playbook import Band
from campaign.queries import PictureRow
from campaign.timeline import Bar, Scale
from reports.queries.cells import Column, Tally
from reports.queries.dashboard.counting import Figures, Part, Span, Weeks
from reports.queries.dashboard.drawing import Piece, bar, shade
from reports.queries.home import heat
from units.models import Organization

Address = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Number:
    """A figure and the list of what it counts."""

    n: int
    url: str = ""
    tone: str = ""


def addresses(name: str, organization: Organization | None, *args: Any, **fixed: Any) -> Address:
    """A function from further filters to the address of a list narrowed to an organisation."""
    base = reverse(name, args=args)
    known = fixed | ({"within": organization.pk} if organization else {})

    def address(**filters: Any) -> str:
        query = urlencode(known | filters)
        return f"{base}?{query}" if query else base

    return address


# ---------------------------------------------------------------- stages
@dataclass(frozen=True)
class StageRow:
    """An organisation's units by stage: the bar, and the same as figures."""

    organization: Organization
    drill: str
    bar: SafeString
    numbers: list[Number]


def stage_heads(batch: Batch, total: PictureRow) -> list[str]:
    """The headings of the figures; columns in which nobody is are left out."""
    heads = [pgettext("stage bar", "Not begun")] if total.ahead else []
    heads += [str(stage.name) for stage in batch.campaign.playbook.stages]
    heads += [_("Under review")] if total.review else []
    heads += [pgettext("stage bar", "All stages done")] if total.after else []
    heads += [_("Without stages")] if total.unstaged else []
    return [*heads, _("Overrun"), _("Units")]


def stage_row(batch: Batch, organization: Organization, row: PictureRow, total: PictureRow, drill: str) -> StageRow:
    """`total` says which columns there are."""
    units = addresses("campaign:participations", organization, batch=batch.pk)
    pieces = list(_stage_pieces(batch, row, units))
    ahead, *stages, after = [piece for piece in pieces if not piece.striped]
    numbers = [Number(ahead.count, ahead.url)] if total.ahead else []
    numbers += [Number(piece.count, piece.url) for piece in stages]
    numbers += [Number(row.review, units(review="yes"))] if total.review else []
    numbers += [Number(after.count, after.url)] if total.after else []
    numbers += [Number(row.unstaged, units(stage="unstaged"))] if total.unstaged else []
    numbers += [Number(row.overdue, units(late="on"), "bad"), Number(row.units, units())]
    return StageRow(organization, drill, bar(pieces), numbers)


def _stage_pieces(batch: Batch, row: PictureRow, units: Address) -> Iterable[Piece]:
    yield Piece(shade(0), row.ahead, pgettext("stage bar", "Not begun"), units(stage="ahead"))
    stages = batch.campaign.playbook.stages
    for stage, going, review in zip(stages, row.stages, row.reviewed, strict=True):
        at, name = shade(stage.position), str(stage.name)
        yield Piece(at, going, name, units(stage=stage.key, review="no"))
        label = _("%(stage)s, under review") % {"stage": name}
        yield Piece(at, review, label, units(stage=stage.key, review="yes"), striped=True)
    yield Piece(shade(len(stages) + 1), row.after, pgettext("stage bar", "All stages done"), units(stage="after"))


# ---------------------------------------------------------------- plan and reality
@dataclass(frozen=True)
class SpanRow:
    """A stage: its name, the batch's plan, what happened, and the same on one scale."""

    name: str
    span: Span
    plan: Bar | None
    actual: Bar | None
    over: Bar | None
    until: Any
    current: Number
    overrun: Number


@dataclass(frozen=True)
class Spans:
    """All stages, and where today stands among them."""

    rows: list[SpanRow]
    today: str | None


def spans(batch: Batch, root: Organization, figures: Figures) -> Spans | None:
    """None where the batch names no days and nothing has begun."""
    today = clock.today()
    days = [day for span in figures.spans for day in (*(span.planned or ()), span.started, span.ended) if day]
    if not days:
        return None
    if any(span.current for span in figures.spans):
        days.append(today)
    scale = Scale(min(days), max(days).fromordinal(max(days).toordinal() + 1))
    units = addresses("campaign:participations", root, batch=batch.pk)
    rows = []
    for span in figures.spans:
        until = (today if span.current else span.ended) if span.started else None
        past = span.planned[1] if span.planned else None
        over = past is not None and until is not None and until > past
        rows.append(
            SpanRow(
                name=str(batch.campaign.playbook.stage(span.stage).name),
                span=span,
                plan=scale.bar(*span.planned) if span.planned else None,
                actual=scale.bar(span.started, until) if span.started and until else None,
                over=scale.bar(max(past, span.started), until) if over and past and span.started and until else None,
                until=None if span.current else span.ended,
                current=Number(span.current, units(stage=span.stage)),
                overrun=Number(span.overrun, units(stage=span.stage, late="on"), "bad"),
            )
        )
    return Spans(rows, scale.at(today) if scale.first <= today < scale.last else None)


# ---------------------------------------------------------------- study, work
@dataclass(frozen=True)
class WorkRow:
    """An organisation's study as (part, base) pairs, then what is short in its work."""

    organization: Organization
    drill: str
    shares: list[tuple[int, int]]
    numbers: list[Number]


def work_heads(batch: Batch) -> list[str]:
    """The headings of the shares."""
    study = batch.campaign.playbook.study
    return [*([_("Enough study hours")] if study.hours is not None else []), *(str(c.name) for c in study.coverages)]


def work_row(batch: Batch, organization: Organization, part: Part, drill: str) -> WorkRow:
    rules, study = batch.campaign.playbook.study, part.study
    shares = [(study.reached, study.due)] if rules.hours is not None else []
    shares += [(study.covered[coverage.key], study.roll) for coverage in rules.coverages]
    items = addresses("campaign:rectification", None, organization.pk)
    numbers = [
        Number(part.items.overdue, items(overdue="on"), "bad"),
        Number(part.items.open + part.items.overdue + part.items.reported, items(state="unclosed")),
        Number(part.cards, addresses("supervision:cards", organization)(state="issued")),
    ]
    return WorkRow(organization, drill, shares, numbers)


# ---------------------------------------------------------------- rectification
@dataclass(frozen=True)
class AgeRow:
    """Items registered so many days ago: the bar, and the same as figures."""

    label: str
    bar: SafeString
    numbers: list[Number]


AGE_PARTS = ("led-overdue", "led-open", "led-reported", "led-closed")


def age_heads() -> list[tuple[str, str]]:
    """Class of the fill and heading of each state."""
    names = (_("Overdue"), _("Being rectified"), _("Reported done"), pgettext("rectification item", "Closed"))
    return list(zip(AGE_PARTS, names, strict=True))


def ages(organization: Organization, rows: Sequence[tuple[int, int, int, int]]) -> list[AgeRow]:
    items = addresses("campaign:rectification", None, organization.pk)
    states = ({"overdue": "on"}, {"state": "in_time"}, {"state": "reported"}, {"state": "settled"})
    most = max((sum(row) for row in rows), default=0) or 1
    found = []
    for at, (label, row) in enumerate(zip(ledger.age_labels(), rows, strict=True)):
        urls = [items(age=at, **state) for state in states]
        pieces = [Piece(css, n, name, url) for (css, name), n, url in zip(age_heads(), row, urls, strict=True)]
        found.append(AgeRow(label, bar(pieces, most), [Number(n, url) for n, url in zip(row, urls, strict=True)]))
    return found


# ---------------------------------------------------------------- surveys
@dataclass(frozen=True)
class BandRow:
    """A survey: units by the band of their last closed round."""

    name: str
    bar: SafeString
    numbers: list[Number]
    units: Number


def band_heads(batch: Batch, figures: Figures) -> list[tuple[str, str, str]]:
    """Key, class of the fill and name: the best band first, then what is in none and what is not shown, if any."""
    ranked: list[Band] = sorted(batch.campaign.playbook.bands, key=lambda band: -band.at_least)
    heads = [(band.key, shade(len(ranked) - at), str(band.name)) for at, band in enumerate(ranked)]
    if heads and any(bands[NO_BAND] for bands in figures.bands.values()):
        heads.append((NO_BAND, "f-none", _("In no band")))
    if any(bands[FEW] for bands in figures.bands.values()):
        heads.append((FEW, "f-none", _("not shown")))
    return heads


def bands(batch: Batch, root: Organization, figures: Figures) -> list[BandRow]:
    """One row a survey that has been held, in the playbook's order."""
    heads, found = band_heads(batch, figures), []
    for instrument in batch.campaign.playbook.instruments:
        counted = figures.bands.get(instrument.key)
        if not counted:
            continue
        rounds = addresses("assessments:surveys", root, instrument=instrument.key, state="confirmed")
        pieces = [Piece(css, counted[key], name, rounds(band=key)) for key, css, name in heads]
        numbers = [Number(piece.count, piece.url) for piece in pieces]
        units = Number(counted.total(), rounds(band=LAST))
        found.append(BandRow(str(instrument.name), bar(pieces), numbers, units))
    return found


# ---------------------------------------------------------------- weekly reports
@dataclass(frozen=True)
class HeatRow:
    """An organisation's weekly reports; `url` leads to its units by week."""

    organization: Organization
    units: int
    cells: list[heat.Cell]
    tally: Tally
    url: str


def heat_row(organization: Organization, weeks: Weeks, columns: Sequence[Column]) -> HeatRow:
    """`columns` are the last weeks, as many as are shown."""
    cells = [heat.cell(tally, column) for tally, column in zip(weeks.by_week[-len(columns) :], columns, strict=True)]
    url = addresses("reports:weekly", organization)(weeks="all")
    return HeatRow(organization, weeks.units, cells, weeks.tally, url)


__all__ = ["Number", "addresses", "age_heads", "ages", "band_heads", "bands", "heat_row", "spans", "stage_heads"]
