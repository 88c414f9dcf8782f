"""Putting forward for commendation, and deciding on it (Q-01..Q-04)."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from assessments.commendations import too_early
from assessments.models import Commendation
from campaign.models import Batch
from campaign.playbook import CommendationList
from units.models import Member, Organization

PROPOSED = audit.action("commendation.proposed", _("Put forward for commendation"))
DECIDED = audit.action("commendation.decided", _("Decided on a commendation"))
TAKEN_BACK = audit.action("commendation.taken_back", _("Took back a proposal for commendation"))


class OnTheList(Exception):
    """The member or organisation is on this list already."""


class TooEarly(Exception):
    """The unit's closing survey is not confirmed yet; says so, and when it can be done (H-11)."""

    def __init__(self, message: Message) -> None:
        super().__init__(str(message))
        self.message = message


class Decided(Exception):
    """Somebody else has decided on it or taken it back meanwhile."""


@transaction.atomic
def propose(
    *, by: User, batch: Batch, listed: CommendationList, organization: Organization, member: Member | None, merits: str
) -> Commendation:
    """Put a member, or the organisation itself, on a list. Raises OnTheList, TooEarly."""
    if early := too_early(organization, batch):
        raise TooEarly(early)
    try:
        with transaction.atomic():
            row = Commendation.objects.create(
                batch=batch,
                list_key=listed.key,
                organization=organization,
                member=member if listed.subject == "member" else None,
                merits=merits.strip(),
                proposed_by=by,
                proposed_at=clock.now(),
            )
    except IntegrityError as error:
        raise OnTheList from error
    audit.record(PROPOSED, by=by, obj=row, organization=organization, data={"list": listed.key})
    return row


@transaction.atomic
def decide(*, by: User, row: Commendation, approve: bool, reason: str = "") -> None:
    """The office commends or does not; a warning needs a reason to pass over (Q-03). Raises Decided."""
    state = Commendation.State.APPROVED if approve else Commendation.State.DECLINED
    swapped = Commendation.objects.filter(pk=row.pk, state=Commendation.State.PROPOSED).update(
        state=state, reason=reason.strip(), decided_by=by, decided_at=clock.now()
    )
    if not swapped:
        raise Decided
    row.refresh_from_db()
    audit.record(DECIDED, by=by, obj=row, organization=row.organization, data={"state": state, "reason": row.reason})
    if row.proposed_by:
        message = (
            gettext_noop("%(name)s will be commended.") if approve else gettext_noop("%(name)s will not be commended.")
        )
        notify.send([row.proposed_by], message, params={"name": str(row)}, confidential=True)


@transaction.atomic
def take_back(*, by: User, row: Commendation) -> None:
    """Remove a proposal that nobody has decided on. Raises Decided."""
    audit.record(TAKEN_BACK, by=by, obj=row, organization=row.organization, data={"list": row.list_key})
    deleted, _rows = Commendation.objects.filter(pk=row.pk, state=Commendation.State.PROPOSED).delete()
    if not deleted:
        raise Decided
