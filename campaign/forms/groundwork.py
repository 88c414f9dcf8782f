"""Forms of what comes before the first stage, and of arrangements."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from campaign import uploads
from campaign.forms.activities import date_input
from campaign.models import Training
from campaign.playbook.work import LEVELS, Item
from units.models import Member


def past_day(value: dt.date) -> dt.date:
    """Refuse a day that is still to come."""
    if value > clock.today():
        raise forms.ValidationError(_("This day is still to come. Record it once it has been done."))
    return value


class TickForm(forms.Form):
    """One preparation done: when, what about it, and the paper that shows it."""

    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=date_input())
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)
    file = forms.FileField(label=gettext_lazy("File"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["done_on"].initial = clock.today()
        self.fields["file"].widget.attrs["accept"] = uploads.ACCEPT

    def clean_done_on(self) -> dt.date:
        return past_day(self.cleaned_data["done_on"])

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file:
            uploads.check_upload(file)
        return file or None


class PlanForm(forms.Form):
    """The required contents of the implementation plan, each a text; a draft may leave some empty (A-17)."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, contents: tuple[Item, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contents = contents
        for item in contents:
            self.fields[f"text_{item.key}"] = forms.CharField(
                label=str(item.name), required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 6})
            )

    @property
    def texts(self) -> dict[str, str]:
        return {item.key: self.cleaned_data[f"text_{item.key}"] for item in self.contents}


class PlanDecisionForm(forms.Form):
    """Agree, or return it; what is to be changed must be said."""

    remark = forms.CharField(
        label=gettext_lazy("What is to be changed"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3})
    )

    def clean_remark(self) -> str:
        remark: str = self.cleaned_data["remark"]
        if "agree" not in self.data and not remark:
            raise forms.ValidationError(_("Say what is to be changed before you return it."))
        return remark


LEVEL_NAMES: dict[str, Any] = {
    "province": gettext_lazy("Province"),
    "city": gettext_lazy("City"),
    "county": gettext_lazy("County"),
    "district": gettext_lazy("District"),
    "township": gettext_lazy("Township"),
    "organization": gettext_lazy("The unit itself"),
}


class TrainingForm(forms.Form):
    """A backbone training with the number of trainees of each post (D-19)."""

    title = forms.CharField(label=gettext_lazy("Topic"), max_length=120)
    held_on = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    level = forms.ChoiceField(label=gettext_lazy("Level"), choices=[(key, LEVEL_NAMES[key]) for key in LEVELS])
    section = forms.CharField(label=gettext_lazy("Batch or section"), max_length=60, required=False)
    place = forms.CharField(label=gettext_lazy("Place"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = clock.today()
        self.fields["level"].initial = "organization"
        for post in Training.Post:
            self.fields[f"n_{post.value}"] = forms.IntegerField(
                label=post.label, required=False, min_value=0, max_value=100_000
            )
        self.fields["note"] = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def clean_held_on(self) -> dt.date:
        return past_day(self.cleaned_data["held_on"])

    @property
    def trainees(self) -> dict[str, int]:
        return {post.value: self.cleaned_data[f"n_{post.value}"] or 0 for post in Training.Post}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not any(self.trainees.values()):
            raise forms.ValidationError(_("Say how many were trained, at least of one post."))
        return data


class ProposalForm(forms.Form):
    """Which members, in what situation, and how they are to take part (A-14)."""

    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        queryset=Member.objects.none(),
        error_messages={"required": gettext_lazy("Tick at least one member.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        help_text=gettext_lazy("What makes the situation exceptional: age, illness, work far away."),
    )
    arrangement = forms.CharField(
        label=gettext_lazy("Arrangement"),
        max_length=300,
        widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("How they take part instead: texts brought home, talks by telephone, shorter sessions."),
    )

    def __init__(self, *args: Any, allowed: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = allowed


class ProposalDecisionForm(forms.Form):
    """Consent, or refuse with the reason."""

    remark = forms.CharField(label=gettext_lazy("Opinion"), required=False, max_length=300)

    def clean_remark(self) -> str:
        remark: str = self.cleaned_data["remark"]
        if "approve" not in self.data and not remark:
            raise forms.ValidationError(_("Say why it is refused."))
        return remark
