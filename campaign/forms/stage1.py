"""Forms of required reading, members' documents and copies of an activity."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.templatetags.shell import day
from campaign import uploads
from campaign.forms.activities import date_input
from campaign.models import Batch, ReadingTitle
from units.models import Member


class TitleForm(forms.Form):
    """A title of the required reading."""

    name = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    stage = forms.ChoiceField(label=gettext_lazy("Stage"), required=False)
    who = forms.ChoiceField(label=gettext_lazy("Required of"), choices=ReadingTitle.Who)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stages = [(stage.key, str(stage.name)) for stage in batch.campaign.playbook.stages]
        self.fields["stage"].choices = [("", _("All along")), *stages]


class DayForm(forms.Form):
    """The day on which something was done."""

    done_on = forms.DateField(label=gettext_lazy("Done on"), widget=date_input())

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"done_on": clock.today()})
        super().__init__(*args, **kwargs)
        self.batch = batch
        limits = {"max": clock.today().isoformat(), "min": batch.starts_on.isoformat()}
        self.fields["done_on"].widget.attrs |= limits

    def clean_done_on(self) -> dt.date:
        done_on: dt.date = self.cleaned_data["done_on"]
        if done_on > clock.today():
            raise forms.ValidationError(_("This day is still to come. Mark it once it has been done."))
        if done_on < self.batch.starts_on:
            text = _("The batch began on %(date)s; what was done before does not belong to it.")
            raise forms.ValidationError(text % {"date": day(self.batch.starts_on)})
        return done_on


class DocumentForm(DayForm):
    """An essay, study notes, an entry of a contest: a text, a file, or both."""

    member = forms.ModelChoiceField(label=gettext_lazy("Member"), queryset=Member.objects.none())
    title = forms.CharField(label=gettext_lazy("Title"), max_length=120)
    text = forms.CharField(
        label=gettext_lazy("Text"),
        max_length=20_000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8, "data-count": "20000"}),
    )
    file = forms.FileField(
        label=gettext_lazy("File"),
        required=False,
        widget=forms.FileInput(attrs={"accept": uploads.ACCEPT}),
        help_text=gettext_lazy("Photograph, PDF, Word or Excel, up to 20 MB."),
    )
    field_order = ("member", "title", "done_on", "text", "file")

    def __init__(self, *args: Any, members: Any, kept_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept_file = kept_file
        self.fields["member"].queryset = members

    def clean_file(self) -> Any:
        file = self.cleaned_data.get("file")
        if file:
            uploads.check_upload(file)
        return file

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not data.get("text") and not data.get("file"):
            self.add_error("text", _("Write the text here, or choose a file."))
        return data
