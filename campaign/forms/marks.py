"""Forms of the marks page: many members at once, with the day and, for a test, each score."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.templatetags.shell import day
from campaign.forms.activities import date_input
from campaign.models import Batch
from units.models import Member

HIGHEST = Decimal(1000)


class MarkForm(forms.Form):
    """Who has done it, and when. Scores come as `score-<member>` beside the boxes."""

    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=date_input())
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        queryset=Member.objects.none(),
        error_messages={
            "required": gettext_lazy("Tick at least one member."),
            "invalid_choice": gettext_lazy("One of those named is not a member here. Choose again from the list."),
            "invalid_pk_value": gettext_lazy("One of those named is not a member here. Choose again from the list."),
        },
    )

    def __init__(self, *args: Any, batch: Batch, allowed: Any, scored: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch, self.scored = batch, scored
        self.fields["members"].queryset = allowed
        self.fields["done_on"].widget.attrs |= {
            "max": clock.today().isoformat(),
            "min": batch.starts_on.isoformat(),
        }

    def clean_done_on(self) -> dt.date:
        done_on: dt.date = self.cleaned_data["done_on"]
        if done_on > clock.today():
            raise forms.ValidationError(_("This day is still to come. Mark it once it has been done."))
        if done_on < self.batch.starts_on:
            text = _("The batch began on %(date)s; what was done before does not belong to it.")
            raise forms.ValidationError(text % {"date": day(self.batch.starts_on)})
        return done_on

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        data["scores"] = {}
        for member in data.get("members") or () if self.scored else ():
            raw = self.data.get(f"score-{member.pk}", "").strip()
            if raw:
                score = _score(raw)
                if score is None:
                    text = _("The score of %(name)s must be a number from 0 to 1000 with one decimal at most.")
                    self.add_error(None, text % {"name": member.name})
                else:
                    data["scores"][member.pk] = score
        return data


def _score(raw: str) -> Decimal | None:
    try:
        score = Decimal(raw)
    except InvalidOperation:
        return None
    fits = score.is_finite() and 0 <= score <= HIGHEST and score == score.quantize(Decimal("0.1"))
    return score if fits else None


class UnmarkForm(forms.Form):
    """Whose marks were set by mistake."""

    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Members"),
        queryset=Member.objects.none(),
        error_messages={"required": gettext_lazy("Tick at least one member.")},
    )

    def __init__(self, *args: Any, allowed: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["members"].queryset = allowed
