"""Pages of the roll: search, filters, masking, changes, by role."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry
from units import pinyin
from units.models import Member
from units.tests.factories import MemberFactory, make_cast, make_tree

pytestmark = pytest.mark.django_db
NUMBER = "999841198302101929"
FIELDS = {
    "name": "单晓红",
    "id_number": NUMBER,
    "sex": "female",
    "ethnicity": "汉族",
    "birth_date": "1983-02-10",
    "education": "associate",
    "category": "full",
    "joined_on": "2003-11-07",
    "full_on": "2004-11-07",
    "membership_state": "normal",
    "can_write": "on",
    "on": "2026-01-05",
}


@pytest.fixture
def t():
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


@pytest.fixture
def known(t):
    """Three members with names that can be told apart."""
    for member, name in zip(t.members["Z003"], ["赵启明", "张三", "曾丽"], strict=True):
        spelling = pinyin.person(name)
        Member.objects.filter(pk=member.pk).update(name=name, pinyin=spelling.full, initials=spelling.initials)
    return t.members["Z003"]


def page(client, user, name, *args, query=""):
    client.force_login(user)
    return client.get(reverse(f"units:{name}", args=args) + query)


def names(answer):
    return [member.name for member in answer.context["page"]]


class TestList:
    @pytest.mark.parametrize("text", ["zs", "ZS", "zhangsan", "zhang san", "张三", "三"])
    def test_found_by_initials_pinyin_or_name(self, client, c, known, text):
        assert names(page(client, c.office, "members", query=f"?q={text}")) == ["张三"]

    def test_found_by_branch(self, client, c, known):
        assert len(names(page(client, c.office, "members", query="?q=档案局"))) == 3

    def test_found_by_the_whole_number_only(self, client, c, known):
        number = Member.objects.get(pk=known[1].pk).id_number
        assert names(page(client, c.office, "members", query=f"?q={number}")) == ["张三"]
        assert names(page(client, c.office, "members", query=f"?q={number[:14]}")) == []

    @pytest.mark.parametrize(
        ("query", "change"),
        [
            ("?post_level=leader", {"post_level": "leader"}),
            ("?schooling=junior", {"schooling": "junior"}),
            ("?category=probationary", {"category": "probationary"}),
            ("?trait=retired", {"retired": True}),
            ("?trait=floating", {"floating": True}),
            ("?trait=lost", {"lost_contact": True}),
            ("?trait=no_writing", {"can_write": False}),
            ("?roll=left", {"left_on": dt.date(2026, 1, 1)}),
        ],
    )
    def test_filters(self, client, c, known, query, change):
        Member.objects.filter(pk=known[0].pk).update(**change)
        assert names(page(client, c.office, "members", query=query)) == ["赵启明"]

    def test_narrowed_to_a_subtree_or_a_branch(self, client, t, c):
        for organization, count in ((t.work, 6), (t.health_1, 3)):
            answer = page(client, c.office, "members", query=f"?organization={organization.pk}")
            assert answer.context["page"].paginator.count == count

    def test_an_organisation_outside_the_scope_is_no_choice(self, client, t, c):
        answer = page(client, c.secretary, "members", query=f"?organization={t.archives.pk}")
        assert answer.context["form"].errors["organization"]
        assert answer.context["page"].paginator.count == 6

    def test_leavers_are_left_out_unless_asked_for(self, client, c, known):
        Member.objects.filter(pk=known[0].pk).update(left_on="2026-01-01")
        count = lambda query: page(client, c.office, "members", query=query).context["page"].paginator.count  # noqa: E731
        assert (count(""), count("?roll=all")) == (11, 12)

    def test_sorted_in_the_database(self, client, c, known):
        query = f"?organization={known[0].organization_id}&sort="
        assert names(page(client, c.office, "members", query=query + "name")) == ["曾丽", "张三", "赵启明"]
        assert names(page(client, c.office, "members", query=query + "-name")) == ["赵启明", "张三", "曾丽"]
        assert page(client, c.office, "members", query="?sort=id_number").status_code == 200

    def test_no_query_a_row_and_nothing_is_unsealed(self, client, t, c, monkeypatch):
        from accounts import crypto

        client.force_login(c.branch)
        url, counts = reverse("units:members"), []
        for _n in (1, 2):
            client.get(url)
            with CaptureQueriesContext(connection) as queries:
                client.get(url)
            counts.append(len(queries))
            MemberFactory.create_batch(3, organization=t.health_1)
        assert counts[0] == counts[1]
        monkeypatch.setattr(crypto, "decrypt", lambda token: pytest.fail("a sealed column was opened"))
        assert client.get(url).status_code == 200

    @pytest.mark.parametrize(
        ("user", "status"),
        [("outsider", 404), ("auditor", 403), ("sysadmin", 403), ("supervisor", 200), ("committee", 200)],
    )
    def test_who_gets_in(self, client, c, user, status):
        assert page(client, getattr(c, user), "members").status_code == status

    def test_a_member_is_led_to_his_own_page(self, client, t, c):
        answer = page(client, c.member, "members")
        assert answer.url == reverse("units:member", args=[t.members["Z003"][0].pk])


class TestMember:
    @pytest.mark.parametrize(
        ("user", "status"), [("member", 200), ("branch", 200), ("archives", 404), ("outsider", 404), ("auditor", 404)]
    )
    def test_own_page_and_scope(self, client, t, c, user, status):
        assert page(client, getattr(c, user), "member", t.members["Z003"][0].pk).status_code == status

    def test_a_member_does_not_see_another(self, client, t, c):
        assert page(client, c.member, "member", t.members["Z003"][1].pk).status_code == 404

    @pytest.mark.parametrize("user", ["office", "secretary", "committee", "member"])
    @pytest.mark.parametrize("name", ["member", "members", "member_edit"])
    def test_no_page_carries_a_full_number(self, client, t, c, user, name):
        member = t.members["Z003"][0]
        Member.objects.filter(pk=member.pk).update(
            landline="0831-8867456", address="兴文县古宋镇南街130号", phone="13941689270"
        )
        answer = page(client, getattr(c, user), name, *([] if name == "members" else [member.pk]))
        text = answer.content.decode()
        for secret in (member.id_number, "13941689270", "0831-8867456", "古宋镇南街"):
            assert secret not in text

    def test_revealing_is_a_post_by_right_and_audited(self, client, t, c):
        member = t.members["Z003"][1]
        url = reverse("units:member_reveal", args=[member.pk])
        client.force_login(c.committee)
        assert client.post(url).status_code == 403
        assert not AuditEntry.objects.filter(action="member.revealed").exists()
        client.force_login(c.branch)
        assert client.get(url).status_code == 405
        answer = client.post(url)
        assert member.id_number in answer.content.decode() and "no-store" in answer["Cache-Control"]
        assert AuditEntry.objects.get(action="member.revealed").actor_id == c.branch.pk

    def test_only_who_sees_the_branch_is_shown_the_way_to_it(self, client, t, c):
        pk = t.members["Z003"][0].pk
        assert page(client, c.member, "member", pk).context["crumbs"] == []
        assert reverse("units:organization", args=[t.health_1.pk]) in str(
            page(client, c.branch, "member", pk).context["crumbs"]
        )


class TestAdding:
    def url(self, branch):
        return reverse("units:member_new") + f"?organization={branch.pk}"

    def test_first_the_branch(self, client, t, c):
        answer = page(client, c.office, "member_new")
        assert {branch.code for branch in answer.context["page"]} == {"Z001", "Z002", "Z003", "Z004"}

    def test_then_the_member(self, client, t, c):
        client.force_login(c.office)
        answer = client.post(self.url(t.archives), FIELDS)
        member = Member.objects.get(name="单晓红")
        assert answer.url == reverse("units:member", args=[member.pk])
        assert (member.id_number, member.schooling, member.organization) == (NUMBER, "college", t.archives)

    def test_spaces_full_width_digits_and_a_small_x_are_no_fault(self, client, t, c):
        client.force_login(c.office)
        client.post(self.url(t.archives), {**FIELDS, "id_number": " ９９９841 198302101929 "})
        assert Member.objects.get(name="单晓红").id_number == NUMBER

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"id_number": "123"}, "id_number"),
            ({"id_number": "999841198302101928"}, "id_number"),
            ({"birth_date": "1983-02-11"}, "birth_date"),
            ({"sex": "male"}, "sex"),
            ({"joined_on": "2000-02-10"}, "joined_on"),
            ({"full_on": "2003-01-01"}, "full_on"),
            ({"joined_on": "2999-01-01"}, "joined_on"),
            ({"phone": "12345"}, "phone"),
            ({"education": "nonsense"}, "education"),
            ({"category": "probationary"}, "category"),
            ({"name": ""}, "name"),
        ],
    )
    def test_what_is_wrong_is_told_at_its_field(self, client, t, c, change, field):
        client.force_login(c.office)
        answer = client.post(self.url(t.archives), {**FIELDS, **change})
        assert answer.status_code == 200 and answer.context["form"].errors[field]
        assert not Member.objects.filter(id_digest="单晓红").exists() and Member.objects.count() == 12

    def test_somebody_who_is_on_a_roll_already_is_named_with_the_place(self, client, t, c):
        client.force_login(c.office)
        client.post(self.url(t.archives), FIELDS)
        answer = client.post(self.url(t.court_1), FIELDS)
        assert t.archives.name in str(answer.context["form"].errors["id_number"])

    def test_it_is_the_offices(self, client, t, c):
        client.force_login(c.branch)
        assert client.get(self.url(t.health_1)).status_code == 403


class TestEditing:
    def edit(self, client, member, seen=None, **change):
        present = Member.objects.get(pk=member.pk)
        fields = {
            **FIELDS,
            "name": present.name,
            "id_number": "",
            "sex": present.sex,
            "birth_date": "1970-01-01",
            "joined_on": "1995-07-01",
            "full_on": "1996-07-01",
            "seen": seen or present.updated_at.isoformat(),
            **change,
        }
        return client.post(reverse("units:member_edit", args=[member.pk]), fields)

    @pytest.fixture
    def member(self, t):
        member = t.members["Z001"][0]
        number = member.id_number
        sex = "male" if int(number[16]) % 2 else "female"
        Member.objects.filter(pk=member.pk).update(sex=sex)
        return member

    def test_empty_sealed_fields_keep_what_is_there(self, client, c, member):
        client.force_login(c.office)
        assert self.edit(client, member, note="新备注").status_code == 302
        after = Member.objects.get(pk=member.pk)
        assert (after.note, after.id_number, after.phone) == ("新备注", member.id_number, "13800000000")
        assert set(AuditEntry.objects.get(action="member.changed").data["changed"]) >= {"note"}
        assert "phone" not in AuditEntry.objects.get(action="member.changed").data["changed"]

    def test_a_dash_removes_a_number(self, client, c, member):
        client.force_login(c.office)
        self.edit(client, member, phone="-")
        assert Member.objects.get(pk=member.pk).phone == ""

    def test_two_clerks_at_once_the_second_is_told_and_loses_nothing(self, client, c, member):
        client.force_login(c.office)
        seen = Member.objects.get(pk=member.pk).updated_at.isoformat()
        self.edit(client, member, note="甲", seen=seen)
        answer = self.edit(client, member, note="乙写的话", seen=seen)
        assert answer.status_code == 200 and "乙写的话" in answer.content.decode()
        assert Member.objects.get(pk=member.pk).note == "甲"

    def test_who_may(self, client, t, c):
        member = t.members["Z003"][0]
        for user, status in ((c.branch, 403), (c.member, 403), (c.archives, 404), (c.office, 200)):
            assert page(client, user, "member_edit", member.pk).status_code == status


class TestMoving:
    def test_transfer_by_name_or_code(self, client, t, c):
        member = t.members["Z001"][0]
        client.force_login(c.office)
        url = reverse("units:member_transfer", args=[member.pk])
        answer = client.post(url, {"to": "Z003", "on": "2026-01-05", "reason": "工作调动"})
        member.refresh_from_db()
        assert answer.status_code == 302 and member.organization == t.health_1
        assert "工作调动" in page(client, c.office, "member", member.pk).content.decode()

    @pytest.mark.parametrize("to", ["Z001", "C01", "没有", ""])
    def test_no_other_branch_is_told_at_the_field(self, client, t, c, to):
        client.force_login(c.office)
        url = reverse("units:member_transfer", args=[t.members["Z001"][0].pk])
        answer = client.post(url, {"to": to, "on": "2026-01-05"})
        assert answer.context["form"].errors["to"]

    def test_leaving_and_coming_back(self, client, t, c):
        member = t.members["Z001"][0]
        client.force_login(c.office)
        client.post(reverse("units:member_leave", args=[member.pk]), {"on": "2026-01-05", "reason": "转出"})
        assert client.get(reverse("units:member_leave", args=[member.pk])).status_code == 404
        client.post(reverse("units:member_transfer", args=[member.pk]), {"to": "Z002", "on": "2026-01-06"})
        member.refresh_from_db()
        assert (member.left_on, member.organization) == (None, t.court_1)

    @pytest.mark.parametrize("name", ["member_transfer", "member_leave"])
    def test_it_is_the_offices(self, client, t, c, name):
        pk = t.members["Z003"][0].pk
        assert page(client, c.branch, name, pk).status_code == 403
        assert page(client, c.archives, name, pk).status_code == 404
