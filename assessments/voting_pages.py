"""How a questionnaire is laid out and rendered for the public path.

Rendered once a process for each unit and language, with a token in the place of the code: what a thousand phones ask
for within an hour is then a look-up and a replacement.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from accounts.templatetags.shell import when
from assessments.actions.casting import Admission
from assessments.ballots.questionnaire import ASKED, COMMENT, LONGEST_COMMENT, Place, Questionnaire
from assessments.models import PollUnit

SECONDS_A_QUESTION = 6
MOST_FAULTS = 10  # named one by one; who has left out more goes through the page again
# Longer answers stand below one another: in a third of a telephone they would break in the middle of a word.
LONGEST_BESIDE = {"zh": 6, "en": 20}
CODE = secrets.token_hex(16)  # stands in rendered pages where the code belongs; a code is [0-9A-Z], so it is safe there


@dataclass(frozen=True)
class Paper:
    """What the page shows, the same for everybody asked at a unit."""

    title: str
    unit: str
    organizer: str
    questionnaire: Questionnaire


@dataclass(frozen=True)
class Choice:
    id: str
    value: str
    text: str
    checked: bool


@dataclass(frozen=True)
class Field:
    """A fieldset: one answer to be given."""

    name: str
    number: int
    legend: str
    about: str  # the row, where its heading stands above several questions
    choices: list[Choice]
    columns: int
    missing: bool


@dataclass(frozen=True)
class Section:
    """Questions under one heading; without one, they stand by themselves."""

    heading: str
    fields: list[Field]
    compact: bool


@lru_cache(maxsize=2048)
def _paper(unit: int, public_key: bytes) -> Paper:
    """Frozen since the key was made, so it is read once a process."""
    found = PollUnit.objects.select_related("poll__organization").get(pk=unit)
    return Paper(found.poll.title, found.name, found.poll.organization.name, found.questionnaire())


def blank(admission: Admission, code: str) -> bytes:
    """The questionnaire with nothing answered yet."""
    page = _blank(admission.unit, admission.public_key, get_language() or "", when(admission.closes_at))
    return page.replace(CODE.encode(), code.encode())


@lru_cache(maxsize=1024)
def _blank(unit: int, public_key: bytes, language: str, until: str) -> bytes:
    # The language is in the key only: what is rendered follows the one that is active.
    return _rendered(_paper(unit, public_key), CODE, until, {}, ()).encode()


def filled(admission: Admission, code: str, sent: Mapping[str, str], missing: Sequence[str] = ()) -> bytes:
    """The questionnaire with what was sent, and with what is missing in it."""
    paper = _paper(admission.unit, admission.public_key)
    return _rendered(paper, code, when(admission.closes_at), sent, missing).encode()


def has_answers(sent: Mapping[str, str]) -> bool:
    return any(sent[name] for name in sent if name.startswith("q-") or name in (ASKED, COMMENT))


def _rendered(paper: Paper, code: str, until: str, sent: Mapping[str, str], missing: Sequence[str]) -> str:
    asks = paper.questionnaire
    sections = layout(asks, sent, missing)
    total = len(asks.places) + (asks.least_asked is not None)
    lacking = [field for section in sections for field in section.fields if field.missing]
    seconds = total * SECONDS_A_QUESTION
    context = {
        "paper": paper,
        "instrument": asks.instrument,
        "code": code,
        "until": until,
        "sections": sections,
        "total": total,
        "minutes": max(1, -(-seconds // 60)),
        "least_asked": asks.least_asked,
        "asked": sent.get(ASKED, ""),
        "asked_missing": ASKED in missing,
        "comment": sent.get(COMMENT, "")[:LONGEST_COMMENT],
        "longest": LONGEST_COMMENT,
        "faults": [(field.choices[0].id, field_name(field)) for field in lacking[:MOST_FAULTS]],
        "more": max(0, len(lacking) - MOST_FAULTS),
        "wrong": len(missing),
    }
    return render_to_string("assessments/vote/form.html", context)


def field_name(field: Field) -> str:
    """A question as the list of what is missing names it."""
    if field.about:
        return _("%(row)s: %(question)s") % {"row": field.about, "question": field.legend}
    return field.legend


def layout(asks: Questionnaire, sent: Mapping[str, str], missing: Sequence[str]) -> list[Section]:
    """Sections in the order of the instrument; a matrix row by row, which is how people think and phones scroll."""
    number = 0
    sections = []

    def field(place: Place, legend: str, about: str = "") -> Field:
        nonlocal number
        number += 1
        choices = [
            Choice(f"{place.name}-{n}", option.key, str(option.text), sent.get(place.name) == option.key)
            for n, option in enumerate(place.question.options)
        ]
        return Field(place.name, number, legend, about, choices, _columns(choices), place.name in missing)

    for by_row, questions in groupby(asks.instrument.questions, key=lambda question: question.by_row):
        group = list(questions)
        if not by_row:
            fields = [field(Place(question, None), str(question.text)) for question in group]
            sections.append(Section("", fields, compact=False))
        elif len(group) == 1:
            fields = [field(Place(group[0], row), row.label) for row in asks.rows]
            sections.append(Section(str(group[0].text), fields, compact=True))
        else:
            for row in asks.rows:
                fields = [field(Place(question, row), str(question.text), row.label) for question in group]
                sections.append(Section(row.label, fields, compact=True))
    return sections


def _columns(choices: Sequence[Choice]) -> int:
    """How many answers stand side by side in 360 pixels."""
    longest = LONGEST_BESIDE["en" if get_language() == "en" else "zh"]
    if len(choices) > 4 or any(len(choice.text) > longest for choice in choices):
        return 1
    return 2 if len(choices) == 4 else len(choices)
