"""The supervision groups' weekly reports: due times, states, who sees and who decides, reminders (K-04, K-05, K-06)."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import AuditEntry, Notification, User
from campaign.tests.factories import record
from campaign.todo import gather
from reports import rules, weeks
from reports.actions import bulletins, deadlines
from reports.actions import reports as actions
from reports.models import Report, ReportException, ReportReminder
from reports.queries.bulletin import candidates
from reports.queries.group_week import week_of_group
from reports.queries.group_weekly import group_boards, group_grids, group_rules
from reports.queries.suggestions import suggested, unedited
from reports.queries.weekly import unit_rules, weeks_of
from reports.reporter import GroupReporter
from reports.tasks import remind_due_reports
from reports.tests.factories import fill
from reports.weeks import Status
from supervision import actions as supervision
from supervision.actions import notes
from supervision.models import GroupNote
from supervision.tests.factories import applied, make_supervised_world, ordered, send_back
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
W1 = dt.date(2026, 11, 16)  # a Monday
W2 = W1 + weeks.WEEK
NOON = timezone.make_aware(dt.datetime(2026, 11, 26, 12, 0))
SENTENCE = "学习笔记有代抄现象，已责成补记。"


def world(clock, playbook):
    """Two groups in charge since the Monday of the week before: one of three units, the other of two of these."""
    clock.hold(2026, 11, 16, 9)
    w = make_supervised_world(playbook=playbook)
    w.other = supervision.create_group(by=w.c.office, campaign=w.batch.campaign, name="第四督导组")
    supervision.assign(by=w.c.office, group=w.other, organization=w.t.work)
    w.c.other = user_with("member", w.t.county, "other", "冯立新")
    supervision.add_member(by=w.c.office, group=w.other, user=w.c.other, head=True)
    clock.hold(2026, 11, 26, 10)
    w.us, w.them = GroupReporter(w.group, w.batch), GroupReporter(w.other, w.batch)
    w.reports = group_rules(w.batch)
    return w


@pytest.fixture
def w(clock):
    return world(clock, "xingwen-county")


@pytest.fixture
def yibin(clock):
    return world(clock, "yibin-city")


def sent(w, rule=None, by=None, reporter=None, week=W2, text=SENTENCE):
    rule, by = rule or w.reports[0], by or w.c.guide
    report = actions.open_report(by=by, reporter=reporter or w.us, rule=rule, week=week)
    return actions.submit(by=by, report=report, version=report.version, contents=fill(rule, text))


def cells(w, rule, group=None):
    lines = group_boards(w.batch, [rule], weeks_of(w.batch))[rule.key]
    return {c.week: c for line in lines if line.reporter.group == (group or w.group) for c in line.cells}


def again(user):
    """The same person in another request."""
    return User.objects.get(pk=user.pk)


# ---------------------------------------------------------------- the two playbooks
def test_in_xingwen_noon_of_thursday_is_in_time_and_the_minute_after_is_late(w, clock):
    rule = w.reports[0]
    assert (rule.key, w.reports[1].key) == ("supervision_report", "supervision_brief")
    clock.hold(2026, 11, 26, 12, 0, 59)
    report = sent(w)
    assert (report.due_at, report.late, cells(w, rule)[W2].status) == (NOON, False, Status.ON_TIME)
    assert cells(w, rule, w.other)[W2].status == Status.WAITING
    clock.hold(2026, 11, 26, 12, 1)
    assert sent(w, by=w.c.other, reporter=w.them).late
    assert cells(w, rule, w.other)[W2].status == Status.LATE


def test_in_xingwen_the_report_of_a_fixed_day_is_one_and_briefs_are_any_number(w):
    first = sent(w)
    with pytest.raises(actions.AlreadyReported) as caught:
        actions.open_report(by=w.c.guide, reporter=w.us, rule=w.reports[0], week=W2)
    assert caught.value.report == first
    assert [sent(w, w.reports[1]).sequence for _ in range(2)] == [1, 2]


def test_in_yibin_any_day_of_the_week_will_do(yibin, clock):
    (rule,) = yibin.reports
    clock.hold(2026, 11, 29, 23, 59, 59)
    assert not sent(yibin).late
    assert cells(yibin, rule)[W2].status == Status.ON_TIME
    clock.hold(2026, 11, 30, 0, 0)
    assert cells(yibin, rule, yibin.other)[W2].status == Status.MISSING
    assert sent(yibin, by=yibin.c.other, reporter=yibin.them).late


def test_a_minimum_of_two_wants_two(yibin):
    rule = yibin.reports[0]
    from dataclasses import replace

    twice = replace(rule, minimum=2)
    sent(yibin)
    assert cells(yibin, twice)[W2].status == Status.WAITING
    assert cells(yibin, twice)[W2].sent == 1
    sent(yibin)
    assert cells(yibin, twice)[W2].status == Status.ON_TIME


def test_a_group_owes_from_the_week_it_is_in_charge_until_it_is_in_charge_of_nobody(w, clock):
    rule = w.reports[0]
    with pytest.raises(actions.WeekNotDue):
        actions.open_report(by=w.c.guide, reporter=w.us, rule=rule, week=W1 - weeks.WEEK)
    idle = supervision.create_group(by=w.c.office, campaign=w.batch.campaign, name="第五督导组")
    guidance = supervision.create_group(by=w.c.office, campaign=w.batch.campaign, name="指导一组", kind="guidance")
    supervision.assign(by=w.c.office, group=guidance, organization=w.t.court)
    lines = group_boards(w.batch, [rule], weeks_of(w.batch))[rule.key]
    assert [line.reporter.group for line in lines] == [w.group, w.other]
    assert idle not in [line.reporter.group for line in lines]
    supervision.unassign(by=w.c.office, assignment=w.other.assignments.get())
    clock.hold(2026, 12, 4, 9)
    assert cells(w, rule, w.other)[W2 + weeks.WEEK].status == Status.NOT_DUE
    assert cells(w, rule, w.other)[W1].status == Status.MISSING


# ---------------------------------------------------------------- one reporter, in the database
@pytest.mark.parametrize("model", [Report, ReportException, ReportReminder])
@pytest.mark.parametrize("whose", ["both", "none"])
def test_a_row_is_of_a_unit_or_of_a_group(w, model, whose):
    given = {"rule": "x", "week": W2}
    more = {Report: {"due_at": NOON}, ReportException: {"reason": "会议"}}.get(model, {"kind": "office", "on": W2})
    owner = {"participation": w.p.health, "group": w.group} if whose == "both" else {}
    with pytest.raises(IntegrityError), transaction.atomic():
        model.objects.create(**given, **more, **owner)


def test_two_members_who_begin_at_once_get_one_report_and_only_one_can_send_it(w):
    rule = w.reports[0]
    mine = actions.open_report(by=w.c.guide, reporter=w.us, rule=rule, week=W2)
    theirs = actions.open_report(by=w.c.guide_2, reporter=w.us, rule=rule, week=W2)
    assert mine == theirs
    actions.submit(by=w.c.guide_2, report=theirs, version=1, contents=fill(rule, "宋玉兰写的一周情况。"))
    with pytest.raises(actions.ReportChanged):
        actions.submit(by=w.c.guide, report=mine, version=1, contents=fill(rule, "梁志远写的一周情况。"))
    assert Report.objects.get().author == w.c.guide_2
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(group=w.group, rule=rule.key, week=W2, due_at=NOON)


# ---------------------------------------------------------------- who may
def test_another_group_and_the_units_see_nothing_the_office_reads_and_decides(w):
    report = sent(w)
    for name in ("office", "general", "publicity", "guide", "guide_2"):
        user = again(getattr(w.c, name, None) or user_with(f"office_{name}", w.t.county, name))
        assert Report.objects.visible_to(user).filter(pk=report.pk).exists(), name
    for user in (w.c.other, w.c.secretary, w.c.court, w.c.branch):
        assert not Report.objects.visible_to(again(user)).filter(pk=report.pk).exists(), user
    assert rules.can_decide(again(w.c.office), report)
    assert not rules.can_decide(again(w.c.guide_2), report)
    assert rules.can_withdraw(again(w.c.guide_2), report)
    assert not rules.can_write(again(w.c.other), w.us)
    assert not rules.can_write(again(w.c.office), w.us)


def test_who_is_in_the_group_decides_nothing_even_with_a_post_in_the_office(w):
    report = sent(w)
    supervision.add_member(by=w.c.office, group=w.group, user=w.c.general)
    general = again(w.c.general)
    assert not rules.can_decide(general, report)
    assert not Report.objects.filter(rules.rows_chased_by(general)).exists()
    assert Report.objects.filter(rules.rows_chased_by(again(w.c.office))).get() == report


def test_a_draft_is_the_groups_own(w):
    draft = actions.open_report(by=w.c.guide, reporter=w.us, rule=w.reports[0], week=W2)
    assert rules.can_read(again(w.c.guide_2), draft)
    assert not rules.can_read(again(w.c.office), draft)


# ---------------------------------------------------------------- states
def test_returned_with_a_reason_sent_again_accepted_and_everybody_told(w, clock, django_capture_on_commit_callbacks):
    report = sent(w)
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_report(by=w.c.office, report=report, version=report.version, reason="缺各单位进度")
    told = set(Notification.objects.filter(url__contains=f"/{report.pk}/").values_list("user__username", flat=True))
    assert {"guide", "guide2"} <= told
    assert "缺各单位进度" in str(Notification.objects.filter(user=w.c.guide).latest("pk"))
    clock.hold(2026, 11, 27, 9)
    report = Report.objects.get(pk=report.pk)
    report = actions.submit(by=w.c.guide_2, report=report, version=report.version, contents=fill(w.reports[0]))
    assert not report.late  # as punctual as the first time
    actions.accept_report(by=w.c.office, report=report, version=report.version)
    entry = AuditEntry.objects.filter(action=actions.ACCEPTED).get()
    assert entry.organization_path == w.t.county.path


def test_an_exception_moves_the_deadline_of_one_group_and_week(w, clock):
    clock.hold(2026, 11, 27, 9)
    report, rule = sent(w), w.reports[0]
    assert report.late
    moved = timezone.make_aware(dt.datetime(2026, 11, 27, 18, 0))
    given = {"by": w.c.office, "reporters": [w.us], "rule": rule, "weeks": [W2]}
    assert deadlines.grant_exception(due_at=moved, reason="全组下乡", **given) == 1
    assert cells(w, rule)[W2].status == Status.ON_TIME
    assert not Report.objects.get(pk=report.pk).late
    assert deadlines.grant_exception(due_at=None, reason="全组下乡", **given) == 1
    assert ReportException.objects.count() == 1
    assert cells(w, rule)[W2].status == Status.EXCUSED
    assert cells(w, rule, w.other)[W2].status == Status.MISSING
    deadlines.revoke_exception(by=w.c.office, exception=ReportException.objects.get(), rule=rule)
    assert cells(w, rule)[W2].status == Status.LATE


# ---------------------------------------------------------------- reminders and the to-do list
def test_the_clock_reminds_the_groups_members_a_day_before_and_at_noon_once(w, clock):
    rule = w.reports[0]
    clock.hold(2026, 11, 25, 12, 30)
    remind_due_reports()
    remind_due_reports()
    rows = ReportReminder.objects.filter(rule=rule.key)
    assert {(r.group, r.kind) for r in rows} == {(w.group, "day_before"), (w.other, "day_before")}
    assert rows.count() == 2
    sent(w)
    clock.hold(2026, 11, 26, 12, 30)
    remind_due_reports()
    remind_due_reports()
    assert [r.group for r in rows.filter(kind="deadline")] == [w.other]


def test_the_office_reminds_a_group_once_a_day(w, django_capture_on_commit_callbacks):
    targets = [(w.us, W2), (w.them, W2)]
    with django_capture_on_commit_callbacks(execute=True):
        done = deadlines.remind(by=w.c.office, rule=w.reports[0], targets=targets)
    assert (done.units, done.people, done.again) == (2, 3, 0)
    note = Notification.objects.get(user=w.c.other)
    assert "第四督导组" in str(note)
    assert note.url.endswith(f"/new/group/{w.other.pk}/supervision_report/{W2}/")
    assert deadlines.remind(by=w.c.office, rule=w.reports[0], targets=targets).again == 2


def urls(user):
    return {item.url: item for item in gather(again(user))}


def test_what_is_due_waits_for_the_members_and_what_was_sent_for_the_office(w, clock):
    due = f"/reports/new/group/{w.group.pk}/supervision_report/{W2}/"
    item = urls(w.c.guide)[due]
    assert (item.due, item.late, item.menu) == (NOON.date(), False, "reports:weekly")
    clock.hold(2026, 11, 26, 13)
    assert urls(w.c.guide_2)[due].late
    assert due not in urls(w.c.other)
    report = sent(w)
    assert due not in urls(w.c.guide)
    assert f"/reports/{report.pk}/" in urls(w.c.office)
    actions.return_report(by=w.c.office, report=report, version=report.version, reason="再写细")
    assert f"/reports/{report.pk}/edit/" in urls(w.c.guide_2)
    assert f"/reports/{report.pk}/" not in urls(w.c.office)


def test_what_was_not_told_in_a_week_gone_by_blocks_nothing_and_is_no_work(w):
    assert cells(w, w.reports[0])[W1].status == Status.MISSING
    assert not [url for url in urls(w.c.guide) if str(W1) in url]
    assert not [url for url in urls(w.c.office) if "supervision_report" in url]


# ---------------------------------------------------------------- figures and notes
def test_the_figures_are_of_the_groups_units_and_week(w):
    record(w, w.t.health, title="集中学习", hours=3)
    record(w, w.t.court, title="走访", days_ago=9)
    record(w, w.t.work, title="工委自己的会")
    ordered(w, name="court")
    transition = applied(w, "health")
    send_back(w, transition, w.c.guide, "supervision")
    found = week_of_group(w.us, W2)
    assert (found.units, found.activities, found.sessions) == (3, 1, 1)
    assert (found.agreed, found.returned, found.makeups, found.makeups_over) == (0, 1, 1, 0)
    assert sum(n for _name, n in found.stages) == 3
    assert (week_of_group(w.them, W2).units, week_of_group(w.them, W2).makeups) == (2, 1)
    said = suggested(w.us, W2)
    assert said[0].startswith("本组联系单位3个")
    assert "退回1件" in "".join(said)
    assert unedited(w.us, W2, said[0]) == [said[0]]


def test_units_that_have_not_reported_are_named(yibin, clock):
    clock.hold(2026, 11, 28, 9)
    unit = next(rule for rule in unit_rules(yibin.batch) if not rule.soft)
    before = actions.open_report(by=yibin.c.secretary, reporter=yibin.p.health, rule=unit, week=W1)
    actions.submit(by=yibin.c.secretary, report=before, version=1, contents=fill(unit))
    report = actions.open_report(by=yibin.c.secretary, reporter=yibin.p.health, rule=unit, week=W2)
    actions.submit(by=yibin.c.secretary, report=report, version=1, contents=fill(unit))
    assert set(week_of_group(yibin.us, W2).silent) == {yibin.p.archives.label, yibin.p.court.label}


def test_the_figures_cost_the_same_for_one_unit_and_three(w):
    alone = supervision.create_group(by=w.c.office, campaign=w.batch.campaign, name="第六督导组")
    supervision.assign(by=w.c.office, group=alone, organization=w.t.court)

    def cost(reporter):
        with CaptureQueriesContext(connection) as queries:
            week_of_group(reporter, W2)
        return len(queries)

    assert cost(GroupReporter(alone, w.batch)) == cost(w.us)


def test_the_boards_cost_the_same_for_one_group_and_three(w):
    def cost(**within):
        with CaptureQueriesContext(connection) as queries:
            group_grids(again(w.c.office), w.batch, weeks_of(w.batch))
        return len(queries)

    two = cost()
    for name in ("第七督导组", "第八督导组", "第九督导组"):
        group = supervision.create_group(by=w.c.office, campaign=w.batch.campaign, name=name)
        supervision.assign(by=w.c.office, group=group, organization=w.t.court)
    assert cost() == two
    seen = group_grids(again(w.c.other), w.batch, weeks_of(w.batch))
    assert [[line.reporter.group for line in grid.lines] for grid in seen] == [[w.other], [w.other]]


def test_a_note_that_stands_in_what_was_sent_is_closed_and_taken_back_is_open_again(w):
    note = notes.write_note(by=w.c.guide, group=w.group, kind="problem", text="学习笔记\r\n有代抄")
    spare = notes.write_note(by=w.c.guide, group=w.group, kind="progress", text="没有写进去")
    assert note.text == "学习笔记 有代抄"
    report = sent(w, text=f"问题：{note.text}，已责成补记。")
    note.refresh_from_db()
    assert note.used_at is not None
    assert set(GroupNote.objects.unused()) == {spare}
    with pytest.raises(notes.NoteTold):
        notes.change_note(by=w.c.guide, note=note, kind="problem", text="改口")
    with pytest.raises(notes.NoteTold):
        notes.delete_note(by=w.c.guide, note=note)
    actions.withdraw(by=w.c.guide, report=report, version=report.version)
    notes.change_note(by=w.c.guide, note=note, kind="problem", text="改口")
    assert GroupNote.objects.get(pk=note.pk).text == "改口"


# ---------------------------------------------------------------- the bulletin
def test_an_accepted_report_of_a_group_can_go_into_the_bulletin_under_its_name(w):
    report = sent(w, w.reports[1])
    assert list(candidates(w.batch, W2)) == []
    actions.accept_report(by=w.c.office, report=report, version=report.version)
    found = list(candidates(w.batch, W2))
    assert {c.source for c in found} == {"第三督导组"}
    assert [c.field for c in found] == [field.key for field in w.reports[1].fields]
    bulletin = bulletins.draft_bulletin(by=w.c.office, batch=w.batch, week=W2)
    assert {item.source_name for item in bulletin.items.all()} == {"第三督导组"}
    assert bulletin.items.first().report == report


def test_a_closed_batch_owes_nothing_more(w, clock):
    w.batch.closed_on = W2
    w.batch.save()
    clock.hold(2026, 12, 3, 9)
    assert not rules.can_write(again(w.c.guide), w.us)
    assert remind_due_reports() == 0
