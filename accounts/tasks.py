"""What the clock sets going in this room."""

import structlog
from celery import shared_task

from accounts import mailing

log = structlog.get_logger(__name__)


@shared_task(ignore_result=True)
def mail_at_once() -> int:
    """Every minute: mail reminders and what was returned to those who want them at once; returns how many mails."""
    sent = mailing.send_at_once()
    if sent:
        log.info("mailed_at_once", mails=sent)
    return sent
