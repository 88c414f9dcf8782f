"""Reminding those who have not reported: in the inbox, and by e-mail as each person chose."""

import datetime as dt

import pytest
from django.core import mail as outgoing
from django.urls import reverse

from accounts import mailing
from accounts.models import Notification
from accounts.tests.test_mail import listening
from campaign.tests.factories import make_world
from reports.actions import reports as actions
from reports.tests.factories import send, unit_rule

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def w(clock):
    clock.hold(2026, 4, 2, 10)
    return make_world(start=dt.date(2026, 3, 16))


def test_who_chose_it_hears_at_once_and_by_one_mail(w, client, clock, django_capture_on_commit_callbacks):
    rule = unit_rule(w)
    listening(w.c.secretary, at_once=True)
    client.force_login(w.c.office)
    asked = {"rule": rule.key, "only": w.p.health.pk}
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(reverse("reports:remind"), asked, follow=True)
    assert "其中1人即时收到邮件，0人在下次汇总邮件中收到，0人只在“消息”页看到" in page.content.decode()
    assert mailing.send_at_once() == 1
    with django_capture_on_commit_callbacks(execute=True):
        again = client.post(reverse("reports:remind"), asked, follow=True)
    assert "即时收到邮件" not in again.content.decode()
    clock.hold(2026, 4, 3, 9)  # another day, within a day of the mail: the office presses again
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("reports:remind"), asked)
    assert Notification.objects.filter(user=w.c.secretary, kind="reminder").count() == 2
    assert mailing.send_at_once() == 0
    (mail,) = outgoing.outbox
    assert rule.name.zh in mail.body


def test_of_a_returned_report_the_writer_hears_at_once(w, django_capture_on_commit_callbacks):
    listening(w.c.secretary, at_once=True)
    report = send(w.p.health, unit_rule(w), w.c.secretary)
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_report(by=w.c.office, report=report, version=report.version, reason="数字不齐")
    report.refresh_from_db()
    assert mailing.send_at_once() == 1
    assert "数字不齐" in outgoing.outbox[0].body
    told = Notification.objects.filter(user=w.c.secretary, message__contains="returned")
    assert [note.kind for note in told] == ["return"]
