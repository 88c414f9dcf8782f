"""The history of one organisation on one page: in time order, with its evidence, without a member's name."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock as campaign_clock
from assessments.models import Survey
from assessments.tests.factories import survey_round
from campaign import actions as campaign_actions
from campaign import dossier as registry
from campaign.actions import rectification
from campaign.tests.factories import record
from supervision import actions
from supervision.actions import lectures
from supervision.models import MakeUpOrder
from supervision.queries import dossiers
from supervision.tests.factories import (
    agree,
    applied,
    fresh,
    make_supervised_world,
    meeting,
    ordered,
    send_back,
)
from units.models import Member
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
STUDY = [{"check": "study_hours", "override": True}, {"check": "open_makeups"}]


@pytest.fixture
def w():
    return make_supervised_world(gate=STUDY)


def page_of(organization, **query):
    return reverse("supervision:dossier", args=[organization.pk], query=query)


def told(w, organization=None, user=None):
    """The events that a user reads of an organisation, the newest first."""
    subject, _choices = dossiers.subject_of(organization or w.t.health, user or w.c.office)
    return registry.events(subject)


def of(events, kind):
    return [event for event in events if event.kind == kind]


def passed(w):
    """Returned once, then let pass although the hours are short, with a meeting."""
    send_back(w, applied(w), w.c.guide, "supervision", reason="材料不实。")
    row = applied(w)
    agree(w, row, w.c.guide, "supervision")
    agree(w, row, w.c.office, "office", override_reason="防汛停课，已定补学计划。")
    actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    return row


# ---------------------------------------------------------------- what is told
def test_each_word_says_on_which_evidence_it_was_given(w):
    passed(w)
    events = of(told(w), "transitions")
    attempts = [event for event in events if event.mark == "attempt"]
    assert len(attempts) == 2
    findings = attempts[0].folds[0].lines
    assert [line.tone for line in findings] == ["late", "ok"]
    assert "学时" in str(findings[0].text) and "未达到的" in str(findings[0].text)
    words = [event for event in events if event.url.endswith("#findings")]
    assert [str(event.who) for event in words] == ["周明远", "梁志远", "梁志远"]
    assert all("2 项条件中达到 1 项" in event.detail for event in words)
    assert "材料不实" in words[-1].detail and words[-1].tone == "late"
    assert str(words[-1].folds[0].lines[0].text).endswith("缺两个支部的情况。")


def test_what_was_let_pass_stays_on_the_word_that_let_it(w):
    passed(w)
    with_reason = [e for e in told(w) if any("防汛停课" in str(line.text) for f in e.folds for line in f.lines)]
    assert [(e.who, e.tone) for e in with_reason] == [("周明远", "ok")]


def test_a_pass_after_a_return_is_no_first_pass(w):
    passed(w)
    assert [e.mark for e in told(w) if e.mark in {"first", "pass"}] == ["pass"]
    row = applied(w, "archives")
    agree(w, row, w.c.guide, "supervision")
    agree(w, row, w.c.office, "office", override_reason="防汛停课。")
    actions.record_meeting(by=w.c.archives, transition=row, meeting=meeting())
    assert [e.mark for e in told(w, w.t.archives) if e.mark in {"first", "pass"}] == ["first"]


def test_a_make_up_is_told_to_its_end(w):
    order = ordered(w)
    for item in order.items.all():
        actions.record_item(by=w.c.secretary, item=item, done_on=campaign_clock.today(), evidence="已补。")
    actions.report_makeup(by=w.c.secretary, order=order)
    actions.recheck(by=w.c.guide, order=order, close=False, note="笔记太少。", redo=[order.items.first().pk])
    events = of(told(w), "makeups")
    assert {e.tone for e in events} == {"bad", "info", "late"}
    back = next(e for e in events if e.tone == "late")
    assert "笔记太少" in back.detail and "第 1 项" in back.detail
    items = next(e for e in events if e.mark == "order").folds[0].lines
    assert [(str(line.text), line.tone) for line in items] == [("补开动员会", "late"), ("补记学习笔记", "ok")]


def test_stages_tell_the_plan_the_reality_and_the_overrun(w, clock):
    clock.hold(campaign_clock.today() + dt.timedelta(days=40))
    told_stages = of(told(w), "stages")
    assert [e.tone for e in told_stages] == ["bad", "", "info"]
    assert "已超期 16 天" in told_stages[0].detail
    window = campaign_actions.StageWindow(w.playbook.stages[0].key, w.batch.starts_on, campaign_clock.today())
    campaign_actions.reschedule(by=w.c.office, participation=w.p.health, windows=[window], reason="防汛推迟。")
    changed = next(e for e in of(told(w), "stages") if e.folds)
    assert changed.detail == "防汛推迟。" and w.playbook.stages[0].name.zh in str(changed.folds[0].lines[0].text)


def test_activities_are_one_line_a_week(w):
    for days in (1, 2, 3, 9):
        record(w, w.t.health_1, days_ago=days, hours=4)
    weeks = of(told(w), "activities")
    assert [str(line.text) for e in weeks for f in e.folds for line in f.lines] == ["其他活动：3 次", "其他活动：1 次"]
    assert "12 学时" in weeks[0].detail


def test_a_withheld_result_tells_the_verdict_alone(w):
    instrument = w.playbook.instruments[0]
    general = w.c.general
    survey_round(w, w.p.health, instrument, by=w.c.office, confirmed_by=general, valid=40, adverse=30)
    shown = of(told(w), "surveys")[0]
    assert "%" in shown.detail and shown.folds[0].lines[0].tone == "bad"
    Survey.objects.update(withheld=True)
    hidden = of(told(w), "surveys")[0]
    assert "%" not in hidden.detail and "不显示" in hidden.detail and hidden.folds == shown.folds


# ---------------------------------------------------------------- who reads it
def test_nobody_is_named_who_falls_short(client, w):
    passed(w)
    Member.objects.filter(pk=w.t.members["Z003"][0].pk).update(name="欧阳不学")
    applied_again = applied(w, "archives")
    assert applied_again.findings[0]["missing"]
    client.force_login(w.c.office)
    for place in (w.t.health, w.t.archives):
        text = client.get(page_of(place, print=1)).content.decode()
        named = [
            name for name in Member.objects.values_list("name", flat=True) if f"{name}<" in text or f"{name}、" in text
        ]
        assert not named


def test_it_is_open_to_who_sees_the_organisation_and_tells_each_his_own(client, w):
    passed(w)
    client.force_login(w.c.court)
    assert client.get(page_of(w.t.health)).status_code == 404
    client.force_login(w.c.branch)
    assert client.get(page_of(w.t.health)).status_code == 404
    assert client.get(page_of(w.t.health_1)).status_code == 200
    assert not of(told(w, w.t.health_1, w.c.branch), "transitions")  # the unit hands them in, not the branch
    assert of(told(w, w.t.health_1, w.c.branch), "stages")  # but the branch goes through the stages with it
    client.force_login(w.c.guide)
    assert client.get(page_of(w.t.health)).status_code == 200
    for name in ("outsider", "sysadmin", "auditor", "member"):
        client.force_login(getattr(w.c, name))
        assert client.get(page_of(w.t.health)).status_code == 404


def test_an_organisation_above_all_units_is_led_to_them(client, w):
    client.force_login(w.c.office)
    answer = client.get(page_of(w.t.county))
    assert answer.status_code == 200 and reverse("campaign:participations") in answer.content.decode()


def test_a_unit_is_found_by_its_participation(client, w):
    client.force_login(w.c.guide)
    answer = client.get(reverse("supervision:unit_dossier", args=[w.p.health.pk]))
    assert answer["Location"] == page_of(w.t.health, batch=w.batch.pk)
    client.force_login(w.c.branch)
    assert client.get(reverse("supervision:unit_dossier", args=[w.p.health.pk])).status_code == 404


# ---------------------------------------------------------------- the page
def test_it_is_narrowed_by_chapter_stage_and_time(client, w):
    passed(w)
    ordered(w)
    client.force_login(w.c.office)

    def kinds(**query):
        return {row.event.kind for row in client.get(page_of(w.t.health, **query)).context["rows"]}

    assert {"transitions", "makeups", "stages"} <= kinds()
    assert kinds(kind="makeups") == {"makeups"}
    assert kinds(kind=["makeups", "stages"]) == {"makeups", "stages"}
    assert "transitions" not in kinds(stage=w.playbook.stages[1].key)
    assert kinds(until=str(w.batch.starts_on)) <= {"stages", "reports"}
    wrong = client.get(page_of(w.t.health, since="昨天"))
    assert wrong.status_code == 200 and wrong.context["form"].errors.keys() == {"since"}
    assert len(wrong.context["rows"]) == len(client.get(page_of(w.t.health)).context["rows"])


def test_the_printed_one_is_whole_the_oldest_first_and_open(client, w, monkeypatch):
    passed(w)
    monkeypatch.setattr("supervision.views.dossiers.PER_PAGE", 2)
    client.force_login(w.c.office)
    short = client.get(page_of(w.t.health))
    whole = client.get(page_of(w.t.health, print=1))
    assert len(short.context["rows"]) == 2 < len(whole.context["rows"])
    days = [row.event.day for row in whole.context["rows"]]
    assert days == sorted(days)
    text = whole.content.decode()
    assert text.count('<details class="fold" open>') == text.count('<details class="fold"') > 0


def test_the_picture_carries_the_signs_and_the_head_the_figures(client, w):
    passed(w)
    ordered(w)
    client.force_login(w.c.office)
    context = client.get(page_of(w.t.health)).context
    lanes = context["picture"].lanes
    assert len(lanes) == len(w.playbook.stages)
    assert sorted(mark.shape for lane in lanes for mark in lane.marks) == ["attempt", "attempt", "order", "pass"]
    figures = context["summary"]
    assert (figures.stages_done, figures.attempts, figures.passed_first, figures.orders) == (1, 2, 0, 1)
    assert figures.members == 6


def test_the_dossier_of_a_closed_batch_stays_open(client, w):
    batch = w.batch
    type(batch).objects.filter(pk=batch.pk).update(closed_on=campaign_clock.today())
    client.force_login(w.c.office)
    assert client.get(page_of(w.t.health)).status_code == 200


def test_a_unit_without_stages_has_no_picture(client, w):
    type(w.p.court).objects.filter(pk=w.p.court.pk).update(staged=False)
    w.p.court.progress.all().delete()
    client.force_login(w.c.office)
    answer = client.get(page_of(w.t.court))
    assert answer.context["picture"] is None and "不分阶段" in answer.content.decode()


# ---------------------------------------------------------------- queries
def more(w, number):
    """One of each kind that there can be many of."""
    row = applied(w)
    send_back(w, row, w.c.guide, "supervision")
    order = ordered(w)
    MakeUpOrder.objects.filter(pk=order.pk).update(state="closed")
    lectures.send_lecture(by=w.c.secretary, participation=w.p.health, title=f"党课{number}", lecturer="局长", text="稿")
    survey_round(w, w.p.health, w.playbook.instruments[0], by=w.c.office, confirmed_by=w.c.general)
    record(w, w.t.health_1, days_ago=7 * number, hours=2)
    data = rectification.ItemData(problem=f"问题{number}", kind="immediate", responsible_name="办公室")
    rectification.register_item(by=w.c.secretary, batch=w.batch, organization=w.t.health, stage="study", data=data)
    campaign_actions.give_notice(
        by=w.c.secretary, batch=w.batch, organization=w.t.health, kind="plan", title="方案", scope="unit", days=7
    )
    group = actions.create_group(by=w.c.office, campaign=w.batch.campaign, name=f"第{number}组")
    actions.assign(by=w.c.office, group=group, organization=w.t.health)
    window = campaign_actions.StageWindow(w.playbook.stages[0].key, w.batch.starts_on, campaign_clock.today())
    campaign_actions.reschedule(by=w.c.office, participation=w.p.health, windows=[window], reason="推迟")


def queries_of(client, w):
    with CaptureQueriesContext(
        connection,
    ) as caught:
        assert client.get(page_of(w.t.health, print=1)).status_code == 200
    return len(caught)


def test_the_number_of_queries_is_the_same_for_one_and_three_of_each(client, w):
    client.force_login(user_with("leading_group_head", w.t.county, "reader"))
    more(w, 1)
    queries_of(client, w)  # what is read once for a session
    one = queries_of(client, w)
    more(w, 2)
    more(w, 3)
    assert fresh(w.p.health).transitions.count() == 3
    assert queries_of(client, w) == one
