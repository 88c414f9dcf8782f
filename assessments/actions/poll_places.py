"""Where an anonymous survey is held and how many are asked, while it is being prepared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from accounts import audit
from accounts.models import User
from assessments.actions.polls import CHANGED, Place, PollMoved, change_draft, held, set_places
from assessments.models import Poll, PollGroup, PollUnit

Asked = Mapping[int, Mapping[str, int]]


@transaction.atomic
def add_units(*, by: User, poll: Poll, places: Iterable[Place]) -> int:
    """Ask in more units; one that is asked already stays as it is. Raises PollMoved."""
    poll = held(poll, Poll.State.DRAFT)
    there = set(poll.units.values_list("participation", flat=True))
    new = [place for place in places if place.participation is None or place.participation.pk not in there]
    set_places(poll, new)
    _note(by, poll, added=len(new))
    return len(new)


@transaction.atomic
def remove_units(*, by: User, poll: Poll, units: Iterable[PollUnit]) -> int:
    """Ask no longer in these units. Raises PollMoved."""
    poll = held(poll, Poll.State.DRAFT)
    rows = poll.units.filter(pk__in=[unit.pk for unit in units])
    number = rows.count()
    rows.delete()
    _note(by, poll, removed=number)
    return number


@transaction.atomic
def set_asked(*, by: User, poll: Poll, asked: Asked) -> None:
    """How many are asked, by unit and respondent group. Raises PollMoved."""
    poll = held(poll, Poll.State.DRAFT)
    rows = list(PollGroup.objects.filter(unit__poll=poll, unit__in=list(asked)))
    for row in rows:
        row.asked = asked[row.unit_id].get(row.group, row.asked)
    PollGroup.objects.bulk_update(rows, ["asked"], batch_size=500)
    _note(by, poll, units=len(asked))


@transaction.atomic
def set_asked_everywhere(*, by: User, poll: Poll, numbers: Mapping[str, int]) -> None:
    """The same number for a respondent group in every unit. Raises PollMoved."""
    poll = held(poll, Poll.State.DRAFT)
    for group, number in numbers.items():
        PollGroup.objects.filter(unit__poll=poll, group=group).update(asked=number)
    _note(by, poll, asked=dict(numbers))


def _note(by: User, poll: Poll, **data: Any) -> None:
    audit.record(CHANGED, by=by, obj=poll, organization=poll.organization, data=data)


def places_of(poll: Poll) -> list[Place]:
    """Where it is asked now, with the rows and the numbers."""
    units = poll.units.select_related("organization", "participation").prefetch_related("groups")
    return [
        Place(
            unit.organization,
            unit.name,
            {group.group: group.asked for group in unit.groups.all()},
            unit.participation,
            [(key, label) for key, label in unit.rows],
        )
        for unit in units
    ]


def change_form(*, by: User, poll: Poll, title: str, form: Mapping[str, Any]) -> Poll:
    """Change what is asked; a respondent group that is new asks nobody until its number is given.

    Raises PollMoved, PlaybookInvalid.
    """
    before = [group["key"] for group in poll.form["instrument"].get("groups", [])]
    after = [group["key"] for group in form["instrument"].get("groups", [])]
    places = places_of(poll) if before != after else None
    return change_draft(by=by, poll=poll, title=title, form=form, places=places)


__all__ = ["PollMoved", "add_units", "change_form", "places_of", "remove_units", "set_asked", "set_asked_everywhere"]
