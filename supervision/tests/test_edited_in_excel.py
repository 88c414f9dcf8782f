"""Duty roster and contacts of the bodies edited in Excel: the page's actions, its rules, each fault by its cell."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import translation

from accounts.models import AuditEntry, Notification
from campaign.tests.workbooks import apply, look, take, told
from supervision.actions import bodies
from supervision.contacts_ledger import ContactsLedger
from supervision.duty_ledger import DutyLedger
from supervision.models import DutyDay, Leave
from supervision.tests.factories import make_supervised_world

pytestmark = pytest.mark.django_db
ON_DUTY = "值班人员"


@pytest.fixture
def w(db):
    with translation.override("zh-hans"):
        yield make_supervised_world(playbook="xingwen-county")


def test_the_duty_roster_of_a_month(w, django_capture_on_commit_callbacks):
    campaign, office, general = w.batch.campaign, w.c.office, w.c.general
    given = ((25, office), (27, office), (28, general), (30, general))
    days = [DutyDay.objects.create(campaign=campaign, day=dt.date(2026, 11, day), user=user) for day, user in given]
    DutyDay.objects.create(campaign=campaign, day=dt.date(2026, 12, 1), user=office)
    with pytest.raises(PermissionDenied):
        DutyLedger.open(w.c.leader, campaign.pk)
    with pytest.raises(Http404):
        DutyLedger.open(w.c.outsider, campaign.pk)
    ledger = DutyLedger.open(office, campaign.pk)
    book = take(ledger, ledger.rows(QueryDict("month=2026-11")))
    assert [book.cell(ON_DUTY, row).value for row in range(1, 6)] == [*(str(user) for _day, user in given), None]
    assert book.cell(ON_DUTY).protection.locked and not book.cell(ON_DUTY, 2).protection.locked
    Leave.objects.create(
        campaign=campaign, user=general, to="leading_group", from_date=dt.date(2026, 11, 27),
        to_date=dt.date(2026, 11, 27), reason="探亲", state=Leave.State.GRANTED,
    )  # fmt: skip
    past, away, nobody = (book.write(ON_DUTY, name, row) for row, name in ((1, "邓春梅"), (2, "邓春梅"), (3, "无此人")))
    faults = told(look(ledger, book))
    assert faults.keys() == {past, away, nobody}
    assert "请假" in faults[away] and "无此人" in faults[nobody]
    book = take(ledger, ledger.rows(QueryDict("month=2026-11")))
    book.write(ON_DUTY, str(office), 3)
    with django_capture_on_commit_callbacks(execute=True):
        assert apply(ledger, book) == 1
    days[2].refresh_from_db()
    assert days[2].user == office
    assert AuditEntry.objects.filter(action="duty.handed_over").count() == 1  # the rehearsal leaves no trace
    assert [note.user for note in Notification.objects.filter(url__contains="duty")] == [general]


def test_contacts_of_the_bodies_each_by_its_own_secretary(w, django_assert_max_num_queries):
    campaign = w.batch.campaign
    for place, kind in ((w.t.county, "office"), (w.t.health, "office"), (w.t.archives, "leading_group")):
        facts = bodies.BodyFacts(f"{place.name}机构")
        bodies.set_up_body(by=w.c.office, campaign=campaign, organization=place, kind=kind, facts=facts)
    with pytest.raises(PermissionDenied):
        ContactsLedger.open(w.c.committee, campaign.pk)
    office = ContactsLedger.open(w.c.office, campaign.pk)
    with django_assert_max_num_queries(6):
        book = take(office)
    book.write("电话", 8822001, row=1)  # a number, as WPS keeps it
    book.write("电话", "0831-8822002", row=3)
    assert apply(office, book) == 2
    assert sorted(row.phone for row in office.rows(QueryDict(""))) == ["", "0831-8822002", "8822001"]
    assert len(list(office.rows(QueryDict("q=卫生")))) == 1
    secretary = ContactsLedger.open(w.c.secretary, campaign.pk)
    book = take(secretary)  # the host's is there to be read
    assert book.cell("电话", 1).protection.locked and not book.cell("电话", 2).protection.locked
    cell = book.write("机构名称", "")
    other = book.write("电话", "长" * 41, row=2)
    assert told(look(secretary, book)).keys() == {cell, other}


@pytest.mark.once
def test_the_pages_of_both_lists_lead_to_excel(w):
    client = Client()
    client.force_login(w.c.office)
    DutyDay.objects.create(campaign=w.batch.campaign, day=dt.date(2026, 12, 1), user=w.c.office)
    for name, key, query in (("duty", "duty", {"month": "2026-12"}), ("bodies", "contacts", {"q": "卫生"})):
        page = client.get(reverse(f"supervision:{name}"), query).content.decode()
        address = reverse("campaign:roundtrip_download", args=[key, w.batch.campaign_id])
        assert f"{address}?" in page
        assert client.get(address, query).status_code == 200
