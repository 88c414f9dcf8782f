"""The tables of judging and mending in the summary workbook: figures, totals, who may have which (K-12)."""

import datetime as dt
from io import BytesIO

import pytest
from openpyxl import load_workbook

from accounts import clock
from assessments.models import Commendation, Handling, Help
from assessments.tests.factories import handed_in, paper_text, survey_round
from campaign import actions as campaign_actions
from campaign.models import CensusSheet, Participation, RectificationItem
from jobs.models import Job
from reports.actions import summary as actions
from reports.queries.summary import Scope
from reports.summary import build as building
from reports.summary import mended, papers, passed, shapes
from reports.summary.build import build, chosen, file_name
from reports.summary.page import Page
from supervision.models import YellowCard
from supervision.tests.factories import agree, applied, make_supervised_world, ordered, send_back
from units.models import WorkUnit

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def page_of(w, organization=None, last=None, **more):
    batch = w.batch
    return Page(Scope(batch, organization or w.t.county, batch.starts_on, last or clock.today()), papers=True, **more)


def rows(spec, *keys):
    at = [next(n for n, column in enumerate(spec.columns) if column.key == key) for key in keys]
    return [tuple(row[n] for n in at) for row in spec.rows]


def named(spec, *keys):
    return {name: rest for name, *rest in rows(spec, "name", *keys)}


# ---------------------------------------------------------------- transitions
def test_transitions_tell_attempts_first_passes_and_with_whom_it_lies(w, clock):
    first = applied(w, "health")
    send_back(w, first, w.c.guide, "supervision")
    second = applied(w, "health")
    agree(w, second, w.c.guide, "supervision")
    clock.hold(2026, 11, 28, 12)
    spec = passed.transitions_sheet(page_of(w))
    found = named(spec, "applied", "returned", "passed", "first", "state", "whom", "days")
    assert found["县卫生局"] == [2, 1, 0, 0, "审核中", "先教办", 2]
    assert found["县档案局"] == [0, 0, 0, 0, "未申请", None, None]
    assert spec.expected_totals == {"applied": 2, "returned": 1, "makeup": 0, "passed": 0, "first": 0}


def test_a_pass_at_the_first_attempt_counts_and_one_after_a_return_does_not(w):
    for name, returned in (("health", True), ("archives", False)):
        if returned:
            send_back(w, applied(w, name), w.c.guide, "supervision")
        row = applied(w, name)
        row.state, row.completed_at = "completed", clock.now()
        row.save()
    spec = passed.transitions_sheet(page_of(w))
    found = named(spec, "passed", "first", "first_share")
    assert (found["县卫生局"], found["县档案局"]) == ([1, 0, 0.0], [1, 1, 1.0])
    assert (spec.expected_totals["passed"], spec.expected_totals["first"]) == (2, 1)


def test_what_happened_after_the_last_day_is_not_in_the_table(w, clock):
    row = applied(w, "health")
    clock.hold(2026, 11, 30, 9)
    send_back(w, row, w.c.guide, "supervision")
    spec = passed.transitions_sheet(page_of(w, last=dt.date(2026, 11, 27)))
    assert named(spec, "returned", "state")["县卫生局"] == [0, "审核中"]
    assert spec.expected_totals["returned"] == 0


# ---------------------------------------------------------------- make-ups and cards
def test_make_ups_items_and_cards_by_unit(clock):
    w = make_supervised_world(playbook="xingwen-county")
    order = ordered(w, name="health", unsolid_work=True)
    ordered(w, name="court")
    item = order.items.first()
    item.done_on, item.evidence = dt.date(2026, 11, 26), "已补"
    item.save()
    clock.hold(2026, 12, 20, 9)
    spec = passed.makeups_sheet(page_of(w))
    found = named(spec, "orders", "open", "overdue", "items", "done", "done_share", "proposed")
    assert YellowCard.objects.count() == 1
    assert found["县卫生局"] == [1, 1, 1, 2, 1, 0.5, 1]
    assert found["县法院"] == [1, 1, 1, 2, 0, 0.0, 0]
    assert (spec.expected_totals["items"], spec.expected_totals["done"]) == (4, 1)


def test_a_branch_has_the_orders_given_to_it_only(w):
    ordered(w, organization=w.t.health_2, name="health")
    assert rows(passed.makeups_sheet(page_of(w, w.t.health_1)), "orders") == [(0,)]
    assert rows(passed.makeups_sheet(page_of(w, w.t.health_2)), "orders") == [(1,)]


# ---------------------------------------------------------------- ledger
def item(w, organization, days, state="open", **more):
    return RectificationItem.objects.create(
        batch=w.batch,
        organization=organization,
        stage=w.playbook.stages[0].key,
        problem="服务窗口排队长",
        kind="at_once",
        state=state,
        registered_at=clock.now() - dt.timedelta(days=days),
        **more,
    )


def test_the_ledger_by_state_and_age(w):
    yesterday = clock.today() - dt.timedelta(days=1)
    item(w, w.t.health_1, 30)
    item(w, w.t.health, 31, deadline=yesterday)
    item(w, w.t.health, 61, state="reported", deadline=yesterday)
    item(w, w.t.health, 90, state="closed")
    item(w, w.t.archives, 1, state="explained")
    spec = mended.ledger_sheet(page_of(w))
    keys = ("items", "open", "reported", "closed", "settled_share", "fresh", "older", "oldest", "overdue")
    found = named(spec, *keys)
    assert found["县卫生局"] == [4, 2, 1, 1, 0.25, 1, 1, 1, 1]
    assert found["县档案局"] == [1, 0, 0, 0, 1.0, 0, 0, 0, 0]
    assert spec.expected_totals["items"] == 5


# ---------------------------------------------------------------- papers
def test_papers_by_standing_and_length_without_a_word_of_them(w):
    people = [m for code in ("Z003", "Z004") for m in w.t.members[code]]
    short, long = people[0], people[1]
    too_short = handed_in(w, short, by=w.c.secretary, participation=w.p.health)
    too_short.versions.update(characters=300)  # it was handed in before the playbook asked for more
    paper = handed_in(w, long, by=w.c.secretary, participation=w.p.health, text=paper_text(3000))
    type(paper).objects.filter(pk=paper.pk).update(state="passed")
    spec = papers.analyses_sheet(page_of(w))
    keys = ("members", "asked", "missing", "waiting", "passed", "versions", "measured", "long")
    assert named(spec, *keys)["县卫生局"] == [6, 6, 4, 1, 1, 2, 2, 1]
    assert spec.expected_totals["versions"] == 2
    assert spec.expected_totals["members"] == 12


def test_a_return_is_counted(w):
    member = w.t.members["Z001"][0]
    paper = handed_in(w, member, by=w.c.archives, participation=w.p.archives)
    version = paper.versions.get()
    version.reviews.create(verdict="return")
    type(paper).objects.filter(pk=paper.pk).update(state="returned")
    assert named(papers.analyses_sheet(page_of(w)), "returned", "sent_back")["县档案局"] == [1, 1]


def test_handling_is_told_in_figures(w):
    one, two = w.t.members["Z003"][:2]
    there = {"batch": w.batch, "organization": w.t.health_1}
    Help.objects.create(
        **there,
        member=one,
        cause="unqualified",
        helper_name="老赵",
        begun_on=clock.today(),
        until=clock.today(),
    )
    key = w.playbook.handling.outcomes[0].key
    for member, state, outcome in ((one, "open", ""), (two, "decided", key)):
        Handling.objects.create(
            **there,
            member=member,
            cause="unqualified",
            state=state,
            outcome=outcome,
            opened_on=clock.today(),
            meeting_on=clock.today() if outcome else None,
            decided_on=clock.today() if outcome else None,
        )
    spec = papers.handling_sheet(page_of(w))
    assert named(spec, "helped", "cases", "open", "decided", f"out_{key}")["县卫生局"] == [1, 2, 1, 1, 1]
    assert spec.expected_totals["cases"] == 2
    written = " ".join(str(value) for row in papers.handling_sheet(page_of(w)).rows for value in row)
    assert one.name not in written


def test_confidential_tables_are_for_those_who_may_count_papers(w):
    page = Page(page_of(w).scope)
    assert papers.analyses_sheet(page) is None
    assert papers.handling_sheet(page) is None
    assert {table.key for table in chosen((), papers=True)} - {table.key for table in chosen((), papers=False)} == {
        "analyses",
        "handling",
    }


@pytest.mark.parametrize(("who", "there"), [("office", True), ("general", False)])
def test_the_job_leaves_out_what_its_owner_may_not_count(w, who, there, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        actions.start_summary(
            by=getattr(w.c, who),
            batch=w.batch,
            organization=w.t.county,
            first=w.batch.starts_on,
            last=clock.today(),
            tables=["handling", "ledger"],
        )
    job = Job.objects.get()
    assert job.state == Job.State.DONE
    with job.result.open("rb") as file:
        sheets = load_workbook(BytesIO(file.read())).sheetnames
    assert sheets == (["目录", "整改台账", "登记处理"] if there else ["目录", "整改台账"])


def test_a_choice_of_which_nothing_may_be_had_makes_no_workbook(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        job = actions.start_summary(
            by=w.c.general,
            batch=w.batch,
            organization=w.t.county,
            first=w.batch.starts_on,
            last=clock.today(),
            tables=["handling"],
        )
    job.refresh_from_db()
    assert job.state == Job.State.FAILED
    assert not job.result


def test_a_single_table_is_named_in_the_file(w):
    (ledger,) = chosen(["ledger"], papers=False)
    scope = page_of(w).scope
    assert file_name(scope, [ledger]) == "中共青岚县委员会整改台账汇总表20261126.xlsx"


# ---------------------------------------------------------------- census, commendations, types, stages
def test_the_census_and_its_totals(w):
    CensusSheet.objects.create(batch=w.batch, organization=w.t.health_1, condition="weak", secretary_fit=False)
    CensusSheet.objects.create(batch=w.batch, organization=w.t.archives, condition="sound", secretary_fit=True)
    spec = mended.census_sheet(page_of(w))
    assert sum(n for (n,) in rows(spec, "sheets")) == 2
    assert (spec.expected_totals["weak"], spec.expected_totals["unfit"], spec.expected_totals["sound"]) == (1, 1, 1)


def test_commendations_by_list(w):
    lists = w.playbook.commendations
    member = w.t.members["Z003"][0]
    key = next(one.key for one in lists if one.subject == "member")
    Commendation.objects.create(
        batch=w.batch, list_key=key, organization=w.t.health_1, member=member, merits="好", state="approved"
    )
    spec = mended.commendations_sheet(page_of(w))
    assert (1, 1, 0) in rows(spec, "proposed", "approved", "waiting")
    assert spec.expected_totals["approved"] == 1


def test_types_of_units_add_up_to_the_units(w):
    WorkUnit.objects.filter(pk=w.p.health.work_unit_id).update(type="医疗卫生单位")
    Participation.objects.filter(pk=w.p.court.pk).update(work_unit=None)
    spec = shapes.types_sheet(page_of(w))
    found = rows(spec, "type", "units")
    assert sum(units for _kind, units in found) == spec.expected_totals["units"] == 3
    assert ("医疗卫生单位", 1) in found
    assert found[-1] == ("未登记类型", 1)


def test_where_the_units_stand_and_the_chart(w):
    first, second = (stage.key for stage in w.playbook.stages[:2])
    campaign_actions.move_stage(
        by=w.c.office, participation=w.p.archives, expected=first, target=second, on=clock.today()
    )
    spec = shapes.standing_sheet(page_of(w))
    keys = ("units", "ahead", f"stage_{first}", f"stage_{second}", "behind", "plain")
    assert [sum(column) for column in zip(*rows(spec, *keys), strict=True)] == [3, 0, 2, 1, 0, 0]
    assert [spec.expected_totals[key] for key in keys] == [3, 0, 2, 1, 0, 0]
    assert spec.chart.series == tuple(column.key for column in spec.columns[3:])


def test_everything_is_built_with_something_in_each_table(w):
    ordered(w, unsolid_work=True)
    applied(w, "archives")
    item(w, w.t.health, 10)
    survey_round(w, w.p.health, w.playbook.instruments[0], by=w.c.secretary, confirmed_by=w.c.office)
    for organization in (w.t.county, w.t.health, w.t.health_1):
        data = build(page_of(w, organization).scope, preparer="邓春梅", phone="", progress=lambda *_: None, papers=True)
        book = load_workbook(BytesIO(data), data_only=True)
        assert {"转段情况", "补课黄牌", "整改台账", "党性分析", "登记处理", "摸底情况"} <= set(book.sheetnames)
        index = book["目录"]
        assert organization.name in index["A2"].value
        assert "邓春梅" in index["A2"].value
        assert index.max_row == 3 + len(book.sheetnames) - 1
    assert len(building.SHEETS) == len({table.key for table in building.SHEETS})
