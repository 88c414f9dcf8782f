"""What the supervision groups of the demonstration do: visits, opinions, notes, reports, a spot check, cards."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from campaign.playbook import ReportRule
from reports import weeks
from reports.actions import reports
from reports.demo.play import AHEAD, BEHIND, RETURNED, STEADY, Play, Unit
from reports.queries import group_week
from reports.queries.group_weekly import group_rules
from reports.queries.suggestions import suggested
from reports.reporter import GroupReporter
from supervision import visiting
from supervision.actions import cards, notes, opinions, spot_checks, visits
from supervision.actions.makeups import MakeUpTerms
from supervision.models import (
    Assignment,
    GroupNote,
    SpotCheck,
    SpotResult,
    SupervisionGroup,
    SupervisionOpinion,
    Visit,
    YellowCard,
)
from units.models import Organization, Post
from units.roles import Right

SEEN = "查阅了三个支部的学习记录和二十本笔记，记录齐全；随机与六名党员谈话，多数能说清本阶段要求。"
TROUBLE = "第二支部讨论次数不足，个别党员以读代学。\n群众反映办事窗口排队时间长。"
ADVICE = ("第二支部补两次讨论，签到和发言要点存支部", "把公开承诺张贴到办事窗口，写明办理时限")
NOTES = (
    (GroupNote.Kind.PROBLEM, "两个支部的学习笔记有代抄现象，已要求逐人重写。"),
    (GroupNote.Kind.MEASURE, "与支部书记逐个谈话，约定每周五看一次笔记。"),
    (GroupNote.Kind.EXPERIENCE, "老党员送学上门，外出党员寄送材料、电话辅导。"),
)


@dataclass
class Team:
    """A group with its head and the units that it looks after."""

    group: SupervisionGroup
    head: User
    units: list[Unit]

    @property
    def sender(self) -> visiting.Sender:
        return visiting.Sender(self.group)


class Guiding:
    """Plays the groups' weeks up to today."""

    def __init__(self, play: Play, *, office: User, general: User) -> None:
        self.play, self.today = play, play.today
        self.office, self.general = office, general
        by_place = {unit.participation.organization_id: unit for unit in play.units}
        self.teams: dict[int, Team] = {}
        for row in Assignment.objects.current().select_related("group").order_by("group__pk", "organization__path"):
            team = self.teams.get(row.group_id)
            if team is None:
                head = row.group.members.current().filter(head=True).select_related("user").get().user
                team = self.teams.setdefault(row.group_id, Team(row.group, head, []))
            if row.organization_id in by_place:
                team.units.append(by_place[row.organization_id])

    def run(self) -> None:
        for number, team in enumerate(self.teams.values()):
            self._visits(team, number)
        self._opinions()
        self._weeks()
        self._spot_check()
        self._cards()

    def _day(self, days: int, hour: int = 15) -> dt.datetime:
        """So many days ago, on a day on which people work."""
        day = self.today - dt.timedelta(days=days)
        day -= dt.timedelta(days=max(0, day.weekday() - 4))
        return dt.datetime.combine(day, dt.time(hour, 10), tzinfo=weeks.ZONE)

    @staticmethod
    def _again(unit: Unit) -> Participation:
        """The participation as it is now, with all that pages read of it."""
        found = Participation.objects.select_related("organization", "work_unit", "batch__campaign__host")
        return found.get(pk=unit.participation.pk)

    # ------------------------------------------------------------ visits and opinions
    @transaction.atomic
    def _visits(self, team: Team, number: int) -> None:
        """Some were made, one is planned; a superior's group came once."""
        under_way = [unit for unit in team.units if unit.situation in {AHEAD, STEADY, BEHIND}]
        for turn, unit in enumerate(under_way[:4]):
            day = self._day(2 + turn * 5)
            with clock.freeze(day):
                self._visit(team.head, self._again(unit), team.sender, day.date())
        for turn, unit in enumerate(under_way[3:5]):
            plan = self._plan(self._again(unit), self.today + dt.timedelta(days=1 + turn * 3), str(team.head))
            visits.plan_visit(by=team.head, participation=self._again(unit), plan=plan, sender=team.sender)
        if number == 0:
            day = self._day(9)
            with clock.freeze(day):
                above = visiting.Sender(from_body="市委第二督导组")
                self._visit(self.office, self._again(under_way[0]), above, day.date())

    def _plan(self, participation: Participation, day: dt.date, goers: str) -> visits.VisitPlan:
        purpose = "看学习记录和笔记，听一次支部讨论"
        return visits.VisitPlan(organization=participation.organization, planned_on=day, purpose=purpose, goers=goers)

    def _visit(self, by: User, participation: Participation, sender: visiting.Sender, day: dt.date) -> Visit:
        log = visits.VisitLog(
            held_on=day,
            findings=SEEN,
            problems=TROUBLE,
            suggestions="\n".join(f"{number}. {text}" for number, text in enumerate(ADVICE, start=1)),
            talked_to=6,
        )
        plan = self._plan(participation, day, str(by))
        return visits.record_visit(by=by, participation=participation, plan=plan, log=log, sender=sender)

    def _opinions(self) -> None:
        """One followed up to its end, one to be checked, one whose days have run out, one just given."""
        for number, team in enumerate(list(self.teams.values())[:4]):
            visit = Visit.objects.filter(group=team.group, state=Visit.State.DONE).order_by("pk").last()
            unit = next(one for one in team.units if visit and one.participation.pk == visit.participation_id)
            self._opinion(team, unit, visit, number)

    @transaction.atomic
    def _opinion(self, team: Team, unit: Unit, visit: Visit | None, number: int) -> None:
        participation = self._again(unit)
        given = self._day(12)
        last = given.date() + dt.timedelta(days=9 if number == 2 else 16)
        with clock.freeze(given):
            data = opinions.OpinionData(
                organization=participation.organization,
                title="把学习讨论做实",
                basis=TROUBLE,
                visit=visit,
                points=[opinions.Point(text, last) for text in ADVICE],
            )
            opinion = opinions.give_opinion(by=team.head, participation=participation, data=data, sender=team.sender)
        if number not in {0, 1}:
            return
        done = self._day(5)
        with clock.freeze(done):
            for point in opinion.points.all():
                opinions.answer_point(
                    by=unit.secretary,
                    point=point,
                    done_on=done.date(),
                    answer="已补两次讨论，承诺已上墙，照片附后存档。",
                )
            opinions.hand_in(by=unit.secretary, opinion=SupervisionOpinion.objects.get(pk=opinion.pk))
        if number == 0:
            with clock.freeze(self._day(3)):
                verdicts = {point.pk: opinions.Verdict(True, "现场看过，属实") for point in opinion.points.all()}
                opinions.check_answer(
                    by=team.head, opinion=SupervisionOpinion.objects.get(pk=opinion.pk), verdicts=verdicts
                )

    # ------------------------------------------------------------ notes and reports
    def _weeks(self) -> None:
        this_week = weeks.monday(self.today)
        rules = group_rules(self.play.batch)
        for number, team in enumerate(self.teams.values()):
            reporter = GroupReporter(team.group, self.play.batch)
            first = min(unit.begun for unit in self.play.units)
            for week in weeks.weeks_between(first, this_week - weeks.WEEK):
                back = (this_week - week) // weeks.WEEK
                for rule in rules:
                    if (number, back) == (4, 2) or (number == 5 and back == 1):
                        continue  # one group has missed a week, another the last
                    due = weeks.regular_due(rule, week)
                    late = (number, back) == (3, 1)
                    self._report(team, reporter, rule, week, due + dt.timedelta(hours=20 if late else -3))
            moment = min(dt.datetime.combine(this_week, dt.time(16, 0), tzinfo=weeks.ZONE), clock.now())
            with clock.freeze(moment):
                self._note(team, week_number=number)

    @transaction.atomic
    def _note(self, team: Team, week_number: int) -> None:
        for number, (kind, text) in enumerate(NOTES):
            unit = team.units[(week_number + number) % len(team.units)]
            notes.write_note(by=team.head, group=team.group, kind=kind, text=text, participation=self._again(unit))

    @transaction.atomic
    def _report(
        self, team: Team, reporter: GroupReporter, rule: ReportRule, week: dt.date, moment: dt.datetime
    ) -> None:
        with clock.freeze(dt.datetime.combine(week, dt.time(16, 0), tzinfo=weeks.ZONE)):
            self._note(team, week_number=week.day)
        with clock.freeze(moment):
            first = rule.fields[0].key
            text = {field.key: "" for field in rule.fields} | {first: "\n".join(suggested(reporter, week))}
            text = group_week.with_notes(text, rule, group_week.notes_for(reporter, rule, week))
            text = {key: value or "与上周相同，没有新的情况。" for key, value in text.items()}
            report = reports.open_report(by=team.head, reporter=reporter, rule=rule, week=week)
            reports.submit(by=team.head, report=report, version=report.version, contents=text)
        accepted = moment + dt.timedelta(hours=22)
        if accepted < clock.now():
            with clock.freeze(accepted):
                reports.accept_report(by=self.general, report=report, version=report.version)

    # ------------------------------------------------------------ spot check and cards
    @transaction.atomic
    def _spot_check(self) -> None:
        """Two branches of a committee, drawn by lot, fall short and make up: two proposed cards of one unit."""
        team, unit = next(
            (team, unit) for team in self.teams.values() for unit in team.units if unit.situation == RETURNED
        )
        drawn_at = clock.now() - dt.timedelta(hours=2)
        place = self._again(unit).organization
        with clock.freeze(drawn_at):
            terms = spot_checks.SpotTerms(
                organization=place,
                kind=SpotCheck.Kind.GROUP,
                subject="学习笔记和心得体会",
                wanted=2,
                of_kind=Organization.Kind.BRANCH,
            )
            check = spot_checks.open_spot_check(by=team.head, batch=self.play.batch, terms=terms)
            rows = spot_checks.draw(by=team.head, check=check)
        with clock.freeze(drawn_at + dt.timedelta(minutes=40)):
            for row in rows:
                spot_checks.record_result(
                    by=team.head,
                    row=row,
                    result=SpotResult.Result.BAD,
                    findings="抽看十本笔记，四本雷同，两本缺记。",
                    checked_on=clock.today(),
                )
                terms_of = MakeUpTerms(
                    organization=row.organization,
                    items=["逐人补记学习笔记"],
                    due_on=self.today + dt.timedelta(days=6),
                    unsolid_work=True,
                )
                spot_checks.order_after_check(
                    by=team.head,
                    row=SpotResult.objects.get(pk=row.pk),
                    terms=terms_of,
                    reason="抽查学习笔记，多人雷同。",
                )
            summary = "抽查两个支部，都不合格，责令补课。"
            spot_checks.close_spot_check(by=team.head, check=check, summary=summary)

    @transaction.atomic
    def _cards(self) -> None:
        """One of the two cards is issued and acknowledged; issuing the other opens the admonition."""
        checked = YellowCard.objects.proposed().filter(makeup__trigger="spot_check")
        card = checked.select_related("organization", "participation").order_by("pk").first()
        if card is None:
            return
        issued = card.proposed_at + dt.timedelta(minutes=20)
        with clock.freeze(issued):
            number = f"县先教办黄牌〔{self.today.year}〕1号"
            cards.issue_card(by=self.office, card=card, number=number, issued_on=clock.today())
        posts = Post.objects.filter(organization=card.organization).select_related("user")
        own = next((post.user for post in posts if Right.APPLY in post.rights), None)
        if own is not None:
            with clock.freeze(issued + dt.timedelta(minutes=10)):
                cards.acknowledge_card(by=own, card=YellowCard.objects.get(pk=card.pk))
