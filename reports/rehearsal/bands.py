"""One anonymous survey over many work units whose results fall into given bands: the table of the source (I-11).

The source prints 771 work units: 639 at 95% or above, 122 from 90% to under 95%, 10 below; 82.88%, 15.82% and, both
upper bands together, 98.70%. Here each unit has its slips, each slip casts its ballot, and the table is counted.
"""

from __future__ import annotations

import datetime as dt
import random
import secrets
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from openpyxl import Workbook, load_workbook

from accounts import clock
from assessments import poll_results
from assessments.actions import poll_counting, polls
from assessments.actions.casting import cast
from assessments.ballots.questionnaire import Questionnaire
from assessments.models import Poll
from campaign.actions import start
from campaign.models import Participation
from campaign.playbook import Band, Instrument, load_file
from reports.demo import cast as people
from reports.demo.county import ROSTER, County
from reports.rehearsal.scene import Say
from units.actions.posts import grant_post
from units.actions.roster import import_workbook
from units.models import Organization
from units.roster.identity import check_digit

UNDER_ONE = 40  # units under one committee
AT_ONCE = 100  # units whose slips are made together
ORGANIZATIONS, UNITS, MEMBERS = "党组织信息", "单位信息", "党员基本信息汇总表"
Row = Sequence[object]


@dataclass(frozen=True)
class Printed:
    """A line of the table: units of the band and share, and the same from the top down to it."""

    name: str
    units: int
    share: str
    upto: int
    share_upto: str


class BandSurvey(County):
    """A jurisdiction of as many work units as the bands name, from the highest band down; one survey of them all."""

    def __init__(
        self, *, playbook: str, bands: Sequence[int], ballots: int, seed: int, say: Say, opens: dt.date
    ) -> None:
        super().__init__(opens=opens, playbook=load_file(playbook), say=say)
        self.bands, self.ballots = list(bands), ballots
        self.random = random.Random(seed)  # noqa: S311  variety, not secrecy

    def run(self) -> list[Printed]:
        """Build, ask, count; the table as the results page has it. Raises ValueError where a band cannot be met."""
        votes = [self._satisfied(band) for band in self._from_the_top()]
        with clock.freeze(self.opens - dt.timedelta(days=20)):
            self.say("花名册……")
            self._import()
            self._office()
            self.say("活动、批次……")
            self.batch = self.campaign()
        with clock.freeze(self.opens):
            rows = self.batch.participations.select_related("organization", "work_unit", "batch__campaign")
            units = list(rows.order_by("organization__path"))
            if len(units) != sum(self.bands):
                raise ValueError(f"{len(units)} units take part, {sum(self.bands)} were wanted")
            for unit in units:
                start(by=self.office, participation=unit, on=self.opens)
        with clock.freeze(self.opens + dt.timedelta(days=7)):
            poll = self._ask(units, votes)
        return self._table(poll)

    # ------------------------------------------------------------ the survey
    @property
    def instrument(self) -> Instrument:
        return next(item for item in self.playbook.instruments if item.subject == "unit")

    def _from_the_top(self) -> list[Band]:
        found = sorted(self.playbook.bands, key=lambda band: -band.at_least)
        if len(found) != len(self.bands):
            raise ValueError(f"the playbook has {len(found)} bands")
        return found

    def _satisfied(self, band: Band) -> list[int]:
        """How many of the ballots may be satisfied for a unit to fall into the band, the highest three."""
        shares = {number: Fraction(number, self.ballots) for number in range(self.ballots + 1)}
        above = [number for number, share in shares.items() if share >= band.at_least]
        found = [number for number in above if band.below is None or shares[number] < band.below]
        if not found:
            raise ValueError(f"no share of {self.ballots} ballots lies in a band of the playbook: choose more")
        return found[-3:]

    def _ask(self, units: list[Participation], votes: list[list[int]]) -> Poll:
        """Open, print, cast and count."""
        self.say("测评、投票……")
        raw = next(i for i in self.batch.campaign.snapshot["instruments"] if i["key"] == self.instrument.key)
        group = self.instrument.groups[0].key
        places = [polls.Place(u.organization, u.label, {group: self.ballots}, participation=u) for u in units]
        poll = polls.draft_poll(
            by=self.office,
            batch=self.batch,
            organization=self.batch.campaign.host,
            kind=Poll.Kind.UNIT,
            title=str(self.instrument.name),
            form={"instrument": raw},
            places=places,
        )
        phrase = secrets.token_urlsafe(24)
        closes_at = clock.now() + dt.timedelta(days=3)
        poll = polls.open_poll(by=self.office, poll=poll, closes_at=closes_at, passphrases=[phrase])
        left = self._satisfied_by_unit(poll, votes)
        asked = list(poll.units.order_by("pk"))
        for begin in range(0, len(asked), AT_ONCE):
            for slip in polls.issue(by=self.office, poll=poll, units=asked[begin : begin + AT_ONCE]):
                happy = left[slip.unit.pk] > 0
                left[slip.unit.pk] -= 1
                cast(slip.code.whole, self._answers(slip.unit.questionnaire(), happy=happy))
            self.say(f"已投票单位 {min(begin + AT_ONCE, len(asked))} / {len(asked)}")
        return poll_counting.count_at_once(by=self.office, poll=poll, passphrases=[phrase])

    def _satisfied_by_unit(self, poll: Poll, votes: list[list[int]]) -> dict[int, int]:
        """Which unit falls into which band is drawn by lot."""
        chosen = [self.random.choice(votes[band]) for band, number in enumerate(self.bands) for _ in range(number)]
        self.random.shuffle(chosen)
        return dict(zip(poll.units.order_by("pk").values_list("pk", flat=True), chosen, strict=True))

    def _answers(self, paper: Questionnaire, *, happy: bool) -> dict[str, str]:
        answers = {}
        for place in paper.places:
            options = [option.key for option in place.question.options if option.satisfied == happy]
            answers[place.name] = self.random.choice(options or [place.question.options[0].key])
        return answers

    def _table(self, poll: Poll) -> list[Printed]:
        units = poll_results.figures(poll.units.select_related("survey", "organization"), self.instrument)
        lines = [poll_results.line(unit, self.instrument, self.playbook) for unit in units]
        every = len(lines)
        return [
            Printed(str(row.name), row.units, f"{row.units / every:.2%}", row.upto, f"{row.upto / every:.2%}")
            for row in poll_results.bands(lines, self.playbook)
        ]

    # ------------------------------------------------------------ the jurisdiction
    def _office(self) -> None:
        first = self._user("root", "系统初始账号")
        host = Organization.objects.get(code="A00")
        for person in people.OFFICE:
            user = self._user(person.username, person.name)
            if person.organization == "A00":
                grant_post(by=first, user=user, organization=host, role=person.role)
        self.office = type(first).objects.get(username="office")

    def _import(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "roster.xlsx"
            self._workbook().save(path)
            outcome = import_workbook(by=None, path=path, today=self.opens)
        if outcome.errors:
            raise ValueError(f"{len(outcome.errors)} faults in the roster that was made")

    def _workbook(self) -> Workbook:
        """A roster of so many branches, each with a unit and a member, under committees, in the sample's layout."""
        sample = load_workbook(ROSTER)
        heads = {name: [c.value for c in sample[name][3]] for name in (ORGANIZATIONS, UNITS, MEMBERS)}
        model = [cell.value for cell in sample[MEMBERS][4]]
        root = [cell.value for cell in sample[ORGANIZATIONS][4]]
        book = Workbook()
        book.remove(book.worksheets[0])
        sheets = {name: book.create_sheet(name) for name in heads}
        for name, head in heads.items():
            sheets[name].append([name])
            sheets[name].append([None])
            sheets[name].append(head)
        sheets[ORGANIZATIONS].append(root)
        total = sum(self.bands)
        committees = -(-total // UNDER_ONE)
        for number in range(committees):
            sheets[ORGANIZATIONS].append(
                [number + 2, f"D{number + 1:02d}", f"第{number + 1}工委", "工委", root[2], None]
            )
        for number in range(total):
            unit, branch = f"第{number + 1}单位", f"第{number + 1}单位党支部"
            above = f"第{number // UNDER_ONE + 1}工委"
            sheets[UNITS].append([number + 1, f"U{number + 1:04d}", unit, "党政机关", "科局级", 40])
            sheets[ORGANIZATIONS].append([committees + number + 2, f"Z{number + 1:04d}", branch, "党支部", above, unit])
            sheets[MEMBERS].append(self._member(model, number, branch, unit, heads[MEMBERS]))
        return book

    @staticmethod
    def _member(model: Row, number: int, branch: str, unit: str, head: Row) -> list[object]:
        row = list(model)
        column = {str(name): place for place, name in enumerate(head)}
        birth = row[column["出生日期"]]
        man = row[column["性别"]] == "男"
        first17 = f"999{number // 500:03d}{birth:%Y%m%d}{number % 500 // 5:02d}{2 * (number % 5) + man}"
        row[column["序号"]], row[column["公民身份证号"]] = number + 1, first17 + check_digit(first17)
        row[column["姓名"]] = f"党员{number + 1}"
        row[column["手机号"]] = f"139{number:08d}"
        row[column["所在党支部"]], row[column["所在单位"]] = branch, unit
        return row
