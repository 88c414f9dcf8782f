"""Who may do what."""

import pytest

from accounts.tests.factories import UserFactory
from units import rules
from units.models import Post
from units.tests.factories import give_post, make_cast, make_tree, user_with

pytestmark = pytest.mark.django_db
EVERYBODY = [
    "office",
    "general",
    "leader",
    "supervisor",
    "secretary",
    "branch",
    "committee",
    "archives",
    "sysadmin",
    "secadmin",
    "auditor",
    "member",
    "outsider",
]


@pytest.fixture
def t():
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


def who(c, rule, *args):
    return {name for name in EVERYBODY if rule(getattr(c, name), *args)}


def test_the_roster_is_the_offices(t, c):
    assert who(c, rules.can_edit_roster, t.health_1) == {"office", "general"}
    assert who(c, rules.can_transfer, t.members["Z003"][1]) == {"office", "general"}


def test_numbers_are_opened_by_right_or_by_oneself(t, c):
    own, other = t.members["Z003"][:2]
    own.refresh_from_db()
    assert who(c, rules.can_reveal, other) == {"office", "general", "secretary", "branch"}
    assert "member" in who(c, rules.can_reveal, own)


def test_the_top_is_not_moved_and_a_post_inside_does_not_move_what_it_stands_at(t, c):
    assert not rules.can_move(c.office, t.county)
    assert rules.can_move(c.office, t.health)
    inside = user_with("office_head", t.health)
    assert not rules.can_move(inside, t.health) and rules.can_move(inside, t.health_1)


def test_nothing_is_added_below_a_branch(t, c):
    assert rules.can_add_below(c.office, t.health) and not rules.can_add_below(c.office, t.health_1)


def test_nobody_ends_his_own_post(t, c):
    own = Post.objects.get(user=c.secadmin)
    assert who(c, rules.can_end_post, own) == {"office"}
    assigned = give_post(c.outsider, t.health, "supervisor", source="assignment:1")
    assert who(c, rules.can_end_post, assigned) == set()


def test_an_account_that_reaches_further_is_not_ones_to_reset(t, c):
    lower = user_with("system_administrator", t.health)
    both = user_with("branch_secretary", t.health_1)
    assert rules.can_manage_account(lower, list(both.posts.all()))
    give_post(both, t.county, "office_publicity")
    assert not rules.can_manage_account(lower, list(both.posts.all()))
    assert rules.can_manage_account(c.sysadmin, list(both.posts.all()))


def test_an_account_without_a_post_is_for_who_manages_the_whole(t, c):
    lower = user_with("system_administrator", t.health)
    assert not rules.can_manage_account(lower, [])
    assert rules.can_manage_account(c.sysadmin, [])
    assert not rules.can_manage_account(UserFactory(), [])


def test_accounts_with_posts_take_both_rights(t, c):
    assert who(c, rules.can_make_accounts, t.health) == {"office"}
