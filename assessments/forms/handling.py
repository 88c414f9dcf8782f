"""Forms of help, registration and handling, and of the oath."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from assessments.actions.handling import Case
from assessments.forms.appraisals import LONGEST, DayInBatch, date_input, text_area
from assessments.models import Handling, Help, OathAbsence
from assessments.outcomes import outcomes_of
from campaign.models import Batch
from units.models import Member


class HelpForm(forms.Form):
    """Who helps, by what plan, until when (P-01, F-33)."""

    cause = forms.ChoiceField(label=gettext_lazy("Because"), choices=Help.Cause.choices)
    helper = forms.ModelChoiceField(label=gettext_lazy("Helper"), queryset=Member.objects.none(), required=False)
    helper_name = forms.CharField(label=gettext_lazy("Or a helper from elsewhere"), max_length=60, required=False)
    plan = forms.CharField(label=gettext_lazy("Plan"), max_length=LONGEST, widget=text_area(4))
    begun_on = forms.DateField(label=gettext_lazy("Begins on"), widget=date_input())
    until = forms.DateField(label=gettext_lazy("To be finished by"), widget=date_input())

    def __init__(self, *args: Any, member: Member, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Member.objects.on_roll().filter(organization=member.organization).exclude(pk=member.pk)
        self.fields["helper"].queryset = others.only("pk", "name")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("helper") and not data.get("helper_name") and "helper" not in self.errors:
            self.add_error("helper", _("Choose a helper, or name one from elsewhere."))
        if data.get("begun_on") and data.get("until") and data["until"] < data["begun_on"]:
            self.add_error("until", _("This day is before help begins."))
        return data


class HelpResultForm(forms.Form):
    """What help has come to."""

    improved = forms.ChoiceField(
        label=gettext_lazy("Result"),
        choices=[("yes", gettext_lazy("Marked change")), ("no", gettext_lazy("No marked change"))],
        widget=forms.RadioSelect,
    )
    result = forms.CharField(label=gettext_lazy("What changed"), max_length=LONGEST, widget=text_area(3))
    on = DayInBatch(label=gettext_lazy("Ended on"))


class OpenHandlingForm(forms.Form):
    cause = forms.ChoiceField(label=gettext_lazy("Because"), choices=Handling.Cause.choices)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = [c for c in Handling.Cause.choices if c[0] != Handling.Cause.NOT_MENDED]


class CaseForm(forms.Form):
    """The application and the criteria (P-02, P-04)."""

    application = forms.ChoiceField(
        label=gettext_lazy("Written application"), choices=Handling.Application.choices, widget=forms.RadioSelect
    )
    application_text = forms.CharField(
        label=gettext_lazy("Text of the application"), max_length=LONGEST, required=False, widget=text_area(3)
    )
    applied_on = DayInBatch(label=gettext_lazy("Handed in on"), required=False)
    problems = forms.CharField(
        label=gettext_lazy("Main problems"), max_length=LONGEST, required=False, widget=text_area(3)
    )
    gravity = forms.ChoiceField(
        label=gettext_lazy("Gravity"), choices=[("", "—"), *Handling.Gravity.choices], required=False
    )
    attitude = forms.CharField(
        label=gettext_lazy("Own attitude"), max_length=LONGEST, required=False, widget=text_area(2)
    )
    conduct = forms.CharField(
        label=gettext_lazy("Usual conduct"), max_length=LONGEST, required=False, widget=text_area(2)
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("application") == Handling.Application.WRITTEN and not data.get("application_text", "").strip():
            self.add_error("application_text", _("Copy the application, or say that it is kept on paper."))
        return data

    def case(self) -> Case:
        return Case(**{name: self.cleaned_data[name] for name in Case.__dataclass_fields__})

    def show_missing(self, missing: list[str]) -> list[str]:
        """What a proposal still lacks, in words."""
        labels = {name: str(field.label) for name, field in self.fields.items()}
        return [labels[name] for name in missing if name in labels]


class ProposalForm(forms.Form):
    """What the branch meeting proposes (P-03)."""

    outcome = forms.ChoiceField(label=gettext_lazy("Outcome"), widget=forms.RadioSelect)
    until = forms.DateField(label=gettext_lazy("To mend by"), required=False, widget=date_input())
    meeting_on = DayInBatch(label=gettext_lazy("Branch meeting on"))

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcomes = {outcome.key: outcome for outcome in outcomes_of(batch.campaign.playbook)}
        self.fields["outcome"].choices = [(key, str(outcome.name)) for key, outcome in self.outcomes.items()]
        self.fields["meeting_on"].batch = batch

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = self.outcomes.get(data.get("outcome", ""))
        if chosen and chosen.dated and "until" not in self.errors:
            if not data.get("until"):
                self.add_error("until", _("This outcome needs a day by which the member has to mend."))
            elif data["until"] <= clock.today():
                self.add_error("until", _("Give a day that is still to come."))
        return data


class AbsenceForm(forms.Form):
    """Why somebody was not at the oath (G-08, P-08)."""

    kind = forms.ChoiceField(label=gettext_lazy("How"), choices=OathAbsence.Kind.choices, widget=forms.RadioSelect)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST, widget=text_area(2))
    on = DayInBatch(label=gettext_lazy("Date"))
