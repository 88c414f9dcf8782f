"""Writes to accounts, each with its line of history."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User

ACCOUNT_CREATED = audit.action("account.created", _("Created an account"))
PASSWORD_CHANGED = audit.action("account.password_changed", _("Changed own password"))
PASSWORD_RESET = audit.action("account.password_reset", _("Reset a password"))
ACCOUNT_CLOSED = audit.action("account.closed", _("Closed an account"))
ACCOUNT_REOPENED = audit.action("account.reopened", _("Reopened an account"))
SIGNED_IN = audit.action("account.signed_in", _("Signed in"))
SIGNED_OUT = audit.action("account.signed_out", _("Signed out"))
LOCKED_OUT = audit.action("account.locked_out", _("Locked after failed sign-ins"))

# No 0/O, 1/l/I: a first password is read off a slip of paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_CAPITALS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
_DIGITS = "23456789"


def readable_password() -> str:
    """A first password of 10 characters in 3 classes that can be read from paper."""
    parts = [secrets.choice(_CAPITALS)]
    parts += [secrets.choice(_LETTERS) for _i in range(5)]
    parts += [secrets.choice(_DIGITS) for _i in range(4)]
    return "".join(parts)


@transaction.atomic
def create_account(
    *, by: User | None, username: str, name: str, password: str | None = None, must_change: bool = True
) -> tuple[User, str]:
    """Create an account; returns it with the first password, which is shown once and kept nowhere."""
    password = password or readable_password()
    user = User(username=username, name=name, must_change_password=must_change)
    user.set_password(password)
    user.save()
    audit.record(ACCOUNT_CREATED, by=by, obj=user)
    return user, password


@transaction.atomic
def reset_password(*, by: User, user: User) -> str:
    """Give a new first password; returns it once."""
    password = readable_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "password_changed_at", "must_change_password"])
    audit.record(PASSWORD_RESET, by=by, obj=user)
    return password


@transaction.atomic
def change_password(*, by: User, password: str) -> None:
    """Change one's own password and lift the duty to do so."""
    by.set_password(password)
    by.must_change_password = False
    by.save(update_fields=["password", "password_changed_at", "must_change_password"])
    audit.record(PASSWORD_CHANGED, by=by, obj=by)


@transaction.atomic
def set_active(*, by: User, user: User, active: bool) -> None:
    """Close or reopen an account; a closed one cannot sign in and keeps its history."""
    user.is_active = active
    user.save(update_fields=["is_active"])
    audit.record(ACCOUNT_REOPENED if active else ACCOUNT_CLOSED, by=by, obj=user)
