"""Agreeing to many at once, deputies, and posts that are forged, replayed, out of order or in one's own cause."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from assessments.actions import analyses_after
from supervision import actions, rules
from supervision.actions.reviews import agree_to_all
from supervision.models import Decision, Reply, Transition
from supervision.tests.factories import (
    agree,
    applied,
    approved,
    fresh,
    make_supervised_world,
    meeting,
    ordered,
    send_back,
    set_gate,
)
from units.models import Post
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
LIST, AGREE = "supervision:reviews", "supervision:reviews_agree"


@pytest.fixture
def w():
    return make_supervised_world()


def again(user):
    """The same person signing in anew: what was read of his posts and deputies is forgotten."""
    return User.objects.get(pk=user.pk)


def get(client, user):
    client.force_login(user)
    return client.get(reverse(LIST))


def post(client, user, *rows):
    client.force_login(user)
    return client.post(reverse(AGREE), {"transition": [row.pk for row in rows]})


def decide(client, user, row, **data):
    client.force_login(user)
    return client.post(reverse("supervision:decide", args=[row.pk]), data)


# ---------------------------------------------------------------- many at once
def test_those_that_meet_everything_are_agreed_to_each_by_itself(client, w):
    rows = [applied(w, name) for name in ("archives", "health")]
    response = post(client, w.c.guide, *rows)
    assert response.status_code == 200 and response.context["agreed"] == 2
    assert {d.transition_id for d in Decision.objects.filter(body="supervision")} == {row.pk for row in rows}
    entries = AuditEntry.objects.filter(action="transition.agreed")
    assert {entry.object_id for entry in entries} == {str(row.pk) for row in rows} and entries.count() == 2


def test_one_with_a_finding_that_does_not_pass_cannot_be_ticked_nor_posted(client, w):
    set_gate(w, [{"check": "study_hours", "soft": True}, {"check": "open_makeups"}])
    unmet = applied(w, "archives")
    set_gate(w, [{"check": "open_makeups"}])
    met = applied(w, "health")
    html = get(client, w.c.guide).content.decode()
    assert f'value="{met.pk}"' in html and f'value="{unmet.pk}"' not in html and "学时" in html
    response = post(client, w.c.guide, unmet, met)
    assert [o.agreed for o in response.context["outcomes"]] == [False, True]
    assert [d.transition_id for d in Decision.objects.all()] == [met.pk]


def test_one_that_is_worse_today_is_left_for_a_decision_of_its_own(client, w):
    rows = [applied(w, name) for name in ("archives", "health")]
    ordered(w)  # a make-up of health since
    response = post(client, w.c.guide, *rows)
    told = {o.transition.pk: o for o in response.context["outcomes"]}
    assert told[rows[0].pk].agreed and not told[rows[1].pk].agreed
    assert "补课" in str(told[rows[1].pk].refusal)
    assert not rows[1].decisions.exists()


def test_replayed_and_foreign_ones_are_refused_one_by_one(client, w):
    row = applied(w, "health")
    assert post(client, w.c.guide, row).context["agreed"] == 1
    assert post(client, w.c.guide, row).context["agreed"] == 0
    assert post(client, w.c.guide_2, row).context["agreed"] == 0  # the body has spoken
    assert post(client, w.c.secretary, row).context["agreed"] == 0  # the applicant
    assert post(client, w.c.court, row).status_code == 422  # outside his scope: it does not exist
    assert Decision.objects.count() == 1
    assert post(client, w.c.guide).status_code == 422


def test_the_page_is_for_those_who_decide(client, w):
    applied(w)
    assert len(get(client, w.c.guide).context["rows"]) == 1
    assert get(client, w.c.branch).status_code == 403
    assert get(client, w.c.outsider).status_code == 404
    client.force_login(w.c.guide)
    assert client.get(reverse(AGREE)).status_code == 302


def test_the_page_asks_as_often_for_three_as_for_one(client, w):
    applied(w, "archives")
    get(client, w.c.office)
    counts = []
    for name in ("health", "court"):
        with CaptureQueriesContext(connection) as captured:
            assert get(client, w.c.office).status_code == 200
        counts.append(len(captured))
        applied(w, name)
    with CaptureQueriesContext(connection) as captured:
        get(client, w.c.office)
    assert {*counts, len(captured)} == {counts[0]}


# ---------------------------------------------------------------- deputies
@pytest.fixture
def away(w):
    """The head of the office is away; a colleague without any right to decide stands in for him."""
    w.c.deputy = user_with("office_publicity", w.t.county, "deputy", "高建国")
    given = {"from_date": clock.today(), "to_date": clock.today() + dt.timedelta(days=3), "reason": "出差"}
    w.deputy = analyses_after.set_deputy(by=w.c.office, principal=w.c.office, deputy=w.c.deputy, **given)
    return w


def test_a_deputy_decides_for_the_one_he_stands_in_for(client, away, django_capture_on_commit_callbacks):
    w = away
    with django_capture_on_commit_callbacks(execute=True):
        row = applied(w)
    deputy = again(w.c.deputy)
    assert deputy in rules.deciders(row, "office")
    assert Notification.objects.filter(user=deputy, url=reverse("supervision:transition", args=[row.pk])).exists()
    client.force_login(deputy)
    shown = client.get(reverse("supervision:transition", args=[row.pk])).content.decode()
    assert reverse("supervision:decide", args=[row.pk]) in shown
    assert decide(client, deputy, row, body="office", verdict="agree").status_code == 302
    decision = Decision.objects.get()
    assert decision.by == deputy and decision.on_behalf_of == w.c.office
    assert decision.who == "高建国（代周明远）"
    assert AuditEntry.objects.get(action="transition.agreed").data["for"] == "周明远"


def test_neither_of_the_two_speaks_a_second_time(away):
    w = away
    row = applied(w)
    agree(w, row, again(w.c.deputy), "office")
    with pytest.raises(actions.TransitionRefused):
        agree(w, row, again(w.c.office), "supervision")
    with pytest.raises(actions.AlreadyDecided):
        agree(w, row, again(w.c.general), "office")


def test_a_deputy_has_the_power_on_these_days_only(away):
    w = away
    row = applied(w)
    with clock.freeze(clock.now() + dt.timedelta(days=4)), pytest.raises(actions.NotYours):
        agree(w, row, again(w.c.deputy), "office")
    analyses_after.end_deputy(by=w.c.office, deputy=w.deputy)
    with pytest.raises(actions.NotYours):
        agree(w, row, again(w.c.deputy), "office")


def test_the_applicant_and_those_inside_decide_nothing_as_deputies(w):
    given = {"from_date": clock.today(), "to_date": clock.today(), "reason": "出差"}
    for person in (w.c.secretary, w.c.branch):
        analyses_after.set_deputy(by=w.c.office, principal=w.c.office, deputy=person, **given)
    row = applied(w)
    for person in (w.c.secretary, w.c.branch):
        assert again(person) not in rules.deciders(row, "office")
        with pytest.raises(actions.NotYours):
            agree(w, row, again(person), "office")


def test_a_deputy_from_elsewhere_sees_what_he_decides_on(w):
    given = {"from_date": clock.today(), "to_date": clock.today(), "reason": "病假"}
    analyses_after.set_deputy(by=w.c.guide, principal=w.c.guide, deputy=w.c.court, **given)
    row, own = applied(w, "health"), applied(w, "court")
    court = again(w.c.court)
    assert row in Transition.objects.visible_to(court)
    agree(w, row, court, "supervision")
    with pytest.raises(actions.NotYours):  # of his own unit he decides nothing
        agree(w, own, court, "supervision")


# ---------------------------------------------------------------- the reply and the meeting
def test_every_decision_that_ends_a_review_is_a_numbered_reply(w):
    first = approved(w, "health")
    second = applied(w, "archives")
    send_back(w, second, w.c.guide, "supervision")
    assert not Reply.objects.filter(transition=applied(w, "court")).exists()
    numbers = [Reply.objects.get(transition=row).number for row in (first, second)]
    assert numbers == [1, 2]
    assert str(first.reply) == f"〔{clock.today().year}〕1号" and first.reply.issued_on == clock.today()


def test_without_the_reply_no_meeting(client, w):
    row = applied(w)
    with pytest.raises(actions.TransitionRefused, match="批复"):
        actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    client.force_login(w.c.secretary)
    assert client.get(reverse("supervision:meeting", args=[row.pk])).status_code == 302
    assert fresh(w.p.health).current().stage == row.stage


def test_the_secretary_s_presence_is_kept(client, w):
    row = approved(w)
    client.force_login(w.c.secretary)
    data = {"held_on": clock.today(), "place": "三楼", "speaker": "李文静", "present": 6, "secretary": "on"}
    client.post(reverse("supervision:meeting", args=[row.pk]), data)
    row.refresh_from_db()
    assert row.state == "completed" and row.meeting_secretary


# ---------------------------------------------------------------- told at every step
def told(user, row):
    url = reverse("supervision:transition", args=[row.pk])
    return list(Notification.objects.filter(user=user, url=url).order_by("pk").values_list("message", flat=True))


def test_the_applicant_hears_of_every_step_and_above_all_of_a_return(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = applied(w)
    with django_capture_on_commit_callbacks(execute=True):
        agree(w, row, w.c.guide, "supervision")
    assert len(told(w.c.secretary, row)) == 1
    with django_capture_on_commit_callbacks(execute=True):
        send_back(w, row, w.c.office, "office")
    assert len(told(w.c.secretary, row)) == 2 and "was returned" in told(w.c.secretary, row)[-1]
    assert len(told(w.c.guide, row)) == 2  # asked for the word, then that it was returned
    with django_capture_on_commit_callbacks(execute=True):
        second = approved(w)
        actions.record_meeting(by=w.c.secretary, transition=second, meeting=meeting())
    assert "All have agreed" in told(w.c.secretary, second)[-1]
    assert "has passed the stage" in told(w.c.office, second)[-1]


# ---------------------------------------------------------------- forged, replayed, out of order, one's own
def test_posts_as_another_body_twice_before_one_s_turn_or_in_one_s_own_cause_change_nothing(client):
    w = make_supervised_world(playbook="xingwen-county")
    row = applied(w)
    user_with("office_head", w.t.county, "second", "李文静二")
    assert decide(client, w.c.guide, row, body="office", verdict="agree").status_code == 422  # forged body
    decide(client, w.c.office, row, body="office", verdict="agree")  # before his turn
    assert not Decision.objects.exists()
    decide(client, w.c.guide, row, body="supervision", verdict="agree")
    decide(client, w.c.guide, row, body="supervision", verdict="agree")  # the same once more
    decide(client, w.c.guide_2, row, body="supervision", verdict="return", reason="再看")
    assert [d.by for d in Decision.objects.all()] == [w.c.guide]
    assert AuditEntry.objects.filter(action="transition.agreed").count() == 1


def test_an_applicant_with_a_second_post_above_decides_nothing_of_his_own(client, w):
    row = applied(w)
    Post.objects.create(user=w.c.secretary, organization=w.t.county, role="office_head", from_date=clock.today())
    assert decide(client, again(w.c.secretary), row, body="office", verdict="agree").status_code == 403
    assert post(client, again(w.c.secretary), row).context["agreed"] == 0
    assert not Decision.objects.exists()


def test_agreeing_to_all_in_code_tells_of_each(w):
    rows = [applied(w, "archives"), applied(w, "health")]
    outcomes = agree_to_all(by=w.c.guide, transitions=[*rows, rows[0]])
    assert [outcome.agreed for outcome in outcomes] == [True, True, False]
