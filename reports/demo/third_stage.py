"""The third stage of the demonstration: a ledger with an overdue item and one to confirm, plans in their notice."""

from __future__ import annotations

import datetime as dt

from campaign.actions import public_ledger, rectification
from campaign.models import RectificationPlan
from reports.rehearsal import mending, recording
from reports.rehearsal.scene import Scene

IDLE = 0.3
PROBLEMS = (
    "办事窗口午间无人值班。",
    "审批材料一次告知不清楚。",
    "基层反映的道路养护问题答复慢。",
    "业务培训针对性不强。",
)
Owner = RectificationPlan.Owner


def play(scene: Scene, today: dt.date) -> None:
    """Half of the third stage, as its secretary would find it on a working day."""
    recording.record_some(scene, skip=IDLE)
    _ledger(scene, today)
    _plans(scene, today)
    mending.make_rules(scene)


def _ledger(scene: Scene, today: dt.date) -> None:
    """One closed, one reported and to be confirmed, one overdue, one with its deadline moved; shown to the public."""
    with scene.at(0.1):
        items = [mending.register(scene, scene.leading, text, number) for number, text in enumerate(PROBLEMS)]
    closed, reported, overdue, *moved = items
    with scene.at(0.5):
        mending.work_on(scene, closed)
    with scene.at(0.6):
        mending.close_out(scene, closed)
    with scene.at(0.7):
        rectification.note_progress(by=scene.clerk(scene.leading), item=overdue, text="正在与县政务中心协商。")
        for item in moved:
            later = today + dt.timedelta(days=10)
            by = scene.clerk(item.organization)
            rectification.extend_deadline(by=by, item=item, deadline=later, reason="等待上级部门批复。")
    with scene.on(today - dt.timedelta(days=1), 15):
        mending.work_on(scene, reported)
        public_ledger.publish_ledger(
            by=scene.secretary(scene.leading),
            batch=scene.batch,
            organization=scene.leading,
            commitment="以上事项按期整改，请群众监督。",
            contact="办公室，0831-0000000",
        )


def _plans(scene: Scene, today: dt.date) -> None:
    """Members' plans adopted by their branch meetings, the organisation's in its notice, the unit's a draft."""
    with scene.at(0.1):
        plans = mending.of_members(scene)
    with scene.at(0.15):
        for plan in plans:
            if plan.needs_notice:
                mending.show(scene, plan)
    mending.adopt(scene, plans)
    with scene.on(today - dt.timedelta(days=3), 10):
        own = mending.write_for_organization(scene, scene.leading, Owner.ORGANIZATION)
        mending.show(scene, own)
        mending.write_for_organization(scene, scene.leading, Owner.UNIT)
