"""The figures of an organisation above the units, by the organisations directly below it, counted from the same
queries as the lists that they lead to.

Whatever grows with the tree is counted once in KEPT for all who look: the page says as of when, and can count anew.
An organisation that a user sees he sees with all below it, so that the figures are the same for all who see it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Max, Min, Q

from accounts import clock
from assessments.models import Survey
from assessments.survey_bands import standings
from campaign import ledger
from campaign.models import Batch, BatchStage, StageProgress
from campaign.queries import PictureRow, directly_below, stage_picture
from reports.queries.cells import Column, Line, Tally
from reports.queries.summary import Scope, Study, StudyFigures
from reports.queries.weekly import boards, by_week, columns, unit_rules, weeks_of
from supervision.models import Admonition, Transition, YellowCard
from units import access
from units.models import Organization

KEPT = dt.timedelta(minutes=5)
SHAPE = 1  # of what is kept: another number whenever a field comes or goes


@dataclass
class Weeks:
    """The weekly reports of some units: numbers by week, and over all weeks."""

    units: int = 0
    by_week: list[Tally] = field(default_factory=list)
    tally: Tally = field(default_factory=Tally)


@dataclass
class Part:
    """The figures of one organisation directly below, or of all together."""

    picture: PictureRow
    study: StudyFigures
    items: ledger.Standing
    weeks: Weeks
    cards: int = 0

    @property
    def attention(self) -> int:
        """What asks for a look: units overrun, items overdue, reports missing, cards in force."""
        return self.picture.overdue + self.items.overdue + self.weeks.tally.missing + self.cards


@dataclass(frozen=True)
class Span:
    """A stage: the batch's plan, the first day it began and the last it ended anywhere, and how many are in it."""

    stage: str
    planned: tuple[dt.date, dt.date] | None
    started: dt.date | None
    ended: dt.date | None
    current: int
    overrun: int
    late: int  # units that ended it after their planned end


@dataclass
class Figures:
    """All of it, as it was at `counted_at`. `parts` by the path of the organisation directly below."""

    counted_at: dt.datetime
    total: Part
    parts: dict[str, Part]
    spans: list[Span]
    ages: list[tuple[int, int, int, int]]  # overdue, open, reported, closed; in the rows of ledger.ages
    bands: dict[str, Counter[str]]  # by the key of the survey
    cards: Counter[str]
    admonitions: int
    transitions: Counter[str]
    rule: str  # key of the report that the weeks are about
    weeks: list[Column]
    behind: list[tuple[str, int, int]]  # the units furthest behind with it: name, missing, late

    def ranked(self) -> list[str]:
        """The paths of the parts, what asks for a look first."""
        return sorted(self.parts, key=lambda path: (-self.parts[path].attention, path))


def figures_of(user: Any, batch: Batch, root: Organization) -> Figures:
    """The kept figures, or counted now. The user sees `root`."""
    found: Figures | None = cache.get(_key(batch, root))
    now = clock.now()
    if found is None or not dt.timedelta(0) <= now - found.counted_at < KEPT:
        found = count(user, batch, root)
        cache.set(_key(batch, root), found, KEPT.total_seconds())
    return found


def forget(batch: Batch, root: Organization) -> None:
    """Count anew when next asked."""
    cache.delete(_key(batch, root))


def _key(batch: Batch, root: Organization) -> str:
    return f"dashboard-{SHAPE}-{batch.pk}-{root.pk}-{root.path}-{clock.today()}"


class _Counting:
    """The parts while they are filled."""

    def __init__(self, batch: Batch, root: Organization) -> None:
        self.batch, self.root = batch, root
        self.stages = len(batch.campaign.playbook.stages)
        self.total = self._part()
        self.parts: dict[str, Part] = {}

    def _part(self) -> Part:
        row = PictureRow(None, [0] * self.stages, [0] * self.stages)
        return Part(row, StudyFigures(), ledger.Standing(self.root), Weeks())

    def place(self, path: str) -> str:
        return directly_below(self.root, path)

    def at(self, path: str) -> Part:
        return self.parts.setdefault(self.place(path), self._part())


def count(user: Any, batch: Batch, root: Organization) -> Figures:
    """Count all of it now: a number of queries that depends on the playbook's stages and coverages alone."""
    here = _Counting(batch, root)
    _picture(user, here)
    _study(here)
    items = ledger.items(user, batch, root)
    below, here.total.items = ledger.standing_below(items, root, here.place)
    for path, standing in below.items():
        here.at(path).items = standing
    lines, weeks, rule = _weeks(here)
    return Figures(
        counted_at=clock.now(),
        total=here.total,
        parts=here.parts,
        spans=_spans(batch, root),
        ages=_ages(items),
        bands=_bands(user, batch, root),
        cards=_cards(user, here),
        admonitions=_admonitions(user, batch, root),
        transitions=_transitions(user, batch, root),
        rule=rule,
        weeks=weeks,
        behind=_behind(lines),
    )


def _picture(user: Any, here: _Counting) -> None:
    picture = stage_picture(user, here.batch, here.root)
    here.total.picture = picture.total
    for row in picture.rows:
        if row.organization is not None:
            here.at(row.organization.path).picture = row
            row.organization = None  # names are read anew with each look


def _study(here: _Counting) -> None:
    """Of the stage whose gate asks for study, of all records whatever their day, as the pages of the units count."""
    scope = Scope(here.batch, here.root, dt.date.min, dt.date.max)
    found = Study(scope).by_unit
    for unit in scope.units:
        if unit.pk in found:
            for part in (here.at(unit.organization.path), here.total):
                _add_study(part.study, found[unit.pk])


def _add_study(whole: StudyFigures, unit: StudyFigures) -> None:
    whole.roll += unit.roll
    whole.arranged += unit.arranged
    whole.reached += unit.reached
    whole.hours += unit.hours
    whole.covered.update(unit.covered)


def _ages(items: Any) -> list[tuple[int, int, int, int]]:
    rows = ledger.ages(items.order_by().values_list("state", "registered_at", "deadline"), clock.today())
    return [(row.overdue, row.open, row.reported, row.closed) for row in rows]


# ---------------------------------------------------------------- weekly reports
def _weeks(here: _Counting) -> tuple[list[Line], list[Column], str]:
    rules, weeks = unit_rules(here.batch), weeks_of(here.batch)
    if not (rules and weeks):
        return [], [], ""
    within = access.below(here.root.path, "organization")
    lines = boards(here.batch, rules[:1], weeks, within=within, reminders=False)[rules[0].key]
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[here.place(line.reporter.organization.path)].append(line)
    for path, group in groups.items():
        here.at(path).weeks = _added(group)
    here.total.weeks = _added(lines)
    return lines, columns(here.batch, rules[0], weeks, lines), rules[0].key


def _added(lines: Sequence[Line]) -> Weeks:
    weeks = by_week(lines)
    total = Tally(*(sum(getattr(week, name) for week in weeks) for name in Tally.__dataclass_fields__))
    return Weeks(len(lines), weeks, total)


BAD, NAMED = 2, 3  # reports not in time from which a unit is named, and how many are


def _behind(lines: Iterable[Line]) -> list[tuple[str, int, int]]:
    bad = [line for line in lines if line.tally.missing and line.tally.missing + line.tally.late >= BAD]
    bad.sort(key=lambda line: (-line.tally.missing, -line.tally.late))
    return [(line.reporter.label, line.tally.missing, line.tally.late) for line in bad[:NAMED]]


# ---------------------------------------------------------------- stages, surveys, supervision
def _spans(batch: Batch, root: Organization) -> list[Span]:
    """Two queries."""
    states, today = StageProgress.State, clock.today()
    plans = {row.stage: (row.starts_on, row.ends_on) for row in BatchStage.objects.filter(batch=batch)}
    inside = access.below(root.path, "participation__organization")
    rows = StageProgress.objects.filter(inside, participation__batch=batch).order_by().values("stage")
    late = Q(planned_end__lt=today)
    found = {
        row["stage"]: row
        for row in rows.annotate(
            started=Min("started_on"),
            ended=Max("ended_on"),
            current=Count("pk", filter=Q(state=states.CURRENT)),
            overrun=Count("pk", filter=Q(state=states.CURRENT) & late),
            late=Count("pk", filter=Q(state=states.DONE, ended_on__gt=F("planned_end"))),
        )
    }
    names = ("started", "ended", "current", "overrun", "late")
    empty = {"started": None, "ended": None, "current": 0, "overrun": 0, "late": 0}
    return [
        Span(stage.key, plans.get(stage.key), *(found.get(stage.key, empty)[name] for name in names))
        for stage in batch.campaign.playbook.stages
    ]


def _bands(user: Any, batch: Batch, root: Organization) -> dict[str, Counter[str]]:
    """Of closed rounds alone; those with too few ballots under a key of their own."""
    inside = access.below(root.path, "participation__organization")
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for one in standings(Survey.objects.visible_to(user).filter(inside, participation__batch=batch), batch):
        found[one.instrument][one.band] += 1
    return dict(found)


def _cards(user: Any, here: _Counting) -> Counter[str]:
    inside = access.below(here.root.path, "organization")
    rows = YellowCard.objects.visible_to(user).filter(inside, batch=here.batch).order_by()
    found: Counter[str] = Counter()
    for path, state, number in rows.values_list("organization__path", "state").annotate(n=Count("pk")):
        found[state] += number
        if state == YellowCard.State.ISSUED:
            here.at(path).cards += number
            here.total.cards += number
    return found


def _admonitions(user: Any, batch: Batch, root: Organization) -> int:
    inside = access.below(root.path, "participation__organization")
    return Admonition.objects.visible_to(user).open().filter(inside, batch=batch).count()


def _transitions(user: Any, batch: Batch, root: Organization) -> Counter[str]:
    inside = access.below(root.path, "participation__organization")
    rows = Transition.objects.visible_to(user).filter(inside, participation__batch=batch).order_by()
    return Counter(dict(rows.values_list("state").annotate(n=Count("pk"))))
