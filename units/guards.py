"""What a view asks before it shows anything: 404 to outsiders, 403 to who is inside but may not."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404

from units import access
from units.roles import Right


def need_somewhere(user: Any, *rights: Right) -> None:
    """Let pass who holds one of the rights anywhere. Who holds no post at all is not told that the page exists."""
    if any(access.has_anywhere(user, right) for right in rights):
        return
    if access.posts_of(user):
        raise PermissionDenied
    raise Http404


def need(allowed: bool) -> None:
    """Refuse with 403 what a rule does not allow."""
    if not allowed:
        raise PermissionDenied
