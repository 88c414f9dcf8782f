"""Playing a campaign from preparation to closing under any playbook (manage.py rehearse).

Nothing of a playbook is known here: what is asked for is read from its actions, gates, instruments and chains, each
deed is done by the person who would do it, and every write goes through the actions that the pages use.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.db import transaction

from accounts import clock
from accounts.models import User
from assessments.actions import surveys
from campaign import actions, steps
from campaign.evidence import Evidence
from campaign.models import Batch, Participation, StageProgress
from campaign.playbook import Action, Instrument, load_file
from reports import weeks
from reports.actions import reports
from reports.demo.build import ROSTER, Demo
from reports.rehearsal import judging
from supervision import chain, rules
from supervision.actions import decisions, makeups, transitions
from supervision.gates import gate_of
from supervision.models import Decision, MakeUpOrder, Transition
from units.actions.posts import grant_post
from units.actions.roster import import_workbook
from units.models import Member, Organization

Say = Callable[[str], None]
SESSION = 6  # study hours of a concentrated day in the rehearsal
# Chances, in the order in which a unit meets them.
LATE_UNIT, RETURNED, MADE_UP, SURVEY_FAILS, REPORT_LATE, REPORT_MISSING = 0.12, 0.08, 0.05, 0.06, 0.06, 0.03


class RosterFaulty(Exception):
    """The roster has faults; `manage.py import_roster FILE --check` names them."""


@dataclass
class Figures:
    """What happened, counted."""

    counts: Counter[str] = field(default_factory=Counter)

    def add(self, key: str, number: int = 1) -> None:
        self.counts[key] += number

    def as_dict(self) -> dict[str, int]:
        return dict(sorted(self.counts.items()))


@dataclass
class Unit:
    """A participation with its people. `late`: does things only after the gate has said what is missing."""

    participation: Participation
    secretary: User
    late: bool

    def fresh(self) -> StageProgress | None:
        self.participation = Participation.objects.select_related(
            "organization", "work_unit", "batch__campaign__host"
        ).get(pk=self.participation.pk)
        return self.participation.current()


class Rehearsal(Demo):
    """One campaign on a roster. `units`: how many units take part in the play, all if None."""

    def __init__(self, *, playbook: str, start: dt.date, seed: int, say: Say, units: int | None, roster: Path) -> None:
        super().__init__(today=start, playbook=playbook, seed=seed, say=say)
        self.playbook = load_file(playbook)
        self.start = start
        self.roster = roster or ROSTER
        self.wanted = units
        self.random = random.Random(seed)  # noqa: S311  variety, not secrecy
        self.figures = Figures()
        self.day = start

    # ------------------------------------------------------------ the whole of it
    def run(self, until: str = "") -> Batch:
        """Prepare, play the stages up to and with `until` (a stage's key), and close if all are played."""
        self.prepare()
        keys = [stage.key for stage in self.playbook.stages]
        for key in keys:
            self.stage(key)
            if key == until:
                return self.batch
        self.close()
        return self.batch

    def prepare(self) -> None:
        """Roster, accounts, campaign, supervision groups; then every unit begins."""
        with clock.freeze(self._at(-10)):
            self.say("花名册……")
            outcome = import_workbook(by=None, path=self.roster, today=self.start)
            if outcome.errors:
                raise RosterFaulty(f"{self.roster}: {len(outcome.errors)}")
            self.accounts()
            self._superior()
        with clock.freeze(self._at(-5)):
            self.say("活动、批次、督导组……")
            self.batch = self.campaign()
            self.supervision(self.batch)
        participations = list(self.batch.participations.order_by("organization__path"))
        chosen = participations if self.wanted is None else self._spread(participations, self.wanted)
        for participation in participations:
            if participation not in chosen:
                actions.withdraw_participation(by=self.office, participation=participation)
        with clock.freeze(self._at(0)), transaction.atomic():
            for participation in chosen:
                actions.start(by=self.office, participation=participation, on=self.start)
                secretary = self.secretaries[participation.organization_id]
                self.units_.append(Unit(participation, secretary, self.random.random() < LATE_UNIT))
        self.figures.add("units", len(chosen))
        self.figures.add("members", Member.objects.on_roll().count())

    @property
    def units_(self) -> list[Unit]:
        return self.__dict__.setdefault("_units", [])

    @staticmethod
    def _spread(participations: list[Participation], wanted: int) -> list[Participation]:
        """The first committee, and units evenly over the rest of the tree."""
        step = max(1, len(participations) // wanted)
        return participations[::step][:wanted]

    def _superior(self) -> None:
        host = Organization.objects.get(depth=1)
        user = self._user("superior", "上级党组织书记")
        grant_post(by=self.office, user=user, organization=host, role="organization_secretary")

    def _at(self, days: int, hour: int = 9) -> dt.datetime:
        return dt.datetime.combine(self.start + dt.timedelta(days=days), dt.time(hour, 10))

    # ------------------------------------------------------------ a stage
    def stage(self, key: str) -> None:
        """All units work through the stage, report every week, and pass; the slow ones weeks later."""
        begins, length = self.day, self.playbook.stage(key).days or 30
        self.say(f"{self.playbook.stage(key).name}……")
        for unit in self.units_:
            if unit.participation.staged:
                with transaction.atomic():
                    self._work(unit, key, begins, only_part=unit.late)
        self._weekly(begins, length)
        ends = begins + dt.timedelta(days=length)
        for number, unit in enumerate(self.units_):
            if unit.participation.staged:
                with transaction.atomic():
                    self._pass(unit, key, ends + dt.timedelta(days=number % 5))
        self.day = ends + dt.timedelta(days=40)  # the last of them has passed by then

    def _work(self, unit: Unit, phase: str, day: dt.date, *, only_part: bool = False) -> None:
        """Do what is still open of the required actions, by those who must do it."""
        with clock.freeze(dt.datetime.combine(day + dt.timedelta(days=3), dt.time(18, 30))):
            evidence = Evidence(unit.participation, unit.fresh())
            if phase == self.playbook.stages[0].key:
                self._study(unit, evidence, day)
            for step in steps.checklist(evidence, required_only=True):
                if step.done or (only_part and self.random.random() < 0.5):
                    continue
                self._do(unit, evidence, step, day + dt.timedelta(days=3))
            self._cover(unit, day + dt.timedelta(days=3))
            self._judge(unit, evidence)

    def _judge(self, unit: Unit, evidence: Evidence) -> None:
        """What the gate asks for that is neither an activity nor a mark."""
        checks = evidence.stage.gate if evidence.stage else self.playbook.closing.gate
        names = {check.check for check in checks}
        for check in checks:
            if check.check == "survey":
                self._survey(unit, str(check.get("instrument")))
        if "lookback" in names:
            self.figures.add("lookbacks", judging.look_back(evidence, by=unit.secretary, chance=self.random))
        if "appraisals" in names:
            for key, number in judging.appraise(evidence, by=unit.secretary, chance=self.random).items():
                self.figures.add(key, number)

    def _do(self, unit: Unit, evidence: Evidence, step: steps.Step, day: dt.date) -> None:
        if step.unit == "members":
            self._do_members(unit, evidence, step.action, day)
            return
        held = evidence.held(step.action.key)
        for organization in steps.doers(step.action, evidence):
            again = bool(step.unticked) or bool(step.action.fields)
            times = max(step.action.count - held.get(organization.pk, 0), 1 if again else 0)
            for _time in range(times):
                self._hold(unit, evidence, step.action, organization, day)

    def _do_members(self, unit: Unit, evidence: Evidence, action: Action, day: dt.date) -> None:
        ids = [member.id for member in steps.concerned(action, evidence)]
        people = list(Member.objects.filter(pk__in=ids))
        for _time in range(action.count):
            if action.evidence == "attendance" or action.count > 1:
                self._hold(unit, evidence, action, unit.participation.organization, day, people)
            else:
                actions.mark_members(
                    by=unit.secretary,
                    batch=self.batch,
                    organization=unit.participation.organization,
                    action=action.key,
                    members=people,
                    done_on=day,
                )
        self.figures.add("member_marks", len(people))

    def _hold(
        self,
        unit: Unit,
        evidence: Evidence,
        action: Action | None,
        organization: Organization,
        day: dt.date,
        people: list[Member] | None = None,
        *,
        hours: int = 0,
    ) -> None:
        if people is None:
            inside = [o.pk for o in evidence.organizations if o.path.startswith(organization.path)]
            people = list(Member.objects.filter(pk__in=[m.id for m in evidence.roll if m.organization_id in inside]))
        named = action is None or action.evidence == "attendance" or "member" in action.pers
        data = actions.ActivityData(
            title=str(action.name) if action else "集中学习培训",
            held_on=day,
            action=action.key if action else "",
            hours=hours or None,
            concentrated=bool(hours),
            place="机关会议室",
            led_by=str(unit.secretary),
            points=[item.key for item in action.fields] if action else [],
        )
        actions.record_activity(
            by=unit.secretary,
            organization=organization,
            batch=self.batch,
            stage=evidence.phase,
            data=data,
            present=people if named else [],
        )
        self.figures.add("activities")

    def _study(self, unit: Unit, evidence: Evidence, day: dt.date) -> None:
        least = self.playbook.study.hours
        if least is None or any(hours >= least for hours in evidence.hours.values()):
            return
        days = max(-(-int(least) // SESSION), self.playbook.study.concentrated_days or 0)
        for number in range(days):
            self._hold(
                unit, evidence, None, unit.participation.organization, day + dt.timedelta(days=number), hours=SESSION
            )

    def _cover(self, unit: Unit, day: dt.date) -> None:
        """Whom a coverage has not reached hears it again: its action is held once more for all."""
        evidence = Evidence(unit.participation, unit.fresh())
        for coverage in self.playbook.study.coverages:
            if evidence.phase != self.playbook.stages[0].key:
                return
            missing = {member.id for member in evidence.roll} - evidence.covered(coverage.key)
            action = next((a for a in self.playbook.actions if a.coverage == coverage.key), None)
            if missing and action is not None:
                people = list(Member.objects.filter(pk__in=missing))
                self._hold(unit, evidence, action, unit.participation.organization, day, people)

    # ------------------------------------------------------------ surveys
    def _survey(self, unit: Unit, key: str, *, again: bool = False) -> None:
        """A round of paper ballots, entered by one and confirmed by another; some fail at first."""
        instrument = self.playbook.instrument(key)
        if instrument is None:
            return
        fails = not again and bool(instrument.thresholds) and self.random.random() < SURVEY_FAILS
        survey = surveys.open_round(
            by=self.office,
            participation=unit.participation,
            instrument=instrument,
            held_on=clock.today(),
            place="机关礼堂",
            organizer=self.batch.campaign.office_short_name,
        )
        ballots = {group.key: self._paper(instrument, fails=fails) for group in instrument.groups}
        surveys.enter_counts(by=self.general, survey=survey, ballots=ballots)
        survey.refresh_from_db()
        surveys.confirm_counts(by=self.office, survey=survey)
        self.figures.add("surveys")
        if fails:
            self.figures.add("surveys_failed")

    def _paper(self, instrument: Instrument, *, fails: bool) -> surveys.Ballots:
        valid, void = 20 + self.random.randrange(30), self.random.randrange(3)
        answers = {}
        for question in instrument.questions:
            adverse = [option.key for option in question.options if option.adverse] or [question.options[-1].key]
            votes = dict.fromkeys((option.key for option in question.options), 0)
            against = valid * 7 // 10 if fails else self.random.randrange(max(1, valid // 20))
            votes[adverse[-1]] += against
            votes[question.options[0].key] += valid - against
            answers[question.key] = votes
        return surveys.Ballots(valid + void + 1, valid + void, valid, void, answers)

    # ------------------------------------------------------------ weekly reports
    def _weekly(self, begins: dt.date, length: int) -> None:
        dated = [rule for rule in self.playbook.reports if rule.reporter == "unit" and rule.weekday is not None]
        rule = dated[0] if dated else None
        if rule is None:
            return
        for week in weeks.weeks_between(begins, begins + dt.timedelta(days=length - 1)):
            due = weeks.regular_due(rule, week)
            with transaction.atomic():
                for unit in self.units_:
                    chance = self.random.random()
                    if chance < REPORT_MISSING:
                        self.figures.add("weekly_reports_missing")
                        continue
                    late = chance < REPORT_MISSING + REPORT_LATE
                    moment = due + dt.timedelta(hours=20) if late else due - dt.timedelta(hours=2)
                    with clock.freeze(moment):
                        report = reports.open_report(
                            by=unit.secretary, participation=unit.participation, rule=rule, week=week
                        )
                        contents = {item.key: f"{item.name}：按方案进行。" for item in rule.fields}
                        reports.submit(by=unit.secretary, report=report, version=report.version, contents=contents)
                    self.figures.add("weekly_reports_late" if late else "weekly_reports_on_time")

    # ------------------------------------------------------------ passing
    def _pass(self, unit: Unit, phase: str, day: dt.date) -> None:
        """Apply until the last body has agreed; what the gate finds missing is done first."""
        if unit.late and not gate_of(unit.participation, unit.fresh()).open:
            self.figures.add("held_back_by_the_gate")
            self._work(unit, phase, day)
            day += dt.timedelta(days=4)
        day = self._mend_surveys(unit, day)
        fate = self.random.random()
        if not transitions.rule_of(self.playbook, chain.stage_now(unit.participation, unit.fresh())).steps:
            fate = 1.0  # nobody is asked, so nobody sends it back
        if fate < RETURNED:
            day = self._sent_back(unit, day)
        elif fate < RETURNED + MADE_UP:
            day = self._make_up(unit, day)
        self._agreed(unit, day)

    def _apply(self, unit: Unit, day: dt.date) -> Transition:
        stage = chain.stage_now(unit.participation, unit.fresh())
        rule = transitions.rule_of(self.playbook, stage)
        parts = {part.key: f"{part.name}：已按方案完成，有记录可查。" for part in rule.parts}
        with clock.freeze(dt.datetime.combine(day, dt.time(9, 20))):
            row = transitions.apply(by=unit.secretary, participation=unit.participation, parts=parts)
        self.figures.add("applications")
        return row

    def _decide(self, row: Transition, body: str, day: dt.date, ruling: decisions.Ruling) -> None:
        spoken = set(row.decisions.values_list("by_id", flat=True))
        by = next(user for user in rules.deciders(row, body) if user.pk not in spoken)
        with clock.freeze(dt.datetime.combine(day, dt.time(15, 0))):
            decisions.decide(by=by, transition=row, body=body, ruling=ruling)

    def _sent_back(self, unit: Unit, day: dt.date) -> dt.date:
        row = self._apply(unit, day)
        rule = transitions.rule_of(self.playbook, row.stage)
        ruling = decisions.Ruling(
            verdict=Decision.Verdict.RETURN,
            reason="下一步安排过于笼统。",
            parts={rule.parts[-1].key: "请具体到人、到日期。"},
        )
        self._decide(row, rule.steps[0].body, day + dt.timedelta(days=1), ruling)
        self.figures.add("returned")
        return day + dt.timedelta(days=4)

    def _make_up(self, unit: Unit, day: dt.date) -> dt.date:
        row = self._apply(unit, day)
        rule = transitions.rule_of(self.playbook, row.stage)
        terms = makeups.MakeUpTerms(
            organization=unit.participation.organization,
            items=["补记学习笔记，逐人核对", "重新组织讨论"],
            due_on=day + dt.timedelta(days=10),
            unsolid_work=True,
        )
        ruling = decisions.Ruling(verdict=Decision.Verdict.MAKE_UP, reason="抽查发现走了过场。", makeup=terms)
        self._decide(row, rule.steps[0].body, day + dt.timedelta(days=1), ruling)
        self.figures.add("makeups")
        order = MakeUpOrder.objects.open().filter(participation=unit.participation).get()
        return self._made_up(unit, order, day + dt.timedelta(days=5))

    def _made_up(self, unit: Unit, order: MakeUpOrder, day: dt.date) -> dt.date:
        with clock.freeze(dt.datetime.combine(day, dt.time(17, 0))):
            for item in order.items.all():
                makeups.record_item(by=unit.secretary, item=item, done_on=day, evidence="已补做，有记录。")
            if order.survey_again:
                failed = self._failed(unit)
                for key in failed:
                    self._survey(unit, key, again=True)
            makeups.report_makeup(by=unit.secretary, order=order)
        with clock.freeze(dt.datetime.combine(day + dt.timedelta(days=1), dt.time(10, 0))):
            checker = rules.recheckers(order)[0]
            makeups.recheck(by=checker, order=order, close=True, note="复查合格。")
        return day + dt.timedelta(days=2)

    def _failed(self, unit: Unit) -> list[str]:
        gate = gate_of(unit.participation, unit.fresh())
        return [finding.key.split(":")[1] for finding in gate if finding.check == "survey" and not finding.passed]

    def _mend_surveys(self, unit: Unit, day: dt.date) -> dt.date:
        """A failed survey leads to a make-up with a new round (I-13, J-13)."""
        failed = self._failed(unit)
        if not failed:
            return day
        with clock.freeze(dt.datetime.combine(day, dt.time(11, 0))):
            terms = makeups.MakeUpTerms(
                organization=unit.participation.organization,
                items=["针对不满意的问题补课"],
                due_on=day + dt.timedelta(days=14),
                survey_again=True,
            )
            by = rules.people_above(unit.participation.organization, lambda post: "order_makeup" in post.rights)[0]
            order = makeups.order_makeup(
                by=by,
                participation=unit.participation,
                terms=terms,
                reason="满意度测评未达到要求。",
                trigger=MakeUpOrder.Trigger.SURVEY,
            )
        self.figures.add("makeups")
        return self._made_up(unit, order, day + dt.timedelta(days=6))

    def _agreed(self, unit: Unit, day: dt.date) -> None:
        row = self._apply(unit, day)
        rule = transitions.rule_of(self.playbook, row.stage)
        for step in rule.steps:
            day += dt.timedelta(days=1)
            ruling = decisions.Ruling(verdict=Decision.Verdict.AGREE, reason="材料齐全，同意。")
            self._decide(row, step.body, day, ruling)
            self.figures.add("consents")
        row.refresh_from_db()
        if row.state == Transition.State.APPROVED:
            held = day + dt.timedelta(days=1)
            meeting = transitions.Meeting(held_on=held, place="机关礼堂", speaker=str(unit.secretary), present=20)
            with clock.freeze(dt.datetime.combine(held, dt.time(18, 0))):
                transitions.record_meeting(by=unit.secretary, transition=row, meeting=meeting)
        self.figures.add("closed" if row.stage == chain.CLOSING else "stages_passed")

    # ------------------------------------------------------------ the end
    def close(self) -> None:
        """Consolidation, closing report and application, meeting; then the office closes the batch (H-05..H-07)."""
        self.say("巩固和总结……")
        for unit in self.units_:
            with transaction.atomic():
                self._work(unit, "after", self.day)
                self._pass(unit, "after", self.day + dt.timedelta(days=10))
        with clock.freeze(dt.datetime.combine(self.day + dt.timedelta(days=60), dt.time(9, 0))):
            actions.close_batch(by=self.office, batch=self.batch)
