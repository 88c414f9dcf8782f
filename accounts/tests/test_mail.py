"""Notices by e-mail: the choice, the confirmed address, mails at once, and what becomes of a mail that fails."""

import datetime as dt
import re
import smtplib

import pytest
from django.core import mail as outgoing
from django.core.mail.backends.locmem import EmailBackend
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import clock as now_clock
from accounts import letters, mail_actions, mailing, notify
from accounts.models import AuditEntry, MailChoice, Notification
from accounts.tests.factories import UserFactory

pytestmark = pytest.mark.django_db
ADDRESS = "gao@example.gov.cn"
WISHES = mail_actions.Wishes(ADDRESS, MailChoice.Rhythm.WORKDAYS, 0, 8, at_once=False)


class Refusing(EmailBackend):
    """A mail server that does not know some people."""

    def send_messages(self, messages):
        for message in messages:
            if "unknown" in message.to[0]:
                raise smtplib.SMTPRecipientsRefused({message.to[0]: (550, b"5.1.1 unknown@example.gov.cn")})
        return super().send_messages(messages)


class Away(EmailBackend):
    def open(self):
        raise ConnectionRefusedError


def listening(user=None, address=ADDRESS, **more):
    """A person whose address is confirmed."""
    values = {"rhythm": "daily", "confirmed_at": now_clock.now() - dt.timedelta(days=9), "address": address, **more}
    choice = MailChoice(user=user or UserFactory(), **values)
    choice.next_at = choice.slot_after(now_clock.now())
    choice.save()
    return choice


def tell(user, message="Yes", kind=notify.REMINDER, **more):
    return Notification.objects.create(user=user, message=message, kind=kind, **more)


def link_in(mail):
    return re.search(r"/accounts/mail/confirm/\S+", mail.body)[0]


# ---------------------------------------------------------------- the choice and the address
class TestChoosing:
    def test_nothing_is_due_before_the_address_is_confirmed(self, client, clock):
        user = UserFactory()
        client.force_login(user)
        sent = {"address": ADDRESS, "rhythm": "weekly", "weekday": "4", "hour": "7"}
        assert client.post(reverse("accounts:mail"), sent).url == reverse("accounts:mail")
        choice = MailChoice.objects.get()
        assert (choice.rhythm, choice.weekday, choice.hour, choice.next_at) == ("weekly", 4, 7, None)
        (mail,) = outgoing.outbox
        assert mail.to == [ADDRESS]
        assert ADDRESS not in mail.body + str(mail.alternatives)
        link = link_in(mail)
        assert ADDRESS in client.get(link).content.decode()
        choice.refresh_from_db()
        assert choice.confirmed_at is None, "a program that looks into mails opens every link"
        client.post(link)
        choice.refresh_from_db()
        assert choice.next_at == now_clock.now().replace(hour=7) + dt.timedelta(days=1), "the next Friday"
        assert [entry.action for entry in AuditEntry.objects.filter(action__startswith="account.mail")] == [
            "account.mail_confirmed",
            "account.mail_chosen",
        ]
        assert ADDRESS not in str(list(AuditEntry.objects.values()))

    def test_another_address_has_to_be_confirmed_anew(self):
        choice = listening(failed_at=now_clock.now(), tries=2)
        mail_actions.choose(by=choice.user, wishes=WISHES)
        choice.refresh_from_db()
        assert (choice.confirmed_at is None, choice.tries) == (False, 2), "the same address stays"
        other = mail_actions.Wishes("new@example.gov.cn", "daily", 0, 8, at_once=True)
        mail_actions.choose(by=choice.user, wishes=other)
        choice.refresh_from_db()
        assert (choice.confirmed_at, choice.next_at, choice.failed_at, choice.tries) == (None, None, None, 0)

    def test_the_database_lets_nothing_be_due_at_an_unconfirmed_address(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            MailChoice.objects.create(user=UserFactory(), address=ADDRESS, next_at=now_clock.now())

    def test_a_wrong_address_is_refused_and_what_was_typed_stays(self, client):
        client.force_login(UserFactory())
        answer = client.post(reverse("accounts:mail"), {"address": "gao@", "rhythm": "daily", "weekday": 0, "hour": 9})
        assert "gao@" in answer.content.decode()
        assert not MailChoice.objects.exists()
        assert not outgoing.outbox

    def test_links_do_not_come_in_a_stream(self, client, clock):
        user = UserFactory()
        client.force_login(user)
        mail_actions.choose(by=user, wishes=WISHES)
        client.post(reverse("accounts:mail_ask"))
        client.post(reverse("accounts:mail_ask"))
        assert len(outgoing.outbox) == 1
        clock.hold(2026, 11, 26, 10, 1)
        client.post(reverse("accounts:mail_ask"))
        assert len(outgoing.outbox) == 2
        assert client.get(link_in(outgoing.outbox[0])).url == reverse("accounts:mail"), "only the newest holds"
        assert client.get(link_in(outgoing.outbox[1])).status_code == 200

    def test_a_link_that_could_not_be_sent_says_why_and_can_be_sent_again(self, client, settings):
        user = UserFactory()
        client.force_login(user)
        settings.EMAIL_BACKEND = f"{__name__}.Away"
        sent = {"address": ADDRESS, "rhythm": "daily", "weekday": "0", "hour": "8"}
        page = client.post(reverse("accounts:mail"), sent, follow=True).content.decode()
        assert "无法连接邮件服务器" in page
        assert MailChoice.objects.get().asked_at is None


class TestLinks:
    @pytest.fixture
    def choice(self):
        made = mail_actions.choose(by=UserFactory(), wishes=WISHES)
        mail_actions.ask_to_confirm(by=made.user)
        made.refresh_from_db()
        return made

    def test_a_forged_one_is_not_there(self, choice, client):
        token = mail_actions.token_of(choice)
        client.force_login(choice.user)
        for forged in ("x", token[:-1] + ("a" if token[-1] != "a" else "b")):
            assert client.post(reverse("accounts:mail_confirm", args=[forged])).status_code == 404

    def test_another_persons_is_not_there(self, choice, client):
        client.force_login(UserFactory())
        assert client.post(reverse("accounts:mail_confirm", args=[mail_actions.token_of(choice)])).status_code == 404

    def test_an_old_one_does_not_hold(self, choice, clock):
        token = mail_actions.token_of(choice)
        clock.hold(2026, 11, 29, 10, 1)
        with pytest.raises(mail_actions.LinkOutdated):
            mail_actions.confirm(by=choice.user, token=token)

    def test_one_for_an_address_given_up_does_not_hold(self, choice):
        token = mail_actions.token_of(choice)
        mail_actions.choose(by=choice.user, wishes=mail_actions.Wishes("new@example.gov.cn", "daily", 0, 8, False))
        with pytest.raises(mail_actions.LinkOutdated):
            mail_actions.confirm(by=choice.user, token=token)
        assert MailChoice.objects.get().confirmed_at is None

    def test_twice_is_once(self, choice):
        for _n in range(2):
            mail_actions.confirm(by=choice.user, token=mail_actions.token_of(choice))
        assert AuditEntry.objects.filter(action="account.mail_confirmed").count() == 1


@pytest.mark.parametrize(
    ("rhythm", "moment", "expected"),
    [
        ("daily", (2026, 11, 26, 7, 59), (2026, 11, 26, 8)),
        ("daily", (2026, 11, 26, 8, 0), (2026, 11, 27, 8)),
        ("weekly", (2026, 11, 26, 10, 0), (2026, 12, 2, 8)),  # a Thursday; chosen: Wednesday
        ("weekly", (2026, 12, 2, 7, 0), (2026, 12, 2, 8)),
        ("weekly", (2026, 12, 2, 8, 0), (2026, 12, 9, 8)),
        ("none", (2026, 11, 26, 8, 0), None),
    ],
)
def test_the_next_hour(rhythm, moment, expected):
    zone = now_clock.now().tzinfo
    found = MailChoice(rhythm=rhythm, weekday=2, hour=8).slot_after(dt.datetime(*moment, tzinfo=zone))
    assert found == (dt.datetime(*expected, tzinfo=zone) if expected else None)


# ---------------------------------------------------------------- at once
class TestAtOnce:
    def test_what_reminds_goes_out_in_one_mail_once_in_the_readers_language(self):
        choice = listening(UserFactory(language="en"), at_once=True)
        tell(choice.user, "Please write and hand in your self-analysis", url="/a/")
        note = tell(choice.user, "All %(n)s", params={"n": 7}, kind=notify.RETURN, url="/b/")
        tell(choice.user, "Nothing urgent", kind=notify.NEWS)
        assert mailing.send_at_once() == 1
        assert mailing.send_at_once() == 0
        (mail,) = outgoing.outbox
        assert (mail.to, mail.subject) == ([ADDRESS], "2 reminders for you")
        assert "All 7" in mail.body
        assert f"\n  http://127.0.0.1:8000/accounts/inbox/{note.pk}/\n" in mail.body
        assert "Nothing urgent" not in mail.body
        assert "All 7" in mail.alternatives[0][0]

    def test_only_who_chose_it_at_a_confirmed_address(self):
        unconfirmed = MailChoice.objects.create(user=UserFactory(), address=ADDRESS, at_once=True)
        closed = listening(UserFactory(is_active=False), at_once=True)
        for user in (unconfirmed.user, closed.user, listening().user, UserFactory()):
            tell(user)
        assert mailing.send_at_once() == 0
        assert not outgoing.outbox

    def test_the_same_reminder_again_makes_no_second_mail_within_a_day(self, clock):
        choice = listening(at_once=True)
        tell(choice.user, url="/a/")
        assert mailing.send_at_once() == 1
        clock.hold(2026, 11, 27, 9, 0)
        tell(choice.user, url="/a/")
        assert mailing.send_at_once() == 0
        clock.hold(2026, 11, 27, 10, 1)
        tell(choice.user, url="/a/")
        assert mailing.send_at_once() == 1

    def test_what_is_read_or_a_day_old_or_confidential(self, clock):
        choice = listening(at_once=True)
        tell(choice.user, "Read", read_at=now_clock.now())
        tell(choice.user, "Old", created_at=now_clock.now() - dt.timedelta(days=1, minutes=1))
        tell(choice.user, "Secret", confidential=True)
        assert mailing.send_at_once() == 1
        (mail,) = outgoing.outbox
        assert "Secret" not in mail.body + mail.alternatives[0][0] + mail.subject
        assert "1条涉及个人的消息" in mail.body

    def test_one_that_fails_leaves_the_others_sent_and_is_tried_after_an_hour(self, settings, clock, caplog):
        settings.EMAIL_BACKEND = f"{__name__}.Refusing"
        lost = listening(address="unknown@example.gov.cn", at_once=True)
        fine = listening(at_once=True)
        for choice in (lost, fine):
            tell(choice.user)
        assert mailing.send_at_once() == 1
        lost.refresh_from_db()
        assert str(lost.why_failed).startswith("邮件服务器拒收该邮箱地址（550）")
        assert "unknown@" not in caplog.text + str(lost.failure)
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert mailing.send_at_once() == 0
        clock.hold(2026, 11, 26, 11, 0)
        assert mailing.send_at_once() == 1
        lost.refresh_from_db()
        assert (lost.failed_at, lost.tries) == (None, 0)

    def test_a_server_that_is_away_loses_nothing(self, settings):
        choice = listening(at_once=True)
        tell(choice.user)
        settings.EMAIL_BACKEND = f"{__name__}.Away"
        assert mailing.send_at_once() == 0
        settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
        assert mailing.send_at_once() == 1

    def test_a_fault_in_one_message_leaves_the_others_sent(self):
        broken, fine = listening(at_once=True), listening(at_once=True)
        tell(broken.user, "%(missing)s", params={"other": 1})
        tell(fine.user)
        assert mailing.send_at_once() == 1
        broken.refresh_from_db()
        assert broken.why_failed.id == letters.NOT_WRITTEN

    def test_by_which_way_people_hear(self, settings, django_assert_num_queries):
        people = [listening(at_once=True).user, listening().user, listening(rhythm="none").user, UserFactory()]
        with django_assert_num_queries(1):
            assert mailing.ways_of([user.pk for user in people]) == mailing.Ways(1, 1, 2)
        settings.MAIL_GOES_OUT = False
        assert mailing.ways_of([user.pk for user in people]) == mailing.Ways(0, 0, 4)


def test_the_language_switch_is_kept_for_mails(client):
    user = UserFactory()
    client.post(reverse("set_language"), {"language": "en"})
    client.force_login(user)
    client.post(reverse("set_language"), {"language": "en"})
    client.post(reverse("set_language"), {"language": "xx"})
    user.refresh_from_db()
    assert user.language == "en"
    with letters.in_language_of(user):
        assert str(MailChoice.Rhythm.NONE.label) == "No digest"
