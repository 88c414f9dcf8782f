"""Liaison points: leaders, points, visits, contacts, models."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign import uploads
from campaign.forms.activities import FilesField, FilesInput
from campaign.models import Activity, Batch
from supervision.actions.liaison import LeaderData, PointData, VisitData
from supervision.forms.fields import text_area
from supervision.models import LiaisonLeader, LiaisonPoint, LiaisonVisit
from units.forms.fields import CodeOrNameField, DayField, UsernameField

Point, What = LiaisonPoint.Kind, LiaisonPoint.What
LAST_ACTIVITIES = 30


def place_field(label: Any, **kwargs: Any) -> CodeOrNameField:
    return CodeOrNameField(
        label=label,
        max_length=120,
        help_text=_("Name or code of the organisation; choose from the suggestions while typing."),
        widget=forms.TextInput(attrs={"list": "organizations", "autocomplete": "off"}),
        **kwargs,
    )


class LeaderForm(forms.Form):
    """A leader who gets points; an account lets him read and write about them himself."""

    name = forms.CharField(label=_("Name"), max_length=60)
    post = forms.CharField(label=_("Post"), max_length=80)
    user = UsernameField(
        label=_("User name, if he has an account"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"list": "accounts", "autocomplete": "off"}),
    )
    left_on = DayField(label=_("Left office on"), required=False)

    def __init__(self, *args: Any, accounts: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = accounts  # type: ignore[attr-defined]
        if not known:
            del self.fields["left_on"]

    def data_of(self) -> LeaderData:
        return LeaderData(**self.cleaned_data)


class LeaderChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: LiaisonLeader) -> str:
        return f"{obj.name} · {obj.post}"


class PointForm(forms.Form):
    """A leader's point in a batch, or what he contacts besides (R-01, R-03)."""

    leader = LeaderChoice(label=_("Leader"), queryset=LiaisonLeader.objects.none(), empty_label=_("Choose"))
    batch = forms.ModelChoiceField(label=_("Batch"), queryset=Batch.objects.none(), empty_label=None)
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=Point.choices,
        help_text=_("One liaison point for each leader and batch; what he contacts besides counts too."),
    )
    what = forms.ChoiceField(label=_("What he contacts"), choices=What.choices)
    organization = place_field(_("Organisation"), required=False)
    named = forms.CharField(
        label=_("Name of the member or householder"),
        max_length=120,
        required=False,
        help_text=_("Only for a member or household that he contacts besides."),
    )
    from_date = DayField(label=_("Point since"))

    def __init__(self, *args: Any, leaders: Any, batches: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, rows in (("leader", leaders), ("batch", batches), ("organization", organizations)):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        self.fields["from_date"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        what, place = data.get("what"), data.get("organization")
        if what == What.ORGANIZATION:
            if place is None and "organization" not in self.errors:
                self.add_error("organization", gettext("Name the organisation."))
            data["named"] = ""
        elif what:
            data["organization"] = None
            if data.get("kind") == Point.POINT:
                text = gettext("The liaison point is an organisation. Choose “contacted besides” for this.")
                self.add_error("what", text)
            if not data.get("named"):
                self.add_error("named", gettext("Name the member or householder."))
        return data

    def data_of(self) -> PointData:
        given = self.cleaned_data
        return PointData(given["organization"], given["kind"], given["what"], given["named"])


class EndPointForm(forms.Form):
    """The last day of a point, why, and which organisation comes in its place."""

    on = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    successor = place_field(_("Organisation in its place, if any"), required=False)

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = organizations  # type: ignore[attr-defined]
        self.fields["on"].initial = clock.today


class ActivityChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Activity) -> str:
        return f"{obj.held_on} {obj.title}"


class LeaderVisitForm(forms.Form):
    """A leader's visit (R-02). An activity that is recorded with him is linked, not typed twice (E-18)."""

    activity = ActivityChoice(
        label=_("Activity recorded already"),
        queryset=Activity.objects.none(),
        required=False,
        empty_label=_("None"),
        help_text=_("Activities of this point led by the leader. Date and topic are then taken from there."),
    )
    held_on = DayField(label=_("Date"), required=False)
    what = forms.ChoiceField(label=_("What for"), choices=LiaisonVisit.What.choices)
    topic = forms.CharField(label=_("Topic"), max_length=120, required=False)
    text = text_area(_("What was done"), most=4000, required=False)
    findings = text_area(_("What was seen"), most=4000, required=False)
    files = FilesField(
        label=_("Photographs and documents"),
        required=False,
        widget=FilesInput(attrs={"multiple": True, "accept": uploads.ACCEPT}),
    )

    def __init__(self, *args: Any, activities: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = clock.today
        if activities is None or not activities.exists():
            del self.fields["activity"]
            self.fields["held_on"].required = self.fields["topic"].required = True
        else:
            self.fields["activity"].queryset = activities  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        activity = data.get("activity")
        if activity is not None:
            data["held_on"], data["topic"] = activity.held_on, data.get("topic") or activity.title
        if not data.get("held_on") and "held_on" not in self.errors:
            self.add_error("held_on", gettext("Give the day."))
        if not data.get("topic") and "topic" not in self.errors:
            self.add_error("topic", gettext("Say what it was about."))
        return data

    def data_of(self) -> VisitData:
        given = {key: value for key, value in self.cleaned_data.items() if key != "files"}
        return VisitData(**given)


class ContactForm(forms.Form):
    """One of the point's own duties, done on a day (R-06)."""

    duty = forms.ChoiceField(label=_("Which duty"))
    held_on = DayField(label=_("Date"))
    text = text_area(_("What it was about"), most=500)

    def __init__(self, *args: Any, duties: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["duty"].choices = [(duty.key, str(duty.name)) for duty in duties]  # type: ignore[attr-defined]
        self.fields["held_on"].initial = clock.today


class MarkModelForm(forms.Form):
    """Since when and why a point is a model (R-02)."""

    on = DayField(label=_("Model since"))
    reason = text_area(_("Why it is a model"), most=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)
