"""Preparation, special arrangements and the census: actions, rules and pages (A-14, A-16, A-17, D-19, group T)."""

import dataclasses
import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from campaign import actions, preparing
from campaign import census as figures
from campaign.actions import arrangements, census
from campaign.actions import preparation as prepare
from campaign.models import (
    Arrangement,
    ArrangementProposal,
    CensusCase,
    CensusSheet,
    Participation,
    PreparationTick,
    Training,
    UnitPlan,
)
from campaign.playbook import Text
from campaign.playbook.deeds import Preparation
from campaign.playbook.work import Item
from campaign.tests.factories import evidence_of, make_world
from units.models import Member
from units.tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
ITEMS = (Item("census", Text("调查摸底", "Census")), Item("plan", Text("活动方案", "Plan")))
CONTENTS = (Item("problems", Text("突出问题", "Problems")), Item("stages", Text("各阶段工作", "Stages")))


def with_rules(monkeypatch, *, required=False, contents=CONTENTS):
    rules = preparing.Rules(ITEMS, contents, required)
    monkeypatch.setattr(preparing, "rules_of", lambda playbook: rules)


@pytest.fixture
def w(monkeypatch):
    with_rules(monkeypatch)
    return make_world(started=False)


@pytest.fixture
def begun():
    return make_world()


def url(name, *args):
    return reverse(f"campaign:{name}", args=args)


def loaded(participation):
    return Participation.objects.select_related("organization", "batch__campaign").get(pk=participation.pk)


def prepared(w, participation):
    for item in ITEMS:
        prepare.tick_preparation(by=w.c.office, participation=participation, item=item.key, done_on=clock.today())
    plan = prepare.write_plan(
        by=w.c.office, participation=participation, contents={"problems": "甲", "stages": "乙"}, version=0
    )
    prepare.submit_plan(by=w.c.secretary, plan=plan, required=["problems", "stages"])
    plan.refresh_from_db()
    prepare.decide_plan(by=w.c.office, plan=plan, agree=True)


# ---------------------------------------------------------------- preparation
def test_a_playbook_says_what_is_asked_and_without_it_nothing_is():
    book = make_world(started=False).playbook
    asked = dataclasses.replace(book, preparation=Preparation(ITEMS, CONTENTS, True))
    rules = preparing.rules_of(asked)
    assert ([i.key for i in rules.items], [i.key for i in rules.contents], rules.hard) == (
        ["census", "plan"],
        ["problems", "stages"],
        True,
    )
    assert not preparing.rules_of(dataclasses.replace(book, preparation=Preparation()))


def test_readiness_counts_ticks_and_the_agreed_plan(w):
    unit = loaded(w.p.health)
    assert (preparing.readiness(unit).done_count, preparing.readiness(unit).all_count) == (0, 3)
    prepared(w, unit)
    assert preparing.readiness(unit).complete


def test_readiness_takes_the_same_queries_for_one_and_three(w, django_assert_num_queries):
    units = [loaded(p) for p in (w.p.archives, w.p.court, w.p.health)]
    for some in (units[:1], units):
        with django_assert_num_queries(2):
            preparing.readinesses(some)


def test_a_unit_is_held_back_only_where_the_playbook_says_so(w, monkeypatch):
    actions.begin(by=w.c.office, participation=loaded(w.p.court), on=clock.today())
    with_rules(monkeypatch, required=True)
    with pytest.raises(actions.NotPrepared):
        actions.begin(by=w.c.office, participation=loaded(w.p.health), on=clock.today())
    assert Participation.objects.get(pk=w.p.health.pk).state == "preparing"
    assert actions.begin_all(by=w.c.office, batch=w.batch, on=clock.today()) == 0
    prepared(w, w.p.health)
    actions.begin(by=w.c.office, participation=loaded(w.p.health), on=clock.today())
    assert Participation.objects.get(pk=w.p.health.pk).state == "active"


def test_a_tick_is_kept_once_and_is_history_once_the_unit_has_begun(w):
    for note in ("初稿", "定稿"):
        prepare.tick_preparation(
            by=w.c.secretary, participation=w.p.health, item="plan", done_on=clock.today(), note=note
        )
    assert PreparationTick.objects.get().note == "定稿"
    actions.start(by=w.c.office, participation=w.p.health)
    with pytest.raises(prepare.HasStarted):
        prepare.untick_preparation(by=w.c.secretary, participation=w.p.health, item="plan")


def test_the_secretary_ticks_with_a_paper_and_takes_it_back(w, client, django_capture_on_commit_callbacks):
    client.force_login(w.c.secretary)
    paper = SimpleUploadedFile("a.pdf", b"%PDF-1.4 x", "application/pdf")
    place = url("preparation_tick", w.t.health.pk, "census")
    sent = {"census-done_on": clock.today().isoformat(), "census-note": "已排查", "census-file": paper}
    assert client.post(place, sent).status_code == 302
    tick = PreparationTick.objects.get()
    assert (tick.note, tick.file_name) == ("已排查", "a.pdf")
    assert client.get(url("preparation_file", tick.pk)).status_code == 200
    late = client.post(place, {"census-done_on": "2099-01-01"})
    assert late.status_code == 422
    assert client.post(url("preparation_tick", w.t.health.pk, "no-such"), sent).status_code == 404
    with django_capture_on_commit_callbacks(execute=True):
        client.post(place, {"undo": "1"})
    assert not PreparationTick.objects.exists()


def test_the_plan_goes_from_draft_to_the_office_and_back(w, client):
    client.force_login(w.c.secretary)
    page = url("unit_plan", w.p.health.pk)
    client.post(page, {"version": 0, "text_problems": "作风", "text_stages": ""})
    short = client.post(page, {"version": 1, "text_problems": "作风", "text_stages": "", "submit": "1"})
    assert "text_stages" in short.context["form"].errors
    version = short.context["form"]["version"].value()
    client.post(page, {"version": version, "text_problems": "作风", "text_stages": "三步", "submit": "1"})
    assert UnitPlan.objects.get().state == "submitted"
    assert client.post(url("unit_plan_decide", w.p.health.pk), {"agree": "1"}).status_code == 403
    client.force_login(w.c.office)
    assert client.post(url("unit_plan_decide", w.p.health.pk), {"return": "1"}).context["decision"].errors
    client.post(url("unit_plan_decide", w.p.health.pk), {"return": "1", "remark": "不够具体"})
    assert (UnitPlan.objects.get().state, UnitPlan.objects.get().remark) == ("returned", "不够具体")


def test_a_plan_that_another_has_saved_is_not_overwritten(w):
    first = prepare.write_plan(by=w.c.secretary, participation=w.p.health, contents={"problems": "一"}, version=0)
    prepare.write_plan(by=w.c.office, participation=w.p.health, contents={"problems": "二"}, version=first.version)
    for version in (0, first.version):
        with pytest.raises(prepare.PlanMoved):
            prepare.write_plan(by=w.c.secretary, participation=w.p.health, contents={"problems": "三"}, version=version)
    assert UnitPlan.objects.get().contents == {"problems": "二"}


def test_a_training_counts_its_trainees_by_post(w, client):
    client.force_login(w.c.secretary)
    sent = {"title": "骨干培训", "held_on": clock.today().isoformat(), "level": "organization"}
    assert client.post(url("training_new", w.t.health.pk), sent).context["form"].errors
    client.post(url("training_new", w.t.health.pk), sent | {"n_secretary": "2", "n_branch_secretary": "5"})
    training = Training.objects.get()
    assert (training.count, training.trainees) == (7, {"secretary": 2, "branch_secretary": 5})
    assert "骨干培训" in client.get(url("preparation", w.t.health.pk)).content.decode()


def test_the_branch_page_of_a_preparing_unit_shows_its_checklist(w, client):
    client.force_login(w.c.branch)
    answer = client.get(url("branch", w.t.health_1.pk))
    assert [line.done for line in answer.context["ready"].lines] == [False, False]
    assert url("preparation", w.t.health_1.pk) + "#census" in answer.content.decode()
    client.force_login(w.c.office)
    rows = client.get(url("participations")).context["rows"]
    assert {(row["ready"].done_count, row["ready"].all_count) for row in rows} == {(0, 3)}
    page = client.get(url("participation", w.p.health.pk))
    assert url("preparation", w.t.health.pk) in page.content.decode()
    assert page.context["ready"].plan_missing


# ---------------------------------------------------------------- special arrangements
def propose(w, people=None):
    members = people or w.t.members["Z003"][:2]
    return arrangements.propose_arrangement(
        by=w.c.secretary, batch=w.batch, organization=w.t.health, members=members, reason="年老体弱", arrangement="送学"
    )


def test_consent_makes_the_arrangements_that_the_evidence_reads(begun):
    proposal = propose(begun)
    assert not any(member.arranged for member in evidence_of(begun.p.health).roll)
    arrangements.decide_arrangement(by=begun.c.leader, proposal=proposal, approve=True)
    assert sum(member.arranged for member in evidence_of(begun.p.health).roll) == 2
    assert {row.approved_by_id for row in Arrangement.objects.all()} == {begun.c.leader.pk}


def test_the_first_decision_stands(begun):
    proposal = propose(begun)
    arrangements.decide_arrangement(by=begun.c.leader, proposal=proposal, approve=False, remark="不属特殊情况")
    with pytest.raises(arrangements.ProposalMoved):
        arrangements.decide_arrangement(by=begun.c.office, proposal=proposal, approve=True)
    with pytest.raises(arrangements.ProposalMoved):
        arrangements.withdraw_arrangement(by=begun.c.secretary, proposal=proposal)
    assert not Arrangement.objects.exists()
    assert ArrangementProposal.objects.get().state == "refused"


def test_nobody_is_proposed_twice(begun):
    propose(begun)
    with pytest.raises(arrangements.ArrangedAlready) as fault:
        propose(begun)
    assert fault.value.names == [member.name for member in begun.t.members["Z003"][:2]]


def test_the_level_above_decides_on_the_page(begun, client):
    w = begun
    client.force_login(w.c.secretary)
    members = [member.pk for member in w.t.members["Z003"]]
    sent = {"members": members, "reason": "年老体弱", "arrangement": "送学上门"}
    answer = client.post(url("arrangement_new", w.t.health.pk), sent)
    one = ArrangementProposal.objects.get()
    assert (answer.url, one.members.count()) == (url("arrangement", one.pk), 3)
    assert "already" not in client.get(answer.url).content.decode()
    assert client.post(url("arrangement_decide", one.pk), {"approve": "1"}).status_code == 403
    client.force_login(w.c.archives)
    assert client.get(url("arrangement", one.pk)).status_code == 404
    client.force_login(w.c.office)
    assert client.get(url("arrangements_waiting")).context["waiting"] == 1
    assert client.post(url("arrangement_decide", one.pk), {"refuse": "1"}).context["form"].errors
    client.post(url("arrangement_decide", one.pk), {"approve": "1"})
    assert Arrangement.objects.count() == 3


# ---------------------------------------------------------------- the census
def sheet(w, organization, **data):
    said = census.SheetData(**{"condition": "sound", **data})
    return census.fill_sheet(by=w.c.office, batch=w.batch, organization=organization, data=said, version=0)


def test_each_problem_becomes_one_case_and_saving_again_adds_none(begun):
    w = begun
    made = sheet(
        w, w.t.health_1, condition="weak", secretary_fit=False, hindering="人心散\n\n无场地", to_solve="看病难"
    )
    assert CensusCase.objects.count() == 5
    data = census.SheetData(condition="paralysed", secretary_fit=False, hindering="人心散\n经费少", to_solve="看病难")
    census.fill_sheet(by=w.c.office, batch=w.batch, organization=w.t.health_1, data=data, version=made.version)
    assert set(CensusCase.objects.filter(kind="hindering").values_list("problem", flat=True)) == {
        "人心散",
        "无场地",
        "经费少",
    }
    assert CensusCase.objects.count() == 6
    with pytest.raises(census.SheetChanged):
        census.fill_sheet(by=w.c.office, batch=w.batch, organization=w.t.health_1, data=data, version=1)


def test_totals_equal_their_parts_and_the_queries_do_not_grow(begun, django_assert_num_queries):
    w = begun
    member = w.t.members["Z003"][0]
    with django_assert_num_queries(7):
        figures.census_of(w.batch, w.t.county)
    sheet(w, w.t.health_1, condition="weak", secretary_fit=False, hindering="甲\n乙")
    sheet(w, w.t.archives)
    away = census.MemberData(floating=True, where_now="广东", holds_card=True, reachable=False)
    census.record_member_census(by=w.c.office, batch=w.batch, member=member, data=away, version=0)
    lost = census.MemberData(problem="lost")
    census.record_member_census(by=w.c.office, batch=w.batch, member=w.t.members["Z001"][0], data=lost, version=0)
    MemberFactory.create_batch(5, organization=w.t.court_1)
    with django_assert_num_queries(7):
        found = figures.census_of(w.batch, w.t.county)
    for rows in (found.by_type, found.by_organization):
        total = figures.Figures()
        for row in rows:
            total.add(row.figures)
        assert total == found.total
    t = found.total
    assert (t.organizations, t.members, t.sheets, t.weak, t.sound, t.unfit) == (8, 17, 2, 1, 1, 1)
    assert (t.hindering, t.floating, t.holds_card, t.unreachable, t.lost, t.open_cases) == (2, 1, 1, 1, 1, 6)


def test_the_unreachable_are_named_only_to_who_sees_members(begun, client):
    w = begun
    member = w.t.members["Z003"][0]
    Member.objects.filter(pk=member.pk).update(name="石远行")
    away = census.MemberData(floating=True, reachable=False)
    census.record_member_census(by=w.c.office, batch=w.batch, member=member, data=away, version=0)
    client.force_login(w.c.office)
    page = client.get(url("census"))
    assert "石远行" in page.content.decode()
    client.force_login(w.c.archives)
    assert "石远行" not in client.get(url("census")).content.decode()
    case = CensusCase.objects.get()
    assert client.get(url("census_case", case.pk)).status_code == 404


def test_a_case_is_worked_on_closed_and_opened_again(begun, client):
    w = begun
    sheet(w, w.t.health_1, hindering="无场地")
    case = CensusCase.objects.get()
    client.force_login(w.c.branch)
    page = url("census_case", case.pk)
    late = (clock.today() - dt.timedelta(days=1)).isoformat()
    client.post(page, {"version": 1, "measure": "借用会议室", "responsible": "何秀芝", "deadline": late})
    case.refresh_from_db()
    assert (case.measure, case.late, case.version) == ("借用会议室", True, 2)
    stale = {"version": 1, "state": "solved", "outcome": "已解决"}
    client.post(url("census_case_close", case.pk), stale)
    case.refresh_from_db()
    assert case.state == "open"
    client.post(url("census_case_close", case.pk), stale | {"version": 2})
    case.refresh_from_db()
    assert (case.state, case.closed_by_id) == ("solved", w.c.branch.pk)
    client.post(url("census_case_close", case.pk), {"reopen": "1"})
    case.refresh_from_db()
    assert case.state == "open"
    assert AuditEntry.objects.filter(action__startswith="census.case").count() == 4


def test_the_pages_of_the_census(begun, client):
    w = begun
    client.force_login(w.c.secretary)
    assert client.get(url("census_organization", w.t.health.pk)).status_code == 200
    sent = {"version": 0, "condition": "incomplete", "secretary_fit": "no", "hindering": "班子不齐", "to_solve": ""}
    client.post(url("census_sheet", w.t.health_1.pk), sent)
    found = CensusSheet.objects.get()
    assert (found.organization_id, found.condition, found.secretary_fit) == (w.t.health_1.pk, "incomplete", False)
    member = w.t.members["Z003"][0]
    client.post(url("census_member", member.pk), {"seen": 0, "floating": "on", "where_now": "广东", "problem": ""})
    assert client.get(url("census_organization", w.t.health_1.pk)).context["members"][0].where_now == "广东"
    assert client.get(url("census"), {"within": w.t.work.pk}).status_code == 404
    book = client.get(url("census_export"))
    assert book.status_code == 200
    assert book.content[:2] == b"PK"
    long = client.post(url("census_sheet", w.t.health_1.pk), sent | {"version": 1, "hindering": "长" * 301})
    assert "hindering" in long.context["form"].errors


def test_who_waits_for_a_decision_is_told(begun, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        propose(begun)
    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told == {"office", "general", "leader"}
