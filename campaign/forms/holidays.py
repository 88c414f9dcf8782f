"""Entering days of the working calendar, and that a year is complete."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.actions.holidays import LONGEST
from campaign.models import CalendarDay
from units.forms.fields import DayField


class DaysForm(forms.Form):
    """One holiday, or the weekend worked for it."""

    name = forms.CharField(label=gettext_lazy("Holiday"), max_length=40)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=CalendarDay.Kind.choices)
    first = DayField(label=gettext_lazy("First day"), ahead=True)
    last = DayField(label=gettext_lazy("Last day"), ahead=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))
        elif first and last and (last - first).days >= LONGEST:
            self.add_error("last", _("At most %(days)d days at once.") % {"days": LONGEST})
        return data


class YearForm(forms.Form):
    """Which notice was entered in full."""

    document = forms.CharField(
        label=gettext_lazy("Notice"),
        max_length=120,
        help_text=gettext_lazy("The notice of the State Council's office and its number."),
    )
