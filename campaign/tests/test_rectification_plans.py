"""Plans: the notice must have run out, each owner's way of adoption, versions, who is missing at the gate."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts import clock
from accounts.models import Notification
from campaign import rectification
from campaign.actions import rectification_plans as actions
from campaign.actions import withdraw_notice
from campaign.findings import run_gate
from campaign.models import PublicNotice, RectificationPlan
from campaign.playbook import Check
from campaign.rectification_checks import plans as count_plans
from campaign.tests.factories import evidence_of, make_world

pytestmark = pytest.mark.django_db
State = RectificationPlan.State
DAY = dt.timedelta(days=1)


@pytest.fixture
def w():
    return make_world()


def write(w, owner="member", organization=None, member=None, by=None):
    return actions.write_plan(
        by=by or w.c.branch,
        batch=w.batch,
        owner=owner,
        organization=organization or w.t.health_1,
        member=member,
        contents="改进作风",
        measures="每周走访",
    )


def of_member(w, at=0):
    return write(w, member=w.t.members["Z003"][at])


def fresh(plan):
    return RectificationPlan.objects.select_related("notice", "organization", "batch__campaign").get(pk=plan.pk)


def shown(w, plan, by=None):
    actions.show_plan(by=by or w.c.branch, plan=plan)
    return fresh(plan)


def test_a_plan_is_shown_within_its_scope_for_the_days_of_the_rule(w):
    for plan, scope in (
        (of_member(w), "branch"),
        (write(w, "organization", w.t.health), "unit"),
        (write(w, "unit", w.t.health), "public"),
    ):
        notice = shown(w, plan).notice
        assert notice.scope == scope
        assert (notice.ends_on - notice.starts_on).days == 6, "seven days, both included"


def test_not_adopted_before_the_notice_has_run_out_at_the_boundary(w):
    plan = shown(w, of_member(w))
    last = plan.notice.ends_on
    with clock.freeze(last):
        with pytest.raises(actions.NoticeRuns) as runs:
            actions.adopt_by_meeting(by=w.c.branch, plans=[plan], on=last, present=3, votes=3)
        assert runs.value.until == last
    assert fresh(plan).state == State.NOTICE
    with clock.freeze(last + DAY):
        assert actions.adopt_by_meeting(by=w.c.branch, plans=[plan], on=last + DAY, present=3, votes=3) == 1
    adopted = fresh(plan)
    assert (adopted.state, adopted.adopted_on, adopted.present, adopted.votes) == (State.ADOPTED, last + DAY, 3, 3)


def test_a_meeting_that_was_held_while_it_was_shown_does_not_count_later(w):
    plan = shown(w, of_member(w))
    with clock.freeze(plan.notice.ends_on + 5 * DAY), pytest.raises(actions.NoticeRuns):
        actions.adopt_by_meeting(by=w.c.branch, plans=[plan], on=plan.notice.ends_on, present=3, votes=3)


def test_one_meeting_adopts_many_or_none(w):
    early = shown(w, of_member(w, 0))
    after = early.notice.ends_on + DAY
    with clock.freeze(clock.today() + DAY):
        late = shown(w, of_member(w, 1))
    with clock.freeze(after):
        with pytest.raises(actions.NoticeRuns):
            actions.adopt_by_meeting(by=w.c.branch, plans=[early, late], on=after, present=3, votes=2)
        assert fresh(early).state == State.NOTICE
    with clock.freeze(after + DAY):
        assert actions.adopt_by_meeting(by=w.c.branch, plans=[early, late], on=after + DAY, present=3, votes=2) == 2


@pytest.mark.parametrize(("votes", "adopted"), [(2, False), (3, True)])
def test_more_than_half_of_those_present(w, votes, adopted):
    plan = shown(w, of_member(w))
    after = plan.notice.ends_on + DAY
    with clock.freeze(after):
        if not adopted:
            with pytest.raises(actions.NotAMajority):
                actions.adopt_by_meeting(by=w.c.branch, plans=[plan], on=after, present=4, votes=votes)
        else:
            actions.adopt_by_meeting(by=w.c.branch, plans=[plan], on=after, present=4, votes=votes)
    assert (fresh(plan).state == State.ADOPTED) is adopted


def test_the_superior_agrees_and_nobody_agrees_to_his_own(w, django_capture_on_commit_callbacks):
    plan = write(w, "organization", w.t.health, by=w.c.secretary)
    plan = shown(w, plan, by=w.c.secretary)
    assert not rectification.can_agree(w.c.secretary, plan)
    assert rectification.can_agree(w.c.office, plan)
    with pytest.raises(actions.NoticeRuns):
        actions.agree_to_plan(by=w.c.office, plan=plan)
    with clock.freeze(plan.notice.ends_on + DAY), django_capture_on_commit_callbacks(execute=True):
        actions.agree_to_plan(by=w.c.office, plan=plan)
    assert fresh(plan).adopted_by == w.c.office
    assert Notification.objects.filter(user=w.c.secretary, message__contains="agreed").exists()


def test_returned_it_is_a_draft_with_the_reason_and_needs_a_new_notice(w):
    plan = shown(w, write(w, "organization", w.t.health))
    actions.return_plan(by=w.c.office, plan=plan, reason="措施太空")
    back = fresh(plan)
    assert (back.state, back.returned, back.notice) == (State.DRAFT, "措施太空", None)
    assert PublicNotice.objects.get().withdrawn_at is not None
    again = shown(w, back)
    assert (again.state, again.returned) == (State.NOTICE, "")


def test_a_unit_commits_itself_in_public(w):
    plan = shown(w, write(w, "unit", w.t.health))
    after = plan.notice.ends_on + DAY
    with clock.freeze(after):
        actions.commit_publicly(by=w.c.secretary, plan=plan, on=after, medium="县电视台")
    assert (fresh(plan).state, fresh(plan).medium) == (State.ADOPTED, "县电视台")


def test_changed_after_its_notice_the_old_wording_is_kept_and_the_notice_is_taken_down(w):
    plan = shown(w, of_member(w))
    notice = plan.notice
    actions.change_plan(by=w.c.branch, plan=plan, contents="新的内容", measures="每周走访", items=())
    changed = fresh(plan)
    assert (changed.state, changed.notice, changed.contents) == (State.DRAFT, None, "新的内容")
    assert changed.versions.get().contents == "改进作风"
    notice.refresh_from_db()
    assert notice.withdrawn_at is not None
    actions.change_plan(by=w.c.branch, plan=changed, contents="再改", measures="每周走访", items=())
    assert changed.versions.count() == 1, "a draft leaves no version"


def test_a_notice_taken_down_counts_as_never_given(w):
    plan = shown(w, of_member(w))
    withdraw_notice(by=w.c.branch, notice=plan.notice, reason="贴错了")
    after = plan.notice.ends_on + DAY
    with clock.freeze(after), pytest.raises((actions.PlanMoved, actions.NoticeRuns)):
        actions.adopt_by_meeting(by=w.c.branch, plans=[fresh(plan)], on=after, present=3, votes=3)


def test_two_who_act_on_the_same_version(w):
    plan = of_member(w)
    first, second = fresh(plan), fresh(plan)
    actions.show_plan(by=w.c.branch, plan=first)
    with pytest.raises(actions.PlanMoved):
        actions.show_plan(by=w.c.committee, plan=second)
    assert PublicNotice.objects.count() == 1


def test_one_plan_an_owner(w):
    of_member(w)
    with pytest.raises(actions.PlanMoved):
        of_member(w)
    with pytest.raises(IntegrityError), transaction.atomic():
        write(w, "member", member=None)


def test_opinions_only_while_it_is_shown(w):
    plan = of_member(w)
    with pytest.raises(actions.PlanMoved):
        actions.remark_on_plan(by=w.c.branch, plan=plan, source="", text="很好")
    plan = shown(w, plan)
    actions.remark_on_plan(by=w.c.branch, plan=plan, source="群众", text="还要具体")
    assert plan.remarks.get().text == "还要具体"


def adopt(w, plan):
    plan = shown(w, plan)
    after = plan.notice.ends_on + DAY
    with clock.freeze(after):
        actions.commit_publicly(by=w.c.office, plan=plan, on=after, medium="")


def test_the_gate_says_whose_plan_is_missing(w):
    adopt(w, of_member(w))
    adopt(w, write(w, "unit", w.t.health))
    shown(w, write(w, "organization", w.t.health))
    found = {f.key: f for f in run_gate([Check("plans_adopted")], evidence_of(w.p.health))}
    members = found["plans_adopted:member"]
    names = [m.name for m in [*w.t.members["Z003"][1:], *w.t.members["Z004"]]]
    assert not members.passed and sorted(members.missing) == sorted(names)
    assert found["plans_adopted:unit"].passed
    assert found["plans_adopted:organization"].missing == (w.t.health.name,), "shown, not yet agreed"
    counted = count_plans(evidence_of(w.p.health), w.playbook.action("rectification_plans"))
    assert counted.members == {w.t.members["Z003"][0].pk}
    assert dict(counted.organizations) == {w.t.health.pk: 1}
