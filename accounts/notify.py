"""Putting a line into people's inboxes, once the write it tells of has been committed."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import Notification, User


def send(to: Iterable[User], message: str, *, url: str = "", params: dict[str, Any] | None = None) -> None:
    """Notify each user once. `message` is a message id marked with gettext_noop; `params` must be JSON-able."""
    users = {user.pk: user for user in to}

    def create() -> None:
        Notification.objects.bulk_create(
            Notification(user_id=pk, message=message, params=params or {}, url=url) for pk in users
        )

    if users:
        transaction.on_commit(create)
