"""Forms of anonymous surveys: preparing, numbers, opening, extending, closing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from assessments.ballots.questionnaire import MOST_ASKED
from assessments.ballots.sealing import LEAST_PASSPHRASE
from assessments.models import Poll

WHOLE, LATER = "all", "later"
MEMBERS = "members"  # the group of which the roll is the number


def _number(label: str, **more: Any) -> forms.IntegerField:
    attrs = {"inputmode": "numeric", **more.pop("attrs", {})}
    widget = forms.NumberInput(attrs=attrs)
    return forms.IntegerField(label=label, min_value=0, max_value=MOST_ASKED, required=False, widget=widget, **more)


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def _hour(label: Any) -> forms.TimeField:
    return forms.TimeField(label=label, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))


class PollFilter(forms.Form):
    """Filters of the list."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), required=False)
    q = forms.CharField(label=gettext_lazy("Title or unit"), required=False, max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *Poll.State.choices]
        self.fields["kind"].choices = [("", _("All")), *Poll.Kind.choices]


class UnitFilter(forms.Form):
    """Filter of units by name; `only`: further choices of the page."""

    q = forms.CharField(label=gettext_lazy("Unit"), required=False, max_length=60)
    only = forms.ChoiceField(label=gettext_lazy("Show only"), required=False)

    def __init__(self, *args: Any, only: Sequence[tuple[str, Any]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if only:
            self.fields["only"].choices = [("", _("All")), *only]
        else:
            del self.fields["only"]

    def value(self, name: str) -> str:
        """A clean value, or nothing where the query is forged."""
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


class NumbersForm(forms.Form):
    """How many are asked of each respondent group, the same everywhere. `roll`: members may follow the roll."""

    def __init__(self, *args: Any, groups: Iterable[tuple[str, str]], roll: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.groups = list(groups)
        self.roll = roll
        for key, name in self.groups:
            hint = _("Left empty: as many as are on each unit's roll.") if roll and key == MEMBERS else ""
            self.fields[f"asked-{key}"] = _number(_("%(group)s: people asked") % {"group": name}, help_text=hint)

    def numbers(self) -> dict[str, int | None]:
        """By group; None where nothing was typed."""
        return {key: self.cleaned_data.get(f"asked-{key}") for key, _name in self.groups}


class NewPollForm(NumbersForm):
    """A title, which units, how many."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)

    def __init__(self, *args: Any, units: int | None, stage: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if units is not None:
            every = _("All %(count)s units for which it is due now") % {"count": units}
            self.fields["which"] = forms.ChoiceField(
                label=_("Units"),
                choices=[(WHOLE, every), (LATER, _("Choose the units on the next page"))],
                widget=forms.RadioSelect,
                initial=WHOLE if units else LATER,
            )
            self.order_fields(["title", "which"])


class AskedTable(forms.Form):
    """Numbers by unit: a row a unit, a cell a respondent group."""

    def __init__(self, *args: Any, units: Sequence[Any], groups: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.units, self.groups = units, groups
        for unit in units:
            held = {row.group: row.asked for row in unit.groups.all()}
            for key, name in groups:
                label = f"{unit.name}, {name}"
                attrs = {"class": "form-control form-control-sm num", "aria-label": label}
                field = _number(label, initial=held.get(key, 0), attrs=attrs)
                field.required = True
                self.fields[f"n-{unit.pk}-{key}"] = field

    def rows(self) -> list[tuple[Any, list[Any]]]:
        return [(unit, [self[f"n-{unit.pk}-{key}"] for key, _name in self.groups]) for unit in self.units]

    def asked(self) -> dict[int, dict[str, int]]:
        data = self.cleaned_data
        return {unit.pk: {key: data[f"n-{unit.pk}-{key}"] for key, _name in self.groups} for unit in self.units}


class DeadlineForm(forms.Form):
    """A day and an hour, to come."""

    day = _day(gettext_lazy("Closing day"))
    hour = _hour(gettext_lazy("Closing hour"))

    def moment(self) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(self.cleaned_data["day"], self.cleaned_data["hour"]))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if "day" in data and "hour" in data and self.moment() <= clock.now():
            self.add_error("day", _("This moment is over. Choose a later one."))
        return data


def _phrase(label: Any, *, required: bool = True) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=200, required=required, strip=False, widget=widget)


class OpenForm(DeadlineForm):
    """When it closes, and who can open the count: one passphrase, or two of two officers."""

    officers = forms.ChoiceField(
        label=gettext_lazy("Who opens the count"),
        choices=[
            ("1", gettext_lazy("One passphrase")),
            ("2", gettext_lazy("Two officers, each with a passphrase of their own; both are needed")),
        ],
        widget=forms.RadioSelect,
        initial="1",
    )
    phrase_1 = _phrase(gettext_lazy("Passphrase"))
    again_1 = _phrase(gettext_lazy("The passphrase again"))
    phrase_2 = _phrase(gettext_lazy("Passphrase of the second officer"), required=False)
    again_2 = _phrase(gettext_lazy("The second officer's passphrase again"), required=False)
    understood = forms.BooleanField(
        label=gettext_lazy("We know: if the passphrase is lost, nobody can ever count this survey."),
        error_messages={"required": gettext_lazy("Tick this, so that it is clear to both sides.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hint = _("At least %(least)s characters; several words are easy to remember.") % {"least": LEAST_PASSPHRASE}
        self.fields["phrase_1"].help_text = hint
        self.fields["phrase_2"].help_text = _("Only where two officers open the count.")

    def passphrases(self) -> list[str]:
        count = 2 if self.cleaned_data["officers"] == "2" else 1
        return [self.cleaned_data[f"phrase_{number}"] for number in range(1, count + 1)]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        plain = {}
        for number in range(1, (2 if data.get("officers") == "2" else 1) + 1):
            phrase = " ".join(data.get(f"phrase_{number}", "").split())
            again = " ".join(data.get(f"again_{number}", "").split())
            plain[number] = phrase
            if f"phrase_{number}" not in data:
                continue
            if len(phrase) < LEAST_PASSPHRASE:
                text = _("Too short: at least %(least)s characters.") % {"least": LEAST_PASSPHRASE}
                self.add_error(f"phrase_{number}", text)
            elif phrase != again and f"again_{number}" in data:
                self.add_error(f"again_{number}", _("The two are not the same. Type both again."))
        if plain.get(2) and plain.get(1) == plain[2]:
            self.add_error("phrase_2", _("The second officer needs a passphrase of his own."))
        return data


class ExtendForm(DeadlineForm):
    """Later than before, and why."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is extended"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.poll = poll

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        whole = "day" in data and "hour" in data and not self.errors
        if whole and self.poll.closes_at and self.moment() <= self.poll.closes_at:
            self.add_error("day", _("The new moment is not later than the present one."))
        return data


class CloseForm(forms.Form):
    """The passphrases, and the reason when it is closed before its hour."""

    def __init__(self, *args: Any, poll: Poll, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.early = poll.state == Poll.State.OPEN and not poll.is_over
        self.officers = poll.officers
        if self.early:
            self.fields["reason"] = forms.CharField(
                label=_("Why it is closed before its hour"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
            )
        for number in range(1, self.officers + 1):
            label = _("Passphrase of officer %(number)s") % {"number": number} if self.officers > 1 else _("Passphrase")
            self.fields[f"phrase_{number}"] = _phrase(label)

    def passphrases(self) -> list[str]:
        return [self.cleaned_data[f"phrase_{number}"] for number in range(1, self.officers + 1)]

    def wrong(self, part: int) -> None:
        """Say which passphrase does not open its part."""
        text = _("This is not the passphrase that was set at the opening. Nothing was closed; try again.")
        self.add_error(f"phrase_{part + 1}", text)
