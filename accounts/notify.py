"""Putting a line into people's inboxes, once the write it tells of has been committed."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from accounts.models import Notification, User

NEWS, REMINDER, RETURN = Notification.Kind.NEWS, Notification.Kind.REMINDER, Notification.Kind.RETURN


def send(
    to: Iterable[User],
    message: str,
    *,
    url: str = "",
    params: dict[str, Any] | None = None,
    kind: str = NEWS,
    confidential: bool = False,
) -> None:
    """Notify each user once. `message` is a message id marked with gettext_noop; `params` must be JSON-able.

    Who chose so hears of a `kind` REMINDER or RETURN by a mail of its own within minutes, of all else by the digest.
    Of what is `confidential` a mail tells only that there is something to read (decision 20).
    """
    users = {user.pk: user for user in to}

    def create() -> None:
        Notification.objects.bulk_create(
            Notification(
                user_id=pk, message=message, params=params or {}, url=url, kind=kind, confidential=confidential
            )
            for pk in users
        )

    if users:
        transaction.on_commit(create)
