"""Sentences that are stored and shown later, in the reader's language: an English message id and its parameters.

A parameter may itself be bilingual: {"zh": "学习动员", "en": "Study"} shows the reader's half.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import translation
from django.utils.translation import get_language, gettext

Params = Mapping[str, Any]


def localised(value: Any) -> Any:
    """The reader's half of a bilingual parameter; anything else unchanged."""
    if isinstance(value, Mapping) and "zh" in value:
        english = (get_language() or "zh").startswith("en")
        return (value.get("en") or value["zh"]) if english else value["zh"]
    if isinstance(value, (list, tuple)):
        separator = ", " if (get_language() or "zh").startswith("en") else "、"
        return separator.join(str(localised(item)) for item in value)
    return value


def in_both_languages(make: Callable[[], object]) -> dict[str, str]:
    """A text made once for each language, as a bilingual parameter: it is read later, maybe in the other one."""
    made = {}
    for half, language in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(language):
            made[half] = str(make())
    return made


@dataclass(frozen=True)
class Message:
    """A message id (marked with gettext_noop where it is written) and its parameters."""

    id: str
    params: Params = field(default_factory=dict)

    def __str__(self) -> str:
        text = gettext(self.id) if self.id else ""
        return text % {key: localised(value) for key, value in self.params.items()} if self.params else text

    def to_json(self) -> dict[str, Any]:
        return {"id": self.id, "params": dict(self.params)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Message:
        return cls(data["id"], data.get("params") or {})
