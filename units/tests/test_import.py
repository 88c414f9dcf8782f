"""A roster into the database: what is new, what changes, what is refused, and all or nothing."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from units import queries
from units.actions import move_organization
from units.actions.roster import import_workbook
from units.importing import write as writing
from units.models import Member, MemberMove, Organization, WorkUnit
from units.tests.factories import make_tree
from units.tests.roster_books import (
    MEMBER_LABELS,
    ORGANIZATION_ROWS,
    TODAY,
    UNIT_ROWS,
    id_number,
    member,
    write_book,
)

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
COUNTY = SAMPLES / "county-roster.xlsx"
pytestmark = pytest.mark.django_db


@pytest.fixture
def boss():
    return UserFactory(username="boss", is_superuser=True)


def take(path, by=None, **options):
    return import_workbook(by=by, path=path, today=options.pop("today", TODAY), **options)


def codes(outcome):
    return [(fault.cell, fault.code, fault.reason) for fault in outcome.errors]


@pytest.fixture
def school(tmp_path, boss):
    """Two branches of one committee, with two members."""
    second = member(2, 姓名="刘芳", 所在党支部="县第二中学党支部")
    take(write_book(tmp_path / "first.xlsx", [member(1), second]), boss)
    return tmp_path


def as_stored(who, **changes):
    """A row with the ID number of a member of the test county."""
    sex = "男" if int(who.id_number[16]) % 2 else "女"
    return member(公民身份证号=who.id_number, 性别=sex, 出生日期="1970-01-01") | changes


def state():
    """All that an import can change."""
    return (
        list(Organization.objects.order_by("pk").values()),
        list(WorkUnit.objects.order_by("pk").values()),
        sorted(WorkUnit.organizations.through.objects.values_list("organization_id", "workunit_id")),
        list(Member.objects.order_by("pk").values()),
        list(MemberMove.objects.order_by("pk").values()),
        AuditEntry.objects.count(),
    )


def check_tree():
    """Paths, depths, parents and child counts agree."""
    by_path = {each.path: each for each in Organization.objects.all()}
    children = Counter(path[: -Organization.steplen] for path in by_path)
    for path, each in by_path.items():
        assert each.depth == len(path) // Organization.steplen
        assert each.numchild == children[path]
        above = by_path.get(path[: -Organization.steplen])
        assert each.parent_id == (above.pk if above else None)


# ---------------------------------------------------------------- a whole county
def test_the_county_comes_in_and_a_second_time_changes_nothing(boss, django_assert_max_num_queries):
    outcome = take(COUNTY, boss)

    assert (outcome.created, outcome.updated, outcome.unchanged, outcome.errors) == (1359, 0, 0, ())
    assert outcome.organizations == {"created": 117, "updated": 0}
    assert outcome.units == {"created": 56, "updated": 0}
    check_tree()
    root = Organization.objects.get(depth=1)
    assert boss.posts.get().organization == root and boss.posts.get().role == "office_head"
    before = state()

    with django_assert_max_num_queries(20):
        again = take(SAMPLES / "county-roster-messy.xlsx", boss)

    assert (again.created, again.updated, again.unchanged, again.normalised) == (0, 0, 1359, 123)
    assert state() == before


def test_the_county_has_its_own_composition_and_can_be_searched(boss):
    take(COUNTY, boss)

    table = queries.composition(Member.objects.on_roll(), dt.date(2005, 1, 25))

    assert [row.count for row in table.by_post] == [514, 627, 218]
    assert [row.count for row in table.by_schooling] == [736, 342, 281]
    assert (table.retired.count, table.under_sixty.count) == (330, 1075)
    assert [round(1000 * n / 1359) for n in (514, 736, 1075)] == [378, 542, 791]
    sealed = Member.objects.filter(name="王桂芝").first()
    assert sealed.initials == "wgz" and sealed.id_number.startswith("999")
    with Member.objects.db_manager().all().query.get_compiler("default").connection.cursor() as cursor:
        cursor.execute("SELECT id_number, phone, address FROM units_member WHERE id = %s", [sealed.pk])
        assert all(value.startswith("v1.") for value in cursor.fetchone())


def test_a_faulty_county_is_refused_whole_or_written_without_the_faulty_rows(boss):
    path = SAMPLES / "county-roster-faulty.xlsx"

    refused = take(path, boss)
    assert not refused.written and len(refused.errors) == 39
    assert not Member.objects.exists() and not Organization.objects.exists()

    written = take(path, boss, faultless_only=True)
    assert written.written and written.created == Member.objects.count() == 1320


# ---------------------------------------------------------------- changes
def test_a_changed_row_changes_its_fields_and_nothing_else(school, boss):
    first, second = Member.objects.order_by("pk")
    Member.objects.filter(pk=first.pk).update(awaiting_retirement=True)
    rows = [
        member(1, 姓名="曾建军", 手机号="13900000009", 学历="普通高中", 固定电话=""),
        member(2, 姓名="刘芳", 所在党支部="县第二中学党支部"),
    ]

    outcome = take(write_book(school / "b.xlsx", rows), boss)

    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 1, 1)
    first.refresh_from_db()
    assert (first.name, first.initials, first.phone, first.landline) == ("曾建军", "zjj", "13900000009", "")
    assert (first.education, first.schooling, first.awaiting_retirement) == ("high_school", "secondary", True)
    untouched = Member.objects.get(pk=second.pk)
    assert untouched.updated_at == second.updated_at
    assert first.moves.get().kind == "joined"


def test_columns_that_the_workbook_lacks_stay_as_they_are(school, boss):
    labels = [label for label in MEMBER_LABELS if label not in {"手机号", "是否离退休", "所在单位"}]
    rows = [member(1, 备注="补记"), member(2, 姓名="刘芳", 所在党支部="县第二中学党支部")]

    outcome = take(write_book(school / "b.xlsx", rows, labels=labels), boss)

    assert outcome.updated == 1
    first = Member.objects.get(note="补记")
    assert first.phone == "13800000001" and first.work_unit.name == "县教育局"


def test_another_branch_is_a_transfer_and_who_left_returns(school, boss):
    first, second = Member.objects.order_by("pk")
    Member.objects.filter(pk=second.pk).update(left_on=dt.date(2026, 1, 5), left_reason="转出")
    rows = [member(1, 所在党支部="县第二中学党支部"), member(2, 姓名="刘芳", 所在党支部="县第二中学党支部")]

    outcome = take(write_book(school / "b.xlsx", rows), boss)

    assert outcome.updated == 2
    move = first.moves.first()
    assert (move.kind, move.from_organization.code, move.to_organization.code) == ("transferred", "Z01", "Z02")
    assert move.moved_on == TODAY
    second.refresh_from_db()
    assert second.left_on is None and second.left_reason == "" and second.moves.first().kind == "returned"


def test_the_tree_follows_the_workbook(school, boss):
    """A new committee takes a branch over; another is renamed; the covered units change."""
    rows = [
        ORGANIZATION_ROWS[0],
        ORGANIZATION_ROWS[1],
        [3, "C02", "县文化馆党委", "党委", "中共青岚县委员会", "县文化馆"],
        [4, "Z01", "县第一小学党支部", "党支部", "县文化馆党委", "县教育局、县文化馆"],
        [5, "Z02", "县第二高级中学党支部", "党支部", "县教育局党委", ""],
    ]
    units = [UNIT_ROWS[0], [2, "U2", "县文化馆", "事业单位", "股级", 8]]
    people = [member(1), member(2, 姓名="刘芳", 所在党支部="县第二高级中学党支部")]

    outcome = take(write_book(school / "b.xlsx", people, organizations=rows, units=units), boss)

    assert outcome.errors == ()
    assert outcome.organizations == {"created": 1, "updated": 2} and outcome.units == {"created": 0, "updated": 1}
    check_tree()
    moved = Organization.objects.get(code="Z01")
    assert moved.parent.code == "C02" and moved.moves.get().from_parent.code == "C01"
    assert set(moved.work_units.values_list("name", flat=True)) == {"县教育局", "县文化馆"}
    assert Organization.objects.get(code="Z02").name == "县第二高级中学党支部"
    assert Member.objects.filter(organization__code="Z02").count() == 1
    assert WorkUnit.objects.get(code="U2").rank == "股级"
    assert take(write_book(school / "b.xlsx", people, organizations=rows, units=units), boss).unchanged == 2


def test_two_organisations_can_change_places(school, boss):
    """B below A becomes A below B: the lower one is moved out first."""
    rows = [
        [1, "A00", "中共青岚县委员会", "县委", "", ""],
        [2, "C01", "县教育局党委", "党委", "乡镇党委", "县教育局"],
        [3, "C03", "乡镇党委", "党委", "中共青岚县委员会", ""],
        [4, "Z01", "县第一小学党支部", "党支部", "县教育局党委", "县教育局"],
        [5, "Z02", "县第二中学党支部", "党支部", "县教育局党委", ""],
    ]
    before = [list(row) for row in rows]
    before[1][4], before[2][4] = "中共青岚县委员会", "县教育局党委"
    take(write_book(school / "b.xlsx", organizations=before), boss)
    assert Organization.objects.get(code="C03").parent.code == "C01"

    outcome = take(write_book(school / "c.xlsx", organizations=rows), boss)

    assert outcome.errors == () and outcome.organizations["updated"] == 2
    check_tree()
    assert Organization.objects.get(code="C01").parent.code == "C03"


def test_full_membership_without_its_day_is_not_before_joining(tmp_path, boss):
    rows = [member(1, 加入党组织日期="1997-05-04", 转为正式党员日期="1997.5", 人员类别="正式党员")]
    path = write_book(tmp_path / "a.xlsx", rows)

    assert take(path, boss).created == 1
    assert Member.objects.get().full_on == dt.date(1997, 5, 4)
    assert take(path, boss).unchanged == 1


def test_every_sort_of_text_arrives_as_it_was_written(tmp_path, boss):
    r"""Backslashes and quotes are what a bulk load could take for its own marks."""
    odd = "D:\\new\\table 'a' \"b\" \\N ％ 100%"
    rows = [member(1, 备注=odd, 家庭住址=odd, 工作岗位="\\N"), member(2, 姓名="刘芳", 备注="", 失去联系日期="")]
    path = write_book(tmp_path / "a.xlsx", rows)

    take(path, boss)

    first = Member.objects.get(name="郝建军")
    assert (first.note, first.address, first.position) == (odd.replace("％", "%"), odd.replace("％", "%"), "\\N")
    second = Member.objects.get(name="刘芳")
    assert (second.note, second.lost_since, second.user, second.left_on) == ("", None, None, None)
    assert second.updated_at and second.moves.get().created_at
    assert take(path, boss).unchanged == 2


# ---------------------------------------------------------------- refusals
@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({1: (4, "")}, None),  # an empty superior leaves a stored organisation where it is
        ({3: (3, "党委")}, ("D7", "kind_in_use", "")),
        ({1: (3, "党支部")}, ("D5", "cannot_sit", "below")),
        ({2: (4, "县第二中学党支部")}, ("D6", "cannot_sit", "")),
    ],
)
def test_what_would_break_the_tree_is_refused(school, boss, change, fault):
    rows = [list(row) for row in ORGANIZATION_ROWS]
    for at, (column, value) in change.items():
        rows[at][column] = value
    before = state()

    outcome = take(write_book(school / "b.xlsx", organizations=rows), boss)

    assert codes(outcome) == ([fault] if fault else [])
    assert state() == before


def test_faults_that_only_the_database_knows(school, boss):
    closed = Organization.objects.get(code="Z02")
    Member.objects.filter(organization=closed).update(left_on=TODAY)
    Organization.objects.filter(pk=closed.pk).update(closed_on=dt.date(2026, 3, 1))
    rows = [
        *ORGANIZATION_ROWS,
        [5, "C09", "县第三小学党支部", "党支部", "", ""],
        [6, "C10", "县第四小学党支部", "党支部", "县第三小学党支部", ""],
    ]
    units = [*UNIT_ROWS, [3, "U9", "县教育局", "", "", ""]]
    people = [member(1), member(3, 所在党支部="县第三小学党支部"), member(4, 所在党支部="县第二中学党支部")]

    outcome = take(write_book(school / "b.xlsx", people, organizations=rows, units=units[:2]), boss)

    assert codes(outcome) == [("B7", "closed_organization", ""), ("E8", "missing_value", "superior")]
    texts = [fault.message + fault.remedy for fault in outcome.errors]
    assert all(text and "%(" not in text for text in texts)


def test_a_name_under_another_code_is_refused(school, boss):
    rows = [[1, "Z77", "县第一小学党支部", "党支部", "县教育局党委", ""]]

    outcome = take(write_book(school / "b.xlsx", organizations=rows, units=None), boss)

    assert codes(outcome) == [("C4", "duplicate_name", "stored")]
    assert outcome.errors[0].params["other"] == "Z01"


def test_a_branch_name_that_two_branches_bear_is_not_guessed(school, boss):
    Organization.objects.filter(code="Z02").update(name="县第一小学党支部")

    outcome = take(write_book(school / "b.xlsx", [member(7)], organizations=None, units=None), boss)

    assert codes(outcome) == [("C4", "ambiguous_name", "")]


def test_an_exception_in_the_middle_leaves_nothing(school, boss, monkeypatch):
    before = state()

    def fail(*args, **kwargs):
        raise RuntimeError("the last step")

    monkeypatch.setattr(writing, "_moves_of", fail)
    rows = [[5, "Z03", "县文化馆党支部", "党支部", "县教育局党委", "县文化馆"]]
    people = [member(8, 所在党支部="县文化馆党支部"), member(1, 备注="变了")]
    path = write_book(school / "b.xlsx", people, organizations=[*ORGANIZATION_ROWS, *rows])
    with pytest.raises(RuntimeError):
        take(path, boss)

    assert state() == before
    monkeypatch.undo()
    assert take(path, boss).created == 1


# ---------------------------------------------------------------- scope
def test_an_import_for_a_committee_touches_nothing_outside_it(tmp_path):
    t = make_tree()
    outsider = t.members["Z001"][0]
    insider = t.members["Z003"][0]
    before = outsider.organization_id
    rows = [
        [1, "C01", "县卫生局党委", "党委", "中共青岚县委员会", ""],
        [2, "Z001", "县档案局党支部", "党支部", "县卫生局党委", ""],
        [3, "Z009", "县疾控中心党支部", "党支部", "县直机关工委", ""],
        [4, "Z003", "县卫生局第一党支部", "党支部", "县卫生局党委", ""],
    ]
    people = [
        *(as_stored(each, 所在党支部="县卫生局第一党支部", 所在单位="") for each in (outsider, insider)),
        member(3, 所在党支部="县卫生局第二党支部", 所在单位=""),
        member(4, 所在党支部="县档案局党支部", 所在单位=""),
    ]
    path = write_book(tmp_path / "a.xlsx", people, organizations=rows, units=None)

    outcome = take(path, organization=t.health)

    assert codes(outcome) == [
        ("B5", "outside_scope", ""),
        ("E6", "unknown_organization", ""),
        ("D4", "outside_scope", "member"),
    ]
    assert not outcome.written

    written = take(path, organization=t.health, faultless_only=True)

    assert (written.created, written.updated) == (1, 1)
    outsider.refresh_from_db()
    assert outsider.organization_id == before and outsider.name != "郝建军"
    assert not Organization.objects.filter(code="Z009").exists()
    check_tree()


def test_a_shared_work_unit_is_changed_from_above_only(tmp_path):
    t = make_tree()
    t.health_unit.organizations.add(t.archives)
    units = [[1, t.health_unit.code, "县卫生局", "事业单位", "科局级", ""]]
    path = write_book(tmp_path / "a.xlsx", organizations=None, units=units)

    assert codes(take(path, organization=t.health)) == [("B4", "outside_scope", "unit")]
    assert take(path, organization=t.county).units == {"created": 0, "updated": 1}


def test_an_import_after_a_move_compares_with_the_tree_as_it_is_now(school, boss):
    work = Organization.objects.get(code="C01")
    top = Organization.objects.get(code="A00")
    branch = Organization.objects.get(code="Z02")
    move_organization(by=boss, organization=branch, parent=top, on=dt.date(2026, 5, 1))

    outcome = take(write_book(school / "b.xlsx"), boss)

    assert outcome.organizations["updated"] == 1
    branch.refresh_from_db()
    assert branch.parent_id == work.pk and branch.moves.count() == 2
    check_tree()


def test_who_vanishes_from_the_workbook_is_kept(school, boss):
    outcome = take(write_book(school / "b.xlsx", [member(1)]), boss)

    assert (outcome.unchanged, outcome.left) == (1, 0)
    assert Member.objects.on_roll().count() == 2
    assert id_number(serial=2) in {each.id_number for each in Member.objects.on_roll()}
