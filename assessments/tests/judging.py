"""Opinions and the playbook's rules about them, for tests."""

import dataclasses

from accounts import clock
from assessments.actions import appraisals, handling
from assessments.models import Appraisal, Handling, MemberTest
from campaign.tests.factories import record
from units.models import Member

DRAFT = appraisals.Draft(
    basis=["constitution", "concretes", "masses"],
    opinion="能够履行党员义务，群众反映较好。",
    shortcomings="理论学习不够系统。",
    verdict="qualified",
)


def rule_of(w, part="appraisal", **changes):
    """Let the batch's playbook say otherwise on opinions (or on handling, or analysis)."""
    campaign = w.batch.campaign
    campaign.snapshot = {**campaign.snapshot, part: {**campaign.snapshot.get(part, {}), **changes}}
    campaign.save()
    w.batch = type(w.batch).objects.select_related("campaign__host").get(pk=w.batch.pk)
    w.playbook = w.batch.campaign.playbook


def appraise(w, member, *, by=None, verdict="qualified"):
    """A decided opinion."""
    hand = by or w.c.branch
    drafted = appraisals.draft_appraisal(
        by=hand, batch=w.batch, member=member, draft=dataclasses.replace(DRAFT, verdict=verdict)
    )
    appraisals.decide_appraisal(by=hand, appraisal=drafted, on=clock.today())
    return Appraisal.objects.select_related("batch__campaign", "member__user", "organization").get(pk=drafted.pk)


def furnish(w, p):
    """An opinion with an appeal, a test, help, and a case that waits for consent, on the first member of a branch."""
    today = clock.today()
    for member in Member.objects.filter(organization=p.branch).order_by("pk")[:2]:
        found = appraise(w, member, by=w.hand)
        if member.pk == p.member.pk:
            p.appeal = appraisals.file_appeal(by=w.hand, appraisal=found, text="请求复议。")
    p.ceremony = record(w, p.branch, by=w.hand, action="oath", title="重温入党誓词")
    p.member_test = MemberTest.objects.create(
        batch=w.batch, member=p.member, organization=p.branch, round=1, held_on=today, voters=10,
        counts={"satisfied": 10}, entered_by=w.hand,
    )  # fmt: skip
    p.help = handling.give_help(
        by=w.hand, batch=w.batch, member=p.member, cause="duties", plan="每周谈心。", begun_on=today, until=today,
        helper_name="帮扶人",
    )  # fmt: skip
    p.handling = Handling.objects.create(
        batch=w.batch, member=p.member, organization=p.branch, cause="left", state="proposed", outcome="registered",
        meeting_on=today, opened_on=today, opened_by=w.hand,
    )  # fmt: skip
