"""Posts are the scope: what is seen follows from the posts held today, and from nothing else."""

import datetime as dt

import pytest

from accounts.tests.factories import UserFactory
from units import access
from units.models import Member, Organization, Post, WorkUnit
from units.roles import Right, Role
from units.tests.factories import WorkUnitFactory, give_post, make_cast, make_organization, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def t():
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


def names(queryset):
    return set(queryset.values_list("name", flat=True))


def test_a_post_reaches_its_subtree_and_no_further(t, c):
    assert names(Organization.objects.visible_to(c.secretary)) == {t.health.name, t.health_1.name, t.health_2.name}
    assert Member.objects.visible_to(c.secretary).count() == 6
    assert Organization.objects.visible_to(c.office).count() == 8


def test_without_a_post_there_is_nothing(t, c):
    for model in (Organization, Member, Post, WorkUnit):
        assert not model.objects.visible_to(c.outsider).exists()


def test_a_member_sees_himself_alone(t, c):
    assert [m.user for m in Member.objects.visible_to(c.member)] == [c.member]
    assert not Member.objects.visible_to(c.member, Right.REVEAL).exists()


def test_administrators_see_no_member(t, c):
    for user in (c.sysadmin, c.secadmin, c.auditor):
        assert not Member.objects.visible_to(user).exists()


@pytest.mark.parametrize(
    ("first", "last", "held"),
    [(-1, None, True), (0, 0, True), (-5, -1, False), (1, None, False), (-5, 0, True)],
)
def test_a_post_holds_from_its_first_day_to_its_last(t, clock, first, last, held):
    today = dt.date(2026, 4, 3)
    clock.hold(today)
    user = UserFactory()
    day = dt.timedelta(days=1)
    give_post(
        user,
        t.health,
        "branch_secretary",
        from_date=today + first * day,
        to_date=None if last is None else today + last * day,
    )
    assert access.has_anywhere(user, Right.VIEW) is held


def test_a_closed_account_has_no_scope(t, c):
    c.office.is_active = False
    access.forget(c.office)
    assert not Organization.objects.visible_to(c.office).exists()


def test_a_nested_post_adds_no_second_root(t, c):
    give_post(c.secretary, t.health_1, "branch_secretary")
    assert access.roots(c.secretary, Right.VIEW) == [t.health.path]


def test_posts_in_two_places_reach_both(t, c):
    give_post(c.secretary, t.archives, "branch_secretary")
    assert Member.objects.visible_to(c.secretary).count() == 9


def test_above_means_above(t, c):
    assert access.has(c.secretary, Right.APPLY, t.health) and not access.has_above(c.secretary, Right.APPLY, t.health)
    assert access.has_above(c.secretary, Right.APPLY, t.health_1)


def test_a_neighbour_whose_path_begins_alike_is_outside(t, c):
    """Siblings differ in the last step only; the range must not run on into the next one."""
    last = t.health_2
    for _n in range(3):
        last = make_organization(f"支部{_n}", Organization.Kind.BRANCH, t.health)
    found = set(Organization.objects.filter(access.below(t.health_2.path, "")))
    assert found == {t.health_2} and last.path > t.health_2.path


def test_whom_to_notify(t, c):
    assert set(access.holders(Right.APPROVE, t.health_1)) == {c.office, c.general}
    assert c.secretary in access.holders(Right.APPLY, t.health, strictly_above=False)
    assert c.secretary not in access.holders(Right.APPLY, t.health, strictly_above=True)


def test_work_units_follow_the_organisations_that_cover_them(t, c):
    lone = WorkUnitFactory(name="无组织单位")
    assert names(WorkUnit.objects.visible_to(c.secretary)) == {"县卫生局"}
    assert lone in WorkUnit.objects.visible_to(c.office)
    assert lone not in WorkUnit.objects.visible_to(c.secretary)


def test_a_unit_covered_twice_is_listed_once(t, c):
    for user, count in ((c.secretary, 1), (c.office, 3)):
        units = list(WorkUnit.objects.visible_to(user))
        assert len(units) == len(set(units)) == count


def test_posts_are_read_once_a_request(t, c, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _n in range(3):
            access.has(c.office, Right.VIEW, t.health)


def test_administration_and_business_are_kept_apart():
    """Separate roles: who runs accounts or reads the history has no part in the campaign (conventions)."""
    business = {Right.VIEW, Right.VIEW_MEMBERS, Right.REVEAL, Right.EDIT_ROSTER, Right.APPROVE, Right.RECORD}
    for key in ("system_administrator", "security_administrator", "auditor"):
        assert not Role.registry[key].rights & business
    assert not Role.registry["system_administrator"].rights & {Right.GRANT_POSTS, Right.AUDIT}
    assert not Role.registry["security_administrator"].rights & {Right.MANAGE_ACCOUNTS, Right.AUDIT}
