"""Which applications wait for whom, and how the attempts of a participation went (J-18)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from campaign.models import Batch, Participation, StageProgress
from campaign.playbook import ConsentStep, Playbook
from campaign.queries import batch_for
from supervision import chain, rules
from supervision.models import Decision, Transition


def playbooks(batches: Iterable[int]) -> dict[int, Playbook]:
    """The rules of each batch, each campaign read once however many rows ask for it."""
    wanted = Batch.objects.filter(pk__in=set(batches)).select_related("campaign")
    return {batch.pk: batch.campaign.playbook for batch in wanted}


def _books(user: Any, batches: set[int]) -> dict[int, Playbook]:
    """The rules of these batches; of the one that the user's pages are about they are read already."""
    own = batch_for(user) if batches else None
    known = {own.pk: own.campaign.playbook} if own is not None and own.pk in batches else {}
    others = batches - set(known)
    return known | (playbooks(others) if others else {})


def waiting_for(user: Any) -> list[tuple[Transition, list[ConsentStep]]]:
    """Applications on which it is the user's turn, the oldest first, with the steps. A fixed number of queries."""
    if not rules.may_decide_somewhere(user):
        return []
    rows = list(
        Transition.objects.visible_to(user)
        .under_review()
        .select_related("participation__organization", "participation__work_unit")
        .prefetch_related("decisions")
        .order_by("applied_at", "pk")
    )
    books = _books(user, {row.participation.batch_id for row in rows})
    found = []
    for row in rows:
        rule = chain.rule_at(books[row.participation.batch_id], row.stage)
        steps = rules.bodies_for(user, row, rule) if rule else []
        if steps:
            found.append((row, steps))
    return found


def latest_of_current_stage(rows: QuerySet[Transition]) -> list[Transition]:
    """Of these applications those that are the last attempt at the stage that is under way now."""
    found = list(rows.distinct().prefetch_related("decisions"))
    if not found:
        return []
    participations = {row.participation_id for row in found}
    current = dict(
        StageProgress.objects.filter(participation__in=participations, state=StageProgress.State.CURRENT).values_list(
            "participation_id", "stage"
        )
    )
    last: dict[tuple[int, str], int] = {}
    attempts = Transition.objects.filter(participation__in=participations)
    for participation, stage, attempt in attempts.values_list("participation_id", "stage", "attempt"):
        last[participation, stage] = max(attempt, last.get((participation, stage), 0))
    return [
        row
        for row in found
        if current.get(row.participation_id) == row.stage and last[row.participation_id, row.stage] == row.attempt
    ]


def mend_by(transition: Transition) -> dt.date | None:
    """Until when a returned application is to be mended, if somebody set a date."""
    dates = [d.mend_by for d in transition.decisions.all() if d.mend_by]
    return min(dates, default=None)


@dataclass(frozen=True)
class Attempt:
    """One line of the history of applications; `first_pass`: passed without having been sent back (J-18)."""

    transition: Transition
    stage: Any
    reasons: list[str]
    first_pass: bool


def attempts_of(participation: Participation, playbook: Playbook) -> list[Attempt]:
    """All applications of a participation, the newest first. Two queries."""
    failed: set[str] = set()
    found = []
    rows = participation.transitions.order_by("applied_at", "pk").prefetch_related("decisions")
    for row in rows:
        against = [d for d in row.decisions.all() if d.verdict != Decision.Verdict.AGREE]
        first_pass = row.state == Transition.State.COMPLETED and row.stage not in failed
        if against:
            failed.add(row.stage)
        reasons = [text for d in against for text in (d.reason, *d.sections.get("parts", {}).values()) if text]
        found.append(Attempt(row, chain.name_at(playbook, row.stage), reasons, first_pass))
    return found[::-1]


def previous_attempt(transition: Transition) -> Transition | None:
    """The attempt at the same stage before this one."""
    return (
        Transition.objects.filter(
            participation=transition.participation_id, stage=transition.stage, attempt__lt=transition.attempt
        )
        .order_by("-attempt")
        .first()
    )
