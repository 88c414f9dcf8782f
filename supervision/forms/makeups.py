"""Make-up orders."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.forms.rectification import proof_files
from campaign.models import Participation
from supervision import chain
from supervision.forms.fields import date_field, text_area
from supervision.forms.terms import TermsMixin
from supervision.models import MakeUpOrder


class OrderForm(TermsMixin):
    """A make-up ordered without an application (J-12, J-13).

    The occasions are those that the playbook names for the stage under way; where it names none, ours. `origin` is
    where it comes from, if a page led here: a survey or a spot check.
    """

    trigger = forms.ChoiceField(label=_("Occasion"))
    reason = text_area(_("Reason"))
    field_order = [
        "organization",
        "rule",
        "trigger",
        "reason",
        "items",
        "due_on",
        "survey_again",
        "unsolid_work",
        "cause",
    ]

    def __init__(
        self, participation: Participation, *args: Any, origin: str = "", only: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.origin = origin
        current = participation.progress.filter(state="current").first()
        self.offer(participation, chain.stage_now(participation, current))
        if only is not None:
            organization: Any = self.fields["organization"]
            organization.queryset = organization.queryset.filter(pk=only.pk)
            organization.initial = only.pk
        self.fields["items"].required = self.fields["due_on"].required = True
        self._offer_triggers()

    def _offer_triggers(self) -> None:
        if "rule" in self.fields and not self.origin:
            rule: Any = self.fields["rule"]
            named = rule.choices[1:]
            rule.required, rule.label = True, _("Occasion")
            rule.choices = named if len(named) == 1 else [("", _("choose")), *named]
        if self.origin or "rule" in self.fields:
            del self.fields["trigger"]
            return
        trigger: Any = self.fields["trigger"]
        hidden = (MakeUpOrder.Trigger.TRANSITION, MakeUpOrder.Trigger.RULE)
        trigger.choices = [choice for choice in MakeUpOrder.Trigger.choices if choice[0] not in hidden]
        trigger.initial = MakeUpOrder.Trigger.SPOT_CHECK
        trigger.help_text = _("The playbook names no occasion for this stage; the reason says by what rule.")

    @property
    def trigger_key(self) -> str:
        """What is written down as the trigger."""
        return self.origin or self.cleaned_data.get("trigger") or MakeUpOrder.Trigger.RULE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.require_terms(data)
        self.require_cause(data)
        return data


class ItemForm(forms.Form):
    """What was done about one item."""

    done_on = date_field(_("Done on"))
    evidence = text_area(
        _("What was done"),
        help_text=_("When, where, who took part, and where the papers are kept."),
    )
    files = proof_files()

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
