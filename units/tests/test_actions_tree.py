"""Writes to the tree and to work units: success, refusal, history."""

import datetime as dt

import pytest

from accounts.models import AuditEntry
from units import actions, refusals
from units.models import Member, Organization, Post, WorkUnit
from units.tests.factories import WorkUnitFactory, make_cast, make_tree

pytestmark = pytest.mark.django_db
K = Organization.Kind
TODAY = dt.date(2026, 4, 3)


@pytest.fixture
def t(clock):
    clock.hold(TODAY)
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


def add(t, c, parent="health", kind=K.BRANCH, code="Z099", **kwargs):
    values = {"name": "县卫生局第三党支部", "founded_on": None, **kwargs}
    return actions.create_organization(by=c.office, parent=getattr(t, parent), kind=kind, code=code, **values)


def move(t, c, what, to, on=TODAY):
    return actions.move_organization(
        by=c.office, organization=getattr(t, what), parent=getattr(t, to), on=on, reason="机构改革"
    )


class TestAdding:
    def test_stands_under_its_superior_and_can_be_found_by_initials(self, t, c):
        added = add(t, c)
        assert added.parent == t.health and added.path.startswith(t.health.path)
        assert added.initials == "xwsjdsdzb"
        entry = AuditEntry.objects.get(action="organization.created")
        assert (entry.actor_id, entry.organization_path) == (c.office.pk, added.path)

    @pytest.mark.parametrize(
        ("parent", "kind"),
        [
            ("health_1", K.BRANCH),
            ("court", K.COMMITTEE),
            ("court", K.GENERAL_BRANCH),
            ("health", K.COUNTY_COMMITTEE),
            ("county", K.CITY_COMMITTEE),
        ],
    )
    def test_a_kind_that_has_no_place_there_is_refused(self, t, c, parent, kind):
        with pytest.raises(refusals.CannotSitThere):
            add(t, c, parent, kind)
        assert not AuditEntry.objects.exists()

    def test_a_code_is_one_organisations(self, t, c):
        with pytest.raises(refusals.CodeTaken, match=t.health_1.name):
            add(t, c, code=t.health_1.code)

    def test_nothing_is_added_to_what_is_closed(self, t, c):
        Organization.objects.filter(pk=t.health.pk).update(closed_on=TODAY)
        with pytest.raises(refusals.OrganizationClosed):
            add(t, c)

    def test_it_cannot_be_founded_tomorrow(self, t, c):
        with pytest.raises(refusals.WrongDate):
            add(t, c, founded_on=TODAY + dt.timedelta(days=1))


def test_renaming_keeps_old_and_new_name_in_history(t, c):
    actions.change_organization(
        by=c.office, organization=t.archives, name="县档案馆党支部", code="Z001", founded_on=None
    )
    t.archives.refresh_from_db()
    assert (t.archives.name, t.archives.initials) == ("县档案馆党支部", "xdagdzb")
    assert AuditEntry.objects.get().data == {"from": "县档案局党支部", "to": "县档案馆党支部"}


class TestMoving:
    def test_the_subtree_moves_and_the_old_place_is_kept(self, t, c):
        record = move(t, c, "court", "county")
        for node in (t.court, t.court_1, t.county):
            node.refresh_from_db()
        assert t.court.parent == t.county and t.court_1.path.startswith(t.court.path)
        assert (record.from_parent, record.to_parent, record.moved_on) == (t.work, t.county, TODAY)
        assert Organization.objects.get(pk=t.work.pk).numchild == 1
        assert AuditEntry.objects.get().data["from"] == t.work.name

    def test_the_tree_stays_sound(self, t, c):
        move(t, c, "court", "health")
        move(t, c, "court", "county")
        assert not any(Organization.objects.find_problems())
        for node in Organization.objects.exclude(depth=1).select_related("parent"):
            assert node.path[:-4] == node.parent.path

    def test_members_stay_and_are_seen_from_the_new_place(self, t, c):
        move(t, c, "archives", "health")
        assert t.members["Z001"][0] in Member.objects.visible_to(c.secretary)

    @pytest.mark.parametrize(("what", "to"), [("court", "court"), ("work", "court"), ("work", "court_1")])
    def test_no_circle(self, t, c, what, to):
        with pytest.raises(refusals.WouldCycle):
            move(t, c, what, to)

    def test_not_to_where_it_stands(self, t, c):
        with pytest.raises(refusals.CannotSitThere):
            move(t, c, "court", "work")

    def test_not_under_a_branch(self, t, c):
        with pytest.raises(refusals.CannotSitThere):
            move(t, c, "court_1", "health_1")

    def test_not_ahead_of_time_and_not_before_the_last_move(self, t, c):
        with pytest.raises(refusals.WrongDate):
            move(t, c, "court", "county", on=TODAY + dt.timedelta(days=1))
        move(t, c, "court", "county", on=TODAY)
        with pytest.raises(refusals.WrongDate):
            move(t, c, "court", "work", on=TODAY - dt.timedelta(days=1))
        assert t.court.moves.count() == 1

    def test_a_stale_object_does_not_move_the_wrong_tree(self, t, c):
        """Paths change under one's hands: the action reads them again inside its transaction."""
        stale = Organization.objects.get(pk=t.health_1.pk)
        move(t, c, "health", "work")
        actions.move_organization(by=c.office, organization=stale, parent=t.court, on=TODAY)
        stale.refresh_from_db()
        assert stale.path.startswith(Organization.objects.get(pk=t.court.pk).path)
        assert not any(Organization.objects.find_problems())


class TestClosing:
    def test_an_empty_one_closes_with_its_posts(self, t, c):
        Member.objects.filter(organization=t.health_1).update(left_on=TODAY)
        actions.close_organization(by=c.office, organization=t.health_1, on=TODAY, reason="合并")
        assert t.health_1.closed_on == TODAY
        assert not Post.objects.filter(organization=t.health_1, to_date=None).exists()
        assert AuditEntry.objects.get().data["posts_ended"] == 3

    def test_one_with_members_or_branches_does_not(self, t, c):
        for organization in (t.health_1, t.health):
            with pytest.raises(refusals.StillInUse):
                actions.close_organization(by=c.office, organization=organization, on=TODAY)
        assert not Organization.objects.exclude(closed_on=None).exists()

    def test_twice_is_told(self, t, c):
        Member.objects.filter(organization=t.archives).update(left_on=TODAY)
        actions.close_organization(by=c.office, organization=t.archives, on=TODAY)
        with pytest.raises(refusals.OrganizationClosed):
            actions.close_organization(by=c.office, organization=t.archives, on=TODAY)

    def test_it_can_be_reopened_unless_its_superior_is_closed(self, t, c):
        Organization.objects.filter(pk__in=[t.health.pk, t.health_1.pk]).update(closed_on=TODAY)
        branch = Organization.objects.get(pk=t.health_1.pk)
        with pytest.raises(refusals.OrganizationClosed):
            actions.reopen_organization(by=c.office, organization=branch)
        actions.reopen_organization(by=c.office, organization=Organization.objects.get(pk=t.health.pk))
        actions.reopen_organization(by=c.office, organization=Organization.objects.get(pk=branch.pk))
        assert not Organization.objects.exclude(closed_on=None).exists()


class TestWorkUnits:
    def test_one_can_be_covered_by_several(self, t, c):
        data = actions.WorkUnitData(code="U900", name="县疾控中心", type="事业单位")
        unit = actions.save_work_unit(by=c.office, data=data, organizations=[t.health_1, t.health_2])
        assert set(unit.organizations.all()) == {t.health_1, t.health_2}
        assert AuditEntry.objects.get().action == "work_unit.created"

    def test_changing_takes_away_what_is_not_named(self, t, c):
        data = actions.WorkUnitData(code=t.court_unit.code, name="县人民法院")
        actions.save_work_unit(by=c.office, data=data, organizations=[], unit=t.court_unit)
        assert WorkUnit.objects.get(pk=t.court_unit.pk).name == "县人民法院"
        assert not t.court_unit.organizations.exists()

    def test_a_code_is_one_units(self, t, c):
        other = WorkUnitFactory()
        data = actions.WorkUnitData(code=t.court_unit.code, name="x")
        with pytest.raises(refusals.CodeTaken):
            actions.save_work_unit(by=c.office, data=data, organizations=[], unit=other)
