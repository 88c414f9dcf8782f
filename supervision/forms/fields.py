"""Fields that the forms of this room share."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator

PART_MAX = 5000
REASON_MAX = 1000


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def text_area(label: Any, *, rows: int = 3, most: int = REASON_MAX, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-count": most})
    # The browser must not cut off what is pasted: the form says instead how much too long it is.
    field = forms.CharField(label=label, widget=widget, **kwargs)
    field.validators.append(MaxLengthValidator(most))
    return field


_NUMBERING = re.compile(r"^\s*(?:[-•·]|[（(]?\d{1,2}[.、)）])\s*(?=\S)")


def lines_of(text: str) -> list[str]:
    """One item a line; a number or dash that only counts the lines is left out."""
    return [_NUMBERING.sub("", line).strip() for line in text.splitlines() if line.strip()]
