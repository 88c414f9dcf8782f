"""Progress by unit, and one unit's page with what the office may do there."""

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from campaign import actions, todo
from campaign.models import Batch, Participation, StageProgress
from campaign.tests.factories import make_world
from campaign.timeline import timeline
from units.models import Member
from units.tests.factories import MemberFactory, make_organization, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def waiting():
    return make_world(started=False)


def signed_in(user):
    client = Client()
    client.cookies["django_language"] = "en"
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def listed(user, **query):
    page = signed_in(user).get(reverse("campaign:participations"), query)
    return [row["unit"].organization.code for row in page.context["rows"]]


def url(name, unit):
    return reverse(f"campaign:{name}", args=[unit.pk])


# ---------------------------------------------------------------- list
def test_everyone_sees_the_units_of_his_scope(w):
    assert listed(w.c.office) == ["Z001", "G01", "C01"]
    assert listed(w.c.secretary) == ["C01"]
    assert listed(w.c.branch) == ["C01"]
    assert listed(w.c.archives) == ["Z001"]


def test_filters(w):
    stages = [stage.key for stage in w.playbook.stages]
    actions.move_stage(by=w.c.office, participation=w.p.court, expected=stages[0], target=stages[1])
    yesterday = clock.today() - dt.timedelta(days=1)
    StageProgress.objects.filter(participation=w.p.archives, stage=stages[0]).update(planned_end=yesterday)
    assert listed(w.c.office, stage=stages[1]) == ["G01"]
    assert listed(w.c.office, late="on") == ["Z001"]
    assert listed(w.c.office, q="卫生") == ["C01"]
    assert listed(w.c.office, q="z001") == ["Z001"]
    assert listed(w.c.office, within=w.t.work.pk) == ["Z001", "G01"]
    assert listed(w.c.office, sort="-stage")[0] == "G01"
    assert listed(w.c.office, sort="end")[0] == "Z001"
    assert listed(w.c.office, stage="nonsense", sort="nonsense", within="x", batch="x") == ["Z001", "G01", "C01"]


def test_states_without_a_stage_can_be_asked_for(waiting):
    w = waiting
    stages = [stage.key for stage in w.playbook.stages]
    actions.start(by=w.c.office, participation=w.p.court)
    for one, following in zip(stages, [*stages[1:], None], strict=True):
        actions.move_stage(by=w.c.office, participation=w.p.court, expected=one, target=following)
    Participation.objects.filter(pk=w.p.health.pk).update(staged=False, state="active")
    assert listed(w.c.office, stage="ahead") == ["Z001"]
    assert listed(w.c.office, stage="after") == ["G01"]
    assert listed(w.c.office, stage="unstaged") == ["C01"]


def test_an_overrun_is_shown_in_words(w):
    yesterday = clock.today() - dt.timedelta(days=2)
    StageProgress.objects.filter(participation=w.p.archives, state="current").update(planned_end=yesterday)
    page = signed_in(w.c.office).get(reverse("campaign:participations")).content.decode()
    assert "2 over" in page


def test_without_a_batch_the_page_says_what_comes_next(w):
    Batch.objects.all().delete()
    page = signed_in(w.c.office).get(reverse("campaign:participations"))
    assert reverse("campaign:setup") in page.content.decode()


def test_the_list_takes_the_same_queries_for_one_and_three_units(w, django_assert_max_num_queries):
    client = signed_in(w.c.office)
    client.get(reverse("campaign:participations"))
    with django_assert_max_num_queries(60) as three:
        client.get(reverse("campaign:participations"))
    Participation.objects.exclude(pk=w.p.health.pk).delete()
    with django_assert_max_num_queries(60) as one:
        client.get(reverse("campaign:participations"))
    assert len(one.captured_queries) == len(three.captured_queries)


def test_without_a_post_that_reads_there_is_no_list(w):
    for user, status in ((w.c.outsider, 404), (w.c.member, 403), (w.c.sysadmin, 403)):
        assert signed_in(user).get(reverse("campaign:participations")).status_code == status, user.username


def test_where_no_campaign_runs_the_page_says_so(w):
    elsewhere = make_organization("中共邻县委员会", "county_committee")
    page = signed_in(user_with("organization_secretary", elsewhere)).get(reverse("campaign:participations"))
    assert "rows" not in page.context
    assert "There is no batch under way." in page.content.decode()


# ---------------------------------------------------------------- one unit
def test_the_page_of_a_unit_for_each_who_sees_it(w):
    for who in ("office", "leader", "supervisor", "secretary", "branch"):
        assert signed_in(getattr(w.c, who)).get(url("participation", w.p.health)).status_code == 200, who
    assert signed_in(w.c.archives).get(url("participation", w.p.health)).status_code == 404


def test_who_joined_and_left_since_the_stage_began(w):
    MemberFactory(organization=w.t.health_1)
    Member.objects.filter(pk=w.t.members["Z003"][1].pk).update(left_on=clock.today())
    shown = signed_in(w.c.office).get(url("participation", w.p.health)).context["joined"]
    assert shown == {"roll": 6, "left": 1, "joined": 1}


def test_the_picture_sets_plan_and_reality_on_one_scale(w):
    first = w.p.health.progress.first()
    late = first.planned_end + dt.timedelta(days=9)
    picture = timeline(w.p.health.progress.all(), w.playbook, late)
    row = picture.rows[0]
    assert row.days_left == -9
    assert row.over is not None
    assert float(row.over.x) == pytest.approx(float(row.plan.x) + float(row.plan.width), abs=0.02)
    assert float(row.actual.x) + float(row.actual.width) <= 100.01
    assert [bool(one.actual) for one in picture.rows] == [True, False, False]
    assert timeline([], w.playbook, late).rows == []


def test_beginning_a_unit(waiting):
    w = waiting
    client, today = signed_in(w.c.office), clock.today()
    answer = client.post(
        url("participation_begin", w.p.health), {"on": today.isoformat(), "ready": "on", "shift": "on"}
    )
    assert answer.url == url("participation", w.p.health)
    current = w.p.health.progress.get(state="current")
    assert (current.started_on, current.planned_start) == (today, today)
    assert (
        client.post(url("participation_begin", w.p.health), {"on": today.isoformat(), "ready": "on"}).status_code == 302
    )
    assert AuditEntry.objects.filter(action="participation.started").count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [({"ready": ""}, "ready"), ({"on": ""}, "on"), ({"on": "2099-01-01"}, "on"), ({"on": "2001-01-01"}, "on")],
)
def test_a_unit_does_not_begin_unprepared_or_on_an_impossible_day(waiting, change, field):
    w = waiting
    data = {"on": clock.today().isoformat(), "ready": "on"} | change
    page = signed_in(w.c.office).post(url("participation_begin", w.p.health), data)
    assert field in page.context["begin_form"].errors
    assert Participation.objects.get(pk=w.p.health.pk).state == "preparing"


def new_dates(unit, **change):
    data = {"reason": "换届"}
    for row in unit.progress.exclude(state="done"):
        data |= {f"{row.stage}_from": row.planned_start.isoformat(), f"{row.stage}_to": row.planned_end.isoformat()}
    return data | change


def test_new_dates_move_no_stage(w):
    stage = w.playbook.stages[-1].key
    last = w.p.health.progress.get(stage=stage).planned_end + dt.timedelta(days=10)
    data = new_dates(w.p.health, **{f"{stage}_to": last.isoformat()})
    signed_in(w.c.office).post(url("participation_dates", w.p.health), data)
    assert w.p.health.progress.get(stage=stage).planned_end == last
    assert w.p.health.progress.get(state="current").stage == w.playbook.stages[0].key
    assert AuditEntry.objects.get(action="participation.rescheduled").data["reason"] == "换届"


def test_new_dates_take_a_reason_and_a_change(w):
    client = signed_in(w.c.office)
    assert client.post(url("participation_dates", w.p.health), new_dates(w.p.health)).context["dates_form"].errors
    page = client.post(url("participation_dates", w.p.health), new_dates(w.p.health, reason=""))
    assert "reason" in page.context["dates_form"].errors
    assert not AuditEntry.objects.filter(action="participation.rescheduled").exists()


def test_a_completed_stage_keeps_its_dates(w):
    stages = [stage.key for stage in w.playbook.stages]
    actions.move_stage(by=w.c.office, participation=w.p.health, expected=stages[0], target=stages[1])
    form = signed_in(w.c.office).get(url("participation", w.p.health)).context["dates_form"]
    assert [key for key, _name in form.stages] == stages[1:]


def test_leaving_before_the_beginning_only(waiting):
    w = waiting
    client = signed_in(w.c.office)
    client.post(url("participation_leave", w.p.archives))
    assert not Participation.objects.filter(pk=w.p.archives.pk).exists()
    actions.begin(by=w.c.office, participation=w.p.health, on=clock.today())
    client.post(url("participation_leave", w.p.health))
    assert Participation.objects.filter(pk=w.p.health.pk).exists()


@pytest.mark.parametrize("who", ["secretary", "branch", "supervisor", "leader"])
@pytest.mark.parametrize("name", ["participation_begin", "participation_dates", "participation_leave"])
def test_only_the_office_changes_a_unit(waiting, who, name):
    client = signed_in(getattr(waiting.c, who))
    assert client.post(url(name, waiting.p.health)).status_code == 403
    assert client.get(url(name, waiting.p.health)).status_code == 405
    assert client.post(url(name, waiting.p.archives)).status_code == (403 if who == "leader" else 404)


def test_units_that_wait_stand_on_the_offices_list(waiting):
    w = waiting
    found = [one for one in todo.gather(w.c.office) if one.menu == "campaign:participations"]
    assert [one.count for one in found] == [3]
    assert not [one for one in todo.gather(w.c.secretary) if one.menu == "campaign:participations"]
    Batch.objects.update(starts_on=clock.today() + dt.timedelta(days=1))
    del w.c.office._todos
    assert not [one for one in todo.gather(w.c.office) if one.menu == "campaign:participations"]
