"""Cadres held to account: kept by the organisation, sealed, figures above, every reading noted (O-11, decision 20)."""

import pytest
from django.db import connection
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from assessments.actions import accountability as actions
from assessments.models import Accountability
from campaign.actions.closing import close_batch
from campaign.models import Batch, Participation
from campaign.tests.factories import make_world

CAUSE = "窗口推诿，群众多次反映"


@pytest.fixture
def w(db):
    return make_world()


def entry(**more):
    given = {"member": None, "name": "周某", "duty": "办公室主任", "cause": CAUSE, "result": "诫勉谈话"}
    return actions.entry_of(**{**given, "decided_on": clock.today(), **more})


def entered(w, organization=None, **more):
    place = {"batch": w.batch, "organization": organization or w.t.health}
    return actions.enter_accountability(by=w.c.secretary, entry=entry(**more), **place)


def sent(**more):
    data = {"member": "周某", "duty": "办公室主任", "cause": CAUSE, "result": "诫勉谈话"}
    return {**data, "decided_on": clock.today().isoformat(), **more}


def url(name, pk):
    return reverse(f"assessments:{name}", args=[pk])


def test_the_secretary_enters_reads_and_mends_and_each_reading_is_kept(w, client):
    client.force_login(w.c.secretary)
    ledger = client.get(reverse("campaign:rectification", args=[w.t.health.pk])).text
    assert url("accountabilities", w.t.health.pk) in ledger
    person = w.t.members["Z003"][0]
    assert client.post(url("accountability_new", w.t.health.pk), sent(member=person.name)).status_code == 302
    row = Accountability.objects.get()
    assert (row.member, row.name, row.cause) == (person, "", CAUSE)
    assert person.name in client.get(url("accountabilities", w.t.health.pk)).text
    assert not AuditEntry.objects.filter(action="accountability.read").exists(), "the list gives no cause away"
    assert CAUSE in client.get(url("accountability", row.pk)).text
    assert AuditEntry.objects.filter(action="accountability.read").count() == 1
    assert client.post(url("accountability", row.pk), sent(version="1", result="免职")).status_code == 302
    row.refresh_from_db()
    assert (row.result, row.name, row.version) == ("免职", "周某", 2)


def test_cause_and_result_are_sealed_in_the_database_and_not_in_the_history(w):
    entered(w)
    with connection.cursor() as cursor:
        cursor.execute("SELECT cause, result FROM assessments_accountability")
        assert CAUSE not in str(cursor.fetchall())
    assert CAUSE not in str(list(AuditEntry.objects.filter(action__startswith="accountability").values()))


def test_above_there_are_figures_and_no_names(w, client):
    row = entered(w)
    client.force_login(w.c.office)
    page = client.get(url("accountabilities", w.t.county.pk)).text
    assert w.t.health.name in page and "周某" not in page
    assert client.get(url("accountability", row.pk)).status_code == 403
    client.force_login(w.c.general)
    assert client.get(url("accountabilities", w.t.county.pk)).status_code == 403, "without the right to papers"


def test_two_who_change_the_same_entry(w):
    row = entered(w)
    actions.change_accountability(by=w.c.secretary, row=row, version=1, entry=entry(result="免职"))
    with pytest.raises(actions.EntryChanged):
        actions.change_accountability(by=w.c.secretary, row=row, version=1, entry=entry(result="警告"))
    assert Accountability.objects.get().result == "免职"


def test_removing_needs_a_reason(w, client):
    row = entered(w)
    client.force_login(w.c.secretary)
    client.post(url("accountability", row.pk), {"remove": "1", "reason": ""})
    assert Accountability.objects.exists()
    client.post(url("accountability", row.pk), {"remove": "1", "reason": "登记有误"})
    assert not Accountability.objects.exists()
    assert AuditEntry.objects.get(action="accountability.removed").data["reason"] == "登记有误"


def test_a_day_to_come_is_a_fault_and_nothing_typed_is_lost(w, client):
    client.force_login(w.c.secretary)
    answer = client.post(url("accountability_new", w.t.health.pk), sent(decided_on="2099-01-01"))
    assert "decided_on" in answer.context["form"].errors and CAUSE in answer.text
    assert not Accountability.objects.exists()


def test_when_the_batch_is_closed_nobody_is_entered_any_more(w, client):
    Participation.objects.filter(batch=w.batch).update(state="closed", closed_on=clock.today())
    client.force_login(w.c.secretary)
    assert client.post(url("accountability_new", w.t.health.pk), sent()).status_code == 302, "consolidation"
    close_batch(by=w.c.office, batch=Batch.objects.get(pk=w.batch.pk))
    assert client.post(url("accountability_new", w.t.health.pk), sent()).status_code == 403
    assert Accountability.objects.count() == 1


def test_the_list_asks_as_often_for_three_rows_as_for_one(w, client, django_assert_num_queries):
    from django.test.utils import CaptureQueriesContext

    client.force_login(w.c.secretary)
    entered(w)
    page = url("accountabilities", w.t.health.pk)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for number in range(2):
        entered(w, name=f"吴{number}")
        entered(w, w.t.health_1, name=f"郑{number}")
    with django_assert_num_queries(len(one)):
        client.get(page)
