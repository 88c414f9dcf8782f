"""A note for the supervision group's report: a few words, what it is, about whom."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.models import Participation
from supervision.forms.fields import text_area
from supervision.models import GroupNote, SupervisionGroup
from supervision.models.notes import LONGEST


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return obj.label


class NoteForm(forms.Form):
    """One observation (D-06, M-08). The kind is a row of buttons: on the phone one tap."""

    text = text_area(_("In a few words"), rows=3, most=LONGEST)
    kind = forms.ChoiceField(
        label=_("What it is"), choices=GroupNote.Kind.choices, initial=GroupNote.Kind.PROBLEM, widget=forms.RadioSelect
    )
    participation = UnitField(
        label=_("About which unit"),
        queryset=Participation.objects.none(),
        required=False,
        empty_label=_("No unit in particular"),
    )

    def __init__(self, *args: Any, group: SupervisionGroup, units: Iterable[Participation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Participation.objects.filter(pk__in=[unit.pk for unit in units])
        self.fields["participation"].queryset = found.select_related("organization", "work_unit").order_by(  # type: ignore[attr-defined]
            "organization__path"
        )
        self.group = group
