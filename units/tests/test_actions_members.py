"""Writes to the roll: added, corrected, transferred, left, returned, revealed."""

import datetime as dt

import pytest
from django.db import connection

from accounts import crypto
from accounts.models import AuditEntry, Notification
from units import actions, refusals
from units.models import Member, MemberMove
from units.tests.factories import make_cast, make_tree

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 4, 3)
NUMBER = "999841198302101929"


@pytest.fixture
def t(clock):
    clock.hold(TODAY)
    return make_tree()


@pytest.fixture
def c(t):
    return make_cast(t)


@pytest.fixture
def member(t):
    return t.members["Z001"][0]


def values(**extra):
    return {
        "name": "单晓红",
        "id_number": NUMBER,
        "sex": "female",
        "birth_date": dt.date(1983, 2, 10),
        "joined_on": dt.date(2003, 11, 7),
        "phone": "13941689270",
        **extra,
    }


def create(t, c, organization=None, on=TODAY, **extra):
    return actions.create_member(by=c.office, organization=organization or t.archives, values=values(**extra), on=on)


class TestAdding:
    def test_sealed_found_by_digest_and_by_initials(self, t, c):
        member = create(t, c)
        assert (member.pinyin, member.initials) == ("shanxiaohong", "sxh")
        assert Member.objects.get(id_digest=crypto.digest(NUMBER)) == member
        with connection.cursor() as cursor:
            cursor.execute("SELECT id_number, phone FROM units_member WHERE id = %s", [member.pk])
            stored = cursor.fetchone()
        assert all(text.startswith("v1.") for text in stored)

    def test_history_holds_no_number(self, t, c):
        create(t, c)
        entry = AuditEntry.objects.get(action="member.created")
        assert NUMBER not in str(vars(entry)) and entry.organization_path == t.archives.path

    def test_entering_is_the_first_move(self, t, c):
        assert create(t, c).moves.get().kind == MemberMove.Kind.JOINED

    def test_somebody_on_the_roll_elsewhere_is_named_with_the_place(self, t, c):
        create(t, c, organization=t.court_1)
        with pytest.raises(refusals.DuplicateMember, match=t.court_1.name):
            create(t, c)
        assert Member.objects.filter(name="单晓红").count() == 1

    def test_somebody_who_left_is_to_be_put_back(self, t, c):
        left = create(t, c, organization=t.court_1)
        actions.leave_member(by=c.office, member=left, on=TODAY, reason="转出")
        with pytest.raises(refusals.DuplicateMember, match=r"重新入册|back on the roll"):
            create(t, c)

    def test_only_branches_have_members(self, t, c):
        with pytest.raises(refusals.NotABranch):
            create(t, c, organization=t.health)

    def test_not_ahead_of_time(self, t, c):
        with pytest.raises(refusals.WrongDate):
            create(t, c, on=TODAY + dt.timedelta(days=1))

    def test_what_no_form_holds_cannot_be_set(self, t, c):
        with pytest.raises(ValueError, match="left_on"):
            create(t, c, left_on=TODAY)


class TestCorrecting:
    def test_history_names_the_fields_and_no_values(self, c, member):
        changed = actions.change_member(by=c.office, member=member, values={"phone": "13900000000", "sex": "male"})
        assert changed == ["phone"]
        entry = AuditEntry.objects.get(action="member.changed")
        assert entry.data == {"changed": ["phone"]}

    def test_a_new_name_is_spelt_anew(self, c, member):
        actions.change_member(by=c.office, member=member, values={"name": "曾丽"})
        member.refresh_from_db()
        assert member.initials == "zl"

    def test_nothing_new_is_no_entry(self, c, member):
        assert actions.change_member(by=c.office, member=member, values={"name": member.name}) == []
        assert not AuditEntry.objects.exists()

    def test_a_number_of_somebody_else_is_refused(self, t, c, member):
        other = t.members["Z002"][0]
        with pytest.raises(refusals.DuplicateMember):
            actions.change_member(by=c.office, member=member, values={"id_number": other.id_number})
        member.refresh_from_db()
        assert member.id_digest != other.id_digest

    def test_a_page_that_has_become_old_is_refused(self, c, member, clock):
        seen = member.updated_at
        actions.change_member(by=c.office, member=member, values={"note": "甲"}, seen=seen)
        with pytest.raises(refusals.MemberMoved):
            actions.change_member(by=c.general, member=member, values={"note": "乙"}, seen=seen)
        member.refresh_from_db()
        assert member.note == "甲"


class TestTransferring:
    def transfer(self, t, c, member, to=None, on=TODAY):
        return actions.transfer_member(by=c.office, member=member, to=to or t.health_1, on=on, reason="调动")

    def test_the_member_stands_there_and_the_move_is_kept(self, t, c, member):
        move = self.transfer(t, c, member)
        member.refresh_from_db()
        assert member.organization == t.health_1
        assert (move.from_organization, move.to_organization, move.moved_on) == (t.archives, t.health_1, TODAY)

    def test_both_secretaries_are_told(self, t, c, member, django_capture_on_commit_callbacks):
        with django_capture_on_commit_callbacks(execute=True):
            self.transfer(t, c, member)
        assert set(Notification.objects.values_list("user", flat=True)) == {c.archives.pk, c.branch.pk}

    def test_two_at_once_one_wins(self, t, c, member):
        same = Member.objects.select_related("organization").get(pk=member.pk)
        self.transfer(t, c, member)
        with pytest.raises(refusals.MemberMoved):
            actions.transfer_member(by=c.general, member=same, to=t.court_1, on=TODAY)
        assert MemberMove.objects.count() == 1

    @pytest.mark.parametrize(("to", "refusal"), [("health", refusals.NotABranch), ("archives", refusals.MemberMoved)])
    def test_refused_places(self, t, c, member, to, refusal):
        with pytest.raises(refusal):
            self.transfer(t, c, member, getattr(t, to))
        assert not AuditEntry.objects.exists()

    def test_moves_follow_one_another(self, t, c, member):
        self.transfer(t, c, member, on=TODAY)
        with pytest.raises(refusals.WrongDate):
            self.transfer(t, c, member, t.court_1, on=TODAY - dt.timedelta(days=1))

    def test_not_somebody_who_left(self, t, c, member):
        actions.leave_member(by=c.office, member=member, on=TODAY, reason="转出")
        with pytest.raises(refusals.MemberMoved):
            self.transfer(t, c, member)


def test_leaving_and_returning(t, c, member):
    actions.leave_member(by=c.office, member=member, on=TODAY, reason="转出本县")
    member.refresh_from_db()
    assert (member.left_on, member.left_reason) == (TODAY, "转出本县")
    assert member not in Member.objects.on_roll()
    with pytest.raises(refusals.MemberMoved):
        actions.leave_member(by=c.office, member=member, on=TODAY, reason="又一次")
    actions.return_member(by=c.office, member=member, to=t.court_1, on=TODAY)
    member.refresh_from_db()
    assert (member.left_on, member.left_reason, member.organization) == (None, "", t.court_1)
    assert list(member.moves.values_list("kind", flat=True)) == ["returned", "left"]


def test_looking_at_the_numbers_is_written_down(c, member):
    full = actions.reveal_member(by=c.office, member=member)
    assert full.id_number == member.id_number
    entry = AuditEntry.objects.get(action="member.revealed")
    assert (entry.actor_id, entry.object_id) == (c.office.pk, str(member.pk))
    assert member.id_number not in str(vars(entry))
