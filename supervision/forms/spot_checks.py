"""Spot checks."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.forms.rectification import proof_files
from campaign.models import Batch
from supervision import spot_rules
from supervision.actions.spot_checks import SpotTerms
from supervision.forms.fields import PART_MAX, date_field, text_area
from supervision.models import SpotCheck, SpotResult
from units.models import Organization

_SUBJECT = SpotCheck._meta.get_field("subject").max_length or 200


class SpotCheckForm(forms.Form):
    """What is checked where, and how many are drawn. The subject is an action of the playbook, or free words."""

    organization = forms.ModelChoiceField(
        label=_("Under which organisation"), queryset=Organization.objects.none(), empty_label=None
    )
    kind = forms.ChoiceField(label=_("Who checks"))
    action = forms.ChoiceField(label=_("What is checked"), required=False)
    subject = forms.CharField(
        label=_("In other words"),
        max_length=_SUBJECT,
        required=False,
        help_text=_("Write here what is checked if it is not in the list, or say it more exactly."),
    )
    of_kind = forms.ChoiceField(label=_("Which organisations"), required=False)
    stage = forms.ChoiceField(label=_("In which stage they are now"), required=False)
    wanted = forms.IntegerField(label=_("How many are drawn"), min_value=1, max_value=999)
    reason = text_area(_("Why it is drawn anew"), rows=2, most=300)

    def __init__(self, user: Any, batch: Batch, *args: Any, redraw: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, book = user, batch.campaign.playbook
        organization: Any = self.fields["organization"]
        organization.queryset = spot_rules.scopes(user)
        kind: Any = self.fields["kind"]
        kind.choices = [(key, SpotCheck.Kind(key).label) for key in spot_rules.kinds_anywhere(user)]
        action: Any = self.fields["action"]
        groups = [
            (str(stage.name), [(one.key, str(one.name)) for one in book.actions_for(stage.key)])
            for stage in book.stages
        ]
        action.choices = [("", _("something else (write it below)")), *(group for group in groups if group[1])]
        self.names = dict(choice for _name, group in groups for choice in group)
        of_kind: Any = self.fields["of_kind"]
        of_kind.choices = [("", _("All")), *Organization.Kind.choices]
        of_kind.initial = Organization.Kind.BRANCH
        stage: Any = self.fields["stage"]
        stage.choices = [("", _("any")), *((one.key, str(one.name)) for one in book.stages)]
        if not redraw:
            del self.fields["reason"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not data.get("action") and not data.get("subject", "").strip() and "subject" not in self.errors:
            self.add_error("subject", _("Say what is checked: choose it above, or write it here."))
        place, kind = data.get("organization"), data.get("kind")
        if place and kind and kind not in spot_rules.kinds_for(self.user, place):
            self.add_error("kind", _("In this role you cannot check the organisations under this one."))
        return data

    def terms(self) -> SpotTerms:
        data = self.cleaned_data
        named = self.names.get(data["action"], "")
        words = data["subject"].strip()
        subject = f"{named}：{words}"[:_SUBJECT] if named and words else named or words
        given = {name: data[name] for name in ("organization", "kind", "of_kind", "stage", "wanted")}
        return SpotTerms(subject=subject, **given)


class SpotResultForm(forms.Form):
    """What was found at one organisation."""

    result = forms.ChoiceField(label=_("Result"), choices=SpotResult.Result.choices, widget=forms.RadioSelect)
    findings = text_area(_("What the check found"), rows=5, most=PART_MAX)
    checked_on = date_field(_("Checked on"))
    files = proof_files()

    def clean_checked_on(self) -> dt.date:
        day = self.cleaned_data["checked_on"]
        if day > clock.today():
            raise forms.ValidationError(_("This day cannot lie in the future."))
        return day


class SpotCloseForm(forms.Form):
    summary = text_area(_("Summary"), rows=4, most=PART_MAX)


class SpotCancelForm(forms.Form):
    reason = text_area(_("Why it is cancelled"), rows=2, most=500)
