"""Playing the campaign up to today, day by day, each deed by the person who would do it and by the pages' actions."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from django.db import transaction

from accounts import clock
from accounts.models import User
from assessments.actions import knowledge
from assessments.models import KnowledgeTest
from campaign import actions
from campaign.models import Batch, Participation
from campaign.queries import governed
from reports.demo import script
from reports.demo.script import Event
from units.models import Member, Organization

PREPARING, CLOSING, THIRD, AHEAD, REVIEW, REVIEW_HALF, APPROVED, RETURNED, MAKE_UP, BEHIND, STEADY = (
    "preparing",
    "closing",
    "third",
    "ahead",
    "review",
    "review_half",
    "approved",
    "returned",
    "make_up",
    "behind",
    "steady",
)
PILOTS = frozenset({CLOSING, THIRD})  # begun weeks before the others; played by the rehearsal's deeds
FIRST_WAVE = frozenset({AHEAD})
PILOT_LEAD, SECOND_WAVE = -42, 21  # days from the beginning of the first wave
MOST = 24  # branches alone among the units in the second stage


@dataclass
class Unit:
    """A participation of the demonstration with its people."""

    participation: Participation
    situation: str
    secretary: User
    branches: list[Organization]
    secretaries: dict[int, User]
    members: dict[int, list[Member]]
    begun: dt.date
    skipped: set[int] = field(default_factory=set)

    @property
    def everyone(self) -> list[Member]:
        return [member for people in self.members.values() for member in people]


class Play:
    """The county up to today. `start` is the first day of the first wave, a Monday seven weeks ago."""

    def __init__(self, *, batch: Batch, start: dt.date, today: dt.date, seed: int) -> None:
        self.batch = batch
        self.start = start
        self.today = today
        self.random = random.Random(seed)  # noqa: S311  variety, not secrecy
        self.units: list[Unit] = []
        self.test: KnowledgeTest

    def gather(self, participations: list[Participation], secretaries: dict[int, User]) -> None:
        """Deal the situations out over the units that have branches; committees get the telling ones."""
        kinds = Organization.Kind
        committees = [p for p in participations if p.organization.kind == kinds.COMMITTEE]
        general = [p for p in participations if p.organization.kind == kinds.GENERAL_BRANCH]
        single = [p for p in participations if p.organization.kind == kinds.BRANCH]
        sizes = {p.pk: Member.objects.on_roll().within(p.organization).count() for p in single}
        third, closing = sorted(single, key=lambda p: sizes[p.pk])[:2]  # small ones, which are played in full
        single = [p for p in single if p not in (third, closing)]
        self.random.shuffle(single)
        dealt = {
            AHEAD: [*committees[:2], *general[:3], *single[1 : 1 + MOST]],
            THIRD: [third],
            CLOSING: [closing],
            PREPARING: [single[0]],
            REVIEW: [committees[2], single[-1]],
            REVIEW_HALF: [general[3]],
            APPROVED: [single[-2]],
            RETURNED: [committees[3]],
            MAKE_UP: [single[-3]],
            BEHIND: [committees[4], single[-4]],
        }
        situations = {one.pk: situation for situation, listed in dealt.items() for one in listed}
        order = [*dealt, STEADY]
        ordered = sorted(participations, key=lambda p: order.index(situations.get(p.pk, STEADY)))
        for participation in ordered:
            self.units.append(self._unit(participation, situations.get(participation.pk, STEADY), secretaries))

    def begun(self, situation: str) -> dt.date:
        """The pilots began first, then most units, the others three weeks later (A-10)."""
        lead = PILOT_LEAD if situation in PILOTS else 0 if situation in FIRST_WAVE else SECOND_WAVE
        return self.start + dt.timedelta(days=lead)

    def _unit(self, participation: Participation, situation: str, secretaries: dict[int, User]) -> Unit:
        branches = list(Organization.objects.branches().filter(governed(participation, "")))
        members: dict[int, list[Member]] = {branch.pk: [] for branch in branches}
        for member in Member.objects.on_roll().filter(governed(participation, "organization")):
            members[member.organization_id].append(member)
        own = {branch.pk: secretaries[branch.pk] for branch in branches}
        secretary = secretaries[participation.organization_id]
        unit = Unit(participation, situation, secretary, branches, own, members, self.begun(situation))
        plan = len(script.STUDY)
        if situation == BEHIND:
            unit.skipped = set(range(6, plan))
        elif situation == STEADY:
            unit.skipped = {self.random.randrange(4, plan) for _i in range(self.random.randint(1, 5))}
        return unit

    def days(self) -> Iterator[int]:
        return iter(range((self.today - self.start).days))

    @transaction.atomic
    def study(self) -> None:
        """The activities and marks of the first stage, on their days."""
        for day in self.days():
            date = self.start + dt.timedelta(days=day)
            with clock.freeze(dt.datetime.combine(date, dt.time(18, 30))):
                for unit in self.units:
                    if unit.situation not in PILOTS and unit.situation != PREPARING:
                        self._day(unit, (date - unit.begun).days, date)

    def _day(self, unit: Unit, day: int, date: dt.date) -> None:
        for index, event in enumerate(script.STUDY):
            if event.day == day and index not in unit.skipped:
                self._hold(unit, event, date)
        if day == script.TEST and unit.situation != BEHIND:
            self._score(unit)
        for when, action in script.MARKS:
            if when == day and unit.situation != BEHIND:
                self._mark(unit, action, date)

    def _hold(self, unit: Unit, event: Event, date: dt.date) -> None:
        leading = unit.participation.organization
        if event.by_branch:
            for branch in unit.branches:
                self._record(unit, event, date, branch, unit.secretaries[branch.pk], unit.members[branch.pk])
        else:
            self._record(unit, event, date, leading, unit.secretary, unit.everyone)

    def _record(
        self, unit: Unit, event: Event, date: dt.date, where: Organization, by: User, people: list[Member]
    ) -> None:
        action = self.batch.campaign.playbook.action(event.action)
        data = actions.ActivityData(
            title=event.title,
            held_on=date,
            action=event.action,
            place=event.place,
            led_by=str(by),
            hours=event.study_hours,
            concentrated=event.concentrated,
            points=[item.key for item in action.fields] if action else [],
            text=event.text,
        )
        attending = event.hours > 0
        away = {m.pk for m in people if self.random.random() < 0.04} if attending else set()
        activity = actions.record_activity(
            by=by,
            organization=where,
            batch=self.batch,
            stage=self.batch.campaign.playbook.stages[0].key,
            data=data,
            present=[m for m in people if m.pk not in away] if attending else [],
        )
        if away and unit.situation != STEADY:
            present = [m.pk for m in people if m.pk not in away]
            actions.set_attendance(by=by, activity=activity, present=present, made_up=away)

    def _mark(self, unit: Unit, action: str, date: dt.date) -> None:
        for branch in unit.branches:
            people = unit.members[branch.pk]
            if unit.situation == STEADY:
                people = [m for m in people if self.random.random() < 0.8]
            actions.mark_members(
                by=unit.secretaries[branch.pk],
                batch=self.batch,
                organization=branch,
                action=action,
                members=people,
                done_on=date,
            )

    def _score(self, unit: Unit) -> None:
        """Scores of the county's test on paper; some have not sat it yet where a unit is still on its way (E-36)."""
        absent = 0.2 if unit.situation == STEADY else 0.0
        scores: dict[int, Decimal | None] = {
            member.pk: Decimal(self.random.randint(script.PASS_MARK + 4, 100))
            for member in unit.everyone
            if self.random.random() >= absent
        }
        knowledge.enter_scores(
            by=unit.secretary, test=self.test, organization=unit.participation.organization, scores=scores
        )
