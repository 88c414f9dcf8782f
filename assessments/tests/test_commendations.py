"""Commendation: lists of the playbook, one name a list once, the office decides, warnings are flagged (Q-01..Q-04)."""

import copy

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.actions import commendations as actions
from assessments.actions import surveys
from assessments.commendations import merits_of
from assessments.models import Commendation, Survey
from assessments.tests.factories import survey_round
from campaign.actions import model_members
from campaign.models import Campaign
from campaign.tests.factories import make_world
from supervision.models import MakeUpOrder
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
URL = "/assessments/commendations/"
LISTS = [
    {"key": "members", "name": {"zh": "优秀党员", "en": "Outstanding members"}, "subject": "member"},
    {"key": "branches", "name": {"zh": "先进党支部", "en": "Advanced branches"}, "subject": "organization"},
]


@pytest.fixture
def w():
    w = make_world()
    snapshot = copy.deepcopy(Campaign.objects.get().snapshot)
    snapshot["commendations"] = LISTS
    Campaign.objects.update(snapshot=snapshot)
    w.batch = type(w.batch).objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.lists = {one.key: one for one in w.batch.campaign.playbook.commendations}
    w.person = w.t.members["Z003"][0]
    w.closing = w.playbook.instrument("closing")
    survey_round(w, w.p.health, w.closing, by=w.c.secretary, confirmed_by=w.c.office)
    return w


def put_forward(w, key="members", **kwargs):
    given = {"organization": w.person.organization, "member": w.person, "merits": "带头整改", **kwargs}
    return actions.propose(by=w.c.secretary, batch=w.batch, listed=w.lists[key], **given)


def warn(w):
    MakeUpOrder.objects.create(
        participation=w.p.health,
        organization=w.person.organization,
        stage="study",
        trigger="spot_check",
        reason="走过场",
        unsolid_work=True,
        due_on=w.batch.starts_on,
    )


def test_a_name_stands_on_a_list_once(w):
    put_forward(w)
    with pytest.raises(actions.OnTheList):
        put_forward(w)
    put_forward(w, "branches", member=None)
    with pytest.raises(actions.OnTheList):
        put_forward(w, "branches", member=None)
    assert Commendation.objects.count() == 2


def test_the_slower_decision_is_refused(w):
    row = put_forward(w)
    actions.decide(by=w.c.office, row=row, approve=True)
    with pytest.raises(actions.Decided):
        actions.decide(by=w.c.general, row=row, approve=False, reason="名额已满")
    with pytest.raises(actions.Decided):
        actions.take_back(by=w.c.secretary, row=row)
    assert Commendation.objects.get().state == "approved"


def test_the_secretary_puts_forward_and_the_office_decides(w, client):
    client.force_login(w.c.secretary)
    sent = {"listed": "members", "organization": w.t.health.pk, "member": w.person.name, "merits": "带头整改"}
    assert client.post(URL, sent).status_code == 302
    row = Commendation.objects.get()
    assert row.member == w.person and row.organization == w.person.organization
    assert client.post(f"{URL}{row.pk}/decide/", {"approve": "1"}).status_code == 403
    client.force_login(w.c.office)
    assert w.person.name in client.get(URL).content.decode()
    client.post(f"{URL}{row.pk}/decide/", {"approve": "1"})
    assert Commendation.objects.get().state == "approved"


def test_a_name_that_is_not_on_the_roll_is_a_fault_and_nothing_is_lost(w, client):
    client.force_login(w.c.secretary)
    sent = {"listed": "members", "organization": w.t.health.pk, "member": "查无此人", "merits": "写了很多话"}
    answer = client.post(URL, sent)
    assert answer.status_code == 422 and "写了很多话" in answer.content.decode()
    assert not Commendation.objects.exists()


def test_who_was_warned_is_flagged_and_commended_only_with_a_reason(w, client):
    row = put_forward(w)
    client.force_login(w.c.office)
    assert "本批次受过警示" not in client.get(URL).content.decode()
    warn(w)
    assert "本批次受过警示" in client.get(URL).content.decode()
    client.post(f"{URL}{row.pk}/decide/", {"approve": "1"})
    assert Commendation.objects.get().state == "proposed"
    client.post(f"{URL}{row.pk}/decide/", {"approve": "1", "reason": "已彻底整改"})
    assert Commendation.objects.get().state == "approved"


def test_the_list_asks_as_often_for_three_rows_as_for_one(w, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(w.c.office)
    put_forward(w)
    client.get(URL)
    with CaptureQueriesContext(connection) as one:
        client.get(URL)
    for member in w.t.members["Z003"][1:3]:
        put_forward(w, member=member)
    with CaptureQueriesContext(connection) as three:
        client.get(URL)
    assert len(three) == len(one)


def test_nobody_is_put_forward_before_the_closing_survey_is_confirmed(w, client):
    """H-11: the sentence names the unit, why, and when; what was typed is kept."""
    Survey.objects.all().delete()
    client.force_login(w.c.secretary)
    sent = {"listed": "members", "organization": w.t.health.pk, "member": w.person.name, "merits": "写了很多话"}
    with pytest.raises(actions.TooEarly):
        put_forward(w)
    answer = client.post(URL, sent)
    [fault] = answer.context["form"].non_field_errors()
    last = w.p.health.progress.order_by("position").last().planned_end
    assert w.p.health.label in fault and f"{last.month}月{last.day}日" in fault
    assert answer.status_code == 422 and "写了很多话" in answer.text
    survey = survey_round(w, w.p.health, w.closing, by=w.c.secretary)
    [fault] = client.post(URL, sent).context["form"].non_field_errors()
    assert "第二人" in fault and not Commendation.objects.exists()
    surveys.confirm_counts(by=w.c.office, survey=survey)
    assert client.post(URL, sent).status_code == 302


def test_where_no_closing_survey_is_asked_for_nothing_waits_for_one(w):
    Survey.objects.all().delete()
    snapshot = copy.deepcopy(w.batch.campaign.snapshot)
    for instrument in snapshot["instruments"]:
        instrument["closing"] = False
    Campaign.objects.update(snapshot=snapshot)
    w.batch = type(w.batch).objects.select_related("campaign__host").get(pk=w.batch.pk)
    assert put_forward(w).state == "proposed"


def deed(w, **changes):
    base = {"member": w.person, "title": "雨夜抢修", "deed": "连夜抢修泵站。", "put_up_by": "党支部", **changes}
    return model_members.enter_deed(by=w.c.branch, batch=w.batch, data=model_members.DeedData(**base))


def test_a_proposal_begins_with_the_deeds_of_the_register(w, client):
    one, _second = deed(w), deed(w, title="义务诊疗", deed="连续三年下乡。")
    client.force_login(w.c.secretary)
    register = client.get(reverse("campaign:model_deeds", args=[w.t.health.pk])).text
    assert f"{URL}?deed={one.pk}" in register
    begun = client.get(f"{URL}?deed={one.pk}").context["form"].initial
    assert (begun["listed"], begun["organization"], begun["member"]) == ("members", w.t.health_1.pk, w.person.name)
    assert begun["merits"] == "雨夜抢修\n连夜抢修泵站。\n义务诊疗\n连续三年下乡。"
    client.force_login(user_with("branch_secretary", w.t.court_1))
    assert client.get(f"{URL}?deed={one.pk}").status_code == 404


def test_merits_are_cut_to_what_the_proposal_holds(w):
    merits = merits_of([deed(w, deed="长" * 800)])
    assert len(merits) == 500 and merits.endswith("…")


def test_who_decides_reads_the_deeds_beside_the_name_in_as_many_queries_for_three(w, client):
    put_forward(w)
    deed(w)
    client.force_login(w.c.office)
    assert "连夜抢修泵站。" in client.get(URL).text

    def asked():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(URL).status_code == 200
        return len(seen)

    one = asked()
    for number, person in enumerate(w.t.members["Z003"][1:3]):
        put_forward(w, member=person)
        deed(w, member=person, title=f"事迹{number}")
    assert asked() == one
