"""After a poor closing survey: the superior opens the ledger again, and a new round follows (H-04, O-10)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from assessments import after_surveys
from assessments.actions.after_surveys import NotCalledFor, rectify_again
from assessments.tests.factories import survey_round
from campaign import rectification, todo
from campaign.actions import rectification as ledger
from campaign.actions.closing import close_batch
from campaign.models import Participation, RectificationItem
from campaign.tests.factories import make_world
from units.tests.factories import user_with

State = RectificationItem.State


@pytest.fixture
def w(db):
    world = make_world()
    world.closing = world.playbook.instrument("closing")
    world.unit = user_with("organization_secretary", world.t.health)
    return world


def closed_item(w, organization=None, problem="窗口服务态度生硬"):
    data = ledger.ItemData(problem=problem, kind="immediate", responsible_name="办公室")
    place = {"batch": w.batch, "organization": organization or w.t.health_1}
    item = ledger.register_item(by=w.c.branch, stage="rectification", data=data, **place)
    ledger.report_done(by=w.c.branch, item=item, text="已整改")
    ledger.confirm_done(by=w.c.secretary, item=item)
    return item


def poor(w, adverse=26, **more):
    given = {"by": w.c.secretary, "confirmed_by": w.c.office, "valid": 50, **more}
    return survey_round(w, w.p.health, w.closing, adverse=adverse, **given)


def deadline():
    return clock.today() + dt.timedelta(days=15)


def titles(user):
    user = type(user).objects.get(pk=user.pk)  # what waits is kept on the user object
    return [one.title.id for one in todo.gather(user)]


AGAIN = "Rectify again under supervision after the closing survey"
CHOOSE = "Have units rectify again after their closing survey"


def test_only_a_majority_against_calls_for_it(w):
    assert not after_surveys.calls_for_rectification(poor(w, adverse=25)), "exactly half is no majority"
    assert after_surveys.calls_for_rectification(poor(w))


def test_an_unconfirmed_round_calls_for_nothing(w):
    closed_item(w)
    assert not after_surveys.can_reopen(w.c.office, poor(w, confirmed_by=None))


def test_the_office_opens_the_chosen_items_again_from_the_survey(w, client, django_capture_on_commit_callbacks):
    item, other = closed_item(w), closed_item(w, problem="办事流程太长")
    survey = poor(w)
    assert CHOOSE in titles(w.c.office) and CHOOSE not in titles(w.unit)
    client.force_login(w.c.office)
    url = reverse("assessments:survey_again", args=[survey.pk])
    assert url in client.get(reverse("assessments:survey", args=[survey.pk])).text
    assert url in client.get(reverse("campaign:rectification", args=[w.t.health.pk])).text
    assert other.problem in client.get(url).text
    sent = {"items": [item.pk], "deadline": deadline().isoformat(), "reason": "多数群众不满意"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, sent).status_code == 302
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.state, item.reopened, item.deadline) == (State.OPEN, True, deadline())
    assert (other.state, other.reopened) == (State.CLOSED, False)
    assert AuditEntry.objects.filter(action="survey.rectify_again").count() == 1
    assert Notification.objects.filter(user=w.unit, url__contains="state=again").exists()
    assert CHOOSE not in titles(w.c.office) and AGAIN in titles(w.unit) and AGAIN in titles(w.c.branch)


def test_the_unit_sees_it_on_its_page_and_in_the_ledger(w, client):
    item, survey = closed_item(w), poor(w)
    rectify_again(by=w.c.office, survey=survey, items=[item], deadline=deadline(), reason="多数群众不满意")
    client.force_login(w.unit)
    page = client.get(reverse("campaign:branch", args=[w.t.health.pk])).text
    assert f"{reverse('campaign:rectification', args=[w.t.health.pk])}?state=again" in page
    ledger_page = client.get(reverse("campaign:rectification", args=[w.t.health.pk]), {"state": "again"})
    assert [row.pk for row in ledger_page.context["page"]] == [item.pk]
    assert "多数群众不满意" in client.get(reverse("campaign:rectification_item", args=[item.pk])).text


def test_only_who_sits_above_the_unit_confirms_what_was_opened_again(w):
    item, survey = closed_item(w), poor(w)
    rectify_again(by=w.c.office, survey=survey, items=[item], deadline=deadline(), reason="多数群众不满意")
    item.refresh_from_db()
    ledger.report_done(by=w.c.branch, item=item, text="重新整改")
    assert not rectification.can_confirm(w.unit, item)
    assert not rectification.can_confirm(w.c.secretary, item)
    assert rectification.can_confirm(w.c.office, item)


def test_when_all_is_closed_a_new_round_is_offered_and_decides(w, client):
    item, survey = closed_item(w), poor(w)
    rectify_again(by=w.c.office, survey=survey, items=[item], deadline=deadline(), reason="多数群众不满意")
    client.force_login(w.c.office)
    again = reverse("assessments:survey_new", args=[w.p.health.pk]) + "?instrument=closing"
    page = reverse("assessments:survey", args=[survey.pk])
    assert again not in client.get(page).text
    item.refresh_from_db()
    ledger.report_done(by=w.c.branch, item=item, text="重新整改")
    ledger.confirm_done(by=w.c.office, item=item)
    assert again in client.get(page).text
    second = poor(w, adverse=0)
    assert second.round == 2 and not after_surveys.can_reopen(w.c.office, survey)


def test_nobody_below_and_nothing_after_the_batch_is_closed(w, client):
    item, survey = closed_item(w), poor(w)
    given = {"survey": survey, "items": [item], "deadline": deadline(), "reason": "不满意"}
    for person in (w.unit, w.c.branch, w.c.secretary):
        with pytest.raises(NotCalledFor):
            rectify_again(by=person, **given)
        client.force_login(person)
        assert client.get(reverse("assessments:survey_again", args=[survey.pk])).status_code in {403, 404}
    Participation.objects.filter(batch=w.batch).update(state="closed")
    close_batch(by=w.c.office, batch=w.batch)
    fresh = type(survey).objects.get(pk=survey.pk)
    with pytest.raises(NotCalledFor):
        rectify_again(by=w.c.office, **{**given, "survey": fresh})


def test_a_form_without_a_choice_a_reason_or_a_day_to_come_saves_nothing(w, client):
    item, survey = closed_item(w), poor(w)
    client.force_login(w.c.office)
    past = (clock.today() - dt.timedelta(days=1)).isoformat()
    shown = client.post(reverse("assessments:survey_again", args=[survey.pk]), {"deadline": past, "reason": ""})
    assert set(shown.context["form"].errors) == {"items", "deadline", "reason"}
    item.refresh_from_db()
    assert item.state == State.CLOSED


def test_the_question_costs_the_same_for_one_unit_and_for_three(
    w, django_assert_num_queries, django_assert_max_num_queries
):
    poor(w, adverse=0)
    with django_assert_max_num_queries(20) as one:
        after_surveys.waiting(type(w.c.office).objects.get(pk=w.c.office.pk))
    for unit in (w.p.court, w.p.archives):
        survey_round(w, unit, w.closing, by=w.c.secretary, confirmed_by=w.c.office, adverse=0)
    with django_assert_num_queries(len(one)):
        after_surveys.waiting(type(w.c.office).objects.get(pk=w.c.office.pk))


def test_it_costs_the_same_for_one_round_that_failed_and_for_three(w, django_assert_num_queries):
    poor(w)
    user = type(w.c.office).objects.get(pk=w.c.office.pk)
    with CaptureQueriesContext(connection) as one:
        assert len(after_surveys.waiting(user)) == 1
    for unit in (w.p.court, w.p.archives):
        survey_round(w, unit, w.closing, by=w.c.secretary, confirmed_by=w.c.office, adverse=26)
    user = type(w.c.office).objects.get(pk=w.c.office.pk)
    with django_assert_num_queries(len(one)):
        assert len(after_surveys.waiting(user)) == 3
    closed_item(w)
    item = RectificationItem.objects.get()
    survey = next(found for found in after_surveys.waiting(user) if found.participation == w.p.health)
    rectify_again(by=w.c.office, survey=survey, items=[item], deadline=deadline(), reason="不满意")
    assert {found.participation for found in after_surveys.waiting(user)} == {w.p.court, w.p.archives}
