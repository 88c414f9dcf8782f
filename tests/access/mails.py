"""What the choice of notices by e-mail is to each person: everybody's own, and nobody else's."""

from __future__ import annotations

from types import SimpleNamespace

from accounts import clock, mail_actions
from accounts.models import MailChoice, User
from tests.access.entries import Matrix
from tests.access.people import EVERYONE


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    matrix.page("accounts:mail()", ok=EVERYONE)
    matrix.deed("accounts:mail_ask()", ok=EVERYONE)
    matrix.page("accounts:mail_confirm(token)", ok=EVERYONE, of=lambda me: me.mail_token, personal=True)
    matrix.deed("accounts:mail_confirm(token)", ok=EVERYONE, of=lambda me: me.mail_token, personal=True)


def furnish_mails(user: User, things: SimpleNamespace) -> None:
    """A person who has asked for the link that confirms an address."""
    choice = MailChoice.objects.create(user=user, address="asked@example.gov.cn", asked_at=clock.now())
    choice.refresh_from_db()
    things.mail_token = mail_actions.token_of(choice)
