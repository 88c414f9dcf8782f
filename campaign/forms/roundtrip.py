"""Sending an edited workbook back."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy


class SendBackForm(forms.Form):
    """The workbook as it was downloaded and edited."""

    file = forms.FileField(
        label=gettext_lazy("Edited workbook (.xlsx)"),
        widget=forms.FileInput(attrs={"accept": ".xlsx"}),
        error_messages={"required": gettext_lazy("Choose the workbook first.")},
    )
