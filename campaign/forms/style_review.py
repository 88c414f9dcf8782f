"""Forms of the style review: opening it, and one representative's form as a matrix (N-03)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from campaign.forms.opinions import check_text
from campaign.models import Participation, ReviewedDepartment, StyleReview


def said(line: list[str]) -> str:
    """The name in [key, Chinese, English], in the reader's language."""
    return line[2] if get_language() == "en" and line[2] else line[1]


class OpenForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    departments = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Departments to be rated"),
        queryset=Participation.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": gettext_lazy("Choose at least one department.")},
    )

    def __init__(self, *args: Any, units: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["departments"].queryset = units
        self.fields["departments"].label_from_instance = lambda one: one.label
        self.initial.setdefault("departments", [one.pk for one in units])


class RatingForm(forms.Form):
    """Number, kind and people asked; the cells come as `r-<department>-<item>`, opinions as `o-<department>`."""

    number = forms.IntegerField(label=gettext_lazy("Number of the form"), min_value=1, max_value=999_999)
    kind = forms.ChoiceField(label=gettext_lazy("Kind of representative"))
    asked = forms.IntegerField(label=gettext_lazy("People asked"), min_value=0, max_value=100_000)
    confirm = forms.BooleanField(label=gettext_lazy("Enter it all the same"), required=False)

    def __init__(self, *args: Any, review: StyleReview, departments: list[ReviewedDepartment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.review, self.departments = review, departments
        self.fields["kind"].choices = [("", _("Choose…")), *[(line[0], said(line)) for line in review.kinds]]
        self.too_few = False

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The matrix as it was filled in: a row a department, a cell an item."""
        sent = self.data if self.is_bound else {}

        def cells(one: ReviewedDepartment) -> list[tuple[str, str, str]]:
            names = [(f"r-{one.pk}-{item[0]}", said(item)) for item in self.review.items]
            return [(name, label, sent.get(name, "")) for name, label in names]

        return [
            {"department": one, "cells": cells(one), "said": (f"o-{one.pk}", sent.get(f"o-{one.pk}", ""))}
            for one in self.departments
        ]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        asked, least = data.get("asked"), self.review.least_asked
        if asked is not None and asked < least and not data.get("confirm"):
            self.too_few = True
            text = _("This representative asked %(asked)s people; at least %(least)s are called for.")
            self.add_error("asked", text % {"asked": asked, "least": least})
        data["ratings"], data["said"] = self._ratings(), self._said()
        return data

    def _ratings(self) -> dict[tuple[int, str], str]:
        grades = {line[0] for line in self.review.grades}
        found, missing = {}, []
        for one in self.departments:
            for item in self.review.items:
                grade = self.data.get(f"r-{one.pk}-{item[0]}", "")
                if grade in grades:
                    found[one.pk, item[0]] = grade
                else:
                    missing.append(_("%(department)s: %(item)s") % {"department": one.name, "item": said(item)})
        if missing:
            shown = missing[:10]
            text = _("Every department must be rated on every item. Missing: %(cells)s (%(count)s in all).")
            self.add_error(None, text % {"cells": "；".join(shown), "count": len(missing)})
        return found

    def _said(self) -> dict[ReviewedDepartment, list[str]]:
        found: dict[ReviewedDepartment, list[str]] = {}
        for one in self.departments:
            lines = [line for line in self.data.get(f"o-{one.pk}", "").splitlines() if line.strip()]
            try:
                if lines:
                    found[one] = [check_text(line) for line in lines]
            except forms.ValidationError as fault:
                self.add_error(None, f"{one.name}: {' '.join(fault.messages)}")
        return found


class RemoveForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class BlankForm(forms.Form):
    """How many blank forms are printed, and with which number they begin."""

    count = forms.IntegerField(label=gettext_lazy("How many"), min_value=1, max_value=100)
    first = forms.IntegerField(label=gettext_lazy("From number"), min_value=1, max_value=99_999)
