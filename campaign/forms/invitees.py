"""The list of those invited to an activity: a row a person, some empty ones below (F-22)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.actions.invitees import Guest

EMPTY_ROWS, MOST = 4, 100


class GuestForm(forms.Form):
    """One row; left empty it says nothing, and a row that is emptied is taken off the list."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60, required=False)
    stands_for = forms.CharField(
        label=gettext_lazy("Representative of"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"list": "stands-for"}),
    )
    came = forms.BooleanField(label=gettext_lazy("Came"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        name, side = data.get("name", ""), data.get("stands_for", "")
        if side and not name:
            self.add_error("name", _("Name the person."))
        if name and not side:
            self.add_error("stands_for", _("Say whom he represents."))
        return data


class _Guests(BaseFormSet):
    def clean(self) -> None:
        seen: set[str] = set()
        for form in self.forms:
            name = form.cleaned_data.get("name", "") if form.is_valid() else ""
            if name and name in seen:
                form.add_error("name", _("This name stands on the list already."))
            seen.add(name)

    def guests(self) -> list[Guest]:
        """What is typed, row by row, without the empty ones."""
        rows = [form.cleaned_data for form in self.forms if form.cleaned_data.get("name")]
        return [Guest(row["name"], row["stands_for"], row["came"]) for row in rows]


GuestFormSet = formset_factory(GuestForm, formset=_Guests, extra=EMPTY_ROWS, max_num=MOST, validate_max=True)
