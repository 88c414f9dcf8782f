"""Leaving a stage in the rehearsal: applying, being sent back, making up, being agreed to, meeting; and closing."""

from __future__ import annotations

import datetime as dt

from reports.rehearsal import surveying
from reports.rehearsal.scene import Scene
from supervision import chain, rules
from supervision.actions import decisions, makeups, transitions
from supervision.models import Decision, MakeUpOrder, Transition

RETURNED, MADE_UP = 0.1, 0.08


def leave(scene: Scene, day: dt.date) -> dt.date:
    """Apply until the last body has agreed, from `day` on; the day on which the stage was left."""
    day = mend_surveys(scene, day)
    fate = scene.random.random()
    stage = chain.stage_now(scene.unit.participation, scene.unit.fresh())
    if not transitions.rule_of(scene.playbook, stage).steps:
        fate = 1.0  # nobody is asked, so nobody sends it back
    if fate < RETURNED:
        day = _sent_back(scene, day)
    elif fate < RETURNED + MADE_UP:
        day = _make_up(scene, day)
    return agreed(scene, day)


def apply(scene: Scene, day: dt.date) -> Transition:
    """Hand in the application with all its parts."""
    stage = chain.stage_now(scene.unit.participation, scene.unit.fresh())
    rule = transitions.rule_of(scene.playbook, stage)
    parts = {part.key: f"{part.name}：已按方案完成，有记录可查。" for part in rule.parts}
    with scene.on(day, 9):
        row = transitions.apply(by=scene.unit.secretary, participation=scene.unit.participation, parts=parts)
    scene.figures.add("applications")
    return row


def decide(scene: Scene, row: Transition, body: str, day: dt.date, ruling: decisions.Ruling) -> None:
    """One who may speak for the body and has not spoken yet."""
    spoken = set(row.decisions.values_list("by_id", flat=True))
    by = next(user for user in rules.deciders(row, body) if user.pk not in spoken)
    with scene.on(day, 15):
        decisions.decide(by=by, transition=row, body=body, ruling=ruling)


def _sent_back(scene: Scene, day: dt.date) -> dt.date:
    row = apply(scene, day)
    rule = transitions.rule_of(scene.playbook, row.stage)
    ruling = decisions.Ruling(
        verdict=Decision.Verdict.RETURN,
        reason="下一步安排过于笼统。",
        parts={rule.parts[-1].key: "请具体到人、到日期。"},
    )
    decide(scene, row, rule.steps[0].body, day + dt.timedelta(days=1), ruling)
    scene.figures.add("returned")
    return day + dt.timedelta(days=4)


def _make_up(scene: Scene, day: dt.date) -> dt.date:
    row = apply(scene, day)
    rule = transitions.rule_of(scene.playbook, row.stage)
    terms = makeups.MakeUpTerms(
        organization=scene.leading,
        items=["补记学习笔记，逐人核对", "重新组织讨论"],
        due_on=day + dt.timedelta(days=10),
        unsolid_work=True,
    )
    ruling = decisions.Ruling(verdict=Decision.Verdict.MAKE_UP, reason="抽查发现走了过场。", makeup=terms)
    decide(scene, row, rule.steps[0].body, day + dt.timedelta(days=1), ruling)
    scene.figures.add("makeups")
    order = MakeUpOrder.objects.open().filter(participation=scene.unit.participation).get()
    return _made_up(scene, order, day + dt.timedelta(days=5))


def _made_up(scene: Scene, order: MakeUpOrder, day: dt.date) -> dt.date:
    secretary = scene.unit.secretary
    with scene.on(day, 17):
        for item in order.items.all():
            makeups.record_item(by=secretary, item=item, done_on=day, evidence="已补做，有记录。")
        if order.survey_again:
            for key in surveying.failed(scene):
                instrument = scene.playbook.instrument(key)
                if instrument is not None:
                    surveying.ask_once(scene, instrument)
        makeups.report_makeup(by=secretary, order=order)
    with scene.on(day + dt.timedelta(days=1), 10):
        makeups.recheck(by=rules.recheckers(order)[0], order=order, close=True, note="复查合格。")
    return day + dt.timedelta(days=2)


def mend_surveys(scene: Scene, day: dt.date) -> dt.date:
    """A failed survey leads to a make-up with a new round (I-13, J-13)."""
    if not surveying.failed(scene):
        return day
    with scene.on(day, 11):
        terms = makeups.MakeUpTerms(
            organization=scene.leading,
            items=["针对不满意的问题补课"],
            due_on=day + dt.timedelta(days=14),
            survey_again=True,
        )
        order = makeups.order_makeup(
            by=rules.people_above(scene.leading, lambda post: "order_makeup" in post.rights)[0],
            participation=scene.unit.participation,
            terms=terms,
            reason="满意度测评未达到要求。",
            trigger=MakeUpOrder.Trigger.SURVEY,
        )
    scene.figures.add("makeups")
    return _made_up(scene, order, day + dt.timedelta(days=6))


def agreed(scene: Scene, day: dt.date) -> dt.date:
    """Every body agrees, the meeting is held where there is one."""
    row = apply(scene, day)
    rule = transitions.rule_of(scene.playbook, row.stage)
    for step in rule.steps:
        day += dt.timedelta(days=1)
        ruling = decisions.Ruling(verdict=Decision.Verdict.AGREE, reason="材料齐全，同意。")
        decide(scene, row, step.body, day, ruling)
        scene.figures.add("consents")
    row.refresh_from_db()
    if row.state == Transition.State.APPROVED:
        day += dt.timedelta(days=1)
        meeting = transitions.Meeting(held_on=day, place="机关礼堂", speaker=str(scene.unit.secretary), present=20)
        with scene.on(day, 18):
            transitions.record_meeting(by=scene.unit.secretary, transition=row, meeting=meeting)
    scene.figures.add("closed" if row.stage == chain.CLOSING else "stages_passed")
    return day
