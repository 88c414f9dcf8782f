"""The questionnaire of an anonymous survey as it stands on the editor's page: whatever was typed, right or wrong.

Buttons add, remove and move lines without saving; saving turns the sheet into the instrument that is frozen at opening.
What the playbook's thresholds stand on cannot be removed: they decide about the result.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from campaign.editing.keys import new_key
from campaign.playbook import PlaybookInvalid, instrument_from

MOST_GROUPS, MOST_QUESTIONS, MOST_OPTIONS = 8, 20, 8
LONGEST_TITLE, LONGEST_TEXT = 100, 200
COUNTS = ("satisfied", "adverse", "")
_STEP = re.compile(r"(add|remove|up|down)-(group|question|option)(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
Raw = dict[str, Any]


@dataclass
class Line:
    """A text in both languages under its key; a new line has none yet."""

    key: str = ""
    zh: str = ""
    en: str = ""
    kept: bool = False  # a threshold stands on it

    @property
    def said(self) -> str:
        """In the reader's language, as the phone shows it."""
        return (self.en if get_language() == "en" else "") or self.zh

    def text(self) -> dict[str, str]:
        """Without English the Chinese stands on both pages."""
        return {"zh": self.zh, "en": self.en or self.zh}


@dataclass
class OptionLine(Line):
    """An answer, and for what it counts: satisfied, adverse, or neither."""

    counts: str = ""


@dataclass
class QuestionLine(Line):
    options: list[OptionLine] = field(default_factory=list)
    by_row: bool = False


@dataclass
class Sheet:
    """All that the page holds. `base`: the instrument that is changed; what the page does not show of it stays."""

    base: Raw
    title: str
    groups: list[Line]
    questions: list[QuestionLine]
    decisive: int
    comment: Line
    fixed_questions: bool = False
    fixed_groups: bool = False

    # ---- reading

    @classmethod
    def stored(cls, title: str, base: Raw, **fixed: bool) -> Sheet:
        """As it was saved last."""
        questions = [_question_of(raw) for raw in base.get("questions", [])]
        decisive = next((n for n, raw in enumerate(base["questions"]) if raw.get("decisive")), 0)
        groups = [Line(raw["key"], *_words(raw.get("name"))) for raw in base.get("groups", [])]
        return cls(base, title, groups, questions, decisive, Line("", *_words(base.get("comment"))), **fixed)._mark()

    @classmethod
    def typed(cls, data: Mapping[str, str], base: Raw, **fixed: bool) -> Sheet:
        """As it came from the page."""
        found = cls.stored(_plain(data.get("title", "")), base, **fixed)
        found.comment = _line(data, "comment")
        if not found.fixed_groups:
            found.groups = [_line(data, name) for name in _names(data, "g", MOST_GROUPS)]
        if not found.fixed_questions:
            rows = {raw["key"]: bool(raw.get("by_row")) for raw in base["questions"]}
            found.questions = [_question_from(data, name, rows) for name in _names(data, "q", MOST_QUESTIONS)]
            number = data.get("decisive", "")
            found.decisive = int(number) if number.isascii() and number.isdigit() and len(number) < 3 else -1
        return found._mark()

    def _mark(self) -> Sheet:
        bound = {(rule["question"], key) for rule in self.base.get("thresholds", []) for key in rule["options"]}
        for question in self.questions:
            question.kept = any(question.key == of for of, _key in bound)
            for option in question.options:
                option.kept = (question.key, option.key) in bound
        return self

    # ---- the buttons

    def step(self, command: str) -> None:
        """Do what a button says; what cannot be done changes nothing."""
        match = _STEP.fullmatch(command)
        if match is None:
            return
        verb, what = match[1], match[2]
        first, second = (int(part) if part else -1 for part in (match[3], match[4]))
        if (what == "group" and self.fixed_groups) or (what != "group" and self.fixed_questions):
            return
        if verb == "add":
            self._add(what, first)
        elif what == "option" and 0 <= first < len(self.questions):
            _move(self.questions[first].options, verb, second, least=2)
        elif what == "group":
            _move(self.groups, verb, first, least=1)
        elif what == "question":
            self._move_question(verb, first)

    def _add(self, what: str, at: int) -> None:
        if what == "group" and len(self.groups) < MOST_GROUPS:
            self.groups.append(Line())
        elif what == "question" and len(self.questions) < MOST_QUESTIONS:
            like = self.questions[0].options if self.questions else [OptionLine(), OptionLine()]
            copies = [OptionLine(one.key, one.zh, one.en, counts=one.counts) for one in like]
            self.questions.append(QuestionLine(options=copies))
        elif what == "option" and 0 <= at < len(self.questions):
            options = self.questions[at].options
            if len(options) < MOST_OPTIONS:
                options.append(OptionLine())

    def _move_question(self, verb: str, at: int) -> None:
        chosen = self.questions[self.decisive] if 0 <= self.decisive < len(self.questions) else None
        _move(self.questions, verb, at, least=1)
        self.decisive = next((n for n, one in enumerate(self.questions) if one is chosen), -1)

    # ---- writing

    def faults(self) -> dict[str, str]:
        """What is wrong, by the name of the field; the playbook's own reader has the last word."""
        found: dict[str, str] = {}
        if not self.title:
            found["title"] = _("Give the survey a title.")
        elif len(self.title) > LONGEST_TITLE:
            found["title"] = _("At most %(most)s characters.") % {"most": LONGEST_TITLE}
        if not self.groups:
            found["groups"] = _("Name at least one group of respondents.")
        _say_empty(found, [(f"g-{n}", one) for n, one in enumerate(self.groups)], _("Name the group in Chinese."))
        for n, question in enumerate(self.questions):
            found |= self._question_faults(n, question)
        found |= self._decisive_faults()
        if self.comment.en and not self.comment.zh:
            found["comment-zh"] = _("Write the question in Chinese.")
        return found or self._reader_faults()

    def _question_faults(self, n: int, question: QuestionLine) -> dict[str, str]:
        found: dict[str, str] = {}
        _say_empty(found, [(f"q-{n}", question)], _("Write the question in Chinese."))
        names = [(f"q-{n}-o-{m}", one) for m, one in enumerate(question.options)]
        _say_empty(found, names, _("Write the answer in Chinese."))
        if len(question.options) < 2:
            found.setdefault(f"q-{n}-zh", _("A question needs at least two answers."))
        return found

    def _decisive_faults(self) -> dict[str, str]:
        if not 0 <= self.decisive < len(self.questions):
            return {"questions": _("Say which question is the decisive one: its answers give the satisfaction rate.")}
        options = self.questions[self.decisive].options
        if not self.fixed_questions and not any(one.counts == "satisfied" for one in options):
            text = _("Say which answers of the decisive question count as satisfied.")
            return {f"q-{self.decisive}-o-0-counts": text}
        return {}

    def _reader_faults(self) -> dict[str, str]:
        try:
            instrument_from(self.raw())
        except PlaybookInvalid as invalid:
            return {self._field(one.table, one.key): one.message for one in invalid.faults}
        return {}

    def _field(self, table: str, key: str) -> str:
        """The field on the page that a fault of the reader speaks of."""
        parts = table.split(".")
        where = dict(zip(parts[2::2], parts[3::2], strict=False))
        if "thresholds" in where:
            return "questions"
        if "groups" in where:
            at = next((n for n, one in enumerate(self.groups) if one.key == where["groups"]), 0)
            return f"g-{at}-zh"
        if "questions" in where:
            at = next((n for n, one in enumerate(self.questions) if one.key == where["questions"]), 0)
            options = self.questions[at].options if self.questions else []
            of = next((n for n, one in enumerate(options) if one.key == where.get("options")), None)
            return f"q-{at}-zh" if of is None else f"q-{at}-o-{of}-zh"
        return {"comment": "comment-zh", "groups": "groups"}.get(key, "questions")

    def raw(self) -> Raw:
        """The instrument as it is kept."""
        _give_keys(self.groups, "group", "name")
        made = {**self.base, "groups": [self._group_raw(one) for one in self.groups]}
        if not self.fixed_questions:
            _give_keys(self.questions, "question", "text")
            made["questions"] = [self._question_raw(n, one) for n, one in enumerate(self.questions)]
        made.pop("comment", None)
        if self.comment.zh:
            made["comment"] = self.comment.text()
        return made

    def _group_raw(self, line: Line) -> Raw:
        before = next((raw for raw in self.base.get("groups", []) if raw["key"] == line.key), {})
        return {**before, "key": line.key, "name": line.text()}

    def _question_raw(self, n: int, line: QuestionLine) -> Raw:
        before = next((raw for raw in self.base["questions"] if raw["key"] == line.key), {})
        _give_keys(line.options, "answer", "text")
        made = {**before, "key": line.key, "text": line.text(), "options": [_option_raw(one) for one in line.options]}
        made.pop("decisive", None)
        if n == self.decisive:
            made["decisive"] = True
        return made


# ---------------------------------------------------------------- pieces
def _words(text: Mapping[str, str] | None) -> tuple[str, str]:
    """Both languages as they stand in the fields: English that only repeats the Chinese is left out."""
    zh, en = (text or {}).get("zh", ""), (text or {}).get("en", "")
    return zh, "" if en == zh else en


def _plain(text: str) -> str:
    return " ".join(text.split())


def _names(data: Mapping[str, str], stem: str, most: int) -> list[str]:
    found = []
    while len(found) < most and f"{stem}-{len(found)}-zh" in data:
        found.append(f"{stem}-{len(found)}")
    return found


def _line(data: Mapping[str, str], name: str) -> Line:
    return Line(*(_plain(data.get(f"{name}-{part}", "")) for part in ("key", "zh", "en")))


def _question_of(raw: Raw) -> QuestionLine:
    options = [
        OptionLine(one["key"], *_words(one.get("text")), counts=next((c for c in COUNTS if c and one.get(c)), ""))
        for one in raw.get("options", [])
    ]
    return QuestionLine(raw["key"], *_words(raw.get("text")), options=options, by_row=bool(raw.get("by_row")))


def _question_from(data: Mapping[str, str], name: str, rows: Mapping[str, bool]) -> QuestionLine:
    line = _line(data, name)
    options = []
    for inner in _names(data, f"{name}-o", MOST_OPTIONS):
        one = _line(data, inner)
        counts = data.get(f"{inner}-counts", "")
        options.append(OptionLine(one.key, one.zh, one.en, counts=counts if counts in COUNTS else ""))
    return QuestionLine(line.key, line.zh, line.en, options=options, by_row=rows.get(line.key, False))


def _move(lines: list[Any], verb: str, at: int, *, least: int) -> None:
    if not 0 <= at < len(lines):
        return
    other = at + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "remove":
        bound = lines[at].kept or any(one.kept for one in getattr(lines[at], "options", []))
        if not bound and len(lines) > least:
            del lines[at]
    elif 0 <= other < len(lines):
        lines[at], lines[other] = lines[other], lines[at]


def _say_empty(found: dict[str, str], named: Iterable[tuple[str, Line]], empty: str) -> None:
    for name, line in named:
        if not line.zh:
            found[f"{name}-zh"] = empty
        for part in ("zh", "en"):
            if len(getattr(line, part)) > LONGEST_TEXT:
                found[f"{name}-{part}"] = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}


def _give_keys(lines: Iterable[Line], stem: str, part: str) -> None:
    """Keys of new lines, short enough for every column that holds one."""
    listed = list(lines)
    taken = {line.key for line in listed if line.key}
    for number, line in enumerate(listed, start=1):
        if not line.key:
            line.key = new_key({part: {"en": line.en[:30]}}, taken, f"{stem}_{number}")
            taken.add(line.key)


def _option_raw(line: OptionLine) -> Raw:
    made: Raw = {"key": line.key, "text": line.text()}
    if line.counts:
        made[line.counts] = True
    return made
