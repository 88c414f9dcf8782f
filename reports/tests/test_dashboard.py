"""The dashboards: figures by hand, the list behind each figure, who sees what, what it costs, the big screen."""

import datetime as dt
from fractions import Fraction

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from assessments.models import Survey
from assessments.results import band_of, result_of
from assessments.survey_bands import standings
from assessments.tests.factories import survey_round
from campaign import actions
from campaign.actions import rectification
from campaign.models import RectificationItem, StageProgress
from campaign.study import coverage_rows
from campaign.tests.factories import evidence_of, make_world, record
from reports.queries.dashboard import counting
from reports.tests.factories import send, unit_rule
from reports.weeks import week_of
from supervision.models import YellowCard
from supervision.tests.factories import applied, make_supervised_world
from units.models import Organization
from units.tests.factories import MemberFactory, WorkUnitFactory, make_organization, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_kept():
    cache.clear()
    yield
    cache.clear()


def register(w, organization, *, days_ago=0, deadline=None, state="open"):
    data = rectification.ItemData(problem="窗口服务", kind="immediate", responsible_name="何秀芝", deadline=deadline)
    item = rectification.register_item(
        by=w.c.branch, batch=w.batch, organization=organization, stage="study", data=data
    )
    moment = clock.now() - dt.timedelta(days=days_ago)
    RectificationItem.objects.filter(pk=item.pk).update(registered_at=moment, deadline=deadline, state=state)


@pytest.fixture
def w():
    """A unit under review, one overrun, records of study, items of every state and age, a card, a survey, reports."""
    w = make_supervised_world()
    applied(w)
    end = clock.today() - dt.timedelta(days=3)
    StageProgress.objects.filter(participation=w.p.court, state="current").update(planned_end=end)
    people = w.t.members["Z003"]
    record(w, w.t.health_1, people=people[:2], action="leader_lecture", hours=6, concentrated=True)
    register(w, w.t.health_1, days_ago=2)
    register(w, w.t.health_2, days_ago=20, deadline=clock.today() - dt.timedelta(days=1))
    register(w, w.t.court_1, days_ago=40, state="reported")
    register(w, w.t.court_1, days_ago=7, state="explained")
    YellowCard.objects.create(
        batch=w.batch,
        participation=w.p.court,
        organization=w.t.court,
        stage="study",
        trigger="makeup",
        event_key="one",
        state="issued",
        number="1",
        issued_on=clock.today(),
    )
    survey_round(w, w.p.court, w.playbook.instrument("stage2"), by=w.c.court, confirmed_by=w.c.office, adverse=2)
    send(w.p.health, unit_rule(w), w.c.secretary, week=week_of(clock.now()))
    return w


def look(client, user, organization=None, **query):
    client.force_login(user)
    name = "reports:dashboard_of" if organization else "reports:dashboard"
    return client.get(reverse(name, args=[organization.pk] if organization else []), query)


def figures(w, root=None):
    return counting.count(w.c.office, w.batch, root or w.t.county)


# ---------------------------------------------------------------- figures by hand
def test_the_county_s_figures_by_hand(w):
    found = figures(w)
    work, health = found.parts[w.t.work.path], found.parts[w.t.health.path]
    assert (found.total.picture.units, found.total.picture.branches, found.total.picture.members) == (3, 4, 12)
    assert (found.total.picture.stages[0], found.total.picture.reviewed[0], found.total.picture.overdue) == (2, 1, 1)
    assert (work.picture.overdue, health.picture.review) == (1, 1)
    assert (health.study.roll, health.study.covered["leader_lecture"], work.study.covered["leader_lecture"]) == (
        6,
        2,
        0,
    )
    items = found.total.items
    assert (items.total, items.overdue, items.open, items.reported, items.closed) == (4, 1, 1, 1, 1)
    assert found.ages == [(0, 1, 0, 1), (0, 0, 0, 0), (1, 0, 0, 0), (0, 0, 1, 0)]
    assert (found.total.cards, work.cards, found.cards["issued"], found.transitions["submitted"]) == (1, 1, 1, 1)
    assert (health.weeks.by_week[-1].sent, health.weeks.by_week[-1].owed, work.weeks.units) == (1, 1, 2)
    assert [(span.stage, span.current, span.overrun) for span in found.spans[:1]] == [("study", 3, 1)]
    assert {key: bands.total() for key, bands in found.bands.items()} == {"stage2": 1}


def test_what_asks_for_a_look_comes_first(w):
    assert figures(w).ranked()[0] == w.t.work.path


def test_the_sum_of_a_unit_is_what_its_own_pages_count(w):
    """The level above, the unit's dashboard and the page of coverages say the same."""
    above = figures(w).parts[w.t.health.path].study
    rows = {row.coverage.key: row for row in coverage_rows(evidence_of(w.p.health))}
    assert {key: row.reached for key, row in rows.items() if row.reached} == {
        k: n for k, n in above.covered.items() if n
    }
    assert {row.base for row in rows.values()} == {above.roll}


@pytest.mark.once
def test_a_unit_and_its_branch_show_their_own(client, w):
    unit = look(client, w.c.secretary)
    assert (unit.context["level"], unit.context["organization"]) == ("unit", w.t.health)
    assert unit.context["work_rows"][0].organization == w.t.health_2  # one item overdue
    assert unit.context["here"].items.total == 2
    branch = look(client, w.c.branch)
    assert (branch.context["organization"], branch.context["here"].leads) == (w.t.health_1, False)
    coverage = {row.coverage.key: row.reached for row in branch.context["here"].study.coverages}
    assert coverage["leader_lecture"] == 2
    assert branch.context["here"].papers.missing == 3


# ---------------------------------------------------------------- every figure and its list
def rows_behind(client, url):
    answer = client.get(url)
    assert answer.status_code == 200, url
    page = answer.context["page"]
    if "/cards/" in url:
        return sum(len(row.cards) for row in page.object_list)
    return page.paginator.count


@pytest.mark.once
def test_each_figure_agrees_with_the_list_it_leads_to(client, w):
    context = look(client, w.c.office, w.t.county).context
    rows = [*context["stage_rows"], context["stage_total"], *context["work_rows"], context["work_total"]]
    numbers = [number for row in [*rows, *context["ages"], *context["bands"]] for number in row.numbers]
    numbers += [number for row in context["spans"].rows for number in (row.current, row.overrun)]
    numbers += [row.units for row in context["bands"]]
    told = [number for number in numbers if number.n]
    assert len(told) > 20
    assert {number.url: number.n for number in told} == {n.url: rows_behind(client, n.url) for n in told}
    links = context["links"]
    total = context["figures"].total
    assert rows_behind(client, links["overrun"]) == total.picture.overdue
    assert rows_behind(client, links["overdue"]) == total.items.overdue
    assert rows_behind(client, links["submitted"]) == 1
    weekly = client.get(links["all_weeks"]).context["grid"]
    assert weekly.tally == total.weeks.tally
    [health] = [row for row in context["heat_rows"] if row.organization == w.t.health]
    assert client.get(health.url).context["grid"].tally == health.tally


def test_a_unit_stands_in_the_band_of_its_last_closed_round_and_a_withheld_one_in_none():
    w = make_world(playbook="meishan-city")
    instrument = w.playbook.instruments[0]
    first = survey_round(w, w.p.health, instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=10, adverse=10)
    last = survey_round(w, w.p.health, instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=40, adverse=2)
    few = survey_round(w, w.p.court, instrument, by=w.c.office, confirmed_by=w.c.general, valid=3, adverse=3)
    Survey.objects.filter(pk=few.pk).update(withheld=True)
    survey_round(w, w.p.archives, instrument, by=w.c.archives)  # entered, not confirmed
    found = {one.survey: one.band for one in standings(Survey.objects.all(), w.batch)}
    band = band_of(w.playbook, result_of(last).satisfaction)
    assert result_of(last).satisfaction != result_of(first).satisfaction
    assert isinstance(result_of(last).satisfaction, Fraction)
    assert band is not None
    assert found == {last.pk: band.key, few.pk: "few"}


@pytest.mark.once
def test_bands_lead_to_their_units_and_say_what_is_not_shown(client):
    w = make_world(playbook="meishan-city")
    instrument = w.playbook.instruments[0]
    survey_round(w, w.p.health, instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=10, adverse=10)
    survey_round(w, w.p.health, instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=40, adverse=0)
    few = survey_round(w, w.p.court, instrument, by=w.c.office, confirmed_by=w.c.general, valid=3, adverse=3)
    Survey.objects.filter(pk=few.pk).update(withheld=True)
    [row] = look(client, w.c.office).context["bands"]
    assert (row.units.n, sum(number.n for number in row.numbers), row.numbers[-1].n) == (2, 2, 1)
    for number in [row.units, *(one for one in row.numbers if one.n)]:
        assert rows_behind(client, number.url) == number.n


# ---------------------------------------------------------------- who sees what
@pytest.mark.once
def test_nobody_sees_an_organisation_outside_his_posts(client, w):
    assert look(client, w.c.secretary, w.t.county).status_code == 404
    assert look(client, w.c.branch, w.t.health_2).status_code == 404
    assert look(client, w.c.outsider).status_code == 404
    assert look(client, w.c.member).status_code == 403
    text = look(client, user_with("organization_secretary", w.t.work), w.t.work).content.decode()
    assert w.t.court.name in text and w.t.health.name not in text


@pytest.mark.once
def test_before_the_campaign_it_says_what_comes_next(client):
    w = make_world()
    empty = make_organization("县老干局党委", Organization.Kind.COMMITTEE, w.t.county)
    text = look(client, w.c.office, empty).content.decode()
    assert reverse("campaign:setup_units", args=[w.batch.pk]) in text


# ---------------------------------------------------------------- what it costs, as of when
def add_units(w, count):
    for number in range(count):
        committee = make_organization(f"县第{number}局党委", Organization.Kind.COMMITTEE, w.t.county)
        branch = make_organization(f"县第{number}局支部", Organization.Kind.BRANCH, committee)
        MemberFactory.create_batch(2, organization=branch)
        unit = WorkUnitFactory(name=f"县第{number}局")
        one = actions.add_participation(by=w.c.office, batch=w.batch, organization=committee, work_unit=unit)
        actions.start(by=w.c.office, participation=one, on=w.batch.starts_on)


@pytest.mark.once
def test_costs_the_same_however_many_are_below(client, w):
    look(client, w.c.office)
    cache.clear()
    with CaptureQueriesContext(connection) as few:
        look(client, w.c.office)
    add_units(w, 6)
    cache.clear()
    with CaptureQueriesContext(connection) as many:
        answer = look(client, w.c.office)
    assert len(answer.context["stage_rows"]) == 8
    assert len(many) == len(few)
    look(client, w.c.secretary)
    with CaptureQueriesContext(connection) as one:
        look(client, w.c.secretary)
    three = make_organization("县卫生局第三党支部", Organization.Kind.BRANCH, w.t.health)
    MemberFactory.create_batch(3, organization=three)
    with CaptureQueriesContext(connection) as more:
        look(client, w.c.secretary)
    assert len(more) == len(one)


@pytest.mark.once
def test_figures_are_kept_for_minutes_say_as_of_when_and_are_counted_anew_on_demand(client, w, clock):
    clock.hold(2026, 11, 26, 10, 0)
    assert "数据截至 11月26日" in look(client, w.c.office).content.decode()
    register(w, w.t.court_1)
    clock.hold(2026, 11, 26, 10, 4)
    kept = look(client, w.c.office)
    assert kept.context["figures"].total.items.total == 4
    assert "10:00" in kept.content.decode()
    assert look(client, w.c.office, now=1).status_code == 302
    assert look(client, w.c.office).context["figures"].total.items.total == 5
    register(w, w.t.court_1)
    clock.hold(2026, 11, 26, 10, 10)
    assert look(client, w.c.office).context["figures"].total.items.total == 6


# ---------------------------------------------------------------- the big screen
@pytest.mark.once
def test_the_big_screen_refreshes_itself_with_and_without_a_script(client, w):
    text = look(client, w.c.office, w.t.county, screen=1).content.decode()
    assert '<noscript><meta http-equiv="refresh" content="60"></noscript>' in text
    assert 'hx-trigger="every 60s"' in text and "?screen=1" in text
    assert "数据截至" in text and "刷新" in text
    assert 'class="side"' not in text
    assert "style=" not in text
