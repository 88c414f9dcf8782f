"""The filter of the list of units."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.models import Batch
from units.models import Organization

AHEAD, AFTER, UNSTAGED = "ahead", "after", "unstaged"
YES, NO = "yes", "no"


class ParticipationFilter(forms.Form):
    """Batch, part of the tree, stage, overrun, name. A value that means nothing filters nothing."""

    batch = forms.ChoiceField(label=gettext_lazy("Batch"), required=False)
    within = forms.ChoiceField(label=gettext_lazy("Under"), required=False)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    q = forms.CharField(label=gettext_lazy("Name or initials"), required=False, max_length=60)
    review = forms.ChoiceField(label=gettext_lazy("Under review"), required=False)
    late = forms.BooleanField(label=gettext_lazy("Only overrun"), required=False)

    def __init__(
        self, *args: Any, batch: Batch, batches: Iterable[Batch], superiors: Iterable[Organization], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        listed = list(batches)
        self.fields["batch"].choices = [(str(one.pk), one.name) for one in listed]
        self.fields["batch"].initial = str(batch.pk)
        if len(listed) < 2:
            self.fields["batch"].widget = forms.HiddenInput()
        self.fields["within"].choices = [("", _("All")), *((str(one.pk), one.name) for one in superiors)]
        stages = [(stage.key, str(stage.name)) for stage in batch.campaign.playbook.stages]
        others = [(AHEAD, _("Not begun")), (AFTER, _("All stages done")), (UNSTAGED, _("Without stages"))]
        self.fields["stage"].choices = [("", _("All")), others[0], *stages, *others[1:]]
        self.fields["review"].choices = [("", _("All")), (YES, _("Under review")), (NO, _("Not under review"))]

    def value(self, name: str) -> Any:
        """A clean value, or an empty one where the query is forged or out of date."""
        if not self.is_bound:
            return ""
        self.is_valid()
        return self.cleaned_data.get(name) or ""
