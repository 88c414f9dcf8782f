"""The end of a unit's campaign: report, both addressees, meeting, closed; and of the batch (H-05..H-07)."""

import copy

import pytest
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from campaign.actions import StageMoved, UnitsOpen, close_batch, close_participation, move_stage
from campaign.evidence import Evidence
from campaign.models import Campaign, Participation
from campaign.steps import steps_of
from supervision import actions
from supervision.gates import gate_of
from supervision.models import Transition
from supervision.tests.factories import fresh, make_supervised_world, meeting
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
REPORT = {"report": "三个阶段全部完成，问题逐项整改。", "consolidation": "建立长效机制，每季度回头看一次。"}


def set_closing(w, **values):
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    snapshot = copy.deepcopy(campaign.snapshot)
    snapshot["closing"] = {**snapshot.get("closing", {}), **values}
    Campaign.objects.filter(pk=campaign.pk).update(snapshot=snapshot)


@pytest.fixture
def w():
    w = make_supervised_world()
    set_closing(w, gate=[{"check": "open_makeups"}])
    w.c.superior = user_with("organization_secretary", w.t.county, "superior", "县委书记")
    stages = [stage.key for stage in w.playbook.stages]
    for stage, target in zip(stages, [*stages[1:], None], strict=True):
        move_stage(by=w.c.office, participation=w.p.health, expected=stage, target=target)
    return w


def agree(w, row, body, by):
    actions.decide(by=by, transition=row, body=body, ruling=actions.Ruling(verdict="agree", reason="同意"))


def test_report_both_addressees_meeting_then_closed(w):
    row = actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts=REPORT)
    assert (row.stage, row.target, row.attempt) == ("closing", "", 1)
    agree(w, row, "supervision", w.c.guide)
    assert Transition.objects.get(pk=row.pk).state == "submitted"
    agree(w, row, "superior_committee", w.c.superior)
    assert Transition.objects.get(pk=row.pk).state == "approved"
    assert fresh(w.p.health).state == Participation.State.ACTIVE
    actions.record_meeting(by=w.c.secretary, transition=Transition.objects.get(pk=row.pk), meeting=meeting())
    closed = fresh(w.p.health)
    assert (closed.state, closed.closed_on) == (Participation.State.CLOSED, clock.today())
    assert AuditEntry.objects.filter(action="participation.closed").count() == 1


def test_the_report_and_the_meeting_of_the_playbook_are_the_application_itself(w):
    """They are not asked for before it can be handed in, and count once they are on record (H-05..H-07)."""
    ends = ["summary_report", "closing_meeting"]
    set_closing(w, gate=[{"check": "actions", "actions": ends}])
    assert not gate_of(fresh(w.p.health)).findings
    assert done(w, *ends) == [0, 0]
    row = actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts=REPORT)
    assert done(w, *ends) == [1, 0]
    agree(w, row, "supervision", w.c.guide)
    agree(w, row, "superior_committee", w.c.superior)
    actions.record_meeting(by=w.c.secretary, transition=Transition.objects.get(pk=row.pk), meeting=meeting())
    assert done(w, *ends) == [1, 1]


def test_a_report_that_was_sent_back_is_not_done(w):
    row = actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts=REPORT)
    ruling = actions.Ruling(verdict="return", reason="太笼统", parts={"report": "请写具体。"})
    actions.decide(by=w.c.guide, transition=row, body="supervision", ruling=ruling)
    assert done(w, "summary_report") == [0]


def test_the_checklist_leads_to_the_closing(w, client):
    client.force_login(w.c.secretary)
    page = client.get(reverse("campaign:branch", args=[w.t.health.pk])).content.decode()
    summary = w.playbook.action("summary_report")
    line = next(part for part in page.split("<a ") if str(summary.name.zh) in part)
    assert reverse("supervision:gate", args=[w.p.health.pk]) in line


def done(w, *keys):
    """How often each of these actions counts for the unit."""
    evidence = Evidence(fresh(w.p.health), None)
    found = [steps_of(w.playbook.action(key), evidence) for key in keys]
    return [step.have for (step,) in found]


def test_no_closing_before_the_last_stage_has_passed(w):
    with pytest.raises(StageMoved):
        close_participation(by=w.c.office, participation=fresh(w.p.court))
    assert fresh(w.p.court).state == Participation.State.ACTIVE


def test_an_empty_part_of_the_report_is_refused(w):
    with pytest.raises(actions.TransitionRefused, match="巩固和扩大成果"):
        actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts={"report": "有", "consolidation": " "})


def test_where_nobody_is_asked_the_report_is_enough(w):
    set_closing(w, steps=[], meeting=False)
    row = actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts=REPORT)
    assert row.state == Transition.State.COMPLETED
    assert fresh(w.p.health).state == Participation.State.CLOSED


def test_an_open_makeup_of_any_stage_keeps_it_open(w):
    terms = actions.MakeUpTerms(organization=w.t.health, items=["补做承诺"], due_on=clock.today())
    order = actions.order_makeup(
        by=w.c.guide, participation=fresh(w.p.health), terms=terms, reason="抽查不合格", trigger="spot_check"
    )
    assert order.stage == "closing"
    gate = gate_of(fresh(w.p.health))
    assert [finding.check for finding in gate.blocking] == ["open_makeups"]
    with pytest.raises(actions.TransitionRefused):
        actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts=REPORT)


def test_the_office_closes_the_batch_only_when_every_unit_has_closed(w):
    with pytest.raises(UnitsOpen) as refused:
        close_batch(by=w.c.office, batch=w.batch)
    assert refused.value.count == 3
    Participation.objects.filter(batch=w.batch).update(state=Participation.State.CLOSED)
    close_batch(by=w.c.office, batch=w.batch)
    assert w.batch.closed_on == clock.today()
    close_batch(by=w.c.office, batch=w.batch)
    assert AuditEntry.objects.filter(action="batch.closed").count() == 1


def test_pages_lead_from_the_conditions_to_the_closing_report(w, client):
    client.force_login(w.c.secretary)
    page = client.get(f"/supervision/participations/{w.p.health.pk}/gate/").content.decode()
    assert "结束" in page and f"/supervision/participations/{w.p.health.pk}/apply/" in page
    form = client.get(f"/supervision/participations/{w.p.health.pk}/apply/").content.decode()
    assert "part_report" in form or "report" in form
    answer = client.post(f"/supervision/participations/{w.p.health.pk}/apply/", REPORT)
    row = Transition.objects.get(stage="closing")
    assert answer.status_code == 302
    detail = client.get(f"/supervision/transitions/{row.pk}/").content.decode()
    assert REPORT["report"] in detail


def test_nobody_else_sees_the_office_button(w, client):
    client.force_login(w.c.secretary)
    assert client.post(f"/campaign/batches/{w.batch.pk}/close/").status_code in (403, 404)
