"""The digest: one mail at the chosen hour, never twice, and nothing lost when one fails."""

import datetime as dt

import pytest
from django.core import mail as outgoing
from django.urls import reverse

from accounts import clock as now_clock
from accounts import inbox, letters, mailing
from accounts.messages import Message
from accounts.models import MailChoice, Notification
from accounts.tests.factories import UserFactory
from accounts.tests.test_mail import listening, tell
from campaign import stage_ends, tasks, todo
from campaign.actions import digest
from campaign.queries import batch_for
from campaign.tests.factories import make_world
from tests.together import on_a_file, run_together  # noqa: F401  a fixture
from units import access
from units.tests.factories import make_tree, user_with

LOCMEM = "django.core.mail.backends.locmem.EmailBackend"
FRIDAY = (2026, 11, 27, 8, 5)


@pytest.fixture
def waiting(monkeypatch):
    """What waits for everybody, until it is taken out."""
    lines = [
        todo.Todo(
            3, Message("Write it"), Message("Secret detail"), "/reports/", Message("See"), dt.date(2026, 11, 26), True
        ),
        todo.Todo(1, Message("Record"), None, "/records/", Message("See"), dt.date(2026, 11, 29)),
    ]
    monkeypatch.setattr(inbox, "_sources", [lambda _user: lines])
    return lines


@pytest.mark.django_db
class TestDigest:
    def test_one_mail_at_the_hour_and_not_again(self, waiting, clock):
        choice = listening()
        assert digest.send_digests() == 0, "the hour has not come"
        clock.hold(*FRIDAY)
        assert tasks.send_digests() == 1
        assert tasks.send_digests() == 0
        choice.refresh_from_db()
        assert choice.next_at == now_clock.now().replace(hour=8, minute=0) + dt.timedelta(days=1)
        (mail,) = outgoing.outbox
        assert mail.subject == "有4件事等您办理"
        for said in (mail.body, mail.alternatives[0][0]):
            assert "等您办理" in said
            assert "即将到期" in said
            assert "http://127.0.0.1:8000/reports/" in said
            assert "http://127.0.0.1:8000/accounts/mail/" in said
            assert "Secret detail" not in said, "details may name people"
        assert "已超过11月26日的期限" in mail.body
        assert mail.extra_headers["Auto-Submitted"] == "auto-generated"

    def test_what_happened_since_the_last_one_in_the_readers_language(self, waiting, clock):
        waiting.clear()
        choice = listening(UserFactory(language="en"), told_until=now_clock.now())
        old = tell(choice.user, "Told before", created_at=now_clock.now() - dt.timedelta(hours=1))
        clock.hold(2026, 11, 26, 18)
        tell(choice.user, "%(name)s: <b>", params={"name": {"zh": "周报", "en": "Weekly report"}}, kind="news")
        tell(choice.user, "Mailed at once", mailed_at=now_clock.now())
        tell(choice.user, "Read already", read_at=now_clock.now())
        tell(choice.user, "Names somebody", confidential=True)
        clock.hold(*FRIDAY)
        assert digest.send_digests() == 1
        (mail,) = outgoing.outbox
        assert mail.subject == "2 new messages in your inbox"
        assert "Weekly report: <b>" in mail.body
        assert "Weekly report: &lt;b&gt;" in mail.alternatives[0][0]
        for untold in ("Told before", "Mailed at once", "Read already", "Names somebody"):
            assert untold not in mail.body
        old.refresh_from_db()
        assert old.mailed_at is None
        clock.hold(2026, 11, 28, 9)
        assert digest.send_digests() == 0, "nothing to tell, no mail"
        assert Notification.objects.to_mail_at_once().filter(message="Names somebody").count() == 0

    def test_the_choice_is_respected(self, waiting, clock):
        listening(rhythm="none", at_once=True)
        listening(rhythm="weekly", weekday=0)
        listening(rhythm="workdays")
        MailChoice.objects.create(user=UserFactory(), address="nobody@example.gov.cn")
        listening(UserFactory(is_active=False))
        clock.hold(2026, 11, 28, 8)  # a Saturday
        assert digest.send_digests() == 0
        clock.hold(2026, 11, 30, 8)
        assert digest.send_digests() == 2

    def test_hours_missed_are_caught_up_by_one(self, waiting, clock):
        listening()
        clock.hold(2026, 12, 1, 15)
        assert [digest.send_digests(), digest.send_digests()] == [1, 0]
        clock.hold(2026, 12, 2, 8)
        assert digest.send_digests() == 1

    def test_one_that_fails_leaves_the_others_sent_and_is_tried_three_times(self, waiting, clock, settings):
        settings.EMAIL_BACKEND = "accounts.tests.test_mail.Refusing"
        lost, fine = listening(address="unknown@example.gov.cn"), listening()
        tell(lost.user, "Still to be told", kind="news")
        sent = []
        for hour in (8, 9, 10, 11):
            clock.hold(2026, 11, 27, hour)
            sent.append(digest.send_digests())
            lost.refresh_from_db()
        assert sent == [1, 0, 0, 0]
        assert outgoing.outbox[0].to == [fine.address]
        assert (lost.tries, lost.next_at.astimezone(now_clock.now().tzinfo).day) == (3, 28)
        assert "550" in str(lost.why_failed)
        settings.EMAIL_BACKEND = LOCMEM
        clock.hold(2026, 11, 28, 8)
        assert digest.send_digests() == 2
        assert any("Still to be told" in mail.body for mail in outgoing.outbox)
        lost.refresh_from_db()
        assert (lost.tries, lost.failed_at, lost.failure) == (0, None, {})

    def test_a_server_that_is_away_costs_nobody_the_digest(self, waiting, clock, settings):
        listening()
        clock.hold(*FRIDAY)
        settings.EMAIL_BACKEND = "accounts.tests.test_mail.Away"
        assert digest.send_digests() == 0
        settings.EMAIL_BACKEND = LOCMEM
        assert digest.send_digests() == 1

    def test_a_fault_in_one_persons_list_is_noted_and_passed_over(self, monkeypatch, clock):
        broken, fine = listening(), listening()

        def give(user):
            if user == broken.user:
                raise ZeroDivisionError
            return [todo.Todo(1, Message("Record"), None, "/records/", Message("See"))]

        monkeypatch.setattr(inbox, "_sources", [give])
        clock.hold(*FRIDAY)
        assert digest.send_digests() == 1
        broken.refresh_from_db()
        fine.refresh_from_db()
        assert (broken.failed_at is None, fine.failed_at) == (False, None)

    def test_long_lists_are_cut_and_say_so(self, waiting, clock):
        waiting[:] = waiting[:1] * 23
        user = listening().user
        for number in range(25):
            tell(user, f"Line {number}", kind="news")
        clock.hold(*FRIDAY)
        digest.send_digests()
        (mail,) = outgoing.outbox
        assert mail.body.count("/reports/") == 20
        assert "另有3条" in mail.body
        assert "另有5条" in mail.body
        assert Notification.objects.filter(mailed_at=None).count() == 0, "what the mail counts it has told of"

    def test_a_person_costs_the_same_whatever_happened(self, waiting, clock, django_assert_max_num_queries):
        users = [listening().user for _n in range(3)]
        for number in range(9):
            tell(users[0], f"Line {number}", kind="news")
        clock.hold(*FRIDAY)
        # Two to go through the rows, and for each person: claim, what happened, told, marked, and what failed before.
        with django_assert_max_num_queries(2 + 5 * len(users)):
            assert digest.send_digests() == 3


@pytest.mark.django_db
@pytest.mark.once
def test_what_waits_in_all_rooms_stands_in_inbox_and_digest(client, clock):
    w = make_world(started=False)
    choice = listening(w.c.office)
    client.force_login(w.c.office)
    begin = "启动已准备好的单位"
    assert begin in client.get(reverse("accounts:inbox")).content.decode()
    clock.hold(*FRIDAY)
    assert digest.send_digests() == 1
    assert begin in outgoing.outbox[0].body
    assert choice.user.name not in outgoing.outbox[0].body


@pytest.mark.server
@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_send_one_mail_each_person(waiting, clock, on_a_file):  # noqa: F811
    for _n in range(4):
        tell(listening(at_once=True).user, "Yes")
    clock.hold(*FRIDAY)
    assert sum(run_together(digest.send_digests, digest.send_digests)) == 4
    tell(MailChoice.objects.first().user, "Another")
    clock.hold(2026, 11, 27, 8, 10)
    assert sum(run_together(mailing.send_at_once, mailing.send_at_once)) == 1
    assert len(outgoing.outbox) == 5


@pytest.mark.django_db
@pytest.mark.once
def test_whom_no_mail_reaches_is_told_to_who_manages_accounts(client, clock):
    tree = make_tree(1)
    manager = user_with("system_administrator", tree.county)
    lost = listening(user_with("office_general", tree.county, name="高静"), tries=3)
    MailChoice.objects.filter(pk=lost.pk).update(
        failed_at=now_clock.now(), failure=Message(letters.NO_ADDRESS, {"code": 550}).to_json()
    )
    listening(user_with("office_general", tree.county, name="何宁"))
    client.force_login(manager)
    assert "邮件通知发不到的人员" in client.get(reverse("accounts:inbox")).content.decode()
    listed = client.get(reverse("units:accounts"), {"state": "mail"}).content.decode()
    assert ("高静" in listed, "何宁" in listed) == (True, False)
    page = client.get(reverse("units:account", args=[lost.user_id])).content.decode()
    assert "邮件服务器拒收该邮箱地址（550）" in page
    assert lost.address not in page
    clock.hold(2026, 11, 27, 10, 1)
    assert MailChoice.objects.failing().count() == 2, "two hours late"
    assert "11月27日 08:00起未发出" in client.get(
        reverse("units:account", args=[lost.user_id])
    ).content.decode().replace("\u00a0", " ")
    MailChoice.objects.update(confirmed_at=None, next_at=None)
    client.force_login(lost.user)
    assert "邮件通知发不到的人员" not in client.get(reverse("accounts:inbox")).content.decode()


@pytest.mark.django_db
@pytest.mark.once
def test_the_end_of_a_stage_is_due_soon_for_those_who_take_part(clock, django_assert_max_num_queries):
    w = make_world()  # 20 of 45 days of the first stage are over
    assert not list(stage_ends.stages_ending(w.c.branch)), "not within a week"
    clock.hold(2026, 12, 16, 9)
    for user, address in ((w.c.office, "/campaign/participations/?"), (w.c.branch, f"/{w.t.health_1.pk}/")):
        fresh = type(user).objects.get(pk=user.pk)
        access.posts_of(fresh)
        batch_for(fresh)
        with django_assert_max_num_queries(1):
            (line,) = stage_ends.stages_ending(fresh)
        assert (line.due, address in line.url) == (dt.date(2026, 12, 20), True)
        assert line in inbox.parts_of(fresh).soon
    assert not list(stage_ends.stages_ending(UserFactory()))
