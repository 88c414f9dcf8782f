"""The demonstration's anonymous surveys of the second stage: one counted, one open since yesterday, one prepared."""

from __future__ import annotations

import datetime as dt
import random

from django.db import transaction

from accounts import clock
from accounts.models import User
from assessments.actions import poll_counting, polls
from assessments.actions.casting import cast
from assessments.actions.polls import Place, Slip
from assessments.actions.turnout import keep_turnout
from assessments.ballots.questionnaire import COMMENT, Questionnaire
from assessments.models import Poll
from campaign.playbook import Instrument
from reports.demo.asking import COUNTS
from reports.demo.cast import PASSPHRASE
from reports.demo.play import AHEAD, Play, Unit

MASSES = 14  # of the masses' representatives who are asked
COUNTED, OPEN, PREPARED = 8, 5, 2  # units of each survey
TURNOUT, TURNOUT_SO_FAR = 0.9, 0.45
WORDS = (
    "办事效率比以前高了，希望坚持下去。",
    "会议还是多了一些，建议合并开。",
    "下乡走访要常态化，不要只在活动期间去。",
    "希望把群众反映的停车难问题列入整改。",
    "学习资料发得及时，讨论时间可以再长一点。",
    "窗口人员态度好，就是材料一次讲不全。",
)


class Voting:
    """Surveys on phones in units of the second stage that were not asked on paper."""

    def __init__(self, play: Play, *, office: User) -> None:
        self.play = play
        self.office = office
        self.random = random.Random(play.random.random())  # noqa: S311  variety, not secrecy

    @transaction.atomic
    def run(self) -> None:
        instrument = self._instrument()
        if instrument is None:
            return
        units = [unit for unit in self.play.units if unit.situation == AHEAD][len(COUNTS) :]
        self._counted(instrument, units[:COUNTED])
        self._open(instrument, units[COUNTED : COUNTED + OPEN])
        with self._at(0, 8):
            self._draft(instrument, units[COUNTED + OPEN : COUNTED + OPEN + PREPARED], "第二阶段满意度测评（第三组）")

    def _instrument(self) -> Instrument | None:
        playbook = self.play.batch.campaign.playbook
        stage = playbook.stages[1].key
        return next((i for i in playbook.instruments if i.subject == "unit" and i.when == stage), None)

    def _at(self, days_ago: int, hour: int) -> object:
        day = self.play.today - dt.timedelta(days=days_ago)
        return clock.freeze(dt.datetime.combine(day, dt.time(hour, 0)))

    def _counted(self, instrument: Instrument, units: list[Unit]) -> None:
        """Opened five days ago, counted this morning; one unit falls short, one is too small to be shown whole."""
        with self._at(5, 9):
            poll = self._draft(instrument, units, "第二阶段满意度测评（第一组）")
            closes_at = dt.datetime.combine(self.play.today, dt.time(7, 0), tzinfo=clock.now().tzinfo)
            slips = self._begin(poll, closes_at)
        failing = max(units, key=_size).participation.pk
        for days_ago in (4, 3, 2, 1):
            part, slips = slips[: len(slips) // days_ago], slips[len(slips) // days_ago :]
            with self._at(days_ago, 20):
                for slip in part:
                    if self.random.random() < TURNOUT:
                        self._vote(slip, against=0.45 if slip.unit.participation_id == failing else 0.06)
                keep_turnout(clock.today())
        with self._at(0, 7):
            poll_counting.count_at_once(by=self.office, poll=poll, passphrases=[PASSPHRASE])

    def _open(self, instrument: Instrument, units: list[Unit]) -> None:
        with self._at(1, 9):
            poll = self._draft(instrument, units, "第二阶段满意度测评（第二组）")
            evening = dt.datetime.combine(self.play.today + dt.timedelta(days=4), dt.time(18, 0))
            slips = self._begin(poll, evening.replace(tzinfo=clock.now().tzinfo))
        with self._at(1, 20):
            for slip in slips:
                if self.random.random() < TURNOUT_SO_FAR:
                    self._vote(slip, against=0.05)
            keep_turnout(clock.today())

    def _draft(self, instrument: Instrument, units: list[Unit], title: str) -> Poll:
        raw = next(i for i in self.play.batch.campaign.snapshot["instruments"] if i["key"] == instrument.key)
        first, *others = [group.key for group in instrument.groups]
        comment = {"zh": "您对整改还有什么意见和建议？", "en": "What else should be put right?"}
        places = [
            Place(
                unit.participation.organization,
                unit.participation.label,
                {first: _size(unit), **dict.fromkeys(others, MASSES)},
                participation=unit.participation,
            )
            for unit in units
        ]
        host = self.play.batch.campaign.host
        form = {"instrument": {**raw, "comment": comment}}
        return polls.draft_poll(
            by=self.office,
            batch=self.play.batch,
            organization=host,
            kind=Poll.Kind.UNIT,
            title=title,
            form=form,
            places=places,
        )

    def _begin(self, poll: Poll, closes_at: dt.datetime) -> list[Slip]:
        polls.open_poll(by=self.office, poll=poll, closes_at=closes_at, passphrases=[PASSPHRASE])
        return polls.issue(by=self.office, poll=poll)

    def _vote(self, slip: Slip, *, against: float) -> None:
        paper: Questionnaire = slip.unit.questionnaire()
        answers = {}
        for place in paper.places:
            options = place.question.options
            adverse = self.random.random() < against
            found = [option.key for option in options if option.adverse == adverse] or [options[0].key]
            answers[place.name] = found[0] if self.random.random() < 0.75 else self.random.choice(found)
        if self.random.random() < 0.12:
            answers[COMMENT] = self.random.choice(WORDS)
        cast(slip.code.whole, answers)


def _size(unit: Unit) -> int:
    """Members of a unit."""
    return sum(len(members) for members in unit.members.values())
