"""Forms of the rectification plans: text, opinions while it is shown, adoption."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from campaign.forms.activities import date_input
from campaign.models import RectificationItem, RectificationPlan


class PlanForm(forms.Form):
    """Key contents, items hung up for rectification, measures (O-04)."""

    contents = forms.CharField(
        label=gettext_lazy("Key contents of the rectification"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    items = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Items hung up for rectification"),
        queryset=RectificationItem.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("From the rectification ledger."),
    )
    measures = forms.CharField(
        label=gettext_lazy("Measures"), max_length=5000, widget=forms.Textarea(attrs={"rows": 5})
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if items is None:
            del self.fields["items"]
        else:
            self.fields["items"].queryset = items


class RemarkForm(forms.Form):
    """What somebody said about the plan while it was shown."""

    source = forms.CharField(label=gettext_lazy("Who said it"), max_length=60, required=False)
    text = forms.CharField(label=gettext_lazy("Opinion"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class ReturnForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


def _not_to_come(day: dt.date) -> dt.date:
    if day > clock.today():
        raise forms.ValidationError(_("This day is still to come."))
    return day


class CommitForm(forms.Form):
    """The public commitment of a unit: when, and where it was made (O-03)."""

    on = forms.DateField(label=gettext_lazy("Committed on"), widget=date_input())
    medium = forms.CharField(
        label=gettext_lazy("Press conference or medium"),
        max_length=120,
        help_text=gettext_lazy("For example the county's television, or a meeting with representatives."),
    )

    def clean_on(self) -> dt.date:
        return _not_to_come(self.cleaned_data["on"])


class MeetingForm(forms.Form):
    """The members' meeting adopts plans: which, when, how many were there, how many were for it (O-01)."""

    plans = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Plans"),
        queryset=RectificationPlan.objects.none(),
        error_messages={
            "required": gettext_lazy("Tick at least one plan."),
            "invalid_choice": gettext_lazy("One of the plans is no longer on public notice. Choose again."),
        },
    )
    on = forms.DateField(label=gettext_lazy("Day of the members' meeting"), widget=date_input())
    present = forms.IntegerField(label=gettext_lazy("Members present"), min_value=1, max_value=5000)
    votes = forms.IntegerField(label=gettext_lazy("Votes for"), min_value=0, max_value=5000)

    def __init__(self, *args: Any, plans: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plans"].queryset = plans

    def clean_on(self) -> dt.date:
        return _not_to_come(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        present, votes = data.get("present"), data.get("votes")
        if present is not None and votes is not None and votes > present:
            self.add_error("votes", _("There are more votes than members present."))
        return data
