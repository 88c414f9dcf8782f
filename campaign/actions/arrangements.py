"""Special arrangements: proposed below, decided above, and only then carried out (A-14)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Arrangement, ArrangementProposal, Batch
from units import access
from units.models import Member, Organization
from units.roles import Right

PROPOSED = audit.action("arrangement.proposed", _("Proposed special arrangements"))
DECIDED = audit.action("arrangement.decided", _("Decided on special arrangements"))
WITHDRAWN = audit.action("arrangement.withdrawn", _("Withdrew a proposal of special arrangements"))


class ProposalMoved(Exception):
    """The proposal has been decided or withdrawn meanwhile."""


class ArrangedAlready(Exception):
    """Some have an arrangement, or a proposal that waits; `names` says who."""

    def __init__(self, names: list[str]) -> None:
        super().__init__(", ".join(names))
        self.names = names


@transaction.atomic
def propose_arrangement(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    members: Iterable[Member],
    reason: str,
    arrangement: str,
) -> ArrangementProposal:
    """Put an opinion on one or more members to the level above (A-14). Raises ArrangedAlready."""
    people = list(Member.objects.select_for_update(of=("self",)).filter(pk__in=[member.pk for member in members]))
    held = set(Arrangement.objects.filter(batch=batch, member__in=people).values_list("member_id", flat=True))
    waiting = ArrangementProposal.objects.filter(batch=batch, state=ArrangementProposal.State.PROPOSED)
    held |= set(waiting.filter(members__in=people).values_list("members", flat=True))
    taken = [member.name for member in people if member.pk in held]
    if taken:
        raise ArrangedAlready(taken)
    proposal = ArrangementProposal.objects.create(
        batch=batch, organization=organization, reason=reason, arrangement=arrangement, proposed_by=by
    )
    proposal.members.set(people)
    audit.record(PROPOSED, by=by, obj=proposal, organization=organization, data={"members": len(people)})
    above = access.holders(Right.LEAD, organization, strictly_above=True)
    notify.send(
        [*above, *access.holders(Right.APPROVE, organization, strictly_above=True)],
        gettext_noop("%(name)s proposes a special arrangement for %(count)s members."),
        url=reverse("campaign:arrangement", args=[proposal.pk]),
        params={"name": organization.name, "count": len(people)},
    )
    return proposal


def _swap(proposal: ArrangementProposal, **new: object) -> None:
    waiting = ArrangementProposal.objects.filter(pk=proposal.pk, state=ArrangementProposal.State.PROPOSED)
    if not waiting.update(**new):
        raise ProposalMoved


@transaction.atomic
def decide_arrangement(*, by: User, proposal: ArrangementProposal, approve: bool, remark: str = "") -> None:
    """Consent or refuse. Consent makes the arrangements that the study check leaves out. Raises ProposalMoved."""
    state = ArrangementProposal.State.APPROVED if approve else ArrangementProposal.State.REFUSED
    _swap(proposal, state=state, decided_by=by, decided_at=clock.now(), remark=remark)
    people = list(proposal.members.all())
    if approve:
        Arrangement.objects.bulk_create(
            [
                Arrangement(
                    member=member,
                    batch_id=proposal.batch_id,
                    reason=proposal.reason,
                    arrangement=proposal.arrangement,
                    approved_on=clock.today(),
                    approved_by=by,
                )
                for member in people
            ],
            ignore_conflicts=True,  # an arrangement that stands already is not replaced
        )
    data = {"approved": approve, "members": len(people), "remark": remark}
    audit.record(DECIDED, by=by, obj=proposal, organization=proposal.organization, data=data)
    approved = gettext_noop("The special arrangement for %(count)s members of %(name)s is approved.")
    refused = gettext_noop("The special arrangement for %(count)s members of %(name)s is refused: %(remark)s")
    notify.send(
        access.holders(Right.RECORD, proposal.organization),
        approved if approve else refused,
        url=reverse("campaign:arrangement", args=[proposal.pk]),
        params={"name": proposal.organization.name, "count": len(people), "remark": remark},
        kind=notify.NEWS if approve else notify.RETURN,
    )


@transaction.atomic
def withdraw_arrangement(*, by: User, proposal: ArrangementProposal) -> None:
    """Take a proposal back before it is decided. Raises ProposalMoved."""
    _swap(proposal, state=ArrangementProposal.State.WITHDRAWN, decided_by=by, decided_at=clock.now())
    audit.record(WITHDRAWN, by=by, obj=proposal, organization=proposal.organization)
