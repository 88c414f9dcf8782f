"""The form of a summary workbook: which organisation, from when to when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from campaign.models import Batch
from reports.summary.build import chosen as tables_for
from units.models import Organization


class OrganizationChoice(forms.ModelChoiceField):
    """Organisations indented by their depth in the tree."""

    def label_from_instance(self, obj: Any) -> str:
        return "\u3000" * (obj.depth - 1) + str(obj)


def _date(label: Any, help_text: Any = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=help_text, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SummaryForm(forms.Form):
    """Begins with the whole of the batch, up to today."""

    organization = OrganizationChoice(
        label=gettext_lazy("Organisation"), queryset=Organization.objects.none(), empty_label=None
    )
    first = _date(gettext_lazy("From day"))
    last = _date(gettext_lazy("To day"), gettext_lazy("Stages are shown as they stood on this day."))

    tables = forms.MultipleChoiceField(
        label=gettext_lazy("Tables"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("Choose none to have all of them."),
    )

    def __init__(
        self, data: Any = None, *, organizations: Any, batch: Batch, papers: bool, chosen: str | None = None
    ) -> None:
        initial = {"first": batch.starts_on, "last": max(clock.today(), batch.starts_on), "organization": chosen}
        super().__init__(data, initial=initial)
        self.fields["tables"].choices = [(table.key, table.label) for table in tables_for((), papers=papers)]
        self.fields["organization"].queryset = organizations

    def clean_last(self) -> Any:
        """Nothing is known of days to come."""
        last, first = self.cleaned_data["last"], self.cleaned_data.get("first")
        if last > clock.today():
            raise forms.ValidationError(_("This day is yet to come: give one up to today."))
        if first and last < first:
            raise forms.ValidationError(_("The period ends before it begins."))
        return last
