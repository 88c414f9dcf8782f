"""The counting form: one column of figures per respondent group, one row per answer."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from assessments.actions.surveys import Ballots, Fault
from assessments.models.surveys import Survey
from assessments.survey_bands import FEW, LAST, NO_BAND
from campaign.models import Participation
from campaign.playbook import Instrument, Playbook, RespondentGroup

BALLOTS = (
    ("issued", gettext_lazy("Ballots issued")),
    ("returned", gettext_lazy("Ballots returned")),
    ("valid", gettext_lazy("Ballots valid")),
    ("void", gettext_lazy("Ballots void")),
)


def countable(playbook: Playbook) -> list[Instrument]:
    """Instruments that are counted for a unit; a member's test belongs to his paper."""
    return [instrument for instrument in playbook.instruments if instrument.subject == "unit"]


class RoundForm(forms.Form):
    """Open a round: which survey, when, where, who organised it."""

    instrument = forms.ChoiceField(label=gettext_lazy("Survey"))
    held_on = forms.DateField(label=gettext_lazy("Held on"), widget=forms.DateInput(attrs={"type": "date"}))
    place = forms.CharField(label=gettext_lazy("Place"), max_length=80, required=False)
    organizer = forms.CharField(label=gettext_lazy("Organiser"), max_length=80, required=False)

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.participation = participation
        self.instruments = {i.key: i for i in countable(participation.batch.campaign.playbook)}
        self.fields["instrument"].choices = [(key, str(item.name)) for key, item in self.instruments.items()]

    def clean_held_on(self) -> Any:
        day = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(_("The survey is counted after it was held: give a day up to today."))
        if day < self.participation.batch.starts_on:
            raise forms.ValidationError(_("This day is before the batch began."))
        return day


class CountForm(forms.Form):
    """Figures of all groups at once. A group whose paper was not issued stays at nought."""

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        self.survey = survey
        self.instrument = survey.instrument_of()
        kwargs.setdefault("initial", self._stored(survey))
        super().__init__(*args, **kwargs)
        for group in self.instrument.groups:
            for name, label in BALLOTS:
                self._add(f"{group.key}-{name}", f"{group.name} · {label}")
            for question in self.instrument.questions:
                for option in question.options:
                    self._add(f"{group.key}-{question.key}-{option.key}", f"{group.name} · {option.text}")

    def _add(self, name: str, label: str) -> None:
        attrs = {"inputmode": "numeric", "class": "num form-control form-control-sm", "aria-label": label}
        self.fields[name] = forms.IntegerField(
            label=label, min_value=0, max_value=1_000_000, widget=forms.NumberInput(attrs=attrs)
        )

    @staticmethod
    def _stored(survey: Survey) -> dict[str, int]:
        found: dict[str, int] = {}
        for row in survey.counts.all():
            found |= {f"{row.group}-{name}": getattr(row, name) for name, _label in BALLOTS}
        for answer in survey.answers.all():
            found[f"{answer.group}-{answer.question}-{answer.option}"] = answer.count
        return found

    def ballots(self) -> dict[str, Ballots]:
        """The typed figures, by respondent group."""
        data = self.cleaned_data
        return {group.key: self._paper(data, group) for group in self.instrument.groups}

    def _paper(self, data: dict[str, int], group: RespondentGroup) -> Ballots:
        answers = {
            question.key: {option.key: data[f"{group.key}-{question.key}-{option.key}"] for option in question.options}
            for question in self.instrument.questions
        }
        return Ballots(*(data[f"{group.key}-{name}"] for name, _label in BALLOTS), answers)

    def show(self, faults: list[Fault]) -> None:
        """Put each count that does not reconcile beside its figure."""
        texts = {
            "more_than_issued": _("%(found)s returned, but only %(expected)s issued."),
            "not_returned": _("Valid and void make %(found)s, but %(expected)s were returned."),
            "not_valid": _("The answers make %(found)s, but %(expected)s ballots are valid."),
        }
        for fault in faults:
            text = texts[fault.code] % {"found": fault.found, "expected": fault.expected}
            name = fault.field
            if name not in self.fields:  # a question: its first answer carries the fault
                name = next(field for field in self.fields if field.startswith(f"{name}-"))
            self.add_error(name, text)

    def rows(self) -> list[dict[str, Any]]:
        """The form as a table: a heading per question, a row per figure, a cell per group."""

        def cells(suffix: str) -> list[Any]:
            return [self[f"{group.key}-{suffix}"] for group in self.instrument.groups]

        table = [{"heading": _("Ballots")}]
        table += [{"label": label, "cells": cells(name)} for name, label in BALLOTS]
        for question in self.instrument.questions:
            table.append({"heading": str(question.text)})
            for option in question.options:
                table.append({"label": str(option.text), "cells": cells(f"{question.key}-{option.key}")})
        return table


class RefuseForm(forms.Form):
    """Why the counts go back."""

    reason = forms.CharField(
        label=gettext_lazy("What does not match"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class SurveyFilter(forms.Form):
    """Filters of the list."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    instrument = forms.ChoiceField(label=gettext_lazy("Survey"), required=False)
    band = forms.ChoiceField(label=gettext_lazy("Last round"), required=False)
    q = forms.CharField(label=gettext_lazy("Unit"), required=False)

    def __init__(self, *args: Any, playbook: Playbook | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        bands = [(band.key, str(band.name)) for band in playbook.bands] if playbook else []
        others = [*([(NO_BAND, _("In no band"))] if bands else []), (FEW, _("not shown"))]
        self.fields["band"].choices = [("", _("All")), (LAST, _("Only the last closed one")), *bands, *others]
        self.fields["state"].choices = [("", _("All")), *Survey.State.choices]
        found = countable(playbook) if playbook else []
        self.fields["instrument"].choices = [("", _("All")), *((i.key, str(i.name)) for i in found)]
