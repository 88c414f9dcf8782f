"""Writing the office's report to its superior, and choosing what it takes from below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.playbook import ReportRule
from reports.actions.chain import Pick
from reports.forms import ReportForm
from reports.queries.chain import Offer


class UpwardForm(ReportForm):
    """The rule's fields, as for any report."""


class ForwardForm(forms.Form):
    """To whom a report is passed on."""

    to = forms.CharField(label=_("Passed on to"), max_length=120)


def picks(data: Mapping[str, Any], found: Iterable[Offer], rule: ReportRule) -> list[Pick]:
    """What was ticked, by the order written beside it, then as it is listed; where it goes as chosen there."""
    known = {field.key for field in rule.fields}
    chosen = []
    for place, offer in enumerate(found):
        if data.get(f"take-{offer.key}"):
            order = str(data.get(f"order-{offer.key}", "")).strip()
            target = str(data.get(f"to-{offer.key}", ""))
            pick = Pick(offer.candidate.report.pk, offer.candidate.field, target if target in known else offer.field)
            chosen.append((int(order[:4]) if order.isdecimal() else 9999, place, pick))
    return [pick for _order, _place, pick in sorted(chosen, key=lambda row: row[:2])]
