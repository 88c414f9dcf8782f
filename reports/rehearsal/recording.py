"""What is recorded by hand in the rehearsal: activities, marks, study, coverages, in the playbook's order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from campaign import actions, steps
from campaign.playbook import Action
from reports.rehearsal.deeds import for_check
from reports.rehearsal.scene import Scene
from units.models import Member, Organization

SESSION = 6  # study hours of a concentrated day in the rehearsal
FIRST, LAST = 0.1, 0.7  # where in the span the first and the last of the actions are held


@for_check("actions", "member_marks")
def record_all(scene: Scene) -> None:
    """Whatever is recorded by hand and still open; a late unit leaves this to the second time it is asked."""
    _record(scene, skip=0.0)


def record_some(scene: Scene, *, skip: float) -> None:
    """As far as a unit comes that leaves out a share of them."""
    _record(scene, skip=skip)


def _record(scene: Scene, *, skip: float) -> None:
    listed = [step for step in steps.checklist(scene.look_again(), required_only=True) if not step.action.tool]
    for number, step in enumerate(listed):
        if step.done or (skip and scene.chance(skip)):
            continue
        day = scene.day(FIRST + (LAST - FIRST) * number / len(listed))
        if step.unit == "members":
            _by_members(scene, step.action, day)
        else:
            _by_organizations(scene, step, day)


def _by_organizations(scene: Scene, step: steps.Step, day: dt.date) -> None:
    held = scene.evidence.held(step.action.key)
    again = bool(step.unticked) or bool(step.action.fields)
    for organization in steps.doers(step.action, scene.evidence):
        for _time in range(max(step.action.count - held.get(organization.pk, 0), 1 if again else 0)):
            hold(scene, step.action, organization, day)


def _by_members(scene: Scene, action: Action, day: dt.date) -> None:
    people = scene.members({member.id for member in steps.concerned(action, scene.evidence)})
    for _time in range(action.count):
        if action.evidence == "attendance" or action.count > 1:
            hold(scene, action, scene.leading, day, people)
        else:
            with scene.on(day, 18):
                actions.mark_members(
                    by=scene.unit.secretary,
                    batch=scene.batch,
                    organization=scene.leading,
                    action=action.key,
                    members=people,
                    done_on=day,
                )
    scene.figures.add("member_marks", len(people))


def hold(
    scene: Scene,
    action: Action | None,
    organization: Organization,
    day: dt.date,
    people: Collection[Member] | None = None,
    *,
    hours: int = 0,
) -> None:
    """An activity of an organisation, recorded on its evening; with the names of those present where they count."""
    if people is None:
        inside = {o.pk for o in scene.evidence.organizations if o.path.startswith(organization.path)}
        people = scene.members({m.id for m in scene.evidence.roll if m.organization_id in inside})
    named = action is None or action.evidence == "attendance" or "member" in action.pers
    data = actions.ActivityData(
        title=str(action.name) if action else "集中学习培训",
        held_on=day,
        action=action.key if action else "",
        hours=hours or None,
        concentrated=bool(hours),
        place="机关会议室",
        led_by=str(scene.unit.secretary),
        points=[item.key for item in action.fields] if action else [],
    )
    with scene.on(day, 18):
        actions.record_activity(
            by=scene.secretary(organization),
            organization=organization,
            batch=scene.batch,
            stage=scene.phase,
            data=data,
            present=list(people) if named else [],
        )
    scene.figures.add("activities")


# ------------------------------------------------------------ study
@for_check("study_hours", "concentrated_days")
def study(scene: Scene) -> None:
    """Concentrated days until the hours and the days are reached (E-02, E-03)."""
    rules = scene.playbook.study
    if rules.hours is None or any(hours >= rules.hours for hours in scene.evidence.hours.values()):
        return
    days = max(-(-int(rules.hours) // SESSION), rules.concentrated_days or 0)
    for number in range(days):
        hold(scene, None, scene.leading, scene.first + dt.timedelta(days=number), hours=SESSION)


@for_check("coverage")
def cover(scene: Scene) -> None:
    """Whom a coverage has not reached hears it again: its action is held once more for all (E-26)."""
    evidence = scene.look_again()
    for coverage in scene.playbook.study.coverages:
        missing = {member.id for member in evidence.roll} - evidence.covered(coverage.key)
        action = next((a for a in scene.playbook.actions if a.coverage == coverage.key), None)
        if missing and action is not None:
            hold(scene, action, scene.leading, scene.day(0.75), scene.members(missing))


@for_check("weekly_reports", "open_makeups")
def kept_elsewhere(scene: Scene) -> None:
    """Reports are sent week by week, make-ups follow from decisions: nothing to do at the gate."""
