"""Drafts of lectures."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class LectureForm(forms.Form):
    """The draft of a leader's lecture (E-19)."""

    title = forms.CharField(label=_("Title of the lecture"), max_length=120)
    lecturer = forms.CharField(label=_("Lecturer"), max_length=60)
    planned_on = forms.DateField(
        label=_("Planned on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    text = forms.CharField(
        label=_("Text of the lecture"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "data-count": ""}),
        help_text=_("Copy the text in here."),
    )


class LectureAdviceForm(forms.Form):
    advice = forms.CharField(
        label=_("Advice"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5, "data-count": ""})
    )
