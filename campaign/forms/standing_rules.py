"""Forms of the register of standing rules, of the public ledger and of taking a notice down."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign import uploads
from campaign.actions.standing_rules import RuleData
from campaign.forms.activities import date_input
from campaign.models import Batch, StandingRule


class RuleForm(forms.Form):
    """A rule issued, revised or abolished (G-07)."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    kind = forms.ChoiceField(label=gettext_lazy("What was done"), choices=StandingRule.Kind)
    mechanism = forms.ChoiceField(label=gettext_lazy("Mechanism"), required=False)
    number = forms.CharField(label=gettext_lazy("Document number"), max_length=60, required=False)
    dated = forms.DateField(label=gettext_lazy("Date"), widget=date_input())
    file = forms.FileField(
        label=gettext_lazy("Text of the rule"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPT}),
    )

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = [(item.key, str(item.name)) for item in batch.campaign.playbook.items("long_term")]
        self.fields["mechanism"].choices = [("", _("None in particular")), *listed]
        if not listed:
            del self.fields["mechanism"]

    def clean_file(self) -> UploadedFile | None:
        file: UploadedFile | None = self.cleaned_data["file"]
        if isinstance(file, UploadedFile):
            uploads.check_upload(file)
            return file
        return None

    def record(self) -> RuleData:
        data = {name: self.cleaned_data.get(name) or "" for name in RuleData.__dataclass_fields__}
        return RuleData(**data)


class PublishForm(forms.Form):
    """What stands above the public ledger, and whom the masses can ask."""

    commitment = forms.CharField(
        label=gettext_lazy("Public commitment"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )
    contact = forms.CharField(label=gettext_lazy("Contact for the masses"), max_length=120, required=False)


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=300)
