"""Forms of the weekly reports: the report itself, its return, the grid's filters, exceptions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from campaign.models import Batch
from campaign.playbook import ReportRule
from reports import weeks
from units.models import Organization

SINGLE_LINE = {"title"}  # fields of a report that are a heading
LONGEST = 20_000


class ReportForm(forms.Form):
    """The playbook's fields. A draft may lack what is required; what is sent may not."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, rule: ReportRule, sending: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.sending = rule, sending
        for field in rule.fields:
            self.fields[field.key] = self._field(field)

    @staticmethod
    def _field(field: Any) -> forms.CharField:
        label = str(field.name) if field.required else _("%(field)s (if there is any)") % {"field": field.name}
        if field.key in SINGLE_LINE:
            return forms.CharField(label=label, required=False, max_length=120)
        widget = forms.Textarea(attrs={"rows": 5, "data-count": "0"})
        return forms.CharField(label=label, required=False, max_length=LONGEST, widget=widget)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.sending:
            for field in self.rule.fields:
                if field.required and field.key in data and not data[field.key].strip():
                    self.add_error(field.key, _("Write a sentence here, or “none this week”."))
        return data

    @property
    def contents(self) -> dict[str, str]:
        return {field.key: self.cleaned_data.get(field.key, "") for field in self.rule.fields}

    @property
    def shown_version(self) -> int:
        """The version that the person saw; 0 for a report that was not there yet."""
        return self.cleaned_data.get("version") or 0

    def show_version(self, version: int) -> None:
        """After a conflict: what is sent next is sent knowing that version."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class ReturnForm(forms.Form):
    """Why a report goes back."""

    reason = forms.CharField(
        label=gettext_lazy("What is to be mended"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": "0"}),
        error_messages={"required": gettext_lazy("Say what is to be mended; the unit reads it.")},
    )


class GridFilter(forms.Form):
    """Which units and weeks the grid shows."""

    STATES = (
        ("", gettext_lazy("All")),
        ("waiting", pgettext_lazy("report", "Not sent")),
        ("sent", pgettext_lazy("report", "Sent")),
        ("late", gettext_lazy("Sent late")),
        ("decide", gettext_lazy("To be accepted")),
    )
    WEEKS = (
        ("4", gettext_lazy("Last 4 weeks")),
        ("8", gettext_lazy("Last 8 weeks")),
        ("13", gettext_lazy("Last 13 weeks")),
        ("all", gettext_lazy("All weeks")),
    )
    DEFAULT_WEEKS = "13"

    rule = forms.CharField(required=False, widget=forms.HiddenInput)
    superior = forms.TypedChoiceField(
        label=gettext_lazy("Superior organisation"), required=False, coerce=int, empty_value=None
    )
    state = forms.ChoiceField(label=gettext_lazy("This week"), choices=STATES, required=False)
    weeks = forms.ChoiceField(label=gettext_lazy("Weeks"), choices=WEEKS, required=False)
    q = forms.CharField(label=gettext_lazy("Name of the unit"), required=False, max_length=60)
    gaps = forms.BooleanField(label=gettext_lazy("Only units with missing reports"), required=False)

    def __init__(self, *args: Any, superiors: Iterable[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(o.pk), o.name) for o in superiors]
        self.fields["superior"].choices = [("", _("All superiors")), *choices]  # type: ignore[attr-defined]
        self.fields["weeks"].initial = self.DEFAULT_WEEKS
        self.fields["q"].widget.attrs["type"] = "search"
        if self.is_bound and not self.data.get("weeks"):
            self.data = self.data.copy()
            self.data["weeks"] = self.DEFAULT_WEEKS

    @property
    def last(self) -> int | None:
        """How many weeks back; None for all."""
        chosen = self.cleaned_data.get("weeks") or self.DEFAULT_WEEKS
        return None if chosen == "all" else int(chosen)


class ExceptionForm(forms.Form):
    """Another deadline, or none, for a week or a run of weeks."""

    first = forms.TypedChoiceField(label=gettext_lazy("From week"), coerce=dt.date.fromisoformat)
    last = forms.TypedChoiceField(label=gettext_lazy("To week"), coerce=dt.date.fromisoformat)
    kind = forms.ChoiceField(
        label=gettext_lazy("What is granted"),
        choices=(("excused", pgettext_lazy("report", "Excused")), ("moved", gettext_lazy("A later deadline"))),
        initial="excused",
        widget=forms.RadioSelect,
    )
    due_at = forms.DateTimeField(
        label=gettext_lazy("New deadline"),
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("Shown in the grid and to the units, such as “Spring Festival”."),
        error_messages={"required": gettext_lazy("Give the reason; it is kept with the exception.")},
    )

    def __init__(self, *args: Any, batch: Batch, rule: ReportRule, choices: Sequence[dt.date], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule = rule
        named = [(week.isoformat(), self._named(week, batch)) for week in choices]
        for name in ("first", "last"):
            self.fields[name].choices = named  # type: ignore[attr-defined]

    @staticmethod
    def _named(week: dt.date, batch: Batch) -> str:
        number = weeks.number_of(week, batch.starts_on)
        last = week + dt.timedelta(days=6)
        return _("Week %(number)d (%(first)s to %(last)s)") % {
            "number": number,
            "first": f"{week.month}/{week.day}",
            "last": f"{last.month}/{last.day}",
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last week comes before the first."))
        if data.get("kind") == "moved" and first and last:
            self._check_deadline(data, last)
        return data

    def _check_deadline(self, data: dict[str, Any], last: dt.date) -> None:
        due = data.get("due_at")
        if due is None and "due_at" not in self.errors:
            self.add_error("due_at", _("Give the day and the time of the new deadline."))
        elif due is not None and timezone.localtime(due) <= weeks.regular_due(self.rule, last):
            self.add_error("due_at", _("The new deadline must be later than the regular one."))

    @property
    def weeks(self) -> list[dt.date]:
        return weeks.weeks_between(self.cleaned_data["first"], self.cleaned_data["last"])

    @property
    def due(self) -> dt.datetime | None:
        return self.cleaned_data["due_at"] if self.cleaned_data["kind"] == "moved" else None
