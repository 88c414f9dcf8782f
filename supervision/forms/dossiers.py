"""What of a dossier one wants to read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.dossier import Subject
from supervision.queries.dossiers import Wanted, chapters

OLDEST = "oldest"


def _date(label: Any) -> forms.DateField:
    return forms.DateField(
        label=label, required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class DossierFilter(forms.Form):
    """By chapter, stage and time; a wrong date is said, and everything is shown."""

    batch = forms.CharField(required=False, widget=forms.HiddenInput)
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    since = _date(_("From"))
    until = _date(_("Until"))
    order = forms.ChoiceField(
        label=_("Order"), required=False, choices=[("", _("Newest first")), (OLDEST, _("Oldest first"))]
    )
    kind = forms.MultipleChoiceField(label=_("Chapters"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, subject: Subject, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = subject.participation.batch.campaign.playbook.stages if subject.participation.staged else ()
        fields: Any = self.fields
        fields["stage"].choices = [("", _("All")), *((stage.key, str(stage.name)) for stage in stages)]
        fields["kind"].choices = list(chapters().items())

    @property
    def wanted(self) -> Wanted:
        """What passes the filter; of a field with a fault, everything."""
        self.is_valid()
        data = self.cleaned_data
        return Wanted(data.get("kind") or (), data.get("stage") or "", data.get("since"), data.get("until"))

    @property
    def oldest_first(self) -> bool:
        self.is_valid()
        return self.cleaned_data.get("order") == OLDEST

    @property
    def narrowed(self) -> bool:
        """Is anything left out?"""
        return any(self.data.get(name) for name in ("stage", "since", "until", "kind"))
