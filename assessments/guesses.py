"""Slowing those who guess codes, without noting who: one number a minute, for everybody together.

Short typed codes of 80 bits could be guessed by nobody; this keeps the attempt from being free. Whole codes, from a
QR code, are never slowed, so that a guesser cannot keep people with their slips from voting.
"""

from __future__ import annotations

import structlog
from django.core.cache import cache
from redis.exceptions import RedisError

from accounts import clock
from assessments.ballots import codes

MOST_A_MINUTE = 120

logger = structlog.get_logger(__name__)


def slowed(code: str) -> bool:
    """Is this code, right or wrong, to wait because too many wrong ones came in this minute?"""
    if len(code) == codes.LENGTH:
        return False
    try:
        return int(cache.get(_key(), 0)) > MOST_A_MINUTE
    except (RedisError, OSError) as fault:
        # Voting must not stop because a number is lost.
        logger.warning("wrong codes not counted", kind=type(fault).__name__)
        return False


def note_wrong(code: str) -> None:
    """Count a code that was refused."""
    if len(code) == codes.LENGTH:
        return
    try:
        cache.add(_key(), 0, 120)
        cache.incr(_key())
    except ValueError:
        pass  # the minute's number was dropped between the two lines; the next wrong code begins again
    except (RedisError, OSError) as fault:
        logger.warning("wrong codes not counted", kind=type(fault).__name__)


def _key() -> str:
    return f"wrong-codes-{int(clock.now().timestamp()) // 60}"
