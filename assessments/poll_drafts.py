"""What a new anonymous survey begins with: the questionnaire, the rows of its matrix, the units, likely numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments import member_tests, poll_rules
from assessments.actions.polls import Place
from assessments.ballots.questionnaire import member_instrument, questionnaire, style_instrument
from assessments.forms.polls import MEMBERS
from assessments.models import Poll
from assessments.queries.polls import rolls
from campaign.models import Batch, Participation, StyleReview
from units.models import Member

Numbers = Mapping[str, int | None]
Row = tuple[str, str]
# Where the source names nobody who answers, everybody who is given a slip does.
ANYBODY = {"key": "respondents", "name": {"zh": "参评人员", "en": "Respondents"}, "default": True}


@dataclass
class Draft:
    """The beginning of a survey. `due`: units for which it is due now; None where it is held in one place."""

    batch: Batch
    choice: poll_rules.Choice
    title: str
    form: dict[str, Any]
    due: QuerySet[Participation] | None = None
    rows: list[Row] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    initial: dict[str, int] = field(default_factory=dict)

    @property
    def groups(self) -> list[Row]:
        return [(one.key, str(one.name)) for one in questionnaire(self.form).instrument.groups]

    def places(self, numbers: Numbers, rows: Iterable[Row]) -> list[Place]:
        """Where it is asked, of how many."""
        if self.due is not None:
            return places_for(list(self.due), numbers)
        one = self.choice.organization
        return [Place(one, one.name, {key: number or 0 for key, number in numbers.items()}, rows=list(rows))]


def places_for(participations: list[Participation], numbers: Numbers) -> list[Place]:
    """The units with their numbers; members without a number are as many as the frozen roll says."""
    roll = rolls(participations) if MEMBERS in numbers and numbers[MEMBERS] is None else {}

    def asked(one: Participation) -> dict[str, int]:
        return {
            key: roll.get(one.pk, 0) if key == MEMBERS and number is None else number or 0
            for key, number in numbers.items()
        }

    return [Place(one.organization, one.label, asked(one), one) for one in participations]


def draft_for(user: Any, batch: Batch, choice: poll_rules.Choice) -> Draft:
    """What the page of a new survey shows."""
    if choice.review is not None:
        return _style(batch, choice, choice.review)
    if choice.kind == Poll.Kind.MEMBERS or choice.instrument is None:
        return _members(batch, choice)
    raw = _with_groups(_raw(batch, choice.instrument.key))
    rows = poll_rules.candidates(user, batch, choice.organization)
    rows = poll_rules.at_stage(rows, choice.instrument.when)
    rows = rows.exclude(pk__in=poll_rules.busy(batch, choice.instrument.key).values("participation"))
    return Draft(batch, choice, choice.instrument.name.zh, {"instrument": raw}, due=rows)


def _raw(batch: Batch, key: str) -> dict[str, Any]:
    return next(raw for raw in batch.campaign.snapshot["instruments"] if raw["key"] == key)


def _with_groups(raw: dict[str, Any]) -> dict[str, Any]:
    return raw if raw.get("groups") else {**raw, "groups": [ANYBODY]}


def _members(batch: Batch, choice: poll_rules.Choice) -> Draft:
    """The members of a branch whose report can be tested; who cannot yet is named (F-12)."""
    playbook = batch.campaign.playbook
    people = list(Member.objects.on_roll().filter(organization=choice.organization).order_by("pk"))
    asked = [one for one in people if not member_tests.is_exempt(one, playbook)]
    waiting = member_tests.not_to_be_tested_yet(batch, asked)
    late = {one.pk for one in waiting}
    raw = _raw(batch, choice.instrument.key) if choice.instrument else _default_test(batch)
    return Draft(
        batch,
        choice,
        _("Member test of %(branch)s") % {"branch": choice.organization.name},
        {"instrument": member_instrument(_with_groups(raw))},
        rows=[(str(one.pk), one.name) for one in asked if one.pk not in late],
        waiting=[one.name for one in waiting],
        initial={f"asked-{ANYBODY['key']}": len(people)},
    )


def _default_test(batch: Batch) -> dict[str, Any]:
    """The scale of three, where the playbook has no instrument for a member's report."""
    question = member_tests.QUESTION

    def text(words: Any) -> dict[str, str]:
        return {"zh": words.zh, "en": words.en}

    def option(one: Any) -> dict[str, Any]:
        counts = {name: True for name in ("satisfied", "adverse") if getattr(one, name)}
        return {"key": one.key, "text": text(one.text), **counts}

    options = [option(one) for one in question.options]
    asked = {"key": question.key, "text": text(question.text), "decisive": True, "options": options}
    name = {"zh": "党员满意度测评", "en": "Member test"}
    return {"key": "member_test", "name": name, "when": "member", "questions": [asked]}


def _style(batch: Batch, choice: poll_rules.Choice, review: StyleReview) -> Draft:
    """Every department of the review is rated on every item by every kind of representative (N-03)."""
    raw = style_instrument({"zh": review.title, "en": review.title}, review.kinds, review.items, review.grades)
    form: dict[str, Any] = {"instrument": raw}
    if review.least_asked:
        form["least_asked"] = review.least_asked
    rows = [(str(one.pk), one.name) for one in review.departments.all()]
    return Draft(batch, choice, review.title, form, rows=rows)
