"""The full workbook, calculated anew and printed by LibreOffice: its totals, the database, its pages (K-12, P).

The totals of the database are counted here from the records one by one, not by the queries that the workbook uses.
"""

import datetime as dt
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import pytest
from openpyxl import load_workbook

from accounts import clock
from assessments.models import Commendation, Handling
from assessments.tests.factories import handed_in, paper_text, survey_round
from campaign.evidence import Evidence
from campaign.models import (
    Arrangement,
    CensusCase,
    CensusSheet,
    MemberCensus,
    Participation,
    RectificationItem,
)
from campaign.tests.factories import record
from reports import weeks
from reports.models import Report
from reports.queries.summary import Scope
from reports.summary.build import SHEETS, build
from reports.tests.factories import send, unit_rule
from supervision.models import MakeUpItem, MakeUpOrder, Transition, YellowCard
from supervision.tests.factories import applied, make_supervised_world, ordered
from units.models import Member, Organization
from units.tests.factories import make_organization

TOOLS = ("soffice", "pdftotext")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.once,
    pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}"),
]
MORE_UNITS = 45  # so that a table with a row a unit takes two pages
BANDS = [
    {"key": "good", "name": {"zh": "95%以上", "en": "95% and above"}, "at_least": "95%"},
    {"key": "poor", "name": {"zh": "95%以下", "en": "Below 95%"}, "at_least": "0%", "below": "95%"},
]


# ---------------------------------------------------------------- a county with something in every table
def furnished():
    w = make_supervised_world()
    campaign = w.batch.campaign
    campaign.snapshot = campaign.snapshot | {"bands": BANDS}
    campaign.save()
    w.batch = type(w.batch).objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.playbook = w.batch.campaign.playbook
    _more_units(w)
    _study(w)
    _judging(w)
    _mending(w)
    return w


def _more_units(w):
    """Units that have not begun yet: a line each, and nothing in it."""
    Participation.objects.bulk_create(
        Participation(
            batch=w.batch,
            organization=make_organization(f"县直第{n}党支部", Organization.Kind.BRANCH, w.t.work),
            work_unit=None,
        )
        for n in range(MORE_UNITS)
    )


def _study(w):
    people = [m for code in ("Z003", "Z004") for m in w.t.members[code]]
    for days, present in ((9, people), (6, people[:4]), (2, people[1:])):
        record(w, w.t.health, days_ago=days, people=present, hours=Decimal(6), concentrated=True)
    record(w, w.t.health_1, people=people[:2], hours=Decimal("0.5"))
    record(w, w.t.archives, days_ago=3, people=w.t.members["Z001"], hours=Decimal("4.5"), action="leader_lecture")
    Arrangement.objects.create(
        member=people[0], batch=w.batch, reason="病休", arrangement="送学上门", approved_on=clock.today()
    )
    Member.objects.filter(pk=people[1].pk).update(sex="female", floating=True, category="probationary")
    for by, name, back in ((w.c.secretary, "health", 0), (w.c.archives, "archives", 1)):
        send(getattr(w.p, name), unit_rule(w), by, week=weeks.week_of(clock.now()) - back * weeks.WEEK)


def _judging(w):
    paper = w.playbook.instruments[0]
    survey_round(w, w.p.health, paper, by=w.c.secretary, confirmed_by=w.c.office, valid=40, adverse=1, void=2)
    survey_round(w, w.p.archives, paper, by=w.c.archives, confirmed_by=w.c.office, valid=30, adverse=9)
    first, second = w.t.members["Z003"][:2]
    handed_in(w, first, by=w.c.secretary, participation=w.p.health, text=paper_text(3000))
    handed_in(w, second, by=w.c.secretary, participation=w.p.health)
    here = {"batch": w.batch, "organization": w.t.health_1, "member": first}
    Handling.objects.create(**here, cause="unqualified", state="open", opened_on=clock.today())
    key = next(one.key for one in w.playbook.commendations if one.subject == "member")
    Commendation.objects.create(**here, list_key=key, merits="好", state="approved")


def _mending(w):
    order = ordered(w, name="court")
    order.items.filter(pk=order.items.first().pk).update(done_on=clock.today(), evidence="已补")
    applied(w, "archives")
    YellowCard.objects.create(
        batch=w.batch, participation=w.p.court, organization=w.t.court, stage="study", trigger="makeup", event_key="1"
    )
    common = {"batch": w.batch, "stage": w.playbook.stages[0].key, "problem": "排队太久", "kind": "at_once"}
    for organization, days, state in (
        (w.t.health_1, 40, "open"),
        (w.t.health, 2, "closed"),
        (w.t.archives, 80, "open"),
    ):
        registered = clock.now() - dt.timedelta(days=days)
        RectificationItem.objects.create(**common, organization=organization, state=state, registered_at=registered)
    for organization, condition in ((w.t.health_1, "weak"), (w.t.archives, "sound")):
        CensusSheet.objects.create(batch=w.batch, organization=organization, condition=condition, secretary_fit=True)
    member = w.t.members["Z004"][0]
    MemberCensus.objects.create(batch=w.batch, member=member, floating=True, holds_card=True, reachable=False)
    CensusCase.objects.create(batch=w.batch, organization=w.t.health_1, problem="班子不齐")


# ---------------------------------------------------------------- what the database says, record by record
def counted(w):
    """Sheet to head to total."""
    members = [m for m in Member.objects.all() if m.left_on is None]
    surveys = [
        count for survey in w.batch.participations.all() for s in survey.surveys.all() for count in s.counts.all()
    ]
    items = list(RectificationItem.objects.all())
    study = _studied(w)
    rules = [rule for rule in w.playbook.reports if rule.reporter == "unit"]
    return {
        "参加情况": {
            "参加单位": Participation.objects.count(),
            "党员 合计": len(members),
            "党员 女": sum(m.sex == "female" for m in members),
            "党员 预备党员": sum(m.category == "probationary" for m in members),
            "党员 流动党员": sum(m.floating for m in members),
            "党组织 党支部": sum(o.kind == "branch" for o in Organization.objects.all()),
        },
        "单位类型": {"参加单位 个数": Participation.objects.count(), "党员 人数": len(members)},
        "党员构成": {
            "党员合计": len(members),
            "按职务分 一般干部": sum(m.post_level == "staff" for m in members),
            "按文化程度分 大专以上": sum(m.schooling == "college" for m in members),
            "六十岁以下 人数": sum(m.age_on(clock.today()) < 60 for m in members),
        },
        "学习学时": {key: study[key] for key in ("应学党员", "特殊安排", "应达标", "学时 合计")},
        "学习覆盖": {"应学党员": study["应学党员"]} | study["covered"],
        "满意度测评": {
            "选票 发出": sum(count.issued for count in surveys),
            "选票 有效": sum(count.valid for count in surveys),
            "选票 无效": sum(count.void for count in surveys),
        },
        "满意度分档": {"单位 个数": len({count.survey.participation_id for count in surveys})},
        "周报报送": {"实报份数": sum(r.rule in [rule.key for rule in rules] for r in Report.objects.all())},
        "转段情况": {"申请次数": len(Transition.objects.all())},
        "补课黄牌": {
            "补课通知 合计": len(MakeUpOrder.objects.all()),
            "补课事项 合计": len(MakeUpItem.objects.all()),
            "补课事项 已完成": sum(one.done_on is not None for one in MakeUpItem.objects.all()),
            "黄牌 待发出": len(YellowCard.objects.all()),
        },
        "整改台账": {
            "问题合计": len(items),
            "状态 整改中": sum(one.state == "open" for one in items),
            "未销号的在册天数 60天以上": sum(one.registered_at < clock.now() - dt.timedelta(days=61) for one in items),
        },
        "党性分析": {"党员": len(members), "累计 送审稿": 2},
        "登记处理": {"登记处理 合计": 1},
        "摸底情况": {
            "党组织 应填": Organization.objects.count(),
            "党组织 已填": 2,
            "组织状况 软弱涣散": 1,
            "流动党员 人数": 1,
            "流动党员 联系不上": 1,
            "逐个解决 未解决": 1,
        },
        "表彰情况": {"推荐": 1, "已表彰": 1},
    }


def _studied(w):
    """By the evidence that the pages and the gate read, unit by unit."""
    found, covered = Counter(), Counter()
    for unit in (w.p.archives, w.p.court, w.p.health):
        evidence = Evidence(unit, unit.current())
        roll = evidence.roll
        due = [member for member in roll if not member.arranged]
        found.update({"应学党员": len(roll), "特殊安排": len(roll) - len(due), "应达标": len(due)})
        found["学时 合计"] += sum(evidence.hours.get(member.id, Decimal(0)) for member in roll)
        for coverage in w.playbook.study.coverages:
            covered[f"{coverage.name.zh} 已覆盖"] += len(evidence.covered(coverage.key) & {m.id for m in roll})
    return {**found, "covered": dict(covered)}


# ---------------------------------------------------------------- LibreOffice
def made(w):
    scope = Scope(w.batch, w.t.county, w.batch.starts_on, clock.today())
    return build(scope, preparer="邓春梅", phone="0831-0", progress=lambda *_: None, papers=True)


def without_values(data):
    """The workbook with the stored value of every formula taken out, so that whoever shows one has to calculate it."""
    source, stripped, formulas = zipfile.ZipFile(BytesIO(data)), BytesIO(), 0
    with zipfile.ZipFile(stripped, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename.startswith("xl/worksheets/sheet"):
                content, here = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
                formulas += here
            target.writestr(entry, content)
    return stripped.getvalue(), formulas


def by_libreoffice(folder, source, kind):
    profile = f"-env:UserInstallation=file://{folder}/profile"
    target = folder / "made"
    command = ["soffice", profile, "--headless", "--convert-to", kind, "--outdir", target, source]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return target / f"{source.stem}.{kind}"


def heads(sheet):
    """Head, the outer one before it, to its column; from the rows between the second and the first body row."""
    first = next(row[0].row for row in sheet.iter_rows(min_row=3) if row[0].value not in (None, "序号"))
    levels = [[cell.value for cell in sheet[row]] for row in range(3, first)]
    found, outer = {}, ""
    for number in range(len(levels[0])):
        outer = levels[0][number] or outer
        inner = levels[1][number] if len(levels) > 1 else None
        found.setdefault(f"{outer} {inner}" if inner else outer, number + 1)  # behind the last there is the way back
    return found


def total_row(sheet):
    return next((row[0].row for row in sheet.iter_rows(min_row=3) if row[0].value == "合计"), None)


def test_the_full_workbook_calculated_anew_and_printed(tmp_path):
    """One world, one workbook, LibreOffice once for its figures and once for its pages."""
    w = furnished()
    data = made(w)
    stripped, formulas = without_values(data)
    source = tmp_path / "county.xlsx"
    source.write_bytes(stripped)
    again = load_workbook(by_libreoffice(tmp_path, source, "xlsx"), data_only=True)
    book = SimpleNamespace(
        values=load_workbook(BytesIO(data), data_only=True), formulas=load_workbook(BytesIO(data)), again=again
    )
    assert {table.name for table in SHEETS} <= set(again.sheetnames)
    assert every_formula_agrees(book) == formulas > 150
    totals_are_the_databases(book, counted(w))
    pages_are_whole(book.values, by_libreoffice(tmp_path, source, "pdf"))


def every_formula_agrees(book):
    """Each cell with a formula: what LibreOffice came to is what was stored beside it. Returns how many."""
    compared = 0
    for sheet in book.formulas:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            stored = book.values[sheet.title][cell.coordinate].value
            calculated = book.again[sheet.title][cell.coordinate].value
            expected = stored if isinstance(stored, str) else pytest.approx(stored)
            assert calculated == expected, f"{sheet.title} {cell.coordinate}"
            compared += 1
    return compared


def totals_are_the_databases(book, expected):
    for name, wanted in expected.items():
        sheet = book.again[name]
        columns = heads(sheet)
        said = {head: sheet.cell(total_row(sheet), columns[head]).value for head in wanted}
        assert said == {head: pytest.approx(float(number)) for head, number in wanted.items()}, name


def pages_are_whole(book, pdf):
    """Every page carries the head of its table with the first column, and its number; no table is cut in width."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, capture_output=True, text=True).stdout
    size = subprocess.run(["pdfinfo", pdf], check=True, capture_output=True, text=True).stdout
    pages = text.split("\f")[:-1]
    assert re.search(r"Page size:\s+84\d(\.\d+)? x 59\d(\.\d+)? pts", size), "landscape A4"
    assert [re.findall(r"第 (\d+) 页，共 (\d+) 页", page) for page in pages] == [
        [(str(number), str(len(pages)))] for number in range(1, len(pages) + 1)
    ]
    titles = [sheet["A1"].value for sheet in book]
    first = [next((title for title in titles if title in page), None) for page in pages]
    assert [title for title in first if title] == titles, "each sheet begins a page, in the order of the index"
    tables = {sheet["A1"].value: sheet for sheet in book if not sheet.title.endswith("图")}
    current, continued = None, 0
    for title, page in zip(first, pages, strict=True):
        continued += title is None
        current = title or current
        if current in tables:
            assert page.count("序号") == 1, f"{current}: a page without the head, or a part cut off"
    assert continued >= 6, "tables with a row a unit run over two pages"
    for title, sheet in tables.items():
        if sheet.title != "目录":
            page = pages[first.index(title)]
            assert "填报单位：中共青岚县委员会" in page, title
            assert "单位：" in page, title
            footers = [p for p in pages if "制表人：邓春梅" in p]
    assert len(footers) == len(tables), "the index says who made it, and each table has its foot"
