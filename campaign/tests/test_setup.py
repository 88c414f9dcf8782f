"""What the set-up proposes, and the actions that it leads to."""

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from accounts import clock
from accounts.models import AuditEntry
from campaign import actions
from campaign.models import Participation, PlaybookVersion, StageProgress
from campaign.playbook import load_file
from campaign.queries import batch_for, extents, stage_picture, under_review
from campaign.setup import batch_name, numeral, propose, propose_names, propose_windows, units_without_organization
from campaign.tests.factories import make_campaign, make_world
from units.actions.roster import import_workbook
from units.models import Member, Organization, WorkUnit
from units.tests.factories import MemberFactory, WorkUnitFactory, make_cast, make_organization, make_tree, user_with

pytestmark = pytest.mark.django_db
FIRST = dt.date(2026, 3, 2)


@pytest.fixture
def w():
    """A campaign in which nobody takes part yet."""
    world = make_world(started=False)
    Participation.objects.all().delete()
    return world


def proposals(w, **kwargs):
    return {p.organization.code: p for p in propose(host=w.t.county, batch=w.batch, **kwargs)}


def next_batch(batch, by, first=None):
    """The second batch of the same campaign."""
    windows = propose_windows(batch.campaign.playbook, first or clock.today())
    return actions.add_batch(by=by, campaign=batch.campaign, number=2, name="第二批", windows=windows)


# ---------------------------------------------------------------- windows and names
def test_windows_follow_one_another_as_long_as_the_playbook_says():
    windows = propose_windows(load_file("yibin-city"), FIRST)
    assert [(w.ends_on - w.starts_on).days + 1 for w in windows] == [45, 30, 30]
    assert windows[1].starts_on == windows[0].ends_on + dt.timedelta(days=1)


def test_a_playbook_without_lengths_gets_stages_of_the_same_length():
    windows = propose_windows(load_file("xingwen-county"), FIRST)
    assert {(w.ends_on - w.starts_on).days + 1 for w in windows} == {30}


@pytest.mark.parametrize(("number", "shown"), [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (23, "二十三")])
def test_numerals(number, shown):
    with translation.override("zh-hans"):
        assert numeral(number) == shown
    with translation.override("en"):
        assert numeral(number) == str(number)


def test_names_come_from_the_playbook():
    book = load_file("xingwen-county")
    with translation.override("zh-hans"):
        assert batch_name(book, 1) == "第一批（党政机关）"
        assert batch_name(book, 9) == "第九批"
        assert propose_names(book)["name"] == "兴文县保持共产党员先进性教育活动"


# ---------------------------------------------------------------- who takes part
def test_the_leading_organisation_of_each_unit_is_proposed(w):
    found = proposals(w)
    assert {code: (p.branches, p.members) for code, p in found.items()} == {
        "Z001": (1, 3),
        "G01": (1, 3),
        "C01": (2, 6),
    }
    assert all(p.proposed for p in found.values())
    assert found["C01"].work_unit == w.t.health_unit
    assert found["Z001"].superior == w.t.work
    assert found["C01"].superior == w.t.county


def test_a_unit_whose_work_committee_alone_covers_it_has_no_branch_of_its_own(w):
    WorkUnitFactory(name="县直机关工委").organizations.set([w.t.work])
    found = proposals(w)["B00"]
    assert not found.proposed
    with translation.override("en"):
        assert str(found.reason) == "It has no branch with members of its own."


def test_the_unit_of_a_work_committee_takes_part_with_its_branch(w):
    branch = make_organization("县直机关工委党支部", "branch", w.t.work, "Z070")
    MemberFactory(organization=branch)
    WorkUnitFactory(name="县直机关工委").organizations.set([w.t.work, branch])
    found = proposals(w)
    assert found["Z070"].proposed
    assert "B00" not in found


def test_a_unit_without_members_stays_out(w):
    Member.objects.filter(organization=w.t.archives).update(left_on="2026-01-01")
    assert not proposals(w)["Z001"].proposed


def test_a_closed_organisation_is_not_proposed(w):
    Organization.objects.filter(pk=w.t.archives.pk).update(closed_on="2026-01-01")
    assert "Z001" not in proposals(w)


def test_a_branch_of_no_unit_is_led_by_the_topmost_below_the_work_committee(w):
    w.t.health_unit.organizations.clear()
    found = proposals(w)["C01"]
    assert found.proposed
    assert found.units == ()
    assert found.members == 6


def test_a_unit_below_another_leads_itself_and_is_not_counted_twice(w):
    WorkUnitFactory(name="县医院").organizations.set([w.t.health_2])
    w.t.health_unit.organizations.remove(w.t.health_2)
    found = proposals(w)
    assert found["Z004"].above == w.t.health
    assert (found["Z004"].members, found["C01"].members) == (3, 3)


def test_who_takes_part_in_another_batch_stays_out_with_all_below(w):
    other = next_batch(w.batch, w.c.office)
    actions.add_participation(by=w.c.office, batch=other, organization=w.t.health)
    WorkUnitFactory(name="县医院").organizations.set([w.t.health_2])
    w.t.health_unit.organizations.remove(w.t.health_2)
    found = proposals(w)
    assert not found["C01"].proposed
    assert not found["Z004"].proposed
    assert found["Z001"].proposed


def test_an_organisation_of_two_units_gives_neither_its_name(w):
    WorkUnitFactory(name="县志办公室").organizations.set([w.t.archives])
    assert proposals(w)["Z001"].work_unit is None


def test_units_without_an_organisation_are_named(w):
    lonely = WorkUnitFactory(name="县气象局")
    assert units_without_organization() == [lonely]


def test_the_number_of_queries_does_not_grow_with_the_tree(w, django_assert_num_queries):
    with django_assert_num_queries(4):
        propose(host=w.t.county, batch=w.batch)
    for n in range(6):
        branch = make_organization(f"第{n}党支部", "branch", w.t.work)
        MemberFactory(organization=branch)
        WorkUnitFactory().organizations.set([branch])
    with django_assert_num_queries(4):
        assert len(propose(host=w.t.county, batch=w.batch)) == 9


def test_the_sample_roster_gives_fifty_five_units_and_every_member_once():
    path = Path(settings.BASE_DIR) / "samples" / "county-roster.xlsx"
    office = user_with("office_head", make_organization("x", "county_committee", code="X"))
    Organization.objects.all().delete()
    import_workbook(by=office, path=path, today=dt.date(2005, 1, 25))
    county = Organization.objects.get(code="A00")
    batch = make_campaign(type("T", (), {"county": county}), office)
    found = propose(host=county, batch=batch)
    assert sum(p.proposed for p in found) == 55
    assert sum(p.members for p in found) == 1359
    assert WorkUnit.objects.count() - len(units_without_organization()) == 55
    assert {p.superior.code for p in found} == {"A00", "B00"}


# ---------------------------------------------------------------- actions
def enter(w, *names):
    entries = [actions.Entry(getattr(w.t, name)) for name in names]
    actions.change_entries(by=w.c.office, batch=w.batch, enter=entries)
    return {p.organization.code: p for p in w.batch.participations.select_related("organization")}


def test_entering_and_leaving_in_one_go(w):
    rows = enter(w, "archives", "court")
    actions.change_entries(by=w.c.office, batch=w.batch, enter=[actions.Entry(w.t.health)], leave=[rows["G01"]])
    assert set(w.batch.participations.values_list("organization__code", flat=True)) == {"Z001", "C01"}


def test_entering_twice_changes_nothing(w):
    enter(w, "archives")
    enter(w, "archives")
    assert w.batch.participations.count() == 1


def test_nothing_is_entered_when_one_of_them_is_in_another_batch(w):
    other = next_batch(w.batch, w.c.office)
    actions.add_participation(by=w.c.office, batch=other, organization=w.t.health)
    with pytest.raises(actions.TakesPartElsewhere) as refusal:
        enter(w, "archives", "health_1")
    assert refusal.value.organization == w.t.health_1
    assert not w.batch.participations.exists()


def test_who_has_begun_does_not_leave(w):
    rows = enter(w, "archives")
    actions.begin(by=w.c.office, participation=rows["Z001"], on=clock.today())
    with pytest.raises(actions.AlreadyStarted):
        actions.change_entries(by=w.c.office, batch=w.batch, leave=[rows["Z001"]])


def test_a_nested_unit_takes_over_the_dates_of_the_one_above(w):
    above = enter(w, "health")["C01"]
    row = above.progress.first()
    window = actions.StageWindow(row.stage, row.planned_start, row.planned_end + dt.timedelta(days=9))
    actions.reschedule(by=w.c.office, participation=above, windows=[window], reason="迟")
    nested = enter(w, "health_1")["Z003"]
    assert nested.progress.first().planned_end == window.ends_on


def test_beginning_on_another_day_moves_the_plan_along_if_asked(w):
    unit = enter(w, "archives")["Z001"]
    planned = list(unit.progress.values_list("planned_end", flat=True))
    late = unit.progress.first().planned_start + dt.timedelta(days=7)
    actions.begin(by=w.c.office, participation=unit, on=late, shift=True)
    assert list(unit.progress.values_list("planned_end", flat=True)) == [d + dt.timedelta(days=7) for d in planned]
    assert unit.progress.get(state="current").started_on == late


def test_begin_all_starts_those_that_wait(w):
    rows = enter(w, "archives", "court")
    actions.begin(by=w.c.office, participation=rows["Z001"], on=clock.today())
    assert actions.begin_all(by=w.c.office, batch=w.batch, on=clock.today()) == 1
    assert set(w.batch.participations.values_list("state", flat=True)) == {"active"}


def test_the_plan_of_a_batch_carries_over_until_something_begins(w):
    unit = enter(w, "archives")["Z001"]
    book = w.batch.campaign.playbook
    windows = propose_windows(book, clock.today())
    args = {"by": w.c.office, "batch": w.batch, "number": 2, "name": "第二批", "ends_on": windows[-1].ends_on}
    actions.change_batch(windows=windows, **args)
    w.batch.refresh_from_db()
    assert (w.batch.number, w.batch.starts_on) == (2, clock.today())
    assert unit.progress.first().planned_start == clock.today()
    actions.begin(by=w.c.office, participation=unit, on=clock.today())
    with pytest.raises(actions.HasBegun):
        actions.change_batch(windows=windows, **args)


def test_another_playbook_is_the_next_version_until_something_begins(w):
    unit = enter(w, "archives")["Z001"]
    book = load_file("xingwen-county")
    campaign = w.batch.campaign
    windows = {w.batch.pk: propose_windows(book, w.batch.starts_on)}
    actions.replace_playbook(by=w.c.office, campaign=campaign, playbook=book, windows=windows)
    campaign.refresh_from_db()
    assert campaign.playbook == book
    assert list(PlaybookVersion.objects.values_list("number", flat=True)) == [2, 1]
    actions.begin(by=w.c.office, participation=unit, on=clock.today())
    with pytest.raises(actions.HasBegun):
        actions.replace_playbook(by=w.c.office, campaign=campaign, playbook=book, windows=windows)
    assert AuditEntry.objects.filter(action="campaign.playbook_replaced").count() == 1


def test_the_snapshot_stays_when_the_file_changes(w, tmp_path, monkeypatch):
    from campaign.playbook import files

    changed = (files.FOLDER / "yibin-city.toml").read_text("utf-8").replace("hours = 45", "hours = 60")
    (tmp_path / "yibin-city.toml").write_text(changed, "utf-8")
    monkeypatch.setattr(files, "FOLDER", tmp_path)
    assert load_file("yibin-city").study.hours == 60
    w.batch.campaign.refresh_from_db()
    assert w.batch.campaign.playbook.study.hours == 45


# ---------------------------------------------------------------- reads that other rooms share
def test_a_batch_to_come_does_not_hide_the_one_under_way():
    tree = make_tree()
    cast = make_cast(tree)
    now = make_campaign(tree, cast.office)
    next_batch(now, cast.office, clock.today() + dt.timedelta(days=30))
    assert batch_for(cast.branch) == now


def test_extents_leave_nested_units_to_themselves():
    world = make_world()
    nested = actions.add_participation(by=world.c.office, batch=world.batch, organization=world.t.health_1)
    found = extents(world.batch, [world.p.health, nested])
    assert (found[world.p.health.pk].branches, found[world.p.health.pk].members) == (1, 3)
    assert (found[nested.pk].branches, found[nested.pk].members) == (1, 3)
    assert extents(world.batch, []) == {}


def test_the_stage_picture_counts_by_organisation_below_the_root():
    world = make_world()
    stages = [stage.key for stage in world.playbook.stages]
    actions.move_stage(by=world.c.office, participation=world.p.court, expected=stages[0], target=stages[1])
    yesterday = clock.today() - dt.timedelta(days=1)
    StageProgress.objects.filter(participation=world.p.archives, stage=stages[0]).update(planned_end=yesterday)
    picture = stage_picture(world.c.office, world.batch, world.t.county, review={world.p.court.pk: True})
    rows = {row.organization.code: row for row in picture.rows}
    assert rows["B00"].stages == [1, 0, 0]
    assert rows["B00"].reviewed == [0, 1, 0]
    assert (rows["B00"].overdue, rows["B00"].units, rows["B00"].branches, rows["B00"].members) == (1, 2, 2, 6)
    assert (rows["C01"].units, rows["C01"].members) == (1, 6)
    assert (picture.total.units, picture.total.review, picture.total.members) == (3, 1, 12)
    assert sum(part["count"] for part in picture.total.segments) == 3


def test_the_stage_picture_tells_not_begun_done_and_unstaged_apart():
    world = make_world(started=False)
    stages = [stage.key for stage in world.playbook.stages]
    actions.start(by=world.c.office, participation=world.p.court)
    for one, following in zip(stages, [*stages[1:], None], strict=True):
        actions.move_stage(by=world.c.office, participation=world.p.court, expected=one, target=following)
    Participation.objects.filter(pk=world.p.health.pk).update(staged=False)
    total = stage_picture(world.c.office, world.batch, world.t.county).total
    assert (total.ahead, total.after, total.unstaged, total.stages) == (1, 1, 1, [0, 0, 0])


def test_the_stage_picture_shows_only_what_one_sees():
    world = make_world()
    picture = stage_picture(world.c.secretary, world.batch, world.t.county)
    assert [row.organization.code for row in picture.rows] == ["C01"]
    assert picture.total.members == 6


def test_the_stage_picture_takes_the_same_queries_for_more_units(django_assert_num_queries):
    world = make_world()
    with django_assert_num_queries(7):
        stage_picture(world.c.office, world.batch, world.t.county, review={})
    for branch in (world.t.court_1, world.t.health_1, world.t.health_2):
        unit = actions.add_participation(by=world.c.office, batch=world.batch, organization=branch)
        actions.start(by=world.c.office, participation=unit)
    with django_assert_num_queries(6):  # the posts are known by now
        assert stage_picture(world.c.office, world.batch, world.t.county, review={}).total.units == 6


def test_under_review_asks_the_room_that_knows():
    world = make_world()
    assert under_review(world.batch) == {}
