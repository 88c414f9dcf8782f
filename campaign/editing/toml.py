"""A playbook's snapshot as a TOML file that `check_playbook` accepts, so that the next campaign can start from it.

Written for what a snapshot can hold: texts, whole numbers, true and false, lists and tables. Everything in the
snapshot is written, known here or not; `loads` reads an equal playbook back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

# The order in which a reader looks for things; what is not named here comes after, by name.
TOP = (
    "key", "name", "level", "source", "words", "statements", "batches", "schedule", "unit_types", "preparation",
    "stages", "study", "actions", "instruments", "bands", "transition", "closing", "makeup", "sanctions",
    "analysis", "routing", "talks", "style_review", "appraisal", "handling", "plans", "ledger", "lookbacks",
    "commendations", "reports", "bulletin", "bodies", "staffing", "liaison", "pairing", "lists",
)  # fmt: skip
LAST = ("parameters",)
INSIDE = (
    "key", "number", "phase", "check", "question", "body", "verb", "author", "reviewer", "owner", "who", "kind", "name",
    "text", "zh", "en", "when", "aim", "description", "by", "proof", "per", "evidence", "count", "deadline", "days",
    "window", "gate", "soft",
)  # fmt: skip
BARE = re.compile(r"[A-Za-z0-9_-]+")
WIDTH = 110


def dumps(snapshot: Mapping[str, Any], *, title: str = "") -> str:
    """The whole file; `title` stands on top as a remark."""
    lines = [f"# {line}" for line in title.splitlines()]
    if lines:
        lines.append("")
    _write(lines, snapshot, (), TOP)
    return "\n".join(lines).strip() + "\n"


def _write(lines: list[str], table: Mapping[str, Any], path: tuple[str, ...], order: tuple[str, ...]) -> None:
    """Values first, then tables: what follows a table's heading belongs to that table."""
    later = []
    for key in _ordered(table, order):
        value = table[key]
        if _own_table(value, key):
            later.append(key)
        else:
            lines.append(f"{_key(key)} = {_value(value, 0)}")
    for key in later:
        inner = (*path, key)
        heading = ".".join(_key(part) for part in inner)
        value = table[key]
        for one in [value] if isinstance(value, Mapping) else value:
            lines += ["", f"[{heading}]" if isinstance(value, Mapping) else f"[[{heading}]]"]
            _write(lines, one, inner, INSIDE)


def _ordered(table: Mapping[str, Any], order: tuple[str, ...]) -> list[str]:
    known = [key for key in order if key in table]
    last = [key for key in LAST if key in table]
    return [*known, *sorted(key for key in table if key not in order and key not in LAST), *last]


def _is_text(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {"zh", "en"}


def _own_table(value: Any, key: str) -> bool:
    """Under a heading: tables that are no texts, and lists of tables too deep or too wide for one line each."""
    if isinstance(value, Mapping):
        return not _is_text(value)
    if not isinstance(value, list) or not value or not all(isinstance(one, Mapping) for one in value):
        return False
    return any(_deep(one) or len(_inline(one)) > WIDTH * 3 for one in value) or key in TOP


def _deep(table: Mapping[str, Any]) -> bool:
    """Does it hold lists of tables, or tables that are no texts?"""
    values = list(table.values())
    return any(
        (isinstance(value, Mapping) and not _is_text(value))
        or (isinstance(value, list) and any(isinstance(one, Mapping) for one in value))
        for value in values
    )


def _value(value: Any, depth: int) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, list):
        if any(isinstance(one, Mapping) for one in value) and depth == 0:
            return "[\n" + "".join(f"  {_value(one, 1)},\n" for one in value) + "]"
        return f"[{_joined(_value(one, depth + 1) for one in value)}]"
    raise TypeError(type(value).__name__)  # a snapshot holds nothing else; the loader sees to it


def _inline(table: Mapping[str, Any]) -> str:
    if not table:
        return "{}"
    return f"{{ {_joined(f'{_key(key)} = {_value(table[key], 1)}' for key in _ordered(table, INSIDE))} }}"


def _joined(parts: Iterable[str]) -> str:
    return ", ".join(parts)


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else _string(key)


def _string(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007F")
