"""Pages of the tree: by role, with their figures, and without a query a row."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from units.models import Organization, WorkUnit
from units.tests.factories import MemberFactory, WorkUnitFactory, make_cast, make_organization, make_tree

pytestmark = pytest.mark.django_db
K = Organization.Kind


@pytest.fixture
def t():
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


def page(client, user, name, *args, query=""):
    client.force_login(user)
    return client.get(reverse(f"units:{name}", args=args) + query)


def queries_of(client, url):
    client.get(url)
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


class TestTree:
    def test_two_levels_with_figures_of_the_whole_subtree(self, client, t, c):
        nodes = {n.organization.code: n for n in page(client, c.office, "tree").context["nodes"]}
        assert set(nodes) == {"A00", "B00", "C01"}
        assert (nodes["A00"].branches, nodes["A00"].members) == (4, 12)
        assert (nodes["B00"].branches, nodes["B00"].members, nodes["B00"].level) == (2, 6, 1)

    def test_opening_shows_what_is_below_and_keeps_what_is_open(self, client, t, c):
        answer = page(client, c.office, "tree", query=f"?open={t.court.pk}&open={t.health.pk}")
        codes = [n.organization.code for n in answer.context["nodes"]]
        assert codes == ["A00", "B00", "Z001", "G01", "Z002", "C01", "Z003", "Z004"]
        court = next(n for n in answer.context["nodes"] if n.organization == t.court)
        assert court.open and t.court.pk not in court.toggle and t.health.pk in court.toggle

    def test_closing_takes_what_is_open_further_down_with_it(self, client, t, c):
        answer = page(client, c.office, "tree", query=f"?open={t.court.pk}")
        work = next(n for n in answer.context["nodes"] if n.organization == t.work)
        assert work.toggle == [t.county.pk]

    def test_closed_branches_and_leavers_are_not_counted(self, client, t, c):
        Organization.objects.filter(pk=t.archives.pk).update(closed_on="2026-01-01")
        t.members["Z001"][0].left_on = "2026-01-01"
        t.members["Z001"][0].save()
        top = page(client, c.office, "tree").context["nodes"][0]
        assert (top.branches, top.members) == (3, 11)

    def test_each_sees_his_own_top(self, client, t, c):
        assert page(client, c.secretary, "tree").context["nodes"][0].organization == t.health
        assert page(client, c.secretary, "tree", query=f"?open={t.court.pk}").context["nodes"][-1].level == 1

    def test_no_query_a_row(self, client, t, c):
        client.force_login(c.office)
        url = reverse("units:tree")
        before = queries_of(client, url)
        for n in range(3):
            committee = make_organization(f"党委{n}", K.COMMITTEE, t.county)
            MemberFactory(organization=make_organization(f"支部{n}", K.BRANCH, committee))
        assert queries_of(client, url) == before

    @pytest.mark.parametrize("text", ["卫生局第一", "wsjdy", "Z003", "weishengjudiyi"])
    def test_found_by_name_initials_pinyin_or_code(self, client, t, c, text):
        from units import pinyin

        pinyin.fill_titles(organizations := list(Organization.objects.all()))
        Organization.objects.bulk_update(organizations, ["pinyin", "initials"])
        answer = page(client, c.office, "tree", query=f"?q={text}")
        assert [o.code for o in answer.context["found"]] == ["Z003"]

    def test_a_search_stays_in_scope_and_says_when_nothing_is_found(self, client, t, c):
        answer = page(client, c.secretary, "tree", query="?q=档案")
        assert not answer.context["found"].object_list and "没有叫这个名字的组织" in answer.content.decode()

    @pytest.mark.parametrize(
        ("user", "status"), [("outsider", 404), ("member", 403), ("sysadmin", 403), ("leader", 200)]
    )
    def test_who_gets_in(self, client, c, user, status):
        assert page(client, getattr(c, user), "tree").status_code == status


class TestOrganization:
    def test_facts_posts_and_what_is_below(self, client, t, c):
        text = page(client, c.office, "organization", t.health.pk).content.decode()
        for shown in ("县卫生局党委", "C01", "李文静", "党组织书记", t.health_1.name, "县卫生局"):
            assert shown in text

    def test_outside_the_scope_it_is_not_there(self, client, t, c):
        assert page(client, c.secretary, "organization", t.archives.pk).status_code == 404
        assert page(client, c.outsider, "organization", t.archives.pk).status_code == 404

    def test_superiors_are_named_but_lead_nowhere(self, client, t, c):
        crumbs = page(client, c.secretary, "organization", t.health_1.pk).context["crumbs"]
        assert [(label, bool(url)) for label, url in crumbs] == [
            (t.county.name, False),
            (t.health.name, True),
            (t.health_1.name, True),
        ]

    def test_buttons_are_the_offices(self, client, t, c):
        move = reverse("units:organization_move", args=[t.health.pk])
        assert move in page(client, c.office, "organization", t.health.pk).content.decode()
        assert move not in page(client, c.secretary, "organization", t.health.pk).content.decode()

    def test_no_query_a_row(self, client, t, c):
        client.force_login(c.office)
        url = reverse("units:organization", args=[t.health.pk])
        before = queries_of(client, url)
        for n in range(3):
            make_organization(f"支部{n}", K.BRANCH, t.health)
        assert queries_of(client, url) == before


FORMS = ["organization_new", "organization_edit", "organization_move", "organization_close"]


class TestChanging:
    @pytest.mark.parametrize("name", FORMS)
    def test_who_may_look_but_not_change_is_refused(self, client, t, c, name):
        assert page(client, c.secretary, name, t.health.pk).status_code == 403
        assert page(client, c.archives, name, t.health.pk).status_code == 404
        assert page(client, c.office, name, t.health.pk).status_code == 200

    def test_adding(self, client, t, c):
        client.force_login(c.office)
        fields = {"name": "县卫生局第三党支部", "code": "Z900", "kind": "branch"}
        answer = client.post(reverse("units:organization_new", args=[t.health.pk]), fields)
        added = Organization.objects.get(code="Z900")
        assert answer.url == reverse("units:organization", args=[added.pk]) and added.parent == t.health

    def test_only_kinds_that_can_stand_there_are_offered(self, client, t, c):
        form = page(client, c.office, "organization_new", t.court.pk).context["form"]
        assert [value for value, _label in form.fields["kind"].choices] == ["branch"]

    def test_a_taken_code_comes_back_with_what_was_typed(self, client, t, c):
        client.force_login(c.office)
        fields = {"name": "县卫生局第三党支部", "code": "Z001", "kind": "branch"}
        answer = client.post(reverse("units:organization_new", args=[t.health.pk]), fields)
        assert "县档案局党支部" in str(answer.context["form"].errors["code"])
        assert "县卫生局第三党支部" in answer.content.decode()

    def test_editing(self, client, t, c):
        client.force_login(c.office)
        client.post(reverse("units:organization_edit", args=[t.health.pk]), {"name": "县卫健局党委", "code": "C01"})
        t.health.refresh_from_db()
        assert t.health.name == "县卫健局党委"

    @pytest.mark.parametrize("typed", ["C01", "c01", "县卫生局党委"])
    def test_moving_to_a_name_or_code(self, client, t, c, typed):
        client.force_login(c.office)
        client.post(reverse("units:organization_move", args=[t.archives.pk]), {"parent": typed, "on": "2026-01-05"})
        t.archives.refresh_from_db()
        assert t.archives.parent == t.health

    @pytest.mark.parametrize("typed", ["B00", "Z003", "没有这个", "A99"])
    def test_a_move_to_where_it_cannot_go_is_told_at_the_field(self, client, t, c, typed):
        client.force_login(c.office)
        url = reverse("units:organization_move", args=[t.archives.pk])
        answer = client.post(url, {"parent": typed, "on": "2026-01-05"})
        assert answer.context["form"].errors["parent"]

    def test_closing_what_is_in_use_says_what_stands_in_the_way(self, client, t, c):
        client.force_login(c.office)
        url = reverse("units:organization_close", args=[t.health_1.pk])
        answer = client.post(url, {"on": "2026-01-05", "reason": "合并"})
        assert "在册党员 3 人" in answer.content.decode()

    def test_reopening(self, client, t, c):
        Organization.objects.filter(pk=t.health_1.pk).update(closed_on="2026-01-01")
        client.force_login(c.secretary)
        url = reverse("units:organization_reopen", args=[t.health_1.pk])
        assert client.post(url).status_code == 403
        client.force_login(c.office)
        client.post(url)
        t.health_1.refresh_from_db()
        assert t.health_1.closed_on is None


class TestWorkUnits:
    def test_filters(self, client, t, c):
        WorkUnitFactory(name="无组织单位", type="社会团体")
        rows = lambda query: [u.name for u in page(client, c.office, "work_units", query=query).context["page"]]  # noqa: E731
        assert rows("?covered=no") == rows("?type=社会团体") == ["无组织单位"]
        assert rows("?q=档案") == ["县档案局"]

    def test_no_query_a_row(self, client, t, c):
        client.force_login(c.office)
        before = queries_of(client, reverse("units:work_units"))
        for _n in range(3):
            WorkUnitFactory().organizations.set([t.health])
        assert queries_of(client, reverse("units:work_units")) == before

    def test_saving_names_what_does_not_exist(self, client, t, c):
        client.force_login(c.office)
        fields = {"code": "U900", "name": "县疾控中心", "organizations": "Z003、Z999"}
        answer = client.post(reverse("units:work_unit_new"), fields)
        assert "Z999" in str(answer.context["form"].errors["organizations"])
        client.post(reverse("units:work_unit_new"), {**fields, "organizations": "Z003，Z004"})
        unit = WorkUnit.objects.get(code="U900")
        assert set(unit.organizations.all()) == {t.health_1, t.health_2}
        assert "Z003" in page(client, c.office, "work_unit_edit", unit.pk).content.decode()

    def test_a_secretary_looks_only(self, client, t, c):
        assert page(client, c.secretary, "work_units").status_code == 200
        assert page(client, c.secretary, "work_unit_new").status_code == 403
        assert page(client, c.secretary, "work_unit_edit", t.court_unit.pk).status_code == 404
