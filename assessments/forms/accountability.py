"""Form of the register of cadres held to account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.actions.accountability import Entry, entry_of
from assessments.forms.appraisals import LONGEST, DayInBatch, text_area
from campaign.models import Batch
from units.models import Member, Organization


class AccountabilityForm(forms.Form):
    """Who was held to account, for what, with what result, when (O-11)."""

    member = forms.CharField(
        label=gettext_lazy("Name"),
        max_length=60,
        help_text=gettext_lazy("Who stands on this organisation's roll is found by the name."),
    )
    duty = forms.CharField(label=gettext_lazy("Duty"), max_length=80, required=False)
    cause = forms.CharField(label=gettext_lazy("Held to account for"), max_length=LONGEST, widget=text_area(3))
    result = forms.CharField(label=gettext_lazy("Result"), max_length=LONGEST, widget=text_area(3))
    decided_on = DayInBatch(label=gettext_lazy("Decided on"))

    def __init__(self, *args: Any, organization: Organization, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization = organization
        self.found: Member | None = None
        day: Any = self.fields["decided_on"]
        day.batch = batch

    def clean_member(self) -> str:
        name: str = self.cleaned_data["member"].strip()
        people = list(Member.objects.on_roll().within(self.organization).filter(name=name)[:2])
        if len(people) > 1:
            raise forms.ValidationError(
                _("Several on the roll have this name. Add the duty in brackets behind the name, to tell them apart.")
            )
        self.found = people[0] if people else None
        return name

    def entry(self) -> Entry:
        data = dict(self.cleaned_data)
        return entry_of(name=data.pop("member"), member=self.found, **data)


class RemovalForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
