"""What lies on the office's desk: lists of addressees, publicity, the register, the way up, notices, further issues."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts import clock
from accounts.models import User
from reports import chain_rules, publicity_rules, weeks
from reports.actions import (
    adoption,
    bulletin_further,
    bulletins,
    chain,
    distribution,
    notices,
    publicity,
    register,
    schedule,
)
from reports.demo.play import PREPARING, Play, Unit
from reports.models import Bulletin, PublicityRecord, RegisterEntry, Report
from reports.queries import chain as offered
from reports.queries import notices as proposed
from reports.queries.adoption import Asked

Kind, Medium, Direction, Topic = (
    PublicityRecord.Kind,
    PublicityRecord.Medium,
    PublicityRecord.Direction,
    PublicityRecord.Topic,
)
LISTS = (
    {
        "name": "常规一期",
        "report_to": "市委先教办 3份\n县委常委 9份",
        "copy_to": "县人大常委会、县政府、县政协 3份",
        "distribute_to": "各督导组 6份\n各参加单位 56份",
    },
    {"name": "专刊", "report_to": "市委先教办 5份", "copy_to": "", "distribute_to": "各参加单位 56份"},
)
BANNERS = ("学习实践“三个代表”重要思想，永葆共产党员先进性", "一个支部一座堡垒，一名党员一面旗帜")
COVERED = (
    (Medium.PAPER, Direction.OUTWARD, Topic.EXPERIENCE, "《田间地头的党课》", "县报"),
    (Medium.TELEVISION, Direction.INWARD, Topic.MODEL, "《身边的先锋》第三期", "县电视台"),
    (Medium.NET, Direction.UPWARD, Topic.RESULT, "我县分批启动、一局一策", "市先进性教育网"),
)
ENTERED = (
    (RegisterEntry.Kind.INCOMING, 12, "关于做好分析评议阶段工作的通知", "市先教办〔2026〕18号", "市委先教办", ""),
    (RegisterEntry.Kind.INCOMING, 6, "关于报送满意度测评安排的函", "市先教办函〔2026〕7号", "市委先教办", ""),
    (RegisterEntry.Kind.OUTGOING, 4, "学习动员阶段工作总结", "县先教办〔2026〕21号", "", "市委先教办"),
)


class Desk:
    """Laid out in two goes: the lists stand before the bulletins, the rest after them."""

    def __init__(self, play: Play, *, office: User, general: User) -> None:
        self.play, self.today, self.batch = play, play.today, play.batch
        self.campaign = play.batch.campaign
        self.office, self.general = office, general
        self.leader = User.objects.get(username="leader")

    def _at(self, days_ago: int, hour: int) -> dt.datetime:
        return dt.datetime.combine(self.today - dt.timedelta(days=days_ago), dt.time(hour), tzinfo=weeks.ZONE)

    @transaction.atomic
    def lists(self) -> None:
        for fields in LISTS:
            distribution.add_list(by=self.office, campaign=self.campaign, fields=fields)
        plan = schedule.Plan([], "week", 4, 18, [self.office, self.general])  # each Friday at six
        schedule.add_schedule(by=self.office, batch=self.batch, organization=self.campaign.host, plan=plan)

    @transaction.atomic
    def run(self) -> None:
        for turn, unit in enumerate(unit for unit in self.play.units if unit.situation != PREPARING):
            self._publicity(unit, turn)
        self._register()
        last_week = weeks.monday(self.today) - weeks.WEEK
        self._upward(last_week)
        self._used_above()
        self._notice(last_week)
        self._further()

    # ------------------------------------------------------------ publicity
    def _publicity(self, unit: Unit, turn: int) -> None:
        """Banners and columns of most units, a few of which are still short; what papers and stations brought."""
        moment = max(self._at(9 + turn % 12, 15), dt.datetime.combine(unit.begun, dt.time(15), tzinfo=weeks.ZONE))
        if turn % 5 != 4:
            self._made_public(unit, moment, Kind.BANNER, title=BANNERS[turn % 2], quantity=3, place="办公楼")
        for issue in range(1, 1 + turn % 4):
            self._made_public(unit, moment, Kind.COLUMN, title="学习园地", issue=issue)
        if turn < len(COVERED):
            medium, direction, topic, title, outlet = COVERED[turn]
            self._made_public(
                unit, moment, Kind.MEDIA, title=title, medium=medium, direction=direction, topic=topic, outlet=outlet
            )

    def _made_public(self, unit: Unit, moment: dt.datetime, kind: Kind, **data: object) -> None:
        with clock.freeze(moment):
            publicity.record_publicity(
                by=unit.secretary,
                organization=unit.participation.organization,
                batch=self.batch,
                stage=publicity_rules.stage_now(unit.participation),
                kind=kind,
                data=publicity.PublicityData(held_on=moment.date(), **data),  # type: ignore[arg-type]
            )

    # ------------------------------------------------------------ papers
    def _register(self) -> None:
        """Two papers received, of which the second is still in circulation, and one sent up and filed."""
        for kind, days, title, number, sender, recipient in ENTERED:
            with clock.freeze(self._at(days, 9)):
                data = register.EntryData(
                    title=title,
                    document_number=number,
                    sender=sender,
                    recipient=recipient,
                    dated=clock.today(),
                    handler=self.general if sender else None,
                    due_on=self.today + dt.timedelta(days=3) if sender else None,
                )
                entry = register.enter(by=self.general, campaign=self.campaign, kind=kind, data=data)
            with clock.freeze(self._at(days, 11)):
                if sender:
                    register.pass_on(by=self.general, entry=entry, readers=[self.office, self.leader])
                if days > 6:
                    register.confirm(by=self.leader, entry=entry, remark="请综合组拟办。")
                    register.confirm(by=self.office, entry=entry)
                    register.finish(by=self.general, entry=entry, result="已转发各单位。")
                elif not sender:
                    register.archive(by=self.general, entry=entry, box="2026-03", volume="1")

    # ------------------------------------------------------------ to the superior
    def _upward(self, week: dt.date) -> None:
        """Last week's report of the county to the city: passages of three units, and one of them passed on."""
        rule = chain_rules.upward_rules(self.campaign)[0]
        friday = dt.datetime.combine(week + dt.timedelta(days=4), dt.time(20), tzinfo=weeks.ZONE)
        with clock.freeze(friday):
            up = chain.open_upward(by=self.general, batch=self.batch, rule=rule, week=week)
            found = offered.offers(up, rule)[:3]
            picks = [chain.Pick(one.candidate.report.pk, one.candidate.field, one.field) for one in found]
            texts = {
                field.key: up.contents.get(field.key) or "全县进展平稳，各单位按计划推进。" for field in rule.fields
            }
            chain.take(by=self.general, upward=up, version=up.version, contents=texts, picks=picks)
            up.refresh_from_db()
            chain.submit(by=self.general, upward=up, version=up.version, contents=up.contents)
        with clock.freeze(friday + dt.timedelta(hours=15)):
            up.refresh_from_db()
            chain.accept_upward(by=self.office, upward=up, version=up.version, entered=True)
            passage = up.passages.first()
            if passage is not None and passage.report is not None:
                chain.forward(by=self.general, report=passage.report, to=chain_rules.superior_of(self.campaign))

    def _notice(self, week: dt.date) -> None:
        """Who sent and who was used last week, published."""
        briefs = [rule for rule in self.campaign.playbook.reports if rule.reporter == "unit" and weeks.takes_more(rule)]
        for rule in briefs[:1]:
            asked = Asked(self.office, self.batch, rule, [week])
            draft = proposed.proposal(asked)
            if draft is not None:
                notices.issue_notice(by=self.office, asked=asked, title=draft.title, texts=draft.texts)

    # ------------------------------------------------------------ what became of reports and issues
    def _used_above(self) -> None:
        """The superior office took up two briefs."""
        moment = self._at(1, 10)
        accepted = Report.objects.filter(state=Report.State.ACCEPTED, first_submitted_at__lt=self._at(2, 0))
        for report in accepted.order_by("-first_submitted_at", "pk")[:2]:
            with clock.freeze(min(moment, clock.now())):
                adoption.mark_used_above(
                    by=self.office, report=report, used_on=clock.today(), where="市先教办《情况反映》"
                )

    def _further(self) -> None:
        """A special issue that came out, and a draft that corrects an earlier issue."""
        issued = Bulletin.objects.filter(state=Bulletin.State.ISSUED).order_by("week", "pk")
        first, last = issued.first(), issued.last()
        if first is None or last is None:
            return
        moment = dt.datetime.combine(last.week + dt.timedelta(days=9), dt.time(10), tzinfo=weeks.ZONE)
        with clock.freeze(min(moment, clock.now())):
            special = bulletin_further.draft_further(
                by=self.general, batch=self.batch, week=last.week, kind=Bulletin.Kind.SPECIAL
            )
            chosen = [item.pk for item in special.items.order_by("-pk")[:2]]
            if chosen:
                bulletins.choose_items(by=self.general, bulletin=special, items=chosen)
                bulletins.issue(by=self.office, bulletin=special)
        bulletin_further.correct(by=self.general, bulletin=first)
