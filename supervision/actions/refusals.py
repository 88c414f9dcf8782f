"""Why something cannot be done now, in words that the person can act on."""

from __future__ import annotations

from accounts.messages import Message


class Refused(Exception):
    """This cannot be done now; `reason` says why and what to do about it."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class TransitionRefused(Refused):
    """The application cannot be handed in, decided or completed like this."""


class NotYours(TransitionRefused):
    """The person may not speak here."""


class NotYourTurn(TransitionRefused):
    """Another body speaks first."""


class AlreadyDecided(TransitionRefused):
    """Somebody else was faster; the reason names who and when."""


class MakeUpRefused(Refused):
    """The make-up order cannot be changed like this."""
