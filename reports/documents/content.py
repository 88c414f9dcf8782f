"""What a bulletin or a letter says, apart from how it looks: frozen, complete, and clean once `cleaned`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from . import words
from .text import clean_line, clean_paragraphs


def same_length(headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> None:
    """Raises ValueError for a row that is not as long as the head of its table."""
    for number, row in enumerate(rows, 1):
        if len(row) != len(headers):
            raise ValueError(f"row {number} has {len(row)} cells under {len(headers)} headers")


@dataclass(frozen=True)
class BulletinItemContent:
    """One piece of a bulletin; `source` names the organisation that reported it."""

    title: str
    paragraphs: tuple[str, ...]
    source: str | None = None


@dataclass(frozen=True)
class ChartGroup:
    """Bars of the week's chart under one title, each a label and its number."""

    title: str
    bars: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class FiguresContent:
    """Figures of the week: sentences, a chart, and a table if there are headers; each row is as long as they are."""

    title: str
    sentences: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    chart: tuple[ChartGroup, ...] = ()

    def __post_init__(self) -> None:
        same_length(self.headers, self.rows)


@dataclass(frozen=True)
class BulletinContent:
    """A bulletin (K-07) ready to be set. `issue_number` counts in the series of its kind, from 1."""

    masthead: str
    issue_number: int
    office: str
    issued_on: dt.date
    items: tuple[BulletinItemContent, ...]
    total_number: int | None = None
    supplement: bool = False
    special: bool = False
    corrects: str | None = None  # the sentence that says which issue it corrects
    classification: str | None = None
    editor_note: str | None = None
    figures: FiguresContent | None = None
    report_to: str | None = None
    copy_to: str | None = None
    distribute_to: str | None = None
    copies: int | None = None
    draft: bool = False

    @property
    def issue_line(self) -> str:
        """The line under the red name."""
        return words.issue_line(self.issue_number, self.total_number, self.supplement, special=self.special)


@dataclass(frozen=True)
class Block:
    """A piece of a letter's body: level 0 is text, 1 to 4 a heading (the builder sets its mark).

    `to_fill`: a reminder of what people write in this place; set apart, so that it is not taken for text.
    """

    text: str
    level: int = 0
    to_fill: bool = False

    def __post_init__(self) -> None:
        if self.level not in range(5):
            raise ValueError(f"a block has a level from 0 to 4, not {self.level}")

    @property
    def printed(self) -> str:
        return words.TO_FILL % self.text if self.to_fill else self.text


@dataclass(frozen=True)
class TableBlock:
    """A table in a letter or in its annex, each row as long as the headers; `caption` stands over it."""

    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""

    def __post_init__(self) -> None:
        same_length(self.headers, self.rows)


@dataclass(frozen=True)
class Annex:
    """What goes with a letter: on a page of its own after the signature, under its own title."""

    title: str
    body: tuple[Block | TableBlock, ...]


@dataclass(frozen=True)
class LetterContent:
    """A document with an addressee and a signature: a reply, a notice, a request, with what is annexed to it."""

    title: str
    addressee: str | None
    body: tuple[Block | TableBlock, ...]
    signature: str
    signed_on: dt.date
    number: str | None = None
    draft: bool = False
    annexes: tuple[Annex, ...] = ()
    draft_words: str = words.DRAFT


@dataclass(frozen=True)
class SignInGroup:
    """People who sign under one name: a branch, a body, the guests; `blanks` are lines without a name."""

    name: str
    people: tuple[str, ...] = ()
    blanks: int = 0


@dataclass(frozen=True)
class SignInContent:
    """A sign-in sheet: `facts` (label, value) stand at the head of each page; an empty value is left blank."""

    title: str
    facts: tuple[tuple[str, str], ...]
    groups: tuple[SignInGroup, ...]
    organization: str
    day: dt.date


def marked(body: Sequence[Block | TableBlock]) -> Iterator[tuple[Block | TableBlock, str]]:
    """Each piece with what stands before its text: headings count themselves, level by level."""
    counts = [0, 0, 0, 0]
    for piece in body:
        mark = ""
        if isinstance(piece, Block) and piece.level:
            counts[piece.level - 1] += 1
            counts[piece.level :] = [0] * (4 - piece.level)
            mark = words.heading_mark(piece.level, counts[piece.level - 1])
        yield piece, mark


class _Cleaner:
    """Cleans text after text and keeps the count of what was removed."""

    def __init__(self) -> None:
        self.removed = 0

    def line(self, text: str) -> str:
        kept, count = clean_line(text)
        self.removed += count
        return kept

    def optional(self, text: str | None) -> str | None:
        return (self.line(text) or None) if text is not None else None

    def lines(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.line(text) for text in texts)

    def paragraphs(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        kept, count = clean_paragraphs(texts)
        self.removed += count
        return kept


def cleaned_bulletin(content: BulletinContent) -> tuple[BulletinContent, int]:
    """The content as it is printed, and how many characters were removed that no document can carry."""
    wash = _Cleaner()
    items = tuple(
        BulletinItemContent(wash.line(item.title), wash.paragraphs(item.paragraphs), wash.optional(item.source))
        for item in content.items
    )
    figures = content.figures and FiguresContent(
        title=wash.line(content.figures.title),
        sentences=wash.paragraphs(content.figures.sentences),
        headers=wash.lines(content.figures.headers),
        rows=tuple(wash.lines(row) for row in content.figures.rows),
        chart=tuple(
            ChartGroup(wash.line(group.title), tuple((wash.line(label), value) for label, value in group.bars))
            for group in content.figures.chart
        ),
    )
    note = wash.paragraphs((content.editor_note,)) if content.editor_note is not None else ()
    washed = replace(
        content,
        masthead=wash.line(content.masthead),
        office=wash.line(content.office),
        classification=wash.optional(content.classification),
        corrects=wash.optional(content.corrects),
        editor_note="\n".join(note) or None,
        items=items,
        figures=figures,
        report_to=wash.optional(content.report_to),
        copy_to=wash.optional(content.copy_to),
        distribute_to=wash.optional(content.distribute_to),
    )
    return washed, wash.removed


def cleaned_letter(content: LetterContent) -> tuple[LetterContent, int]:
    """The same for a letter. Each line of a block becomes a block; only the first keeps a heading's level."""
    wash = _Cleaner()
    washed = replace(
        content,
        title=wash.line(content.title),
        addressee=wash.optional(content.addressee),
        body=_washed_body(wash, content.body),
        signature=wash.line(content.signature),
        number=wash.optional(content.number),
        annexes=tuple(Annex(wash.line(one.title), _washed_body(wash, one.body)) for one in content.annexes),
    )
    return washed, wash.removed


def _washed_body(wash: _Cleaner, pieces: tuple[Block | TableBlock, ...]) -> tuple[Block | TableBlock, ...]:
    body: list[Block | TableBlock] = []
    for piece in pieces:
        if isinstance(piece, TableBlock):
            rows = tuple(wash.lines(row) for row in piece.rows)
            body.append(TableBlock(wash.lines(piece.headers), rows, wash.line(piece.caption)))
            continue
        for position, text in enumerate(wash.paragraphs((piece.text,))):
            body.append(replace(piece, text=text, level=piece.level if position == 0 else 0))
    return tuple(body)


def cleaned_sign_in(content: SignInContent) -> SignInContent:
    """The sheet without characters that no document can carry."""
    wash = _Cleaner()
    return replace(
        content,
        title=wash.line(content.title),
        facts=tuple((label, wash.line(value)) for label, value in content.facts),
        groups=tuple(replace(one, name=wash.line(one.name), people=wash.lines(one.people)) for one in content.groups),
        organization=wash.line(content.organization),
    )
