"""The demonstration's applications, decisions, meetings and make-up."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import clock
from accounts.models import User
from campaign.models import StageProgress
from reports.demo import script
from reports.demo.play import AHEAD, APPROVED, MAKE_UP, RETURNED, REVIEW, REVIEW_HALF, Play, Unit
from supervision.actions import decisions, makeups, transitions
from supervision.models import Assignment, Decision, MakeUpOrder, Transition


def _at(day: dt.date, hour: int) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, 20))


class Passing:
    """Takes units through the first transition, each as far as its situation says."""

    def __init__(self, play: Play, office: User) -> None:
        self.play = play
        self.office = office
        self.supervisors = {
            assignment.organization_id: assignment.group.members.get(head=True).user
            for assignment in Assignment.objects.select_related("group")
        }

    def supervisor(self, unit: Unit) -> User:
        """The head of the group in charge: assigned to the organisation or to one above it."""
        chain = unit.participation.organization.ancestors_and_self()
        return next(self.supervisors[o.pk] for o in reversed(chain) if o.pk in self.supervisors)

    def run(self) -> None:
        for number, unit in enumerate(self.play.units):
            handed_in = unit.begun + dt.timedelta(days=script.READY)
            if unit.situation in {AHEAD, APPROVED, RETURNED, MAKE_UP}:
                self._one(unit, handed_in + dt.timedelta(days=number % 3))
            elif unit.situation in {REVIEW, REVIEW_HALF}:
                self._one(unit, self.play.today - dt.timedelta(days=2))

    @transaction.atomic
    def _one(self, unit: Unit, day: dt.date) -> None:
        with clock.freeze(_at(day, 9)):
            transition = self._apply(unit, day)
        if unit.situation == REVIEW_HALF:
            self._agree(self.office, transition, "office", day + dt.timedelta(days=1), 10)
        elif unit.situation == RETURNED:
            self._return(unit, transition, day + dt.timedelta(days=1))
        elif unit.situation == MAKE_UP:
            self._make_up(unit, transition, day + dt.timedelta(days=1))
        elif unit.situation in {AHEAD, APPROVED}:
            self._agree(self.supervisor(unit), transition, "supervision", day + dt.timedelta(days=1), 11)
            self._agree(self.office, transition, "office", day + dt.timedelta(days=1), 16)
            if unit.situation == AHEAD:
                self._meet(unit, transition, day + dt.timedelta(days=2))

    def _apply(self, unit: Unit, day: dt.date) -> Transition:
        rule = self.play.batch.campaign.playbook.transition
        words = {
            "branches": len(unit.branches),
            "members": len(unit.everyone),
            "deadline": f"{(due := day + dt.timedelta(days=20)).month}月{due.day}日",
        }
        texts = [text.format(**words) for text in script.APPLICATION.values()]
        parts = {part.key: texts[min(i, len(texts) - 1)] for i, part in enumerate(rule.parts)} if rule else {}
        return transitions.apply(by=unit.secretary, participation=unit.participation, parts=parts)

    def _agree(self, by: User, transition: Transition, body: str, day: dt.date, hour: int) -> None:
        with clock.freeze(_at(day, hour)):
            ruling = decisions.Ruling(verdict=Decision.Verdict.AGREE, reason="材料齐全，核对无误。")
            decisions.decide(by=by, transition=transition, body=body, ruling=ruling)

    def _return(self, unit: Unit, transition: Transition, day: dt.date) -> None:
        last = list(transition.parts)[-1]
        ruling = decisions.Ruling(
            verdict=Decision.Verdict.RETURN,
            reason="下一阶段安排过于笼统。",
            parts={last: "征求意见的范围、方式和时间没有写明，请具体到人、到日期。"},
            mend_by=day + dt.timedelta(days=5),
        )
        with clock.freeze(_at(day, 15)):
            decisions.decide(by=self.supervisor(unit), transition=transition, body="supervision", ruling=ruling)

    def _make_up(self, unit: Unit, transition: Transition, day: dt.date) -> None:
        """The supervision group found notes copied: two things are made up, the first is done."""
        where = unit.branches[0]
        terms = makeups.MakeUpTerms(
            organization=where,
            items=["补记学习笔记，逐人核对", "重新组织先进性大讨论"],
            due_on=self.play.today + dt.timedelta(days=5),
            unsolid_work=True,
        )
        ruling = decisions.Ruling(
            verdict=Decision.Verdict.MAKE_UP, reason="抽查学习笔记，多人雷同；大讨论没有形成书面成果。", makeup=terms
        )
        with clock.freeze(_at(day, 15)):
            decisions.decide(by=self.supervisor(unit), transition=transition, body="supervision", ruling=ruling)
        order = MakeUpOrder.objects.get(transition=transition)
        done = min(day + dt.timedelta(days=2), self.play.today)
        with clock.freeze(_at(done, 17)):
            makeups.record_item(
                by=unit.secretaries[where.pk],
                item=order.items.first(),
                done_on=done,
                evidence="逐人补记并交叉核对，支部委员签字确认。",
            )

    def _meet(self, unit: Unit, transition: Transition, day: dt.date) -> None:
        meeting = transitions.Meeting(
            held_on=day,
            place="机关礼堂",
            speaker=str(unit.secretary),
            present=len(unit.everyone),
            note="总结学习动员阶段，动员分析评议阶段。",
        )
        with clock.freeze(_at(day, 17)):
            transitions.record_meeting(by=unit.secretary, transition=transition, meeting=meeting)
        first, second = (stage.key for stage in self.play.batch.campaign.playbook.stages[:2])
        states = dict(unit.participation.progress.values_list("stage", "state"))
        assert states[first] == StageProgress.State.DONE, states  # noqa: S101  the demonstration checks itself
        assert states[second] == StageProgress.State.CURRENT, states  # noqa: S101
