"""Building the demonstration: roster, accounts, campaign, groups, and the weeks up to today."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts import clock
from accounts.models import User
from assessments.actions import knowledge
from assessments.models import KnowledgeTest
from campaign import actions
from campaign.models import Batch, Participation
from reports.demo import script
from reports.demo.adapted import county_playbook
from reports.demo.asking import Asking
from reports.demo.county import ROSTER, County, Say
from reports.demo.depth import Depth
from reports.demo.desk import Desk
from reports.demo.guiding import Guiding
from reports.demo.passing import Passing
from reports.demo.play import BEHIND, PILOT_LEAD, PREPARING, Play
from reports.demo.staffing import Staffing
from reports.demo.telling import Telling
from reports.demo.voting import Voting
from units.actions.roster import import_workbook

WEEKS_BEFORE = 7


class Demo(County):
    """One sample county. `today` is the day on which it is looked at."""

    def __init__(self, *, today: dt.date, playbook: str, seed: int, say: Say) -> None:
        self.today = today
        self.start = today - dt.timedelta(days=today.weekday() + 7 * WEEKS_BEFORE)
        self.seed = seed
        super().__init__(opens=self.start + dt.timedelta(days=PILOT_LEAD), playbook=county_playbook(playbook), say=say)

    def build(self) -> None:
        """Everything in order; each step is a transaction of its own."""
        with clock.freeze(self.opens - dt.timedelta(days=10)):
            self.say("花名册……")
            import_workbook(by=None, path=ROSTER, today=self.today)
            self.say("账号和职务……")
            self.accounts()
        with clock.freeze(self.opens - dt.timedelta(days=5)):
            self.say("活动、批次、督导组……")
            batch = self.campaign()
            self.supervision(batch)
        play = self.begin(batch)
        self.say("学习动员阶段，逐日……")
        play.study()
        self.count_rows()
        telling = Telling(play, office=self.office, general=self.general)
        self.say("周报和信息……")
        telling.reports()
        self.say("转段申请、补课……")
        Passing(play, self.office).run()
        self.say("分析评议、整改提高、总结……")
        Depth(self, play).run()
        self.say("机构、联系点、督导组的一周……")
        Staffing(play, office=self.office, general=self.general).run()
        Guiding(play, office=self.office, general=self.general).run()
        self.say("测评、简报……")
        Asking(play, first=self.general, second=self.office).run()
        Voting(play, office=self.office).run()
        desk = Desk(play, office=self.office, general=self.general)
        desk.lists()
        telling.bulletins()
        desk.run()
        # The accounts are older than a password may be; whoever looks at the demonstration shall not have to change it.
        User.objects.update(password_changed_at=clock.now())

    @transaction.atomic
    def begin(self, batch: Batch) -> Play:
        """Each wave of units begins on its day as on the page (A-10); one prepares itself still."""
        play = Play(batch=batch, start=self.start, today=self.today, seed=self.seed)
        rows = Participation.objects.filter(batch=batch).select_related(
            "organization", "work_unit", "batch__campaign__host"
        )
        play.gather(list(rows), self.secretaries)
        for unit in play.units:
            if unit.situation != PREPARING:
                with clock.freeze(unit.begun):
                    actions.begin(by=self.office, participation=unit.participation, on=unit.begun, shift=True)
        play.test = self._set_test(batch)
        again = {one.pk: one for one in rows.all()}  # they are under way now
        for unit in play.units:
            unit.participation = again[unit.participation.pk]
        self._behind_from_the_start(play)
        return play

    def _set_test(self, batch: Batch) -> KnowledgeTest:
        """One test on paper for the whole county (E-36)."""
        with clock.freeze(self.opens):
            terms = knowledge.TestTerms(
                title="学习动员阶段知识测试",
                mode=KnowledgeTest.Mode.PAPER,
                opens_at=clock.now(),
                closes_at=clock.now() + dt.timedelta(days=180),
                pass_mark=Decimal(script.PASS_MARK),
            )
            host = batch.campaign.host
            return knowledge.open_test(by=self.office, batch=batch, organization=host, terms=terms)

    def _behind_from_the_start(self, play: Play) -> None:
        """Two units with an earlier plan of their own, so that an overrun is to be seen (A-10, A-11)."""
        first = self.playbook.stages[0].key
        for unit in play.units:
            if unit.situation == BEHIND:
                window = actions.StageWindow(first, unit.begun, self.today - dt.timedelta(days=6))
                with clock.freeze(unit.begun):
                    actions.reschedule(
                        by=self.office,
                        participation=unit.participation,
                        windows=[window],
                        reason="提前启动，提前结束",
                    )
