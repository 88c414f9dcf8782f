"""What is asked before a sign-in sheet is made."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Participation
from reports import sign_in
from units.forms.fields import DayField
from units.models import Organization


class SignInForm(forms.Form):
    """Topic, day, place, who is expected; everything but topic and people may be left to be written in by hand."""

    topic = forms.CharField(label=gettext_lazy("Topic"), max_length=60)
    held_on = DayField(label=gettext_lazy("Date"), required=False, ahead=True)
    starts_at = forms.TimeField(
        label=gettext_lazy("Begins at"), required=False, widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    )
    place = forms.CharField(label=gettext_lazy("Place"), max_length=40, required=False)
    led_by = forms.CharField(label=gettext_lazy("Led by"), max_length=40, required=False)
    who = forms.MultipleChoiceField(
        label=gettext_lazy("Who is expected"), required=False, widget=forms.CheckboxSelectMultiple
    )
    guests = forms.IntegerField(
        label=gettext_lazy("Lines for guests"), min_value=0, max_value=100, initial=sign_in.GUESTS
    )

    def __init__(
        self, *args: Any, organization: Organization, participation: Participation | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        bodies = sign_in.bodies_of(organization)
        choices = [(f"{sign_in.BODY}{body.pk}", body.name) for body in bodies]
        if participation is not None and participation.organization_id == organization.pk:
            choices.append((sign_in.LEADERS, _("Members of the leading team")))
        self.fields["who"].choices = [*choices, (sign_in.MEMBERS, _("Members, by branch"))]  # type: ignore[attr-defined]
        asked = self.initial.get("who", "")
        fitting = [f"{sign_in.BODY}{body.pk}" for body in bodies if body.kind == asked]
        known = [key for key, _label in choices if key == asked]
        self.initial["who"] = fitting or known or [sign_in.MEMBERS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("who") and not data.get("guests"):
            self.add_error("who", _("Choose who is expected, or ask for lines to be filled in by hand."))
        return data

    @property
    def occasion(self) -> sign_in.Occasion:
        names = ("topic", "held_on", "starts_at", "place", "led_by")
        return sign_in.Occasion(**{name: self.cleaned_data[name] for name in names})
