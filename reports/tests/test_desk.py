"""The supervision desk: last contact, what is overdue, the next visit, what is missing at the gate."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import User
from accounts.tests.factories import UserFactory
from campaign.models import RectificationItem, StageProgress
from reports.queries.home import groups
from reports.tests.factories import send, unit_rule
from supervision.actions import lectures
from supervision.models import LectureDraft, MakeUpOrder, OpinionPoint, SupervisionOpinion, Visit
from supervision.tests.factories import applied, fresh, make_supervised_world, ordered
from supervision.tests.test_supervision_opinions import answered, given
from supervision.tests.test_visits import made, planned
from units.tests.factories import give_post

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def ago(days):
    return clock.today() - dt.timedelta(days=days)


def rows_of(w, user=None):
    user = User.objects.get(pk=(user or w.c.guide).pk)
    return {row.unit.name: row for row in groups.reach_of(user, w.batch).rows}


def names(w):
    return list(rows_of(w))


def desk(client, w, user=None):
    client.force_login(user or w.c.guide)
    return client.get(reverse("home"))


# ---------------------------------------------------------------- contact
def test_the_last_contact_names_which_and_when(w):
    assert rows_of(w)["县卫生局"].contact is None
    report = send(w.p.health, unit_rule(w), w.c.secretary)
    type(report).objects.filter(pk=report.pk).update(submitted_at=clock.now() - dt.timedelta(days=9))
    assert (str(rows_of(w)["县卫生局"].contact.label), rows_of(w)["县卫生局"].contact.day) == ("收到周报", ago(9))
    draft = lectures.send_lecture(
        by=w.c.secretary, participation=w.p.health, title="党课", lecturer="局长", text="同志们"
    )
    LectureDraft.objects.filter(pk=draft.pk).update(advice="好", advised_at=clock.now() - dt.timedelta(days=8))
    assert str(rows_of(w)["县卫生局"].contact.label) == "审阅党课讲稿"
    opinion = given(w)
    SupervisionOpinion.objects.filter(pk=opinion.pk).update(given_at=clock.now() - dt.timedelta(days=6))
    assert str(rows_of(w)["县卫生局"].contact.label) == "提出督导意见"
    visit = made(w, held_on=ago(2))
    Visit.objects.filter(pk=visit.pk).update(way="call")
    contact = rows_of(w)["县卫生局"].contact
    assert (str(contact.label), contact.day, contact.days) == ("电话联系", ago(2), 2)
    assert contact.url == reverse("supervision:visit", args=[visit.pk])


def test_a_unit_without_contact_for_more_than_a_week_is_marked(client, w):
    for days in (8, 7):
        visit = made(w)
        Visit.objects.filter(pk=visit.pk).update(held_on=ago(days))
        assert rows_of(w)["县卫生局"].silent is (days == 8)
    assert rows_of(w)["县法院"].silent  # the batch began twenty days ago, and nobody has been there
    assert "还没有联系过" in desk(client, w).content.decode()


def test_a_unit_that_has_not_begun_is_not_marked(w):
    type(w.p.court).objects.filter(pk=w.p.court.pk).update(state="preparing")
    row = rows_of(w)["县法院"]
    assert not row.silent
    assert not row.looks


# ---------------------------------------------------------------- overdue, order, figures
def test_what_is_overdue_is_counted_by_unit(client, w):
    order, opinion = ordered(w), given(w)
    MakeUpOrder.objects.filter(pk=order.pk).update(due_on=ago(1))
    OpinionPoint.objects.filter(opinion=opinion).update(due_on=ago(1))
    item = {"batch": w.batch, "stage": "study", "kind": "at_once", "deadline": ago(1)}
    RectificationItem.objects.create(organization=w.t.health_1, problem="排队", **item)
    RectificationItem.objects.create(organization=w.t.court, problem="停车", **item)
    found = rows_of(w)
    assert [(str(one.label), one.count) for one in found["县卫生局"].overdue] == [
        ("补课", 1),
        ("督导意见", 2),
        ("整改事项", 1),
    ]
    assert found["县法院"].overdue_count == 1
    assert found["县档案局"].overdue == []
    page = desk(client, w)
    assert page.context["reach"].overdue_count == 5
    ledger = f"{reverse('campaign:rectification', args=[w.t.court.pk])}?overdue=on"
    assert ledger in page.content.decode()
    answered(w, opinion)
    assert rows_of(w)["县卫生局"].overdue_count == 2


def test_what_needs_attention_first_comes_first(w):
    for name in ("health", "court", "archives"):
        made(w, name)
    far = clock.today() + dt.timedelta(days=30)
    for number, name in enumerate(("archives", "court", "health")):
        rows = StageProgress.objects.filter(participation=getattr(w.p, name), state="current")
        rows.update(planned_end=far + dt.timedelta(days=number))
    assert names(w) == ["县档案局", "县法院", "县卫生局"]
    Visit.objects.filter(participation=w.p.health).update(held_on=ago(9))
    assert names(w)[0] == "县卫生局"
    applied(w, "court")
    assert names(w)[:2] == ["县法院", "县卫生局"]
    OpinionPoint.objects.filter(opinion=given(w, "archives")).update(due_on=ago(1))
    assert names(w) == ["县档案局", "县法院", "县卫生局"]
    StageProgress.objects.filter(participation=w.p.health, state="current").update(
        planned_start=ago(20), planned_end=ago(1)
    )
    assert names(w) == ["县卫生局", "县档案局", "县法院"]


def test_the_next_visit_stands_in_the_row_and_in_the_figures(client, w):
    first, _later = planned(w, days=3), planned(w, days=5)
    planned(w, "court", days=20)
    assert rows_of(w)["县卫生局"].visit == first
    page = desk(client, w)
    assert page.context["reach"].visits_soon == 1
    text = page.content.decode()
    for name in ("visit_new", "opinion_new", "gate", "gate_short"):
        assert reverse(f"supervision:{name}", args=[w.p.health.pk]) in text


# ---------------------------------------------------------------- the gate, fetched by itself
def test_the_cell_of_the_gate_counts_what_is_not_met(client, w):
    client.force_login(w.c.guide)
    url = reverse("supervision:gate_short", args=[w.p.health.pk])
    assert "全部达到" in client.get(url, headers={"HX-Request": "true"}).content.decode()
    ordered(w)
    answer = client.get(url, headers={"HX-Request": "true"})
    assert answer.context["short"] == 1
    assert client.get(url).url == reverse("supervision:gate", args=[w.p.health.pk])
    client.force_login(w.c.court)
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 404


@pytest.mark.parametrize(("days", "looks"), [(-1, True), (14, True), (15, False)])
def test_only_a_near_gate_is_looked_at_unasked(w, days, looks):
    end = clock.today() + dt.timedelta(days=days)
    StageProgress.objects.filter(participation=w.p.health, state="current").update(planned_end=end)
    assert rows_of(w)["县卫生局"].looks is looks


# ---------------------------------------------------------------- cost
def test_the_desk_costs_the_same_for_one_unit_and_three(client, w):
    one = UserFactory()
    give_post(one, w.t.county, "supervisor")
    for name in ("health", "court", "archives"):
        made(w, name)
        planned(w, name)
        given(w, name)
        ordered(w, name=name)

    def cost(user):
        desk(client, w, user)
        with CaptureQueriesContext(connection) as queries:
            page = desk(client, w, user)
        return len(queries), len(page.context["page"])

    three = cost(one)
    for name in ("court", "archives"):
        participation = fresh(getattr(w.p, name))
        MakeUpOrder.objects.filter(participation=participation).delete()
        SupervisionOpinion.objects.filter(participation=participation).delete()
        participation.delete()
    assert cost(one) == (three[0], 1)
    assert three[1] == 3


def test_twenty_units_stand_on_a_page(client, w, monkeypatch):
    monkeypatch.setattr("reports.home.UNITS_A_PAGE", 2)
    page = desk(client, w)
    assert len(page.context["page"]) == 2
    assert page.context["page"].paginator.count == 3


def test_the_desk_leads_to_the_work_of_the_week(client, w):
    text = desk(client, w).content.decode()
    for name in ("visits", "spot_checks", "notes"):
        assert f'href="{reverse(f"supervision:{name}")}"' in text
