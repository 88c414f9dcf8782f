"""Filter bars of this room's lists: plain GET forms that narrow a queryset in the database."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import audit
from units import queries
from units.forms.fields import DateInput, OrganizationChoice, Search
from units.models import Member, Organization


def above_branches(organizations: Any, chosen: str | None) -> Any:
    """What a list can be narrowed to: all but branches, and the branch that a link has chosen."""
    shown = organizations.exclude(kind=Organization.Kind.BRANCH)
    return shown | organizations.filter(pk=int(chosen)) if chosen and chosen.isdigit() else shown


class MemberFilter(forms.Form):
    """Narrowing the list of members."""

    SORTS = {
        "name": ("pinyin", "pk"),
        "organization": ("organization__path", "pinyin", "pk"),
        "birth_date": ("birth_date", "pk"),
        "joined_on": ("joined_on", "pk"),
    }

    q = Search(label=gettext_lazy("Name, pinyin, initials or branch"))
    organization = OrganizationChoice(
        label=gettext_lazy("Organisation"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("All organisations"),
    )
    post_level = forms.ChoiceField(
        label=gettext_lazy("Post level"), required=False, choices=[("", gettext_lazy("All")), *Member.PostLevel.choices]
    )
    schooling = forms.ChoiceField(
        label=gettext_lazy("Schooling"), required=False, choices=[("", gettext_lazy("All")), *Member.Schooling.choices]
    )
    category = forms.ChoiceField(
        label=gettext_lazy("Category"), required=False, choices=[("", gettext_lazy("All")), *Member.Category.choices]
    )
    trait = forms.ChoiceField(
        label=gettext_lazy("Situation"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("retired", gettext_lazy("Retired")),
            ("serving", gettext_lazy("Not retired")),
            ("floating", gettext_lazy("Floating")),
            ("lost", gettext_lazy("Out of contact")),
            ("no_writing", gettext_lazy("Unable to write")),
        ],
    )
    roll = forms.ChoiceField(
        label=gettext_lazy("Roll"),
        required=False,
        choices=[
            ("", gettext_lazy("On the roll")),
            ("left", gettext_lazy("Left the roll")),
            ("all", gettext_lazy("Both")),
        ],
    )
    _TRAITS = {
        "retired": {"retired": True},
        "serving": {"retired": False},
        "floating": {"floating": True},
        "lost": {"lost_contact": True},
        "no_writing": {"can_write": False},
    }

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get("organization") if self.is_bound else None
        self.fields["organization"].queryset = above_branches(organizations, chosen)  # type: ignore[attr-defined]

    def narrow(self, members: Any) -> Any:
        """An invalid value narrows nothing; its message stands beside the field."""
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        members = queries.members_matching(members, data.get("q") or "")
        if data.get("organization"):
            members = members.within(data["organization"])
        for name in ("post_level", "schooling", "category"):
            if data.get(name):
                members = members.filter(**{name: data[name]})
        members = members.filter(**self._TRAITS.get(data.get("trait") or "", {}))
        roll = data.get("roll") or ""
        if roll == "left":
            members = members.exclude(left_on=None)
        return members.on_roll() if roll == "" else members

    def ordered(self, members: Any, sort: str) -> Any:
        fields = self.SORTS.get(sort.lstrip("-"), self.SORTS["organization"])
        return members.order_by(*(f"-{name}" if sort.startswith("-") else name for name in fields))


class CompositionFilter(forms.Form):
    """Which subtree, and on which day ages are counted."""

    organization = OrganizationChoice(
        label=gettext_lazy("Organisation"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("All that I see"),
    )
    on = forms.DateField(
        label=gettext_lazy("Ages as of"),
        required=False,
        widget=DateInput,
        error_messages={"invalid": gettext_lazy("Write the date like 2026-04-03.")},
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.data.get("organization") if self.is_bound else None
        self.fields["organization"].queryset = above_branches(organizations, chosen)  # type: ignore[attr-defined]


class UnitFilter(forms.Form):
    """Narrowing the list of work units."""

    q = Search(label=gettext_lazy("Name or code"))
    type = forms.ChoiceField(label=gettext_lazy("Type"), required=False)
    covered = forms.ChoiceField(
        label=gettext_lazy("Organisations"),
        required=False,
        choices=[("", gettext_lazy("All")), ("no", gettext_lazy("Units without an organisation"))],
    )

    def __init__(self, *args: Any, types: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["type"].choices = [("", gettext_lazy("All")), *((each, each) for each in types)]  # type: ignore[attr-defined]

    def narrow(self, units: Any) -> Any:
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("q"):
            text = data["q"].strip()
            units = units.filter(name__icontains=text) | units.filter(code__iexact=text)
        if data.get("type"):
            units = units.filter(type=data["type"])
        return units.filter(organizations=None) if data.get("covered") == "no" else units


def _midnight(day: dt.date) -> dt.datetime:
    """The first moment of a local day: a comparison of moments can use the index, one of dates cannot."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time()))


class HistoryFilter(forms.Form):
    """Narrowing the history: who, what, where, when."""

    who = Search(label=gettext_lazy("Who"))
    action = forms.ChoiceField(label=pgettext_lazy("history", "What was done"), required=False)
    about = Search(label=gettext_lazy("To whom or what"))
    organization = OrganizationChoice(
        label=gettext_lazy("Organisation"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=gettext_lazy("All organisations"),
    )
    since = forms.DateField(label=gettext_lazy("From"), required=False, widget=DateInput)
    until = forms.DateField(label=gettext_lazy("To"), required=False, widget=DateInput)

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = sorted(((code, str(label)) for code, label in audit.ACTIONS.items()), key=lambda pair: pair[1])
        self.fields["action"].choices = [("", gettext_lazy("Everything")), *labels]  # type: ignore[attr-defined]
        chosen = self.data.get("organization") if self.is_bound else None
        self.fields["organization"].queryset = above_branches(organizations, chosen)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", gettext_lazy("The last day lies before the first day."))
        return data

    def narrow(self, entries: Any) -> Any:
        self.is_valid()
        data = getattr(self, "cleaned_data", {})
        if data.get("who"):
            entries = entries.filter(actor_name__icontains=data["who"])
        if data.get("action"):
            entries = entries.filter(action=data["action"])
        if data.get("about"):
            entries = entries.filter(object_label__icontains=data["about"])
        if data.get("organization"):
            entries = entries.filter(queries.under(data["organization"].path))
        if data.get("since"):
            entries = entries.filter(at__gte=_midnight(data["since"]))
        if data.get("until"):
            entries = entries.filter(at__lt=_midnight(data["until"] + dt.timedelta(days=1)))
        return entries
