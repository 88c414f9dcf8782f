"""Pages of gates and applications: who sees what, what a post does, how many queries it takes."""

import datetime as dt

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from campaign.models import StageProgress
from supervision import actions
from supervision.models import Decision, MakeUpOrder, Transition
from supervision.tests.factories import (
    PARTS,
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

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def page(client, user, name, *args, **query):
    client.force_login(user)
    return client.get(reverse(f"supervision:{name}", args=args), query)


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"supervision:{name}", args=args), data)


def queries_of(client, user, name, *args):
    client.force_login(user)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(reverse(f"supervision:{name}", args=args)).status_code == 200
    return len(captured)


def said(response):
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


# ---------------------------------------------------------------- gate
@pytest.mark.parametrize("who", ["secretary", "branch", "committee", "office", "guide", "leader", "supervisor"])
def test_the_gate_page_is_the_same_for_all_whom_it_concerns(client, w, who):
    response = page(client, getattr(w.c, who), "gate", w.p.health.pk)
    assert response.status_code == 200
    assert [finding.key for finding in response.context["gate"]] == ["open_makeups"]


@pytest.mark.parametrize("who", ["archives", "outsider", "sysadmin", "auditor", "member"])
def test_the_gate_page_is_not_there_for_others(client, w, who):
    assert page(client, getattr(w.c, who), "gate", w.p.health.pk).status_code == 404


def test_the_gate_page_shows_buttons_by_right(client, w):
    apply_url, order_url = (reverse(f"supervision:{n}", args=[w.p.health.pk]) for n in ("apply", "makeup_new"))
    secretary = page(client, w.c.secretary, "gate", w.p.health.pk).content.decode()
    assert apply_url in secretary and order_url not in secretary
    guide = page(client, w.c.guide, "gate", w.p.health.pk).content.decode()
    assert apply_url not in guide and order_url in guide
    branch = page(client, w.c.branch, "gate", w.p.health.pk).content.decode()
    assert apply_url not in branch and order_url not in branch


def test_the_gate_page_says_what_is_missing_and_where_to_mend_it(client, w):
    order = ordered(w, w.t.health_1)
    html = page(client, w.c.secretary, "gate", w.p.health.pk).content.decode()
    assert "县卫生局第一党支部" in html and reverse("supervision:makeup", args=[order.pk]) in html
    assert reverse("supervision:apply", args=[w.p.health.pk]) not in html


@pytest.mark.parametrize(("state", "text"), [("ahead", "hourglass"), ("done", "circle-check")])
def test_the_gate_page_of_a_stage_that_is_not_begun_or_past(client, w, state, text):
    StageProgress.objects.filter(participation=w.p.health).update(state=state)
    participation = fresh(w.p.health)
    participation.state = "preparing" if state == "ahead" else "active"
    participation.save()
    response = page(client, w.c.secretary, "gate", w.p.health.pk)
    assert response.status_code == 200 and text in response.content.decode()


def test_the_gate_page_of_a_real_gate_needs_as_many_queries_for_one_branch_as_for_two(client, w):
    gate = [{"check": n} for n in ("study_hours", "concentrated_days", "coverage", "actions", "member_marks")]
    set_gate(w, [*gate, {"check": "open_makeups"}])
    page(client, w.c.office, "gate", w.p.health.pk)
    one = queries_of(client, w.c.office, "gate", w.p.court.pk)
    two = queries_of(client, w.c.office, "gate", w.p.health.pk)
    assert two <= one + 1 and two < 60


# ---------------------------------------------------------------- apply
def test_the_secretary_applies_from_a_page_that_is_begun_for_him(client, w):
    response = page(client, w.c.secretary, "apply", w.p.health.pk)
    assert response.status_code == 200
    assert "6" in response.context["form"]["situation"].value()
    response = post(client, w.c.secretary, "apply", w.p.health.pk, **PARTS)
    row = Transition.objects.get()
    assert response.url == reverse("supervision:transition", args=[row.pk]) and row.parts == PARTS


@pytest.mark.parametrize("who", ["branch", "office", "guide", "committee"])
def test_others_in_scope_may_not_apply(client, w, who):
    assert page(client, getattr(w.c, who), "apply", w.p.health.pk).status_code == 403
    assert post(client, getattr(w.c, who), "apply", w.p.health.pk, **PARTS).status_code == 403


def test_applying_outside_ones_scope_is_not_there(client, w):
    assert page(client, w.c.archives, "apply", w.p.health.pk).status_code == 404


def test_nothing_typed_is_lost_when_a_part_is_missing(client, w):
    response = post(client, w.c.secretary, "apply", w.p.health.pk, **{**PARTS, "satisfaction": ""})
    assert response.context["form"].errors.keys() == {"satisfaction"}
    assert PARTS["situation"] in response.content.decode() and not Transition.objects.exists()


def test_a_replayed_application_is_refused_with_the_reason(client, w):
    post(client, w.c.secretary, "apply", w.p.health.pk, **PARTS)
    response = post(client, w.c.secretary, "apply", w.p.health.pk, **PARTS)
    assert response.context["form"].non_field_errors() and Transition.objects.count() == 1


def test_the_second_application_begins_with_the_text_of_the_first(client, w):
    row = applied(w)
    send_back(w, row, w.c.guide, "supervision")
    response = page(client, w.c.secretary, "apply", w.p.health.pk)
    assert response.context["form"]["situation"].value() == PARTS["situation"]
    assert "缺两个支部的情况。" in response.content.decode()


# ---------------------------------------------------------------- review
@pytest.mark.parametrize("who", ["secretary", "office", "guide", "leader", "general"])
def test_the_review_page_shows(client, w, who):
    row = applied(w)
    assert page(client, getattr(w.c, who), "transition", row.pk).status_code == 200


@pytest.mark.parametrize("who", ["archives", "branch", "outsider", "member", "auditor"])
def test_the_review_page_is_not_there_outside_the_scope(client, w, who):
    row = applied(w)
    assert page(client, getattr(w.c, who), "transition", row.pk).status_code == 404


def test_only_whose_turn_it_is_gets_the_form(client, w):
    row = applied(w)
    url = reverse("supervision:decide", args=[row.pk])
    assert url in page(client, w.c.guide, "transition", row.pk).content.decode()
    assert url not in page(client, w.c.secretary, "transition", row.pk).content.decode()
    assert url not in page(client, w.c.supervisor, "transition", row.pk).content.decode()
    agree(w, row, w.c.guide, "supervision")
    assert url not in page(client, w.c.guide_2, "transition", row.pk).content.decode()


def test_checking_again_stands_apart_from_the_frozen_findings(client, w):
    row = applied(w)
    ordered(w)
    response = page(client, w.c.office, "transition", row.pk, again=1)
    assert response.context["gate"].open and not response.context["again"].open


def test_changes_since_the_last_attempt_are_marked(client, w):
    send_back(w, applied(w), w.c.guide, "supervision")
    changed = {**PARTS, "situation": "本单位6人全部参加。\n补开动员会一次。"}
    row = actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts=changed)
    html = page(client, w.c.guide, "transition", row.pk).content.decode()
    assert "<ins>6人</ins>" in html and "<ins>补开动员会一次。</ins>" in html


def test_agreeing_by_post(client, w):
    row = applied(w)
    response = post(client, w.c.guide, "decide", row.pk, body="supervision", verdict="agree")
    assert response.status_code == 302 and Decision.objects.get().verdict == "agree"


@pytest.mark.parametrize(("who", "status"), [("secretary", 403), ("leader", 403), ("branch", 404), ("outsider", 404)])
def test_deciding_without_the_right(client, w, who, status):
    row = applied(w)
    response = post(client, getattr(w.c, who), "decide", row.pk, body="office", verdict="agree")
    assert response.status_code == status and not Decision.objects.exists()


def test_a_forged_body_is_refused(client, w):
    row = applied(w)
    response = post(client, w.c.guide, "decide", row.pk, body="office", verdict="agree")
    assert response.status_code == 422 and not Decision.objects.exists()


def test_a_replayed_decision_is_told_who_was_faster(client, w):
    row = applied(w)
    agree(w, row, w.c.guide_2, "supervision")
    response = post(client, w.c.guide, "decide", row.pk, body="supervision", verdict="return", reason="x")
    assert response.status_code == 302 and "宋玉兰" in said(response)
    assert Decision.objects.count() == 1


def test_out_of_turn_by_post(client):
    w = make_supervised_world(playbook="xingwen-county")
    row = applied(w)
    response = post(client, w.c.office, "decide", row.pk, body="office", verdict="agree")
    assert response.status_code == 302 and not Decision.objects.exists() and said(response)


def test_a_return_by_post_needs_what_is_wrong_and_keeps_what_was_typed(client, w):
    row = applied(w)
    data = {"body": "supervision", "verdict": "return", "part_situation": "on", "why_next_stage": "没有日期。"}
    response = post(client, w.c.guide, "decide", row.pk, **data)
    assert response.status_code == 422 and "why_situation" in response.context["form"].errors
    assert "没有日期。" in response.content.decode()
    response = post(client, w.c.guide, "decide", row.pk, **data, why_situation="缺人数。")
    assert response.status_code == 302
    assert Decision.objects.get().sections["parts"] == {"situation": "缺人数。"}


def test_a_makeup_by_post(client, w):
    row = applied(w)
    until = clock.today() + dt.timedelta(days=7)
    data = {"body": "office", "verdict": "make_up", "reason": "学时不实。", "items": "1. 补学 6 学时\n\n2、补记笔记"}
    response = post(client, w.c.office, "decide", row.pk, **data)
    assert response.status_code == 422 and "due_on" in response.context["form"].errors
    response = post(client, w.c.office, "decide", row.pk, **data, due_on=until, organization=w.t.archives.pk)
    assert response.status_code == 422 and not MakeUpOrder.objects.exists()
    response = post(client, w.c.office, "decide", row.pk, **data, due_on=until, organization=w.t.health_2.pk)
    assert response.status_code == 302
    order = MakeUpOrder.objects.get()
    assert order.organization == w.t.health_2 and [item.text for item in order.items.all()] == [
        "补学 6 学时",
        "补记笔记",
    ]


def test_an_override_reason_stays_on_the_page(client, w):
    set_gate(w, [{"check": "study_hours", "override": True}])
    row = applied(w)
    response = post(client, w.c.office, "decide", row.pk, body="office", verdict="agree")
    assert response.status_code == 422
    post(client, w.c.office, "decide", row.pk, body="office", verdict="agree", override_reason="防汛停课。")
    assert "防汛停课。" in page(client, w.c.secretary, "transition", row.pk).content.decode()


def test_the_meeting_by_post(client, w):
    row = approved(w)
    form = {"held_on": clock.today(), "place": "会议室", "speaker": "李文静", "present": 6}
    assert page(client, w.c.office, "meeting", row.pk).status_code == 403
    assert page(client, w.c.secretary, "meeting", row.pk).status_code == 200
    response = post(client, w.c.secretary, "meeting", row.pk, **{**form, "held_on": "2001-01-01"})
    assert response.context["form"].non_field_errors()
    post(client, w.c.secretary, "meeting", row.pk, **form)
    row.refresh_from_db()
    assert row.state == "completed" and row.meeting_speaker == "李文静"
    assert post(client, w.c.secretary, "meeting", row.pk, **form).status_code == 302


def test_withdrawing_by_post(client, w):
    row = applied(w)
    assert post(client, w.c.office, "withdraw", row.pk).status_code == 403
    assert page(client, w.c.secretary, "withdraw", row.pk).status_code == 405
    post(client, w.c.secretary, "withdraw", row.pk)
    row.refresh_from_db()
    assert row.state == "withdrawn"


# ---------------------------------------------------------------- the list
def test_what_waits_for_me_stands_on_top(client, w):
    first, second = applied(w, "archives"), applied(w, "health")
    Transition.objects.filter(pk=first.pk).update(applied_at=clock.now() - dt.timedelta(hours=1))
    agree(w, first, w.c.guide, "supervision")
    rows = page(client, w.c.guide, "transitions").context["rows"]
    assert [row.transition.pk for row in rows] == [second.pk, first.pk] and rows[0].mine and not rows[1].mine
    rows = page(client, w.c.office, "transitions").context["rows"]
    assert [row.transition.pk for row in rows] == [first.pk, second.pk]


def test_the_list_keeps_to_the_scope_and_the_filters(client, w):
    applied(w, "archives")
    row = applied(w, "health")
    assert [r.transition for r in page(client, w.c.secretary, "transitions").context["rows"]] == [row]
    assert not page(client, w.c.court, "transitions").context["rows"]
    for user, status in ((w.c.outsider, 404), (w.c.member, 403), (w.c.auditor, 403)):
        client.force_login(user)
        assert client.get(reverse("supervision:transitions")).status_code == status, user.username
    found = page(client, w.c.office, "transitions", q="卫生", state="submitted", stage="study").context["rows"]
    assert [r.transition for r in found] == [row]
    assert not page(client, w.c.office, "transitions", state="returned").context["rows"]
    assert len(page(client, w.c.office, "transitions", state="mine").context["rows"]) == 2


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, w):
    applied(w, "archives")
    page(client, w.c.office, "transitions")
    one = queries_of(client, w.c.office, "transitions")
    applied(w, "health")
    applied(w, "court")
    assert queries_of(client, w.c.office, "transitions") == one


def test_the_review_page_asks_as_often_after_three_attempts_as_after_two(client, w):
    send_back(w, applied(w), w.c.guide, "supervision")
    second = applied(w)
    page(client, w.c.office, "transition", second.pk)
    before = queries_of(client, w.c.office, "transition", second.pk)
    send_back(w, second, w.c.guide, "supervision")
    third = applied(w)
    assert queries_of(client, w.c.office, "transition", third.pk) == before


def test_a_passed_application_tells_of_its_meeting(client, w):
    row = approved(w)
    actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting(note="会议开得好。"))
    html = page(client, w.c.office, "transition", row.pk).content.decode()
    assert "会议开得好。" in html and "三楼会议室" in html


def test_applying_again_is_offered_on_the_last_returned_attempt_only(client, w):
    first = applied(w)
    send_back(w, first, w.c.guide, "supervision")
    again = reverse("supervision:apply", args=[w.p.health.pk])
    assert again in page(client, w.c.secretary, "transition", first.pk).content.decode()
    assert again not in page(client, w.c.office, "transition", first.pk).content.decode()
    applied(w)
    assert again not in page(client, w.c.secretary, "transition", first.pk).content.decode()
