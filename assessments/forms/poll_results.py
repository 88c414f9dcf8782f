"""Filters and small forms of the results of anonymous surveys."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign.playbook import Playbook
from units.models import Organization

MOST_DAYS = 60


class ResultFilter(forms.Form):
    """Which units of a survey are listed."""

    superior = forms.ChoiceField(label=gettext_lazy("Superior organisation"), required=False)
    band = forms.ChoiceField(label=gettext_lazy("Band"), required=False)
    verdict = forms.ChoiceField(label=gettext_lazy("Result"), required=False)
    q = forms.CharField(label=gettext_lazy("Unit"), required=False)

    def __init__(
        self,
        *args: Any,
        playbook: Playbook,
        superiors: list[Organization],
        supervises: bool,
        thresholds: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        every = ("", _("All"))
        self._choices("superior", [every, *((str(one.pk), one.name) for one in superiors)])
        self._choices(
            "band", [every, *((band.key, str(band.name)) for band in playbook.bands), ("few", _("not shown"))]
        )
        found = [every]
        if thresholds:
            found += [("failing", _("Make-up called for")), ("passed", _("Threshold not reached"))]
        if supervises:
            found.append(("signs", _("Worth verifying")))
        self._choices("verdict", found)
        if not playbook.bands:
            del self.fields["band"]
        if len(found) == 1:
            del self.fields["verdict"]

    def _choices(self, name: str, choices: list[tuple[str, Any]]) -> None:
        field: Any = self.fields[name]
        field.choices = choices


class PublishForm(forms.Form):
    """Words and days of the notice that goes with the published results."""

    text = forms.CharField(
        label=gettext_lazy("What is said with it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": 500}),
        help_text=gettext_lazy("Stands in the public notice above the address of the page."),
    )
    days = forms.IntegerField(label=gettext_lazy("Days of the public notice"), min_value=1, max_value=MOST_DAYS)


class TakeBackForm(forms.Form):
    """Why published results are taken back."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), max_length=300, widget=forms.Textarea(attrs={"rows": 2, "data-count": 300})
    )
