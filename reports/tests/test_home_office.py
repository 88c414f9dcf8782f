"""The office's home: its figures, what is late, the heat of reports, the bulletin in hand, and what it costs."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from campaign import actions, todo
from campaign.models import StageProgress
from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import bulletins
from reports.actions import reports as report_actions
from reports.queries.home import heat, issue, office
from reports.queries.home.picture import reached
from reports.queries.home.standings import standings
from reports.queries.weekly import heat as weekly_grid
from reports.tests.factories import send, this_week, unit_rule
from units import access
from units.actions import leave_member, transfer_member
from units.models import Organization
from units.tests.factories import MemberFactory, WorkUnitFactory, make_organization, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def world():
    return make_world()


def rows_of(w):
    return standings(w.batch, access.below(w.t.county.path, "organization"))


def page(client, user, **query):
    client.force_login(user)
    return client.get(reverse("home"), query)


def add_units(w, count):
    """More leading organisations, each a committee with a branch, three members and a record."""
    for number in range(count):
        name = f"县第{number}局"
        committee = make_organization(f"{name}党委", Organization.Kind.COMMITTEE, w.t.county)
        branch = make_organization(f"{name}第一党支部", Organization.Kind.BRANCH, committee)
        MemberFactory.create_batch(3, organization=branch)
        unit = WorkUnitFactory(name=name)
        user_with("organization_secretary", committee)
        participation = actions.add_participation(by=w.c.office, batch=w.batch, organization=committee, work_unit=unit)
        actions.start(by=w.c.office, participation=participation, on=w.batch.starts_on)


def overstay(participation, days):
    end = clock.today() - dt.timedelta(days=days)
    start = end - dt.timedelta(days=20)
    StageProgress.objects.filter(participation=participation, state="current").update(
        planned_start=start, planned_end=end
    )


# ---------------------------------------------------------------- what the page shows
@pytest.mark.parametrize("name", ["office", "general", "leader"])
def test_office_and_leading_group_share_the_page(client, world, name):
    answer = page(client, getattr(world.c, name))
    assert answer.status_code == 200
    assert answer.templates[0].name == "reports/home/office.html"
    text = answer.content.decode()
    for expected in ("工作台", "党组织", "参加党员", "等我办的", "已经晚了的", "各单位走到哪一步"):
        assert expected in text


def test_in_english_no_chinese_sentence_is_left(client, world):
    client.cookies["django_language"] = "en"
    text = page(client, world.c.office).content.decode()
    assert "Already late" in text
    assert "已经晚了的" not in text


def test_costs_the_same_for_three_and_for_twelve_units_and_under_forty_queries(client, world):
    page(client, world.c.office)
    overstay(world.p.court, 4)
    with CaptureQueriesContext(connection) as few:
        client.get(reverse("home"))
    add_units(world, 9)
    with CaptureQueriesContext(connection) as many:
        answer = client.get(reverse("home"))
    assert answer.context["picture"].total.units == 12
    assert len(many) == len(few)
    assert len(many) < 40, [q["sql"][:150] for q in many.captured_queries]


def test_before_the_campaign_the_office_sees_what_comes_next(client):
    from units.tests.factories import make_cast, make_tree

    t = make_tree()
    c = make_cast(t)
    text = page(client, c.office).content.decode()
    assert "下一步：建立活动" in text
    assert reverse("campaign:setup") in text
    assert reverse("campaign:setup") not in page(client, c.leader).content.decode()


# ---------------------------------------------------------------- figures
def test_organisations_are_counted_by_kind(world):
    found = office.organisations(office.tree_of(world.t.county))
    assert (found.total, found.branches, found.general_branches, found.above) == (8, 4, 1, 3)


def test_closed_organisations_do_not_count(world):
    Organization.objects.filter(pk=world.t.health_2.pk).update(closed_on=clock.today())
    assert office.organisations(office.tree_of(world.t.county)).branches == 3


def test_members_who_came_and_went_since_the_stage_began(world):
    before = office.people(world.batch, world.t.county, rows_of(world))
    assert (before.count, before.joined, before.left, before.frozen) == (12, 0, 0, True)
    MemberFactory(organization=world.t.archives)
    MemberFactory(organization=world.t.archives)
    leave_member(by=world.c.office, member=world.t.members["Z003"][1], on=clock.today(), reason="去世")
    found = office.people(world.batch, world.t.county, rows_of(world))
    assert (found.count, found.joined, found.left) == (13, 2, 1)


def test_a_transfer_inside_is_neither_a_coming_nor_a_going(world):
    transfer_member(
        by=world.c.office,
        member=world.t.members["Z003"][1],
        to=world.t.archives,
        on=clock.today(),
        reason="工作调动",
    )
    found = office.people(world.batch, world.t.county, rows_of(world))
    assert (found.count, found.joined, found.left) == (12, 0, 0)


def test_members_of_organisations_that_take_no_part_do_not_count(world):
    idle = make_organization("县史志办党支部", Organization.Kind.BRANCH, world.t.work)
    MemberFactory.create_batch(5, organization=idle)
    assert office.people(world.batch, world.t.county, rows_of(world)).count == 12


def test_nothing_is_frozen_before_a_stage_begins():
    w = make_world(started=False)
    found = office.people(w.batch, w.t.county, rows_of(w))
    assert (found.count, found.frozen, found.joined, found.left) == (12, False, 0, 0)


def test_the_furthest_stage_is_named_with_where_the_others_are(client, world):
    first, second = world.playbook.stages[0], world.playbook.stages[1]
    actions.move_stage(by=world.c.office, participation=world.p.court, expected=first.key, target=second.key)
    found = reached(page(client, world.c.office).context["picture"])
    assert (str(found.name), found.count, found.base) == (str(second.name), 1, 3)
    assert found.rest == [(str(first.name), 2)]


# ---------------------------------------------------------------- what is late
def test_overstaying_units_are_named_with_the_longest_first(client, world):
    overstay(world.p.court, 4)
    overstay(world.p.health, 9)
    (line,) = office.overdue(rows_of(world), world.batch)
    assert line.count == 2
    assert line.late
    assert "县卫生局、县法院" in str(line.detail)
    assert "9 天" in str(line.detail)
    assert str(line.title) in page(client, world.c.office).content.decode()


def test_a_unit_on_its_last_day_is_not_late(world):
    overstay(world.p.court, 0)
    assert office.overdue(rows_of(world), world.batch) == []


# ---------------------------------------------------------------- reports
def test_the_heat_says_what_the_grid_says(world):
    rule = unit_rule(world)
    send(world.p.health, rule, world.c.secretary)
    grid = weekly_grid(world.c.office, world.batch)
    table = heat.heat_of(grid)
    by_name = {row.name: row for row in table.rows}
    assert by_name["中共青岚县委员会"].units == 1
    assert by_name["县直机关工委"].units == 2
    assert by_name["中共青岚县委员会"].cells[-1].text == "1/1"
    assert by_name["县直机关工委"].cells[-1].text == "0/2"
    past = [cell.text for cell in by_name["县直机关工委"].cells[:-1]]
    assert set(past) <= {"缺2", "–"}
    assert "缺2" in past
    assert table.chase  # two weeks of nothing: somebody is to be looked at


def test_only_the_last_twelve_weeks_are_shown_and_the_rate_covers_all():
    w = make_world(start=clock.today() - dt.timedelta(days=7 * 15), days=120)
    grid = weekly_grid(w.c.office, w.batch)
    table = heat.heat_of(grid)
    assert len(table.columns) == heat.SHOWN
    assert table.hidden == len(grid.columns) - heat.SHOWN > 0
    assert all(len(row.cells) == heat.SHOWN for row in table.rows)
    assert sum(row.tally.base for row in table.rows) == grid.tally.base


# ---------------------------------------------------------------- bulletin
def test_before_a_draft_the_card_says_when_it_comes(world):
    card = issue.card_of(world.c.office, world.batch, weekly_grid(world.c.office, world.batch))
    assert card.this is None
    assert card.number == 1
    assert card.entries[1]["wait"]


def test_the_draft_in_hand_and_its_count(world):
    rule = unit_rule(world)
    week = this_week() - weeks.WEEK
    report = send(world.p.health, rule, world.c.secretary, week=week)
    report_actions.accept_report(by=world.c.office, report=report, version=report.version)
    draft = bulletins.draft_bulletin(by=world.c.office, batch=world.batch, week=week)
    card = issue.card_of(world.c.office, world.batch, weekly_grid(world.c.office, world.batch))
    assert card.this == draft
    assert card.reports.sent == 1
    assert card.url == reverse("reports:bulletin_edit", args=[draft.pk])
    assert str(draft.items.count()) in card.entries[2]["text"]


def test_who_edits_no_bulletin_sees_no_draft(client, world):
    bulletins.draft_bulletin(by=world.c.office, batch=world.batch, week=this_week())
    card = issue.card_of(world.c.leader, world.batch, None)
    assert card.this is None
    assert not card.entries
    assert "bulletins/1/edit" not in page(client, world.c.leader).content.decode()


def test_what_is_missing_is_the_same_with_and_without_the_heat(client, world):
    """The list of what is late reads last week from the heat where the page has drawn it."""
    send(world.p.court, unit_rule(world), world.c.office, week=this_week() - weeks.WEEK)
    client.force_login(world.c.office)
    on_home = client.get(reverse("home")).context["late"]
    alone = [item for item in todo.gather(type(world.c.office).objects.get(pk=world.c.office.pk)) if item.late]
    assert [(str(i["title"]), str(i["detail"])) for i in on_home] == [(str(t.title), str(t.detail)) for t in alone]
    assert any("县档案局、县卫生局" in str(t.detail) for t in alone)
