"""Days set for a batch: which actions they fall on, who launched late, what is due for an organisation (A-07, E-27)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Min, Q, QuerySet

from accounts import clock
from campaign.evidence import Evidence
from campaign.models import ActionDate, Batch, Participation
from campaign.playbook import Action, Playbook
from campaign.playbook.work import AFTER, WEEKLY
from campaign.steps import is_asked_of, steps_of
from units.models import Organization

AHEAD = dt.timedelta(days=14)  # how long before its day an action is reminded of


def datable(playbook: Playbook) -> list[Action]:
    """Actions that somebody records and that can have a day, those first whose day the source words."""
    found = [action for action in playbook.actions if action.recorded and action.phase not in {AFTER, WEEKLY}]
    return sorted(found, key=lambda action: action.deadline is None)


def late_launches(batch: Batch) -> QuerySet[Participation]:
    """Units that began after the latest day, or have not begun although it has passed; `began` is their first day.

    A unit without stages has no first day: it is listed only while it has not begun.
    """
    units = batch.participations.annotate(began=Min("progress__started_on"))
    if batch.launch_by is None:
        return units.none()
    late = Q(began__gt=batch.launch_by)
    if batch.launch_by < clock.today():
        late |= Q(state=Participation.State.PREPARING)
    return units.filter(late).select_related("organization", "work_unit").order_by("organization__path")


@dataclass(frozen=True)
class Due:
    """An action that an organisation has not done, with its day."""

    action: Action
    due_on: dt.date

    @property
    def late(self) -> bool:
        return self.due_on < clock.today()


def due_for(organization: Organization, participation: Participation) -> list[Due]:
    """What is to be done within a fortnight, or should be by now, in the stage under way; the first day first.

    One query where no day is near; else those of the evidence.
    """
    near = ActionDate.objects.filter(batch=participation.batch, due_on__lte=clock.today() + AHEAD)
    days = dict(near.order_by("due_on").values_list("action", "due_on"))
    if not days:
        return []
    evidence = Evidence(participation, participation.current(), organization)
    return [
        Due(action, days[action.key])
        for action in sorted((a for a in evidence.actions if a.key in days), key=lambda action: days[action.key])
        if is_asked_of(action, organization, participation.organization)
        and not all(step.done for step in steps_of(action, evidence))
    ]
