"""The terms of a make-up order, as several forms ask for them (J-13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.models import Participation
from campaign.playbook import Playbook
from campaign.queries import governed
from supervision import card_rules
from supervision.actions import MakeUpTerms
from supervision.actions.makeups import triggers_at
from supervision.forms.fields import date_field, lines_of, text_area
from supervision.models import MakeUpItem
from units.models import Organization


class TermsMixin(forms.Form):
    """What is to be made up, by which organisation and until when."""

    organization = forms.ModelChoiceField(
        label=_("Who has to make up"), queryset=Organization.objects.none(), empty_label=None, required=False
    )
    items = text_area(
        _("What is to be made up"),
        rows=4,
        most=3000,
        required=False,
        help_text=_("One item a line. Each is reported and re-checked by itself."),
    )
    due_on = date_field(_("To be made up by"), required=False)
    rule = forms.ChoiceField(label=_("Occasion, in the playbook's words"), required=False)
    survey_again = forms.BooleanField(label=_("A new survey round is needed"), required=False)
    unsolid_work = forms.BooleanField(label=_("Cause: work not solid"), required=False)
    cause = forms.ChoiceField(label=_("Which cause"), required=False)

    def offer(self, participation: Participation, stage: str) -> None:
        """Offer the organisations of a participation, and what the playbook names in this stage."""
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.active().filter(governed(participation, ""))
        field.initial = participation.organization_id
        playbook = participation.batch.campaign.playbook
        self._offer_rules(playbook, stage)
        self._offer_causes(playbook)

    def _offer_rules(self, playbook: Playbook, stage: str) -> None:
        named = [(one.key, str(one.name)) for one in triggers_at(playbook, stage)]
        if not named:
            del self.fields["rule"]
            return
        rule: Any = self.fields["rule"]
        rule.choices = [("", _("none of these: the reason says by what rule")), *named]

    def _offer_causes(self, playbook: Playbook) -> None:
        """One cause that counts gives the tick its name; of several one is chosen."""
        causes = card_rules.causes(playbook)
        if len(causes) == 1:
            self.fields["unsolid_work"].label = _(
                "Cause: %(name)s (a yellow card is proposed where the rule says so)"
            ) % {"name": causes[0].name}
        if len(causes) < 2:
            del self.fields["cause"]
            return
        cause: Any = self.fields["cause"]
        cause.choices = [("", _("choose")), *((one.key, str(one.name)) for one in causes)]
        self.fields["unsolid_work"].label = _("It has a cause for which the playbook knows a yellow card")

    def require_cause(self, data: dict[str, Any]) -> None:
        """Complain where there are several causes, one is said to hold, and none is chosen."""
        if "cause" in self.fields and data.get("unsolid_work") and not data.get("cause"):
            self.add_error("cause", _("Choose the cause."))

    def clean_items(self) -> list[str]:
        items = lines_of(self.cleaned_data["items"])
        most = MakeUpItem._meta.get_field("text").max_length
        for number, item in enumerate(items, start=1):
            if len(item) > most:
                raise forms.ValidationError(
                    _("Line %(number)s has %(length)s characters; %(most)s are allowed. Break it into two.")
                    % {"number": number, "length": len(item), "most": most}
                )
        return items

    def require_terms(self, data: dict[str, Any]) -> None:
        """Complain where a make-up is ordered without saying what and until when."""
        if not data.get("items") and "items" not in self.errors:
            self.add_error("items", _("Name at least one thing that is to be made up."))
        due = data.get("due_on")
        if due is None and "due_on" not in self.errors:
            self.add_error("due_on", _("Set a date by which it is to be made up."))
        elif due and due < clock.today():
            self.add_error("due_on", _("The deadline of a make-up cannot lie in the past."))

    def terms(self, participation: Participation) -> MakeUpTerms:
        data = self.cleaned_data
        return MakeUpTerms(
            organization=data.get("organization") or participation.organization,
            items=data["items"],
            due_on=data["due_on"],
            survey_again=data["survey_again"],
            unsolid_work=data["unsolid_work"],
            cause=data.get("cause", ""),
            rule=data.get("rule", ""),
        )
