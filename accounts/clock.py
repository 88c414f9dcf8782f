"""The one place that says what time it is, so that a rehearsal and a test can stand at another moment."""

import contextlib
import contextvars
import datetime as dt
from collections.abc import Iterator

from django.utils import timezone

_frozen: contextvars.ContextVar[dt.datetime | None] = contextvars.ContextVar("clock", default=None)


def now() -> dt.datetime:
    """The current moment, aware."""
    return _frozen.get() or timezone.now()


def today() -> dt.date:
    """Today in the campaign's local time (decision 18)."""
    return timezone.localtime(now()).date()


@contextlib.contextmanager
def freeze(moment: dt.datetime | dt.date | None) -> Iterator[None]:
    """Hold the clock at `moment`; a date means nine in the morning, local time; None lets it run."""
    if moment is not None and not isinstance(moment, dt.datetime):
        moment = dt.datetime.combine(moment, dt.time(9, 0))
    if moment is not None and timezone.is_naive(moment):
        moment = timezone.make_aware(moment)
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
