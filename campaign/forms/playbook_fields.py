"""Fields of the pages that edit a playbook: what is typed, as a snapshot holds it."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from campaign.editing.schema import Document, Entry
from campaign.playbook.node import NUMBER, PERCENTAGE

FRACTION = re.compile(r"(\d{1,9})\s*/\s*(\d{1,9})", re.ASCII)
WHOLE = re.compile(r"\d{1,9}", re.ASCII)


class ShareField(forms.CharField):
    """A share as it stands in a playbook: "30%", or [1, 3] for 1/3."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=20, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return f"{value[0]}/{value[1]}" if isinstance(value, list) and len(value) == 2 else value

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value)).replace("％", "%")
        if not text:
            return None
        if match := FRACTION.fullmatch(text):
            return [int(match[1]), int(match[2])]
        text = text if "%" in text else f"{text}%"
        if not PERCENTAGE.fullmatch(text):
            raise forms.ValidationError(_("Write a percentage such as 30%, or a fraction such as 1/3."))
        return text


class NumberField(forms.CharField):
    """A number as it stands in a playbook: whole numbers as such, others as text, so that they stay exact."""

    def __init__(self, *, whole: bool, **kwargs: Any) -> None:
        self.whole = whole
        super().__init__(max_length=12, **kwargs)
        self.widget.attrs["inputmode"] = "numeric" if whole else "decimal"

    def clean(self, value: Any) -> Any:
        text = str(super().clean(value))
        if not text:
            return None
        if WHOLE.fullmatch(text):
            return int(text)
        if self.whole:
            raise forms.ValidationError(_("Write a whole number."))
        if not NUMBER.fullmatch(text):
            raise forms.ValidationError(_("Write a number such as 2 or 1.5."))
        return text


def paired(fields: list[forms.BoundField]) -> list[list[forms.BoundField]]:
    """The two halves of a text stand beside each other."""
    groups: list[list[forms.BoundField]] = []
    for field in fields:
        if field.name.endswith("_en") and groups:
            groups[-1].append(field)
        else:
            groups.append([field])
    return groups


def initial_of(entry: Entry, row: Document) -> Any:
    """What a field shows of a row."""
    if entry.kind == "weight":
        return "soft" if row.get("soft") else "gate"
    if entry.kind == "flag":
        return bool(row.get(entry.key, entry.otherwise))
    if entry.kind == "strings":
        return "\n".join(row.get(entry.key, []))
    if entry.kind == "weekday":
        return str(row[entry.key]) if entry.key in row else ""
    return row.get(entry.key)


def set_flag(row: Document, entry: Entry, value: bool) -> None:
    """What says the same as leaving it out is left out; what stood there and says so already stays."""
    if entry.required:
        row[entry.key] = value
        return
    if value == row.get(entry.key, entry.otherwise):
        return
    if value == entry.otherwise:
        row.pop(entry.key)
    else:
        row[entry.key] = value


def plain(entry: Entry, value: Any) -> Any:
    """A clean value as a snapshot holds it."""
    if entry.kind == "weekday":
        return int(value) if value else None
    if entry.kind == "strings":
        return [line for line in (line.strip() for line in str(value or "").splitlines()) if line]
    if entry.kind == "clock":
        return value.strftime("%H:%M") if value else None
    return value


def unix(text: str) -> str:
    """Browsers send line ends of their own."""
    return text.replace("\r\n", "\n")
