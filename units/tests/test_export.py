"""The roster as a workbook that comes back unchanged."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from jobs.models import Job
from units.actions.roster import import_workbook
from units.exporting import export_workbook
from units.models import Member, Organization, WorkUnit
from units.refusals import ImportRefused
from units.tests.factories import make_cast, make_tree
from units.tests.roster_books import TODAY, member, write_book

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
pytestmark = pytest.mark.django_db


def again(path: Path, data: bytes, top):
    path.write_bytes(data)
    return import_workbook(by=None, path=path, today=TODAY, organization=top)


def nothing(outcome):
    return outcome.errors == () and not any(
        [outcome.created, outcome.updated, outcome.normalised, *outcome.organizations.values(), *outcome.units.values()]
    )


def test_a_county_comes_back_unchanged(tmp_path, django_assert_max_num_queries):
    boss = UserFactory(is_superuser=True)
    import_workbook(by=boss, path=SAMPLES / "county-roster.xlsx", today=TODAY)
    root = Organization.objects.get(depth=1)

    with django_assert_max_num_queries(25):
        name, data = export_workbook(by=boss, organization=root)

    assert name.startswith("中共兴文县委员会党员花名册") and name.endswith(".xlsx")
    outcome = again(tmp_path / "a.xlsx", data, root)
    assert nothing(outcome) and outcome.unchanged == 1359
    entry = AuditEntry.objects.get(action="roster.exported")
    assert entry.actor_id == boss.pk and entry.data == {"rows": 1359}


def test_part_of_a_county_comes_back_to_its_place(tmp_path):
    boss = UserFactory(is_superuser=True)
    import_workbook(by=boss, path=SAMPLES / "county-roster.xlsx", today=TODAY)
    committee = Organization.objects.filter(kind="committee").first()
    members = Member.objects.within(committee).count()

    _name, data = export_workbook(by=boss, organization=committee)

    sheet = load_workbook(BytesIO(data))["党员基本信息汇总表"]
    assert 0 < sheet.max_row - 5 == members < 1359
    for top in (committee, Organization.objects.get(depth=1), None):
        outcome = again(tmp_path / "a.xlsx", data, top)
        assert nothing(outcome) and outcome.unchanged == members, outcome.errors


def test_the_layout_and_what_looks_like_a_formula(tmp_path):
    boss = UserFactory(is_superuser=True)
    people = [
        member(1, 备注="=1+1", 工作岗位="-", 家庭住址="@北街", 固定电话="", 是否离退休="", 有无书写能力="无"),
        member(2, 姓名="刘芳", 人员类别="预备党员", 转为正式党员日期="", 是否为流动党员="是", 外出流向="+86"),
    ]
    path = write_book(tmp_path / "a.xlsx", people)
    book = load_workbook(path)
    for row in book["党员基本信息汇总表"].iter_rows(min_row=4, max_row=5):
        for cell in row:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    book.save(path)
    import_workbook(by=boss, path=path, today=TODAY)
    assert Member.objects.get(name="郝建军").note == "=1+1"
    root = Organization.objects.get(depth=1)

    _name, data = export_workbook(by=boss, organization=root)

    sheet = load_workbook(BytesIO(data))["党员基本信息汇总表"]
    labels = [cell.value for cell in sheet[3]]
    row = dict(zip(labels, sheet[4], strict=True))
    assert sheet["A1"].value == "党员基本信息汇总表" and sheet["A2"].value == "填报单位（盖章）：中共青岚县委员会"
    assert row["备注"].data_type == "s" and row["备注"].quotePrefix and row["备注"].value == "=1+1"
    assert row["公民身份证号"].number_format == "@" and row["公民身份证号"].data_type == "s"
    assert row["出生日期"].is_date and row["有无书写能力"].value == "无"
    assert sheet.freeze_panes == "C4" and sheet.print_title_rows == "$3:$3"
    assert nothing(again(tmp_path / "b.xlsx", data, root))


def test_who_left_and_what_is_closed_stay_out(tmp_path):
    t = make_tree()
    c = make_cast(t)
    gone = t.members["Z003"][0]
    Member.objects.filter(pk=gone.pk).update(left_on=TODAY)
    Member.objects.filter(organization=t.health_2).update(left_on=TODAY)
    Organization.objects.filter(pk=t.health_2.pk).update(closed_on=TODAY)
    WorkUnit.objects.create(code="U-free", name="县气象局")

    _name, data = export_workbook(by=c.general, organization=t.health)

    book = load_workbook(BytesIO(data))
    names = {cell.value for cell in book["党员基本信息汇总表"]["B"]}
    assert gone.name not in names and len(names & {m.name for m in t.members["Z003"]}) == 2
    assert "县卫生局第二党支部" not in {cell.value for cell in book["党组织信息"]["C"]}
    assert "县气象局" not in {cell.value for cell in book["单位信息"]["C"]}


@pytest.mark.django_db(transaction=True)
def test_by_right_and_as_a_job(client):
    t = make_tree()
    c = make_cast(t)
    with pytest.raises(ImportRefused):
        export_workbook(by=c.secretary, organization=t.health)
    url = reverse("units:roster_export")

    client.force_login(c.general)
    assert "导出 12 人" in client.get(url).content.decode()
    assert client.get(url, {"organization": "x"}).status_code == 404
    answer = client.post(url, {"organization": t.health.pk})

    job = Job.objects.get(kind="roster.export")
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    assert job.state == Job.State.DONE and job.result_name.startswith("县卫生局党委党员花名册")
    assert load_workbook(job.result.open("rb"))["党员基本信息汇总表"].max_row == 3 + 6 + 2
    client.force_login(c.secretary)
    assert client.post(url, {"organization": t.health.pk}).status_code == 403
