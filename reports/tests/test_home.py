"""Which home page whom receives, and what the pages of supervision, branch, administration and member show."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.tests.factories import UserFactory
from assessments.models import SelfAnalysis
from assessments.tests.factories import drafted, handed_in
from assessments.tests.judging import appraise
from campaign.models import ReadingTick, ReadingTitle, RectificationItem, StageProgress
from campaign.tests.factories import make_world, record
from reports.home import homes_of
from reports.queries.home import groups
from reports.queries.home import record as own_record
from supervision.tests.factories import applied, make_supervised_world, ordered
from units import access
from units.actions import transfer_member
from units.models import Member, Organization
from units.tests.factories import give_post, make_cast, make_tree

pytestmark = pytest.mark.django_db

PAGES = {
    "office": "office",
    "general": "office",
    "leader": "office",
    "supervisor": "supervision",
    "secretary": "branch",
    "branch": "branch",
    "committee": "branch",
    "archives": "branch",
    "sysadmin": "admin",
    "secadmin": "admin",
    "auditor": "admin",
    "member": "member",
    "outsider": "no_post",
}


@pytest.fixture
def world():
    return make_world()


def page(client, user, **query):
    client.force_login(user)
    return client.get(reverse("home"), query)


def text_of(client, user, **query):
    return page(client, user, **query).content.decode()


# ---------------------------------------------------------------- whose page
@pytest.mark.parametrize(("name", "expected"), PAGES.items())
@pytest.mark.parametrize("started", [True, False])
def test_each_role_has_its_page(client, name, expected, started):
    w = make_world(started=started)
    answer = page(client, getattr(w.c, name))
    assert answer.status_code == 200
    assert answer.templates[0].name == f"reports/home/{expected}.html"


@pytest.mark.parametrize("name", PAGES)
def test_every_page_stands_before_there_is_a_campaign(client, name):
    c = make_cast(make_tree())
    assert page(client, getattr(c, name)).status_code == 200


def test_strangers_are_sent_to_the_sign_in(client):
    assert client.get(reverse("home")).status_code == 302


def test_who_has_several_pages_starts_on_the_first_role_and_may_choose(client, world):
    give_post(world.c.supervisor, world.t.archives, "branch_secretary")
    assert homes_of(User.objects.get(pk=world.c.supervisor.pk)) == ["supervision", "branch"]
    assert page(client, world.c.supervisor).templates[0].name == "reports/home/supervision.html"
    answer = page(client, world.c.supervisor, view="branch")
    assert answer.templates[0].name == "reports/home/branch.html"
    assert answer.context["organization"] == world.t.archives
    assert page(client, world.c.supervisor, view="office").templates[0].name == "reports/home/supervision.html"


def test_an_ended_post_gives_no_page(client, world):
    world.c.supervisor.posts.update(to_date=clock.today() - dt.timedelta(days=1))
    assert page(client, world.c.supervisor).templates[0].name == "reports/home/no_post.html"


def test_without_a_post_one_reads_whom_to_ask_and_nothing_else(client, world):
    text = text_of(client, world.c.outsider)
    assert "您还没有职务" in text
    assert "outsider" in text
    assert world.t.county.name not in text


def test_the_first_start_leads_to_the_roster(client):
    founder = UserFactory(username="root", is_superuser=True)
    text = text_of(client, founder)
    assert reverse("units:roster_import") in text
    assert "从这里开始" in text


# ---------------------------------------------------------------- supervision
def test_a_group_sees_its_units_and_no_other(world):
    rows = groups.reach_of(world.c.supervisor, world.batch).rows
    assert [row.unit.name for row in rows] == ["县卫生局"]


def test_what_is_open_with_a_unit_is_shown(client):
    w = make_supervised_world()
    transition, order = applied(w), ordered(w, name="court")
    record(w, w.t.health_1, days_ago=3)
    record(w, w.t.health_2, days_ago=5)
    rows = {row.unit.name: row for row in groups.reach_of(w.c.guide, w.batch).rows}
    assert rows["县卫生局"].transition == transition
    assert rows["县卫生局"].activity == clock.today() - dt.timedelta(days=3)
    assert rows["县法院"].makeup == order
    assert rows["县档案局"].activity is None
    text = text_of(client, w.c.guide)
    assert reverse("supervision:transition", args=[transition.pk]) in text
    assert reverse("supervision:makeup", args=[order.pk]) in text
    assert "第三督导组" in text


def test_overdue_units_come_first():
    w = make_supervised_world()
    end = clock.today() - dt.timedelta(days=6)
    StageProgress.objects.filter(participation=w.p.health, state="current").update(
        planned_start=end - dt.timedelta(days=9), planned_end=end
    )
    reach = groups.reach_of(w.c.guide, w.batch)
    assert reach.rows[0].unit.name == "县卫生局"
    assert reach.rows[0].days == -6
    assert reach.late_count == 1


def test_an_assignment_inside_a_unit_shows_the_unit_that_governs_it(world):
    inner = UserFactory()
    give_post(inner, world.t.health_1, "supervisor")
    assert [row.unit.name for row in groups.reach_of(inner, world.batch).rows] == ["县卫生局"]


def test_a_groups_page_costs_the_same_for_one_unit_and_three(client):
    w = make_supervised_world()
    one = UserFactory()
    give_post(one, w.t.archives, "supervisor")
    counts = []
    for user in (one, w.c.guide):
        access.posts_of(user)
        with CaptureQueriesContext(connection) as queries:
            groups.reach_of(user, w.batch)
        counts.append(len(queries))
    assert counts[0] == counts[1]


# ---------------------------------------------------------------- branch
def test_the_secretary_sees_what_is_due_on_the_own_organisations_page(client, world):
    record(world, world.t.archives, title="支部党员大会", hours=2)
    answer = page(client, world.c.archives)
    assert answer.context["organization"] == world.t.archives
    assert answer.context["todo"]
    text = answer.content.decode()
    assert "蒋雪同志" in text
    assert str(answer.context["todo"][0]["title"]) in text


def test_the_page_keeps_its_one_red_action(client, world):
    assert not any(item["primary"] for item in page(client, world.c.archives).context["todo"])


def test_who_looks_after_several_organisations_chooses(client, world):
    give_post(world.c.branch, world.t.health_2, "branch_secretary")
    first = page(client, world.c.branch)
    assert first.context["organization"] == world.t.health_1
    assert world.t.health_2.name in first.content.decode()
    chosen = page(client, world.c.branch, view="branch", at=world.t.health_2.pk)
    assert chosen.context["organization"] == world.t.health_2


def test_another_organisation_cannot_be_chosen(client, world):
    for forged in (world.t.archives.pk, "x", 10**9):
        assert page(client, world.c.branch, view="branch", at=forged).context["organization"] == world.t.health_1


# ---------------------------------------------------------------- administration
def test_the_system_administrator_sees_accounts_and_nothing_of_the_campaign(client, world):
    text = text_of(client, world.c.sysadmin)
    assert "账号总数" in text
    for name in ("县卫生局", "党员0", "学习动员", "现任职务", "最近的操作"):
        assert name not in text


def test_the_security_administrator_sees_posts(client, world):
    answer = page(client, world.c.secadmin)
    assert answer.context["desk"].accounts is None
    assert answer.context["desk"].posts["without"] == Organization.objects.count() - 1 - 3


def test_the_auditor_reads_what_happened_last(client, world):
    answer = page(client, world.c.auditor)
    assert answer.context["desk"].history["all"] == answer.context["desk"].history["today"] > 0
    assert "最近的操作" in answer.content.decode()
    assert "启动第一阶段" in answer.content.decode()


# ---------------------------------------------------------------- member
def test_a_member_sees_his_own_record_and_nobody_elses(client, world):
    mine, *others = world.t.members["Z003"]
    record(world, world.t.health_1, title="专题党课", hours=3, people=[mine, *others])
    record(world, world.t.health_1, title="没有我的会", hours=2, people=others)
    answer = page(client, world.c.member)
    own = answer.context["own"]
    assert (own.member, own.hours, own.hours_short) == (mine, 3, own.hours_need - 3)
    text = answer.content.decode()
    assert "专题党课" in text
    assert "没有我的会" not in text
    for other in others:
        assert f">{other.name}<" not in text


def test_after_a_transfer_the_roll_decides_where_a_member_counts(world):
    mine = world.t.members["Z003"][0]
    transfer_member(by=world.c.office, member=mine, to=world.t.archives, on=clock.today(), reason="调动")
    found = own_record.record_of(Member.objects.get(pk=mine.pk))
    assert found.participation == world.p.health


def test_sessions_too_short_to_count_are_listed_and_give_no_hours(client, world):
    mine = world.t.members["Z003"][0]
    record(world, world.t.health_1, title="读报半小时", hours="0.5", people=[mine])
    answer = page(client, world.c.member)
    assert answer.context["own"].hours == 0
    assert "读报半小时" in answer.content.decode()


def test_a_members_post_without_an_entry_in_the_roster_says_whom_to_ask(client, world):
    Member.objects.filter(user=world.c.member).update(user=None)
    assert "名册里还没有对应到您" in text_of(client, world.c.member)


def cards(client, world):
    """The way to each piece of one's own work, by its address."""
    found = page(client, world.c.member).context["cards"]
    return {card.url: card for card in found}


def test_a_member_finds_the_way_to_all_his_own_work(client, world):
    found = cards(client, world)
    names = ["assessments:my_paper", "assessments:exams", "campaign:own_reading", "assessments:my_papers"]
    assert {reverse(name) for name in [*names, "campaign:my_plan", "campaign:my_talks"]} <= set(found)
    assert not any(card.sign == "ok" for card in found.values())
    client.force_login(world.c.member)
    assert {client.get(url).status_code for url in found} == {200}


def test_where_ones_own_work_stands_follows_the_records(client, world):
    mine, other = world.t.members["Z003"][:2]
    title = ReadingTitle.objects.create(batch=world.batch, name="党章")
    handed_in(world, mine, by=world.c.member, participation=world.p.health)
    appraise(world, mine, by=world.c.branch)
    RectificationItem.objects.create(
        batch=world.batch, organization=world.t.health_1, stage="study", problem="窗口排队", kind="at_once",
        responsible_member=mine, deadline=clock.today() - dt.timedelta(days=1),
    )  # fmt: skip
    ReadingTick.objects.create(title=title, member=other, done_on=clock.today())
    found = cards(client, world)
    assert not found[reverse("assessments:my_paper")].asks
    assert "待审查" in found[reverse("assessments:my_paper")].state
    assert found[reverse("assessments:my_papers")].asks
    assert found[reverse("campaign:own_reading")].state == "已读0 / 1"
    item = RectificationItem.objects.get()
    assert found[reverse("campaign:rectification_item", args=[item.pk])].sign == "late"
    ReadingTick.objects.create(title=title, member=mine, done_on=clock.today())
    assert cards(client, world)[reverse("campaign:own_reading")].sign == "ok"


def test_a_returned_paper_asks_for_a_rewrite_before_all_else(client, world):
    paper = drafted(world, world.t.members["Z003"][0], by=world.c.member)
    SelfAnalysis.objects.filter(pk=paper.pk).update(state="returned")
    first = page(client, world.c.member).context["cards"][0]
    assert (first.url, first.asks, first.sign) == (reverse("assessments:my_paper"), True, "late")


def test_a_secretary_on_the_roster_has_an_own_record_too(client, world):
    Member.objects.filter(pk=world.t.members["Z001"][0].pk).update(user=world.c.archives)
    assert page(client, world.c.archives, view="member").templates[0].name == "reports/home/member.html"


def test_a_members_page_costs_the_same_for_one_activity_and_three(client, world):
    mine = world.t.members["Z003"][0]
    page(client, world.c.member)
    counts = []
    for _round in range(2):
        record(world, world.t.health_1, hours=2, people=[mine])
        record(world, world.t.health_1, hours=2, people=[mine])
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("home"))
        counts.append(len(queries))
    assert counts[0] == counts[1]
