"""The search of the top bar: what it finds, what it keeps to itself, what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.tests.factories import make_world, record
from reports.actions import bulletins
from reports.actions import reports as report_actions
from reports.models import Bulletin
from reports.queries import search
from reports.tests.factories import send, this_week, unit_rule
from units import access
from units.actions import create_organization
from units.models import Member, Organization
from units.pinyin import person as pinyin_of
from units.tests.factories import MemberFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    w = make_world()
    for member, name in zip(w.t.members["Z003"], ("张淑芬", "赵四海", "李小龙"), strict=True):
        pinyin, initials = pinyin_of(name)
        Member.objects.filter(pk=member.pk).update(name=name, pinyin=pinyin, initials=initials)
    return w


def titles(user, text):
    return {str(group.title): [hit.title for hit in group.hits] for group in search.search(user, text)}


# ---------------------------------------------------------------- what is found
@pytest.mark.parametrize("typed", ["zs", "ZS", "zhangshu"])
def test_people_are_found_by_initials_and_spelling(world, typed):
    assert "张淑芬" in titles(world.c.office, typed)["党员"]
    assert "李小龙" not in titles(world.c.office, typed)["党员"]


def test_a_branch_finds_the_branch_and_not_its_members(world):
    found = titles(world.c.office, "卫生局第一")
    assert found["党组织"] == ["县卫生局第一党支部"]
    assert "党员" not in found


def test_units_reports_and_activities_are_found_by_name(world):
    record(world, world.t.health_1, title="卫生系统专题党课")
    report = send(world.p.health, unit_rule(world), world.c.secretary)
    found = titles(world.c.office, "卫生")
    assert found["单位"] == ["县卫生局"]
    assert found["活动与学习"] == ["卫生系统专题党课"]
    assert len(found["周报"]) == 1
    (group,) = [g for g in search.search(world.c.office, "卫生") if g.icon == "calendar-week"]
    assert group.hits[0].url == reverse("reports:report", args=[report.pk])


@pytest.mark.parametrize("typed", ["3", "第3期", "第 3 期", "督导见实效"])
def test_bulletins_are_found_by_number_and_by_title(world, typed):
    draft = bulletins.draft_bulletin(by=world.c.office, batch=world.batch, week=this_week())
    item = bulletins.add_item(by=world.c.office, bulletin=draft, title="督导见实效", text="正文若干字，足够长。")
    bulletins.choose_items(by=world.c.office, bulletin=Bulletin.objects.get(pk=draft.pk), items=[item.pk])
    Bulletin.objects.filter(pk=draft.pk).update(number=3, state="issued")
    assert titles(world.c.office, typed)["简报"] == ["第 3 期"]


def test_a_name_with_a_wildcard_finds_only_itself(world):
    assert titles(world.c.office, "%") == {}
    assert titles(world.c.office, "_") == {}


def test_closed_organisations_and_members_who_left_are_not_found(world):
    Organization.objects.filter(pk=world.t.health_2.pk).update(closed_on="2026-01-01")
    Member.objects.filter(name="张淑芬").update(left_on="2026-01-01")
    assert "县卫生局第二党支部" not in titles(world.c.office, "卫生")["党组织"]
    assert "张淑芬" not in titles(world.c.office, "张").get("党员", [])


# ---------------------------------------------------------------- what stays hidden
@pytest.mark.parametrize("name", ["outsider", "sysadmin", "secadmin", "auditor"])
def test_who_sees_no_organisation_finds_nothing(client, world, name):
    record(world, world.t.health_1, title="卫生系统专题党课")
    send(world.p.health, unit_rule(world), world.c.secretary)
    client.force_login(getattr(world.c, name))
    for typed in ("卫生", "zs", "党"):
        answer = client.get(reverse("search"), {"q": typed})
        assert answer.context["groups"] == []
        assert answer.status_code == 200


def test_a_branch_finds_only_its_own(world):
    found = titles(world.c.archives, "zs")
    assert "党员" not in found
    assert titles(world.c.archives, "县")["党组织"] == ["县档案局党支部"]


def test_a_member_finds_himself_and_nobody_else(world):
    assert titles(world.c.member, "zs") == {"党员": ["张淑芬"]}
    assert titles(world.c.member, "李") == {}


def test_drafts_of_reports_are_the_units_own(world):
    report_actions.open_report(by=world.c.secretary, reporter=world.p.health, rule=unit_rule(world), week=this_week())
    assert "周报" not in titles(world.c.office, "卫生")


def test_drafts_of_bulletins_are_not_found_by_readers(world):
    draft = bulletins.draft_bulletin(by=world.c.office, batch=world.batch, week=this_week())
    bulletins.add_item(by=world.c.office, bulletin=draft, title="督导见实效", text="正文若干字，足够长。")
    assert "简报" not in titles(world.c.archives, "督导")


def test_id_numbers_are_not_shown(client, world):
    member = Member.objects.get(name="张淑芬")
    client.force_login(world.c.office)
    text = client.get(reverse("search"), {"q": "zs"}).content.decode()
    assert member.id_number not in text


# ---------------------------------------------------------------- the page
def test_an_empty_search_says_what_to_type(client, world):
    client.force_login(world.c.office)
    assert "请在上面输入名称" in client.get(reverse("search")).content.decode()
    assert client.get(reverse("search"), {"q": "   "}).context["groups"] == []


def test_nothing_found_says_what_to_try(client, world):
    client.force_login(world.c.office)
    text = client.get(reverse("search"), {"q": "<b>查无此人</b>"}).content.decode()
    assert "没有找到" in text
    assert "<b>查无此人" not in text


def test_twenty_of_a_kind_and_the_way_to_the_rest(client, world):
    for number in range(search.LIMIT + 1):
        MemberFactory(name=f"钱某{number}", organization=world.t.archives)
    client.force_login(world.c.office)
    answer = client.get(reverse("search"), {"q": "钱某"})
    (group,) = answer.context["groups"]
    assert len(group.hits) == search.LIMIT
    assert group.more_url in answer.content.decode().replace("&amp;", "&")
    assert f"前 {search.LIMIT} 条" in answer.content.decode()


def test_costs_the_same_for_one_hit_and_three(world):
    access.posts_of(world.c.office)
    search.search(world.c.office, "卫生")
    counts = []
    for number in range(2):
        for extra in range(number + 1):
            create_organization(
                by=world.c.office,
                parent=world.t.health,
                name=f"县卫生局第{number}{extra}党支部",
                code=f"W{number}{extra}",
                kind="branch",
            )
            record(world, world.t.health_1, title="卫生党课")
        with CaptureQueriesContext(connection) as queries:
            search.search(world.c.office, "卫生")
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 8
