"""Dates of what has been done cannot lie ahead."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_noop

from accounts import clock
from units.refusals import WrongDate


def not_in_future(on: dt.date | None) -> None:
    """Raises WrongDate; a day that is not given passes."""
    today = clock.today()
    if on is not None and on > today:
        raise WrongDate(
            gettext_noop("%(on)s lies ahead (today is %(today)s). Enter it on the day itself."),
            on=on.isoformat(),
            today=today.isoformat(),
        )
