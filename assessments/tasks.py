"""What the clock sets going in this room."""

from __future__ import annotations

from celery import shared_task
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import clock
from assessments.actions import poll_counting
from assessments.actions.handling import remind_of_dates
from assessments.actions.turnout import keep_turnout
from assessments.ballots.sealing import BrokenSeal
from assessments.models import Poll
from jobs.registry import JobFailed, JobTakenOver, Run, job_kind


@shared_task
def remind_of_handling() -> int:
    """Remind of dates by which members have to mend (P-10). Safe to run twice: a case is reminded of once."""
    return remind_of_dates(clock.today())


@shared_task
def keep_turnout_of_the_day() -> int:
    """Keep how many ballots each unit has by the end of the day, in tens. Safe to run twice."""
    return keep_turnout(clock.today())


@job_kind("poll.count", _("Count an anonymous survey"))
def count_poll(run: Run) -> None:
    """Count a survey whose key was handed over. A count that breaks off leaves the survey closed and uncounted."""
    poll = Poll.objects.select_related("batch__campaign", "organization").get(pk=run.args["poll"])
    run.lead_to(reverse("assessments:poll", args=[poll.pk]))
    if poll.state == Poll.State.CLOSED:
        return
    name = run.args["handover"]
    try:
        private = poll_counting.take_key(poll, name)
    except poll_counting.KeyLost as lost:
        poll_counting.drop_key(poll, name)
        raise JobFailed(
            gettext_noop("The key is no longer at hand. No ballot is lost: enter the passphrase again to count.")
        ) from lost

    def progress(done: int, total: int) -> None:
        run.progress(done, total, gettext_noop("%(opened)s of %(cast)s ballots opened"), opened=done, cast=total)

    try:
        poll_counting.count(by=run.owner, poll=poll, private=private, progress=progress)
    except JobTakenOver:
        raise  # another worker counts with the same key
    except Exception as error:
        poll_counting.drop_key(poll, name)
        _say_why(error)
        raise
    poll_counting.drop_key(poll, name)


def _say_why(error: Exception) -> None:
    """Raise what the owner should read about a count that could not be done."""
    if isinstance(error, poll_counting.CountDiffers):
        text = gettext_noop("Codes, unused codes and ballots do not add up in: %(units)s. Nothing was counted.")
        raise JobFailed(text, units="、".join(error.names)) from error
    if isinstance(error, BrokenSeal):
        text = gettext_noop("A ballot in the urn does not open: the database was tampered with. Nothing was counted.")
        raise JobFailed(text) from error
