"""Forms of the census: a sheet, a member, a case."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.census import other_way_fault
from campaign.forms.activities import date_input
from campaign.models import CensusCase, CensusSheet, MemberCensus

WAYS = [("", gettext_lazy("Not said")), *CensusSheet.ActivityWay.choices]
FIT = [("", gettext_lazy("Not judged")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class SheetForm(forms.Form):
    """What was found at an organisation; each line of the two lists becomes a case."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    condition = forms.ChoiceField(
        label=gettext_lazy("Condition of the organisation"), choices=CensusSheet.Condition.choices
    )
    secretary_fit = forms.ChoiceField(
        label=gettext_lazy("The secretary can lead the campaign"), choices=FIT, required=False
    )
    hindering = forms.CharField(
        label=gettext_lazy("Problems that hinder the campaign"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One a line, each of up to 300 characters; each becomes a case."),
    )
    to_solve = forms.CharField(
        label=gettext_lazy("Problems to be solved in the campaign"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 4}),
        help_text=gettext_lazy("One a line, each of up to 300 characters; each becomes a case."),
    )
    thinking = forms.CharField(
        label=gettext_lazy("What the members think"),
        required=False,
        max_length=8000,
        widget=forms.Textarea({"rows": 4}),
    )
    activity_way = forms.ChoiceField(label=gettext_lazy("Main way of activity"), choices=WAYS, required=False)
    activity_other = forms.CharField(
        label=gettext_lazy("Which other way of activity"),
        required=False,
        max_length=120,
        help_text=gettext_lazy("Only where “Another way” is chosen."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if fault := other_way_fault(data.get("activity_way", ""), data.get("activity_other", "")):
            self.add_error("activity_other", fault)
        return data

    def clean_secretary_fit(self) -> bool | None:
        return {"yes": True, "no": False}.get(self.cleaned_data["secretary_fit"])

    def _short_lines(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if any(len(line.strip()) > 300 for line in text.splitlines()):
            raise forms.ValidationError(_("One of the lines is longer than 300 characters. Divide it."))
        return text

    def clean_hindering(self) -> str:
        return self._short_lines("hindering")

    def clean_to_solve(self) -> str:
        return self._short_lines("to_solve")


class MemberCensusForm(forms.ModelForm):
    """Where a member is, and whether his relation is in order."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    class Meta:
        model = MemberCensus
        fields = (
            "floating",
            "where_now",
            "transferred",
            "temporary",
            "holds_card",
            "reachable",
            "problem",
            "note",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["problem"].choices = MemberCensus.Problem.choices
        self.fields["problem"].required = False
        self.initial["seen"] = self.instance.version if self.instance.pk else 0


class CaseForm(forms.Form):
    """What is done about it, by whom, until when."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    measure = forms.CharField(label=gettext_lazy("Measure"), max_length=300, widget=forms.Textarea({"rows": 2}))
    responsible = forms.CharField(label=gettext_lazy("Responsible"), max_length=80)
    deadline = forms.DateField(label=gettext_lazy("Deadline"), widget=date_input(), required=False)


class CloseCaseForm(forms.Form):
    """How it ended."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        choices=[(one.value, one.label) for one in (CensusCase.State.SOLVED, CensusCase.State.HANDED_ON)],
    )
    outcome = forms.CharField(
        label=gettext_lazy("Outcome"),
        max_length=300,
        help_text=gettext_lazy("What was reached; if handed on, to whom."),
    )


class UploadForm(forms.Form):
    """The census workbook, filled in."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        widget=forms.ClearableFileInput({"accept": ".xlsx"}),
        help_text=gettext_lazy("Export the census, fill in its last two sheets, and upload it here."),
    )
