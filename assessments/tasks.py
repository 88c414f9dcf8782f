"""What the clock sets going in this room."""

from __future__ import annotations

from celery import shared_task

from accounts import clock
from assessments.actions.handling import remind_of_dates


@shared_task
def remind_of_handling() -> int:
    """Remind of dates by which members have to mend (P-10). Safe to run twice: a case is reminded of once."""
    return remind_of_dates(clock.today())
