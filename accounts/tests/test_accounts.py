"""Signing in and out, passwords, idle sign-out, lockout, the inbox, history that cannot be changed."""

import datetime as dt
import time

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts import actions, audit, crypto, notify
from accounts.messages import Message
from accounts.models import AuditEntry, Notification, User
from accounts.passwords import CharacterClassesValidator
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


def sign_in(client, username, password=PASSWORD):
    return client.post(reverse("accounts:sign_in"), {"username": username, "password": password})


class TestSigningIn:
    def test_a_right_pair_leads_home_and_leaves_a_line(self, client):
        user = UserFactory()
        assert sign_in(client, user.username).url == reverse("home")
        assert AuditEntry.objects.get(action="account.signed_in").actor_id == user.pk

    def test_a_wrong_one_does_not_say_which_half(self, client):
        user = UserFactory()
        wrong_password = sign_in(client, user.username, "Wrong123x").content.decode()
        wrong_name = sign_in(client, "nobody", "Wrong123x").content.decode()
        for page in (wrong_password, wrong_name):
            assert "用户名或密码" in page

    def test_a_closed_account_stays_outside(self, client):
        user = UserFactory()
        actions.set_active(by=UserFactory(), user=user, active=False)
        assert sign_in(client, user.username).status_code == 200
        assert "_auth_user_id" not in client.session

    def test_five_failures_lock_even_for_the_right_password(self, client):
        user = UserFactory()
        for _attempt in range(5):
            answer = sign_in(client, user.username, "Wrong123x")
        assert answer.status_code == 429
        assert sign_in(client, user.username).status_code == 429
        assert AuditEntry.objects.filter(action="account.locked_out").exists()

    def test_another_account_is_not_locked_with_it(self, client):
        user, other = UserFactory(), UserFactory()
        for _attempt in range(5):
            sign_in(client, user.username, "Wrong123x")
        assert sign_in(client, other.username).status_code == 302

    def test_without_signing_in_everything_leads_to_the_sign_in_page(self, client):
        answer = client.get(reverse("accounts:inbox"))
        assert answer.url.startswith(reverse("accounts:sign_in"))

    def test_signing_out_is_a_post(self, client):
        client.force_login(UserFactory())
        assert client.get(reverse("accounts:sign_out")).status_code == 405
        client.post(reverse("accounts:sign_out"))
        assert "_auth_user_id" not in client.session


class TestPasswords:
    def test_a_first_password_leads_to_the_form_that_changes_it(self, client):
        user, password = actions.create_account(by=None, username="new", name="新人")
        sign_in(client, "new", password)
        assert client.get(reverse("accounts:inbox")).url == reverse("accounts:change_password")
        fields = {"old_password": password, "new_password1": "Yimeng2027", "new_password2": "Yimeng2027"}
        client.post(reverse("accounts:change_password"), fields)
        assert client.get(reverse("accounts:inbox")).status_code == 200
        user.refresh_from_db()
        assert user.check_password("Yimeng2027") and not user.must_change_password

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"old_password": "Wrong123x"}, "old_password"),
            ({"new_password2": "Different2027"}, "new_password2"),
            ({"new_password1": "onlysmall", "new_password2": "onlysmall"}, "new_password2"),
            ({"new_password1": PASSWORD, "new_password2": PASSWORD}, "new_password1"),
        ],
    )
    def test_what_is_refused_is_told_at_its_field(self, client, fields, field):
        client.force_login(UserFactory())
        typed = {"old_password": PASSWORD, "new_password1": "Yimeng2027", "new_password2": "Yimeng2027", **fields}
        answer = client.post(reverse("accounts:change_password"), typed)
        assert answer.status_code == 200 and answer.context["form"].errors[field]

    def test_an_old_password_has_to_be_changed(self, client, settings):
        user = UserFactory()
        User.objects.filter(pk=user.pk).update(password_changed_at=dt.datetime(2020, 1, 1, tzinfo=dt.UTC))
        client.force_login(user)
        assert client.get(reverse("accounts:inbox")).url == reverse("accounts:change_password")
        settings.PASSWORD_MAX_DAYS = 0
        assert client.get(reverse("accounts:inbox")).status_code == 200

    @pytest.mark.parametrize("password", ["alllower", "lower123", "UPPER123", "12345678"])
    def test_two_classes_are_too_few(self, password):
        with pytest.raises(ValidationError):
            CharacterClassesValidator().validate(password)

    @pytest.mark.parametrize("password", ["Lower123", "lower12!", "UPPER12!"])
    def test_three_classes_do(self, password):
        CharacterClassesValidator().validate(password)

    def test_a_first_password_keeps_the_rules_and_can_be_read(self):
        for _n in range(50):
            password = actions.readable_password()
            CharacterClassesValidator().validate(password)
            assert len(password) == 10 and not set(password) & set("0O1lI")

    def test_a_reset_is_audited_and_kept_nowhere(self):
        admin, user = UserFactory(), UserFactory()
        password = actions.reset_password(by=admin, user=user)
        entry = AuditEntry.objects.get(action="account.password_reset")
        assert entry.actor_id == admin.pk and password not in str(entry.data)
        assert user.check_password(password) and user.must_change_password


class TestSession:
    def test_thirty_idle_minutes_sign_out(self, client):
        client.force_login(UserFactory())
        client.get(reverse("accounts:inbox"))
        session = client.session
        session["seen"] = time.time() - 31 * 60
        session.save()
        assert client.get(reverse("accounts:inbox")).url.startswith(reverse("accounts:sign_in"))
        assert "_auth_user_id" not in client.session

    def test_polling_does_not_keep_a_session_alive(self, client):
        client.force_login(UserFactory())
        client.get(reverse("accounts:inbox"))
        session = client.session
        session["seen"] = before = time.time() - 20 * 60
        session.save()
        client.get(reverse("accounts:inbox"), headers={"hx-request": "true"})
        assert client.session["seen"] == before

    def test_chinese_unless_chosen_otherwise(self, client):
        assert "登录" in client.get(reverse("accounts:sign_in"), headers={"accept-language": "en"}).content.decode()
        client.cookies["django_language"] = "en"
        assert 'lang="en"' in client.get(reverse("accounts:sign_in")).content.decode()


class TestInbox:
    def test_a_line_is_stored_once_a_person_after_the_commit(self, django_capture_on_commit_callbacks):
        user = UserFactory()
        with django_capture_on_commit_callbacks(execute=True):
            notify.send([user, user], "%(count)d days", params={"count": 3}, url="/units/members/")
            assert not Notification.objects.exists()
        assert Notification.objects.get().user == user

    def test_opening_marks_it_read_and_goes_where_it_leads(self, client):
        user = UserFactory()
        note = Notification.objects.create(user=user, message="Yes", url="/jobs/")
        client.force_login(user)
        assert client.get(reverse("accounts:open_notification", args=[note.pk])).url == "/jobs/"
        note.refresh_from_db()
        assert note.read_at is not None

    def test_a_line_never_leads_off_the_site(self, client):
        user = UserFactory()
        note = Notification.objects.create(user=user, message="Yes", url="https://example.org/")
        client.force_login(user)
        assert client.get(reverse("accounts:open_notification", args=[note.pk])).url == reverse("accounts:inbox")

    def test_another_persons_line_is_not_there(self, client):
        note = Notification.objects.create(user=UserFactory(), message="Yes")
        client.force_login(UserFactory())
        assert client.get(reverse("accounts:open_notification", args=[note.pk])).status_code == 404

    def test_all_at_once(self, client):
        user = UserFactory()
        Notification.objects.create(user=user, message="Yes")
        other = Notification.objects.create(user=UserFactory(), message="Yes")
        client.force_login(user)
        client.post(reverse("accounts:read_all"))
        assert not Notification.objects.visible_to(user).unread().exists()
        other.refresh_from_db()
        assert other.read_at is None

    def test_the_list_does_no_query_a_row(self, client):
        user = UserFactory()
        client.force_login(user)
        counts = []
        for _n in (1, 2):
            Notification.objects.create(user=user, message="Yes", url="/")
            client.get(reverse("accounts:inbox"))
            with CaptureQueriesContext(connection) as queries:
                client.get(reverse("accounts:inbox"))
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestHistory:
    def test_an_entry_is_never_changed_or_deleted(self):
        entry = audit.record(actions.SIGNED_IN, by=UserFactory())
        entry.actor_name = "x"
        for deed in (entry.save, entry.delete):
            with pytest.raises(TypeError):
                deed()

    def test_an_action_must_be_declared(self):
        with pytest.raises(ValueError, match=r"no\.such"):
            audit.record("no.such", by=None)

    def test_it_outlives_what_it_tells_of(self):
        user = UserFactory(name="何秀芝")
        audit.record(actions.SIGNED_IN, by=user, obj=user)
        user.delete()
        assert AuditEntry.objects.get().object_label == "何秀芝"


class TestSealing:
    def test_there_and_back(self):
        assert crypto.decrypt(crypto.encrypt("99988419830210192X")) == "99988419830210192X"
        assert crypto.encrypt("") == ""

    def test_the_same_text_is_sealed_differently_and_found_by_its_digest(self):
        assert crypto.encrypt("1") != crypto.encrypt("1")
        assert crypto.digest("1") == crypto.digest("1") != crypto.digest("2")

    def test_a_new_key_in_front_reads_what_the_old_one_wrote(self, settings):
        old = settings.FIELD_KEYS
        token, found_by = crypto.encrypt("138"), crypto.digest("138")
        settings.FIELD_KEYS = [b"n" * 32, *old]
        assert crypto.decrypt(token) == "138" and crypto.digest("138") == found_by
        assert crypto.encrypt("138")[3:9] != token[3:9]

    def test_a_lost_key_is_told(self, settings):
        token = crypto.encrypt("138")
        settings.FIELD_KEYS = [b"n" * 32]
        with pytest.raises(crypto.CannotDecrypt):
            crypto.decrypt(token)

    def test_a_damaged_value_is_told(self):
        token = crypto.encrypt("13800000000")
        with pytest.raises(crypto.CannotDecrypt):
            crypto.decrypt(token[:-4] + ("AAAA" if token[-4:] != "AAAA" else "BBBB"))


def test_a_stored_sentence_is_read_in_the_readers_language():
    message = Message("%(time)s ago", {"time": {"zh": "三天", "en": "3 days"}})
    again = Message.from_json(message.to_json())
    with translation.override("zh-hans"):
        assert str(again) == "三天前"
    with translation.override("en"):
        assert str(again) == "3 days ago"


def test_health_needs_no_account(client, settings):
    assert client.get("/healthz").content == b"ok"
    broker = "ok" if settings.REDIS_URL else "inline"
    assert client.get("/readyz").json() == {"database": "ok", "broker": broker}
