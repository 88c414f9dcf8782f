"""What is asked on a ballot, as it was frozen when the survey opened; reading answers, packing and unpacking them."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from campaign.playbook import Instrument, Question, instrument_from

COMMENT = "comment"
ASKED = "asked"
LONGEST_COMMENT = 300  # characters
MOST_ASKED = 9999
_BLOCK = 64  # bytes; sizes of sealed ballots are rounded up to it


@dataclass(frozen=True)
class Row:
    """A row of a matrix: a member or a department. `key` is the id of its record."""

    key: str
    label: str


@dataclass(frozen=True)
class Place:
    """One answer to be given: a question, and the row it is about in a matrix."""

    question: Question
    row: Row | None

    @property
    def name(self) -> str:
        """Of the form's field."""
        return f"q-{self.question.key}" + (f"-{self.row.key}" if self.row else "")


@dataclass(frozen=True)
class Given:
    """The answers of one ballot: an option's number for each place, in order; words; how many people were asked."""

    options: tuple[int, ...]
    comment: str = ""
    asked: int | None = None


@dataclass(frozen=True)
class Reading:
    """What came from a form: the answers, or the names of the fields that are missing or wrong."""

    given: Given | None
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Questionnaire:
    """An instrument with the rows of one unit. `least_asked`: the style review asks on how many people one relies."""

    instrument: Instrument
    rows: tuple[Row, ...] = ()
    least_asked: int | None = None

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """Every answer that a ballot must give; a question by row once for each row."""
        found: list[Place] = []
        for question in self.instrument.questions:
            found += [Place(question, row) for row in self.rows] if question.by_row else [Place(question, None)]
        return tuple(found)

    @property
    def size(self) -> int:
        """Bytes to which every ballot is padded: the longest that can be given."""
        number = len(str(max((len(q.options) for q in self.instrument.questions), default=1)))
        longest = 40 + len(self.places) * (number + 1)
        if self.instrument.comment:
            longest += LONGEST_COMMENT * 4
        return -(-longest // _BLOCK) * _BLOCK

    def read(self, data: Mapping[str, str]) -> Reading:
        """Read a form. Every place must be answered; words are cut to what the page allows."""
        options, missing = [], []
        for place in self.places:
            keys = [option.key for option in place.question.options]
            answer = data.get(place.name, "")
            if answer in keys:
                options.append(keys.index(answer))
            else:
                missing.append(place.name)
        asked = None
        if self.least_asked is not None:
            asked = _number(data.get(ASKED, ""))
            if asked is None:
                missing.append(ASKED)
        comment = _plain(data.get(COMMENT, ""))[:LONGEST_COMMENT] if self.instrument.comment else ""
        return Reading(None if missing else Given(tuple(options), comment, asked), tuple(missing))

    def pack(self, group: int, given: Given) -> dict[str, Any]:
        """What is sealed. `group` is the number of the respondent group in the instrument."""
        content: dict[str, Any] = {"g": group, "a": list(given.options)}
        if given.comment:
            content["c"] = given.comment
        if given.asked is not None:
            content["n"] = given.asked
        return content

    def unpack(self, content: Mapping[str, Any]) -> tuple[int, Given]:
        """What was sealed. Raises ValueError for what no ballot of this questionnaire can hold."""
        options = tuple(content["a"])
        if len(options) != len(self.places):
            raise ValueError("another number of answers")
        if any(not 0 <= n < len(place.question.options) for n, place in zip(options, self.places, strict=True)):
            raise ValueError("an answer that was not offered")
        return int(content["g"]), Given(options, str(content.get("c", "")), content.get("n"))

    def answers(self, given: Given) -> dict[str, str]:
        """The option's key by the field's name."""
        return {
            place.name: place.question.options[number].key
            for place, number in zip(self.places, given.options, strict=True)
        }


def _number(text: str) -> int | None:
    text = unicodedata.normalize("NFKC", text).strip()
    if not (text.isascii() and text.isdigit()) or not 0 <= int(text[:6]) <= MOST_ASKED:
        return None
    return int(text[:6])


def _plain(text: str) -> str:
    """Words without control characters, lines kept: so that their length in bytes has a bound."""
    kept = (c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c == "\n" or unicodedata.category(c)[0] != "C")
    return "".join(kept).strip()


def questionnaire(form: Mapping[str, Any], rows: list[list[str]] | None = None) -> Questionnaire:
    """A frozen form ({"instrument": …, "least_asked": …}) with the rows of a unit ([[key, label], …])."""
    return Questionnaire(
        instrument_from(form["instrument"]),
        tuple(Row(key, label) for key, label in rows or []),
        form.get("least_asked"),
    )


def style_instrument(
    title: Mapping[str, str], kinds: list[list[str]], items: list[list[str]], grades: list[list[str]]
) -> dict[str, Any]:
    """The instrument of a style review: kinds of representatives answer every item for every department (N-03)."""

    def text(line: list[str]) -> dict[str, str]:
        return {"zh": line[1], "en": line[2]}

    options = [{"key": grade[0], "text": text(grade)} for grade in grades]
    questions: list[dict[str, Any]] = [
        {"key": item[0], "text": text(item), "options": options, "by_row": True} for item in items
    ]
    questions[0]["decisive"] = True
    return {
        "key": "style_review",
        "name": dict(title),
        "when": "any",
        "groups": [{"key": kind[0], "name": text(kind)} for kind in kinds],
        "questions": questions,
    }


def member_instrument(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The member test as a matrix: every question for each member (F-24)."""
    return {**raw, "questions": [{**question, "by_row": True} for question in raw["questions"]]}


__all__ = [
    "ASKED",
    "COMMENT",
    "LONGEST_COMMENT",
    "Given",
    "Place",
    "Questionnaire",
    "Reading",
    "Row",
    "member_instrument",
    "questionnaire",
    "style_instrument",
]
