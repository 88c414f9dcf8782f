"""The ledger: two-party close-out, deadlines by the clock, compare-and-swap, reopening, checks and counts."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import AuditEntry, Notification
from campaign import rectification
from campaign.actions import rectification as actions
from campaign.findings import run_gate
from campaign.forms.rectification import ItemForm
from campaign.models import RectificationItem
from campaign.playbook import Check
from campaign.playbook.work import Action
from campaign.rectification_checks import ledger as count_ledger
from campaign.tasks import remind_rectification
from campaign.tests.factories import evidence_of, make_world
from units.models import Member
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
State = RectificationItem.State


@pytest.fixture
def w():
    return make_world()


def register(w, organization=None, **data):
    given = {"problem": "窗口服务态度生硬", "kind": "immediate", "responsible_name": "何秀芝", **data}
    return actions.register_item(
        by=w.c.branch,
        batch=w.batch,
        organization=organization or w.t.health_1,
        stage="study",
        data=actions.ItemData(**given),
    )


def fresh(item):
    return RectificationItem.objects.select_related("organization", "responsible_member").get(pk=item.pk)


def in_days(days):
    return clock.today() + dt.timedelta(days=days)


def test_who_reported_it_never_confirms_it(w):
    item = register(w)
    actions.report_done(by=w.c.branch, item=item, text="已整改")
    with pytest.raises(actions.SamePerson):
        actions.confirm_done(by=w.c.branch, item=fresh(item))
    with pytest.raises(actions.SamePerson):
        actions.send_back(by=w.c.branch, item=fresh(item), reason="自己退回")
    assert fresh(item).state == State.REPORTED
    assert not rectification.can_confirm(w.c.branch, fresh(item))
    assert rectification.can_confirm(w.c.secretary, fresh(item))
    actions.confirm_done(by=w.c.secretary, item=fresh(item), text="属实")
    closed = fresh(item)
    assert (closed.state, closed.closed_by) == (State.CLOSED, w.c.secretary)


def test_the_database_refuses_one_person_for_both(w):
    item = register(w)
    with pytest.raises(IntegrityError), transaction.atomic():
        RectificationItem.objects.filter(pk=item.pk).update(reported_by=w.c.branch, closed_by=w.c.branch)


def test_a_committee_member_works_on_it_but_does_not_confirm(w):
    item = register(w)
    actions.report_done(by=w.c.branch, item=item, text="已整改")
    assert not rectification.can_confirm(w.c.committee, fresh(item))
    assert rectification.can_confirm(w.c.supervisor, fresh(item))
    assert rectification.can_confirm(w.c.office, fresh(item))
    assert not rectification.can_confirm(w.c.archives, fresh(item))


def test_sent_back_it_is_open_again_and_can_be_reported_by_another(w, django_capture_on_commit_callbacks):
    item = register(w)
    actions.report_done(by=w.c.committee, item=item, text="已整改")
    with django_capture_on_commit_callbacks(execute=True):
        actions.send_back(by=w.c.branch, item=fresh(item), reason="没有照片")
    again = fresh(item)
    assert (again.state, again.reported_by, again.reported_at) == (State.OPEN, None, None)
    assert again.notes.first().text == "没有照片"
    assert Notification.objects.filter(user=w.c.committee).exists()
    actions.report_done(by=w.c.branch, item=again, text="补了照片")
    actions.confirm_done(by=w.c.secretary, item=fresh(item))
    assert fresh(item).state == State.CLOSED


def test_what_can_only_be_explained_ends_as_explained(w):
    item = register(w, kind="explain", explanation="政策不允许")
    actions.report_done(by=w.c.branch, item=item, text="已在大会说明")
    actions.confirm_done(by=w.c.secretary, item=fresh(item))
    assert fresh(item).state == State.EXPLAINED


@pytest.mark.parametrize("kind", ["time_limit", "joint", "explain"])
def test_the_database_asks_for_what_a_treatment_needs(w, kind):
    with pytest.raises(IntegrityError), transaction.atomic():
        register(w, kind=kind)


def test_two_who_act_on_the_same_version(w):
    item = register(w)
    first, second = fresh(item), fresh(item)
    actions.report_done(by=w.c.branch, item=first, text="已整改")
    with pytest.raises(actions.ItemMoved):
        actions.report_done(by=w.c.committee, item=second, text="也已整改")
    with pytest.raises(actions.ItemMoved):
        actions.change_item(by=w.c.branch, item=second, data=actions.ItemData(problem="改", kind="immediate"))
    assert fresh(item).notes.count() == 1


def test_a_deadline_is_moved_later_only_and_the_old_one_is_kept(w):
    item = register(w, kind="time_limit", deadline=in_days(5))
    with pytest.raises(actions.DeadlineNotLater):
        actions.extend_deadline(by=w.c.branch, item=item, deadline=in_days(5), reason="同一天")
    actions.extend_deadline(by=w.c.branch, item=item, deadline=in_days(9), reason="等设备")
    note = fresh(item).notes.get()
    assert (note.old_deadline, note.new_deadline, note.text) == (in_days(5), in_days(9), "等设备")


def test_a_change_never_moves_a_deadline(w):
    item = register(w, kind="time_limit", deadline=in_days(5))
    actions.change_item(
        by=w.c.branch, item=item, data=actions.ItemData(problem="改", kind="time_limit", deadline=in_days(50))
    )
    assert (fresh(item).problem, fresh(item).deadline) == ("改", in_days(5))


# ---------------------------------------------------------------- the clock
def told(user):
    return list(Notification.objects.filter(user=user).order_by("pk").values_list("message", flat=True))


def test_reminded_overdue_and_escalated_once_each(w, django_capture_on_commit_callbacks):
    deadline = in_days(5)
    item = register(w, kind="time_limit", deadline=deadline)

    def run(day):
        with clock.freeze(day), django_capture_on_commit_callbacks(execute=True):
            return remind_rectification()

    day = dt.timedelta(days=1)
    assert run(deadline - 2 * day) == 0
    assert run(deadline - day) == 1
    assert run(deadline) == 0, "it was told the day before"
    assert not fresh(item).overdue_told_on
    assert run(deadline + day) == 1
    assert run(deadline + 2 * day) == 0
    assert not told(w.c.secretary)
    assert run(deadline + 3 * day) == 1
    assert run(deadline + 4 * day) == 0
    assert len(told(w.c.branch)) == 2
    assert len(told(w.c.secretary)) == 1
    assert "days overdue" in told(w.c.secretary)[0]
    assert fresh(item).notes.filter(kind="escalated").count() == 1
    assert AuditEntry.objects.get(action=actions.ESCALATED).actor_id is None


def test_what_a_kind_asks_for_is_the_playbooks_word():
    """Linyi's second kind is “with effort”: its key says nothing, its treatment asks for a date (O-06)."""
    w = make_world(playbook="linyi-city")
    asked = {kind.key: rectification.treatment(w.playbook, kind.key) for kind in w.playbook.problem_kinds}
    assert asked == {"immediate": "at_once", "effort": "time_limit", "explain": "explain"}
    typed = {"problem": "泊位少", "kind": "effort", "responsible_name": "办公室"}
    form = ItemForm(typed, organization=w.t.health_1, batch=w.batch)
    assert list(form.errors) == ["deadline"]
    assert ItemForm(typed | {"deadline": in_days(9)}, organization=w.t.health_1, batch=w.batch).is_valid()
    register(w, kind="effort", deadline=in_days(9))
    register(w, kind="immediate")
    (finding,) = run_gate([Check("rectification")], evidence_of(w.p.health))
    assert (finding.passed, finding.missing_count) == (False, 1)


def test_after_how_many_days_the_superior_is_told_is_the_playbooks_word(w, django_capture_on_commit_callbacks):
    campaign = w.batch.campaign
    assert (campaign.playbook.ledger.escalation_days, campaign.playbook.ledger.escalation_default) == (3, True)
    campaign.snapshot = {**campaign.snapshot, "ledger": {"escalation_days": 7}}
    campaign.save(update_fields=["snapshot"])
    deadline = in_days(5)
    register(w, kind="time_limit", deadline=deadline)
    for days, heard in ((3, 0), (6, 0), (7, 1), (8, 1)):
        with clock.freeze(deadline + dt.timedelta(days=days)), django_capture_on_commit_callbacks(execute=True):
            remind_rectification()
        assert len(told(w.c.secretary)) == heard, days


def test_a_moved_deadline_is_told_anew_and_a_reported_item_is_left_alone(w):
    item = register(w, kind="time_limit", deadline=in_days(1))
    with clock.freeze(in_days(2)):
        assert remind_rectification() == 1
        actions.extend_deadline(by=w.c.branch, item=fresh(item), deadline=in_days(10), reason="等设备")
    with clock.freeze(clock.today() + dt.timedelta(days=11)):
        assert remind_rectification() == 1
        actions.report_done(by=w.c.branch, item=fresh(item), text="已整改")
    with clock.freeze(clock.today() + dt.timedelta(days=30)):
        assert remind_rectification() == 0


def test_where_nobody_records_above_the_office_is_told(w):
    assert list(rectification.superiors(w.t.health_1)) == [w.c.secretary]
    assert w.c.office in rectification.superiors(w.t.archives)
    upper = user_with("organization_secretary", w.t.work)
    assert rectification.superiors(w.t.archives) == [upper]


def test_due_means_by_the_end_of_the_day(w):
    register(w, kind="time_limit", deadline=clock.today())
    assert not RectificationItem.objects.overdue(clock.today()).exists()
    assert RectificationItem.objects.overdue(in_days(1)).count() == 1


# ---------------------------------------------------------------- again under supervision
def test_reopened_after_a_failed_survey(w):
    item = register(w)
    actions.report_done(by=w.c.branch, item=item, text="已整改")
    actions.confirm_done(by=w.c.secretary, item=fresh(item))
    count = actions.reopen_for_survey(by=w.c.office, items=[fresh(item)], deadline=in_days(15), reason="测评未过")
    again = fresh(item)
    assert count == 1
    assert (again.state, again.reopened, again.deadline, again.closed_by) == (State.OPEN, True, in_days(15), None)
    assert again.notes.first().text == "测评未过"
    actions.report_done(by=w.c.branch, item=again, text="重新整改")
    actions.confirm_done(by=w.c.secretary, item=fresh(item))
    assert fresh(item).reopened, "the mark stays for good"


# ---------------------------------------------------------------- gate and checklist
def finding(w, **params):
    rule = Check("rectification", params=tuple(params.items()))
    return run_gate([rule], evidence_of(w.p.health))[0]


def test_the_check_names_what_is_overdue_or_could_be_mended_at_once(w):
    assert finding(w).passed, "an empty ledger is the checklist's affair"
    register(w)
    register(w, kind="time_limit", deadline=in_days(5), problem="办事流程太长")
    found = finding(w)
    assert not found.passed and found.missing == ("窗口服务态度生硬",)
    with clock.freeze(in_days(6)):
        assert finding(w).missing_count == 2


def test_items_of_branches_count_for_the_unit(w):
    register(w)
    action = next(a for a in w.playbook.actions if a.key == "rectification_action")
    assert isinstance(action, Action)
    counted = count_ledger(evidence_of(w.p.health), action)
    assert counted.organizations == {w.t.health_1.pk: 1, w.t.health.pk: 1}
    assert count_ledger(evidence_of(w.p.archives), action).organizations == {}


def test_the_responsible_member_sees_and_works_on_his_own_item_only(w):
    other = register(w)
    mine = register(w, responsible_member=Member.objects.get(user=w.c.member), responsible_name="")
    assert list(RectificationItem.objects.visible_to(w.c.member)) == [mine]
    assert rectification.can_work_on(w.c.member, mine)
    assert not rectification.can_work_on(w.c.member, other)
    assert not rectification.can_change_item(w.c.member, mine)
