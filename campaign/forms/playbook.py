"""One form for every part of a playbook, built from campaign.editing.sections and filled from the snapshot.

What is typed is checked in two steps: here only what a page must know (a share, a number), then the whole playbook by
its loader, whose faults come back to the entries they speak of. What the form does not know of a table stays in it.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Set
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.editing.keys import add_keys
from campaign.editing.schema import Document, Entry, Rows, Table, name_of
from campaign.forms.playbook_fields import NumberField, ShareField, initial_of, paired, plain, set_flag, unix
from campaign.playbook import PlaybookFault
from campaign.playbook.node import LONGEST_TEXT

MANY = 12  # more choices than this stand in a list that scrolls
EXTRA = 2  # empty rows at the end of each list


@dataclass(frozen=True)
class Line:
    """One row of a list on the page: its name, its fields, and where it stood."""

    label: str
    groups: list[list[forms.BoundField]]
    more: list[list[forms.BoundField]]
    position: forms.BoundField
    remove: forms.BoundField | None
    open: bool


@dataclass(frozen=True)
class Block:
    """A list on the page."""

    rows: Rows
    lines: list[Line]
    count_name: str
    count: int


class PartForm(forms.Form):
    """The entries of one table and the lists in it. `value`: the table as it stands; `document`: the whole snapshot."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is changed"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Stands in the list of versions and in the history."),
    )

    def __init__(
        self,
        *args: Any,
        table: Table,
        value: Document,
        document: Document,
        new: bool = False,
        skip: Set[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        """`skip`: entries that are not shown, and stay as they are."""
        super().__init__(*args, **kwargs)
        self.table, self.value, self.document, self.new = table, value, document, new
        self.own = [entry for entry in table.entries if entry.key not in skip and (new or not entry.fixed)]
        for entry in self.own:
            self._add(entry, entry.key, value)
        self._counts = {rows.key: self._count(rows) for rows in self._inner}
        for rows in self._inner:
            for position in range(self._counts[rows.key]):
                self._add_line(rows, position)
        self.order_fields([name for name in self.fields if name != "reason"] + ["reason"])

    @property
    def _inner(self) -> list[Rows]:
        """Lists on this page. What has pages of its own is named here while the table is new, so that it can begin."""
        return [rows for rows in self.table.rows if self.new or not rows.paged]

    def _stored(self, rows: Rows) -> list[Document]:
        return list(self.value.get(rows.key, []))

    def _count(self, rows: Rows) -> int:
        """How many rows the page shows: as many as it showed when it was sent."""
        least = len(self._stored(rows)) + EXTRA
        sent = str(self.data.get(f"{rows.key}-count", "")) if self.is_bound else ""
        return max(least, min(int(sent), 200)) if sent.isascii() and sent.isdigit() and len(sent) < 4 else least

    def _add_line(self, rows: Rows, position: int) -> None:
        stored = self._stored(rows)
        row = stored[position] if position < len(stored) else {}
        prefix = f"{rows.key}-{position}"
        for entry in rows.table.entries:
            self._add(entry, f"{prefix}-{entry.key}", row, inner=True)
        self.fields[f"{prefix}-place"] = forms.IntegerField(
            label=_("Place in the order"), required=False, min_value=1, max_value=999, initial=position + 1
        )
        if row:
            self.fields[f"{prefix}-remove"] = forms.BooleanField(label=_("Remove"), required=False)

    # ---- fields

    def _add(self, entry: Entry, name: str, row: Document, *, inner: bool = False) -> None:
        """`inner`: a row of a list may be left empty altogether, so nothing in it is needed for the browser."""
        required = entry.required and not inner
        if entry.kind in {"text", "long"}:
            text = row.get(entry.key) or {}
            self.fields[f"{name}_zh"] = self._text(entry, _("in Chinese"), required, text.get("zh", ""))
            self.fields[f"{name}_en"] = self._text(entry, _("in English"), False, text.get("en", ""))
            return
        field = self._field(entry, required, unset=not row.get(entry.key))
        field.initial = initial_of(entry, row)
        field.help_text = entry.hint
        self.fields[name] = field

    def _text(self, entry: Entry, language: str, required: bool, initial: str) -> forms.CharField:
        label = _("%(label)s, %(language)s") % {"label": entry.label, "language": language}
        widget: forms.Widget = forms.Textarea(attrs={"rows": 2}) if entry.kind == "long" else forms.TextInput()
        return forms.CharField(
            label=label,
            required=required,
            initial=initial,
            max_length=LONGEST_TEXT,
            widget=widget,
            help_text=entry.hint,
        )

    def _field(self, entry: Entry, required: bool, *, unset: bool) -> forms.Field:
        if entry.kind == "flag":
            return forms.BooleanField(label=entry.label, required=False)
        if entry.kind == "share":
            return ShareField(label=entry.label, required=required)
        if entry.kind in {"integer", "decimal"}:
            return NumberField(whole=entry.kind == "integer", label=entry.label, required=required)
        if entry.kind == "strings":
            return forms.CharField(
                label=entry.label, required=required, max_length=LONGEST_TEXT, widget=forms.Textarea(attrs={"rows": 3})
            )
        if entry.kind == "clock":
            widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
            return forms.TimeField(label=entry.label, required=required, widget=widget)
        listed = entry.choices(self.document) if entry.choices else []
        if entry.kind == "choices":
            widget = forms.CheckboxSelectMultiple() if len(listed) <= MANY else forms.SelectMultiple(attrs={"size": 8})
            return forms.MultipleChoiceField(label=entry.label, required=required, choices=listed, widget=widget)
        empty = [] if required and not unset else [("", "–")]
        return forms.ChoiceField(label=entry.label, required=required, choices=[*empty, *listed])

    # ---- what is shown

    def groups(self) -> list[list[forms.BoundField]]:
        """The fields of the table itself, without its lists and the reason; both languages of a text together."""
        prefixes = tuple(f"{rows.key}-" for rows in self._inner)
        return paired([self[n] for n in self.fields if n != "reason" and not (prefixes and n.startswith(prefixes))])

    def blocks(self) -> list[Block]:
        return [
            Block(rows, list(self._lines(rows)), f"{rows.key}-count", self._counts[rows.key]) for rows in self._inner
        ]

    def _lines(self, rows: Rows) -> Iterator[Line]:
        stored = len(self._stored(rows))
        for position in range(self._counts[rows.key]):
            prefix = f"{rows.key}-{position}-"
            own = [name for name in self.fields if name.startswith(prefix)]
            remove = self[f"{prefix}remove"] if f"{prefix}remove" in self.fields else None
            seldom = {f"{prefix}{entry.key}" for entry in rows.table.entries if entry.more}
            shown = [self[name] for name in own if name not in {f"{prefix}place", f"{prefix}remove", *seldom}]
            more = [self[name] for name in own if name in seldom]
            text = _("%(one)s, new") if position >= stored else _("%(one)s %(n)s")
            label = text % {"one": rows.one, "n": position + 1}
            opened = any(field.value() or field.errors for field in more)
            yield Line(label, paired(shown), paired(more), self[f"{prefix}place"], remove, opened)

    # ---- what comes back

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for rows in self._inner:
            for position in range(self._counts[rows.key]):
                prefix = f"{rows.key}-{position}-"
                if not self._is_empty(rows, position) and not data.get(f"{prefix}remove"):
                    self._need(rows, prefix, data)
        return data

    def _need(self, rows: Rows, prefix: str, data: dict[str, Any]) -> None:
        """What a row that is not empty must hold."""
        for entry in rows.table.entries:
            name = f"{prefix}{entry.key}"
            name = f"{name}_zh" if entry.kind in {"text", "long"} else name
            if entry.required and name not in self.errors and data.get(name) in (None, "", []):
                if entry.kind in {"text", "long"} and data.get(f"{prefix}{entry.key}_en"):
                    continue
                self.add_error(name, _("This is missing."))

    def _is_empty(self, rows: Rows, position: int) -> bool:
        """A new row in which nothing has been filled in."""
        if position < len(self._stored(rows)):
            return False
        prefix = f"{rows.key}-{position}-"
        own = [name for name in self.fields if name.startswith(prefix) and name != f"{prefix}place"]
        typed = [
            name for name in own if self.fields[name].initial is not True
        ]  # a box ticked from the start says nothing
        return not any(self.cleaned_data.get(name) or name in self.errors for name in typed)

    def result(self) -> Document:
        """The table as it is to be. Call it on a valid form."""
        table = copy.deepcopy(self.value)
        for entry in self.own:
            self._take(table, entry, entry.key)
        self._places: dict[str, list[int]] = {}
        for rows in self._inner:
            listed = self._result_rows(rows)
            if listed:
                table[rows.key] = listed
            else:
                table.pop(rows.key, None)
        return table

    def _result_rows(self, rows: Rows) -> list[Document]:
        stored, kept = self._stored(rows), []
        for position in range(self._counts[rows.key]):
            prefix = f"{rows.key}-{position}-"
            if self.cleaned_data.get(f"{prefix}remove") or self._is_empty(rows, position):
                continue
            row = copy.deepcopy(stored[position]) if position < len(stored) else {}
            for entry in rows.table.entries:
                self._take(row, entry, f"{prefix}{entry.key}")
            for inner in rows.table.rows if self.new else ():
                if inner.start and inner.key not in row:
                    row[inner.key] = copy.deepcopy(list(inner.start))
            kept.append((self.cleaned_data.get(f"{prefix}place") or position + 1, position, row))
        # a row moved up stands before the one whose place it takes
        kept.sort(key=lambda one: (one[0], -abs(one[0] - one[1] - 1), one[1]))
        self._places[rows.key] = [position for _place, position, _row in kept]
        listed = [row for _place, _position, row in kept]
        if rows.keyed:
            add_keys(listed, stem=rows.key)
        return listed

    def _take(self, row: Document, entry: Entry, name: str) -> None:
        """Write one entry into its table; what is left empty is left out."""
        data = self.cleaned_data
        value: Any
        if entry.kind in {"text", "long"}:
            zh, en = data.get(f"{name}_zh", "").strip(), data.get(f"{name}_en", "").strip()
            # A text needs both languages; one alone stands for both.
            value = {"zh": unix(zh or en), "en": unix(en or zh)} if zh or en else None
        elif entry.kind == "weight":
            if not row.get(data[name]):
                row.pop("gate", None), row.pop("soft", None)
                row[data[name]] = True
            return
        else:
            value = plain(entry, data.get(name))
        if entry.kind == "flag":
            set_flag(row, entry, bool(value))
        elif value in (None, "", []):
            row.pop(entry.key, None)
        else:
            row[entry.key] = value

    # ---- faults of the loader

    def place_faults(self, faults: tuple[PlaybookFault, ...], prefix: str, result: Document) -> None:
        """Say each fault at the entry it speaks of; those of other parts above the form, with their place."""
        for fault in faults:
            name = self._field_of(fault, prefix, result)
            words = f"{fault.message} {fault.remedy}".strip()
            if name is None:
                self.add_error(None, f"{fault.place} {words}".strip())
            else:
                self.add_error(name, words)

    def _field_of(self, fault: PlaybookFault, prefix: str, result: Document) -> str | None:
        if fault.table == prefix:
            return self._own_name(fault.key)
        if prefix and not fault.table.startswith(f"{prefix}."):
            return None
        key, _dot, label = fault.table[len(prefix) + bool(prefix) :].partition(".")
        for rows in self._inner:
            if rows.key == key:
                for index, row in enumerate(result.get(key, [])):
                    if name_of(rows, row, index + 1) == label:
                        return self._own_name(fault.key, f"{key}-{self._places[key][index]}-")
        return None

    def _own_name(self, key: str, prefix: str = "") -> str | None:
        weight = "weight" if key in {"gate", "soft"} else key
        names = (f"{prefix}{key}", f"{prefix}{key}_zh", f"{prefix}{weight}", f"{key}-0-place")
        return next((name for name in names if name in self.fields), None)


class OrderForm(forms.Form):
    """The order of a list, and what is taken out of it."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is changed"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, names: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = names
        for position, name in enumerate(names):
            self.fields[f"place-{position}"] = forms.IntegerField(
                label=_("Place of “%(name)s”") % {"name": name}, min_value=1, max_value=999, initial=position + 1
            )
            self.fields[f"remove-{position}"] = forms.BooleanField(
                label=_("Remove “%(name)s”") % {"name": name}, required=False
            )

    @property
    def lines(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        return [(name, self[f"place-{n}"], self[f"remove-{n}"]) for n, name in enumerate(self.names)]

    def order(self) -> list[int]:
        """Places from 0 of what stays, in their new order."""
        data = self.cleaned_data
        kept = [n for n in range(len(self.names)) if not data[f"remove-{n}"]]
        return sorted(kept, key=lambda n: (data[f"place-{n}"], -abs(data[f"place-{n}"] - n - 1), n))


class ReasonForm(forms.Form):
    """Why an earlier version is taken again."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is changed"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )
