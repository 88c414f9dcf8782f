"""Make-up orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.models import Participation
from supervision.forms.fields import date_field, text_area
from supervision.forms.terms import TermsMixin
from supervision.models import MakeUpOrder


class OrderForm(TermsMixin):
    """A make-up ordered without an application, as after a spot check (J-12)."""

    trigger = forms.ChoiceField(label=_("Occasion"))
    reason = text_area(_("Reason"))
    field_order = ["organization", "trigger", "reason", "items", "due_on", "survey_again", "unsolid_work"]

    def __init__(self, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(participation)
        self.fields["items"].required = self.fields["due_on"].required = True
        trigger: Any = self.fields["trigger"]
        own = MakeUpOrder.Trigger.TRANSITION
        trigger.choices = [choice for choice in MakeUpOrder.Trigger.choices if choice[0] != own]
        trigger.initial = MakeUpOrder.Trigger.SPOT_CHECK

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.require_terms(data)
        return data


class ItemForm(forms.Form):
    """What was done about one item."""

    done_on = date_field(_("Done on"))
    evidence = text_area(
        _("What was done"),
        help_text=_("When, where, who took part, and where the papers are kept."),
    )

    def clean_done_on(self) -> dt.date:
        day = self.cleaned_data["done_on"]
        if day > clock.today():
            raise forms.ValidationError(_("What has been done cannot lie in the future."))
        return day


class RecheckForm(forms.Form):
    """The result of a re-check: close it, or name the items to be done again."""

    result = forms.ChoiceField(
        label=_("Result of the re-check"),
        choices=[("close", _("Made up: close the order")), ("back", _("Not yet: send it back"))],
        widget=forms.RadioSelect,
    )
    redo = forms.MultipleChoiceField(label=_("To be done again"), required=False, widget=forms.CheckboxSelectMultiple)
    note = text_area(_("What the re-check found"))

    def __init__(self, order: MakeUpOrder, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        redo: Any = self.fields["redo"]
        redo.choices = [(str(item.pk), item.text) for item in order.items.all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("result") == "back" and not data.get("redo"):
            self.add_error("redo", _("Tick at least one item that is to be done again."))
        return data
