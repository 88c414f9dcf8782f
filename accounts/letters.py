"""Mails to people: their words in the reader's language, one connection for many, and what to say when one fails.

An address is never written to the log, nor what a mail server answered: it repeats the address.
"""

from __future__ import annotations

import contextlib
import smtplib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_noop

from accounts.messages import Message
from accounts.models import User

NO_SERVER = gettext_noop("The mail server could not be reached.")
NO_SIGN_IN = gettext_noop("The mail server did not accept this application. Tell whoever runs it.")
NO_ADDRESS = gettext_noop("The mail server refused the address (%(code)s). Check how it is written.")
NO_MAIL = gettext_noop("The mail server refused the mail (%(code)s).")
NOT_WRITTEN = gettext_noop("The mail could not be written because of an error in the application.")


class NotSent(Exception):
    """One mail did not go out; `reason` is for people and names no address."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason.id)
        self.reason = reason


class ServerAway(NotSent):
    """No mail can go out now."""


@dataclass(frozen=True)
class Letter:
    """One mail, as plain text and as simple HTML."""

    subject: str
    text: str
    html: str


def absolute(path: str) -> str:
    """The address of a page as it must stand in a mail."""
    return f"{settings.SITE_URL}{path}"


@contextlib.contextmanager
def in_language_of(user: User) -> Iterator[None]:
    """Speak the language that the person chose; Chinese if none (decision 22)."""
    known = user.language in dict(settings.LANGUAGES)
    with translation.override(user.language if known else settings.LANGUAGE_CODE):
        yield


def written(template: str, subject: str, context: dict[str, Any]) -> Letter:
    """A letter from the two templates of a name, in the language that is spoken now."""
    told = {**context, "subject": subject, "choice_url": absolute(reverse("accounts:mail"))}
    text, html = (render_to_string(f"accounts/mail/{template}.{kind}", told) for kind in ("txt", "html"))
    return Letter(subject, text.strip() + "\n", html)


class Outbox:
    """One connection to the mail server for as many letters as a run has; opened anew after a failure.

    A mail counts as sent when the server took it. If the line breaks after that and before its answer, it counts as
    not sent and may go out twice: no mail protocol can tell the two apart.
    """

    def __init__(self) -> None:
        self._connection = get_connection()

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def ready(self) -> None:
        """Open the connection if it is not; raises ServerAway."""
        try:
            self._connection.open()
        except smtplib.SMTPAuthenticationError as error:
            raise ServerAway(Message(NO_SIGN_IN)) from error
        except OSError as error:  # smtplib's own exceptions are such
            raise ServerAway(Message(NO_SERVER)) from error

    def send(self, letter: Letter, address: str) -> None:
        """Hand one letter to the server; raises NotSent."""
        self.ready()
        mail = EmailMultiAlternatives(
            letter.subject,
            letter.text,
            to=[address],
            connection=self._connection,
            headers={"Auto-Submitted": "auto-generated"},
        )
        mail.attach_alternative(letter.html, "text/html")
        try:
            mail.send()
        except OSError as error:
            self._close()
            raise NotSent(_reason(error)) from error

    def _close(self) -> None:
        with contextlib.suppress(OSError):
            self._connection.close()


def _reason(error: OSError) -> Message:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = next(iter(error.recipients.values()), (0, b""))[0]
        return Message(NO_ADDRESS, {"code": code})
    if isinstance(error, smtplib.SMTPResponseException):
        return Message(NO_MAIL, {"code": error.smtp_code})
    return Message(NO_SERVER)
