"""The later stages of the demonstration, by the deeds of the rehearsal: pilots to the closing, one committee in depth.

Most units in the second stage have only part of their activities; the work with papers, talks and ledgers is shown by a
few, so that loading it stays quick.
"""

from __future__ import annotations

import datetime as dt
import random
from typing import TYPE_CHECKING

from django.db import transaction

from accounts import clock
from reports.demo import cast, ground, second_stage, third_stage
from reports.demo.play import AHEAD, CLOSING, PILOTS, Play, Unit
from reports.rehearsal import deeds, ending, hearing, passing, recording, talking
from reports.rehearsal import scene as stage
from reports.rehearsal.casting import cast_unit
from supervision.actions import decisions
from units.models import Organization

if TYPE_CHECKING:
    from reports.demo.build import Demo

STAGE = 22  # days that a pilot takes for a stage
IDLE = 0.45  # share of the second stage's activities that a unit has not held yet


class Depth:
    """Takes the units of the demonstration beyond the first transition."""

    def __init__(self, demo: Demo, play: Play) -> None:
        self.play = play
        self.today = play.today
        self.cast = stage.Cast(demo.office, demo.general, demo.superior, demo.secretaries)
        self.make_user = demo._user
        self.random = random.Random(demo.seed)  # noqa: S311  variety, not secrecy
        self.figures = stage.Figures()

    def run(self) -> None:
        for unit in self.play.units:
            if unit.situation in PILOTS:
                self._pilot(unit)
        analysed, partly, *others = [unit for unit in self.play.units if unit.situation == AHEAD]
        analysed = self._find(cast.ANALYSED, analysed)
        self._analysed(analysed)
        for unit in [one for one in (partly, *others) if one is not analysed]:
            self._half_way(unit)
        with transaction.atomic():
            ground.lay(self, self.play)

    def _find(self, code: str, otherwise: Unit) -> Unit:
        return next((unit for unit in self.play.units if unit.participation.organization.code == code), otherwise)

    # ------------------------------------------------------------ scenes
    def scene(self, unit: Unit, first: dt.date, days: int) -> stage.Scene:
        acting = stage.Unit(unit.participation, unit.secretary)
        return stage.Scene(cast=self.cast, unit=acting, first=first, days=days, dice=self.random, figures=self.figures)

    def now(self, unit: Unit) -> stage.Scene:
        """From the beginning of the stage under way up to yesterday."""
        begun = unit.participation.current()
        first = begun.started_on if begun and begun.started_on else unit.begun
        first += dt.timedelta(days=1)
        return self.scene(unit, first, max((self.today - first).days, 1))

    def people(self, unit: Unit) -> None:
        """Clerks, and members with an account."""
        inside = Organization.objects.active().within(unit.participation.organization)
        with clock.freeze(unit.begun - dt.timedelta(days=3)):
            cast_unit(self.cast, inside, make_user=self.make_user)

    # ------------------------------------------------------------ pilots
    @transaction.atomic
    def _pilot(self, unit: Unit) -> None:
        """Two stages in full; one goes on to the closing, the others are in the middle of the third."""
        self.people(unit)
        day = self._whole_stage(unit, unit.begun)
        day = self._whole_stage(unit, day + dt.timedelta(days=1))
        if unit.situation == CLOSING:
            day = self._whole_stage(unit, day + dt.timedelta(days=1))
            self._close(unit, day + dt.timedelta(days=1))
        else:
            third_stage.play(self.now(unit), self.today)

    def _whole_stage(self, unit: Unit, first: dt.date) -> dt.date:
        """Everything that the stage and its gate ask for, then out of it; the day on which it was left."""
        scene = self.scene(unit, first, STAGE)
        for deed in deeds.of_stage(scene):
            scene.look_again()
            deed(scene)
        last = first + dt.timedelta(days=STAGE)
        left = passing.agreed(scene, passing.mend_surveys(scene, last))
        unit.participation = scene.unit.participation
        return left

    def _close(self, unit: Unit, first: dt.date) -> None:
        """What comes after the stages, names for commendation, and the application, on which one body has spoken."""
        scene = self.scene(unit, first, max((self.today - first).days - 3, 1))
        for deed in deeds.of_stage(scene):
            scene.look_again()
            deed(scene)
        ending.put_forward(scene)
        applied = self.today - dt.timedelta(days=2)
        row = passing.apply(scene, applied)
        ruling = decisions.Ruling(verdict="agree", reason="三个阶段材料齐全，测评合格。")
        passing.decide(scene, row, "supervision", applied + dt.timedelta(days=1), ruling)

    # ------------------------------------------------------------ the second stage
    @transaction.atomic
    def _analysed(self, unit: Unit) -> None:
        self.people(unit)
        scene = self.now(unit)
        hearing.hold_style_review(scene)
        recording.record_some(scene, skip=IDLE / 2)
        second_stage.play(scene, self.today)

    @transaction.atomic
    def _half_way(self, unit: Unit) -> None:
        """Some activities; the greater units have heard opinions and named their teams as well."""
        scene = self.now(unit)
        recording.record_some(scene, skip=IDLE)
        if not unit.participation.organization.is_branch:
            talking.talk(scene)
            hearing.hear(scene)
