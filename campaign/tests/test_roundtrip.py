"""Lists edited in Excel: nothing edited changes nothing, each fault is told by its cell, nobody overwrites another."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404, QueryDict
from django.utils import translation

from accounts import clock
from accounts.models import AuditEntry
from campaign import rectification
from campaign.actions import rectification as items
from campaign.actions import roundtrip as actions
from campaign.actions import standing_rules
from campaign.models import RectificationItem, SentWorkbook, StandingRule
from campaign.roundtrip import keys
from campaign.roundtrip.book import TooMany
from campaign.roundtrip.rectification_ledger import RectificationLedger
from campaign.roundtrip.rules_register import RulesRegister
from campaign.roundtrip.work_units import WorkUnitsLedger
from campaign.tasks import forget_workbooks
from campaign.tests.factories import make_world
from campaign.tests.workbooks import apply, look, take, told
from units.models import WorkUnit

# One county serves all tests.
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("roundtrip")]
State = RectificationItem.State
PROBLEM, MEASURE, WHO, UNTIL, WHY, NOTE = (
    "突出问题",
    "整改措施",
    "责任人",
    "整改时限",
    "时限顺延原因",
    "新进展或原因",
)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker):
    """A county with two items of one branch and one of another; built once, each test is rolled back to it."""
    with django_db_blocker.unblock(), transaction.atomic(), translation.override("zh-hans"):
        w = make_world()
        w.keys = [
            register(w, w.t.health_1, "窗口服务态度生硬", kind="time_limit", deadline=in_days(3)).pk,
            register(w, w.t.health_1, "=1+1 文山会海多", deadline=in_days(5)).pk,
            register(w, w.t.archives, "档案查阅手续多").pk,
        ]
        yield w
        transaction.set_rollback(True)


@pytest.fixture
def db(built):
    """In place of pytest-django's: the database as it was built, and rolled back to that."""
    with transaction.atomic(), translation.override("zh-hans"):
        yield
        transaction.set_rollback(True)


@pytest.fixture
def w(built, db):
    built.first, built.second, built.other = (RectificationItem.objects.get(pk=pk) for pk in built.keys)
    built.ledger = RectificationLedger.open(built.c.branch, built.t.health_1.pk)
    return built


def register(w, organization, problem, **data):
    given = {"kind": "immediate", "responsible_name": "何秀芝", "problem": problem, **data}
    return items.register_item(
        by=w.c.branch, batch=w.batch, organization=organization, stage="study", data=items.ItemData(**given)
    )


def in_days(days):
    return clock.today() + dt.timedelta(days=days)


# ---------------------------------------------------------------- what comes back as it went
def test_an_unedited_workbook_changes_nothing(w):
    reading = look(w.ledger, take(w.ledger))
    assert (reading.lines, reading.faults, reading.ignored, reading.same) == ([], [], [], 2)
    book = take(w.ledger)
    with translation.override("en"):  # the words of one language are understood in the other
        ledger = RectificationLedger.open(w.c.branch, w.t.health_1.pk)
        reading = look(ledger, book)
    assert (reading.lines, reading.faults, reading.ignored, reading.same) == ([], [], [], 2)


def test_the_workbook_says_whose_it_is_and_locks_what_must_stay(w):
    book = take(w.ledger)
    first = [[cell.value for cell in row] for row in book.book.worksheets[0].iter_rows(max_row=5)]
    assert ["下载人", "何秀芝"] in first and ["数据截至", "2026-11-26 10:00"] in first
    assert book.book.sheetnames == ["填写说明", "整改台账", "选项"] and book.sheet.protection.sheet
    assert book.cell("key").protection.locked and book.cell("组织").protection.locked
    assert not book.cell(PROBLEM).protection.locked and not book.cell(UNTIL).protection.locked
    assert (book.cell(PROBLEM, 2).value, book.cell(PROBLEM, 2).data_type) == ("=1+1 文山会海多", "s")
    assert book.cell(UNTIL).value.date() == w.first.deadline
    assert {rule.type for rule in book.sheet.data_validations.dataValidation} == {"list", "date"}
    entry = AuditEntry.objects.get(action="roundtrip.downloaded")
    assert (entry.actor_name, entry.data["rows"]) == ("何秀芝", 2)


def test_the_filter_of_the_list_is_kept(w):
    rows = w.ledger.rows(QueryDict("q=文山"))
    assert [row.pk for row in rows] == [w.second.pk]


# ---------------------------------------------------------------- what is edited
def test_edits_go_through_the_actions_of_the_page(w):
    book = take(w.ledger)
    book.write(WHO, "林国栋")
    book.write(UNTIL, "2026年12月10日")
    book.write(WHY, "等待上级批复")
    book.write(MEASURE, "-压缩会议", row=2)
    book.write("状态", "已报办结", row=2)
    book.write(NOTE, "会议已减半", row=2)
    assert apply(w.ledger, book) == 6
    first, second = (RectificationItem.objects.get(pk=pk) for pk in w.keys[:2])
    assert (first.responsible, first.deadline) == ("林国栋", dt.date(2026, 12, 10))
    assert (second.measure, second.state, second.reported_by) == ("-压缩会议", State.REPORTED, w.c.branch)
    assert first.notes.get().text == "等待上级批复" and second.notes.get().text == "会议已减半"
    done = list(AuditEntry.objects.filter(actor_name="何秀芝").order_by("pk").values_list("action", flat=True))
    assert done[-5:] == [
        "rectification.changed",
        "rectification.extended",
        "rectification.changed",
        "rectification.reported",
        "roundtrip.applied",
    ]
    assert look(w.ledger, book).faults, "the same workbook again is out of date"
    again = look(w.ledger, take(w.ledger))
    assert (again.lines, again.faults) == ([], [])


def test_a_second_person_confirms_or_sends_back_and_never_who_reported(w):
    items.report_done(by=w.c.branch, item=w.first, text="已改")
    items.report_done(by=w.c.branch, item=w.second, text="已改")
    own = take(w.ledger)
    cell = own.write("状态", "已办结")
    assert told(look(w.ledger, own)).keys() == {cell}
    ledger = RectificationLedger.open(w.c.secretary, w.t.health.pk)
    book = take(ledger)
    book.write("状态", "已办结")
    cell = book.write("状态", "整改中", row=2)
    faults = told(look(ledger, book))
    assert faults == {book.cell(NOTE, 2).coordinate: "请写明退回理由。"}, cell
    book.write(NOTE, "措施不实", row=2)
    apply(ledger, book)
    states = {item.pk: item.state for item in RectificationItem.objects.filter(pk__in=w.keys)}
    assert (states[w.first.pk], states[w.second.pk]) == (State.CLOSED, State.OPEN)


def test_each_fault_is_told_by_its_cell_with_the_remedy(w):
    book = take(w.ledger)
    kind = book.write("分类处理", "再说吧")
    until = book.write(UNTIL, "下个月")
    problem = book.write(PROBLEM, "长" * 2001)
    who = book.write(WHO, None, row=2)
    formula = book.write(MEASURE, "=A1", row=2)
    faults = told(look(w.ledger, book))
    assert faults.keys() == {kind, until, problem, who, formula}
    assert faults[kind].startswith("“再说吧”")
    assert faults[until] == "“下个月”不是日期。请写成 2026-11-26。"
    assert faults[problem] == "共 2001 字，最多 2000 字。请缩短。"
    assert "不能为空" in faults[who] and "公式" in faults[formula]
    named = next(fault for fault in look(w.ledger, book).faults if fault.place == kind)
    assert named.cell == f"「整改台账」{kind}" and named.value == "再说吧"
    assert RectificationItem.objects.get(pk=w.first.pk).version == w.first.version


def test_what_the_page_would_refuse_is_found_before_anything_is_confirmed(w):
    book = take(w.ledger)
    why = book.write(UNTIL, in_days(1))  # earlier, and without a reason
    book.write("分类处理", str(rectification.kinds(w.playbook)["joint"]), row=2)
    with_others = book.cell("涉及部门", 2).coordinate
    faults = told(look(w.ledger, book))
    assert faults.keys() == {why, book.cell(WHY).coordinate, with_others}
    assert not SentWorkbook.objects.exists() and not w.first.notes.exists()


def test_grey_cells_are_not_taken_over_and_said_so(w):
    book = take(w.ledger)
    cell = book.write("组织", "别的支部")
    reading = look(w.ledger, book)
    assert (reading.lines, reading.faults, reading.ignored) == ([], [], [cell])


def test_deleted_and_moved_rows_are_unchanged(w):
    book = take(w.ledger)
    book.write(MEASURE, "公开承诺", row=2)
    book.sheet.delete_rows(4)
    reading = look(w.ledger, book)
    assert [(line.pk, line.number, line.changes) for line in reading.lines] == [
        (w.second.pk, 4, {"measure": "公开承诺"})
    ]
    assert not reading.faults


# ---------------------------------------------------------------- keys, scope, others
def test_forged_double_and_foreign_keys_and_rows_without_one(w):
    book = take(w.ledger)
    real = book.cell("key").value
    book.write("key", real.replace("R", "R1", 1))
    book.write("key", None, row=2)
    for row in (3, 4):
        for at in range(1, book.sheet.max_column + 1):
            book.sheet.cell(3 + row, at).value = book.sheet.cell(4, at).value
        book.write("key", real, row)
    office = RectificationLedger.open(w.c.office, w.t.county.pk)
    prints = [keys.print_of(form) for form in office.forms(w.other).values()]
    book.write("key", keys.seal("rectification", w.other.pk, prints), row=5)
    faults = told(look(w.ledger, book))
    assert faults.keys() == {"A4", "A5", "A7", "A8"}
    assert "行标识被改动" in faults["A4"] and "不能新增" in faults["A5"]
    assert "第 6 行" in faults["A7"] and "不归您管" in faults["A8"]


def test_a_list_opens_only_within_the_scope_and_to_who_works_there(w):
    with pytest.raises(Http404):
        RectificationLedger.open(w.c.archives, w.t.health_1.pk)
    with pytest.raises(PermissionDenied):
        RectificationLedger.open(w.c.leader, w.t.health_1.pk)
    ledger = RectificationLedger.open(w.c.supervisor, w.t.health.pk)
    book = take(ledger)
    assert book.cell(PROBLEM).protection.locked
    cell = book.write(PROBLEM, "改写")
    assert "不允许" in told(look(ledger, book))[cell]


def test_what_another_has_changed_meanwhile_is_shown_and_not_overwritten(w):
    book = take(w.ledger)
    cell = book.write(MEASURE, "我的措施")
    data = items.ItemData(problem=w.first.problem, kind="time_limit", measure="他的措施", responsible_name="何秀芝")
    items.change_item(by=w.c.secretary, item=w.first, data=data)
    fault = told(look(w.ledger, book))[cell]
    assert all(part in fault for part in ("李文静", "11月26日", "他的措施", "我的措施"))
    untouched = take(w.ledger)
    untouched.write(MEASURE, "减会", row=2)
    items.note_progress(by=w.c.secretary, item=w.first, text="在办")
    assert apply(w.ledger, untouched) == 1  # the row that another has touched was not edited here


def test_a_workbook_is_applied_once_and_only_as_it_was_looked_at(w):
    book = take(w.ledger)
    book.write(MEASURE, "公开承诺")
    book.write(MEASURE, "减会", row=2)
    reading = look(w.ledger, book)
    sent = actions.send_back(by=w.c.branch, ledger=w.ledger, file_name="x.xlsx", reading=reading)
    data = items.ItemData(problem="改了", kind="immediate", responsible_name="何秀芝")
    items.change_item(by=w.c.secretary, item=w.second, data=data)
    with pytest.raises(actions.WorkbookRefused) as refused:
        actions.apply_workbook(by=w.c.branch, sent=sent, ledger=w.ledger)
    assert [fault.place for fault in refused.value.faults] == [book.cell(MEASURE, 2).coordinate]
    assert RectificationItem.objects.get(pk=w.first.pk).measure == ""  # nothing half-saved
    newer = take(w.ledger)
    newer.write(MEASURE, "公开承诺")
    reading = look(w.ledger, newer)
    sent = actions.send_back(by=w.c.branch, ledger=w.ledger, file_name="x.xlsx", reading=reading)
    assert SentWorkbook.objects.count() == 1  # the former one is given up
    with pytest.raises(actions.AppliedBefore):  # it is another's
        actions.apply_workbook(by=w.c.secretary, sent=sent, ledger=w.ledger)
    assert actions.apply_workbook(by=w.c.branch, sent=sent, ledger=w.ledger) == 1
    with pytest.raises(actions.AppliedBefore):
        actions.apply_workbook(by=w.c.branch, sent=sent, ledger=w.ledger)
    with pytest.raises(actions.AppliedBefore):
        actions.give_up(by=w.c.branch, sent=sent)
    assert SentWorkbook.objects.get().lines == []  # kept no longer than needed
    assert AuditEntry.objects.filter(action="rectification.changed", object_id=str(w.first.pk)).count() == 1


def test_what_nobody_confirms_in_time_is_let_go(w):
    book = take(w.ledger)
    book.write(MEASURE, "公开承诺")
    reading = look(w.ledger, book)
    sent = actions.send_back(by=w.c.branch, ledger=w.ledger, file_name="x.xlsx", reading=reading)
    assert forget_workbooks() == 0
    with clock.freeze(dt.datetime(2026, 11, 26, 14, 1)):
        with pytest.raises(actions.AppliedBefore):
            actions.apply_workbook(by=w.c.branch, sent=sent, ledger=w.ledger)
        assert forget_workbooks() == 1


def test_a_workbook_is_not_endless(w, monkeypatch):
    monkeypatch.setattr("campaign.roundtrip.book.MOST_ROWS", 1)
    with pytest.raises(TooMany):
        take(w.ledger)
    monkeypatch.undo()
    monkeypatch.setattr("campaign.roundtrip.comparing.MOST_CHANGED", 1)
    book = take(w.ledger)
    book.write(MEASURE, "公开承诺")
    book.write(MEASURE, "减会", row=2)
    assert [fault.message[:6] for fault in look(w.ledger, book).faults] == ["共改动 2 "]


# ---------------------------------------------------------------- new rows
def test_new_rules_are_entered_below_the_list(w):
    given = {"title": "会议制度", "kind": "issued", "dated": dt.date(2026, 11, 2)}
    rule = standing_rules.enter_rule(
        by=w.c.branch, batch=w.batch, organization=w.t.health_1, data=standing_rules.RuleData(**given)
    )
    ledger = RulesRegister.open(w.c.branch, w.t.health_1.pk)
    assert look(ledger, take(ledger)).same == 1
    book = take(ledger)
    book.write("文号", 12)  # a number, as WPS keeps it
    book.write("标题", "+联系群众制度", row=2)
    assert told(look(ledger, book)).keys() == {book.cell("做了什么", 2).coordinate, book.cell("日期", 2).coordinate}
    book.write("做了什么", "修订", row=2)
    book.write("日期", 46340, row=2)  # a day as Excel counts
    assert apply(ledger, book) == 2
    rule.refresh_from_db()
    new = StandingRule.objects.exclude(pk=rule.pk).get()
    assert rule.number == "12"
    assert (new.title, new.kind, new.dated) == ("+联系群众制度", "revised", dt.date(2026, 11, 14))
    assert (new.organization, new.recorded_by) == (w.t.health_1, w.c.branch)


# ---------------------------------------------------------------- numbers
def test_work_units_are_kept_by_who_keeps_the_whole_roster(w, django_assert_max_num_queries):
    root = w.t.county.pk
    with pytest.raises(Http404):
        WorkUnitsLedger.open(w.c.secretary, root)
    with pytest.raises(PermissionDenied):
        WorkUnitsLedger.open(w.c.leader, root)
    ledger = WorkUnitsLedger.open(w.c.office, root)
    with django_assert_max_num_queries(6):
        book = take(ledger)
    assert look(ledger, book).same == 3
    unit = WorkUnit.objects.order_by("code").first()
    covering = set(unit.organizations.values_list("pk", flat=True))
    wrong = book.write("职工人数", "约30人")
    assert told(look(ledger, book)) == {wrong: "“约30人”不是整数。只能填数字。"}
    book.write("职工人数", "３０")
    book.write("类型", "@事业单位", row=2)
    assert apply(ledger, book) == 2
    unit.refresh_from_db()
    assert unit.staff_count == 30 and set(unit.organizations.values_list("pk", flat=True)) == covering
    assert WorkUnit.objects.order_by("code")[1].type == "@事业单位"
