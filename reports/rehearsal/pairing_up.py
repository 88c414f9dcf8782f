"""Pairs in the rehearsal: each member with a household, each organisation with a village (E-29, R-04)."""

from __future__ import annotations

from typing import Any

from accounts import clock
from campaign import steps
from reports.rehearsal.deeds import for_tool
from reports.rehearsal.scene import Scene
from supervision.actions import pairing
from supervision.models import Pairing
from supervision.queries.pairing import kinds_of
from units.models import Organization


@for_tool("pairing")
def pair_up(scene: Scene) -> None:
    """Whoever has no pair yet, of the members and organisations that the required actions name."""
    evidence = scene.look_again()
    asked = [action for action in evidence.actions if action.tool == "pairing"]
    paired = Pairing.objects.current().filter(campaign=scene.batch.campaign_id)
    with scene.at(0.4):
        named = [action for action in asked if "member" in action.pers]
        wanted = {member.id for action in named for member in steps.concerned(action, evidence)}
        for member in scene.members(wanted - set(paired.values_list("member", flat=True))):
            home = {"member": member, "household": Pairing.Household.FARMER, "householder": f"{member.name}的结对户"}
            _pair(scene, "member", member.organization, home)
        places = {place.pk: place for action in asked for place in steps.doers(action, evidence)}
        for pk in places.keys() - set(paired.filter(member=None).values_list("organization", flat=True)):
            _pair(scene, "organization", places[pk], {"partner_name": f"{places[pk].name}结对村党支部"})


def _pair(scene: Scene, who: str, organization: Organization, partner: dict[str, Any]) -> None:
    kind = kinds_of(scene.playbook, who)[0].key
    data = pairing.PairData(kind=kind, from_date=clock.today(), **partner)
    pairing.pair(by=scene.secretary(organization), campaign=scene.batch.campaign, organization=organization, data=data)
    scene.figures.add("pairs")
