"""Forms of the rectification ledger: an item, its progress, its close-out, its deadline, the filter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from campaign import ledger, uploads
from campaign.actions.rectification import ItemData
from campaign.forms.activities import FilesField, FilesInput, date_input
from campaign.models import Batch, RectificationItem
from campaign.rectification import EXPLAIN, JOINT, TIME_LIMIT, kinds, treatment, winds
from units.models import Member, Organization


def _area(rows: int = 3) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def proof_files() -> FilesField:
    return FilesField(
        label=gettext_lazy("Photographs and documents"),
        required=False,
        widget=FilesInput(attrs={"multiple": True, "accept": uploads.ACCEPT}),
    )


def people_of(organization: Organization) -> Any:
    """Who can be named responsible: members of a branch; above branch level the leaders and those listed directly."""
    here = Member.objects.on_roll()
    if organization.is_branch:
        return here.filter(organization=organization).order_by("name")
    leaders = here.within(organization).filter(post_level=Member.PostLevel.LEADER)
    return leaders.order_by("name")


class ItemForm(forms.Form):
    """A rectification item; what a treatment needs (a deadline, departments, an explanation) is asked for (O-06)."""

    problem = forms.CharField(label=gettext_lazy("Problem"), max_length=2000, widget=_area())
    kind = forms.ChoiceField(label=gettext_lazy("Treatment"))
    measure = forms.CharField(label=gettext_lazy("Measure"), max_length=2000, required=False, widget=_area())
    departments = forms.CharField(
        label=gettext_lazy("Departments concerned"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("For what is done together with others."),
    )
    explanation = forms.CharField(
        label=gettext_lazy("Explanation to the masses"),
        max_length=2000,
        required=False,
        widget=_area(2),
        help_text=gettext_lazy("For what cannot be solved now: why, and what comes next."),
    )
    wind = forms.ChoiceField(label=gettext_lazy("Style concerned"), required=False)
    responsible_member = forms.ModelChoiceField(
        label=gettext_lazy("Responsible person"),
        queryset=Member.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose"),
    )
    responsible_name = forms.CharField(
        label=gettext_lazy("or by name"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For somebody who is not on the list, such as a department."),
    )
    deadline = forms.DateField(label=gettext_lazy("Deadline"), required=False, widget=date_input())
    linked = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Linked items of upper and lower organisations"),
        queryset=RectificationItem.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    public = forms.BooleanField(
        label=gettext_lazy("Show in the public ledger"),
        required=False,
        help_text=gettext_lazy("Without the responsible person's name. Write no member's name into the problem."),
    )

    def __init__(
        self,
        *args: Any,
        organization: Organization,
        batch: Batch,
        item: RectificationItem | None = None,
        linkable: Any = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.item = item
        self.playbook = playbook = batch.campaign.playbook
        self.fields["kind"].choices = [("", _("Choose")), *kinds(playbook).items()]
        self.fields["wind"].choices = [("", _("None in particular")), *winds(playbook).items()]
        if not winds(playbook):
            del self.fields["wind"]
        self.fields["responsible_member"].queryset = people_of(organization)
        self.fields["linked"].queryset = linkable or RectificationItem.objects.none()
        if not linkable:
            del self.fields["linked"]
        if item is not None and item.deadline is not None:
            del self.fields["deadline"]  # moved with a reason, on the item's page

    def clean_deadline(self) -> dt.date | None:
        deadline: dt.date | None = self.cleaned_data["deadline"]
        if deadline is not None and deadline < clock.today():
            raise forms.ValidationError(_("This day has passed. Give a day from today on."))
        return deadline

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        asked = treatment(self.playbook, data.get("kind") or "")
        lacking = "deadline" in self.fields and "deadline" not in self.errors and not data.get("deadline")
        if asked == TIME_LIMIT and lacking:
            self.add_error("deadline", _("This treatment needs a deadline."))
        if asked == JOINT and not data.get("departments"):
            self.add_error("departments", _("Name the departments with which it is solved."))
        if asked == EXPLAIN and not data.get("explanation"):
            self.add_error("explanation", _("Write what the masses are told: why not now, and what comes next."))
        if not data.get("responsible_member") and not data.get("responsible_name"):
            self.add_error("responsible_member", _("Choose the responsible person, or give a name."))
        return data

    def record(self) -> ItemData:
        data = {name: self.cleaned_data.get(name) for name in ItemData.__dataclass_fields__}
        if data["responsible_member"]:
            data["responsible_name"] = ""
        return ItemData(**{name: value for name, value in data.items() if value not in (None, "")})


class ProgressForm(forms.Form):
    """How far it has come, or that it is done, with proof."""

    text = forms.CharField(label=gettext_lazy("What was done"), max_length=2000, widget=_area())
    files = proof_files()


class DecideForm(forms.Form):
    """The second person's word; sending back needs a reason."""

    text = forms.CharField(label=gettext_lazy("Remark or reason"), max_length=1000, required=False, widget=_area(2))

    def __init__(self, *args: Any, returning: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = returning
        self.fields["text"].error_messages["required"] = _("Say why it is sent back.")


class ExtendForm(forms.Form):
    """A later deadline, with a reason."""

    deadline = forms.DateField(label=gettext_lazy("New deadline"), widget=date_input())
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)

    def __init__(self, *args: Any, item: RectificationItem, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item = item

    def clean_deadline(self) -> dt.date:
        deadline: dt.date = self.cleaned_data["deadline"]
        if self.item.deadline is not None and deadline <= self.item.deadline:
            raise forms.ValidationError(_("The new deadline must be later than the present one."))
        if deadline < clock.today():
            raise forms.ValidationError(_("This day has passed. Give a day from today on."))
        return deadline


class LedgerFilter(forms.Form):
    """State, treatment, style, words. A value that means nothing filters nothing."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    kind = forms.ChoiceField(label=gettext_lazy("Treatment"), required=False)
    wind = forms.ChoiceField(label=gettext_lazy("Style concerned"), required=False)
    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=60)
    age = forms.ChoiceField(label=gettext_lazy("Registered on"), required=False)
    overdue = forms.BooleanField(label=gettext_lazy("Only overdue"), required=False)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        playbook = batch.campaign.playbook
        unclosed = ("unclosed", _("Not closed"))
        again = ("again", _("To be rectified again under supervision"))
        in_time = ("in_time", _("Being rectified, in time"))
        settled = ("settled", _("Closed or explained"))
        states = RectificationItem.State.choices
        self.fields["state"].choices = [("", _("All")), unclosed, in_time, *states, settled, again]
        self.fields["age"].choices = [("", _("All")), *((str(n), text) for n, text in enumerate(ledger.age_labels()))]
        self.fields["kind"].choices = [("", _("All")), *kinds(playbook).items()]
        self.fields["wind"].choices = [("", _("All")), *winds(playbook).items()]
        if not winds(playbook):
            del self.fields["wind"]

    def narrow(self, rows: Any) -> Any:
        """The ledger as the filter asks."""
        self.is_valid()
        data = self.cleaned_data
        if data.get("state") == "unclosed":
            rows = rows.unclosed()
        elif data.get("state") == "again":
            rows = rows.unclosed().filter(reopened=True)
        elif data.get("state") == "in_time":
            rows = rows.filter(state="open").exclude(deadline__lt=clock.today())
        elif data.get("state") == "settled":
            rows = rows.exclude(state__in=["open", "reported"])
        elif data.get("state"):
            rows = rows.filter(state=data["state"])
        for name in ("kind", "wind"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        if data.get("age"):
            rows = ledger.of_age(rows, int(data["age"]), clock.today())
        if data.get("overdue"):
            rows = rows.overdue(clock.today())
        if text := (data.get("q") or "").strip():
            rows = rows.filter(problem__icontains=text)
        return rows
