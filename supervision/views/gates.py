"""The gate: every condition with what is required, what is measured, who is missing and where to mend it (J-01)."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from accounts import clock
from campaign import words
from campaign.board import stage_steps
from campaign.evidence import Evidence
from campaign.findings import Gate
from campaign.models import Participation, StageProgress
from campaign.summaries import summary_levels
from supervision import actions, rules
from supervision.gates import gate_of
from supervision.models import Transition
from supervision.procedure import OrderedStep, ordered_steps
from supervision.views.place import crumbs, participation_or_404


def steps_of(participation: Participation, under_review: bool) -> list[dict[str, str]]:
    """The stages for the stepper; an application under way shows on the stage it is about."""
    steps = stage_steps(participation)
    for step in steps:
        if under_review and step["status"] in {"here", "over"}:
            step.update(status="review", note=_("under review"))
    return steps


def sorted_out(gate: Gate) -> dict[str, Any]:
    """The findings as the page lists them: ours, waiting on others, overridable, soft, met."""
    unmet = [finding for finding in gate if not finding.passed]
    hard = [finding for finding in unmet if not finding.soft]
    return {
        "ours": [f for f in hard if not f.overridable and not f.waiting],
        "waiting": [f for f in hard if not f.overridable and f.waiting],
        "overridable": [f for f in hard if f.overridable],
        "soft": [f for f in unmet if f.soft],
        "met": [f for f in gate if f.passed],
    }


def ordered_of(
    participation: Participation, progress: StageProgress | None, running: Transition | None
) -> list[OrderedStep]:
    """The steps of the stage under way where the playbook orders them, with those of the application under way."""
    return ordered_steps(participation, progress.stage, running) if progress is not None else []


def levels_of(participation: Participation, progress: StageProgress | None) -> list[dict[str, Any]]:
    """Who has summed the stage up, from below upwards, where the playbook asks for it (J-09)."""
    rule = participation.batch.campaign.playbook.transition
    if progress is None or rule is None or not rule.summary_levels:
        return []
    levels = summary_levels(Evidence(participation, progress))
    return [
        {"name": words.word(words.SUMMARY_LEVELS, level.key), "done": level.done, "have": level.have}
        | {"need": level.need, "missing": list(level.missing)}
        for level in levels
    ]


def gate(request: HttpRequest, pk: int) -> HttpResponse:
    """The same page for the branch, those above it and the supervision group."""
    participation = participation_or_404(request.user, pk)
    progress = participation.current()
    result = gate_of(participation, progress)
    running = (
        Transition.objects.open()
        .filter(participation=participation)
        .select_related("participation__batch__campaign", "applied_by")
        .prefetch_related("decisions__by", "decisions__on_behalf_of")
        .first()
    )
    playbook = participation.batch.campaign.playbook
    active = participation.state == Participation.State.ACTIVE
    context = {
        "participation": participation,
        "progress": progress,
        "stage": playbook.stage(progress.stage) if progress else None,
        "days": progress.days_left(clock.today()) if progress else None,
        "gate": result,
        **sorted_out(result),
        "running": running,
        "ordered": ordered_of(participation, progress, running),
        "levels": levels_of(participation, progress),
        "may_see_running": bool(running and Transition.objects.visible_to(request.user).filter(pk=running.pk).exists()),
        "why_not": actions.why_not_apply(participation, progress, result),
        "can_apply": rules.can_apply(request.user, participation),
        "can_order": active and rules.can_order_makeup(request.user, participation.organization),
        "steps": steps_of(participation, running is not None),
        "now": clock.now(),
        "crumbs": crumbs(participation.organization, (_("Conditions for the transition"), "")),
    }
    return render(request, "supervision/gate/detail.html", context)
