"""After the count of an anonymous survey: letting comments be read, publishing the results, taking them back (I-16)."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from assessments.models import Poll, PollComment
from campaign.actions.notices import give_notice, withdraw_notice
from campaign.models import PublicNotice

COMMENTS_READ = audit.action("poll.comments_read", _("Decided on comments of an anonymous survey"))
PUBLISHED = audit.action("poll.published", _("Published the results of an anonymous survey"))
TAKEN_BACK = audit.action("poll.taken_back", _("Took back the published results of an anonymous survey"))
NOTICE = "survey"


class CommentDecided(Exception):
    """Somebody else has decided on this comment meanwhile."""


class NotClosed(Exception):
    """Results are published when the survey is closed and counted, and not before."""


class NotPublished(Exception):
    """The results are not published, or somebody else has taken them back meanwhile."""


@transaction.atomic
def decide_comment(*, by: User, comment: PollComment, show: bool, undo: bool = False) -> None:
    """Show a comment or withhold it; `undo` changes what was decided. Raises CommentDecided.

    The history keeps how many were decided on, never which, nor a word of them.
    """
    state = PollComment.State.SHOWN if show else PollComment.State.WITHHELD
    other = PollComment.State.WITHHELD if show else PollComment.State.SHOWN
    before = other if undo else PollComment.State.WAITING
    if not PollComment.objects.filter(pk=comment.pk, state=before).update(state=state):
        raise CommentDecided
    poll = comment.unit.poll
    data = {"shown": int(show), "withheld": int(not show)}
    audit.record(COMMENTS_READ, by=by, obj=poll, organization=poll.organization, data=data)


@transaction.atomic
def publish(*, by: User, poll: Poll, days: int, text: str, address: str) -> Poll:
    """Open a page without sign-in that shows the suppressed results, and give public notice of it for `days` days.

    `address` is the page's, with -token- in the place of its token. Raises NotClosed, and NotPublished when another
    has published meanwhile.
    """
    token = secrets.token_hex(16)
    rows = Poll.objects.filter(pk=poll.pk, state=Poll.State.CLOSED, kind=Poll.Kind.UNIT)
    if not rows.exists():
        raise NotClosed
    if not rows.filter(published_at=None).update(published_at=clock.now(), public_token=token):
        raise NotPublished
    poll.refresh_from_db()
    give_notice(
        by=by,
        batch=poll.batch,
        organization=poll.organization,
        kind=NOTICE,
        title=poll.title,
        text="\n".join(part for part in (text.strip(), address.replace("-token-", token)) if part),
        scope=PublicNotice.Scope.PUBLIC,
        days=days,
    )
    audit.record(PUBLISHED, by=by, obj=poll, organization=poll.organization, data={"days": days})
    return poll


@transaction.atomic
def take_back(*, by: User, poll: Poll, reason: str) -> None:
    """Close the public page, for good at this address, and take its notice down. Raises NotPublished."""
    token = poll.public_token
    closed = Poll.objects.filter(pk=poll.pk, public_token=token).exclude(published_at=None)
    if not token or not closed.update(published_at=None, public_token=""):
        raise NotPublished
    given = PublicNotice.objects.filter(
        batch=poll.batch_id, organization=poll.organization_id, kind=NOTICE, text__contains=token, withdrawn_at=None
    )
    for notice in given:
        withdraw_notice(by=by, notice=notice, reason=reason)
    audit.record(TAKEN_BACK, by=by, obj=poll, organization=poll.organization, data={"reason": reason})
