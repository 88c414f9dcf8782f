"""The days of a batch: the latest launch, and one for each required action that has one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.shell import day
from campaign.dated import datable
from campaign.forms.activities import date_input
from campaign.models import Batch


class DatesForm(forms.Form):
    """Every field may stay empty: then there is no such day (A-07, E-27, E-28)."""

    launch_by = forms.DateField(
        label=gettext_lazy("Latest day of the launch"),
        required=False,
        widget=date_input(),
        help_text=gettext_lazy("Who begins later is listed; nobody is kept from beginning."),
    )

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.initial.setdefault("launch_by", batch.launch_by)
        set_days = dict(batch.action_dates.values_list("action", "due_on"))
        self.actions = datable(batch.campaign.playbook)
        for action in self.actions:
            self.fields[action.key] = forms.DateField(
                label=str(action.name), required=False, widget=date_input(), initial=set_days.get(action.key)
            )

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Each action with its field, and the source's words for its day."""
        return [{"action": action, "field": self[action.key]} for action in self.actions]

    @property
    def worded(self) -> list[dict[str, Any]]:
        """Those whose day the playbook words, or that have one."""
        return [row for row in self.rows if row["action"].deadline or row["field"].value()]

    @property
    def others(self) -> list[dict[str, Any]]:
        return [row for row in self.rows if row not in self.worded]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name in ("launch_by", *(action.key for action in self.actions)):
            on: dt.date | None = data.get(name)
            if on and not self.batch.starts_on <= on <= self.batch.ends_on:
                first, last = day(self.batch.starts_on), day(self.batch.ends_on)
                text = _("The batch runs from %(first)s to %(last)s. Give a day within it.")
                self.add_error(name, text % {"first": first, "last": last})
        return data

    def due(self) -> dict[str, dt.date | None]:
        return {action.key: self.cleaned_data[action.key] for action in self.actions}
