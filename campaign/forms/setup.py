"""Forms of the set-up: playbook, names, batch with its stage windows, beginning, and new dates for a unit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.templatetags.shell import day
from campaign import findings
from campaign.actions import StageWindow
from campaign.models import Batch, Campaign, Participation, StageProgress
from campaign.playbook import Playbook, PlaybookFault, PlaybookInvalid, available, loads
from campaign.playbook.files import LARGEST_FILE
from units.models import Organization

UPLOAD, KEEP = "upload", "keep"


def date_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PlaybookForm(forms.Form):
    """One of the shipped playbooks, or a file of one's own; `faults` holds everything wrong with that file."""

    choice = forms.ChoiceField(label=gettext_lazy("Playbook"), widget=forms.RadioSelect)
    file = forms.FileField(label=gettext_lazy("Playbook file (.toml)"), required=False)

    def __init__(self, *args: Any, present: Playbook | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.playbooks, self.present = available(), present
        self.playbook: Playbook | None = None
        self.faults: tuple[PlaybookFault, ...] = ()
        kept = [(KEEP, str(present.name))] if present else []
        self.fields["choice"].choices = [*kept, *((b.key, str(b.name)) for b in self.playbooks), (UPLOAD, _("A file"))]

    @property
    def shipped(self) -> bool:
        return self.cleaned_data["choice"] not in {UPLOAD, KEEP}

    @property
    def kept(self) -> bool:
        return self.cleaned_data["choice"] == KEEP

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        choice = data.get("choice")
        if choice == UPLOAD:
            self._read(data.get("file"))
        elif choice == KEEP:
            self.playbook = self.present
        elif choice:
            self.playbook = next(book for book in self.playbooks if book.key == choice)
        return data

    def _read(self, file: UploadedFile | None) -> None:
        if file is None:
            if "file" not in self.errors:
                self.add_error("file", _("Choose the file, or one of the playbooks above."))
            return
        if (file.size or 0) > LARGEST_FILE:
            self.add_error("file", _("The file is larger than 1 MB. A playbook is a short text file."))
            return
        try:
            text = file.read().decode("utf-8-sig")
        except UnicodeDecodeError:
            self.add_error("file", _("The file is not written in UTF-8. Save it again with the encoding UTF-8."))
            return
        try:
            self.playbook = loads(text, file=file.name or "playbook.toml", known_checks=findings.registered())
        except PlaybookInvalid as invalid:
            self.faults = invalid.faults
            self.add_error(
                "file", _("The playbook has faults, listed below. Mend them in the file and choose it again.")
            )


class NamesForm(forms.ModelForm):
    """What the campaign and its office are called; documents print it."""

    class Meta:
        model = Campaign
        fields = ["host", "name", "short_name", "office_name", "office_short_name", "bulletin_name"]
        fields += ["superior_name", "superior_document"]
        help_texts = {
            "host": gettext_lazy("The organisation whose tree takes part."),
            "short_name": gettext_lazy("Stands at the top of every page."),
            "office_name": gettext_lazy("Stands on bulletins and papers as the issuer."),
            "office_short_name": gettext_lazy("Stands in sentences and lists."),
            "superior_name": gettext_lazy("Inside which campaign this one is carried out; shown on the plan."),
            "superior_document": gettext_lazy("The superior's implementation opinion, with its number."),
            "bulletin_name": gettext_lazy("Large and red on the first page of the bulletin."),
        }
        labels = {"host": gettext_lazy("Host organisation")}

    def __init__(self, *args: Any, hosts: Sequence[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["host"]
        field.queryset = Organization.objects.filter(pk__in=[one.pk for one in hosts])
        field.empty_label = None
        if self.instance.pk:
            field.disabled = True
            field.help_text = _("The host stays as it was set up.")
        elif len(hosts) == 1:
            field.initial = hosts[0]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        twin = Campaign.objects.filter(host=data.get("host"), name=data.get("name")).exclude(pk=self.instance.pk)
        if data.get("name") and twin.exists():
            self.add_error("name", _("This organisation has a campaign of that name already. Choose another name."))
        return data

    @property
    def names(self) -> dict[str, str]:
        return {key: value for key, value in self.cleaned_data.items() if key != "host"}


class WindowsForm(forms.Form):
    """First and last day of each stage: in order, and none ending before it begins."""

    stages: Sequence[tuple[str, str]] = ()  # key and name

    def add_stages(self, stages: Iterable[tuple[str, str]], planned: dict[str, tuple[dt.date, dt.date]]) -> None:
        """One pair of date fields for each stage."""
        self.stages = list(stages)
        for key, name in self.stages:
            first, last = planned.get(key, (None, None))
            for end, day_of, label in (
                ("from", first, _("%(stage)s: first day") % {"stage": name}),
                ("to", last, _("%(stage)s: last day") % {"stage": name}),
            ):
                widget = date_input()
                widget.attrs["aria-label"] = label  # in the table the heading of the column says it
                self.fields[f"{key}_{end}"] = forms.DateField(label=label, initial=day_of, widget=widget)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The pairs as the table shows them."""
        return [{"name": name, "from": self[f"{key}_from"], "to": self[f"{key}_to"]} for key, name in self.stages]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        before: tuple[str, dt.date] | None = None
        for key, name in self.stages:
            first, last = data.get(f"{key}_from"), data.get(f"{key}_to")
            if first and last and last < first:
                self.add_error(f"{key}_to", _("The last day lies before the first."))
            if first and before and first < before[1]:
                text = _("It begins before %(stage)s ends on %(day)s. Stages follow one another.")
                self.add_error(f"{key}_from", text % {"stage": before[0], "day": day(before[1])})
            before = (name, last) if last else before
        return data

    @property
    def windows(self) -> list[StageWindow]:
        data = self.cleaned_data
        return [StageWindow(key, data[f"{key}_from"], data[f"{key}_to"]) for key, _name in self.stages]


class BatchForm(WindowsForm):
    """Number, name and window of a batch, and the plan of its stages (A-03, A-04, A-09)."""

    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=99)
    name = forms.CharField(label=gettext_lazy("Name of the batch"), max_length=120)
    ends_on = forms.DateField(
        label=gettext_lazy("The batch ends on"),
        widget=date_input(),
        help_text=gettext_lazy("With consolidation after the last stage, if it belongs to the batch."),
    )

    def __init__(
        self, *args: Any, campaign: Campaign, batch: Batch | None = None, planned: Sequence[StageWindow], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.campaign, self.batch = campaign, batch
        names = [(stage.key, str(stage.name)) for stage in campaign.playbook.stages]
        self.add_stages(names, {w.stage: (w.starts_on, w.ends_on) for w in planned})
        self.order_fields(["number", "name", *(f for f in self.fields if f not in {"number", "name"})])

    def clean_number(self) -> int:
        number: int = self.cleaned_data["number"]
        twins = self.campaign.batches.filter(number=number)
        if self.batch is not None:
            twins = twins.exclude(pk=self.batch.pk)
        if twins.exists():
            raise forms.ValidationError(_("The campaign has a batch with this number already."))
        return number

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        last = data.get(f"{self.stages[-1][0]}_to") if self.stages else None
        if last and data.get("ends_on") and data["ends_on"] < last:
            self.add_error("ends_on", _("The batch ends before its last stage, %(day)s.") % {"day": day(last)})
        return data


class StartForm(forms.Form):
    """Begin every unit of the batch now, or each from its own page (A-10)."""

    NOW, EACH = "now", "each"
    how = forms.ChoiceField(choices=[(NOW, NOW), (EACH, EACH)])
    on = forms.DateField(label=gettext_lazy("First day of the first stage"), widget=date_input(), required=False)

    def __init__(self, *args: Any, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = batch
        self.too_early = batch.starts_on > clock.today()
        self.fields["on"].initial = min(batch.starts_on, clock.today())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("how") == self.NOW:
            if self.too_early:
                text = _(
                    "The batch begins on %(day)s. Come back on that day, or give it an earlier first day in step 3."
                )
                self.add_error("how", text % {"day": day(self.batch.starts_on)})
            check_first_day(self, data.get("on"), self.batch)
        return data


def check_first_day(form: forms.Form, on: dt.date | None, batch: Batch) -> None:
    """Not in the future, and not before the batch begins."""
    if on is None:
        if "on" not in form.errors:
            form.add_error("on", _("Give the day."))
    elif on > clock.today():
        form.add_error("on", _("A stage cannot begin in the future: no date moves it. Come back on that day."))
    elif on < batch.starts_on:
        form.add_error("on", _("The batch begins on %(day)s.") % {"day": day(batch.starts_on)})


class BeginForm(forms.Form):
    """Begin one unit: on which day, and whether its plan moves along."""

    on = forms.DateField(label=gettext_lazy("First day"), widget=date_input(), required=False)
    shift = forms.BooleanField(
        label=gettext_lazy("Move the planned dates by as many days"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Otherwise the planned ends stay, and the unit has less time."),
    )
    ready = forms.BooleanField(
        label=gettext_lazy("The preparations are made"),
        error_messages={"required": gettext_lazy("A unit begins only after its preparations are made.")},
    )

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.batch = participation.batch
        self.too_early = self.batch.starts_on > clock.today()
        self.fields["on"].initial = clock.today()
        if not participation.staged:
            del self.fields["shift"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        check_first_day(self, data.get("on"), self.batch)
        return data


class RescheduleForm(WindowsForm):
    """New planned dates of the stages that are not completed, with the reason (A-10)."""

    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: Any, participation: Participation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        playbook = participation.batch.campaign.playbook
        self.rows_open = [p for p in participation.progress.all() if p.state != StageProgress.State.DONE]
        names = [(p.stage, str(playbook.stage(p.stage).name)) for p in self.rows_open]
        self.add_stages(names, {p.stage: (p.planned_start, p.planned_end) for p in self.rows_open})
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.is_bound and not self.errors and not any(name != "reason" for name in self.changed_data):
            self.add_error(None, _("No date was changed."))
        return data
