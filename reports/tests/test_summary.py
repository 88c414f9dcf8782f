"""The summary workbook: every total is the database's, every sheet says what the pages say, scope is kept."""

import datetime as dt
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import AuditEntry
from assessments.tests.factories import survey_round
from campaign import actions as campaign_actions
from campaign.evidence import Evidence
from campaign.models import Arrangement, Attendance, Participation
from campaign.playbook.work import CLOSING
from campaign.tests.factories import make_world
from jobs.models import Job
from reports import weeks
from reports.actions import summary as actions
from reports.models import Report
from reports.queries.summary import Scope, Study
from reports.summary import build as building
from reports.summary import passed, people, told, work
from reports.summary.build import build
from reports.summary.page import Page
from reports.tests.factories import send, unit_rule
from reports.workbooks.errors import TotalsDiffer
from supervision.models import Transition
from units.models import Member, Organization, Post
from units.tests.factories import MemberFactory, make_organization

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 16)  # a Monday
LAST = dt.date(2026, 4, 20)
BANDS = [
    {"key": "good", "name": {"zh": "95%以上", "en": "95% and above"}, "at_least": "95%"},
    {"key": "fair", "name": {"zh": "90%以上、95%以下", "en": "90% to 95%"}, "at_least": "90%", "below": "95%"},
    {"key": "poor", "name": {"zh": "90%以下", "en": "Below 90%"}, "at_least": "0%", "below": "90%"},
]


def session(w, organization, day, hours, *, present, action="positive_education", concentrated=False):
    return campaign_actions.record_activity(
        by=w.c.office,
        organization=organization,
        batch=w.batch,
        stage=w.playbook.stages[0].key,
        data=campaign_actions.ActivityData(
            title="学习", held_on=day, hours=Decimal(str(hours)), action=action, concentrated=concentrated
        ),
        present=present,
    )


def with_bands(w):
    w.batch.campaign.snapshot = w.batch.campaign.snapshot | {"bands": BANDS}
    w.batch.campaign.save()
    w.batch = type(w.batch).objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.playbook = w.batch.campaign.playbook


@pytest.fixture
def w(clock):
    """Five weeks in: study of all kinds, an arrangement, reports, surveys, an attempt, a branch that takes no part."""
    clock.hold(2026, 4, 20, 9)
    world = make_world(start=START)
    t, health = world.t, [m for code in ("Z003", "Z004") for m in world.t.members[code]]
    for week in range(8):
        day = START + dt.timedelta(days=3 * week)
        session(world, t.health, day, 6, present=health[: 6 - (week == 7)], concentrated=True)
    session(world, t.health_1, START, 0.5, present=health[:3])
    session(world, t.archives, START, 4, present=world.t.members["Z001"][:2], action="leader_lecture")
    session(
        world, t.archives, START + dt.timedelta(days=1), 4, present=world.t.members["Z001"], action="leader_lecture"
    )
    Arrangement.objects.create(
        member=health[0], batch=world.batch, reason="病休", arrangement="送学上门", approved_on=START
    )
    idle = make_organization("县供销社党支部", Organization.Kind.BRANCH, t.county, "Z099")
    MemberFactory.create_batch(2, organization=idle)
    for n, name in enumerate(("health", "archives")):
        by = world.c.secretary if name == "health" else world.c.archives
        for week in range(n + 2):
            with clock.at(START + week * weeks.WEEK + dt.timedelta(days=3)):
                send(getattr(world.p, name), unit_rule(world), by, week=START + week * weeks.WEEK)
    Transition.objects.create(participation=world.p.health, stage="study", attempt=1, state="returned")
    return world


def scope(w, organization=None, **period):
    return Scope(w.batch, organization or w.t.county, period.get("first", START), period.get("last", LAST))


def rows(spec, *keys):
    at = [next(n for n, column in enumerate(spec.columns) if column.key == key) for key in keys]
    return [tuple(row[n] for n in at) for row in spec.rows]


def made(w, organization=None):
    data = build(scope(w, organization), preparer="邓春梅", phone="0831-0", progress=lambda *_: None)
    return load_workbook(BytesIO(data), data_only=True)


# ---------------------------------------------------------------- the whole workbook
def test_all_sheets_are_built_and_their_totals_agree_with_the_database(w):
    with_bands(w)
    survey_round(w, w.p.health, w.playbook.instruments[0], by=w.c.secretary, confirmed_by=w.c.office)
    book = made(w)
    named = [table.name for table in building.SHEETS if not table.papers]
    lists = w.playbook.commendations
    tables = [name for name in book.sheetnames if not name.endswith("图")]
    assert tables == ["目录", *(name for name in named if lists or name != "表彰情况")]
    assert set(book.sheetnames) - set(tables) == {"阶段分布图", "满意度分档图", "周报按周图"}
    assert book["参加情况"]["A1"].value == "青岚县先教活动参加情况汇总表"
    assert book["参加情况"]["A2"].value == "填报单位：中共青岚县委员会"
    foot = [row[0].value for row in book["参加情况"].iter_rows() if row[0].value]
    assert foot[-1].endswith("制表人：邓春梅　　联系电话：0831-0")


def test_the_total_row_is_a_formula_with_the_databases_value(w):
    data = build(scope(w), preparer="", phone="", progress=lambda *_: None)
    values, formulas = (load_workbook(BytesIO(data), data_only=only)["党员构成"] for only in (True, False))
    at = next(row[0].row for row in values.iter_rows() if row[0].value == "合计")
    assert formulas.cell(at, 4).value.startswith("SUM(D") or formulas.cell(at, 4).value.startswith("=SUM(D")
    assert values.cell(at, 4).value == 12 == Member.objects.filter(organization__in=w.t.branches).count()


@pytest.mark.parametrize("name", ["county", "work", "health", "health_1", "archives", "court_1"])
def test_it_is_built_for_an_organisation_of_any_kind(w, name):
    book = made(w, getattr(w.t, name))
    assert "学习学时" in book.sheetnames


def test_for_a_county_where_nothing_has_begun_it_says_so(clock):
    clock.hold(2026, 4, 20, 9)
    w = make_world(start=START, started=False)
    book = made(w)
    assert book["满意度测评"]["A5"].value == "没有数据"
    assert {row[3] for row in book["学习学时"].iter_rows(min_row=5, values_only=True) if row[3]} == {"尚未启动"}


# ---------------------------------------------------------------- sheet by sheet
def test_who_takes_part_by_superior_and_who_does_not(w):
    spec = people.participation_sheet(Page(scope(w)))
    assert rows(spec, "name", "units", "above", "general", "branches", "members") == [
        ("县直机关工委", 2, 0, 1, 2, 6),
        ("中共青岚县委员会", 1, 1, 0, 2, 6),
    ]
    assert spec.notes == ("注：未参加本批次的党支部1个、党员2名不在表内。",)


def test_composition_is_that_of_the_page(w):
    Member.objects.filter(pk=w.t.members["Z001"][0].pk).update(post_level="", schooling="", retired=True)
    Member.objects.filter(pk=w.t.members["Z001"][1].pk).update(birth_date=dt.date(1966, 4, 20))
    Member.objects.filter(pk=w.t.members["Z001"][2].pk).update(birth_date=dt.date(1966, 4, 21), post_level="worker")
    spec = people.composition_sheet(Page(scope(w, w.t.archives)))
    keys = ("members", "post_staff", "post_worker", "post_none", "school_college", "school_none", "retired", "young")
    assert rows(spec, *keys) == [(3, 1, 1, 1, 2, 1, 1, 2)]
    assert spec.expected_totals["young"] == 2


def test_stages_show_plan_fact_overrun_and_attempts(w):
    row = w.p.court.progress.get(state="current")
    row.planned_end = LAST - dt.timedelta(days=5)
    row.save()
    first, second = (stage.key for stage in w.playbook.stages[:2])
    campaign_actions.move_stage(by=w.c.office, participation=w.p.archives, expected=first, target=second, on=LAST)
    spec = work.stages_sheet(Page(scope(w)))
    found = {(name, stage): rest for name, stage, *rest in rows(spec, "name", "stage", "over", "attempts", "state")}
    names = [stage.name.zh for stage in w.playbook.stages]
    assert found["县法院", names[0]] == [5, 0, "进行中"]
    assert found["县卫生局", names[0]] == [None, 1, "进行中"]
    assert found["县档案局", names[0]] == [None, 0, "已完成"]
    assert found["县档案局", names[1]] == [None, 0, "进行中"]
    assert spec.expected_totals == {"attempts": 1, "overrun": 1}
    before = work.stages_sheet(Page(scope(w, last=LAST - dt.timedelta(days=1))))
    assert ("县档案局", names[1], "未开始") in rows(before, "name", "stage", "state")


def test_the_application_to_close_is_an_attempt_of_no_stage(w):
    Transition.objects.create(participation=w.p.archives, stage=CLOSING, attempt=1, state="submitted")
    spec = work.stages_sheet(Page(scope(w)))
    assert sum(n for (n,) in rows(spec, "attempts")) == spec.expected_totals["attempts"] == 1
    assert named_applications(w)["县档案局"] == 1


def named_applications(w):
    return dict(rows(passed.transitions_sheet(Page(scope(w))), "name", "applied"))


def test_study_hours_are_those_of_the_gate(w):
    """The grouped query against campaign.evidence, which the pages and the gate read, for every unit."""
    study = Study(scope(w))
    for unit in (w.p.archives, w.p.court, w.p.health):
        evidence = Evidence(unit, unit.current())
        figures = study.by_unit[unit.pk]
        due = [member for member in evidence.roll if not member.arranged]
        assert figures.roll == len(evidence.roll)
        assert figures.arranged == len(evidence.roll) - len(due)
        assert figures.hours == sum(evidence.hours.values())
        assert figures.reached == sum(evidence.hours.get(m.id, 0) >= w.playbook.study.hours for m in due)
        for coverage in w.playbook.study.coverages:
            reached = evidence.covered(coverage.key) & {member.id for member in evidence.roll}
            assert figures.covered[coverage.key] == len(reached)
    health = study.by_unit[w.p.health.pk]
    assert (health.arranged, health.reached, health.hours) == (1, 4, Decimal(282))


def test_the_half_hour_counts_nothing_and_the_notes_say_so(w):
    spec = work.hours_sheet(Page(scope(w)))
    assert any("不计学时" in note for note in spec.notes)
    assert rows(work.hours_sheet(Page(scope(w, w.t.health_1))), "roll", "due", "reached", "hours") == [
        (3, 2, 2, Decimal(144))
    ]


def test_the_period_limits_the_study_that_is_counted(w):
    study = Study(scope(w, last=START))
    assert study.by_unit[w.p.health.pk].hours == Decimal(36)
    assert study.totals.hours == Decimal(36 + 8)


def test_a_unit_without_stages_counts_its_members_on_the_roll(w):
    Participation.objects.filter(pk=w.p.archives.pk).update(staged=False)
    w.p.archives.progress.all().delete()
    study = Study(scope(w))
    figures = study.by_unit[w.p.archives.pk]
    assert (figures.roll, figures.hours) == (3, Decimal(20))
    assert study.totals.hours == Decimal(302)
    assert ("县档案局", "不分阶段") in rows(work.hours_sheet(Page(scope(w))), "name", "stage")


def test_a_playbook_without_a_minimum_or_coverages_says_so(w):
    study = {k: v for k, v in w.batch.campaign.snapshot["study"].items() if k not in {"hours", "coverages"}}
    snapshot = w.batch.campaign.snapshot | {"study": study}
    actions_ = [{k: v for k, v in a.items() if k != "coverage"} for a in snapshot["actions"]]
    snapshot |= {"actions": [a for a in actions_ if a.get("evidence") != "coverage"]}
    for stage in snapshot["stages"]:
        stage["gate"] = [c for c in stage.get("gate", []) if c["check"] not in {"coverage", "study_hours"}]
    w.batch.campaign.snapshot = snapshot
    page = Page(scope(w))
    spec = work.hours_sheet(page)
    assert "reached" not in [column.key for column in spec.columns]
    assert "未规定最低学时" in spec.notes[0]
    assert work.coverage_sheet(page) is None


def test_the_last_confirmed_round_decides_and_falls_into_its_band(w):
    with_bands(w)
    paper = w.playbook.instruments[0]
    survey_round(w, w.p.health, paper, by=w.c.secretary, confirmed_by=w.c.office, valid=100, adverse=20)
    survey_round(w, w.p.health, paper, by=w.c.secretary, confirmed_by=w.c.office, valid=100, adverse=5)
    survey_round(w, w.p.health, paper, by=w.c.secretary, valid=100, adverse=90)
    survey_round(w, w.p.archives, paper, by=w.c.archives, confirmed_by=w.c.office, valid=1000, adverse=51)
    groups = len(paper.groups)
    spec = told.surveys_sheet(Page(scope(w)))
    assert rows(spec, "name", "round", "valid", "satisfied", "band") == [
        ("县档案局", 1, 1000 * groups, 949 * groups, "90%以上、95%以下"),
        ("县卫生局", 2, 100 * groups, 95 * groups, "95%以上"),
    ]
    assert spec.expected_totals["satisfied"] == 1044 * groups
    bands = told.bands_sheet(Page(scope(w)))
    assert rows(bands, "band", "units", "share", "upto", "upto_share") == [
        ("95%以上", 1, 0.5, 1, 0.5),
        ("90%以上、95%以下", 1, 0.5, 2, 1.0),
        ("90%以下", 0, 0.0, 2, 1.0),
    ]


def test_without_bands_in_the_playbook_the_sheet_says_so(w):
    page = Page(scope(w))
    assert told.bands_sheet(page) is None
    spec = told.surveys_sheet(page)
    assert f"注：{told.NO_BANDS}" in spec.notes
    assert "band" not in [column.key for column in spec.columns]


def test_weekly_reports_on_time_late_and_missing(w, clock):
    with clock.at(2026, 4, 4, 9):
        send(w.p.health, unit_rule(w), w.c.secretary, week=START + 2 * weeks.WEEK)
    spec = told.reports_sheet(Page(scope(w)))
    keys = ("name", "report", "owed", "base", "on_time", "late", "missing", "waiting", "sent")
    found = [row for row in rows(spec, *keys) if row[1] == unit_rule(w).name.zh]
    assert found == [
        ("县档案局", "周报", 6, 5, 3, 0, 2, 1, 3),
        ("县法院", "周报", 6, 5, 0, 0, 5, 1, 0),
        ("县卫生局", "周报", 6, 5, 2, 1, 2, 1, 3),
    ]
    assert spec.expected_totals["sent"] == Report.objects.count()


def test_a_branch_inside_a_unit_gets_its_own_members_and_nothing_of_the_whole_unit(w):
    page = Page(scope(w, w.t.health_1))
    assert rows(people.participation_sheet(page), "branches", "members") == [(1, 3)]
    assert rows(told.reports_sheet(page), "name") == []
    assert rows(told.surveys_sheet(page), "name") == []


# ---------------------------------------------------------------- what must not differ
def test_a_total_that_differs_from_the_database_stops_the_workbook(w, monkeypatch):
    tries = []

    def wrong(page):
        tries.append(1)
        return real(page) | {"members": 99}

    real = people._participation_totals
    monkeypatch.setattr(people, "_participation_totals", wrong)
    with pytest.raises(TotalsDiffer) as refused:
        made(w)
    assert (refused.value.column, refused.value.written, refused.value.database) == ("党员 合计", 12, 99)
    assert len(tries) == building.TRIES


def test_figures_that_moved_while_it_was_made_are_read_again(w, monkeypatch):
    real, tries = people._participation_totals, []

    def joined_meanwhile(page):
        tries.append(1)
        if len(tries) == 1:
            MemberFactory(organization=w.t.archives)
        return real(page)

    monkeypatch.setattr(people, "_participation_totals", joined_meanwhile)
    assert made(w)["参加情况"]
    assert len(tries) == 2


def test_a_job_whose_totals_differ_fails_with_the_place_and_keeps_no_file(
    w, monkeypatch, django_capture_on_commit_callbacks
):
    monkeypatch.setattr(work, "_overrun", lambda page: 7)
    with django_capture_on_commit_callbacks(execute=True):
        actions.start_summary(by=w.c.office, batch=w.batch, organization=w.t.county, first=START, last=LAST)
    job = Job.objects.get()
    assert job.state == Job.State.FAILED
    assert "阶段进展" in job.error_text
    assert "7" in job.error_text
    assert not job.result


def test_each_study_total_notices_a_row_that_is_missing(w, monkeypatch):
    """The totals are no copy of the rows: attendance that only one of the two sees is noticed."""
    page = Page(scope(w))
    spec = work.hours_sheet(page)
    assert spec.expected_totals["hours"] == sum(hours for (hours,) in rows(spec, "hours"))
    page = Page(scope(w))
    seen = page.study.by_unit
    Attendance.objects.filter(member=w.t.members["Z003"][1]).delete()
    spec = work.hours_sheet(page)
    assert spec.expected_totals["hours"] == sum(figures.hours for figures in seen.values()) - 48


# ---------------------------------------------------------------- the job
def test_the_job_makes_the_file_and_the_history_keeps_who_asked(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.start_summary(by=w.c.secretary, batch=w.batch, organization=w.t.health, first=START, last=LAST)
    job = Job.objects.get()
    assert (job.state, job.result_name) == (Job.State.DONE, "县卫生局党委汇总表20260420.xlsx")
    assert (job.done, job.total) == (len(building.SHEETS), len(building.SHEETS))
    with job.result.open("rb") as file:
        assert "周报报送" in load_workbook(BytesIO(file.read())).sheetnames
    (entry,) = AuditEntry.objects.filter(action=actions.STARTED)
    assert (entry.actor_name, entry.organization_name) == ("李文静", "县卫生局党委")


def test_whoever_lost_the_post_meanwhile_gets_no_workbook(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=False) as waiting:
        job = actions.start_summary(by=w.c.secretary, batch=w.batch, organization=w.t.health, first=START, last=LAST)
    Post.objects.filter(user=w.c.secretary).delete()
    for callback in waiting:
        callback()
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert "县卫生局党委" in job.error_text


def test_a_period_that_ends_before_it_begins_is_refused(w):
    with pytest.raises(actions.PeriodUpsideDown):
        actions.start_summary(by=w.c.office, batch=w.batch, organization=w.t.county, first=LAST, last=START)
    assert not Job.objects.exists()


def test_one_unit_and_three_cost_the_same_queries(w):
    survey_round(w, w.p.health, w.playbook.instruments[0], by=w.c.secretary, confirmed_by=w.c.office)

    def counted():
        with CaptureQueriesContext(connection) as captured:
            build(scope(w), preparer="", phone="", progress=lambda *_: None, papers=True)
        return len(captured)

    three = counted()
    Participation.objects.exclude(pk=w.p.health.pk).delete()
    assert counted() == three
