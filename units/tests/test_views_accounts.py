"""Pages of accounts, posts and history."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import audit
from accounts.models import AuditEntry, User
from accounts.tests.factories import UserFactory
from units.actions.members import CHANGED
from units.models import Post
from units.tests.factories import give_post, make_cast, make_tree, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def t():
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


def get(client, user, name, *args, query=""):
    client.force_login(user)
    return client.get(reverse(f"units:{name}", args=args) + query)


def post(client, user, name, *args, fields=None, query=""):
    client.force_login(user)
    return client.post(reverse(f"units:{name}", args=args) + query, fields or {})


def queries_of(client, user, name):
    get(client, user, name)
    with CaptureQueriesContext(connection) as queries:
        client.get(reverse(f"units:{name}"))
    return len(queries)


def usernames(answer):
    return {each.username for each in answer.context["page"]}


class TestAccounts:
    @pytest.mark.parametrize(
        ("user", "status"),
        [("sysadmin", 200), ("secadmin", 200), ("office", 200), ("secretary", 403), ("member", 403), ("outsider", 404)],
    )
    def test_who_gets_in(self, client, c, user, status):
        for name in ("accounts", "posts"):
            assert get(client, getattr(c, user), name).status_code == status

    def test_who_manages_a_part_sees_its_accounts_alone(self, client, t, c):
        lower = user_with("system_administrator", t.health, "lower")
        assert usernames(get(client, lower, "accounts")) == {
            "supervisor",
            "secretary",
            "branch",
            "committee",
            "member",
            "lower",
        }
        assert get(client, lower, "account", c.office.pk).status_code == 404
        assert "outsider" in usernames(get(client, c.sysadmin, "accounts"))

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("?q=秀芝", {"branch"}),
            ("?q=branch", {"branch"}),
            ("?role=auditor", {"auditor"}),
            ("?state=postless", {"outsider"}),
            ("?state=closed", {"leader"}),
        ],
    )
    def test_filters(self, client, c, query, found):
        User.objects.filter(username="leader").update(is_active=False)
        assert usernames(get(client, c.sysadmin, "accounts", query=query)) == found

    def test_no_query_a_row(self, client, t, c):
        for name in ("accounts", "posts"):
            before = queries_of(client, c.office, name)
            for _n in range(3):
                user_with("branch_committee", t.health_2)
            assert queries_of(client, c.office, name) == before

    def test_a_new_one_stands_on_a_slip_and_nowhere_else(self, client, c):
        answer = post(client, c.sysadmin, "account_new", fields={"name": "新人", "username": "xinren"})
        password = answer.context["slips"][0].password
        assert password in answer.content.decode() and "no-store" in answer["Cache-Control"]
        assert User.objects.get(username="xinren").check_password(password)
        assert password not in get(client, c.sysadmin, "accounts").content.decode()

    @pytest.mark.parametrize("username", ["Branch", "张三", "a", "-x", "a b"])
    def test_a_bad_or_taken_name_is_told(self, client, c, username):
        answer = post(client, c.sysadmin, "account_new", fields={"name": "新人", "username": username})
        assert answer.context["form"].errors["username"]

    def test_resetting(self, client, c):
        answer = post(client, c.sysadmin, "account_reset", c.branch.pk)
        c.branch.refresh_from_db()
        assert c.branch.check_password(answer.context["slips"][0].password) and c.branch.must_change_password

    def test_closing_and_reopening(self, client, c):
        for active in (False, True):
            post(client, c.sysadmin, "account_active", c.branch.pk)
            c.branch.refresh_from_db()
            assert c.branch.is_active is active
        assert AuditEntry.objects.filter(action__in=["account.closed", "account.reopened"]).count() == 2

    @pytest.mark.parametrize("name", ["account_reset", "account_active"])
    def test_not_ones_own_and_not_without_the_right(self, client, t, c, name):
        assert post(client, c.sysadmin, name, c.sysadmin.pk).status_code == 403
        assert post(client, c.secadmin, name, c.branch.pk).status_code == 403
        assert post(client, c.secretary, name, c.branch.pk).status_code == 403
        assert get(client, c.sysadmin, name, c.branch.pk).status_code == 405

    def test_an_account_that_reaches_above_cannot_be_taken_over_from_below(self, client, t, c):
        lower = user_with("system_administrator", t.health)
        give_post(c.office, t.health, "organization_secretary")
        assert post(client, lower, "account_reset", c.office.pk).status_code == 403
        assert post(client, lower, "account_reset", c.branch.pk).status_code == 200

    def test_a_page_of_ones_own_account_has_no_buttons(self, client, c):
        assert not get(client, c.sysadmin, "account", c.sysadmin.pk).context["manageable"]
        assert get(client, c.sysadmin, "account", c.branch.pk).context["manageable"]


class TestSecretaries:
    def test_ticked_organisations_get_accounts_once(self, client, t, c):
        fields = {"organization": [t.health_2.pk, t.court_1.pk], f"name_{t.health_2.pk}": "张三"}
        answer = post(client, c.office, "account_bulk", fields=fields)
        assert {slip.user.username for slip in answer.context["slips"]} == {"z004", "z002"}
        again = post(client, c.office, "account_bulk", fields=fields)
        assert "slips" not in again.context and User.objects.filter(username__startswith="z00").count() == 2

    def test_only_within_the_chosen_subtree(self, client, t, c):
        rows = get(client, c.office, "account_bulk", query=f"?organization={t.health.pk}").context["rows"]
        assert [row["organization"] for row in rows] == [t.health_2]
        fields = {"organization": [t.court_1.pk]}
        answer = post(client, c.office, "account_bulk", fields=fields, query=f"?organization={t.health.pk}")
        assert "slips" not in answer.context

    def test_it_takes_both_rights(self, client, t, c):
        for user in (c.sysadmin, c.secadmin, c.secretary):
            assert get(client, user, "account_bulk").status_code == 403
        assert get(client, c.outsider, "account_bulk").status_code == 404


class TestPosts:
    def test_giving_one(self, client, t, c):
        fields = {"user": "outsider", "organization": "Z004", "role": "branch_secretary", "from_date": "2026-01-05"}
        assert post(client, c.secadmin, "post_grant", fields=fields).status_code == 302
        assert Post.objects.get(user=c.outsider).organization == t.health_2

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"user": "nobody"}, "user"),
            ({"user": "secadmin"}, "user"),
            ({"organization": "Z999"}, "organization"),
            ({"organization": "C01"}, "role"),
            ({"to_date": "2025-01-01"}, "role"),
            ({"user": "branch", "organization": "Z003"}, "role"),
        ],
    )
    def test_what_is_wrong_is_told(self, client, t, c, change, field):
        fields = {"user": "outsider", "organization": "Z004", "role": "branch_secretary", "from_date": "2026-01-05"}
        answer = post(client, c.secadmin, "post_grant", fields={**fields, **change})
        assert answer.context["form"].errors[field]

    def test_only_within_the_granters_reach(self, client, t, c):
        lower = user_with("security_administrator", t.health)
        fields = {"user": "branch", "organization": "A00", "role": "office_head", "from_date": "2026-01-05"}
        assert post(client, lower, "post_grant", fields=fields).context["form"].errors["organization"]

    def test_ending_one(self, client, c):
        held = Post.objects.get(user=c.branch)
        assert post(client, c.secadmin, "post_end", held.pk, fields={"last_day": "2026-01-05"}).status_code == 302
        held.refresh_from_db()
        assert held.to_date == dt.date(2026, 1, 5)

    def test_who_may_end(self, client, t, c):
        held = Post.objects.get(user=c.branch)
        assert get(client, c.secretary, "post_end", held.pk).status_code == 403
        assert get(client, user_with("security_administrator", t.work), "post_end", held.pk).status_code == 404
        assert get(client, c.secadmin, "post_end", Post.objects.get(user=c.secadmin).pk).status_code == 403

    @pytest.mark.parametrize(("query", "count"), [("?role=branch_secretary", 2), ("?q=何秀芝", 1), ("?state=ended", 0)])
    def test_filters(self, client, c, query, count):
        assert get(client, c.secadmin, "posts", query=query).context["page"].paginator.count == count


class TestHistory:
    @pytest.fixture
    def entries(self, t, c):
        audit.record(
            CHANGED, by=c.office, obj=t.members["Z003"][0], organization=t.health_1, data={"changed": ["phone"]}
        )
        audit.record(CHANGED, by=c.general, obj=t.members["Z001"][0], organization=t.archives)
        audit.record("account.created", by=None, obj=c.branch)

    def actions(self, client, user, query=""):
        answer = get(client, user, "audit", query=query)
        return [e.organization_name for e in answer.context["page"] if e.action in {CHANGED, "account.created"}]

    def test_the_auditor_reads_everything(self, client, c, entries):
        assert sorted(self.actions(client, c.auditor)) == ["", "县卫生局第一党支部", "县档案局党支部"]

    def test_others_what_happened_in_their_scope(self, client, t, c, entries):
        assert "" not in self.actions(client, c.office)
        lower = user_with("office_general", t.health)
        assert self.actions(client, lower) == ["县卫生局第一党支部"]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ("?who=邓春梅", 1),
            ("?action=member.changed", 2),
            ("?about=何秀芝&action=account.created", 1),
            ("?since=2026-04-04&action=member.changed", 0),
            ("?until=2026-04-02&action=member.changed", 0),
            ("?since=2026-04-03&until=2026-04-03&action=member.changed", 2),
        ],
    )
    def test_filters(self, client, t, c, clock, query, count):
        client.force_login(c.auditor)
        clock.hold(2026, 4, 3)
        audit.record(CHANGED, by=c.office, obj=t.members["Z003"][0], organization=t.health_1)
        audit.record(CHANGED, by=c.general, obj=t.members["Z001"][0], organization=t.archives)
        audit.record("account.created", by=None, obj=c.branch)
        answer = client.get(reverse("units:audit") + query)
        assert answer.context["page"].paginator.count == count

    def test_narrowed_to_a_subtree(self, client, t, c, entries):
        for user in (c.auditor, c.office):
            assert self.actions(client, user, f"?organization={t.health.pk}") == ["县卫生局第一党支部"]

    def test_days_in_the_wrong_order_are_told(self, client, c):
        answer = get(client, c.auditor, "audit", query="?since=2026-04-03&until=2026-04-01")
        assert answer.context["form"].errors["until"]

    def test_words_for_what_was_done(self, client, c, entries):
        text = get(client, c.auditor, "audit", query="?action=member.changed").content.decode()
        assert "修改党员资料" in text and "手机号" in text

    def test_no_query_a_row(self, client, t, c, entries):
        before = queries_of(client, c.auditor, "audit")
        for _n in range(3):
            audit.record(CHANGED, by=c.office, obj=t.members["Z003"][0], organization=t.health_1)
        assert queries_of(client, c.auditor, "audit") == before

    @pytest.mark.parametrize(
        ("user", "status"), [("auditor", 200), ("office", 200), ("sysadmin", 403), ("branch", 403), ("outsider", 404)]
    )
    def test_who_gets_in(self, client, c, user, status):
        assert get(client, getattr(c, user), "audit").status_code == status


def test_an_account_without_posts_has_a_way_to_one(client, c):
    UserFactory(username="fresh")
    text = get(client, c.office, "accounts", query="?state=postless").content.decode()
    assert reverse("units:post_grant") + "?user=fresh" in text
