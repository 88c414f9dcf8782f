"""Duty, attendance, leave, gifts and absences."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import clock
from accounts.templatetags.shell import day
from campaign.models import Batch
from supervision.actions.absences import AbsenceData
from supervision.actions.staff import GiftData
from supervision.forms.fields import date_field, text_area
from supervision.models import DutyDay, Gift, PrincipalAbsence, StaffAttendance
from supervision.staffing import Person, Team

PLACE_MAX = 60


def _people(staff: Sequence[Person]) -> list[tuple[str, str]]:
    return [(str(person.user.pk), f"{person.user} · {person.team.name}") for person in staff]


class PlanDutyForm(forms.Form):
    """Who shares the days of a month, and which days."""

    people = forms.MultipleChoiceField(
        label=gettext_lazy("Who takes turns"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Tick at least one person.")},
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Which days"),
        choices=[
            ("all", gettext_lazy("Every day")),
            ("workdays", gettext_lazy("Workdays only")),
            ("days_off", gettext_lazy("Days off only")),
        ],
    )
    per_day = forms.IntegerField(label=gettext_lazy("People a day"), min_value=1, max_value=5, initial=1)

    def __init__(self, staff: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._users = {str(person.user.pk): person.user for person in staff}
        people: Any = self.fields["people"]
        people.choices = _people(staff)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("people") and data.get("per_day") and data["per_day"] > len(data["people"]):
            self.add_error("per_day", _("There are fewer people ticked than are to be on duty each day."))
        return data

    def clean_people(self) -> list[Any]:
        return [self._users[pk] for pk in self.cleaned_data["people"]]


class HandOverForm(forms.Form):
    """Another person takes the day."""

    to = forms.ChoiceField(label=gettext_lazy("Who takes it"))

    def __init__(self, staff: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._users = {str(person.user.pk): person.user for person in staff}
        to: Any = self.fields["to"]
        to.choices = [("", _("Choose…")), *_people(staff)]

    def clean_to(self) -> Any:
        return self._users[self.cleaned_data["to"]]


class ExchangeForm(forms.Form):
    """Two people exchange their days."""

    other = forms.ChoiceField(label=gettext_lazy("Exchange with"))

    def __init__(self, duties: Sequence[DutyDay], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._duties = {str(duty.pk): duty for duty in duties}
        other: Any = self.fields["other"]
        days = [(str(duty.pk), f"{day(duty.day)} {duty.user}") for duty in duties]
        other.choices = [("", _("Choose…")), *days]

    def clean_other(self) -> DutyDay:
        return self._duties[self.cleaned_data["other"]]


class AttendanceForm(forms.Form):
    """A state and a place for each person: `s-PK`, `p-PK`; `version` is what the page was read at."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, staff: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._staff = list(staff)
        for person in self._staff:
            pk, name = person.user.pk, str(person.user)
            self.fields[f"s-{pk}"] = forms.ChoiceField(
                label=name, choices=[("", ""), *StaffAttendance.State.choices], required=False
            )
            self.fields[f"p-{pk}"] = forms.CharField(label=name, max_length=PLACE_MAX, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for person in self._staff:
            pk = person.user.pk
            if data.get(f"s-{pk}") == StaffAttendance.State.OUT and not data.get(f"p-{pk}"):
                self.add_error(f"p-{pk}", _("Say at which unit."))
        return data

    def rows(self) -> dict[int, tuple[str, str]]:
        """(state, place) by the number of the user."""
        data = self.cleaned_data
        return {p.user.pk: (data[f"s-{p.user.pk}"], data[f"p-{p.user.pk}"]) for p in self._staff}


# ---------------------------------------------------------------- leave
class LeaveForm(forms.Form):
    """Ask for leave; the team decides whom it goes to."""

    team = forms.ChoiceField(label=gettext_lazy("As member of"))
    from_date = date_field(gettext_lazy("First day"))
    to_date = date_field(gettext_lazy("Last day"))
    reason = text_area(
        gettext_lazy("Reason"), help_text=gettext_lazy("Only you and those who decide on it can read the reason.")
    )
    stand_in = forms.ChoiceField(label=gettext_lazy("Who stands in"), required=False)

    def __init__(self, teams: Sequence[Team], others: Sequence[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._teams = {team.key or "-": team for team in teams}
        self._users = {str(person.user.pk): person.user for person in others}
        team: Any = self.fields["team"]
        team.choices = [
            (key, _("%(team)s (head)") % {"team": t.name} if t.head else t.name) for key, t in self._teams.items()
        ]
        team.initial = next(iter(self._teams), None)
        if len(teams) == 1:
            team.widget = forms.HiddenInput()
        stand_in: Any = self.fields["stand_in"]
        stand_in.choices = [("", _("Nobody named")), *_people(others)]

    def clean_team(self) -> Team:
        return self._teams[self.cleaned_data["team"]]

    def clean_stand_in(self) -> Any:
        return self._users.get(self.cleaned_data["stand_in"])

    def clean(self) -> dict[str, Any]:
        return _in_order(self)


def _in_order(form: forms.Form) -> dict[str, Any]:
    """The first day comes before the last."""
    data = form.cleaned_data
    if data.get("from_date") and data.get("to_date") and data["to_date"] < data["from_date"]:
        form.add_error("to_date", _("The last day comes before the first."))
    return data


class LeaveAnswerForm(forms.Form):
    """Grant, or refuse with a reason."""

    answer = text_area(
        gettext_lazy("Remark"), required=False, help_text=gettext_lazy("Needed where the leave is refused.")
    )

    def __init__(self, *args: Any, refusing: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if refusing:
            self.fields["answer"].required = True
            self.fields["answer"].error_messages["required"] = _("Say why the leave is refused.")


class BackForm(forms.Form):
    returned_on = date_field(gettext_lazy("Back at work on"))


# ---------------------------------------------------------------- gifts
class GiftForm(forms.Form):
    """Money or a present that a unit offered (S-03)."""

    offered_on = date_field(gettext_lazy("Offered on"))
    giver = forms.CharField(label=pgettext_lazy("gift", "From whom"), max_length=120)
    what = forms.CharField(label=pgettext_lazy("gift", "What"), max_length=200)
    outcome = forms.ChoiceField(
        label=gettext_lazy("What became of it"), choices=Gift.Outcome.choices, widget=forms.RadioSelect
    )
    done = forms.CharField(
        label=gettext_lazy("What was done"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Where it was returned or handed in: to whom and when."),
    )

    def clean_offered_on(self) -> Any:
        if self.cleaned_data["offered_on"] > clock.today():
            raise forms.ValidationError(_("This day is still to come."))
        return self.cleaned_data["offered_on"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") in {Gift.Outcome.RETURNED, Gift.Outcome.HANDED_IN} and not data.get("done"):
            self.add_error("done", _("Say to whom it went, and when."))
        return data

    def data_given(self) -> GiftData:
        return GiftData(**self.cleaned_data)


# ---------------------------------------------------------------- absences of principals
AGAINST = "-"  # none of the playbook's exceptions


class AbsenceForm(forms.Form):
    """A trip or a course of a principal; what the playbook does not allow takes a written reason (S-06, S-07)."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind"), widget=forms.RadioSelect)
    person = forms.CharField(label=gettext_lazy("Principal"), max_length=60)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=60, required=False)
    place = forms.CharField(label=gettext_lazy("Where to"), max_length=80)
    from_date = date_field(gettext_lazy("First day"))
    to_date = date_field(gettext_lazy("Last day"))
    exception = forms.ChoiceField(
        label=gettext_lazy("Allowed as"),
        widget=forms.RadioSelect,
        required=False,
        help_text=gettext_lazy("Of a trip. A party-school course takes a written reason."),
    )
    reason = text_area(gettext_lazy("Reason"), required=False)

    def __init__(self, batch: Batch, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._batch = batch
        rule = batch.campaign.playbook.staffing
        kinds = [(PrincipalAbsence.Kind.TRIP, rule.travel), (PrincipalAbsence.Kind.PARTY_SCHOOL, rule.party_school)]
        chosen: Any = self.fields["kind"]
        chosen.choices = [(str(kind), kind.label) for kind, text in kinds if text]
        chosen.initial = chosen.choices[0][0] if chosen.choices else None
        allowed: Any = self.fields["exception"]
        allowed.choices = [
            *((item.key, str(item.name)) for item in rule.travel_exceptions),
            (AGAINST, _("None of these: it goes against the rule")),
        ]
        if not rule.travel_exceptions:
            del self.fields["exception"]

    def clean(self) -> dict[str, Any]:
        data = _in_order(self)
        if data.get("to_date") and data["to_date"] < self._batch.starts_on:
            text = _("The batch begins on %(day)s; what lies before it is not kept here.")
            self.add_error("to_date", text % {"day": day(self._batch.starts_on)})
        if data.get("kind") == PrincipalAbsence.Kind.PARTY_SCHOOL:
            data["exception"] = ""  # the exceptions are of trips
        elif "exception" in self.fields and not data.get("exception") and "exception" not in self.errors:
            self.add_error("exception", _("Choose one, or say that none applies."))
        data["exception"] = "" if data.get("exception") in {AGAINST, None} else data["exception"]
        if not data["exception"] and not data.get("reason") and not {"exception", "kind"} & self.errors.keys():
            self.add_error("reason", _("The rule asks principals to stay. Write down why it must be all the same."))
        return data

    def data_given(self) -> AbsenceData:
        return AbsenceData(**self.cleaned_data)
