"""Entering publicity: each kind asks for what belongs to it, the phone's few things first; the filter bars."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign import uploads
from campaign.forms.activities import FilesField, FilesInput
from campaign.models import Batch
from reports.actions.publicity import PublicityData
from reports.models import PublicityRecord
from supervision.forms.fields import text_area
from units.forms.fields import DayField, Search

Kind, Medium = PublicityRecord.Kind, PublicityRecord.Medium
ASKED: dict[str, tuple[str, ...]] = {
    Kind.BANNER: ("quantity", "files", "place", "text"),
    Kind.COLUMN: ("issue", "files", "topic", "link", "text"),
    Kind.MEDIA: ("direction", "medium", "outlet", "files", "link", "topic", "text"),
    Kind.LETTER: ("quantity", "files", "audience", "link", "text"),
    Kind.CONFERENCE: ("place", "files", "topic", "link", "text"),
    Kind.EVENT: ("place", "files", "topic", "audience", "text"),
    Kind.FILM: ("quantity", "files", "topic", "audience", "link", "text"),
    Kind.MATERIAL: ("quantity", "files", "topic", "audience", "text"),
    Kind.PLAN: ("files", "text"),
}
TITLES: dict[str, Any] = {
    Kind.BANNER: _("Words on the banner"),
    Kind.COLUMN: _("Name of the column"),
    Kind.MEDIA: _("Headline"),
}
QUANTITIES: dict[str, Any] = {Kind.BANNER: _("How many banners")}
ANY = ("", _("All"))


def media_choices() -> list[tuple[Any, Any]]:
    """The public media first, then an organisation's own means (L-02, L-03)."""
    own = PublicityRecord.OWN_MEANS
    public = [(one.value, one.label) for one in Medium if one not in own]
    return [
        ("", _("Choose…")),
        (_("Public media"), public),
        (_("Our own means"), [(one.value, one.label) for one in own]),
    ]


class PublicityForm(forms.Form):
    """One record of a kind."""

    title = forms.CharField(label=_("Title"), max_length=120)
    held_on = DayField(label=_("Date"))
    quantity = forms.IntegerField(label=_("Copies"), min_value=1, max_value=9999, initial=1)
    issue = forms.IntegerField(label=_("Issue number"), min_value=1, max_value=9999)
    direction = forms.ChoiceField(
        label=_("Direction"), choices=PublicityRecord.Direction.choices, widget=forms.RadioSelect
    )
    medium = forms.ChoiceField(label=_("Medium"))
    outlet = forms.CharField(label=_("Name of the paper, station or site"), max_length=80, required=False)
    place = forms.CharField(label=_("Place"), max_length=80, required=False)
    files = FilesField(
        label=_("Photographs or clippings"),
        required=False,
        widget=FilesInput(attrs={"multiple": True, "accept": uploads.ACCEPT}),
    )
    topic = forms.ChoiceField(
        label=_("What it is about"), choices=[("", "–"), *PublicityRecord.Topic.choices], required=False
    )
    audience = forms.CharField(label=_("For whom"), max_length=80, required=False)
    link = forms.URLField(label=_("Link"), max_length=500, required=False, assume_scheme="https")
    text = text_area(_("Remarks"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)  # the one that the person saw, where a record is changed

    def __init__(self, *args: Any, kind: str, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted = ["title", "held_on", *ASKED[kind], *(["version"] if known else [])]
        for name in list(self.fields):
            if name not in wanted:
                del self.fields[name]
        self.order_fields(wanted)
        self.fields["title"].label = TITLES.get(kind, _("Title"))
        self.fields["held_on"].initial = clock.today
        if "quantity" in self.fields:
            self.fields["quantity"].label = QUANTITIES.get(kind, _("Copies"))
        if "medium" in self.fields:
            self.fields["medium"].choices = media_choices()  # type: ignore[attr-defined]

    def data_of(self) -> PublicityData:
        kept = self.cleaned_data.items()
        return PublicityData(**{key: value for key, value in kept if key not in {"files", "version"}})

    def refuse_issue(self) -> None:
        """Say of an issue that it is on record already."""
        self.add_error("issue", gettext("This issue of the column is on record already. Look at the number."))


class TakeBackForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class _Bar(forms.Form):
    """A filter bar; what cannot be read filters nothing."""

    def told(self, name: str) -> str:
        self.is_valid()
        return str(self.cleaned_data.get(name) or "")


def _stages(batch: Batch | None) -> list[tuple[Any, Any]]:
    return [ANY, *((stage.key, str(stage.name)) for stage in batch.campaign.playbook.stages)] if batch else [ANY]


class UnitsFilter(_Bar):
    """The overview of the office."""

    stage = forms.ChoiceField(label=_("Stage"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            ("none", _("Nothing on record")),
            ("short", _("Short of what the playbook asks")),
        ],
    )
    q = Search(label=_("Unit or organisation"))

    def __init__(self, *args: Any, batch: Batch | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = _stages(batch)  # type: ignore[attr-defined]


class RecordsFilter(_Bar):
    """The records of one organisation."""

    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *Kind.choices])
    direction = forms.ChoiceField(
        label=_("Direction"), required=False, choices=[ANY, *PublicityRecord.Direction.choices]
    )
    stage = forms.ChoiceField(label=_("Stage"), required=False)
    q = Search(label=_("Words of the title"))

    def __init__(self, *args: Any, batch: Batch | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stage"].choices = _stages(batch)  # type: ignore[attr-defined]
