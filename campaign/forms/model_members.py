"""Forms of the register of model members' deeds."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import clock
from accounts.templatetags.shell import day
from campaign.actions.model_members import DeedData
from campaign.forms.activities import date_input
from campaign.models import Activity
from units.models import Member

TOLD, UNTOLD = "told", "untold"


class PersonField(forms.ModelChoiceField):
    """Members, each with the organisation where more than one is offered."""

    with_organization = False

    def label_from_instance(self, obj: Any) -> str:
        if not self.with_organization:
            return str(obj.name)
        return _("%(name)s (%(organization)s)") % {"name": obj.name, "organization": obj.organization.name}


class ActivityField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return _("%(title)s, %(day)s") % {"title": obj.title, "day": day(obj.held_on)}


class DeedForm(forms.Form):
    """What a member did, who put it up, and where it was told (C-14)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    member = PersonField(label=gettext_lazy("Member"), queryset=Member.objects.none())
    title = forms.CharField(
        label=gettext_lazy("Title"),
        max_length=120,
        help_text=gettext_lazy("What the deed is in one line, as it would be announced."),
    )
    deed = forms.CharField(
        label=gettext_lazy("Deed"),
        max_length=8000,
        widget=forms.Textarea({"rows": 8}),
        help_text=gettext_lazy("What the member did, when, and what came of it."),
    )
    put_up_by = forms.CharField(
        label=gettext_lazy("Put up by"),
        max_length=80,
        help_text=gettext_lazy("The organisation or people who found it."),
    )
    activity = ActivityField(
        label=gettext_lazy("Told at"),
        queryset=Activity.objects.none(),
        required=False,
        help_text=gettext_lazy("The activity at which the deed was told. It can be added later."),
    )
    told_on = forms.DateField(
        label=gettext_lazy("Told on"),
        widget=date_input(),
        required=False,
        help_text=gettext_lazy("Left empty, it is the day of the activity."),
    )

    def __init__(
        self, *args: Any, people: QuerySet[Member], activities: QuerySet[Activity], several: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        member: Any = self.fields["member"]
        member.queryset, member.with_organization = people, several
        held: Any = self.fields["activity"]
        held.queryset, held.empty_label = activities, _("None yet")

    def clean_told_on(self) -> dt.date | None:
        told_on: dt.date | None = self.cleaned_data["told_on"]
        if told_on is not None and told_on > clock.today():
            raise forms.ValidationError(_("This day is still to come. Enter it once the deed has been told."))
        return told_on

    def record(self) -> DeedData:
        return DeedData(**{name: self.cleaned_data[name] for name in DeedData.__dataclass_fields__})


class DeedFilter(forms.Form):
    """Name or title, told or not, one member. A value that means nothing filters nothing."""

    q = forms.CharField(label=gettext_lazy("Member or title"), required=False, max_length=60)
    told = forms.ChoiceField(
        label=pgettext_lazy("deed", "Told"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            (TOLD, pgettext_lazy("deed", "Told")),
            (UNTOLD, pgettext_lazy("deed", "Not told yet")),
        ],
    )
    member = forms.IntegerField(required=False, min_value=1, max_value=2**31, widget=forms.HiddenInput)

    def value(self, name: str) -> Any:
        """A clean value, or an empty one where the query is forged or out of date."""
        self.is_valid()
        return self.cleaned_data.get(name) or ""
