"""Summary workbooks made every week: when, for whom, once, and with whose rights (K-12)."""

import datetime as dt
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import AuditEntry, Notification
from campaign.tests.factories import make_world
from jobs.models import Job
from reports import weeks
from reports.actions import schedule as actions
from reports.models import SummaryEdition, SummarySchedule
from reports.queries import schedule as queries
from reports.tasks import make_due_summaries
from units.models import Post

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 16)  # a Monday
FRIDAY = dt.datetime(2026, 4, 17, 18, 0, tzinfo=weeks.ZONE)
LIST, NEW = reverse("reports:schedules"), reverse("reports:schedule_new")


@pytest.fixture
def w(clock):
    """Thursday noon of the fifth week; the office has a workbook of the county made on Fridays at six."""
    clock.hold(2026, 4, 16, 12)
    world = make_world(start=START)
    world.schedule = scheduled(world, recipients=[world.c.office, world.c.general])
    return world


def scheduled(w, organization=None, by=None, **changes):
    plan = {"tables": ["participation", "handling"], "period": "week", "weekday": 4, "hour": 18} | changes
    plan["recipients"] = plan.get("recipients") or [w.c.general]
    organization = organization or w.t.county
    return actions.add_schedule(
        by=by or w.c.office, batch=w.batch, organization=organization, plan=actions.Plan(**plan)
    )


def beat(capture):
    with capture(execute=True):
        return make_due_summaries()


def told(user, part="每周汇总表"):
    texts = [str(note) for note in Notification.objects.filter(user=user)]
    return [text for text in texts if part in text]


# ---------------------------------------------------------------- when
def test_it_is_made_at_its_hour_once_and_caught_up_once(w, clock, django_capture_on_commit_callbacks):
    capture = django_capture_on_commit_callbacks
    clock.hold(2026, 4, 17, 17, 59)
    assert beat(capture) == 0
    clock.hold(2026, 4, 17, 18, 0)
    assert (beat(capture), beat(capture)) == (1, 0)
    (edition,) = SummaryEdition.objects.all()
    assert (edition.due_at, edition.first, edition.last) == (FRIDAY, dt.date(2026, 4, 13), dt.date(2026, 4, 17))
    clock.hold(2026, 5, 11, 9)  # the beat was away for three Fridays
    assert (beat(capture), beat(capture)) == (1, 0)
    assert SummaryEdition.objects.first().last == dt.date(2026, 5, 8)
    assert SummaryEdition.objects.exclude(file="").count() == Job.objects.filter(state="done").count() == 2


def test_two_beats_at_the_same_moment_make_one(w, django_capture_on_commit_callbacks):
    """Both have read the schedule before either wrote."""
    one, other = (SummarySchedule.objects.select_related("batch", "organization", "owner").get() for _ in range(2))
    assert actions.make_edition(schedule=one, due_at=FRIDAY) is not None
    assert actions.make_edition(schedule=other, due_at=FRIDAY) is None
    edition = SummaryEdition.objects.get()
    edition.pk = None
    edition.job = None
    with pytest.raises(IntegrityError), transaction.atomic():
        edition.save(force_insert=True)


@pytest.mark.once
def test_a_week_without_a_working_day_is_left_out(w):
    new_year = dt.datetime(2026, 2, 20, 18, tzinfo=weeks.ZONE)  # in the week of the Spring Festival
    w.schedule.done_until = new_year - dt.timedelta(days=8)
    assert not queries.works(new_year.date() - dt.timedelta(days=4))
    assert queries.last_due(w.schedule, new_year) == new_year - weeks.WEEK
    w.schedule.done_until = new_year - weeks.WEEK
    assert queries.last_due(w.schedule, new_year) is None
    assert queries.next_due(w.schedule, new_year) == new_year + weeks.WEEK


@pytest.mark.once
def test_the_days_of_each_period(w):
    def days(period, last):
        w.schedule.period = period
        return queries.days_of(w.schedule, last)

    friday, monday = FRIDAY.date(), dt.date(2026, 4, 20)
    assert days("week", friday) == (dt.date(2026, 4, 13), friday)
    assert days("week", monday) == (dt.date(2026, 4, 13), dt.date(2026, 4, 19))
    assert days("whole", friday) == (START, friday)
    second = w.batch.stages.order_by("position")[1]
    assert days("stage", second.starts_on) == (second.starts_on, second.starts_on)
    assert days("stage", second.starts_on - dt.timedelta(days=1))[0] == START


@pytest.mark.once
def test_the_proposal_follows_the_reports_of_the_playbook(w, client):
    client.force_login(w.c.office)
    form = client.get(NEW).context["form"]
    rule = next(rule for rule in w.playbook.reports if rule.reporter == "unit")
    assert (rule.weekday, rule.time) == (4, None), "due on Friday, no hour named"
    assert (form["weekday"].value(), form["hour"].value()) == (4, 18)
    assert form["recipients"].value() == [w.c.office.pk]


# ---------------------------------------------------------------- with whose rights, for whom
def test_confidential_tables_are_in_it_only_if_all_who_get_it_may_count_papers(
    w, client, django_capture_on_commit_callbacks
):
    alone = scheduled(w, recipients=[w.c.office])
    made = {}
    for schedule in (w.schedule, alone):
        with django_capture_on_commit_callbacks(execute=True):
            edition = actions.make_edition(schedule=schedule, due_at=FRIDAY)
        edition.refresh_from_db()
        with edition.file.open("rb") as file:
            made[edition] = load_workbook(BytesIO(file.read())).sheetnames
    assert list(made.values()) == [["目录", "参加情况"], ["目录", "参加情况", "登记处理"]]
    open_one, confidential = (reverse("reports:edition", args=[edition.pk]) for edition in made)
    for person, codes in ((w.c.office, (200, 200)), (w.c.general, (200, 404)), (w.c.secretary, (404, 404))):
        client.force_login(person)
        assert tuple(client.get(url).status_code for url in (open_one, confidential)) == codes
    assert AuditEntry.objects.filter(action=actions.FETCHED).count() == 3
    assert len(told(w.c.general)) == 1
    assert told(w.c.general)[0].startswith("中共青岚县委员会的每周汇总表已生成，统计时间4月13日至4月17日")


def test_whoever_lost_the_post_meanwhile_neither_has_it_made_nor_gets_it(w, clock, django_capture_on_commit_callbacks):
    health = scheduled(w, organization=w.t.health, by=w.c.general, recipients=[w.c.secretary, w.c.office])
    Post.objects.filter(user=w.c.secretary).update(to_date=dt.date(2026, 4, 16))
    clock.hold(2026, 4, 17, 18, 0)
    assert beat(django_capture_on_commit_callbacks) == 2
    assert told(w.c.secretary) == []
    assert len(told(w.c.office, "县卫生局党委的每周汇总表已生成")) == 1
    Post.objects.filter(user=w.c.general).delete()
    clock.hold(2026, 4, 24, 18, 0)
    assert beat(django_capture_on_commit_callbacks) == 1, "the office's own goes on"
    health.refresh_from_db()
    assert health.state == SummarySchedule.State.STOPPED
    assert len(told(w.c.office, "请接管或删除")) == 1
    clock.hold(2026, 5, 1, 18, 0)
    beat(django_capture_on_commit_callbacks)
    assert len(told(w.c.office, "请接管或删除")) == 1
    actions.resume(by=w.c.office, schedule=health)
    clock.hold(2026, 5, 8, 18, 0)
    assert beat(django_capture_on_commit_callbacks) == 2
    assert health.editions.count() == 2


def test_who_loses_the_right_between_the_hour_and_the_work_gets_nothing(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as waiting:
        edition = actions.make_edition(schedule=w.schedule, due_at=FRIDAY)
    Post.objects.filter(user=w.c.office).delete()
    with django_capture_on_commit_callbacks(execute=True):
        for callback in waiting:
            callback()
    edition.refresh_from_db()
    assert (edition.job.state, bool(edition.file)) == (Job.State.FAILED, False)
    assert len(told(w.c.general, "请接管或删除")) == 1


def test_who_may_not_have_it_cannot_be_put_down_for_it(w):
    with pytest.raises(actions.MayNotReceive) as refused:
        scheduled(w, recipients=[w.c.general, w.c.secretary])
    assert refused.value.people == [w.c.secretary]
    with pytest.raises(actions.NobodyReceives):
        actions.add_schedule(
            by=w.c.office, batch=w.batch, organization=w.t.county, plan=actions.Plan([], "week", 4, 18, [])
        )
    assert SummarySchedule.objects.count() == 1


# ---------------------------------------------------------------- the pages
def test_the_office_sets_changes_pauses_resumes_and_deletes_one(w, client, django_capture_on_commit_callbacks):
    client.force_login(w.c.general)
    form = {"period": "stage", "weekday": "0", "hour": "8", "recipients": [w.c.general.pk, w.c.secretary.pk]}
    answer = client.post(f"{NEW}?organization={w.t.health.pk}", form | {"tables": ["ledger"]})
    assert answer.url == LIST
    made = SummarySchedule.objects.get(organization=w.t.health)
    assert (made.owner, made.tables, made.weekday, made.hour) == (w.c.general, ["ledger"], 0, 8)
    wrong = client.post(f"{NEW}?organization={w.t.health.pk}", form | {"recipients": [w.c.archives.pk]})
    assert "recipients" in wrong.context["form"].errors

    page = reverse("reports:schedule_edit", args=[made.pk])
    version = client.get(page).context["form"]["version"].value()
    assert client.post(page, form | {"hour": "9", "version": version}).url == LIST
    assert "重新打开" in client.post(page, form | {"hour": "7", "version": version}).content.decode()
    for name, state in (("pause", "paused"), ("resume", "active"), ("resume", "active")):
        client.post(reverse(f"reports:schedule_{name}", args=[made.pk]))
        made.refresh_from_db()
        assert (made.state, made.hour) == (state, 9)
    client.post(reverse("reports:schedule_pause", args=[made.pk]))
    made.refresh_from_db()
    assert queries.for_list(w.c.general).get(pk=made.pk).state == "paused"
    client.post(reverse("reports:schedule_remove", args=[made.pk]))
    assert not SummarySchedule.objects.filter(pk=made.pk).exists()
    done = AuditEntry.objects.filter(action__startswith="summary_schedule.", object_id=str(made.pk))
    assert [entry.action for entry in done.order_by("pk")] == [
        actions.KEPT,
        actions.KEPT,
        actions.PAUSED,
        actions.RESUMED,
        actions.PAUSED,
        actions.REMOVED,
    ]


def test_a_workbook_outlives_its_schedule(w, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        edition = actions.make_edition(schedule=w.schedule, due_at=FRIDAY)
    w.schedule.refresh_from_db()
    actions.remove(by=w.c.office, schedule=w.schedule)
    client.force_login(w.c.general)
    assert client.get(reverse("reports:edition", args=[edition.pk])).status_code == 200


def test_the_list_shows_ones_own_scope_at_the_same_number_of_queries(w, client):
    def counted():
        client.get(LIST)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(LIST)
        return len(captured), answer

    client.force_login(w.c.office)
    one, answer = counted()
    (line,) = answer.context["page"].object_list
    assert (line.next, line.last, line.entitled) == (FRIDAY, None, sorted([w.c.office, w.c.general], key=str))
    for organization in (w.t.health, w.t.archives):
        scheduled(w, organization=organization, recipients=[w.c.office, w.c.general])
    three, answer = counted()
    assert (three, len(answer.context["page"].object_list)) == (one, 3)
    client.force_login(w.c.secretary)
    (line,) = client.get(LIST).context["page"].object_list
    assert (line.schedule.organization, line.may_change) == (w.t.health, False)
    assert client.get(NEW).status_code == 403
    url = reverse("reports:schedule_edit", args=[w.schedule.pk])
    assert client.get(url).status_code == 404
