"""Filing a stage summary, and putting it on file."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.playbook import Item
from supervision.forms.fields import PART_MAX, date_field, text_area


class FilingForm(forms.Form):
    """The headings of the summary (J-08)."""

    def __init__(self, headings: Iterable[Item], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, heading in enumerate(headings, start=1):
            label = _("%(number)s. %(name)s") % {"number": number, "name": heading.name}
            self.fields[heading.key] = text_area(label, rows=4, most=PART_MAX)


class ReceiptForm(forms.Form):
    """When the office received it."""

    received_on = date_field(_("Received on"))
    remark = forms.CharField(label=_("Remark"), max_length=200, required=False)
