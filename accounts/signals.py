"""Sign-ins, sign-outs and lockouts leave a line of history."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver

from accounts import actions, audit
from accounts.models import User


@receiver(user_logged_in)
def _signed_in(sender: Any, user: User, **_: Any) -> None:
    audit.record(actions.SIGNED_IN, by=user, obj=user)


@receiver(user_logged_out)
def _signed_out(sender: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        audit.record(actions.SIGNED_OUT, by=user, obj=user)


@receiver(user_locked_out)
def _locked_out(sender: Any, username: str = "", **_: Any) -> None:
    audit.record(
        actions.LOCKED_OUT,
        by=None,
        obj=User.objects.filter(username=username).first(),
        data={"username": username},
    )
