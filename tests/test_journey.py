"""The county's journey on its real roster, by the same actions as the pages: roster in, set up, a stage worked through
and reviewed, one branch failing into a make-up, into the second stage, a survey, the bulletin and the summary out."""

from __future__ import annotations

import datetime as dt
import random
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings

from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from campaign import actions
from campaign.models import Participation, RollEntry, StageProgress
from campaign.playbook import available, load_file
from campaign.setup import propose
from reports.rehearsal import Figures, deeds
from reports.rehearsal.scene import Cast, Scene, Unit
from supervision import rules
from supervision.actions import decisions, groups, makeups, transitions
from supervision.gates import gate_of
from supervision.models import Decision, MakeUpOrder, Transition
from units.actions.roster import import_workbook
from units.models import Member, Organization, WorkUnit
from units.tests.factories import give_post, user_with

ROSTER = Path(settings.BASE_DIR) / "samples" / "county-roster-2026.xlsx"
START = dt.date(2026, 10, 19)
LEADING = ("C01", "G01", "Z097")  # a committee of five branches, a general branch, a branch alone


@pytest.fixture(params=[book.key for book in available()])
def county(request, db, clock):
    """The whole county imported and set up under a playbook; three units begun."""
    clock.hold(START)
    outcome = import_workbook(by=None, path=ROSTER)
    assert not outcome.errors
    assert (Member.objects.count(), WorkUnit.objects.count()) == (1359, 56)
    c = SimpleNamespace(host=Organization.objects.get(code="A00"), book=load_file(request.param))
    c.office = user_with("office_head", c.host, "office", "周明远")
    c.batch = set_up(c)
    c.general = user_with("office_general", c.host, "general", "邓春梅")
    c.leader = user_with("leading_group_head", c.host, "leader", "罗晓岚")
    c.superior = user_with("organization_secretary", c.host, "superior")
    c.group = groups.create_group(by=c.office, campaign=c.batch.campaign, name="第一督导组", kind="supervision")
    c.supervisor = UserFactory(username="super1", name="王德顺")
    groups.add_member(by=c.office, group=c.group, user=c.supervisor, head=True)
    c.units = [begin(c, code) for code in LEADING]
    return c


def set_up(c):
    campaign = actions.create_campaign(
        by=c.office,
        host=c.host,
        playbook=c.book,
        name="教育活动",
        short_name="全县",
        office_name="县委先教办",
        office_short_name="县先教办",
    )
    first, windows = START, []
    for stage in c.book.stages:
        windows.append(actions.StageWindow(stage.key, first, first + dt.timedelta(days=44)))
        first += dt.timedelta(days=45)
    batch = actions.add_batch(by=c.office, campaign=campaign, number=1, name="第一批", windows=windows)
    for proposal in propose(host=c.host, batch=batch):
        if proposal.proposed:
            actions.add_participation(
                by=c.office, batch=batch, organization=proposal.organization, work_unit=proposal.work_unit
            )
    governed = Participation.objects.filter(batch=batch)
    assert governed.count() == 55  # 56 units; the work committee's own has no branch
    return batch


def begin(c, code):
    organization = Organization.objects.get(code=code)
    groups.assign(by=c.office, group=c.group, organization=organization)
    u = SimpleNamespace(
        participation=Participation.objects.select_related("organization", "batch__campaign").get(
            organization=organization
        )
    )
    u.secretary = UserFactory(username=f"s-{code}")
    give_post(u.secretary, organization, "branch_secretary" if organization.is_branch else "organization_secretary")
    actions.start(by=c.office, participation=u.participation, on=START)
    return u


def fresh(u):
    u.participation = Participation.objects.select_related("organization", "batch__campaign").get(pk=u.participation.pk)
    return u.participation.current()


def work_through(c, u, day):
    """Do everything that the stage and its gate ask for, by the deeds of the rehearsal."""
    fresh(u)
    unit = Unit(u.participation, u.secretary)
    cast = Cast(c.office, c.general, c.superior, {u.participation.organization_id: u.secretary})
    dice = random.Random(1)
    scene = Scene(cast=cast, unit=unit, first=day, days=30, dice=dice, figures=Figures())
    asked = [action.tool for action in scene.evidence.actions if action.tool and action.gate]
    for deed in deeds.wanted(asked, ["actions", *(check.check for check in scene.evidence.stage.gate)]):
        scene.look_again()
        deed(scene)


def apply(c, u):
    fresh(u)
    parts = {part.key: f"{part.name}：已按方案完成。" for part in c.book.transition.parts}
    return transitions.apply(by=u.secretary, participation=u.participation, parts=parts)


def agree(c, transition):
    for step in c.book.transition.steps:
        spoken = set(transition.decisions.values_list("by_id", flat=True))
        by = next(user for user in rules.deciders(transition, step.body) if user.pk not in spoken)
        ruling = decisions.Ruling(verdict=Decision.Verdict.AGREE, reason="同意")
        decisions.decide(by=by, transition=transition, body=step.body, ruling=ruling)
    if c.book.transition.meeting:
        meeting = transitions.Meeting(held_on=START + dt.timedelta(days=44), place="礼堂", speaker="书记", present=20)
        transitions.record_meeting(by=c.office_of(transition), transition=transition, meeting=meeting)


def test_from_the_roster_into_the_second_stage(county, clock):
    c = county
    committee, general, alone = c.units
    secretaries = {u.participation.pk: u.secretary for u in c.units}
    c.office_of = lambda transition: secretaries[transition.participation_id]

    clock.hold(START + dt.timedelta(days=20))
    if c.book.key == "linyi-city":  # its source orders nothing for the first stage
        assert gate_of(committee.participation, fresh(committee)).open
    else:
        with pytest.raises(transitions.TransitionRefused):
            apply(c, committee)  # nothing has been done: the gate is shut (J-01)
    for u in c.units:
        work_through(c, u, START + dt.timedelta(days=2))

    clock.hold(START + dt.timedelta(days=44))
    for u in c.units:
        gate = gate_of(u.participation, fresh(u))
        assert gate.open, [str(f.title) for f in gate.blocking]

    # Two pass at the first attempt.
    for u in (committee, general):
        agree(c, apply(c, u))
        assert fresh(u).stage == c.book.stages[1].key
        first = u.participation.progress.get(stage=c.book.stages[0].key)
        assert first.state == StageProgress.State.DONE
        assert RollEntry.objects.filter(progress=first).count() == RollEntry.objects.filter(progress=fresh(u)).count()

    # The branch alone fails into a make-up, makes it up, and passes at the second attempt.
    attempt = apply(c, alone)
    terms = makeups.MakeUpTerms(
        organization=alone.participation.organization,
        items=["重新组织大讨论"],
        due_on=START + dt.timedelta(days=54),
        unsolid_work=True,
    )
    ruling = decisions.Ruling(verdict=Decision.Verdict.MAKE_UP, reason="走过场", makeup=terms)
    body = c.book.transition.steps[0].body
    by = rules.deciders(attempt, body)[0]
    decisions.decide(by=by, transition=attempt, body=body, ruling=ruling)
    with pytest.raises(transitions.TransitionRefused):
        apply(c, alone)  # nobody passes with an open make-up (J-12)
    order = MakeUpOrder.objects.get()
    makeups.record_item(
        by=alone.secretary, item=order.items.get(), done_on=START + dt.timedelta(days=44), evidence="已重新组织"
    )
    makeups.report_makeup(by=alone.secretary, order=order)
    makeups.recheck(by=c.supervisor, order=order, close=True, note="复查合格")
    agree(c, apply(c, alone))
    assert fresh(alone).stage == c.book.stages[1].key

    attempts = Transition.objects.filter(participation=alone.participation).order_by("attempt")
    assert list(attempts.values_list("attempt", "state")) == [(1, "make_up"), (2, "completed")]
    for transition in Transition.objects.filter(state="completed"):
        bodies = {d.body for d in transition.decisions.filter(verdict="agree")}
        assert bodies == {step.body for step in c.book.transition.steps}
        assert transition.findings, "findings are frozen with the application"
    assert AuditEntry.objects.filter(action="participation.stage_moved").count() == 3
