"""The words of the bodies: replayed and out of order, returned, overridden, a make-up instead."""

import datetime as dt

import pytest

from accounts import clock
from accounts.models import AuditEntry, Notification
from supervision import actions
from supervision.models import Decision, MakeUpOrder, Transition
from supervision.tests.factories import (
    agree,
    applied,
    fresh,
    make_supervised_world,
    ordered,
    send_back,
    set_gate,
    terms,
)

pytestmark = pytest.mark.django_db
STUDY = [{"check": "study_hours"}, {"check": "open_makeups"}]


@pytest.fixture
def w():
    return make_supervised_world()


def stage_of(participation):
    current = fresh(participation).current()
    return current.stage if current else None


def notified(user, part):
    return any(part in note.message for note in Notification.objects.filter(user=user))


# ---------------------------------------------------------------- replayed, out of order
def test_the_second_word_of_a_body_is_told_who_was_faster(w):
    row = applied(w)
    agree(w, row, w.c.guide, "supervision")
    with pytest.raises(actions.AlreadyDecided, match="梁志远"):
        send_back(w, row, w.c.guide_2, "supervision")
    assert Decision.objects.count() == 1 and AuditEntry.objects.filter(action__startswith="transition.").count() == 2


def test_a_returned_application_takes_no_more_words(w):
    row = applied(w)
    send_back(w, row, w.c.office, "office")
    with pytest.raises(actions.AlreadyDecided, match="周明远"):
        agree(w, row, w.c.guide, "supervision")
    row.refresh_from_db()
    assert row.state == "returned"


def test_a_withdrawn_application_takes_no_word(w):
    row = applied(w)
    actions.withdraw(by=w.c.secretary, transition=row)
    with pytest.raises(actions.TransitionRefused):
        agree(w, row, w.c.guide, "supervision")


# ---------------------------------------------------------------- return
def test_a_return_tells_the_applicant_and_the_office_and_allows_another_attempt(w, django_capture_on_commit_callbacks):
    row = applied(w)
    until = clock.today() + dt.timedelta(days=4)
    with django_capture_on_commit_callbacks(execute=True):
        decision = send_back(w, row, w.c.guide, "supervision", mend_by=until, unsolid_work=True)
    assert row.state == "returned" and decision.mend_by == until and decision.unsolid_work
    assert decision.sections["parts"] == {"situation": "缺两个支部的情况。"}
    assert notified(w.c.secretary, "was returned") and notified(w.c.office, "was returned")
    assert not notified(w.c.guide, "was returned")
    assert applied(w).attempt == 2


@pytest.mark.parametrize(
    "bad",
    [
        {"parts": {}},
        {"parts": {"situation": "  "}},
        {"parts": {"nonsense": "x"}},
        {"parts": {}, "reason": "x", "findings": ["nonsense"]},
        {"parts": {}, "findings": ["open_makeups"]},
        {"mend_by": dt.date(2000, 1, 1)},
    ],
)
def test_a_return_says_what_is_wrong(w, bad):
    row = applied(w)
    with pytest.raises(actions.TransitionRefused):
        send_back(w, row, w.c.guide, "supervision", **bad)
    row.refresh_from_db()
    assert row.state == "submitted" and not Decision.objects.exists()


# ---------------------------------------------------------------- override (decision 4)
def test_what_may_be_overridden_passes_with_the_approvers_written_reason(w):
    set_gate(w, [{"check": "study_hours", "override": True}])
    row = applied(w)
    assert len(row.gate.to_override) == 1
    agree(w, row, w.c.guide, "supervision")
    with pytest.raises(actions.TransitionRefused):
        agree(w, row, w.c.office, "office")
    agree(w, row, w.c.office, "office", override_reason="防汛期间停课，已定补学计划。")
    assert row.state == "approved" and row.override_reason == "防汛期间停课，已定补学计划。"
    assert AuditEntry.objects.filter(action="transition.agreed").first().data["override_reason"]


def test_a_reviewer_cannot_override(w):
    set_gate(w, [{"check": "study_hours", "override": True}])
    row = applied(w)
    agree(w, row, w.c.guide, "supervision", override_reason="我看可以。")
    row.refresh_from_db()
    assert row.override_reason == ""


def test_nobody_agrees_while_a_frozen_finding_blocks(w):
    row = applied(w)
    findings = [{**row.findings[0], "passed": False}]
    Transition.objects.filter(pk=row.pk).update(findings=findings)
    with pytest.raises(actions.TransitionRefused):
        agree(w, row, w.c.office, "office", override_reason="x")
    send_back(w, row, w.c.office, "office")


def test_nobody_agrees_while_a_makeup_is_open(w):
    row = applied(w)
    ordered(w, w.t.health_1)
    with pytest.raises(actions.TransitionRefused):
        agree(w, row, w.c.guide, "supervision")


# ---------------------------------------------------------------- make-up instead
def test_a_decision_can_order_a_makeup(w, django_capture_on_commit_callbacks):
    row = applied(w)
    ruling = actions.Ruling(
        verdict="make_up", reason="两个支部没有学完。", unsolid_work=True, makeup=terms(w.t.health_1, unsolid_work=True)
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.decide(by=w.c.office, transition=row, body="office", ruling=ruling)
    order = MakeUpOrder.objects.get()
    assert row.state == "make_up" and order.transition == row and order.organization == w.t.health_1
    assert order.unsolid_work and order.trigger == "transition" and order.items.count() == 2
    assert notified(w.c.branch, "has to make up") and notified(w.c.secretary, "has to make up")
    with pytest.raises(actions.TransitionRefused):
        applied(w)


def test_a_makeup_without_reason_or_items_leaves_no_decision(w):
    row = applied(w)
    for ruling in (
        actions.Ruling(verdict="make_up", reason="x"),
        actions.Ruling(verdict="make_up", reason=" ", makeup=terms(w.t.health)),
        actions.Ruling(verdict="make_up", reason="x", makeup=terms(w.t.health, items=[" "])),
        actions.Ruling(verdict="make_up", reason="x", makeup=terms(w.t.archives)),
        actions.Ruling(verdict="whatever"),
    ):
        with pytest.raises(actions.Refused):
            actions.decide(by=w.c.office, transition=row, body="office", ruling=ruling)
    row.refresh_from_db()
    assert row.state == "submitted" and not Decision.objects.exists() and not MakeUpOrder.objects.exists()
