"""Bulletins as PDF: tagged (PDF/UA-1), fonts embedded, the same bytes for the same content."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typst

from . import measures as m
from . import words
from .chart import chart_svg, chart_text
from .content import BulletinContent, FiguresContent, cleaned_bulletin
from .fonts import FontChoice, choose_fonts, font_book
from .notes import CharactersRemoved, FontSubstituted, GlyphsMissing, Note
from .text import split_heading

TEMPLATE = Path(__file__).with_name("bulletin.typ")
MISSING_GLYPH = re.compile(r'the text `"(.+?)"` could not be displayed')
ESCAPED = re.compile(r"\\u\{([0-9a-f]+)\}")
KEYS = {"fang": m.FANG_SONG, "kai": m.KAI_TI, "hei": m.HEI_TI, "song": m.SONG_TI, "biao": m.XIAO_BIAO_SONG}


@dataclass(frozen=True)
class PdfResult:
    """The file, the fonts it is set in, and what the office should be told about it."""

    data: bytes
    fonts: tuple[FontChoice, ...]
    notes: tuple[Note, ...]


def bulletin_pdf(content: BulletinContent, *, system_fonts: bool = True) -> PdfResult:
    """A bulletin (K-07) as PDF. `system_fonts` off: the bundled ones only, the same on every machine."""
    clean, removed = cleaned_bulletin(content)
    book = font_book(system_fonts)
    chosen = choose_fonts(frozenset(book.families()))
    data = json.dumps(_as_json(clean, chosen), ensure_ascii=False, sort_keys=True)
    midnight = dt.datetime.combine(clean.issued_on, dt.time(), tzinfo=dt.UTC)
    pdf, missing = _compile(data, book, int(midnight.timestamp()))
    notes: list[Note] = [FontSubstituted(f.wanted, f.used) for f in chosen.values() if f.substituted]
    if removed:
        notes.append(CharactersRemoved(removed))
    if missing:
        notes.append(GlyphsMissing(missing))
    return PdfResult(pdf, tuple(chosen.values()), tuple(notes))


def _compile(data: str, book: typst.Fonts, timestamp: int) -> tuple[bytes, str]:
    """The PDF, and the characters that no font has, for which PDF/UA-1 has to be given up."""
    options: dict[str, Any] = {
        "root": str(TEMPLATE.parent),
        "font_paths": book,
        "ignore_system_fonts": True,  # the book has them already
        "sys_inputs": {"data": data},
        "timestamp": timestamp,
    }
    try:
        return typst.compile(str(TEMPLATE), format="pdf", pdf_standards=["ua-1"], **options), ""
    except typst.TypstError as error:
        missing = _missing_characters(error.diagnostic)
        if not missing:
            raise
    return typst.compile(str(TEMPLATE), format="pdf", **options), missing


def _missing_characters(diagnostic: str) -> str:
    """The characters named in the typesetter's complaints, each once, in their order."""
    text = "".join(MISSING_GLYPH.findall(diagnostic))
    return "".join(dict.fromkeys(ESCAPED.sub(lambda code: chr(int(code[1], 16)), text)))


def _as_json(content: BulletinContent, chosen: dict[str, FontChoice]) -> dict[str, Any]:
    issue = content.issue_line
    date = words.long_date(content.issued_on)
    return {
        "name": f"{content.masthead}{issue}",
        "masthead": content.masthead,
        "name_size": m.masthead_size(content.masthead),
        "issue": issue,
        "office": content.office,
        "date": date,
        "day": [content.issued_on.year, content.issued_on.month, content.issued_on.day],
        "one_line": m.fits_one_line(content.office, date),
        "classification": content.classification,
        "draft": words.DRAFT if content.draft else None,
        "dash": words.PAGE_DASH,
        "red": f"#{m.RED}",
        "fonts": {
            key: {"families": chosen[name].families, "substituted": chosen[name].substituted}
            for key, name in KEYS.items()
        },
        "corrects": content.corrects,
        "note_label": words.EDITOR_NOTE,
        "note": content.editor_note.split("\n") if content.editor_note else [],
        "items": [
            {
                "title": item.title,
                "paragraphs": [_parts(text) for text in item.paragraphs],
                "source": words.source_line(item.source) if item.source else None,
                "kept": m.kept_with_source(item.paragraphs[-1]) if item.source and item.paragraphs else False,
            }
            for item in content.items
        ],
        "figures": _figures(content.figures, chosen) if content.figures else None,
        "distribution": list(words.distribution(content.report_to, content.copy_to, content.distribute_to)),
        "copies": words.copies_line(content.copies) if content.copies is not None else None,
    }


def _figures(figures: FiguresContent, chosen: dict[str, FontChoice]) -> dict[str, Any]:
    return {
        "title": figures.title or words.FIGURES,
        "sentences": [_parts(text) for text in figures.sentences],
        "chart": chart_svg(figures.chart, chosen[m.HEI_TI].families) if figures.chart else None,
        "chart_text": chart_text(figures.chart),
        "headers": figures.headers,
        "rows": figures.rows,
        "shares": m.column_shares(figures.headers, figures.rows) if figures.headers else [],
    }


def _parts(text: str) -> list[dict[str, Any]]:
    """A paragraph as its heading and the rest; level 0 is body text."""
    level, heading, rest = split_heading(text)
    return [part for part in ({"level": level, "text": heading}, {"level": 0, "text": rest}) if part["text"]]
