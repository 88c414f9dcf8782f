"""The end of the rehearsal: commendations put forward and decided, nothing left open in registers."""

from __future__ import annotations

from assessments.actions import commendations
from assessments.commendations import flagged, warned
from assessments.models import Commendation
from campaign.playbook import CommendationList
from reports.rehearsal import deeds, hearing, mending
from reports.rehearsal.scene import Scene
from units.models import Member

DECLINED = 0.2
MERITS = "学习认真，带头整改，群众评议好。"


def settle(scene: Scene) -> None:
    """Before a unit closes, each opinion is answered and each item of the ledger closed (N-06, O-07)."""
    hearing.answer_the_rest(scene)
    mending.settle(scene)


def put_forward(scene: Scene) -> None:
    """One name for each list of the playbook, from each unit (Q-01, Q-02)."""
    for listed in scene.playbook.commendations:
        with scene.at(0.6):
            propose(scene, listed)


def propose(scene: Scene, listed: CommendationList) -> Commendation:
    member = None
    if listed.subject == "member":
        taken = Commendation.objects.filter(batch=scene.batch, member__isnull=False).values("member")
        free = Member.objects.on_roll().within(scene.leading).exclude(pk__in=taken)
        member = free.order_by("organization__path", "pk").first()
    scene.figures.add("commendations_proposed")
    return commendations.propose(
        by=scene.unit.secretary,
        batch=scene.batch,
        listed=listed,
        organization=member.organization if member else scene.leading,
        member=member,
        merits=MERITS,
    )


def decide_all(scene: Scene) -> None:
    """The office decides: whoever was warned is passed over, and now and then one more (Q-03)."""
    warnings = warned(scene.batch)
    rows = Commendation.objects.filter(batch=scene.batch, state=Commendation.State.PROPOSED)
    for row in rows.select_related("organization", "member", "proposed_by"):
        barred = flagged(row.organization.path, warnings)
        approve = not barred and not scene.chance(DECLINED)
        reason = "" if approve else "受过黄牌警告，不予表彰。" if barred else "名额有限。"
        commendations.decide(by=scene.cast.office, row=row, approve=approve, reason=reason)
        scene.figures.add("commendations_approved" if approve else "commendations_declined")


@deeds.for_tool("closing")
def apply_to_close(scene: Scene) -> None:
    """The report is the application itself, handed in when the unit leaves (H-05..H-07): nothing comes before it."""
