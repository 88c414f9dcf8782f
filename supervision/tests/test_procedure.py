"""The six ordered steps, summaries from below, filing beside the approval, and records held under review (F-49, J)."""

import copy
import datetime as dt

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from assessments.actions.lookbacks import Answer, save_lookback
from assessments.procedure import StepFirst
from assessments.tests.factories import survey_round
from campaign import actions as work
from campaign import todo
from campaign.evidence import Evidence
from campaign.findings import Finding, Gate
from campaign.holds import Held
from campaign.models import Batch, Campaign, MemberMark, StageProgress
from campaign.summaries import missing_below, summary_levels
from campaign.tests.factories import record
from supervision import actions
from supervision.actions import filings
from supervision.models import Filing, Transition
from supervision.procedure import ordered_steps
from supervision.since import finding_changes, recorded_since, worse
from supervision.tests.factories import PARTS, agree, applied, fresh, make_supervised_world, send_back
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db

TEXTS = dict.fromkeys(
    ("basics", "practice", "results", "experience", "problems", "measures", "suggestions"), "按要求完成。"
)


def at_analysis(w):
    """Everybody stands in the second stage, whose gate asks for the survey and no open make-up only."""
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    snapshot = copy.deepcopy(campaign.snapshot)
    for stage in snapshot["stages"]:
        if stage["key"] == "analysis":
            stage["gate"] = [{"check": "survey", "instrument": "stage2"}, {"check": "open_makeups"}]
    Campaign.objects.filter(pk=campaign.pk).update(snapshot=snapshot)
    since = clock.today() - dt.timedelta(days=9)
    for row in vars(w.p).values():
        work.move_stage(by=w.c.office, participation=fresh(row), expected="study", target="analysis", on=since)
    w.batch = Batch.objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.playbook = w.batch.campaign.playbook
    for name in vars(w.p):
        setattr(w.p, name, fresh(getattr(w.p, name)))
    return w


@pytest.fixture
def linyi():
    return at_analysis(make_supervised_world(playbook="linyi-city"))


def look_back(w):
    lookback = w.playbook.lookbacks[0]
    answers = {question.key: Answer(verdict="good") for question in lookback.questions}
    here = {"batch": w.batch, "organization": w.t.health, "lookback": lookback}
    return save_lookback(by=w.c.secretary, version=0, answers=answers, complete=True, **here)


def survey(w):
    second = getattr(w.c, "second", None) or user_with("office_head", w.t.county, "second", "顾云")
    w.c.second = second
    instrument = w.playbook.instrument("stage2")
    return survey_round(w, fresh(w.p.health), instrument, by=w.c.office, confirmed_by=second)


def states(w, transition=None):
    row = Transition.objects.get(pk=transition.pk) if transition else None
    return [step.state for step in ordered_steps(fresh(w.p.health), "analysis", row)]


def ready(w):
    look_back(w)
    survey(w)
    return applied(w)


# ---------------------------------------------------------------- six steps
def test_the_steps_are_taken_one_after_another_with_day_and_person(linyi):
    w = linyi
    assert states(w) == ["here", "", "", "", "", ""]
    look_back(w)
    assert states(w) == ["done", "here", "", "", "", ""]
    survey(w)
    assert states(w) == ["done", "done", "here", "", "", ""]
    row = applied(w)
    assert states(w, row) == ["done", "done", "done", "here", "", ""]
    agree(w, row, w.c.guide, "supervision")
    agree(w, row, w.c.leader, "leading_group")
    assert states(w, row) == ["done", "done", "done", "done", "done", "here"]
    done = ordered_steps(fresh(w.p.health), "analysis", Transition.objects.get(pk=row.pk))
    assert [step.who for step in done[2:5]] == ["李文静", "梁志远", "罗晓岚"] and all(step.on for step in done[:5])
    meeting = actions.Meeting(held_on=clock.today(), place="礼堂", speaker="李文静", present=6, secretary=True)
    actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting)
    assert states(w, row) == ["done"] * 6


def test_out_of_order_is_refused_and_says_which_step_comes_first(client, linyi):
    w = linyi
    with pytest.raises(StepFirst, match="自查自看"):
        survey(w)
    with pytest.raises(actions.TransitionRefused, match="自查自看"):
        applied(w)
    client.force_login(w.c.office)
    url = reverse("assessments:survey_new", args=[w.p.health.pk])
    data = {"instrument": "stage2", "held_on": clock.today(), "place": "礼堂", "organizer": "督导组"}
    assert "自查自看" in client.post(url, data).content.decode()
    look_back(w)
    with pytest.raises(actions.TransitionRefused, match="民主测评"):
        applied(w)
    survey(w)
    row = applied(w)
    with pytest.raises(actions.NotYourTurn):
        agree(w, row, w.c.leader, "leading_group")
    meeting = actions.Meeting(held_on=clock.today(), place="礼堂", speaker="李文静", present=6)
    with pytest.raises(actions.TransitionRefused, match="批复"):
        actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting)


def test_meetings_are_reported_out_before_the_survey(linyi):
    w = linyi
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    for stage in campaign.snapshot["stages"]:
        stage["gate"].append({"check": "appraisal_report_out"})
    campaign.save()
    w.p.health, w.batch = fresh(w.p.health), Batch.objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.playbook = w.batch.campaign.playbook
    look_back(w)
    with pytest.raises(StepFirst, match="测评前"):
        survey(w)


def test_the_pages_show_the_steps_where_the_playbook_orders_them(client, linyi):
    w = linyi
    client.force_login(w.c.secretary)
    gate = client.get(reverse("supervision:gate", args=[w.p.health.pk])).content.decode()
    assert gate.index("自查自看") < gate.index("民主测评") < gate.index("召开转段会议")
    row = ready(w)
    assert 'id="steps"' in client.get(reverse("supervision:transition", args=[row.pk])).content.decode()


def test_a_playbook_without_ordered_steps_shows_none(client):
    w = make_supervised_world()
    client.force_login(w.c.secretary)
    assert 'id="steps"' not in client.get(reverse("supervision:gate", args=[w.p.health.pk])).content.decode()
    assert ordered_steps(fresh(w.p.health), "study", None) == []


# ---------------------------------------------------------------- summaries from below (J-09)
def test_summaries_are_counted_from_below_and_name_who_is_missing(client, linyi):
    w = linyi
    evidence = Evidence(fresh(w.p.health), fresh(w.p.health).current())
    assert [(level.key, level.have, level.need) for level in summary_levels(evidence)] == [
        ("member", 0, 6),
        ("branch", 0, 2),
        ("unit", 0, 1),
    ]
    record(w, w.t.health_1, stage="analysis", action="stage_summary")
    people = w.t.members["Z003"]
    marked = {"action": "stage_summary", "members": people, "done_on": clock.today()}
    work.mark_members(by=w.c.branch, batch=w.batch, organization=w.t.health_1, **marked)
    missing = {level.key: level.missing for level in missing_below(Evidence(fresh(w.p.health), evidence.progress))}
    assert missing["branch"] == (w.t.health_2.name,) and len(missing["member"]) == 3
    client.force_login(w.c.secretary)
    html = client.get(reverse("supervision:gate", args=[w.p.health.pk])).content.decode()
    assert "逐级小结" in html and w.t.health_2.name in html


def test_a_summary_from_above_waits_for_those_below(client, linyi):
    w = linyi
    client.force_login(w.c.secretary)
    url = reverse("campaign:activity_new", args=[w.t.health.pk])
    data = {"action": "stage_summary", "title": "阶段总结", "held_on": clock.today(), "others_present": 0}
    refused = client.post(url, data)
    assert "action" in refused.context["form"].errors and w.t.health_2.name in refused.content.decode()
    sum_up(w)
    accepted = client.post(url, data)
    assert accepted.status_code == 302, accepted.context["form"].errors


def sum_up(w):
    """Every member and every branch has summed up."""
    for branch, key in ((w.t.health_1, "Z003"), (w.t.health_2, "Z004")):
        record(w, branch, stage="analysis", action="stage_summary")
        people = w.t.members[key]
        marked = {"action": "stage_summary", "members": people, "done_on": clock.today()}
        work.mark_members(by=w.c.office, batch=w.batch, organization=branch, **marked)


# ---------------------------------------------------------------- filing (J-10)
def test_the_summary_is_filed_after_the_group_s_opinion_and_acknowledged_by_the_office(client, linyi):
    w = linyi
    row = ready(w)
    with pytest.raises(filings.FilingRefused, match="督导组"):
        filings.file_summary(by=w.c.secretary, transition=row, parts=TEXTS)
    agree(w, row, w.c.guide, "supervision")
    row.refresh_from_db()
    with pytest.raises(filings.FilingRefused, match="小结"):
        filings.file_summary(by=w.c.secretary, transition=fresh_row(row), parts=TEXTS)
    sum_up(w)
    client.force_login(w.c.secretary)
    url = reverse("supervision:filing_new", args=[row.pk])
    assert url in client.get(reverse("supervision:transition", args=[row.pk])).content.decode()
    short = client.post(url, {**TEXTS, "problems": ""})
    assert not Filing.objects.exists() and "按要求完成。" in short.content.decode()
    assert client.post(url, TEXTS).status_code == 302
    filing = Filing.objects.get()
    assert filing.survey and Finding.from_json(filing.survey[0]).check == "survey"
    assert client.post(url, TEXTS).status_code == 302 and Filing.objects.count() == 1
    assert any("总结" in str(line.title) for line in todo.gather(w.c.office))
    shown = reverse("supervision:filing", args=[filing.pk])
    assert client.post(shown, {"received_on": clock.today()}).status_code == 403
    client.force_login(w.c.office)
    early = client.post(shown, {"received_on": clock.today() - dt.timedelta(days=1)})
    assert early.context["form"].non_field_errors()
    client.post(shown, {"received_on": clock.today(), "remark": "齐全"})
    filing.refresh_from_db()
    assert (filing.state, filing.received_by, filing.remark) == ("received", w.c.office, "齐全")
    with pytest.raises(filings.FilingRefused):
        filings.acknowledge(by=w.c.general, filing=filing, received_on=clock.today())
    assert AuditEntry.objects.filter(action="filing.received").count() == 1
    client.force_login(w.c.leader)
    assert "已备案" in client.get(reverse("supervision:transition", args=[row.pk])).content.decode()


def fresh_row(row):
    return Transition.objects.get(pk=row.pk)


def test_nothing_is_filed_where_the_playbook_asks_for_no_filing(client):
    w = make_supervised_world()
    row = applied(w)
    with pytest.raises(filings.FilingRefused):
        filings.file_summary(by=w.c.secretary, transition=row, parts=TEXTS)
    with pytest.raises(actions.NotYours):
        filings.file_summary(by=w.c.office, transition=row, parts=TEXTS)


# ---------------------------------------------------------------- held under review
@pytest.fixture
def held():
    w = make_supervised_world()
    w.people = w.t.members["Z003"]
    w.activity = record(w, w.t.health_1, by=w.c.branch, people=w.people)
    w.elsewhere = record(w, w.t.archives, people=())
    marked = {"action": "essay", "members": w.people[:1], "done_on": clock.today()}
    work.mark_members(by=w.c.branch, batch=w.batch, organization=w.t.health_1, **marked)
    w.row = applied(w)
    return w


def test_what_the_findings_rest_on_cannot_be_changed_while_it_is_under_review(client, held):
    w = held
    data = work.ActivityData(title="改过的", held_on=clock.today())
    with pytest.raises(Held, match="撤回"):
        work.change_activity(by=w.c.branch, activity=w.activity, version=w.activity.version, data=data)
    with pytest.raises(Held):
        work.delete_activity(by=w.c.branch, activity=w.activity, reason="录错")
    with pytest.raises(Held):
        work.set_attendance(by=w.c.branch, activity=w.activity, present=[])
    unmark = {"batch": w.batch, "organization": w.t.health_1, "action": "essay", "members": w.people[:1]}
    with pytest.raises(Held):
        work.unmark_members(by=w.c.branch, **unmark)
    assert MemberMark.objects.count() == 1 and w.activity.attendances.count() == len(w.people)
    work.set_attendance(by=w.c.office, activity=w.elsewhere, present=[])  # another unit is not held
    client.force_login(w.c.branch)
    response = client.get(reverse("campaign:activity_edit", args=[w.activity.pk]))
    assert response.status_code == 403 and "撤回" in response.content.decode()
    page = client.get(reverse("campaign:activity", args=[w.activity.pk])).content.decode()
    assert "正在审查" in page and reverse("campaign:activity_edit", args=[w.activity.pk]) not in page


def test_no_new_round_of_a_survey_is_opened_meanwhile(client, linyi):
    w = linyi
    ready(w)
    with pytest.raises(Held, match="撤回"):
        survey(w)
    client.force_login(w.c.office)
    data = {"instrument": "stage2", "held_on": clock.today(), "place": "礼堂", "organizer": "督导组"}
    html = client.post(reverse("assessments:survey_new", args=[w.p.health.pk]), data).content.decode()
    assert "正在审查" in html


def test_withdrawn_or_returned_it_is_free_again(held):
    w = held
    actions.withdraw(by=w.c.secretary, transition=w.row)
    work.set_attendance(by=w.c.branch, activity=w.activity, present=[])
    again = applied(w)
    send_back(w, again, w.c.guide, "supervision")
    work.delete_activity(by=w.c.branch, activity=w.activity, reason="录错")


def test_what_is_recorded_since_is_free_and_shown_to_the_reviewers(client, held):
    w = held
    with clock.freeze(clock.now() + dt.timedelta(hours=1)):
        new = record(w, w.t.health_1, by=w.c.branch, days_ago=0)
        work.set_attendance(by=w.c.branch, activity=new, present=[w.people[0].pk])
        record(w, w.t.court, by=w.c.office, days_ago=0)
        found = {row.label: row.count for row in recorded_since(Transition.objects.get(pk=w.row.pk))}
        assert sum(found.values()) == 2
        client.force_login(w.c.guide)
        html = client.get(reverse("supervision:transition", args=[w.row.pk])).content.decode()
        assert 'id="since"' in html


# ---------------------------------------------------------------- the second attempt
def test_the_second_reviewer_sees_the_answer_to_each_objection_and_what_changed(client):
    w = make_supervised_world()
    first = applied(w)
    parts = {"situation": "缺两个支部的情况。", "next_stage": "没有日期。"}
    send_back(w, first, w.c.guide, "supervision", parts=parts, findings=["open_makeups"], reason="请逐项整改。")
    client.force_login(w.c.secretary)
    url = reverse("supervision:apply", args=[w.p.health.pk])
    form = client.get(url).context["form"]
    assert [name for name in form.fields if name.startswith("answer_")] == [f"answer_{n}" for n in range(4)]
    changed = {**PARTS, "situation": "两个支部都已参加。"}
    incomplete = client.post(url, {**changed, "answer_0": "已补充。"})
    assert "answer_1" in incomplete.context["form"].errors and "已补充。" in incomplete.content.decode()
    replies = {f"answer_{n}": text for n, text in enumerate(["已补充。", "已定日期。", "已结清。", "已逐项整改。"])}
    client.post(url, {**changed, **replies})
    second = Transition.objects.get(attempt=2)
    assert second.answers["supervision:part:situation"] == "已补充。" and len(second.answers) == 4
    client.force_login(w.c.guide)
    page = client.get(reverse("supervision:transition", args=[second.pk]))
    rows = page.context["answers"]
    assert [(row.answer, row.changes) for row in rows][:2] == [("已补充。", rows[0].changes), ("已定日期。", 0)]
    assert rows[0].changes and "缺两个支部的情况。" in page.content.decode()


def test_findings_are_compared_by_what_became_of_them():
    def finding(key, passed, measured="1"):
        text = {"title": key, "required": "x", "measured": measured}
        return Finding.from_json(
            {name: {"id": value, "params": {}} for name, value in text.items()}
            | {"check": key, "key": key, "passed": passed, "soft": False, "overridable": False, "remark": None}
            | {"missing": [], "missing_count": 0, "link": "", "link_label": None, "waiting": False}
        )

    old = Gate((finding("a", False), finding("b", True), finding("c", True), finding("d", True), finding("e", True)))
    new = Gate(
        (finding("a", True), finding("b", False), finding("c", True, "2"), finding("d", True), finding("f", True))
    )
    kinds = [(change.kind, str(change.title)) for change in finding_changes(old, new)]
    assert kinds == [("unmet", "b"), ("new", "f"), ("met", "a"), ("moved", "c"), ("gone", "e")]
    assert [str(f.title) for f in worse(old, new)] == ["b"]


# ---------------------------------------------------------------- without stages (A-12, J-20)
def test_a_unit_without_stages_applies_for_no_transition_and_its_page_says_so(client):
    w = make_supervised_world(playbook="meishan-city")
    type(w.p.health).objects.filter(pk=w.p.health.pk).update(staged=False)
    StageProgress.objects.filter(participation=w.p.health).delete()
    client.force_login(w.c.secretary)
    html = client.get(reverse("supervision:gate", args=[w.p.health.pk])).content.decode()
    assert "不分阶段" in html
    client.post(reverse("supervision:apply", args=[w.p.health.pk]), PARTS)
    assert not Transition.objects.filter(participation=w.p.health).exclude(stage="closing").exists()
