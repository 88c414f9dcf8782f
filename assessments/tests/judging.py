"""Opinions and the playbook's rules about them, for tests."""

import dataclasses

from accounts import clock
from assessments.actions import appraisals
from assessments.models import Appraisal

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
