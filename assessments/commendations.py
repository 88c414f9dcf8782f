"""What speaks for a commendation, and against it.

For it: the register of model members (C-14). Against: sources register, for the rooms above know of warnings (Q-03).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.utils.translation import gettext_noop

from accounts.messages import Message
from accounts.templatetags.shell import day
from assessments.models import Commendation, Survey
from campaign.models import Batch, ModelDeed, Participation
from campaign.queries import governing
from units.models import Organization

Source = Callable[[Batch], Iterable[str]]
_sources: list[Source] = []


def against(source: Source) -> Source:
    """Register a function batch -> paths of organisations that had a warning; one query or two."""
    _sources.append(source)
    return source


def warned(batch: Batch) -> frozenset[str]:
    """Paths of the organisations with a warning in this batch."""
    return frozenset(path for source in _sources for path in source(batch))


def flagged(path: str, warnings: frozenset[str]) -> bool:
    """Was the organisation itself, or one below it, warned?"""
    return any(one.startswith(path) for one in warnings)


def too_early(organization: Organization, batch: Batch) -> Message | None:
    """Why nobody of this organisation can be put forward yet: commendation rests on the closing survey (H-11).

    None once a round is confirmed, and where the campaign asks for no closing survey of the organisation.
    """
    closing = [instrument.key for instrument in batch.campaign.playbook.instruments if instrument.closing]
    unit = governing(organization, batch) if closing else None
    if unit is None:
        return None
    rounds = Survey.objects.filter(participation=unit, instrument__in=closing).order_by("round")
    states = list(rounds.values_list("state", flat=True))
    if Survey.State.CONFIRMED in states:
        return None
    return _early_words(unit, counting=bool(states))


def _early_words(unit: Participation, *, counting: bool) -> Message:
    if counting:
        text = gettext_noop(
            "Commendation comes after the closing survey, and that of %(unit)s is not confirmed yet. "
            "Put forward once a second person has confirmed its counts."
        )
        return Message(text, {"unit": unit.label})
    last = unit.progress.order_by("-position").first()
    if last is None:
        text = gettext_noop(
            "Commendation comes after the closing survey, and %(unit)s has not held it yet. "
            "Put forward once it is held and confirmed."
        )
        return Message(text, {"unit": unit.label})
    text = gettext_noop(
        "Commendation comes after the closing survey, and %(unit)s has not held it yet. Its last stage ends on "
        "%(day)s as planned; put forward once the survey is held and confirmed after it."
    )
    return Message(text, {"unit": unit.label, "day": day(last.planned_end)})


def deeds_of(user: Any, rows: Sequence[Commendation]) -> dict[int, list[ModelDeed]]:
    """The deeds that stand in the register for the members put forward, as far as the user sees them; one query."""
    members = {row.member_id for row in rows if row.member_id}
    batches = {row.batch_id for row in rows}
    found: dict[int, list[ModelDeed]] = {}
    for deed in ModelDeed.objects.visible_to(user).filter(batch__in=batches, member__in=members):
        found.setdefault(deed.member_id, []).append(deed)
    return found


def merits_of(deeds: Sequence[ModelDeed]) -> str:
    """The deeds as the merits of a proposal, cut to what the field holds."""
    longest = Commendation._meta.get_field("merits").max_length or 0
    text = "\n".join(f"{deed.title}\n{deed.deed}" for deed in deeds)
    return text if len(text) <= longest else text[: longest - 1] + "…"
