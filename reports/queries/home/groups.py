"""The supervision group's desk: its units with their stage, the last contact, what is overdue and what comes next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.models import Activity, Batch, Participation, RectificationItem
from reports.models import Report
from reports.queries.home.standings import Governors, Standing, standings
from supervision.models import GroupMember, LectureDraft, MakeUpOrder, SupervisionGroup, Transition, Visit
from supervision.queries.opinions import last_opinions, overdue_points
from supervision.queries.visits import last_visits, next_visits
from units import access
from units.roles import Right

SILENT = 7  # days without contact after which a unit is marked
SOON = 14  # days before the planned end from which the desk looks at the gate of its own accord


@dataclass(frozen=True)
class Contact:
    """What the group last had to do with a unit."""

    day: dt.date
    label: Any
    url: str = ""

    @property
    def days(self) -> int:
        return (clock.today() - self.day).days


@dataclass(frozen=True)
class Overdue:
    """Something that a unit should have done: what, how much, where to see it."""

    label: Any
    count: int
    url: str


@dataclass(frozen=True)
class Row:
    """One unit. `days`: left in its stage, below zero when overrun, None without a stage."""

    unit: Standing
    stage_name: Any
    days: int | None
    activity: dt.date | None
    contact: Contact | None
    silent: bool
    transition: Transition | None
    makeup: MakeUpOrder | None
    visit: Visit | None
    overdue: list[Overdue] = field(default_factory=list)

    @property
    def late(self) -> bool:
        return self.days is not None and self.days < 0

    @property
    def active(self) -> bool:
        return self.unit.state == Participation.State.ACTIVE

    @property
    def looks(self) -> bool:
        """Is the gate near enough to be looked at without being asked?"""
        return self.active and (self.days is None or self.days <= SOON)

    @property
    def overdue_count(self) -> int:
        return sum(one.count for one in self.overdue)

    @property
    def urgency(self) -> int:
        """What needs attention first has the lowest."""
        asks = self.transition is not None and self.transition.state == Transition.State.SUBMITTED
        reasons = (self.late, bool(self.overdue), asks, self.silent)
        return next((rank for rank, holds in enumerate(reasons) if holds), len(reasons))


@dataclass(frozen=True)
class Reach:
    """The units that a group looks after, and the groups by name."""

    rows: list[Row]
    groups: list[SupervisionGroup]

    @property
    def late_count(self) -> int:
        return sum(row.late for row in self.rows)

    @property
    def open_count(self) -> int:
        return sum(row.transition is not None for row in self.rows)

    @property
    def silent_count(self) -> int:
        return sum(row.silent for row in self.rows)

    @property
    def overdue_count(self) -> int:
        return sum(row.overdue_count for row in self.rows)

    @property
    def visits_soon(self) -> int:
        """Units whose next visit falls into the seven days to come, or is still to be written down."""
        until = clock.today() + dt.timedelta(days=SILENT)
        return sum(row.visit is not None and row.visit.planned_on <= until for row in self.rows)


def reach_of(user: Any, batch: Batch) -> Reach:
    """A fixed number of queries however many units. What needs attention comes first, then what ends soonest."""
    rows = _rows(batch, _units(user, batch))
    groups = SupervisionGroup.objects.filter(
        campaign=batch.campaign_id, members__in=GroupMember.objects.current().filter(user=user)
    ).distinct()
    return Reach(rows, list(groups))


def _units(user: Any, batch: Batch) -> list[Standing]:
    """In the scope of the user's review; an assignment inside a unit shows the unit that governs it."""
    tops = access.roots(user, Right.REVIEW)
    seen = standings(batch, Q(pk__in=Participation.objects.visible_to(user, Right.REVIEW).values("pk")))
    governors = Governors(row.path for row in seen)
    wanted = {row.path for row in seen if any(row.path.startswith(top) for top in tops)}
    for top in tops:
        if not any(path.startswith(top) for path in wanted):
            wanted.add(governors.of(top) or "")
    return [row for row in seen if row.path in wanted]


def _rows(batch: Batch, units: list[Standing]) -> list[Row]:
    today, playbook = clock.today(), batch.campaign.playbook
    keys = [unit.pk for unit in units]
    activity = _last_activity(batch, units)
    contacts, overdue, visits = _contacts(keys), _overdue(batch, units), next_visits(keys)
    transitions = {row.participation_id: row for row in Transition.objects.open().filter(participation__in=keys)}
    makeups: dict[int, MakeUpOrder] = {}
    for order in MakeUpOrder.objects.open().filter(participation__in=keys).order_by("due_on"):
        makeups.setdefault(order.participation_id, order)
    rows = [
        Row(
            unit,
            playbook.stage(unit.stage).name if unit.stage else None,
            (unit.planned_end - today).days if unit.planned_end else None,
            activity.get(unit.path),
            contacts.get(unit.pk),
            unit.state == Participation.State.ACTIVE and _is_silent(contacts.get(unit.pk), batch),
            transitions.get(unit.pk),
            makeups.get(unit.pk),
            visits.get(unit.pk),
            overdue.get(unit.pk, []),
        )
        for unit in units
    ]
    return sorted(rows, key=lambda row: (row.urgency, row.days is None, row.days or 0, row.unit.path))


def _is_silent(contact: Contact | None, batch: Batch) -> bool:
    """More than a week without contact; before the first one the beginning of the batch counts."""
    return (clock.today() - (contact.day if contact else batch.starts_on)).days > SILENT


# ---------------------------------------------------------------- contact
def _day(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()


def _contacts(keys: list[int]) -> dict[int, Contact]:
    """The latest of visit, opinion, advice on a lecture and report of each unit. Four queries."""
    found: dict[int, Contact] = {}

    def offer(pk: int, contact: Contact) -> None:
        if pk not in found or contact.day > found[pk].day:
            found[pk] = contact

    for pk, visit in last_visits(keys).items():
        url = reverse("supervision:visit", args=[visit.pk])
        offer(pk, Contact(visit.day, visit.get_way_display(), url))
    for pk, given in last_opinions(keys).items():
        url = f"{reverse('supervision:opinions')}?unit={pk}"
        offer(pk, Contact(_day(given), _("Opinion given"), url))
    advice = LectureDraft.objects.filter(participation__in=keys, advised_at__isnull=False)
    for pk, advised in _latest(advice, "advised_at"):
        offer(pk, Contact(_day(advised), _("Advice on a lecture"), reverse("supervision:lectures", args=[pk])))
    for pk, sent in _latest(Report.objects.submitted().filter(participation__in=keys), "submitted_at"):
        offer(pk, Contact(_day(sent), _("Report received")))
    return found


def _latest(rows: QuerySet[Any], moment: str) -> Iterable[tuple[int, dt.datetime]]:
    return rows.order_by().values_list("participation_id").annotate(last=Max(moment))


# ---------------------------------------------------------------- overdue
def _overdue(batch: Batch, units: list[Standing]) -> dict[int, list[Overdue]]:
    """Make-ups, points of opinions and rectification items past their deadlines, by unit. Four queries."""
    keys = [unit.pk for unit in units]
    orders = MakeUpOrder.objects.overdue(clock.today()).filter(participation__in=keys)
    makeups = dict(orders.order_by().values_list("participation_id").annotate(n=Count("pk")))
    points, items = overdue_points(keys), _overdue_items(batch, units)
    places = dict(Participation.objects.filter(pk__in=keys).values_list("pk", "organization_id"))
    found: dict[int, list[Overdue]] = {}
    for unit in units:
        ledger = f"{reverse('campaign:rectification', args=[places[unit.pk]])}?overdue=on"
        lines = (
            Overdue(_("Make-ups"), makeups.get(unit.pk, 0), reverse("supervision:makeups") + "?state=overdue"),
            Overdue(
                _("Points of opinions"),
                points.get(unit.pk, 0),
                f"{reverse('supervision:opinions')}?unit={unit.pk}&state=overdue",
            ),
            Overdue(_("Rectification items"), items.get(unit.path, 0), ledger),
        )
        found[unit.pk] = [line for line in lines if line.count]
    return found


def _within(units: Iterable[Standing]) -> Q:
    """From the first to the last unit: one range; whoever governs what is in between is sorted out afterwards."""
    paths = [unit.path for unit in units]
    if not paths:
        return access.NOTHING
    return Q(organization__path__gte=min(paths), organization__path__lt=max(paths) + "[")


def _overdue_items(batch: Batch, units: list[Standing]) -> dict[str, int]:
    """Rectification items past their deadline by the path of the unit that governs them."""
    rows = RectificationItem.objects.filter(_within(units), batch=batch).overdue(clock.today())
    governors = Governors(unit.path for unit in units)
    found: dict[str, int] = {}
    for path, count in rows.order_by().values_list("organization__path").annotate(n=Count("pk")):
        unit = governors.of(path)
        if unit:
            found[unit] = found.get(unit, 0) + count
    return found


def _last_activity(batch: Batch, units: list[Standing]) -> dict[str, dt.date]:
    """The day of the last record of each unit, from the last of each organisation below it."""
    rows = Activity.objects.filter(_within(units), batch=batch)
    last = rows.order_by().values_list("organization__path").annotate(last=Max("held_on"))
    governors = Governors(unit.path for unit in units)
    found: dict[str, dt.date] = {}
    for path, day in last:
        unit = governors.of(path)
        if unit:
            found[unit] = max(day, found.get(unit, day))
    return found
