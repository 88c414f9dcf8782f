"""Leave: routed by the playbook, never decided by oneself, its reason kept from others (S-01, S-02)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from campaign import todo
from supervision import actions as supervision
from supervision import staffing
from supervision.actions import bodies, leave, staff
from supervision.models import Body, BodyMember, Leave
from supervision.queries import leave as queries
from supervision.tests.factories import make_supervised_world
from units import access
from units.models import Post
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
REASON = "因病住院治疗"


@pytest.fixture
def w():
    world = make_supervised_world(playbook="xingwen-county")
    world.c.publicity = user_with("office_publicity", world.t.county, "publicity", "田甜")
    return world


def again(user):
    return User.objects.get(pk=user.pk)


def asked(w, who, *, begin=3, days=2, **more):
    who = again(who)
    first = clock.today() + dt.timedelta(days=begin)
    team = staffing.teams_of(who, w.batch.campaign)[0]
    given = {"from_date": first, "to_date": first + dt.timedelta(days=days - 1), "reason": REASON, **more}
    return leave.ask_leave(by=who, campaign=w.batch.campaign, team=team, **given)


def may_decide(w, row):
    """The usernames of everybody who may decide, found the slow way."""
    found = {u.username for u in User.objects.all() if Leave.objects.decidable_by(u).filter(pk=row.pk).exists()}
    assert {u.username for u in queries.deciders(row)} == found
    return found


def test_members_ask_the_head_of_their_group_and_heads_the_leading_group(w):
    assert may_decide(w, asked(w, w.c.guide_2)) == {"guide"}
    assert may_decide(w, asked(w, w.c.guide)) == {"leader"}
    assert may_decide(w, asked(w, w.c.office)) == {"leader"}


def test_a_group_of_the_office_is_headed_by_who_heads_its_body(w):
    assert may_decide(w, asked(w, w.c.publicity)) == {"office"}  # nobody has entered the body: the office's head
    facts = bodies.BodyFacts(name="宣传组")
    body = bodies.set_up_body(
        by=w.c.office, campaign=w.batch.campaign, organization=w.t.county, kind=Body.Kind.PUBLICITY, facts=facts
    )
    chief = user_with("office_publicity", w.t.county, "chief", "郑重")
    bodies.name_to_body(by=w.c.office, body=body, name="郑重", user=chief, role=BodyMember.Role.HEAD)
    bodies.name_to_body(by=w.c.office, body=body, name="田甜", user=w.c.publicity)
    assert may_decide(w, Leave.objects.get()) == {"chief"}  # asked before there was a head, it waits for him now
    assert may_decide(w, asked(w, chief)) == {"leader"}


def test_a_playbook_that_is_silent_sends_heads_to_the_office():
    w = make_supervised_world(playbook="yibin-city")
    assert w.playbook.staffing.leave == ()
    assert may_decide(w, asked(w, w.c.guide)) == {"office"}
    assert may_decide(w, asked(w, w.c.guide_2)) == {"guide"}
    assert may_decide(w, asked(w, w.c.office)) == {"leader"}  # his own request cannot wait for himself


def test_where_the_route_leads_to_nobody_the_office_decides(w):
    head = w.group.members.current().get(head=True)
    row = asked(w, w.c.guide_2)
    supervision.end_member(by=w.c.office, member=head)
    assert may_decide(w, row) == {"office"}
    Post.objects.filter(role="leading_group_head").delete()
    own = asked(w, w.c.guide_2, begin=20)
    Leave.objects.filter(pk=own.pk).update(to="leading_group")
    assert may_decide(w, Leave.objects.get(pk=own.pk)) == {"office"}
    mine = asked(w, w.c.office)
    assert may_decide(w, mine) == set()  # nobody is left; it is not lost
    assert mine in Leave.objects.visible_to(again(w.c.general))


def test_granting_tells_who_asked_and_who_stands_in_but_not_why(client, w, django_capture_on_commit_callbacks):
    client.force_login(w.c.guide_2)
    first = clock.today() + dt.timedelta(days=3)
    sent = {
        "team": f"group:{w.group.pk}",
        "from_date": first,
        "to_date": first,
        "reason": REASON,
        "stand_in": w.c.general.pk,
    }
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("supervision:leave_new"), sent).status_code == 302
    row = Leave.objects.get()
    url = reverse("supervision:leave", args=[row.pk])
    assert set(Notification.objects.filter(url=url).values_list("user__username", flat=True)) == {"guide"}
    client.force_login(w.c.guide)
    assert REASON in client.get(url).content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"deed": "grant", "answer": ""}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("granted", w.c.guide)
    assert set(Notification.objects.filter(url=url).values_list("user__username", flat=True)) == {
        "guide",
        "guide2",
        "general",
    }
    told = [str(one.message) + str(one.params) for one in Notification.objects.all()]
    told += [f"{one.data} {one.object_label}" for one in AuditEntry.objects.all()]
    assert not [text for text in told if REASON in text]


def test_the_reason_is_sealed_and_read_only_by_the_person_and_who_decides(client, w):
    row = asked(w, w.c.guide_2)
    leave.decide_leave(by=again(w.c.guide), leave=row, grant=True, answer="安心养病")
    url = reverse("supervision:leave", args=[row.pk])
    for user, reads in ((w.c.guide_2, True), (w.c.guide, True), (w.c.general, False), (w.c.leader, False)):
        client.force_login(user)
        page = client.get(url).content.decode()
        assert (REASON in page, "安心养病" in page) == (reads, reads), user
        for name in ("leaves", "staff", "duty", "staff_attendance"):
            assert REASON not in client.get(reverse(f"supervision:{name}")).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT reason FROM supervision_leave")
        assert REASON not in str(cursor.fetchall())
    client.force_login(w.c.secretary)
    assert client.get(url).status_code == 403  # the staff's pages are the staff's
    assert Leave.objects.visible_to(again(w.c.secretary)).count() == 0


def test_nobody_decides_on_his_own(client, w):
    row = asked(w, w.c.guide)
    client.force_login(w.c.guide)
    url = reverse("supervision:leave", args=[row.pk])
    assert client.post(url, {"deed": "grant"}).status_code == 403
    with pytest.raises(leave.NotYoursToGrant):
        leave.decide_leave(by=again(w.c.guide), leave=row, grant=True)
    with pytest.raises(leave.NotYoursToGrant):
        leave.decide_leave(by=again(w.c.general), leave=row, grant=True)


def test_a_refusal_says_why_and_the_second_answer_is_told_it_comes_late(client, w):
    row = asked(w, w.c.guide_2)
    url = reverse("supervision:leave", args=[row.pk])
    client.force_login(w.c.guide)
    answer = client.post(url, {"deed": "refuse", "answer": ""})
    assert answer.status_code == 422 and answer.context["answer_form"].errors.keys() == {"answer"}
    with pytest.raises(staff.StaffRefused):
        leave.decide_leave(by=again(w.c.guide), leave=row, grant=False, answer=" ")
    assert client.post(url, {"deed": "refuse", "answer": "检查期间"}).status_code == 302
    with pytest.raises(leave.LeaveMoved):
        leave.decide_leave(by=again(w.c.guide), leave=row, grant=True)
    assert client.post(url, {"deed": "grant"}, follow=True).status_code == 200
    row.refresh_from_db()
    assert (row.state, row.answer) == ("refused", "检查期间")
    assert AuditEntry.objects.filter(action__in=["leave.granted", "leave.refused"]).count() == 1


def test_one_is_not_on_leave_twice_on_one_day(w):
    asked(w, w.c.guide_2, begin=3, days=5)
    with pytest.raises(staff.StaffRefused):
        asked(w, w.c.guide_2, begin=7)
    asked(w, w.c.guide_2, begin=8)


def test_taking_back_only_before_it_begins_and_only_ones_own(client, w):
    running = asked(w, w.c.guide_2, begin=0, days=3)
    leave.decide_leave(by=again(w.c.guide), leave=running, grant=True)
    with pytest.raises(leave.LeaveMoved):
        leave.withdraw_leave(by=w.c.guide_2, leave=running)
    later = asked(w, w.c.guide_2, begin=9)
    leave.decide_leave(by=again(w.c.guide), leave=later, grant=True)
    client.force_login(w.c.office)
    assert client.post(reverse("supervision:leave", args=[later.pk]), {"deed": "withdraw"}).status_code == 403
    leave.withdraw_leave(by=w.c.guide_2, leave=later)
    later.refresh_from_db()
    assert later.state == "withdrawn"


def test_coming_back_ends_the_leave_on_that_day(client, w):
    row = asked(w, w.c.guide_2, begin=-3, days=10)
    leave.decide_leave(by=again(w.c.guide), leave=row, grant=True)
    today = clock.today()
    assert Leave.objects.covering(today, today).exists()
    client.force_login(w.c.guide_2)
    url = reverse("supervision:leave", args=[row.pk])
    late = {"deed": "back", "returned_on": today + dt.timedelta(days=1)}
    assert client.post(url, late).status_code == 422
    assert client.post(url, {"deed": "back", "returned_on": today}).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.last_day) == ("back", today - dt.timedelta(days=1))
    assert not Leave.objects.covering(today, today).exists()
    assert Leave.objects.covering(today - dt.timedelta(days=1), today).exists()


def test_it_waits_on_the_list_of_who_decides_then_of_who_must_report_back(w):
    row = asked(w, w.c.guide_2, begin=-5, days=3)
    url = reverse("supervision:leaves") + "?state=mine"
    assert [one.count for one in todo.gather(again(w.c.guide)) if one.url == url] == [1]
    assert not [one for one in todo.gather(again(w.c.guide_2)) if one.url == url]
    leave.decide_leave(by=again(w.c.guide), leave=row, grant=True)
    assert not [one for one in todo.gather(again(w.c.guide)) if one.url == url]
    titles = [one.title.id for one in todo.gather(again(w.c.guide_2))]
    assert "Note that you are back from leave" in titles


def test_a_head_who_decides_is_asked_to_name_a_deputy(client, w):
    row = asked(w, w.c.guide)
    client.force_login(w.c.guide)
    assert client.get(reverse("supervision:leave", args=[row.pk])).context["decides_things"]
    row = asked(w, w.c.publicity)
    client.force_login(w.c.publicity)
    assert not client.get(reverse("supervision:leave", args=[row.pk])).context["decides_things"]


def test_the_pages_cost_the_same_for_one_and_three(client, w):
    client.force_login(w.c.office)

    def cost(name):
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(f"supervision:{name}")).status_code == 200
        return len(found)

    def granted(who, begin):
        row = asked(w, who, begin=begin)
        decider = again(queries.deciders(row)[0])
        leave.decide_leave(by=decider, leave=row, grant=True)
        access.forget(who)

    granted(w.c.guide_2, 0)
    asked(w, w.c.publicity)
    names = ("leaves", "staff")
    for name in names:
        cost(name)
    one = [cost(name) for name in names]
    granted(w.c.guide, 0)
    granted(w.c.supervisor, 0)
    asked(w, w.c.general)
    asked(w, w.c.publicity, begin=20)
    assert [cost(name) for name in names] == one
