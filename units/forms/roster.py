"""Uploading a roster, confirming its preview, exporting one."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from units.actions.roster import Leaving
from units.forms.fields import DayField, OrganizationChoice
from units.models import RosterImport

LARGEST_FILE = 20 * 1024 * 1024


class UploadForm(forms.Form):
    """The workbook, and the organisation that it is the roster of."""

    organization = OrganizationChoice(
        queryset=None,
        label=gettext_lazy("Roster of"),
        help_text=gettext_lazy("Rows of organisations outside it are refused."),
    )
    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"),
        widget=forms.FileInput(
            attrs={"accept": ".xlsx,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
        ),
        help_text=gettext_lazy("At most 20 MB. Nothing is written before you have seen the preview."),
        error_messages={"empty": gettext_lazy("This file is empty. Choose the workbook that you saved last.")},
    )

    def __init__(self, *args: Any, organizations: Any, first: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if first:
            del self.fields["organization"]
        else:
            self.fields["organization"].queryset = organizations

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > LARGEST_FILE:
            raise forms.ValidationError(
                _("This file has %(size)d MB; at most 20 can be read. Remove pictures, or divide the roster.")
                % {"size": file.size // (1024 * 1024)}
            )
        return file


class ConfirmForm(forms.Form):
    """What to do with faulty rows, and who of the missing leaves."""

    FAULTLESS, NOTHING = "faultless", "nothing"

    mode = forms.ChoiceField(required=False, choices=[(FAULTLESS, ""), (NOTHING, "")])
    leavers = forms.TypedMultipleChoiceField(required=False, coerce=int)
    left_on = DayField(required=False, label=gettext_lazy("Left on"))
    left_reason = forms.CharField(
        required=False,
        max_length=200,
        label=gettext_lazy("Reason for leaving"),
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Relation transferred elsewhere")}),
    )

    def __init__(self, *args: Any, upload: RosterImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        report = upload.report
        self.has_faults = bool(report["counts"]["faults"])
        self.fields["leavers"].choices = [(each["pk"], each["name"]) for each in report["missing"]]
        self.fields["left_on"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.has_faults and not data.get("mode"):
            self.add_error("mode", _("Choose what to do with the faulty rows."))
        if data.get("leavers"):
            if not data.get("left_on") and "left_on" not in self.errors:
                self.add_error("left_on", _("Say on which day the ticked members left."))
            if not data.get("left_reason"):
                self.add_error("left_reason", _("Say why the ticked members left."))
        return data

    @property
    def faultless_only(self) -> bool:
        return self.cleaned_data["mode"] == self.FAULTLESS

    @property
    def leaving(self) -> Leaving | None:
        data = self.cleaned_data
        if not data.get("leavers"):
            return None
        return Leaving(frozenset(data["leavers"]), data["left_on"], data["left_reason"])
