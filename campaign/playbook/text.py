"""A text of a playbook: Chinese, with English beside it."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Text:
    """Shows itself in the language of the page: Chinese for any `zh`, else English."""

    zh: str
    en: str

    def __str__(self) -> str:
        return self.zh if str(get_language() or "").startswith("zh") else self.en
