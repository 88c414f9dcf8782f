"""Opinions on members: drafting, deciding, the three answers (decision 13), appeals, report-outs, the gate, secrecy."""

import dataclasses
import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from assessments.actions import appraisals as actions
from assessments.models import Appeal, Appraisal, ReportOut
from assessments.tests.judging import DRAFT, appraise, rule_of
from campaign import tools
from campaign.evidence import Evidence
from campaign.findings import run_gate
from campaign.playbook import Check
from campaign.tests.factories import evidence_of, make_world


@pytest.fixture
def w(db):
    world = make_world()
    world.people = world.t.members["Z003"]
    world.member = world.people[0]
    return world


def gate(w, check="appraisals", participation=None):
    return {f.key: f for f in run_gate((Check(check),), evidence_of(participation or w.p.health))}


# ---------------------------------------------------------------- drafting and deciding
def test_a_draft_is_written_by_one_at_a_time(w):
    first = actions.draft_appraisal(by=w.c.branch, batch=w.batch, member=w.member, draft=DRAFT, version=0)
    with pytest.raises(actions.AppraisalMoved):
        actions.draft_appraisal(by=w.c.committee, batch=w.batch, member=w.member, draft=DRAFT, version=0)
    again = actions.draft_appraisal(
        by=w.c.committee, batch=w.batch, member=w.member, draft=DRAFT, version=first.version
    )
    assert again.version == first.version + 1
    assert again.opinion == DRAFT.opinion
    with connection.cursor() as cursor:
        cursor.execute("select opinion from assessments_appraisal")
        assert DRAFT.opinion not in cursor.fetchone()[0]  # sealed at rest


@pytest.mark.parametrize(
    ("change", "missing"),
    [({"verdict": ""}, ["verdict"]), ({"opinion": ""}, ["opinion"]), ({"basis": ()}, ["basis"])],
)
def test_nothing_is_decided_that_is_incomplete(w, change, missing):
    draft = dataclasses.replace(DRAFT, **change)
    drafted = actions.draft_appraisal(by=w.c.branch, batch=w.batch, member=w.member, draft=draft)
    with pytest.raises(actions.AppraisalIncomplete) as caught:
        actions.decide_appraisal(by=w.c.branch, appraisal=drafted, on=clock.today())
    assert caught.value.missing == missing
    assert Appraisal.objects.get().state == "drafted"


@pytest.mark.parametrize("asked", [True, False])
def test_shortcomings_are_asked_for_where_the_playbook_does(w, asked):
    """F-28."""
    rule_of(w, shortcomings=asked)
    drafted = actions.draft_appraisal(
        by=w.c.branch, batch=w.batch, member=w.member, draft=dataclasses.replace(DRAFT, shortcomings="")
    )
    if asked:
        with pytest.raises(actions.AppraisalIncomplete):
            actions.decide_appraisal(by=w.c.branch, appraisal=drafted, on=clock.today())
    else:
        actions.decide_appraisal(by=w.c.branch, appraisal=drafted, on=clock.today())
        assert Appraisal.objects.get().state == "decided"


@pytest.mark.parametrize("body", ["branch_committee", "branch"])
def test_who_decides_is_the_playbooks_word(w, body):
    """F-27."""
    rule_of(w, opinion_by=body)
    assert appraise(w, w.member).decided_in == body


def test_a_decided_opinion_is_not_rewritten_and_not_decided_twice(w):
    decided = appraise(w, w.member)
    with pytest.raises(actions.AppraisalMoved):
        actions.draft_appraisal(by=w.c.branch, batch=w.batch, member=w.member, draft=DRAFT)
    with pytest.raises(actions.AppraisalMoved):
        actions.decide_appraisal(by=w.c.branch, appraisal=decided, on=clock.today())


def test_an_unknown_verdict_is_refused(w):
    with pytest.raises(actions.UnknownVerdict):
        actions.draft_appraisal(
            by=w.c.branch, batch=w.batch, member=w.member, draft=dataclasses.replace(DRAFT, verdict="splendid")
        )


# ---------------------------------------------------------------- decision 13
@pytest.mark.parametrize(
    ("answer", "more"),
    [
        ("signed", {}),
        ("dissent", {"text": "第二条不符合事实。"}),
        ("declined", {"text": "不同意评议结论。", "witness": "李文静"}),
    ],
)
def test_all_three_answers_let_the_opinion_stand(w, answer, more):
    rule_of(w, signature=True)
    for person in w.people:
        appraise(w, person)
    for person in w.t.members["Z004"]:
        appraise(w, person)
    assert not gate(w)["appraisals:answered"].passed
    for found in Appraisal.objects.all():
        actions.answer_appraisal(by=w.c.branch, appraisal=found, answer=answer, **more)
    finding = gate(w)["appraisals:answered"]
    assert finding.passed
    shown = finding.remark.params if finding.remark else None
    assert (
        shown
        == {
            "signed": None,
            "dissent": {"dissent": 6, "declined": 0},
            "declined": {"dissent": 0, "declined": 6},
        }[answer]
    )
    found = Appraisal.objects.first()
    assert found.on_paper
    assert found.answer == more.get("text", "")


@pytest.mark.parametrize("given", [{}, {"text": "不同意"}, {"witness": "李文静"}])
def test_who_declines_does_so_before_a_witness_with_a_reason(w, given):
    found = appraise(w, w.member)
    with pytest.raises(actions.NeedsWitness):
        actions.answer_appraisal(by=w.c.branch, appraisal=found, answer="declined", **given)
    with pytest.raises(IntegrityError), transaction.atomic():
        Appraisal.objects.filter(pk=found.pk).update(state="declined", witness="")


def test_an_opinion_is_answered_once(w):
    found = appraise(w, w.member)
    actions.show_appraisal(by=w.c.branch, appraisal=found)
    actions.answer_appraisal(by=w.c.member, appraisal=found, answer="signed")
    with pytest.raises(actions.AppraisalMoved):
        actions.answer_appraisal(by=w.c.branch, appraisal=found, answer="dissent", text="不符")
    found.refresh_from_db()
    assert (found.state, found.on_paper) == ("signed", False)


def test_the_member_signs_on_his_own_page(client, w):
    found = appraise(w, w.member)
    actions.show_appraisal(by=w.c.branch, appraisal=found)
    client.force_login(w.c.member)
    page = client.get(reverse("assessments:my_papers")).content.decode()
    assert DRAFT.opinion in page
    client.post(reverse("assessments:my_answer"), {"answer": "dissent", "text": ""})
    found.refresh_from_db()
    assert found.state == "shown"  # a dissent without words is not kept
    client.post(reverse("assessments:my_answer"), {"answer": "dissent", "text": "第二条不符合事实。"})
    found.refresh_from_db()
    assert (found.state, found.answer) == ("dissent", "第二条不符合事实。")
    assert client.post(reverse("assessments:my_answer"), {"answer": "signed"}).status_code == 403


def test_a_draft_is_not_shown_to_the_member(client, w):
    actions.draft_appraisal(by=w.c.branch, batch=w.batch, member=w.member, draft=DRAFT)
    client.force_login(w.c.member)
    assert DRAFT.opinion not in client.get(reverse("assessments:my_papers")).content.decode()


# ---------------------------------------------------------------- appeals
def test_an_open_appeal_holds_up_that_member_only(w):
    for branch in ("Z003", "Z004"):
        for person in w.t.members[branch]:
            appraise(w, person)
    assert "appraisals:appeals" not in gate(w)
    appeal = actions.file_appeal(by=w.c.member, appraisal=Appraisal.objects.get(member=w.member), text="请求复议")
    finding = gate(w)["appraisals:appeals"]
    assert not finding.passed and finding.blocks
    assert finding.missing == (w.member.name,)
    actions.decide_appeal(by=w.c.secretary, appeal=appeal, upheld=False, reason="事实清楚")
    assert "appraisals:appeals" not in gate(w)


@pytest.mark.parametrize(("upheld", "verdict", "after"), [(True, "qualified", "qualified"), (False, "", "unqualified")])
def test_an_upheld_appeal_may_change_the_verdict(w, upheld, verdict, after):
    found = appraise(w, w.member, verdict="unqualified")
    assert found.adverse
    appeal = actions.file_appeal(by=w.c.member, appraisal=found, text="请求复议")
    actions.decide_appeal(by=w.c.secretary, appeal=appeal, upheld=upheld, reason="复核", verdict=verdict)
    found.refresh_from_db()
    assert (found.verdict, found.adverse) == (after, after == "unqualified")
    entry = AuditEntry.objects.get(action=f"appraisal.appeal_{'upheld' if upheld else 'dismissed'}")
    assert entry.data == {"before": "unqualified", "after": after}
    with pytest.raises(actions.AppealMoved):
        actions.decide_appeal(by=w.c.office, appeal=appeal, upheld=True, reason="复核")


def test_one_appeal_at_a_time_and_only_against_what_is_decided(w):
    drafted = actions.draft_appraisal(by=w.c.branch, batch=w.batch, member=w.member, draft=DRAFT)
    with pytest.raises(actions.NothingToAppeal):
        actions.file_appeal(by=w.c.member, appraisal=drafted, text="请求复议")
    actions.decide_appraisal(by=w.c.branch, appraisal=drafted, on=clock.today())
    drafted.refresh_from_db()
    actions.file_appeal(by=w.c.member, appraisal=drafted, text="请求复议")
    with pytest.raises(actions.AppealOpen):
        actions.file_appeal(by=w.c.member, appraisal=drafted, text="再次请求")


def test_only_a_superior_decides_an_appeal(client, w):
    appeal = actions.file_appeal(by=w.c.member, appraisal=appraise(w, w.member), text="请求复议")
    url = reverse("assessments:appeal", args=[appeal.pk])
    decision = {"decision": "dismissed", "reason": "事实清楚", "verdict": ""}
    for user, status in ((w.c.branch, 403), (w.c.member, 403), (w.c.archives, 404), (w.c.supervisor, 404)):
        client.force_login(user)
        assert client.post(url, decision).status_code == status, user.username
    client.force_login(w.c.secretary)
    client.post(url, decision)
    assert Appeal.objects.get().state == "dismissed"


@pytest.mark.parametrize(("name", "place"), [("branch", "health_1"), ("secretary", "health")])
def test_an_appeal_on_paper_is_entered_by_the_branch_or_the_superior(client, w, name, place):
    """Decision 13, of a member without an account: the superior is told and answers it."""
    person = w.people[1]
    appraise(w, person)
    url = reverse("assessments:appeal_enter", args=[getattr(w.t, place).pk])
    client.force_login(getattr(w.c, name))
    assert list(client.get(url).context["form"].fields["member"].queryset) == [person]
    sent = {"member": person.pk, "on": clock.today().isoformat(), "text": "请求复议"}
    with_fault = client.post(url, {**sent, "text": ""})
    assert with_fault.context["form"].errors.keys() == {"text"}
    answer = client.post(url, sent)
    appeal = Appeal.objects.get()
    assert (appeal.member, appeal.on_paper, appeal.filed_by) == (person, True, getattr(w.c, name))
    assert answer.url == reverse("assessments:appeal", args=[appeal.pk])
    assert "书面递交" in client.get(answer.url).content.decode()
    client.force_login(w.c.secretary)
    client.post(answer.url, {"decision": "upheld", "reason": "复核", "verdict": ""})
    assert Appeal.objects.get().state == "upheld"


def test_an_appeal_on_paper_is_nobody_elses_business(client, w):
    appraise(w, w.people[1])
    for user, status in ((w.c.supervisor, 403), (w.c.archives, 404), (w.c.member, 404)):
        client.force_login(user)
        url = reverse("assessments:appeal_enter", args=[w.t.health_1.pk])
        assert client.get(url).status_code == status, user.username


def test_one_does_not_enter_an_appeal_for_oneself(client, w):
    mine = w.people[2]
    type(mine).objects.filter(pk=mine.pk).update(user=w.c.branch)
    appraise(w, mine, by=w.c.committee)
    client.force_login(w.c.branch)
    page = client.get(reverse("assessments:appeal_enter", args=[w.t.health_1.pk]))
    assert page.context["nobody"]


# ---------------------------------------------------------------- leaders, report-outs of meetings
def test_the_scope_in_which_a_leader_was_appraised_is_asked_for_where_the_playbook_does(client, w):
    """F-34."""
    rule_of(w, leader_scope=True)
    type(w.member).objects.filter(pk=w.member.pk).update(post_level="leader")
    sent = {"basis": ["conduct"], "opinion": "好", "shortcomings": "少", "verdict": "qualified", "decide": "1"}
    sent["decided_on"] = clock.today().isoformat()
    client.force_login(w.c.branch)
    url = reverse("assessments:appraisal", args=[w.member.pk])
    assert client.post(url, sent).context["form"].errors.keys() == {"scope"}
    version = Appraisal.objects.get().version
    client.post(url, {**sent, "scope": "领导班子、中层干部", "version": version})
    assert Appraisal.objects.get().scope == "领导班子、中层干部"
    assert "领导班子、中层干部" in client.get(url).content.decode()
    ordinary = reverse("assessments:appraisal", args=[w.people[1].pk])
    assert "scope" not in client.get(ordinary).context["form"].fields


def test_both_meetings_are_reported_out_by_those_who_held_them(client, w):
    """F-32: a branch of its organisation-life meeting, the team of its democratic-life meeting."""
    count = tools._tools["report_out"].count
    action = w.playbook.actions[0]
    told = {"on": clock.today().isoformat(), "scope": "全体职工", "how": "会议", "people": ""}
    for user, place, about in (
        (w.c.branch, w.t.health_1, "appraisal"),
        (w.c.branch, w.t.health_1, "organization_life"),
        (w.c.secretary, w.t.health, "democratic_life"),
    ):
        client.force_login(user)
        client.post(reverse("assessments:report_out", args=[place.pk]), {**told, "about": about})
    found = {pk: times for pk, times in count(evidence_of(w.p.health), action).organizations.items() if times}
    assert found == {w.t.health_1.pk: 1, w.t.health.pk: 1}
    assert gate(w, "appraisal_report_out")["appraisals:report_out"].missing_count == 1


# ---------------------------------------------------------------- counting
def test_the_tool_counts_opinions_that_are_answered_where_asked(w):
    rule_of(w, signature=True)
    action = w.playbook.actions[0]
    count = tools._tools["appraisal"].count
    found = appraise(w, w.member, verdict="unqualified")
    assert count(evidence_of(w.p.health), action).members == set()
    actions.answer_appraisal(by=w.c.branch, appraisal=found, answer="signed")
    evidence = evidence_of(w.p.health)
    assert count(evidence, action) == tools.Counted({w.member.pk}, {})
    assert evidence.concerned("unqualified") == {w.member.pk}
    for person in w.people[1:]:
        one = appraise(w, person)
        actions.answer_appraisal(by=w.c.branch, appraisal=one, answer="signed")
    assert count(evidence_of(w.p.health), action).organizations == {w.t.health_1.pk: 1}


def test_the_masses_are_told_branch_by_branch(w):
    """F-31."""
    assert gate(w, "appraisal_report_out")["appraisals:report_out"].missing_count == 2
    for branch in (w.t.health_1, w.t.health_2):
        actions.report_out(
            by=w.c.branch, batch=w.batch, organization=branch, on=clock.today(), scope="全体职工", how="会议通报"
        )
    assert gate(w, "appraisal_report_out")["appraisals:report_out"].passed
    assert ReportOut.objects.count() == 2


def test_the_gate_costs_the_same_for_one_and_three(w):
    def cost():
        with CaptureQueriesContext(connection) as queries:
            gate(w)
        return len(queries)

    appraise(w, w.people[0])
    one = cost()
    for person in w.people[1:]:
        appraise(w, person)
    assert cost() == one


# ---------------------------------------------------------------- pages and secrecy
def test_one_by_one_from_the_pages(client, w):
    client.force_login(w.c.branch)
    form = {
        "basis": ["constitution", "masses"],
        "opinion": DRAFT.opinion,
        "shortcomings": "",
        "verdict": "qualified",
        "decided_on": clock.today(),
        "version": 0,
        "decide": "1",
        "then": "next",
    }
    rule_of(w, shortcomings=True)
    url = reverse("assessments:appraisal", args=[w.people[0].pk])
    answer = client.post(url, form)
    assert answer.status_code == 200
    assert DRAFT.opinion in answer.content.decode()  # nothing typed is lost
    version = Appraisal.objects.get().version
    answer = client.post(url, form | {"shortcomings": "学习不够。", "version": version})
    assert answer.url == reverse("assessments:appraisal", args=[w.people[1].pk])
    assert Appraisal.objects.get().state == "decided"


def test_a_day_outside_the_batch_is_refused_at_its_field(client, w):
    client.force_login(w.c.branch)
    form = {"opinion": "x", "decided_on": w.batch.starts_on - dt.timedelta(days=1), "version": 0, "decide": "1"}
    answer = client.post(reverse("assessments:appraisal", args=[w.member.pk]), form)
    assert "decided_on" in answer.context["form"].errors
    assert not Appraisal.objects.exists()


def test_every_reading_of_anothers_opinion_is_kept(client, w):
    """Decision 20."""
    appraise(w, w.member)
    client.force_login(w.c.branch)
    client.get(reverse("assessments:appraisal", args=[w.member.pk]))
    client.force_login(w.c.member)
    client.get(reverse("assessments:my_papers"))
    assert [e.actor_name for e in AuditEntry.objects.filter(action="appraisal.read")] == [str(w.c.branch)]


def test_above_the_branch_there_are_figures_and_no_names(client, w):
    appraise(w, w.member, verdict="unqualified")
    url = reverse("assessments:appraisals", args=[w.t.health_1.pk])
    client.force_login(w.c.branch)
    assert w.member.name in client.get(url).content.decode()
    for user in (w.c.secretary, w.c.office):
        client.force_login(user)
        for page in (url, reverse("assessments:appraisals", args=[w.t.health.pk])):
            body = client.get(page).content.decode()
            assert w.member.name not in body, user.username
        assert client.get(reverse("assessments:appraisal", args=[w.member.pk])).status_code == 403
    for user, status in ((w.c.supervisor, 403), (w.c.archives, 404), (w.c.outsider, 404)):
        client.force_login(user)
        assert client.get(url).status_code == status, user.username


def test_nobody_appraises_himself(client, w):
    from units.models import Member

    Member.objects.filter(pk=w.people[1].pk).update(user=w.c.branch)
    client.force_login(w.c.branch)
    assert client.get(reverse("assessments:appraisal", args=[w.people[1].pk])).status_code == 403


def test_the_branch_page_costs_the_same_for_one_and_three(client, w):
    client.force_login(w.c.branch)
    url = reverse("assessments:appraisals", args=[w.t.health_1.pk])
    appraise(w, w.people[0])
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    for person in w.people[1:]:
        appraise(w, person)
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(one) == len(three)


def test_a_part_of_the_evidence_knows_the_same(w):
    appraise(w, w.member)
    whole = evidence_of(w.p.health)
    part = Evidence(whole.participation, whole.progress, w.t.health_1)
    action = w.playbook.actions[0]
    assert w.member.pk in tools._tools["appraisal"].count(part, action).members
