"""Playing a campaign from preparation to closing under any playbook (manage.py rehearse).

Nothing of a playbook is known here: what is asked for is read from its actions, gates, instruments and chains, each
deed is done by the person who would do it, and every write goes through the actions that the pages use. Only accounts
are made directly, because hashing a password for each would take longer than the campaign.
"""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path

from django.db import transaction

from accounts import clock
from campaign import actions
from campaign.models import Batch, Participation
from campaign.playbook import Stage, load_file
from campaign.preparing import readiness
from reports import weeks
from reports.actions import reports
from reports.demo.county import ROSTER, County
from reports.rehearsal import deeds, ending, hearing, passing, recording, starting
from reports.rehearsal.casting import cast_unit
from reports.rehearsal.scene import Cast, Figures, Say, Scene, Unit
from supervision.gates import gate_of
from units.actions.roster import import_workbook
from units.models import Member, Organization

# Chances, in the order in which a unit meets them.
LATE_UNIT, SKIPS, BEGINS_LATE, REPORT_LATE, REPORT_MISSING = 0.15, 0.5, 0.1, 0.06, 0.03
USUAL_DAYS = 30  # of a stage for which the playbook names no length
SECOND_GO = 14  # days in which a unit does what the gate found missing
REST = 70  # days after a stage's usual end by which the last unit has passed


class RosterFaulty(Exception):
    """The roster has faults; `manage.py import_roster FILE --check` names them."""


class Rehearsal(County):
    """One campaign on a roster. `units`: how many units take part in the play, all if None.

    Every member of a unit that takes part writes a paper, is appraised, and so on: the time it takes grows with them.
    """

    def __init__(self, *, playbook: str, start: dt.date, seed: int, say: Say, units: int | None, roster: Path) -> None:
        super().__init__(opens=start, playbook=load_file(playbook), say=say)
        self.start = start
        self.roster = roster or ROSTER
        self.wanted = units
        self.random = random.Random(seed)  # noqa: S311  variety, not secrecy
        self.figures = Figures()
        self.day = start
        self.units: list[Unit] = []

    # ------------------------------------------------------------ the whole of it
    def run(self, until: str = "") -> Batch:
        """Prepare, play the stages up to and with `until` (a stage's key), and close if all are played."""
        self.prepare()
        for stage in self.playbook.stages:
            self.stage(stage)
            if stage.key == until:
                return self.batch
        self.close()
        return self.batch

    def prepare(self) -> None:
        """Roster, accounts, campaign, supervision groups; then every unit prepares itself and begins."""
        with clock.freeze(self._at(-20)):
            self.say("花名册……")
            outcome = import_workbook(by=None, path=self.roster, today=self.start)
            if outcome.errors:
                raise RosterFaulty(f"{self.roster}: {len(outcome.errors)}")
            self.accounts()
            self.cast = Cast(self.office, self.general, self.superior, self.secretaries)
        with clock.freeze(self._at(-15)):
            self.say("活动、批次、督导组……")
            self.batch = self.campaign()
            self.supervision(self.batch)
            for participation in self._take_part():
                secretary = self.secretaries[participation.organization_id]
                self.units.append(Unit(participation, secretary, self.random.random() < LATE_UNIT))
        self.say("准备、启动……")
        for unit in self.units:
            with transaction.atomic():
                self._begin(unit)
        self.figures.add("units", len(self.units))
        self.figures.add("members", Member.objects.on_roll().count())

    def _take_part(self) -> list[Participation]:
        """The units that play; the office takes the others out before the beginning."""
        rows = self.batch.participations.select_related("organization", "batch__campaign__host", "work_unit")
        participations = list(rows.order_by("organization__path"))
        chosen = participations if self.wanted is None else self._spread(participations, self.wanted)
        for participation in participations:
            if participation not in chosen:
                actions.withdraw_participation(by=self.office, participation=participation)
        for participation in chosen:
            inside = Organization.objects.active().within(participation.organization)
            cast_unit(self.cast, inside, make_user=self._user)
        return chosen

    @staticmethod
    def _spread(participations: list[Participation], wanted: int) -> list[Participation]:
        """The first committee, and units evenly over the rest of the tree."""
        step = max(1, len(participations) // wanted)
        return participations[::step][:wanted]

    def _at(self, days: int, hour: int = 9) -> dt.datetime:
        return dt.datetime.combine(self.start + dt.timedelta(days=days), dt.time(hour, 10))

    def _begin(self, unit: Unit) -> None:
        """Tick the preparation, then begin as on the page; a late unit is held back where preparation comes first."""
        with clock.freeze(self._at(-10)):
            starting.prepare(
                unit.participation, by=unit.secretary, cast=self.cast, figures=self.figures, all_of_it=not unit.late
            )
        late = unit.late or self.random.random() < BEGINS_LATE
        on = self.start + dt.timedelta(days=2 if late else 0)
        if late and not readiness(unit.participation).complete:
            with clock.freeze(self._at(0)):
                self._try_to_begin(unit)
        with clock.freeze(dt.datetime.combine(on, dt.time(9, 10))):
            if unit.fresh() is None and unit.participation.state == Participation.State.PREPARING:
                actions.begin(by=self.office, participation=unit.participation, on=on, shift=late)
        self.figures.add("begun_late", late)
        unit.fresh()

    def _try_to_begin(self, unit: Unit) -> None:
        """What the checklist says is missing is done after all."""
        try:
            with transaction.atomic():
                actions.begin(by=self.office, participation=unit.participation, on=self.start)
        except actions.NotPrepared:
            self.figures.add("held_back_before_the_start")
            starting.prepare(unit.participation, by=unit.secretary, cast=self.cast, figures=self.figures)

    def scene(self, unit: Unit, first: dt.date, days: int) -> Scene:
        return Scene(cast=self.cast, unit=unit, first=first, days=days, dice=self.random, figures=self.figures)

    # ------------------------------------------------------------ a stage
    def stage(self, stage: Stage) -> None:
        """All units work through the stage, report every week, and pass; the slow ones weeks later."""
        begins, length = self.day + dt.timedelta(days=2), stage.days or USUAL_DAYS
        self.say(f"{stage.name}……")
        staged = [unit for unit in self.units if unit.participation.staged]
        if staged and self.playbook.style_review and self.playbook.style_review.phase == stage.key:
            with transaction.atomic():
                hearing.hold_style_review(self.scene(staged[0], begins, length))
        for unit in staged:
            with transaction.atomic():
                self.work(unit, begins, length, skip=SKIPS if unit.late else 0.0)
        self._weekly(begins, length)
        ends = begins + dt.timedelta(days=length)
        for number, unit in enumerate(staged):
            with transaction.atomic():
                self._pass(unit, ends + dt.timedelta(days=number % 5))
        self.day = ends + dt.timedelta(days=REST)

    def work(self, unit: Unit, first: dt.date, days: int, *, skip: float = 0.0) -> None:
        """Do what is still open: what is recorded by hand, and the deeds behind the tools and the gate's checks."""
        scene = self.scene(unit, first, days)
        if scene.phase == self.playbook.stages[0].key:
            starting.take_census(scene)
            starting.arrange(scene)
        for deed in deeds.of_stage(scene):
            if deed is recording.record_all and skip:
                recording.record_some(scene, skip=skip)
            elif not (skip and self.random.random() < skip):
                scene.look_again()
                deed(scene)

    # ------------------------------------------------------------ weekly reports
    def _weekly(self, begins: dt.date, length: int) -> None:
        dated = [rule for rule in self.playbook.reports if rule.reporter == "unit" and rule.weekday is not None]
        rule = dated[0] if dated else None
        if rule is None:
            return
        for week in weeks.weeks_between(begins, begins + dt.timedelta(days=length - 1)):
            due = weeks.regular_due(rule, week)
            with transaction.atomic():
                for unit in self.units:
                    chance = self.random.random()
                    if chance < REPORT_MISSING:
                        self.figures.add("weekly_reports_missing")
                        continue
                    late = chance < REPORT_MISSING + REPORT_LATE
                    moment = due + dt.timedelta(hours=20) if late else due - dt.timedelta(hours=2)
                    with clock.freeze(moment):
                        report = reports.open_report(
                            by=unit.secretary, reporter=unit.participation, rule=rule, week=week
                        )
                        contents = {item.key: f"{item.name}：按方案进行。" for item in rule.fields}
                        reports.submit(by=unit.secretary, report=report, version=report.version, contents=contents)
                    self.figures.add("weekly_reports_late" if late else "weekly_reports_on_time")

    # ------------------------------------------------------------ passing
    def _pass(self, unit: Unit, day: dt.date) -> None:
        """What the gate finds missing is done first; then apply until the last body has agreed."""
        with clock.freeze(day):
            missing = [finding for finding in gate_of(unit.participation, unit.fresh()) if not finding.passed]
        short = any(finding.check not in {"survey", "weekly_reports"} for finding in missing)
        self.figures.add("held_back_by_the_gate", short)
        if unit.late or short:
            self.work(unit, day, SECOND_GO)
            day += dt.timedelta(days=SECOND_GO)
        passing.leave(self.scene(unit, day, SECOND_GO), day)

    # ------------------------------------------------------------ the end
    def close(self) -> None:
        """Consolidation, closing report and application, meeting, commendations; then the office closes the batch."""
        self.say("巩固和总结……")
        last = self.day
        for unit in self.units:
            with transaction.atomic():
                last = max(last, self._close(unit))
        final = self.scene(self.units[0], last + dt.timedelta(days=1), USUAL_DAYS)
        with final.at(0.5), transaction.atomic():
            ending.decide_all(final)
        with final.at(1):
            actions.close_batch(by=self.office, batch=self.batch)

    def _close(self, unit: Unit) -> dt.date:
        """H-05..H-07; a unit that went through no stages did all of its work in this time (A-12)."""
        self.work(unit, self.day, USUAL_DAYS)
        scene = self.scene(unit, self.day, USUAL_DAYS)
        ending.settle(scene)
        ending.put_forward(scene)
        unit.fresh()
        day = self.day + dt.timedelta(days=USUAL_DAYS)
        return passing.leave(self.scene(unit, day, SECOND_GO), day)


__all__ = ["Figures", "Rehearsal", "RosterFaulty", "Unit"]
