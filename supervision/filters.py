"""The filter bars of this room's lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.playbook import Playbook
from supervision.models import MakeUpOrder, Transition


def _search() -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search"})
    return forms.CharField(label=_("Unit or organisation"), required=False, widget=widget)


def _named(word: str, organization: str) -> Q:
    """Rows whose organisation (by this path) or unit has the word in its name."""
    given = word.strip()
    unit = Q(participation__work_unit__name__icontains=given)
    return Q(**{f"{organization}__name__icontains": given}) | unit


class TransitionFilter(forms.Form):
    """By state, stage and name."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("mine", _("Waiting for me")), *Transition.State.choices],
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    q = _search()

    def __init__(self, *args: Any, playbook: Playbook | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [(stage.key, str(stage.name)) for stage in playbook.stages] if playbook else []
        field: Any = self.fields["stage"]
        field.choices = [("", _("All")), *stages]

    def apply(self, rows: QuerySet[Transition], waiting: list[int]) -> QuerySet[Transition]:
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("state") == "mine":
            rows = rows.filter(pk__in=waiting)
        elif data.get("state"):
            rows = rows.filter(state=data["state"])
        if data.get("stage"):
            rows = rows.filter(stage=data["stage"])
        if data.get("q"):
            rows = rows.filter(_named(data["q"], "participation__organization"))
        return rows


class MakeUpFilter(forms.Form):
    """By state, lateness and name."""

    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("overdue", _("Past the deadline")), *MakeUpOrder.State.choices],
    )
    q = _search()

    def apply(self, rows: QuerySet[MakeUpOrder]) -> QuerySet[MakeUpOrder]:
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("state") == "overdue":
            rows = rows.filter(state=MakeUpOrder.State.OPEN, due_on__lt=clock.today())
        elif data.get("state"):
            rows = rows.filter(state=data["state"])
        if data.get("q"):
            rows = rows.filter(_named(data["q"], "organization"))
        return rows
