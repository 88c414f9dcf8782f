"""The editor's form of a bulletin: its head and foot, the figures' sentences, and every printed item at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags import shell
from reports import weeks
from reports.actions.bulletins import EDITABLE, ItemText
from reports.distribution import WAYS
from reports.documents.text import by_headings
from reports.models import Bulletin, BulletinItem
from reports.queries.bulletin import TITLE_MAX

LONGEST = 20_000  # characters of an item or of the editor's note


def _area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def _way(label: Any) -> forms.CharField:
    """报, 送 or 发: an addressee to a line."""
    text = gettext_lazy("One a line, with the number of copies behind it, such as “Archives 5”.")
    return forms.CharField(label=label, required=False, max_length=2000, widget=_area(3), help_text=text)


def order_in(data: Mapping[str, Any]) -> list[int]:
    """The items of a sent `order`, such as 12,7,9; whatever is no number is left out."""
    return [int(pk) for pk in str(data.get("order", "")).split(",") if pk.isdecimal()]


class BulletinForm(forms.Form):
    """All that is typed on the page. `version` is the draft as the person saw it, `order` how the items now stand."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    order = forms.CharField(widget=forms.HiddenInput, required=False)
    editor_note = forms.CharField(
        label=gettext_lazy("Editor's note"), required=False, max_length=LONGEST, widget=_area(3)
    )
    with_figures = forms.BooleanField(label=gettext_lazy("Print the figures of the week"), required=False)
    sentences = forms.CharField(
        label=gettext_lazy("Sentences, one a line"), required=False, max_length=LONGEST, widget=_area(8)
    )
    report_to = _way(gettext_lazy("To superiors (报)"))
    copy_to = _way(gettext_lazy("To peers (送)"))
    distribute_to = _way(gettext_lazy("To subordinates (发)"))
    copies = forms.IntegerField(
        label=gettext_lazy("Copies printed"),
        required=False,
        min_value=1,
        max_value=100_000,
        help_text=gettext_lazy("Added up by itself where numbers stand behind the addressees."),
    )
    new_title = forms.CharField(label=gettext_lazy("Title"), required=False, max_length=TITLE_MAX)
    new_text = forms.CharField(label=gettext_lazy("Text"), required=False, max_length=LONGEST, widget=_area(5))
    new_source = forms.CharField(
        label=gettext_lazy("Who reported it (printed below the text)"), required=False, max_length=TITLE_MAX
    )

    def __init__(self, data: Any = None, *, bulletin: Bulletin, items: Sequence[BulletinItem]) -> None:
        figures = bulletin.figures
        initial: dict[str, Any] = {name: getattr(bulletin, name) for name in EDITABLE} | {
            "version": bulletin.version,
            "with_figures": figures.get("on", False),
            "sentences": "\n".join(figures.get("sentences", [])),
        }
        super().__init__(data, initial=initial)
        # Items that somebody took out meanwhile keep what was typed in them.
        self.items = [item for item in items if item.chosen or (data is not None and f"title-{item.pk}" in data)]
        if data is not None:
            places = {pk: place for place, pk in enumerate(order_in(data))}
            self.items.sort(key=lambda item: places.get(item.pk, len(places)))
        self.initial["order"] = ",".join(str(item.pk) for item in self.items)
        for number, item in enumerate(self.items, 1):
            place = {"number": number}
            title = forms.CharField(
                label=_("Title of item %(number)d") % place, max_length=TITLE_MAX, initial=item.title
            )
            text = forms.CharField(
                label=_("Text of item %(number)d") % place, max_length=LONGEST, initial=item.text, widget=_area(4)
            )
            title.error_messages["required"] = _("Give the item a title, or take it out.")
            text.error_messages["required"] = _("Give the item a text, or take it out.")
            self.fields[f"title-{item.pk}"], self.fields[f"text-{item.pk}"] = title, text

    def clean(self) -> dict[str, Any]:
        """An item of the office's own needs both title and text, or neither."""
        data = super().clean() or self.cleaned_data
        if bool(data.get("new_title")) != bool(data.get("new_text")):
            empty = "new_text" if data.get("new_title") else "new_title"
            if empty not in self.errors:
                self.add_error(empty, _("An item of your own needs a title and a text."))
        return data

    def rows(self) -> list[dict[str, Any]]:
        """The printed items in order, each with its two fields."""
        return [
            {
                "item": item,
                "title": self[f"title-{item.pk}"],
                "text": self[f"text-{item.pk}"],
                "parts": len(by_headings(str(self[f"text-{item.pk}"].value() or ""))),
            }
            for item in self.items
        ]

    def changed_meanwhile(self, bulletin: Bulletin) -> None:
        """Show what was typed over the present draft; sending it again overwrites."""
        self.data = self.data.copy()
        self.data["version"] = bulletin.version
        text = _(
            "Somebody else has edited this draft meanwhile. What you typed is still here; compare, and save it again "
            "if it is to stand."
        )
        self.add_error(NON_FIELD_ERRORS, text)

    def edits(self) -> dict[str, Any]:
        """What `actions.bulletins.edit` takes."""
        data = self.cleaned_data
        return {
            "fields": {name: data[name] for name in EDITABLE},
            "items": {item.pk: ItemText(data[f"title-{item.pk}"], data[f"text-{item.pk}"]) for item in self.items},
            "with_figures": data["with_figures"],
            "sentences": data["sentences"].splitlines(),
        }


class DraftForm(forms.Form):
    """Which week to draft now: those of the batch that have no bulletin yet, the last first."""

    week = forms.ChoiceField(label=gettext_lazy("Week"))

    def __init__(self, data: Any = None, *, free: Sequence[dt.date], begun: dt.date) -> None:
        super().__init__(data)
        self.fields["week"].choices = [
            (
                week.isoformat(),
                _("Week %(number)d, %(from)s to %(to)s")
                % {
                    "number": weeks.number_of(week, begun),
                    "from": shell.day(week),
                    "to": shell.day(week + dt.timedelta(days=6)),
                },
            )
            for week in free
        ]


class FurtherForm(DraftForm):
    """A supplement or a special issue, about any of the last weeks."""

    KINDS = (Bulletin.Kind.SUPPLEMENT, Bulletin.Kind.SPECIAL)

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=[(kind.value, kind.label) for kind in KINDS])
    prefix = "further"


class DistributionListForm(forms.Form):
    """For whom issues are printed. `version` is the list as the person saw it."""

    name = forms.CharField(label=gettext_lazy("Name of the list"), max_length=60)
    report_to = _way(gettext_lazy("To superiors (报)"))
    copy_to = _way(gettext_lazy("To peers (送)"))
    distribute_to = _way(gettext_lazy("To subordinates (发)"))
    version = forms.IntegerField(widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        """A list without an addressee is none."""
        data = super().clean() or self.cleaned_data
        if not self.errors and not any(data.get(way) for way in WAYS):
            self.add_error(None, _("Write down one addressee at least."))
        return data


class BulletinFilter(forms.Form):
    """Search of the list."""

    q = forms.CharField(label=gettext_lazy("Word in a title or text"), required=False, max_length=60)
