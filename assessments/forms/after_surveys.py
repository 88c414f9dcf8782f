"""Which items are opened again after a poor closing survey, by when and why."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from assessments.after_surveys import left_to_reopen
from assessments.models import Survey
from campaign.forms.activities import date_input
from campaign.models import RectificationItem


class AgainForm(forms.Form):
    """The superior's choice out of the unit's ledger (H-04)."""

    items = forms.ModelMultipleChoiceField(
        label=_("Items to be rectified again"),
        queryset=RectificationItem.objects.none(),
        error_messages={"required": _("Choose at least one item of the ledger.")},
    )
    deadline = forms.DateField(label=_("To be done by"), widget=date_input())
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The unit reads it beside each item."),
    )

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["items"]
        field.queryset = left_to_reopen(survey)

    def clean_deadline(self) -> dt.date:
        deadline: dt.date = self.cleaned_data["deadline"]
        if deadline < clock.today():
            raise forms.ValidationError(_("This day has passed. Give a day from today on."))
        return deadline
