"""The reply to an application (批复, J-11): given with the word that ends the review, numbered by campaign and year."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max

from accounts import clock
from accounts.models import User
from supervision.models import Reply, Transition

TRIES = 20  # how many others may take a number at the same moment


def issue_reply(*, by: User, application: Transition) -> Reply:
    """Number the reply to an application that has just been decided. Call inside the transaction of the decision."""
    campaign, today = application.participation.batch.campaign, clock.today()
    for tries_left in reversed(range(TRIES)):
        taken = Reply.objects.filter(campaign=campaign, year=today.year).aggregate(last=Max("number"))["last"]
        try:
            with transaction.atomic():
                return Reply.objects.create(
                    transition=application,
                    campaign=campaign,
                    year=today.year,
                    number=(taken or 0) + 1,
                    issued_on=today,
                    issued_by=by,
                )
        except IntegrityError:
            if not tries_left:
                raise
    raise AssertionError("the last try returns or raises")
