"""The counts beside the menu's entries: every page shows them, and asking all rooms is most of what a page costs.

They are kept for some seconds (settings.MENU_COUNTS_SECONDS), the to-do list itself never is. What a person has just
done shows at once: whatever was kept before his last action is not looked at again. A cookie carries that, not the
cache, which is each process's own where there is no Redis.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from redis import RedisError

from campaign import todo

COOKIE = "acted"
READING = ("GET", "HEAD", "OPTIONS")

logger = structlog.get_logger(__name__)


def counts(request: HttpRequest) -> dict[str, int]:
    """How many things wait behind each entry of the menu, by its URL name."""
    user: Any = request.user
    seconds = settings.MENU_COUNTS_SECONDS
    if not seconds or request.method not in READING:
        return _counted(user)
    key = f"menu-counts:{user.pk}:{_action(request)}"
    try:
        found = None if todo.is_gathered(user) else cache.get(key)
        if found is None:
            found = _counted(user)
            cache.set(key, found, seconds)
    except RedisError as error:  # no page stands or falls with the broker
        logger.warning("menu counts not kept", kind=type(error).__name__)
        found = _counted(user)
    return found


def _counted(user: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for item in todo.gather(user):
        found[item.menu] = found.get(item.menu, 0) + item.count
    return found


def _action(request: HttpRequest) -> str:
    """Which was the person's last action; nothing if it is so long ago that no count from before it is kept."""
    sent = request.COOKIES.get(COOKIE, "")
    return sent if sent.isalnum() and len(sent) <= 16 else ""


class ActedMiddleware:
    """After whatever may have changed something, the browser sends another mark along than before."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        seconds = settings.MENU_COUNTS_SECONDS
        if seconds and request.method not in READING and request.user.is_authenticated:
            response.set_cookie(
                COOKIE,
                secrets.token_hex(6),
                max_age=2 * seconds,
                httponly=True,
                secure=settings.SESSION_COOKIE_SECURE,
                samesite="Lax",
            )
        return response
