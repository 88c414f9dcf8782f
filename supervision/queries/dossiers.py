"""The history of one organisation as its dossier shows it: whose, which events, the picture of the stages on top."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.dateformat import format as format_date
from django.utils.translation import pgettext

from accounts import clock
from campaign import dossier
from campaign.dossier import Event, Subject
from campaign.models import Participation, StageProgress
from campaign.queries import governed
from campaign.timeline import Row, Scale, Timeline, timeline
from units.models import Member, Organization

# The chapters in the order of the filter; one that is not here follows at the end.
ICONS = {
    "stages": "flag",
    "transitions": "gavel",
    "makeups": "refresh",
    "cards": "cards",
    "admonitions": "alert-triangle",
    "spot_checks": "search",
    "visits": "map-pin",
    "supervision_opinions": "message-2",
    "surveys": "checkbox",
    "lookbacks": "eye-check",
    "analyses": "file-text",
    "rectification": "list-check",
    "notices": "news",
    "activities": "calendar-event",
    "lectures": "presentation",
    "arrangements": "user-check",
    "reports": "calendar-week",
    "bulletins": "report",
    "bodies": "shield",
    "liaison": "link",
    "pairing": "heart-handshake",
    "instructions": "message-report",
    "absences": "user-pause",
}


def chapters() -> dict[str, Any]:
    """The names of all chapters by key, in the order of the filter."""
    known, order = dossier.chapters(), list(ICONS)
    return {key: known[key] for key in sorted(known, key=lambda key: order.index(key) if key in order else len(order))}


def taken_part(organization: Organization, user: Any) -> list[Participation]:
    """What the organisation takes or took part in, the nearest of each batch: those under way first."""
    found: dict[int, Participation] = {}
    rows = Participation.objects.visible_to(user).at_or_above(organization)
    related = rows.select_related("organization", "work_unit", "batch__campaign__host").prefetch_related("progress")
    for row in related:
        found.setdefault(row.batch_id, row)
    under_way = Participation.State.ACTIVE
    return sorted(found.values(), key=lambda one: (one.state != under_way, -one.batch.starts_on.toordinal()))


def subject_of(organization: Organization, user: Any, batch: str = "") -> tuple[Subject | None, list[Participation]]:
    """Whose dossier is read, in the batch asked for (or the nearest), and all that could be asked for."""
    choices = taken_part(organization, user)
    asked = [one for one in choices if str(one.batch_id) == batch] or choices
    return (Subject(organization, asked[0], user) if asked else None), choices


@dataclass(frozen=True)
class Wanted:
    """What a reader asks for; empty means everything."""

    kinds: Sequence[str] = ()
    stage: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    def keeps(self, event: Event, progress: Iterable[StageProgress]) -> bool:
        return (
            (not self.kinds or event.kind in self.kinds)
            and (self.since is None or event.day >= self.since)
            and (self.until is None or event.day <= self.until)
            and (not self.stage or stage_of(event, progress) == self.stage)
        )


def stage_of(event: Event, progress: Iterable[StageProgress]) -> str:
    """The stage that an event says it belongs to, else the one that was under way on that day."""
    if event.stage:
        return event.stage
    for row in progress:
        if row.started_on and row.started_on <= event.day and (row.ended_on is None or event.day <= row.ended_on):
            return row.stage
    return ""


SHORT = 12  # lines


@dataclass(frozen=True)
class Told:
    """One event as a page lists it."""

    event: Event
    icon: str
    chapter: str
    elsewhere: bool

    @property
    def short(self) -> bool:
        """Does it fit on the rest of a sheet, so that paper need not part it?"""
        return sum(len(fold.lines) for fold in self.event.folds) < SHORT

    @property
    def month(self) -> str:
        return format_date(self.event.day, pgettext("date format", "F Y"))


def told(events: Iterable[Event], subject: Subject) -> list[Told]:
    """Events with the name of their chapter; `elsewhere`: of an organisation other than the dossier's."""
    names = {key: str(name) for key, name in dossier.chapters().items()}
    own = subject.organization.name
    return [
        Told(one, ICONS.get(one.kind, "point"), names[one.kind], bool(one.organization) and one.organization != own)
        for one in events
    ]


# ---------------------------------------------------------------- the picture
@dataclass(frozen=True)
class Mark:
    """A sign on the picture: where (per cent), which shape, what it says."""

    x: str
    shape: str
    title: str


@dataclass(frozen=True)
class Lane:
    """One stage: its bars, the signs below them, and how far down it stands."""

    row: Row
    y: int
    marks: list[Mark]


@dataclass(frozen=True)
class Picture:
    """The stages planned and in fact on one scale, with attempts, orders and cards."""

    timeline: Timeline
    lanes: list[Lane]
    months: list[tuple[str, str]]
    height: int
    marks: list[Event]

    @property
    def shapes(self) -> set[str]:
        """Those that the key has to explain."""
        return {mark.shape for lane in self.lanes for mark in lane.marks}


LANE, HEAD = 60, 24


def picture(subject: Subject, events: Iterable[Event]) -> Picture | None:
    """The picture of the participation; None where it goes without stages (A-12). No query."""
    participation, playbook = subject.participation, subject.participation.batch.campaign.playbook
    marked = sorted((event for event in events if event.mark), key=lambda event: event.day)
    drawn = timeline(participation.progress.all(), playbook, clock.today(), also=[event.day for event in marked])
    if drawn.scale is None:
        return None
    rows = [row.progress for row in drawn.rows]
    lanes = []
    for number, row in enumerate(drawn.rows):
        here = [event for event in marked if (stage_of(event, rows) or rows[-1].stage) == row.progress.stage]
        lanes.append(Lane(row, HEAD + number * LANE, [_mark(event, drawn.scale) for event in here]))
    height = HEAD + LANE * len(lanes)
    return Picture(drawn, lanes, _months(drawn.scale), height, marked)


def _mark(event: Event, scale: Scale) -> Mark:
    shape = "pass" if event.mark == "first" else event.mark
    return Mark(scale.at(event.day), shape, str(event.title))


def _months(scale: Scale) -> list[tuple[str, str]]:
    """First days of months with their names; every second or third one where there are many."""
    found, day = [], (scale.first.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    while day < scale.last:
        found.append((scale.at(day), format_date(day, pgettext("date format", "M"))))
        day = (day + dt.timedelta(days=32)).replace(day=1)
    return found[:: -(-len(found) // 6) or 1]


# ---------------------------------------------------------------- at a glance
@dataclass(frozen=True)
class Summary:
    """The figures at the head of a dossier."""

    stages: int
    stages_done: int
    attempts: int
    passed_first: int
    orders: int
    cards: int
    days_over: int
    members: int


def summary(subject: Subject, events: Iterable[Event]) -> Summary:
    """Counted from the events themselves, so that the head and the list cannot differ. Two queries."""
    listed = list(events)
    progress = list(subject.participation.progress.all())
    marks = [event.mark for event in listed if event.mark]
    own = subject.organization.pk == subject.participation.organization_id
    here = Member.objects.on_roll()
    people = here.filter(governed(subject.participation, "organization")) if own else here.within(subject.organization)
    return Summary(
        stages=len(progress),
        stages_done=sum(row.state == StageProgress.State.DONE for row in progress),
        attempts=marks.count("attempt"),
        passed_first=marks.count("first"),
        orders=marks.count("order"),
        cards=marks.count("card"),
        days_over=sum(_over(row) for row in progress),
        members=people.count(),
    )


def _over(row: StageProgress) -> int:
    if row.started_on is None:
        return 0
    return max(0, ((row.ended_on or clock.today()) - row.planned_end).days)


def query_of(asked: QueryDict) -> str:
    """What is asked for, to hand on to the paper and the Word file; without the page and the print."""
    query = asked.copy()
    for name in ("page", "print"):
        query.pop(name, None)
    return query.urlencode()
