"""Banners and columns in the rehearsal, as many as the playbook asks for (L-01)."""

from __future__ import annotations

from accounts import clock
from campaign import steps
from reports.actions import publicity
from reports.queries.publicity import COUNTED, Kind
from reports.rehearsal.deeds import for_tool
from reports.rehearsal.scene import Scene

BANNER, COLUMN = "永葆先进本色，争做时代先锋", "先进性教育专栏"


@for_tool("publicity")
def publish(scene: Scene) -> None:
    """What is still short: the banners in one making, the columns issue by issue."""
    for step in steps.checklist(scene.look_again()):
        if step.action.tool == "publicity" and step.need > step.have:
            _publish(scene, step.action.key, step.need - step.have)


def _publish(scene: Scene, action: str, short: int) -> None:
    kind = COUNTED[action]
    with scene.at(0.3):
        first = scene.leading.publicity.filter(batch=scene.batch, kind=kind).count() + 1
        banners = kind == Kind.BANNER
        for issue in range(first, first + (1 if banners else short)):
            data = publicity.PublicityData(
                title=BANNER if banners else COLUMN,
                held_on=clock.today(),
                quantity=short if banners else 1,
                issue=None if banners else issue,
            )
            publicity.record_publicity(
                by=scene.unit.secretary,
                organization=scene.leading,
                batch=scene.batch,
                stage=scene.phase,
                kind=kind,
                data=data,
            )
            scene.figures.add("publicity")
