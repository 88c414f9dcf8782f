"""Writing, deciding, exceptions, reminders and the figures of weekly reports."""

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import AuditEntry, Notification
from campaign import actions as campaign_actions
from campaign.models import Participation
from campaign.tests.factories import make_world
from campaign.todo import gather
from reports import rules, weeks
from reports.actions import deadlines
from reports.actions import reports as actions
from reports.models import Report, ReportException, ReportReminder
from reports.queries.reporters import answering, reporters
from reports.queries.suggestions import suggested, unedited
from reports.queries.weekly import board, boards, grid, heat, unit_rules, weeks_of
from reports.tasks import remind_due_reports
from reports.tests.factories import fill, send, unit_rule
from reports.weeks import Status
from units import access
from units.roles import Right
from units.tests.factories import give_post, user_with

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 16)  # a Monday
W1, W2, W3 = START, START + weeks.WEEK, START + 2 * weeks.WEEK
THURSDAY = (2026, 4, 2, 10)
FRIDAY_END = timezone.make_aware(dt.datetime(2026, 4, 3, 23, 59))


@pytest.fixture
def w(clock):
    clock.hold(*THURSDAY)
    return make_world(start=START)


@pytest.fixture
def rule(w):
    return unit_rule(w)


def fresh(report):
    return Report.objects.select_related("participation__organization", "participation__batch__campaign").get(
        pk=report.pk
    )


def cells(w, rule, participation):
    lines = board(w.batch, rule, weeks_of(w.batch))
    return {c.week: c for line in lines if line.reporter == participation for c in line.cells}


# ---------------------------------------------------------------- opening and writing
def test_two_who_begin_get_the_same_report(w, rule):
    one = actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=W3)
    two = actions.open_report(by=w.c.office, reporter=w.p.health, rule=rule, week=W3)
    assert one == two
    assert one.state == Report.State.DRAFT
    assert one.due_at == FRIDAY_END


@pytest.mark.parametrize("week", [W3 + weeks.WEEK, START - weeks.WEEK])
def test_a_week_to_come_or_before_the_beginning_is_not_owed(w, rule, week):
    with pytest.raises(actions.WeekNotDue):
        actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=week)


def test_a_report_of_a_fixed_day_is_one(w, rule):
    sent = send(w.p.health, rule, w.c.secretary)
    with pytest.raises(actions.AlreadyReported) as caught:
        actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=W3)
    assert caught.value.report == sent


def test_briefs_may_be_more_than_the_minimum(w):
    brief = unit_rule(w, "brief")
    assert [send(w.p.health, brief, w.c.secretary).sequence for _ in range(3)] == [1, 2, 3]


def test_a_draft_keeps_only_the_fields_of_the_rule_and_counts_versions(w, rule):
    report = actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=W3)
    contents = {"progress": "  学习2次  ", "intruder": "x"}
    actions.save_draft(by=w.c.secretary, report=report, version=1, contents=contents)
    assert fresh(report).contents == {"progress": "学习2次", "leaders": "", "results": "", "experience": ""}
    assert fresh(report).version == 2


def test_saving_over_a_newer_version_is_refused_and_changes_nothing(w, rule):
    report = actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=W3)
    actions.save_draft(by=w.c.secretary, report=report, version=1, contents={"progress": "先写的"})
    with pytest.raises(actions.ReportChanged):
        actions.save_draft(by=w.c.office, report=fresh(report), version=1, contents={"progress": "后写的"})
    assert fresh(report).contents["progress"] == "先写的"


def test_what_is_required_must_be_there_to_send(w, rule):
    report = actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=W3)
    with pytest.raises(actions.Incomplete) as caught:
        actions.submit(by=w.c.secretary, report=report, version=1, contents=fill(rule) | {"results": " "})
    assert caught.value.fields == ["results"]
    assert fresh(report).state == Report.State.DRAFT


# ---------------------------------------------------------------- punctual to the minute
@pytest.mark.parametrize(("second", "late"), [((2026, 4, 3, 23, 59, 59), False), ((2026, 4, 4, 0, 0, 0), True)])
def test_late_is_decided_by_the_minute(w, rule, clock, second, late):
    clock.hold(*second)
    report = send(w.p.health, rule, w.c.secretary, week=W3)
    assert report.late is late
    assert cells(w, rule, w.p.health)[W3].status == (Status.LATE if late else Status.ON_TIME)


def test_sent_again_after_a_return_is_as_punctual_as_the_first_time(w, rule, clock):
    report = send(w.p.health, rule, w.c.secretary)
    first = report.first_submitted_at
    actions.return_report(by=w.c.office, report=report, version=report.version, reason="数字不全")
    assert cells(w, rule, w.p.health)[W3].status == Status.WAITING
    clock.hold(2026, 4, 6, 9)
    assert cells(w, rule, w.p.health)[W3].status == Status.MISSING
    again = actions.submit(by=w.c.secretary, report=fresh(report), version=report.version, contents=fill(rule))
    assert (again.first_submitted_at, again.late) == (first, False)
    assert again.submitted_at > first
    assert cells(w, rule, w.p.health)[W3].status == Status.ON_TIME


def test_taken_back_it_counts_as_not_sent_and_can_become_late(w, rule, clock):
    report = send(w.p.health, rule, w.c.secretary)
    actions.withdraw(by=w.c.secretary, report=report, version=report.version)
    assert fresh(report).first_submitted_at is None
    clock.hold(2026, 4, 6, 9)
    again = actions.submit(by=w.c.secretary, report=fresh(report), version=report.version, contents=fill(rule))
    assert again.late


def test_a_decided_report_cannot_be_taken_back(w, rule):
    report = send(w.p.health, rule, w.c.secretary)
    actions.accept_report(by=w.c.office, report=fresh(report), version=report.version)
    with pytest.raises(actions.ReportChanged):
        actions.withdraw(by=w.c.secretary, report=report, version=report.version)


# ---------------------------------------------------------------- deciding
def test_of_two_who_decide_one_wins(w, rule):
    report = send(w.p.health, rule, w.c.secretary)
    other = fresh(report)
    actions.accept_report(by=w.c.office, report=report, version=report.version)
    with pytest.raises(actions.ReportChanged):
        actions.return_report(by=w.c.general, report=other, version=other.version, reason="再改")
    assert fresh(report).state == Report.State.ACCEPTED
    assert fresh(report).decided_by == w.c.office


def test_a_version_that_was_not_read_cannot_be_accepted(w, rule):
    report = send(w.p.health, rule, w.c.secretary)
    read = report.version
    actions.withdraw(by=w.c.secretary, report=report, version=report.version)
    actions.submit(by=w.c.secretary, report=report, version=report.version, contents=fill(rule, "另一篇"))
    with pytest.raises(actions.ReportChanged):
        actions.accept_report(by=w.c.office, report=fresh(report), version=read)


def test_a_return_needs_a_reason_and_tells_the_writers(w, rule, django_capture_on_commit_callbacks):
    report = send(w.p.health, rule, w.c.secretary)
    with pytest.raises(actions.ReasonMissing):
        actions.return_report(by=w.c.office, report=report, version=report.version, reason="  ")
    with django_capture_on_commit_callbacks(execute=True):
        actions.return_report(by=w.c.office, report=report, version=report.version, reason="数字不全")
    line = Notification.objects.get(user=w.c.secretary)
    assert "数字不全" in str(line)
    assert line.url == f"/reports/{report.pk}/"


def test_who_may_write_and_who_may_decide(w, rule):
    report = fresh(send(w.p.health, rule, w.c.secretary))
    assert rules.can_decide(w.c.office, report)
    for user in (w.c.secretary, w.c.supervisor, w.c.branch, w.c.leader, w.c.outsider, w.c.archives):
        assert not rules.can_decide(user, report)
    assert rules.can_write(w.c.secretary, w.p.health)
    for user in (w.c.office, w.c.branch, w.c.supervisor, w.c.archives, w.c.outsider):
        assert not rules.can_write(user, w.p.health)


def test_nobody_decides_at_his_own_level_or_on_his_own_report(w, rule):
    report = fresh(send(w.p.health, rule, w.c.secretary))
    peer = user_with("office_head", w.t.health)
    assert not rules.can_decide(peer, report)
    give_post(w.c.office, w.t.health, "organization_secretary")
    own = fresh(send(w.p.archives, rule, w.c.office))
    assert not rules.can_decide(w.c.office, own)
    mine = Report.objects.filter(rules.chased_by(w.c.office, "participation__organization"))
    assert set(mine) == {report, own}


def test_everything_leaves_a_trace(w, rule):
    report = send(w.p.health, rule, w.c.secretary)
    actions.return_report(by=w.c.office, report=report, version=report.version, reason="改")
    actions.submit(by=w.c.secretary, report=report, version=report.version, contents=fill(rule))
    actions.accept_report(by=w.c.office, report=report, version=report.version)
    trace = AuditEntry.objects.filter(object_type="reports.report", object_id=str(report.pk)).order_by("pk")
    assert [entry.action for entry in trace] == [
        actions.OPENED,
        actions.SUBMITTED,
        actions.RETURNED,
        actions.SUBMITTED,
        actions.ACCEPTED,
    ]
    assert {entry.organization_path for entry in trace} == {w.t.health.path}


# ---------------------------------------------------------------- the grid's figures
def test_the_grid_of_both_playbooks(clock):
    clock.hold(*THURSDAY)
    w = make_world(start=START, playbook="xingwen-county")
    rule = unit_rule(w)
    assert [r.key for r in unit_rules(w.batch)] == ["brief"]
    clock.hold(2026, 4, 5, 23)  # Sunday evening: no day named, so the end of the week
    assert cells(w, rule, w.p.health)[W3].status == Status.WAITING
    assert cells(w, rule, w.p.health)[W2].status == Status.MISSING
    clock.hold(2026, 4, 6, 0)
    assert cells(w, rule, w.p.health)[W3].status == Status.MISSING


def test_weeks_before_a_unit_began_are_not_due(w, rule):
    w.p.health.progress.filter(state="current").update(started_on=dt.date(2026, 3, 28))  # a Saturday
    found = cells(w, rule, w.p.health)
    assert [found[week].status for week in (W1, W2, W3)] == [Status.NOT_DUE, Status.NOT_DUE, Status.WAITING]


def test_a_unit_without_stages_owes_reports_from_its_entry(w, rule, clock):
    from campaign.actions import add_participation, start

    unit = add_participation(by=w.c.office, batch=w.batch, organization=w.t.work, staged=False)
    assert unit not in [line.reporter for line in board(w.batch, rule, weeks_of(w.batch))]
    start(by=w.c.office, participation=unit)
    found = cells(w, rule, unit)
    assert [found[week].status for week in (W1, W2, W3)] == [Status.NOT_DUE, Status.NOT_DUE, Status.WAITING]


def test_a_closed_batch_owes_no_more(w, rule, clock):
    w.batch.closed_on = dt.date(2026, 3, 26)
    w.batch.save()
    assert weeks_of(w.batch) == [W1, W2]
    assert cells(w, rule, w.p.health)[W2].status == Status.NOT_DUE


def test_rates_are_the_sum_of_their_parts(w, rule, clock):
    for week, moment in ((W1, (2026, 3, 20, 9)), (W2, (2026, 3, 30, 9))):
        with clock.at(*moment):
            send(w.p.health, rule, w.c.secretary, week=week)
    with clock.at(2026, 3, 20, 9):
        send(w.p.archives, rule, w.c.archives, week=W1)
    send(w.p.archives, rule, w.c.archives, week=W3)
    deadlines.grant_exception(by=w.c.office, reporters=[w.p.court], rule=rule, weeks=[W1], due_at=None, reason="春节")
    found = grid(w.c.office, w.batch, rule)
    total = found.tally
    assert (total.on_time, total.late, total.missing, total.excused, total.early, total.waiting) == (2, 1, 2, 1, 1, 2)
    assert total.base == total.on_time + total.late + total.missing == 5
    for name in ("on_time", "late", "missing", "excused", "early", "waiting", "base", "owed", "sent"):
        whole = getattr(total, name)
        assert whole == sum(getattr(line.tally, name) for line in found.lines)
        assert whole == sum(getattr(group.tally, name) for group in found.groups)
        assert whole == sum(getattr(week, name) for week in found.weeks)
        assert whole == sum(getattr(week, name) for group in found.groups for week in group.weeks)
    assert len(found.lines) * len(found.columns) == total.owed + total.excused
    assert [g.superior for g in found.groups] == [w.t.county, w.t.work]


def test_the_scope_of_the_grid_is_the_scope_of_the_posts(w, rule):
    def seen(user):
        return {line.reporter for line in grid(user, w.batch, rule).lines}

    assert seen(w.c.office) == {w.p.health, w.p.court, w.p.archives}
    assert seen(w.c.supervisor) == seen(w.c.secretary) == {w.p.health}
    assert seen(w.c.branch) == seen(w.c.outsider) == set()


def test_a_column_says_why_all_are_excused(w, rule):
    units = [w.p.health, w.p.court, w.p.archives]
    deadlines.grant_exception(by=w.c.office, reporters=units, rule=rule, weeks=[W2], due_at=None, reason="春节")
    found = grid(w.c.office, w.batch, rule)
    assert [column.reason for column in found.columns] == ["", "春节", ""]
    assert [column.number for column in found.columns] == [1, 2, 3]
    assert [column.current for column in found.columns] == [False, False, True]


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize("long", [False, True])
def test_the_grid_costs_the_same_for_one_unit_and_three_and_for_one_week_and_eight(
    clock, django_assert_num_queries, count, long
):
    clock.hold(*THURSDAY)
    w = make_world(start=dt.date(2026, 2, 9) if long else W3)
    rule = unit_rule(w)
    assert len(weeks_of(w.batch)) == (8 if long else 1)
    keep = [w.p.health, w.p.court, w.p.archives][:count]
    Participation.objects.exclude(pk__in=[p.pk for p in keep]).delete()
    for week in weeks_of(w.batch):
        for unit in keep:
            send(unit, rule, w.c.office, week=week)
    access.posts_of(w.c.office)
    with django_assert_num_queries(3):
        found = heat(w.c.office, w.batch)
    assert len(found.lines) == count
    with django_assert_num_queries(4):
        boards(w.batch, unit_rules(w.batch), weeks_of(w.batch))


# ---------------------------------------------------------------- exceptions
def test_a_moved_deadline_makes_a_late_report_punctual_and_back(w, rule, clock):
    clock.hold(2026, 4, 4, 9)
    report = send(w.p.health, rule, w.c.secretary, week=W3)
    assert report.late
    moved = timezone.make_aware(dt.datetime(2026, 4, 6, 18, 0))
    given = {"by": w.c.office, "reporters": [w.p.health], "rule": rule, "weeks": [W3], "due_at": moved}
    assert deadlines.grant_exception(reason="出差", **given) == 1
    assert (fresh(report).late, fresh(report).due_at) == (False, moved)
    assert cells(w, rule, w.p.health)[W3].status == Status.ON_TIME
    deadlines.revoke_exception(by=w.c.office, exception=ReportException.objects.get(), rule=rule)
    assert fresh(report).late
    assert cells(w, rule, w.p.health)[W3].status == Status.LATE


def test_an_exception_needs_a_reason_and_takes_the_place_of_the_former(w, rule, django_capture_on_commit_callbacks):
    given = {"by": w.c.office, "reporters": [w.p.health, w.p.court], "rule": rule, "due_at": None}
    with pytest.raises(actions.ReasonMissing):
        deadlines.grant_exception(weeks=[W2], reason=" ", **given)
    with django_capture_on_commit_callbacks(execute=True):
        assert deadlines.grant_exception(weeks=[W2, W3], reason="春节", **given) == 4
    deadlines.grant_exception(weeks=[W3], reason="会议", **given)
    assert ReportException.objects.filter(week=W3, reason="会议").count() == 2
    assert ReportException.objects.count() == 4
    assert "春节" in str(Notification.objects.get(user=w.c.secretary))
    granted = AuditEntry.objects.filter(action=deadlines.GRANTED)
    assert granted.filter(organization_path=w.t.health.path).count() == 2


def test_excused_is_excused_whatever_was_sent(w, rule):
    send(w.p.health, rule, w.c.secretary)
    deadlines.grant_exception(by=w.c.office, reporters=[w.p.health], rule=rule, weeks=[W3], due_at=None, reason="搬迁")
    assert cells(w, rule, w.p.health)[W3].status == Status.EXCUSED


# ---------------------------------------------------------------- reminding
def test_who_is_nearest_to_a_unit_is_told(w, rule):
    over = user_with("organization_secretary", w.t.work)
    found = reporters([w.p.health, w.p.archives, w.p.court])
    assert found == {
        w.p.health.pk: [w.c.secretary],
        w.p.archives.pk: [w.c.archives],
        w.p.court.pk: [over],  # nobody there: the one above
    }
    assert answering(over, w.batch) == [w.p.court.pk]
    assert answering(w.c.secretary, w.batch) == [w.p.health.pk]
    assert answering(w.c.branch, w.batch) == answering(w.c.office, w.batch) == []


def test_each_report_is_chased_once_a_day(w, rule, clock, django_capture_on_commit_callbacks):
    targets = [(w.p.health, W2), (w.p.health, W3), (w.p.archives, W3), (w.p.court, W3)]
    with django_capture_on_commit_callbacks(execute=True):
        done = deadlines.remind(by=w.c.office, rule=rule, targets=targets)
    assert (done.units, done.people, done.again, done.nobody) == (2, 2, 0, ("县法院",))
    with django_capture_on_commit_callbacks(execute=True):
        done = deadlines.remind(by=w.c.general, rule=rule, targets=targets)
    assert (done.units, done.people, done.again) == (0, 0, 2)
    line = Notification.objects.get(user=w.c.secretary)  # one line for two weeks
    assert line.url == f"/reports/new/{w.p.health.pk}/{rule.key}/{W3}/"
    clock.hold(2026, 4, 3, 9)
    assert deadlines.remind(by=w.c.office, rule=rule, targets=targets).units == 2


def test_the_clock_reminds_a_day_before_and_at_the_deadline_once(w, rule, clock):
    Participation.objects.exclude(pk=w.p.health.pk).delete()
    hours = [(2, 23, 58), (2, 23, 59), (3, 12), (3, 23, 59), (4, 0), (4, 12), (6, 9), (8, 9)]
    told = []
    for day, *hour in hours:
        clock.hold(2026, 4, day, *hour)
        told.append(remind_due_reports())
        assert remind_due_reports() == 0
    kinds = list(ReportReminder.objects.filter(rule=rule.key, week=W3).order_by("pk").values_list("kind", "on"))
    assert kinds == [("day_before", dt.date(2026, 4, 3)), ("deadline", dt.date(2026, 4, 3))]
    assert told[0] == 0
    assert told[1] == 1


def test_the_clock_leaves_those_alone_who_have_sent_or_are_excused(w, rule, clock):
    send(w.p.health, rule, w.c.secretary)
    deadlines.grant_exception(
        by=w.c.office, reporters=[w.p.archives], rule=rule, weeks=[W3], due_at=None, reason="搬迁"
    )
    give_post(w.c.leader, w.t.court, "organization_secretary")
    clock.hold(2026, 4, 3, 12)
    remind_due_reports()
    assert {r.participation for r in ReportReminder.objects.filter(rule=rule.key)} == {w.p.court}


def test_a_moved_deadline_is_reminded_of_anew(w, rule, clock):
    moved = timezone.make_aware(dt.datetime(2026, 4, 14, 18, 0))
    deadlines.grant_exception(by=w.c.office, reporters=[w.p.health], rule=rule, weeks=[W3], due_at=moved, reason="搬迁")
    clock.hold(2026, 4, 14, 9)
    remind_due_reports()
    row = ReportReminder.objects.get(rule=rule.key, participation=w.p.health, week=W3)
    assert (row.kind, row.on) == ("day_before", dt.date(2026, 4, 14))


# ---------------------------------------------------------------- suggestions
def record(w, organization, **data):
    details = campaign_actions.ActivityData(**{"title": "学习", "held_on": W3, **data})
    present = w.t.members.get(organization.code, [])
    return campaign_actions.record_activity(
        by=w.c.branch, organization=organization, batch=w.batch, stage="study", data=details, present=present
    )


def test_a_new_report_begins_with_what_was_recorded(w):
    record(w, w.t.health_1, hours=4, title="党章")
    record(w, w.t.health_2, hours=4, title="党章")
    record(w, w.t.health_1, title="走访困难户", others_present=5)
    record(w, w.t.archives, hours=4)  # another unit
    record(w, w.t.health_1, hours=4, held_on=W2)  # another week
    sentences = suggested(w.p.health, W3)
    assert len(sentences) == 2
    assert "2" in sentences[0]
    assert "8" in sentences[0]
    assert "6" in sentences[0]
    assert "走访困难户" in sentences[1]


def test_what_nobody_has_gone_over_is_known(w):
    record(w, w.t.health_1, hours=4)
    (sentence,) = suggested(w.p.health, W3)
    assert unedited(w.p.health, W3, f"一、{sentence}二、其他。") == [sentence]
    assert unedited(w.p.health, W3, "重写过的一段。") == []


# ---------------------------------------------------------------- what waits
def waiting(user):
    for name in ("_todos", "_batch"):
        if hasattr(user, name):
            delattr(user, name)
    return [todo for todo in gather(user) if todo.menu == "reports:weekly" or "reports/" in todo.url]


def test_what_waits_for_a_secretary(w, rule):
    todos = waiting(w.c.secretary)
    by_url = {todo.url: todo for todo in todos}
    this = by_url[f"/reports/new/{w.p.health.pk}/{rule.key}/{W3}/"]
    assert (this.count, this.late, this.due) == (1, False, dt.date(2026, 4, 3))
    assert by_url["/reports/mine/"].count == 2  # two past weeks; the briefs are asked in principle only
    report = send(w.p.health, rule, w.c.secretary)
    assert f"/reports/new/{w.p.health.pk}/{rule.key}/{W3}/" not in {todo.url for todo in waiting(w.c.secretary)}
    actions.return_report(by=w.c.office, report=report, version=report.version, reason="改")
    assert f"/reports/{report.pk}/edit/" in {todo.url for todo in waiting(w.c.secretary)}


def test_what_waits_for_the_office(w, rule):
    first = send(w.p.health, rule, w.c.secretary, week=W2)
    todos = waiting(w.c.office)
    assert [(t.url, t.count) for t in todos if not t.late] == [(f"/reports/{first.pk}/", 1)]
    (missing,) = [t for t in todos if t.late]
    assert (missing.count, missing.url) == (2, f"/reports/weekly/?rule={rule.key}&gaps=on")


def test_nothing_waits_for_the_others(w, rule):
    send(w.p.health, rule, w.c.secretary)
    for user in (w.c.outsider, w.c.branch, w.c.leader, w.c.auditor, w.c.member):
        assert waiting(user) == []


def test_nothing_that_waits_asks_the_database_a_unit_at_a_time(w, rule, django_assert_max_num_queries):
    from reports.todos import weekly_reports

    send(w.p.health, rule, w.c.secretary)
    for user in (w.c.office, w.c.secretary):
        access.forget(user)
        with django_assert_max_num_queries(9):
            assert list(weekly_reports(user))


def test_visible_reports_follow_the_posts(w, rule):
    report = send(w.p.health, rule, w.c.secretary)
    for user in (w.c.office, w.c.secretary, w.c.supervisor, w.c.leader):
        assert report in Report.objects.visible_to(user)
    for user in (w.c.archives, w.c.branch, w.c.outsider, w.c.sysadmin):
        assert report not in Report.objects.visible_to(user, Right.VIEW)
