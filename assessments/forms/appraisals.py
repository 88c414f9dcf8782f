"""Forms of the appraisal: the opinion, the answer to it, appeals, report-outs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from assessments.actions.appraisals import Draft
from assessments.models import Appraisal, Basis, ReportOut
from campaign.models import Batch
from campaign.playbook.deeds import Appraisal as AppraisalRule
from units.models import Member

LONGEST = 4000


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def text_area(rows: int = 4) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, "data-count": "", "maxlength": LONGEST})


class DayInBatch(forms.DateField):
    """A day that has come, of this batch."""

    widget = date_input

    def __init__(self, *, batch: Batch | None = None, **kwargs: Any) -> None:
        self.batch = batch
        super().__init__(widget=date_input(), **kwargs)

    def clean(self, value: Any) -> Any:
        day: dt.date | None = super().clean(value)
        if day is None:
            return None
        if day > clock.today():
            raise forms.ValidationError(_("This day has not come yet: give a day up to today."))
        if self.batch is not None and day < self.batch.starts_on:
            raise forms.ValidationError(_("This day is before the batch began."))
        return day


class OpinionForm(forms.Form):
    """The opinion on one member: what it rests on, the text, what he falls short of, the verdict (F-28)."""

    basis = forms.MultipleChoiceField(
        label=gettext_lazy("Rests on"), choices=Basis.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
    opinion = forms.CharField(label=gettext_lazy("Opinion"), max_length=LONGEST, required=False, widget=text_area(5))
    shortcomings = forms.CharField(
        label=gettext_lazy("Shortcomings"), max_length=LONGEST, required=False, widget=text_area(3)
    )
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict"), required=False, widget=forms.RadioSelect)
    scope = forms.CharField(
        label=gettext_lazy("Scope of the appraisal"),
        help_text=gettext_lazy("Who appraised this leader: such as the team, heads of departments, the branch."),
        max_length=120,
        required=False,
    )
    decided_on = DayInBatch(label=gettext_lazy("Decided on"), required=False)
    version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, batch: Batch, leader: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rule: AppraisalRule = batch.campaign.playbook.appraisal
        if not leader:
            del self.fields["scope"]
        self.fields["verdict"].choices = [(grade.key, str(grade.name)) for grade in rule.grades]
        self.fields["decided_on"].batch = batch
        if rule.shortcomings:
            self.fields["shortcomings"].help_text = _("An opinion has to say what the member falls short of.")

    def draft(self) -> Draft:
        data = self.cleaned_data
        return Draft(data["basis"], data["opinion"], data["shortcomings"], data["verdict"], data.get("scope", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "decide" in self.data and not data.get("decided_on") and "decided_on" not in self.errors:
            self.add_error("decided_on", _("Say on which day it was decided."))
        return data

    def show_missing(self, missing: list[str]) -> None:
        """What a decision still lacks, each at its field."""
        texts = {
            "basis": _("Tick what the opinion rests on."),
            "opinion": _("Write the opinion."),
            "verdict": _("Choose a verdict."),
            "shortcomings": _("Say what the member falls short of: this campaign asks for it."),
            "scope": _("Say in which scope this leader was appraised: this campaign asks for it."),
        }
        for name in missing:
            self.add_error(name, texts[name])


class AnswerForm(forms.Form):
    """What the member said to the opinion: for himself, or on paper before a witness (decision 13)."""

    answer = forms.ChoiceField(label=gettext_lazy("What the member says to it"), widget=forms.RadioSelect)
    text = forms.CharField(
        label=gettext_lazy("Dissent, or reason for not signing"),
        max_length=LONGEST,
        required=False,
        widget=text_area(3),
    )
    witness = forms.CharField(label=gettext_lazy("Witness"), max_length=60, required=False)
    on = DayInBatch(label=gettext_lazy("Signed on"))

    def __init__(self, *args: Any, batch: Batch, own: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        state = Appraisal.State
        choices = [(s.value, s.label) for s in (state.SIGNED, state.DISSENT, state.DECLINED)]
        if own:  # who declines on his own page has read it; a witness is asked for on paper only
            choices = choices[:2]
            del self.fields["witness"], self.fields["on"]
            self.fields["answer"].label = _("What you say to it")
            self.fields["text"].label = _("Dissent")
        else:
            self.fields["on"].batch = batch
        self.fields["answer"].choices = choices

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        answer = data.get("answer")
        if answer == Appraisal.State.DISSENT and not data.get("text", "").strip():
            self.add_error("text", _("Write down the dissent; it is kept with the opinion."))
        if answer == Appraisal.State.DECLINED:
            if not data.get("text", "").strip():
                self.add_error("text", _("Write down why the member declined to sign."))
            if not data.get("witness", "").strip():
                self.add_error("witness", _("Name the witness."))
        return data


class AppealForm(forms.Form):
    text = forms.CharField(label=gettext_lazy("Appeal"), max_length=LONGEST, widget=text_area(5))


class PaperAppealForm(AppealForm):
    """An appeal that a member handed in on paper: whose, when, and what it says."""

    member = forms.ModelChoiceField(
        label=gettext_lazy("Member"),
        queryset=Member.objects.none(),
        error_messages={"required": gettext_lazy("Choose who appeals.")},
    )
    on = DayInBatch(label=gettext_lazy("Handed in on"))
    field_order = ["member", "on", "text"]

    def __init__(self, *args: Any, batch: Batch, members: QuerySet[Member], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
        self.fields["on"].batch = batch
        self.fields["text"].help_text = _("Copy what stands on the paper; the paper itself stays with the branch.")


class AppealDecisionForm(forms.Form):
    """The superior's decision; upheld, the verdict may change."""

    decision = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[("upheld", gettext_lazy("Uphold the appeal")), ("dismissed", gettext_lazy("Dismiss the appeal"))],
        widget=forms.RadioSelect,
    )
    verdict = forms.ChoiceField(label=gettext_lazy("Verdict from now on, if upheld"), required=False)
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=LONGEST, widget=text_area(4))

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        grades = batch.campaign.playbook.appraisal.grades
        self.fields["verdict"].choices = [
            ("", _("stays as it is")),
            *((grade.key, str(grade.name)) for grade in grades),
        ]


class ReportOutForm(forms.Form):
    """How the masses were told, and of what (F-31, F-32)."""

    about = forms.ChoiceField(label=gettext_lazy("About"), choices=ReportOut.About.choices, widget=forms.RadioSelect)
    on = DayInBatch(label=gettext_lazy("Date"))
    scope = forms.CharField(
        label=gettext_lazy("Told to"),
        max_length=120,
        help_text=gettext_lazy("Such as all staff, or representatives of the masses."),
    )
    how = forms.CharField(
        label=gettext_lazy("How"), max_length=120, help_text=gettext_lazy("Such as at a meeting, or on a notice board.")
    )
    people = forms.IntegerField(label=gettext_lazy("People told"), min_value=1, max_value=100_000, required=False)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].batch = batch


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
