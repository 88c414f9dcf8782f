"""Two at once, in real transactions: one answer to a leave, one leave, one instruction, one attendance, no lost day."""

import datetime as dt

import pytest

from accounts import clock
from accounts.models import AuditEntry, User
from campaign.models import Batch
from supervision import actions as supervision
from supervision import staffing
from supervision.actions import instructions, leave, staff
from supervision.models import AttendanceSheet, DutyDay, InstructionRequest, Leave
from supervision.queries.instructions import At, Place
from supervision.tests.factories import make_supervised_world
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]
TIMES = 5


@pytest.fixture
def w():
    return make_supervised_world(playbook="xingwen-county")


def again(user):
    return User.objects.get(pk=user.pk)


def ask(user, batch, first):
    def job():
        by, campaign = again(user), Batch.objects.select_related("campaign__host").get(pk=batch.pk).campaign
        team = staffing.teams_of(by, campaign)[0]
        return leave.ask_leave(by=by, campaign=campaign, team=team, from_date=first, to_date=first, reason="探亲")

    return job


def test_two_heads_answer_one_leave(w):
    second = User.objects.create(username="second_head", name="副组长")
    supervision.add_member(by=w.c.office, group=w.group, user=second, head=True)
    for time in range(TIMES):
        row = ask(w.c.guide_2, w.batch, clock.today() + dt.timedelta(days=time))()

        def decide(user, grant, pk=row.pk):
            one = Leave.objects.select_related("campaign__host", "user").get(pk=pk)
            return lambda: leave.decide_leave(by=again(user), leave=one, grant=grant, answer="不准")

        results = run_together(decide(w.c.guide, True), decide(second, False))
        assert sorted(str(type(result).__name__) for result in results) == ["LeaveMoved", "NoneType"], results
        said = AuditEntry.objects.filter(object_type="supervision.leave", object_id=str(row.pk))
        assert said.filter(action__in=["leave.granted", "leave.refused"]).count() == 1


def test_a_request_sent_twice_is_one_leave(w):
    for time in range(TIMES):
        job = ask(w.c.guide_2, w.batch, clock.today() + dt.timedelta(days=time))
        results = run_together(job, job)
        assert sorted(type(result).__name__ for result in results) == ["Leave", "StaffRefused"], results
    assert Leave.objects.count() == TIMES


def test_an_answer_and_a_passing_up_at_once(w):
    for _time in range(TIMES):
        matter = instructions.Matter("事项", "情况", "建议")
        place = Place(At.OFFICE, w.t.county)
        row = instructions.ask_instruction(
            by=w.c.branch, batch=w.batch, organization=w.t.health_1, to=place, matter=matter
        )

        def of(pk=row.pk):
            return InstructionRequest.objects.select_related("batch__campaign__host", "addressee", "asked_by").get(
                pk=pk
            )

        one, two = of(), of()
        results = run_together(
            lambda one=one: instructions.answer(by=again(w.c.office), request=one, text="同意"),
            lambda two=two: instructions.pass_up(by=again(w.c.general), request=two, remark="请定"),
        )
        late = [r for r in results if isinstance(r, (instructions.InstructionMoved, instructions.NotYoursToAnswer))]
        assert len(late) == 1, results
        row.refresh_from_db()
        assert row.state in {"answered", "passed_up"}
        assert row.steps.count() == 2


def test_two_sheets_of_one_day(w):
    def save(user, state, version):
        rows = {w.c.guide.pk: (state, "")}
        campaign = Batch.objects.select_related("campaign__host").get(pk=w.batch.pk).campaign
        return lambda: staff.save_attendance(
            by=again(user), campaign=campaign, day=clock.today(), version=version, rows=rows
        )

    for version in range(TIMES):
        results = run_together(save(w.c.office, "present", version), save(w.c.general, "absent", version))
        assert sorted(type(result).__name__ for result in results) == ["AttendanceChanged", "NoneType"], results
    assert AttendanceSheet.objects.get().version == TIMES


def test_two_exchanges_of_one_day_lose_nobody(w):
    days = [clock.today() + dt.timedelta(days=n) for n in (1, 2, 3)]
    people = [w.c.guide, w.c.guide_2, w.c.general]
    one, two, three = (
        DutyDay.objects.create(campaign=w.batch.campaign, day=day, user=user)
        for day, user in zip(days, people, strict=True)
    )

    def of(duty):
        return DutyDay.objects.select_related("user", "campaign__host").get(pk=duty.pk)

    pairs = [(of(one), of(two)), (of(one), of(three))]
    results = run_together(
        *(lambda pair=pair: staff.exchange(by=again(w.c.office), duty=pair[0], other=pair[1]) for pair in pairs)
    )
    assert sorted(type(result).__name__ for result in results) == ["DutyMoved", "NoneType"], results
    assert set(DutyDay.objects.values_list("user", flat=True)) == {user.pk for user in people}
