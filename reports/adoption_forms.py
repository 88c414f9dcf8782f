"""Entering the superior office's use of a report; the filter bar of the ranking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.models import Batch
from reports import weeks
from units.forms.fields import DayField
from units.models import Organization


class UseAboveForm(forms.Form):
    """When and where the superior office used a report."""

    used_on = DayField(label=_("Used on"))
    where = forms.CharField(
        label=_("Where"), max_length=120, help_text=_("The superior's bulletin and its number, or the document.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["used_on"].initial = clock.today()


class RankingFilter(forms.Form):
    """Which units, and which week; what cannot be read filters nothing."""

    rule = forms.CharField(required=False, widget=forms.HiddenInput)
    week = forms.ChoiceField(label=_("Weeks"), required=False)
    kind = forms.ChoiceField(label=_("Kind of unit"), required=False)

    def __init__(self, *args: Any, batch: Batch, shown: Sequence[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [
            (week.isoformat(), gettext("Week %(n)d") % {"n": weeks.number_of(week, batch.starts_on)})
            for week in reversed(shown)
        ]
        self.fields["week"].choices = [("", gettext("All weeks")), *named]  # type: ignore[attr-defined]
        kinds = [("", gettext("All kinds")), *Organization.Kind.choices]
        self.fields["kind"].choices = kinds  # type: ignore[attr-defined]

    def told(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")

    @property
    def week_shown(self) -> dt.date | None:
        """The one week asked for; None for all of them."""
        text = self.told("week")
        return dt.date.fromisoformat(text) if text else None
