"""The demonstration's paper surveys in the second stage: two confirmed, one waiting for its second person."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import clock
from accounts.models import User
from assessments import actions
from campaign.playbook import Instrument
from reports.demo.play import AHEAD, Play, Unit

# valid ballots and those against, of each respondent group
COUNTS = ((46, 2, 1), (38, 4, 0), (29, 3, 1))


class Asking:
    """Counts surveys of units that have passed into the second stage."""

    def __init__(self, play: Play, *, first: User, second: User) -> None:
        self.play = play
        self.first = first
        self.second = second

    @transaction.atomic
    def run(self) -> None:
        stage = self.play.batch.campaign.playbook.stages[1].key
        found = self.play.batch.campaign.playbook.instruments
        instrument = next((i for i in found if i.subject == "unit" and i.when == stage), None)
        if instrument is None:
            return
        units = [unit for unit in self.play.units if unit.situation == AHEAD][: len(COUNTS)]
        day = self.play.today - dt.timedelta(days=1)
        with clock.freeze(dt.datetime.combine(day, dt.time(16, 0))):
            for number, unit in enumerate(units):
                self._count(unit, instrument, day, COUNTS[number], confirm=number < 2)

    def _count(
        self, unit: Unit, instrument: Instrument, day: dt.date, figures: tuple[int, int, int], *, confirm: bool
    ) -> None:
        survey = actions.open_round(
            by=self.first,
            participation=unit.participation,
            instrument=instrument,
            held_on=day,
            place="机关礼堂",
            organizer=self.play.batch.campaign.office_short_name,
        )
        ballots = {group.key: self._paper(instrument, *figures) for group in instrument.groups}
        actions.enter_counts(by=self.first, survey=survey, ballots=ballots)
        if confirm:
            survey.refresh_from_db()
            actions.confirm_counts(by=self.second, survey=survey)

    @staticmethod
    def _paper(instrument: Instrument, valid: int, against: int, void: int) -> actions.Ballots:
        answers = {}
        for question in instrument.questions:
            keys = [option.key for option in question.options]
            votes = dict.fromkeys(keys, 0)
            votes[keys[-1]] = against
            votes[keys[1]] += valid // 5
            votes[keys[0]] += valid - against - valid // 5
            answers[question.key] = votes
        return actions.Ballots(valid + void + 2, valid + void, valid, void, answers)
