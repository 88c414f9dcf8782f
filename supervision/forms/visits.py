"""Visits: the plan, what was seen, the filter of the list."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from campaign.forms.rectification import proof_files
from campaign.models import Participation
from campaign.queries import governed
from supervision import visiting
from supervision.actions.visits import VisitLog, VisitPlan
from supervision.forms.fields import date_field, text_area
from supervision.models import SupervisionGroup, Visit
from units.models import Organization


class SenderMixin(forms.Form):
    """From whom, and to which organisation of a participation: as far as the user may speak there."""

    group = forms.ModelChoiceField(
        label=gettext_lazy("From whom"), queryset=SupervisionGroup.objects.none(), required=False, empty_label=None
    )
    from_body = forms.CharField(
        label=gettext_lazy("Superior body"),
        max_length=80,
        required=False,
        help_text=gettext_lazy("Such as the supervision group of the province; the office keeps what it did here."),
    )
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Organization.objects.none(), empty_label=None
    )

    def offer(self, user: Any, participation: Participation) -> None:
        """Leave the fields that the user needs, with what he may choose."""
        campaign = participation.batch.campaign
        groups = visiting.groups_of(user, campaign)
        own = list(groups[:1])
        keeps = visiting.keeps_for_superiors(user, campaign)
        inside = Organization.objects.active().filter(governed(participation, ""))
        group, place = self.fields["group"], self.fields["organization"]
        group.queryset = groups  # type: ignore[attr-defined]
        group.initial = own[0].pk if own else None
        if keeps and own:
            group.empty_label = _("A superior body, named below")  # type: ignore[attr-defined]
        if not own:
            del self.fields["group"]
        self.must_name = keeps and not own
        if not keeps:
            del self.fields["from_body"]
            inside = inside.filter(visiting.guided(user, ""))
        self.fields["organization"].queryset = inside  # type: ignore[attr-defined]
        place.initial = participation.organization_id

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        body, group = (data.get("from_body") or "").strip(), data.get("group")
        if body and group:
            self.add_error("from_body", _("Choose one: your own group, or a superior body."))
        elif not body and not group and self.must_name and "from_body" not in self.errors:
            self.add_error("from_body", _("Name the superior body from which it comes."))
        return data

    @property
    def sender(self) -> visiting.Sender:
        data = self.cleaned_data
        return visiting.Sender(data.get("group"), (data.get("from_body") or "").strip())


class PlanForm(SenderMixin):
    """Whither, when, what for, who goes."""

    way = forms.ChoiceField(label=gettext_lazy("Kind of visit"), choices=Visit.Way.choices)
    planned_on = date_field(gettext_lazy("Planned on"))
    purpose = text_area(gettext_lazy("Purpose"), rows=2, most=300)
    goers = forms.CharField(
        label=gettext_lazy("Who goes"),
        max_length=200,
        help_text=gettext_lazy("Names, with a comma between them."),
    )
    field_order = ["group", "from_body", "organization", "way", "planned_on", "purpose", "goers"]
    past = False  # may the day lie in the past

    def __init__(self, user: Any, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(user, participation)

    def clean_planned_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["planned_on"]
        if day < clock.today() and not self.past:
            raise forms.ValidationError(_("This day has passed. Give a day from today on."))
        return day

    def plan(self) -> VisitPlan:
        data = self.cleaned_data
        return VisitPlan(**{name: data[name] for name in VisitPlan.__dataclass_fields__})


class ChangeForm(PlanForm):
    """The plan of a visit anew; whither and from whom stay. `version`: as it was when the page was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    def __init__(self, visit: Visit, user: Any, *args: Any, **kwargs: Any) -> None:
        self.visit = visit
        super().__init__(user, visit.participation, *args, **kwargs)

    def offer(self, user: Any, participation: Participation) -> None:
        self.must_name = False
        for name in ("group", "from_body", "organization"):
            del self.fields[name]

    def plan(self) -> VisitPlan:
        self.cleaned_data["organization"] = self.visit.organization
        return super().plan()


class LogFields(forms.Form):
    """What was seen; files are added to those that are there."""

    held_on = date_field(gettext_lazy("Made on"))
    talked_to = forms.IntegerField(
        label=gettext_lazy("People talked to"), min_value=0, max_value=10_000, required=False, initial=0
    )
    findings = text_area(gettext_lazy("What was seen"), rows=5, most=5000)
    problems = text_area(
        gettext_lazy("Problems"),
        most=5000,
        required=False,
        help_text=gettext_lazy("What was heard and found, and where it comes from."),
    )
    suggestions = text_area(
        gettext_lazy("Suggestions"),
        most=5000,
        required=False,
        help_text=gettext_lazy("One a line; an opinion made from this visit begins with them as its points."),
    )
    files = proof_files()

    def clean_held_on(self) -> dt.date:
        day: dt.date = self.cleaned_data["held_on"]
        if day > clock.today():
            raise forms.ValidationError(_("A visit is written down once it has been made."))
        return day

    def log(self) -> VisitLog:
        data = {name: self.cleaned_data[name] for name in VisitLog.__dataclass_fields__}
        return VisitLog(**{**data, "talked_to": data["talked_to"] or 0})


class LogForm(LogFields):
    """The record of a planned visit, or its correction. `version`: as it was when the page was read."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)


class HeldForm(LogFields, PlanForm):
    """A visit that was in no plan: plan and record in one."""

    field_order = [
        "group", "from_body", "organization", "way", "held_on", "purpose", "goers",
        "talked_to", "findings", "problems", "suggestions", "files",
    ]  # fmt: skip
    past = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["planned_on"]

    def plan(self) -> VisitPlan:
        self.cleaned_data["planned_on"] = self.cleaned_data["held_on"]
        return super().plan()


class CallOffForm(forms.Form):
    """Why a visit is called off."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)


def _search() -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search"})
    return forms.CharField(label=gettext_lazy("Unit or organisation"), required=False, widget=widget, max_length=60)


class SentFilter(forms.Form):
    """By sender, state, name and time; `unit` keeps to one participation."""

    unit = forms.IntegerField(required=False, widget=forms.HiddenInput, max_value=2**31 - 1)
    group = forms.ModelChoiceField(
        label=gettext_lazy("From whom"),
        queryset=SupervisionGroup.objects.none(),
        required=False,
        empty_label=gettext_lazy("All"),
    )
    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    q = _search()
    since = date_field(gettext_lazy("From day"), required=False)
    until = date_field(gettext_lazy("To day"), required=False)
    states: list[tuple[str, Any]] = []

    def __init__(self, *args: Any, groups: QuerySet[SupervisionGroup], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        self.fields["state"].choices = [("", _("All")), *self.states]  # type: ignore[attr-defined]

    def value(self, name: str) -> Any:
        """What is asked for; nothing where it makes no sense."""
        self.is_valid()
        return self.cleaned_data.get(name)

    def narrow(self, rows: Any) -> Any:
        if self.value("unit"):
            rows = rows.filter(participation=self.value("unit"))
        if self.value("group"):
            rows = rows.filter(group=self.value("group"))
        if text := (self.value("q") or "").strip():
            rows = rows.filter(
                Q(organization__name__icontains=text)
                | Q(participation__organization__name__icontains=text)
                | Q(participation__work_unit__name__icontains=text)
            )
        return rows


class VisitFilter(SentFilter):
    """Visits; the time is the day on which they are planned or were made."""

    states = [*Visit.State.choices, ("overdue", gettext_lazy("Planned day has passed"))]

    def apply(self, rows: QuerySet[Visit]) -> QuerySet[Visit]:
        rows = self.narrow(rows)
        state = self.value("state")
        if state == "overdue":
            rows = rows.planned().filter(planned_on__lt=clock.today())  # type: ignore[attr-defined]
        elif state:
            rows = rows.filter(state=state)
        for name, sign in (("since", "gte"), ("until", "lte")):
            if day := self.value(name):
                made, planned = Q(**{f"held_on__{sign}": day}), Q(held_on=None, **{f"planned_on__{sign}": day})
                rows = rows.filter(made | planned)
        return rows
