"""The composition table gives the source's own figures (C-01)."""

import datetime as dt

import pytest
from django.urls import reverse

from units.models import Member
from units.queries import composition
from units.roster.read import read_roster
from units.roster.vocabulary import EDUCATIONS
from units.tests.factories import MemberFactory, make_cast, make_tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def t():
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


def test_the_sample_county_on_the_day_of_the_source(t):
    """514 / 627 / 218 by post, 736 / 342 / 281 by schooling, 330 retired, 1,075 under sixty (seed 001)."""
    day = dt.date(2005, 1, 25)
    reading = read_roster("samples/county-roster.xlsx", today=day)
    Member.objects.all().delete()
    Member.objects.bulk_create(
        Member(
            organization=t.archives,
            name=row.name,
            id_digest=row.id_number,
            birth_date=row.birth_date,
            post_level=row.post_level,
            retired=bool(row.retired),
            schooling=EDUCATIONS.level(row.education),
        )
        for row in reading.members
    )
    table = composition(Member.objects.on_roll(), day)
    assert [row.count for row in table.by_post] == [514, 627, 218]
    assert [row.count for row in table.by_schooling] == [736, 342, 281]
    assert (table.total.count, table.retired.count, table.under_sixty.count) == (1359, 330, 1075)
    shares = [f"{row.count / row.base:.1%}" for row in (table.by_post[0], table.by_schooling[0], table.under_sixty)]
    assert shares == ["37.8%", "54.2%", "79.1%"]


@pytest.mark.parametrize(
    ("born", "under"),
    [("1945-01-25", False), ("1945-01-26", True), ("1945-01-24", False)],
)
def test_sixty_is_counted_in_completed_years(t, born, under):
    member = MemberFactory(organization=t.archives, birth_date=dt.date.fromisoformat(born))
    day = dt.date(2005, 1, 25)
    table = composition(Member.objects.filter(pk=member.pk), day)
    assert bool(table.under_sixty.count) is under is (member.age_on(day) < 60)


def test_the_overlays_lie_over_the_classes_and_every_group_adds_up(t):
    Member.objects.filter(organization=t.archives).update(retired=True, post_level="")
    table = composition(Member.objects.all(), dt.date(2026, 4, 3))
    for group in (table.by_post, table.by_schooling):
        assert sum(row.count for row in group) == table.total.count == 12
        assert sum(row.retired for row in group) == table.retired.count == 3
    assert str(table.by_post[-1].label) in {"Not stated", "未填"} and table.by_post[-1].count == 3


def test_nobody_at_all(t):
    table = composition(Member.objects.none(), dt.date(2026, 4, 3))
    assert table.total.count == 0


class TestPage:
    def get(self, client, user, query=""):
        client.force_login(user)
        return client.get(reverse("units:composition") + query)

    def test_each_counts_his_own_scope(self, client, t, c):
        assert self.get(client, c.office).context["table"].total.count == 12
        assert self.get(client, c.secretary).context["table"].total.count == 6
        assert self.get(client, c.office, f"?organization={t.archives.pk}").context["table"].total.count == 3

    def test_an_organisation_outside_the_scope_is_no_choice(self, client, t, c):
        answer = self.get(client, c.secretary, f"?organization={t.archives.pk}")
        assert answer.context["table"].total.count == 6 and answer.context["form"].errors

    def test_the_day_is_chosen_and_a_wrong_one_told(self, client, t, c):
        assert self.get(client, c.office, "?on=2005-01-25").context["table"].on == dt.date(2005, 1, 25)
        assert "2026-04-03" in self.get(client, c.office, "?on=morgen").content.decode()

    def test_leavers_are_not_counted(self, client, t, c):
        Member.objects.filter(organization=t.archives).update(left_on="2026-01-01")
        assert self.get(client, c.office).context["table"].total.count == 9

    def test_an_empty_roll_says_what_to_do(self, client, t, c):
        Member.objects.all().delete()
        assert "导入花名册" in self.get(client, c.office).content.decode()

    @pytest.mark.parametrize(("user", "status"), [("outsider", 404), ("member", 403), ("auditor", 403)])
    def test_who_gets_in(self, client, c, user, status):
        assert self.get(client, getattr(c, user)).status_code == status
