"""Background work of the core room."""

from __future__ import annotations

import datetime as dt

import structlog
from celery import shared_task
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from campaign import actions
from campaign.actions import digest
from campaign.actions.rectification import remind_items
from campaign.actions.roundtrip import forget_unconfirmed
from campaign.models import Batch
from jobs.registry import JobFailed, Run, job_kind
from units import access
from units.roles import Right

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def remind_rectification() -> int:
    """Every half hour: tell of items due, overdue, and for days overdue the superior; returns how many were told."""
    told = remind_items()
    if told:
        log.info("rectification_reminded", items=told)
    return told


@shared_task(ignore_result=True)
def send_digests() -> int:
    """Every quarter of an hour: send each person the digest whose hour has come; returns how many mails went out."""
    sent = digest.send_digests()
    if sent:
        log.info("digests_sent", mails=sent)
    return sent


@shared_task(ignore_result=True)
def forget_workbooks() -> int:
    """Every hour: let go of lists edited in Excel that nobody has confirmed in time; returns how many."""
    return forget_unconfirmed()


@job_kind("campaign.begin_batch", _("Begin a batch in all its units"))
def begin_batch(run: Run) -> None:
    """Begin each unit that has not begun; taken up again, it goes on where it stopped."""
    batch = Batch.objects.select_related("campaign__host").get(pk=run.args["batch"])
    if run.owner is None or not access.has(run.owner, Right.SET_UP, batch.campaign.host):
        raise JobFailed(gettext_noop("You may no longer set this campaign up. Ask the campaign office."))
    on = dt.date.fromisoformat(run.args["on"])
    waiting = actions.waiting_to_begin(batch)
    total = len(waiting)
    for done, participation in enumerate(waiting):
        run.progress(done, total, gettext_noop("Beginning in %(name)s"), name=participation.organization.name)
        try:
            with transaction.atomic():
                actions.start(by=run.owner, participation=participation, on=on)
        except actions.StageMoved:
            continue  # somebody began it from its own page meanwhile
    run.progress(total, total)
    run.lead_to(reverse("campaign:participations") + f"?batch={batch.pk}")
