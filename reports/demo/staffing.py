"""Who runs the demonstration's campaign: bodies, duty, leave, discipline, instruction, liaison points, pairs."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from django.db import transaction

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from reports import weeks
from reports.demo.play import AHEAD, STEADY, Play, Unit
from supervision import staffing
from supervision.actions import absences, bodies, body_records, instructions, leave, liaison, pairing, staff
from supervision.models import Body, BodyMeeting, BodyMember, DutyHolder, LiaisonLeader, ResponsibilityLetter
from supervision.queries.instructions import places_for
from supervision.queries.leave import deciders
from units.models import Member, Post

FROM = ("县委组织部", "县委宣传部", "县纪委", "县级机关工委", "县委党校")
MEETINGS = (
    (42, BodyMeeting.Kind.LEADING_GROUP, "研究教育活动实施方案", "原则同意方案，各单位分批启动。"),
    (28, BodyMeeting.Kind.STANDING_COMMITTEE, "听取学习动员阶段情况汇报", "把学习质量放在第一位，不赶进度。"),
    (14, BodyMeeting.Kind.GROUP_HEADS, "督导组组长碰头会", "转段审查坚持标准，笔记抽查要留记录。"),
    (5, BodyMeeting.Kind.LEADING_GROUP, "研究分析评议阶段工作", "征求意见面要宽，谈心要谈透。"),
)

ASKED = (
    (
        "流动党员如何参加集中学习",
        "支部有三名党员长期在外务工，春节前不能返回。",
        "寄送学习资料，返乡后由支部补课并记入学时。",
    ),
    (
        "防汛演练期间能否推迟民主评议",
        "县里安排全员参加演练，原定周四的评议会无法召开。",
        "推迟到下周二，并同步报督导组。",
    ),
)


class Staffing:
    """Lays the ground that the week stands on."""

    def __init__(self, play: Play, *, office: User, general: User) -> None:
        self.play, self.today, self.batch = play, play.today, play.batch
        self.campaign, self.host = play.batch.campaign, play.batch.campaign.host
        self.office, self.general = office, general
        self.leader = User.objects.get(username="leader")
        self.under_way = [unit for unit in play.units if unit.situation in {AHEAD, STEADY}]

    @transaction.atomic
    def run(self) -> None:
        self._bodies()
        self._units()
        self._duty()
        self._leave()
        self._discipline()
        self._instruction()
        self._liaison()
        self._pairs()

    def _ago(self, days: int, hour: int = 10) -> dt.datetime:
        return dt.datetime.combine(self.today - dt.timedelta(days=days), dt.time(hour, 20), tzinfo=weeks.ZONE)

    @staticmethod
    def _again(unit: Unit) -> Participation:
        found = Participation.objects.select_related("organization", "work_unit", "batch__campaign__host")
        return found.get(pk=unit.participation.pk)

    # ------------------------------------------------------------ bodies
    def _bodies(self) -> None:
        """Those of the county with their people, and the meetings that were held."""
        accounts = {"leading_group": self.leader, "office": self.office, "general": self.general}
        accounts["publicity"] = User.objects.get(username="publicity")
        with clock.freeze(self._ago(56)):
            for number, rule in enumerate(self.campaign.playbook.bodies):
                facts = bodies.BodyFacts(rule.name.zh, place="县委大院三号楼", mode=rule.mode.zh if rule.mode else "")
                body = bodies.set_up_body(
                    by=self.office, campaign=self.campaign, organization=self.host, kind=rule.key, facts=facts
                )
                self._people(body, accounts.get(rule.key), number)
        for days, kind, topic, decision in MEETINGS:
            with clock.freeze(self._ago(days, 16)):
                facts_of = body_records.MeetingFacts(
                    kind=kind,
                    held_on=clock.today(),
                    topic=topic,
                    present=9,
                    chair=str(self.leader),
                    decision=decision,
                )
                body_records.record_body_meeting(
                    by=self.general, campaign=self.campaign, organization=self.host, facts=facts_of
                )

    def _people(self, body: Body, account: User | None, number: int) -> None:
        """A head, and two who are seconded; one of the lecture group is still awaited (D-18)."""
        names = (("郭子明", "谭秋菊"), ("尹国华", "白玉梅"), ("石建军", "龚小燕"), ("黎光明", "万春花"))
        here = clock.today()
        if account is not None:
            seconded = bodies.Seconded(in_place_on=here)
            bodies.name_to_body(
                by=self.office, body=body, name=str(account), user=account, role=BodyMember.Role.HEAD, seconded=seconded
            )
        for turn, name in enumerate(names[number % len(names)]):
            awaited = body.kind == Body.Kind.LECTURE and turn == 1
            seconded = bodies.Seconded(
                title="副科级",
                seconded_from=FROM[(number + turn) % len(FROM)],
                expected_on=self.today + dt.timedelta(days=3) if awaited else None,
                in_place_on=None if awaited else here,
            )
            bodies.name_to_body(by=self.office, body=body, name=name, seconded=seconded)

    def _units(self) -> None:
        """Leading groups, principals and signed letters of some units; the others have not yet (D-15, D-17)."""
        for unit in self.under_way[:6]:
            participation = self._again(unit)
            with clock.freeze(self._ago(40)):
                facts = bodies.BodyFacts(f"{participation.organization.name}先进性教育活动领导小组")
                body = bodies.set_up_body(
                    by=unit.secretary,
                    campaign=self.campaign,
                    organization=participation.organization,
                    kind=Body.Kind.LEADING_GROUP,
                    facts=facts,
                )
                bodies.name_to_body(
                    by=unit.secretary, body=body, name=str(unit.secretary), user=unit.secretary, role="head"
                )
                holder = bodies.name_holder(
                    by=unit.secretary,
                    participation=participation,
                    duty=DutyHolder.Duty.PRINCIPAL,
                    name=str(unit.secretary),
                    post="党组织书记",
                )
                letter = body_records.LetterFacts(
                    kind=ResponsibilityLetter.Kind.LETTER,
                    level=ResponsibilityLetter.Level.UNIT,
                    signer=str(unit.secretary),
                    signed_with=self.campaign.office_name,
                    signed_on=clock.today(),
                    holder=holder,
                )
                body_records.record_letter(
                    by=self.general,
                    campaign=self.campaign,
                    organization=participation.organization,
                    facts=letter,
                )

    # ------------------------------------------------------------ staff
    def _duty(self) -> None:
        people = [person.user for person in staffing.staff_of(self.campaign)][:6]
        first = self.today.replace(day=1)
        for month in (first, (first + dt.timedelta(days=32)).replace(day=1)):
            staff.plan_duty(by=self.office, campaign=self.campaign, month=month, people=people)

    def _leave(self) -> None:
        """The head of a group asks the leading group and waits; one of a group is away with leave."""
        people = staffing.staff_of(self.campaign)
        heads = [person for person in people if person.team.head and person.user.username.startswith("super")]
        members = [person for person in people if not person.team.head]
        wanted = [(one, 3, False) for one in heads[4:5]] + [(one, -1, True) for one in members[:1]]
        for person, begin, granted in wanted:
            with clock.freeze(self._ago(3 if granted else 1)):
                row = leave.ask_leave(
                    by=person.user,
                    campaign=self.campaign,
                    team=person.team,
                    from_date=self.today + dt.timedelta(days=begin),
                    to_date=self.today + dt.timedelta(days=begin + 2),
                    reason="回老家办理家中事务",
                    stand_in=self.general,
                )
                able = deciders(row)
                if granted and able:
                    leave.decide_leave(by=able[0], leave=row, grant=True, answer="注意按时返岗")

    def _discipline(self) -> None:
        """All but two have acknowledged the rules; a present was given back; a principal is away."""
        people = staffing.staff_of(self.campaign)
        with clock.freeze(self._ago(30)):
            for person in people[:-2]:
                staff.acknowledge(by=person.user, batch=self.batch)
            gift = staff.GiftData(clock.today(), "某单位办公室", "茶叶两盒", "returned", "当日退还，对方签收")
            staff.record_gift(by=people[0].user, campaign=self.campaign, data=gift)
        unit = self.under_way[2]
        trip = absences.AbsenceData(
            "trip",
            str(unit.secretary),
            "成都",
            self.today - dt.timedelta(days=1),
            self.today + dt.timedelta(days=1),
            reason="参加省上招商签约，已向县领导报告",
        )
        with clock.freeze(self._ago(2)):
            absences.record_absence(by=unit.secretary, participation=self._again(unit), data=trip)

    def _instruction(self) -> None:
        """One answered and made known to all below, one that waits (D-21)."""
        branches = [branch for unit in self.under_way for branch in unit.branches if branch.depth > 2]
        for number, (matter, facts, proposal) in enumerate(ASKED):
            post = (
                Post.objects.filter(organization=branches[number], role="branch_secretary")
                .select_related("user", "organization")
                .get()
            )
            with clock.freeze(self._ago(8 - 7 * number)):
                row = instructions.ask_instruction(
                    by=post.user,
                    batch=self.batch,
                    organization=post.organization,
                    to=places_for(post, self.batch)[-1],
                    matter=instructions.Matter(matter, facts, proposal),
                )
            if number == 0:
                with clock.freeze(self._ago(6)):
                    instructions.answer(by=self.office, request=row, text="同意你支部意见。寄送资料要有签收。")
                    known = "可以寄送学习资料（须签收），返乡后由支部组织补课并记入学时。"
                    instructions.make_known(by=self.office, request=row, matter="流动党员的学习", text=known)

    # ------------------------------------------------------------ liaison points and pairs
    def _liaison(self) -> None:
        """Three leaders; one has no point yet (R-01)."""
        leaders = (("罗晓岚", "县委书记", self.leader), ("田立新", "县委副书记", None), ("汪海燕", "县委常委", None))
        for number, (name, post, user) in enumerate(leaders):
            with clock.freeze(self._ago(45)):
                data = liaison.LeaderData(name, post, user=user)
                leader = liaison.add_leader(by=self.office, campaign=self.campaign, data=data)
            if number < 2:
                self._point(leader, self.under_way[number])

    def _point(self, leader: LiaisonLeader, unit: Unit) -> None:
        with clock.freeze(self._ago(40)):
            data = liaison.PointData(organization=self._again(unit).organization)
            point = liaison.set_point(
                by=self.office, leader=leader, batch=self.batch, data=data, from_date=clock.today()
            )
        with clock.freeze(self._ago(20)):
            seen = liaison.VisitData(
                held_on=clock.today(), what="lecture", topic="做合格的共产党员", findings="党员到会齐，讨论有实例。"
            )
            liaison.note_visit(by=self.office, point=point, data=seen)

    def _pairs(self) -> None:
        """Members of two branches with households, and what was brought (R-04, R-05)."""
        branches = [branch for unit in self.under_way[:2] for branch in unit.branches][:2]
        for number, branch in enumerate(branches):
            secretary = Post.objects.filter(organization=branch, role="branch_secretary").select_related("user").get()
            members = Member.objects.on_roll().filter(organization=branch, retired=False).order_by("pk")[:3]
            for turn, member in enumerate(members):
                with clock.freeze(self._ago(30 - turn)):
                    data = pairing.PairData(
                        kind="household",
                        from_date=clock.today(),
                        member=member,
                        household="farmer",
                        householder=("赵大山", "钱水根", "孙桂芳")[turn],
                        place=("青山村", "石桥村")[number],
                    )
                    found = pairing.pair(by=secretary.user, campaign=self.campaign, organization=branch, data=data)
                    given = pairing.EntryData(clock.today(), "money", "送去慰问金", value=Decimal(300))
                    pairing.note_help(by=secretary.user, pairing=found, data=given)
