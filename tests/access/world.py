"""Three units of one county and one of another, each with a piece of everything that a page can show."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.core.files.base import ContentFile
from django.test import Client

from accounts import clock
from accounts.models import Notification, User
from accounts.tests.factories import UserFactory
from assessments import actions as assessments
from assessments.actions import knowledge
from assessments.models import Commendation
from assessments.tests import judging
from assessments.tests.factories import survey_round
from campaign import actions as campaign_actions
from campaign.actions import model_members, public_ledger, rectification, standing_rules
from campaign.actions import rectification_plans as plans
from campaign.models import ActivityFile, ItemFile
from campaign.tests.factories import make_campaign, make_world, record
from jobs.models import Job
from reports import weeks
from reports.actions import bulletins, deadlines
from reports.actions import reports as report_actions
from reports.tests.factories import send, this_week, unit_rule
from supervision import actions as supervision
from supervision.actions.lectures import send_lecture
from supervision.tests.factories import OPEN_GATE, PARTS, fresh, set_gate, terms
from tests.access import groundwork
from tests.access.adoption import furnish_adoption
from tests.access.bodies import furnish_bodies
from tests.access.cards import furnish_cards
from tests.access.chain import furnish_chain
from tests.access.distribution import furnish_distribution
from tests.access.liaison import furnish_liaison
from tests.access.mails import furnish_mails
from tests.access.notes import furnish_notes
from tests.access.opinions import furnish as opinions_furnish
from tests.access.papers import furnish_papers
from tests.access.people import MEMBER, POSTED, ROLE_OF, SUPERVISOR, UNIT_BRANCH
from tests.access.poll_results import furnish_poll_results
from tests.access.polls import furnish_polls
from tests.access.publicity import furnish_publicity
from tests.access.roundtrip import sent_by
from tests.access.schedule import furnish_schedule
from tests.access.staff import furnish_staff
from tests.access.transitions import furnish_transitions
from tests.access.visits import furnish_visits
from units.models import Member, Organization, RosterImport
from units.tests.factories import MemberFactory, WorkUnitFactory, give_post, make_organization, user_with

# Marks in names: what carries one must not be read by whoever is not meant to.
FAR, ABROAD = "远庭", "邻县"
AT_BRANCH = {"branch_secretary", "branch_committee", "member"}
AT_UNIT = {"organization_secretary", "party_affairs_leader"}


class World:
    """The people by name with their signed-in sessions, their own things, and the places."""

    def __init__(self) -> None:
        w = make_world()
        set_gate(w, OPEN_GATE)
        w.hand = user_with("office_head", w.t.county, "hand", "丁一")
        self.group, self.group_member = _group(w, "第一督导组", w.t.health)
        self.people: dict[str, User] = {name: self._person(w, name) for name in sorted(POSTED)}
        self.people["outsider"] = w.c.outsider
        w.group, w.group_member = self.group, self.group_member
        w.bulletins = _bulletins(w)
        Member.objects.filter(organization=w.t.court_1).update(name=f"{FAR}党员")
        self.near = furnish(w, w.t.health, w.t.health_1, w.p.health)
        self.own = furnish(w, w.t.archives, w.t.archives, w.p.archives)
        self.far = furnish(w, w.t.court, w.t.court_1, w.p.court)
        self.abroad = _abroad()
        self.things = {name: _things(user) for name, user in self.people.items()}
        self.others = _things(w.hand)
        self._sessions = {name: _signed_in(user) for name, user in self.people.items()}

    def _person(self, w: Any, name: str) -> User:
        if name in SUPERVISOR:
            return self.group_member.user
        role = ROLE_OF[name]
        place = w.t.health_1 if role in AT_BRANCH else w.t.health if role in AT_UNIT else w.t.county
        user = user_with(role, w.t.archives if name in UNIT_BRANCH else place, f"as_{name}", f"某{name}")
        if name in MEMBER:
            Member.objects.filter(pk=w.t.members[place.code][1].pk).update(user=user)
        return user

    def place_of(self, name: str) -> SimpleNamespace:
        """The place in which a person works."""
        return self.own if name in UNIT_BRANCH else self.near

    def client(self, name: str) -> Client:
        """A browser in which the person is signed in; a fresh one each time, so that no request colours the next."""
        client = Client(raise_request_exception=True)
        if name in self._sessions:
            client.cookies["sessionid"] = self._sessions[name]
        return client


def _signed_in(user: User) -> str:
    client = Client()
    client.force_login(user)
    assert client.session[SESSION_KEY] == str(user.pk)
    return client.cookies["sessionid"].value


def _group(w: Any, name: str, organization: Organization) -> tuple[Any, Any]:
    group = supervision.create_group(by=w.hand, campaign=w.batch.campaign, name=name)
    supervision.assign(by=w.hand, group=group, organization=organization)
    user = UserFactory(name=f"{name}成员")
    return group, supervision.add_member(by=w.hand, group=group, user=user, head=True)


def _bulletins(w: Any) -> SimpleNamespace:
    """A draft, one that is issued, and one whose files are lacking."""

    def drafted(ago: int) -> Any:
        week = this_week() - ago * weeks.WEEK
        return bulletins.draft_bulletin(by=w.hand, batch=w.batch, week=week)

    def issued(ago: int) -> Any:
        found = drafted(ago)
        item = bulletins.add_item(by=w.hand, bulletin=found, title="动员大会召开", text="到会四十六人。")
        found.refresh_from_db()
        bulletins.choose_items(by=w.hand, bulletin=found, items=[item.pk])
        found.refresh_from_db()
        return bulletins.issue(by=w.hand, bulletin=found)

    made, bare = issued(2), issued(3)
    bulletins.keep_files(bulletin=made, docx=b"word", pdf=b"pdf")
    return SimpleNamespace(draft=drafted(1), issued=made, bare=bare)


def furnish(w: Any, unit: Organization, branch: Organization, participation: Any) -> SimpleNamespace:
    """A piece of everything at one unit, made by somebody who is none of those who ask."""
    p = SimpleNamespace(unit=unit, branch=branch, batch=w.batch, campaign=w.batch.campaign, bulletins=w.bulletins)
    p.group, p.group_member, p.assignment = w.group, w.group_member, w.group.assignments.get()
    p.participation, p.work_unit = fresh(participation), participation.work_unit
    p.member = Member.objects.filter(organization=branch).order_by("pk").first()
    p.closed = make_organization(f"{unit.name}旧支部", Organization.Kind.BRANCH, unit)
    Organization.objects.filter(pk=p.closed.pk).update(closed_on=clock.today())
    p.account = UserFactory(name=f"{branch.name}管理人")
    p.post = give_post(p.account, branch, "branch_committee")
    _roster(w, p)
    _work(w, p)
    _papers(w, p)
    _stage_one(w, p)
    _reports(w, p)
    furnish_adoption(w, p)
    furnish_chain(w, p)
    furnish_notes(w, p)
    _commendation(w, p)
    groundwork.furnish(w, p)
    opinions_furnish(w, p)
    _rectification(w, p)
    furnish_papers(w, p)
    judging.furnish(w, p)
    furnish_visits(w, p)
    furnish_liaison(w, p)
    furnish_staff(w, p)
    furnish_bodies(w, p)
    return p


def _roster(w: Any, p: SimpleNamespace) -> None:
    p.upload = RosterImport.objects.create(
        organization=p.unit,
        file=ContentFile(b"workbook", "roster.xlsx"),
        file_name="roster.xlsx",
        file_digest="0" * 64,
        marked=ContentFile(b"marked", "marked.xlsx"),
        uploaded_by=w.hand,
    )


def _work(w: Any, p: SimpleNamespace) -> None:
    p.activity = record(w, p.branch, by=w.hand, people=[p.member])
    p.file = ActivityFile.objects.create(
        activity=p.activity, file=ContentFile(b"minutes", "minutes.txt"), name="minutes.txt", size=7, added_by=w.hand
    )


def _papers(w: Any, p: SimpleNamespace) -> None:
    applicant = user_with("organization_secretary", p.unit)
    first, second, closing = w.playbook.instruments
    p.counted = survey_round(w, p.participation, first, by=w.hand)
    held = {"held_on": w.batch.starts_on, "place": "会议室", "organizer": "先教办"}
    p.counting = assessments.open_round(by=w.hand, participation=p.participation, instrument=second, **held)
    confirms = user_with("office_general", w.t.county)
    p.poor = survey_round(w, p.participation, closing, by=w.hand, confirmed_by=confirms, adverse=40)
    furnish_poll_results(w, p)
    furnish_polls(w, p)
    furnish_distribution(w, p)
    p.transition = supervision.apply(by=applicant, participation=p.participation, parts=PARTS)
    furnish_transitions(w, p)
    furnish_publicity(w, p)
    furnish_schedule(w, p)
    p.makeup = supervision.order_makeup(
        by=w.hand,
        participation=p.participation,
        terms=terms(p.unit),
        reason="抽查发现学习走了过场。",
        trigger="spot_check",
    )
    p.item = p.makeup.items.first()
    furnish_cards(w, p)
    draft = {"title": "党课", "lecturer": "某局长", "text": "讲稿。"}
    p.lecture = send_lecture(by=w.hand, participation=p.participation, **draft)


def _stage_one(w: Any, p: SimpleNamespace) -> None:
    """Reading, an essay with its file, and knowledge tests; the attempt belongs to the branch's second member."""
    p.reading_title = campaign_actions.add_title(by=w.hand, batch=w.batch, name=f"读本{p.branch.pk}")
    essay = {"title": "学习心得", "text": "正文。", "file": ContentFile(b"essay", "essay.pdf")}
    p.essay = campaign_actions.hand_in(
        by=w.hand, batch=w.batch, member=p.member, action="essay_contest", done_on=clock.today(), **essay
    )
    p.bank = knowledge.open_bank(by=w.hand, organization=p.branch, name="题库")
    data = knowledge.QuestionData(1, "boolean", "预备党员有选举权。", (), "F")
    p.bank_import = knowledge.keep_import(by=w.hand, bank=p.bank, file_name="题库.xlsx", rows=[data])
    p.question = knowledge.save_question(by=w.hand, bank=p.bank, data=data, active=True)
    window = {"opens_at": clock.now() - dt.timedelta(1), "closes_at": clock.now() + dt.timedelta(1)}
    paper = knowledge.TestTerms(title="笔试", mode="paper", **window)
    online = knowledge.TestTerms(title="网上测试", mode="online", bank=p.bank, booleans=1, minutes=30, **window)
    given = {"by": w.hand, "batch": w.batch, "organization": p.branch}
    p.paper_test, p.online_test = (knowledge.open_test(**given, terms=terms) for terms in (paper, online))
    taker = Member.objects.filter(organization=p.branch).order_by("pk")[1]
    p.attempt = knowledge.begin_attempt(by=w.hand, test=p.online_test, member=taker)


def _commendation(w: Any, p: SimpleNamespace) -> None:
    p.commendation = Commendation.objects.create(
        batch=w.batch, list_key="members", organization=p.branch, member=p.member, merits="带头整改", proposed_by=w.hand
    )


def _reports(w: Any, p: SimpleNamespace) -> None:
    p.rule, p.week = unit_rule(w).key, this_week()
    p.sent = send(p.participation, unit_rule(w), w.hand)
    before = p.week - weeks.WEEK
    p.draft = report_actions.open_report(by=w.hand, reporter=p.participation, rule=unit_rule(w), week=before)
    deadlines.grant_exception(
        by=w.hand,
        reporters=[p.participation],
        rule=unit_rule(w),
        weeks=[p.week - 2 * weeks.WEEK],
        due_at=None,
        reason="集中抗旱",
    )
    p.exception = p.participation.report_exceptions.get()


def _rectification(w: Any, p: SimpleNamespace) -> None:
    """A ledger with an item and its proof, plans on notice, a public page, a standing rule."""
    data = rectification.ItemData(problem="排队太久", kind="immediate", responsible_name="办公室", public=True)
    here = {"batch": w.batch, "organization": p.branch}
    p.rectification = rectification.register_item(by=w.hand, stage="study", data=data, **here)
    note = rectification.note_progress(by=w.hand, item=p.rectification, text="已增设窗口")
    p.proof = ItemFile.objects.create(note=note, file=ContentFile(b"minutes", "proof.txt"), name="proof.txt", size=7)
    plan = {"by": w.hand, **here, "contents": "改进作风", "measures": "每周走访"}
    p.plan = plans.write_plan(owner="organization", **plan)
    plans.show_plan(by=w.hand, plan=p.plan)
    p.notice = p.plan.notice
    p.member_plan = plans.write_plan(owner="member", member=p.member, **plan)
    p.ledger = public_ledger.publish_ledger(by=w.hand, commitment="限期整改", **here)
    day = w.batch.starts_on
    rule = standing_rules.RuleData(title="学习制度", kind="issued", dated=day)
    p.standing_rule = standing_rules.enter_rule(by=w.hand, data=rule, file=ContentFile(b"rule", "rule.pdf"), **here)
    told = model_members.DeedData(member=p.member, title="雨夜抢修", deed="连夜抢修泵站。", put_up_by="党支部")
    p.model_deed = model_members.enter_deed(by=w.hand, batch=w.batch, data=told)


def _abroad() -> SimpleNamespace:
    """Another county on the same server, with its own tree and campaign."""
    kind, w = Organization.Kind, SimpleNamespace(t=SimpleNamespace(), c=SimpleNamespace(), p=SimpleNamespace())
    w.t.county = make_organization(f"中共{ABROAD}委员会", kind.COUNTY_COMMITTEE)
    unit = make_organization(f"{ABROAD}水利局党委", kind.COMMITTEE, w.t.county)
    branch = make_organization(f"{ABROAD}水利局第一党支部", kind.BRANCH, unit)
    work_unit = WorkUnitFactory(name=f"{ABROAD}水利局")
    work_unit.organizations.set([unit, branch])
    MemberFactory.create_batch(2, organization=branch, work_unit=work_unit, name=f"{ABROAD}党员")
    w.hand = w.c.office = user_with("office_head", w.t.county, "abroad", f"{ABROAD}主任")
    w.batch = make_campaign(w.t, w.hand)
    set_gate(w, OPEN_GATE)
    participation = campaign_actions.add_participation(by=w.hand, batch=w.batch, organization=unit, work_unit=work_unit)
    campaign_actions.start(by=w.hand, participation=participation, on=w.batch.starts_on)
    w.group, w.group_member = _group(w, f"{ABROAD}督导组", unit)
    w.bulletins = _bulletins(w)
    return furnish(w, unit, branch, participation)


def _things(user: User) -> SimpleNamespace:
    """What is a person's own: a finished job with its file, a line in the inbox, a workbook sent back."""
    job = Job.objects.create(
        kind="roster.export",
        args={},
        owner=user,
        state=Job.State.DONE,
        result=ContentFile(b"export", "export.xlsx"),
        result_name="export.xlsx",
        finished_at=clock.now(),
    )
    note = Notification.objects.create(user=user, message="The result is confirmed.", url="/")
    things = SimpleNamespace(job=job, note=note, sent=sent_by(user))
    furnish_mails(user, things)
    return things
