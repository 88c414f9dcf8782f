"""People whom no mail reaches: to who manages their accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from accounts.models import MailChoice
from campaign.counted import counted
from campaign.todo import Todo
from units import access, queries
from units.roles import Right

PAGE = "units:accounts"


def unreached(user: Any) -> QuerySet[MailChoice] | None:
    """Of the accounts within reach; nobody misses a mail where the server sends none."""
    if not settings.MAIL_GOES_OUT or not access.has_anywhere(user, Right.MANAGE_ACCOUNTS):
        return None
    return MailChoice.objects.failing().filter(user__in=queries.accounts_visible_to(user))


@counted(unreached)
def mail_does_not_arrive(_user: Any, count: int, _due: dt.date | None) -> Todo:
    """Three mails failed in a row, or a digest is hours late."""
    return Todo(
        count,
        Message(gettext_noop("People whom notices by e-mail do not reach")),
        Message(gettext_noop("The reason stands on the page of the account")),
        reverse(PAGE) + "?state=mail",
        Message(gettext_noop("See who")),
        menu=PAGE,
    )
