"""The census out to a workbook and back: what would change, faulty cells, all or nothing; the reminder (T-01..T-09)."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from accounts import clock
from accounts.models import AuditEntry
from campaign import todo
from campaign.actions import census as actions
from campaign.census_import import compare
from campaign.census_sheets import read
from campaign.models import Batch, CensusCase, CensusSheet, MemberCensus
from campaign.tests.factories import make_world

pytestmark = pytest.mark.django_db
URL, EXPORT = "/campaign/census/import/", "/campaign/census/export/"
SHEETS, MEMBERS = "组织摸底", "党员摸底"


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def office(w, client):
    client.force_login(w.c.office)
    return client


def exported(client, **params):
    return load_workbook(BytesIO(client.get(EXPORT, params).content))


def upload(client, book):
    stream = BytesIO()
    book.save(stream)
    return client.post(URL, {"file": SimpleUploadedFile("census.xlsx", stream.getvalue())})


def row_of(sheet, text):
    """The row in which a cell says so, and the columns by their heading."""
    heads = {cell.value: cell.column for cell in sheet[1]}
    number = next(row[0].row for row in sheet.iter_rows(min_row=2) if text in {cell.value for cell in row})
    return number, heads


def test_what_is_exported_changes_nothing_when_it_comes_back(w, office):
    data = actions.SheetData(
        condition="weak",
        secretary_fit=False,
        hindering="无活动场所\n经费不足",
        thinking="人心不齐",
        activity_way="other",
        activity_other="与社区共建",
    )
    actions.fill_sheet(by=w.c.branch, batch=w.batch, organization=w.t.health_1, data=data, version=0)
    person = w.t.members["Z003"][0]
    away = actions.MemberData(floating=True, where_now="深圳", reachable=False, problem="no_life", note="已托人联系")
    actions.record_member_census(by=w.c.branch, batch=w.batch, member=person, data=away, version=0)
    page = upload(office, exported(office))
    assert page.status_code == 200
    reading = page.context["reading"]
    assert not reading.lines and not reading.faults and reading.same == 2


def test_changes_are_shown_first_and_kept_on_the_second_word(w, office):
    book = exported(office)
    number, heads = row_of(book[SHEETS], w.t.health_1.code)
    columns = list(heads.values())
    said = ["软弱涣散", "否", "无活动场所\n经费不足", "", "人心不齐", "业余时间活动", ""]
    for column, value in zip(columns[2:], said, strict=True):
        book[SHEETS].cell(number, column).value = value
    person = w.t.members["Z003"][0]
    book[MEMBERS].append([w.t.health_1.code, "", person.name, "是", "深圳", "", "是", "", "否", "", "已托人联系"])
    page = upload(office, book)
    assert page.status_code == 200 and not CensusSheet.objects.exists(), "nothing is written before"
    lines = {line.subject: line for line in page.context["reading"].lines}
    assert "软弱涣散" in page.text and person.name in page.text and set(lines) == {"organization", "member"}
    assert office.post(URL, {"lines": page.context["signed"]}).status_code == 302
    sheet = CensusSheet.objects.get()
    assert (sheet.organization, sheet.condition, sheet.secretary_fit) == (w.t.health_1, "weak", False)
    assert sheet.activity_way == "spare_time"
    entry = MemberCensus.objects.get()
    assert (entry.member, entry.where_now, entry.temporary, entry.reachable) == (person, "深圳", True, False)
    assert CensusCase.objects.count() == 5, "each problem has its case, as on the page"
    assert AuditEntry.objects.get(action="census.imported").data == {"entries": 2}


def test_each_faulty_cell_is_named_with_sheet_cell_and_remedy_and_nothing_is_kept(w, office):
    book = exported(office)
    number, _heads = row_of(book[SHEETS], w.t.health_1.code)
    book[SHEETS].cell(number, 3).value, book[SHEETS].cell(number, 4).value = "不知道", "是"
    other, _heads = row_of(book[SHEETS], w.t.court_1.code)
    book[SHEETS].cell(other, 3).value = "健全"
    book[SHEETS].append(["没有这个代码", "", "健全"])
    book[MEMBERS].append([w.t.health_1.code, "", "查无此人", "是"])
    page = upload(office, book)
    faults = {(fault.sheet, fault.cell): fault.text for fault in page.context["reading"].faults}
    last = book[SHEETS].max_row
    assert set(faults) == {(SHEETS, f"C{number}"), (SHEETS, f"A{last}"), (MEMBERS, f"C{book[MEMBERS].max_row}")}
    assert "健全" in faults[SHEETS, f"C{number}"], "the remedy names what can be chosen"
    assert page.status_code == 422 and "signed" not in page.context
    assert not CensusSheet.objects.exists() and not MemberCensus.objects.exists()


def test_an_entry_saved_meanwhile_keeps_all_from_being_written(w, office):
    book = exported(office)
    for one in (w.t.health_1, w.t.court_1):
        number, _heads = row_of(book[SHEETS], one.code)
        book[SHEETS].cell(number, 3).value = "健全"
    signed = upload(office, book).context["signed"]
    data = actions.SheetData(condition="weak")
    actions.fill_sheet(by=w.c.branch, batch=w.batch, organization=w.t.health_1, data=data, version=0)
    office.post(URL, {"lines": signed})
    assert list(CensusSheet.objects.values_list("condition", flat=True)) == ["weak"]


def test_a_secretary_fills_in_what_is_his_and_no_other(w, client, office):
    book = exported(office)
    for one in (w.t.health_1, w.t.court_1):
        number, _heads = row_of(book[SHEETS], one.code)
        book[SHEETS].cell(number, 3).value = "健全"
    client.force_login(w.c.branch)
    page = upload(client, book)
    faults = page.context["reading"].faults
    assert any(w.t.court_1.code in fault.text for fault in faults)
    assert not any(w.t.health_1.code in fault.text for fault in faults)


def test_who_fills_in_no_census_is_refused_and_signed_lines_are_personal(w, client, office):
    book = exported(office)
    number, _heads = row_of(book[SHEETS], w.t.health_1.code)
    book[SHEETS].cell(number, 3).value = "健全"
    signed = upload(office, book).context["signed"]
    client.force_login(w.c.branch)
    assert client.post(URL, {"lines": signed}).status_code == 400
    assert client.post(URL, {"lines": signed + "x"}).status_code == 400
    client.force_login(w.c.supervisor)
    assert client.get(URL).status_code == 403


def test_a_file_that_is_no_such_workbook_says_what_to_do(w, office):
    page = office.post(URL, {"file": SimpleUploadedFile("x.xlsx", b"nothing")})
    assert page.status_code == 422 and page.context["form"].errors["file"]
    book = Workbook()
    page = upload(office, book)
    assert "导出" in str(page.context["form"].errors["file"])


def test_the_sheets_of_the_other_language_are_read_too(w, office):
    office.cookies["django_language"] = "en"
    book = exported(office)
    number, _heads = row_of(book["Census sheets"], w.t.health_1.code)
    book["Census sheets"].cell(number, 3).value = "Sound"
    stream = BytesIO()
    book.save(stream)
    [line] = compare(w.c.office, w.batch, read(stream.getvalue())).lines
    assert line.data["condition"] == "sound"


# ---------------------------------------------------------------- the reminder (T-09)
def titles(user):
    fresh = type(user).objects.get(pk=user.pk)
    return [one for one in todo.gather(fresh) if one.title.id == "Take the census before the batch begins"]


def test_two_months_before_the_start_who_has_no_sheet_is_reminded(w):
    Batch.objects.filter(pk=w.batch.pk).update(starts_on=clock.today() + dt.timedelta(days=62))
    assert not titles(w.c.branch), "not yet"
    Batch.objects.filter(pk=w.batch.pk).update(starts_on=clock.today() + dt.timedelta(days=61))
    batch = Batch.objects.get(pk=w.batch.pk)
    [mine] = titles(w.c.branch)
    assert mine.count == 1 and mine.due == batch.starts_on
    [all_of_them] = titles(w.c.office)
    actions.fill_sheet(
        by=w.c.branch, batch=batch, organization=w.t.health_1, data=actions.SheetData(condition="sound"), version=0
    )
    assert not titles(w.c.branch) and titles(w.c.office)[0].count == all_of_them.count - 1


def test_once_the_batch_has_begun_nobody_is_reminded(w):
    assert not titles(w.c.office)


def test_another_way_of_activity_needs_its_words_and_an_older_workbook_leaves_it_as_it_is(w, office):
    data = actions.SheetData(condition="weak", activity_way="groups")
    actions.fill_sheet(by=w.c.branch, batch=w.batch, organization=w.t.health_1, data=data, version=0)
    book = exported(office)
    number, heads = row_of(book[SHEETS], w.t.health_1.code)
    book[SHEETS].cell(number, heads["主要活动方式"]).value = "其他方式"
    (fault,) = upload(office, book).context["reading"].faults
    assert (fault.sheet, fault.label) == (SHEETS, "其他活动方式")
    book[SHEETS].delete_cols(heads["主要活动方式"], 2)
    book[SHEETS].cell(number, 3).value = "健全"
    (line,) = upload(office, book).context["reading"].lines
    assert (line.data["activity_way"], [change.after for change in line.changes]) == ("groups", ["健全"])


def test_the_way_of_activity_is_chosen_on_the_sheet(w, client):
    client.force_login(w.c.branch)
    page = f"/campaign/organizations/{w.t.health_1.pk}/census/sheet/"
    said = {"version": 0, "condition": "sound", "activity_way": "other"}
    assert "activity_other" in client.post(page, said).context["form"].errors
    assert (
        "activity_other"
        in client.post(page, {**said, "activity_way": "groups", "activity_other": "共建"}).context["form"].errors
    )
    assert client.post(page, {**said, "activity_other": "与社区共建"}).status_code == 302
    sheet = CensusSheet.objects.get()
    assert (sheet.activity_way, sheet.activity_other) == ("other", "与社区共建")
    assert "与社区共建" in client.get(f"/campaign/organizations/{w.t.health_1.pk}/census/").text
