"""Giving and ending posts, and accounts for those who hold one."""

import datetime as dt

import pytest

from accounts.models import AuditEntry, Notification, User
from accounts.tests.factories import UserFactory
from units import access, actions, queries, refusals
from units.models import Member, Post
from units.roles import Right
from units.tests.factories import give_post, make_cast, make_tree

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 4, 3)
DAY = dt.timedelta(days=1)


@pytest.fixture
def t(clock):
    clock.hold(TODAY)
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


def grant(t, c, user=None, organization=None, role="branch_secretary", **dates):
    return actions.grant_post(
        by=c.secadmin, user=user or c.outsider, organization=organization or t.health_2, role=role, **dates
    )


class TestGranting:
    def test_it_holds_at_once_is_audited_and_told(self, t, c, django_capture_on_commit_callbacks):
        assert not access.has(c.outsider, Right.RECORD, t.health_2)
        with django_capture_on_commit_callbacks(execute=True):
            grant(t, c)
        assert access.has(c.outsider, Right.RECORD, t.health_2)
        assert AuditEntry.objects.get(action="post.granted").data["role"] == "branch_secretary"
        params = Notification.objects.get(user=c.outsider).params
        assert params["role"] == {"zh": "支部书记", "en": "Branch secretary"}

    def test_nobody_gives_himself_one(self, t, c):
        with pytest.raises(refusals.PostRefused):
            grant(t, c, user=c.secadmin, organization=t.county, role="office_head")
        assert not AuditEntry.objects.exists()

    @pytest.mark.parametrize(
        ("place", "role"),
        [
            ("health", "branch_secretary"),
            ("health_1", "organization_secretary"),
            ("health_1", "office_head"),
            ("court", "branch_committee"),
        ],
    )
    def test_a_role_has_its_place(self, t, c, place, role):
        with pytest.raises(refusals.PostRefused):
            grant(t, c, organization=getattr(t, place), role=role)

    def test_not_twice(self, t, c):
        with pytest.raises(refusals.PostRefused):
            grant(t, c, user=c.branch, organization=t.health_1)

    def test_again_after_it_has_ended(self, t, c):
        first = grant(t, c, from_date=TODAY - 9 * DAY)
        actions.end_post(by=c.secadmin, post=first, last_day=TODAY - DAY)
        assert grant(t, c).pk != first.pk

    def test_not_to_a_closed_account_or_at_a_closed_organisation(self, t, c):
        with pytest.raises(refusals.PostRefused):
            grant(t, c, user=UserFactory(is_active=False))
        t.health_2.closed_on = TODAY
        t.health_2.save()
        with pytest.raises(refusals.PostRefused):
            grant(t, c)

    def test_the_last_day_follows_the_first(self, t, c):
        with pytest.raises(refusals.PostRefused):
            grant(t, c, from_date=TODAY, to_date=TODAY - DAY)


class TestEnding:
    def test_it_holds_to_the_end_of_its_last_day(self, t, c, clock):
        post = Post.objects.get(user=c.branch)
        actions.end_post(by=c.secadmin, post=post, last_day=TODAY)
        assert access.has_anywhere(c.branch, Right.RECORD)
        with clock.at(TODAY + DAY):
            access.forget(c.branch)
            assert not access.has_anywhere(c.branch, Right.RECORD)
        assert AuditEntry.objects.get().action == "post.ended"

    def test_one_that_would_end_before_it_began_is_gone(self, t, c):
        post = grant(t, c, from_date=TODAY)
        actions.end_post(by=c.secadmin, post=post, last_day=TODAY - DAY)
        assert not Post.objects.filter(pk=post.pk).exists()
        assert AuditEntry.objects.filter(action="post.ended").count() == 1

    def test_one_of_an_assignment_ends_with_the_assignment(self, t, c):
        post = give_post(c.outsider, t.health, "supervisor", source="assignment:7")
        with pytest.raises(refusals.PostRefused):
            actions.end_post(by=c.secadmin, post=post, last_day=TODAY)

    def test_ended_means_ended(self, t, c):
        post = Post.objects.get(user=c.branch)
        actions.end_post(by=c.secadmin, post=post, last_day=TODAY - DAY)
        with pytest.raises(refusals.PostRefused):
            actions.end_post(by=c.secadmin, post=Post.objects.get(pk=post.pk), last_day=TODAY)


class TestAccountsForSecretaries:
    def lacking(self, t, c, top=None):
        return list(queries.without_secretary(c.office, top or t.county))

    def test_who_lacks_one(self, t, c):
        assert {o.code for o in self.lacking(t, c)} == {"B00", "G01", "Z002", "Z004"}
        assert [o.code for o in self.lacking(t, c, t.health)] == ["Z004"]

    def test_a_closed_account_counts_as_none(self, t, c):
        User.objects.filter(pk=c.branch.pk).update(is_active=False)
        assert {o.code for o in self.lacking(t, c, t.health)} == {"Z003", "Z004"}

    def test_each_gets_an_account_with_the_right_post(self, t, c):
        slips = actions.create_secretary_accounts(
            by=c.office, wanted=[actions.Wanted(t.health_2), actions.Wanted(t.court)]
        )
        assert [slip.user.username for slip in slips] == ["z004", "g01"]
        assert [slip.user.posts.get().role for slip in slips] == ["branch_secretary", "organization_secretary"]
        assert all(slip.user.check_password(slip.password) and slip.user.must_change_password for slip in slips)
        assert not any(slip.password in str(e.data) for slip in slips for e in AuditEntry.objects.all())
        assert self.lacking(t, c, t.health) == []

    def test_a_name_that_is_taken_is_numbered(self, t, c):
        UserFactory(username="Z004")
        slip = actions.create_secretary_accounts(by=c.office, wanted=[actions.Wanted(t.health_2)])[0]
        assert slip.user.username == "z004-2"

    def test_one_member_of_that_name_is_tied_two_are_not(self, t, c):
        first, second = t.members["Z004"][:2]
        Member.objects.filter(pk=first.pk).update(name="张三")
        slip = actions.create_secretary_accounts(by=c.office, wanted=[actions.Wanted(t.health_2, "张三")])[0]
        first.refresh_from_db()
        assert (first.user, slip.user.name) == (slip.user, "张三")
        Member.objects.filter(organization=t.court_1).update(name="李四")
        actions.create_secretary_accounts(by=c.office, wanted=[actions.Wanted(t.court_1, "李四")])
        assert not Member.objects.filter(organization=t.court_1).exclude(user=None).exists()
        assert second.user is None

    def test_all_or_none(self, t, c):
        before = User.objects.count()
        t.court.closed_on = TODAY
        with pytest.raises(refusals.PostRefused):
            actions.create_secretary_accounts(by=c.office, wanted=[actions.Wanted(t.health_2), actions.Wanted(t.court)])
        assert User.objects.count() == before

    def test_a_single_account_has_a_name_of_its_own(self, c):
        with pytest.raises(refusals.UsernameTaken):
            actions.create_account(by=c.office, username="Branch", name="某人")
