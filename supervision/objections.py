"""What was said against an application, piece by piece, and what the applicant answers when he applies again (J-18)."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaign.playbook import Playbook
from supervision import chain
from supervision.compare import changes, compare
from supervision.models import Decision, Transition

KEY_MAX = 100


@dataclass(frozen=True)
class Objection:
    """One point: of a part of the report, of a condition, or in general; `key` names it in Transition.answers."""

    key: str
    title: str
    text: str
    part: str = ""  # key of the part of the report, if it is about one


@dataclass(frozen=True)
class Answered:
    """An objection with what the applicant says was done about it; `changes`: places changed in the part, if known."""

    objection: Objection
    answer: str
    changes: int | None = None


def last_objected(participation: int, stage: str, *, before: int | None = None) -> Transition | None:
    """The last attempt at the stage that was sent back, before attempt number `before`. Two queries at most."""
    rows = Transition.objects.filter(participation=participation, stage=stage)
    rows = rows.filter(state__in=(Transition.State.RETURNED, Transition.State.MADE_UP))
    if before is not None:
        rows = rows.filter(attempt__lt=before)
    return rows.order_by("-attempt").prefetch_related("decisions__by", "decisions__on_behalf_of").first()


def objections_to(transition: Transition | None, playbook: Playbook) -> list[Objection]:
    """All points made against an attempt: parts of the report, then conditions, then what was said at large."""
    if transition is None:
        return []
    rule = chain.rule_at(playbook, transition.stage)
    names = {part.key: str(part.name) for part in rule.parts} if rule else {}
    titles = {finding.key: str(finding.title) for finding in transition.gate}
    found: list[Objection] = []
    for decision in transition.decisions.all():
        if decision.verdict == Decision.Verdict.AGREE:
            continue
        for key, why in decision.sections.get("parts", {}).items():
            found.append(Objection(f"{decision.body}:part:{key}", names.get(key, key), why, key))
        for key in decision.sections.get("findings", []):
            title = _("Condition: %(title)s") % {"title": titles.get(key, key)}
            found.append(Objection(f"{decision.body}:finding:{key}"[:KEY_MAX], title, ""))
        if decision.reason:
            found.append(Objection(f"{decision.body}:reason", _("In general"), decision.reason))
    return found


def answered(transition: Transition, playbook: Playbook) -> tuple[Transition | None, list[Answered]]:
    """The attempt that was sent back before this one, and each objection to it with its answer. Two queries at most."""
    if transition.attempt == 1:
        return None, []
    back = last_objected(transition.participation_id, transition.stage, before=transition.attempt)
    rows = []
    for one in objections_to(back, playbook):
        places = None
        if back is not None and one.part:
            places = changes(compare(back.parts.get(one.part, ""), transition.parts.get(one.part, "")))
        rows.append(Answered(one, transition.answers.get(one.key, ""), places))
    return back, rows
