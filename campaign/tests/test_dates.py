"""Days that the office sets: late launches listed, actions reminded of by date (A-07, E-27, E-28)."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from campaign import actions, todo
from campaign.actions.dates import set_dates
from campaign.dated import due_for, late_launches
from campaign.models import ActionDate, Batch, Participation
from campaign.preparing import launch_of
from campaign.tests.factories import make_world, record
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
VISITS, TALK = "poor_visits", "collective_talk"
DAY = dt.timedelta(days=1)


@pytest.fixture
def w():
    world = make_world()
    world.unit = user_with("organization_secretary", world.t.health)
    return world


def dated(w, launch_by=None, **due):
    set_dates(by=w.c.office, batch=w.batch, launch_by=launch_by, due=due)
    w.batch = Batch.objects.select_related("campaign__host").get(pk=w.batch.pk)
    return w.batch


def unit(w, name="health"):
    rows = Participation.objects.select_related("organization", "batch__campaign").prefetch_related("progress")
    return rows.get(pk=getattr(w.p, name).pk)


def waiting(user, title):
    fresh = type(user).objects.get(pk=user.pk)
    return [one for one in todo.gather(fresh) if one.title.id == title]


DUE, LAUNCH = "Required actions have their day", "Begin the campaign by the latest day"


def test_the_office_sets_days_from_the_progress_of_the_units(w, client):
    client.force_login(w.c.office)
    url = reverse("campaign:batch_dates", args=[w.batch.pk])
    assert url in client.get(reverse("campaign:participations")).text
    page = client.get(url)
    worded = {row["action"].key for row in page.context["form"].worded}
    assert {VISITS, TALK} <= worded and "春节前" in page.text
    day = clock.today() + 3 * DAY
    assert client.post(url, {"launch_by": "", VISITS: day.isoformat()}).status_code == 302
    assert ActionDate.objects.get().due_on == day
    assert AuditEntry.objects.get(action="batch.dates").data["actions"] == {VISITS: day.isoformat()}
    assert client.post(url, {"launch_by": "", VISITS: ""}).status_code == 302
    assert not ActionDate.objects.exists()


def test_a_day_outside_the_batch_is_a_fault_and_nothing_is_saved(w, client):
    client.force_login(w.c.office)
    outside = (w.batch.ends_on + DAY).isoformat()
    page = client.post(reverse("campaign:batch_dates", args=[w.batch.pk]), {"launch_by": outside, VISITS: outside})
    assert page.status_code == 422 and set(page.context["form"].errors) == {"launch_by", VISITS}
    assert not ActionDate.objects.exists()


def test_an_action_is_reminded_of_a_fortnight_before_its_day_until_it_is_done(w):
    day = clock.today() + 15 * DAY
    dated(w, **{VISITS: day})
    assert not due_for(w.t.health, unit(w)) and not waiting(w.unit, DUE)
    with clock.freeze(clock.today() + DAY):
        [one] = waiting(w.unit, DUE)
        assert (one.due, one.late) == (day, False)
        assert not waiting(w.c.branch, DUE), "it is asked of the unit, not of its branch"
    with clock.freeze(day + DAY):
        assert waiting(w.unit, DUE)[0].late
        record(w, w.t.health, action=VISITS)
        assert not waiting(w.unit, DUE)


def test_the_talk_counts_what_its_tool_counts_and_what_was_recorded_by_hand(w):
    dated(w, **{TALK: clock.today()})
    assert [one.action.key for one in due_for(w.t.health, unit(w))] == [TALK]
    record(w, w.t.health, action=TALK)
    assert not due_for(w.t.health, unit(w))


def test_a_stage_that_is_over_asks_for_nothing_any_more(w):
    dated(w, **{VISITS: clock.today()})
    actions.move_stage(by=w.c.office, participation=w.p.health, expected="study", target="analysis")
    assert not due_for(w.t.health, unit(w))


def test_without_a_day_there_is_no_query_for_evidence(w, django_assert_num_queries):
    one = unit(w)
    with django_assert_num_queries(1):
        assert due_for(w.t.health, one) == []


def test_late_launches_are_listed_and_nobody_is_kept_from_beginning(client):
    w = make_world(started=False)
    begun = w.batch.starts_on + 2 * DAY
    actions.start(by=w.c.office, participation=w.p.court, on=begun)
    actions.start(by=w.c.office, participation=w.p.archives, on=w.batch.starts_on)
    assert not late_launches(w.batch).exists(), "no latest day is set"
    dated(w, launch_by=begun - DAY)
    assert {one.pk: one.began for one in late_launches(w.batch)} == {w.p.court.pk: begun, w.p.health.pk: None}
    client.force_login(w.c.office)
    page = client.get(reverse("campaign:batch_dates", args=[w.batch.pk]))
    assert [one.pk for one in page.context["late"]] and w.p.court.label in page.text
    [mine] = waiting(w.c.office, LAUNCH)
    assert mine.late and mine.count == 1
    actions.start(by=w.c.office, participation=w.p.health, on=clock.today())
    assert not waiting(w.c.office, LAUNCH)
    assert late_launches(w.batch).count() == 2, "it stays on the list of the late"


def test_the_unit_reads_the_day_instead_of_the_words():
    w = make_world(started=False)
    day = clock.today() + 3 * DAY
    dated(w, launch_by=day)
    assert launch_of(unit(w)).by == day
    unit_secretary = user_with("organization_secretary", w.t.health)
    assert waiting(unit_secretary, LAUNCH)[0].due == day


def test_only_who_sets_up_sets_days(w, client):
    client.force_login(w.c.branch)
    assert client.get(reverse("campaign:batch_dates", args=[w.batch.pk])).status_code in {403, 404}
