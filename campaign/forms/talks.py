"""Forms of talks and teams."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from campaign.forms.activities import date_input
from campaign.forms.groundwork import past_day
from campaign.models import TeamMember
from units.models import Member, Organization


class TalksForm(forms.Form):
    """One day for all that are ticked, or for one talk with its place and gist."""

    held_on = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    place = forms.CharField(label=gettext_lazy("Place"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = clock.today()
        self.fields["held_on"].widget.attrs["max"] = clock.today().isoformat()

    def clean_held_on(self) -> dt.date:
        return past_day(self.cleaned_data["held_on"])


GIST_HELP = gettext_lazy("Kept sealed; only the two and whoever records it can read it.")


class OneTalkForm(TalksForm):
    """Any two members who talked, expected or not."""

    one = forms.ModelChoiceField(label=gettext_lazy("Member"), queryset=Member.objects.none())
    other = forms.ModelChoiceField(label=gettext_lazy("Talked with"), queryset=Member.objects.none())
    gist = forms.CharField(
        label=gettext_lazy("Gist"),
        required=False,
        max_length=4000,
        widget=forms.Textarea({"rows": 3}),
        help_text=GIST_HELP,
    )
    field_order = ("one", "other", "held_on", "place", "gist")

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["one"].queryset = self.fields["other"].queryset = people

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("one") and data.get("one") == data.get("other"):
            self.add_error("other", _("A talk takes two different people."))
        return data


class OwnTalkForm(OneTalkForm):
    """A member ticks a talk of his own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["one"]


class TeamTalkForm(TalksForm):
    """The team has talked with the heads below it together."""

    present = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members present"),
        queryset=Member.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    others_present = forms.CharField(label=gettext_lazy("Others present"), max_length=200, required=False)
    gist = forms.CharField(
        label=gettext_lazy("Gist"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args: Any, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["present"].queryset = people


class TeamForm(forms.Form):
    """A member's duty in the team, and what he is in charge of."""

    member = forms.ModelChoiceField(label=gettext_lazy("Member"), queryset=Member.objects.none())
    duty = forms.ChoiceField(label=gettext_lazy("Duty"), choices=TeamMember.Duty.choices)
    position = forms.CharField(label=gettext_lazy("Position"), max_length=60, required=False)
    in_charge = forms.ModelMultipleChoiceField(
        label=gettext_lazy("In charge of"), queryset=Organization.objects.none(), required=False
    )

    def __init__(self, *args: Any, people: Any, below: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = people
        self.fields["duty"].initial = TeamMember.Duty.MEMBER
        self.fields["in_charge"].queryset = below
        if not below.exists():
            del self.fields["in_charge"]


class ObjectionForm(forms.Form):
    """Why the talk did not take place as recorded."""

    objection = forms.CharField(label=gettext_lazy("Objection"), max_length=200)
