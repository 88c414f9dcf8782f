"""The measures of an official document (GB/T 9704-2012), said once for Word, PDF and the layout check."""

from __future__ import annotations

from typing import Final

PAGE_MM: Final = (210, 297)
TOP_MM: Final = 37
LEFT_MM: Final = 28
RIGHT_MM: Final = 26
BOTTOM_MM: Final = 35
TYPE_WIDTH_MM: Final = 156

LINE_PITCH: Final = 579  # twentieths of a point: 22 lines to 225 mm
CHAR_SPACE: Final = -848  # 4096ths of a point off a 16 pt character: 28 of them to 156 mm
CLOSER: Final = -5  # twentieths of a point off a 16 pt character: as many to the line as by the grid

# Sizes by their Chinese names, in points.
SIZE_2: Final = 22
SIZE_3: Final = 16
SIZE_4: Final = 14
SIZE_SMALL_4: Final = 12

FANG_SONG: Final = "仿宋_GB2312"
KAI_TI: Final = "楷体_GB2312"
HEI_TI: Final = "黑体"
XIAO_BIAO_SONG: Final = "方正小标宋简体"
SONG_TI: Final = "宋体"
FONTS: Final = (FANG_SONG, KAI_TI, HEI_TI, XIAO_BIAO_SONG, SONG_TI)
HEADING_FONTS: Final = {1: HEI_TI, 2: KAI_TI, 3: FANG_SONG, 4: FANG_SONG}

CELL_PADDING: Final = 2.0  # characters of size small 4: both sides of a cell, and the air beside figures

RED: Final = "C00000"
RULE_PT: Final = 1.5

TITLE_UNITS: Final = 20  # characters of size 2 to a line

MASTHEAD_LARGEST: Final = 58
MASTHEAD_SMALLEST: Final = 28


def twips(millimetres: float) -> int:
    """Millimetres as twentieths of a point, as Word keeps lengths."""
    return round(millimetres * 1440 / 25.4)


def text_units(text: str) -> float:
    """The width of a text in Chinese characters: one for a wide character, a half for a narrow one."""
    return sum(0.5 if ord(char) < 0x2000 else 1 for char in text)


def fits_one_line(office: str, date: str) -> bool:
    """Whether office and date share a line of 28 characters, with one free at each end and two between."""
    return text_units(office) + text_units(date) <= 24


def kept_with_source(paragraph: str) -> bool:
    """Whether a paragraph is so short, five lines, that it is kept with the source named under it."""
    return text_units(paragraph) <= 5 * 28


def masthead_size(name: str) -> int:
    """The size in points at which a bulletin's name fills its line without breaking, within reason."""
    fitting = int(TYPE_WIDTH_MM / 25.4 * 72 * 0.96 / max(text_units(name), 1))
    return max(MASTHEAD_SMALLEST, min(MASTHEAD_LARGEST, fitting))


def column_shares(headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> tuple[float, ...]:
    """The share of the type area that each column of a table gets, by its longest text, none starved.

    Where not everything fits, the narrow columns keep what they need and the wide ones share the rest.
    """
    needs = [
        max([text_units(header), *(text_units(row[index]) for row in rows), 3]) + CELL_PADDING
        for index, header in enumerate(headers)
    ]
    room = TYPE_WIDTH_MM / 25.4 * 72 / SIZE_SMALL_4
    if sum(needs) > room:
        needs = _within(needs, room)
    return tuple(width / sum(needs) for width in needs)


def _within(needs: list[float], room: float) -> list[float]:
    """The same widths cut to the room: from the narrowest up each gets what it needs, at most an equal part."""
    given = dict.fromkeys(range(len(needs)), 0.0)
    left, waiting = room, sorted(given, key=lambda column: needs[column])
    while waiting:
        column = waiting.pop(0)
        given[column] = min(needs[column], left / (len(waiting) + 1))
        left -= given[column]
    return [given[column] for column in range(len(needs))]
