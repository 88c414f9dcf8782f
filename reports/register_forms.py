"""The forms of the document register and its filter bar."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaign import uploads
from campaign.forms.activities import FilesField, FilesInput
from reports.actions.register import EntryData
from reports.models import RegisterEntry
from reports.queries.register import MINE, OPEN, OVERDUE
from supervision.forms.fields import text_area
from units.forms.fields import DayField, Search, UsernameField

Kind = RegisterEntry.Kind
ANY = ("", _("All"))


class StaffChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return str(obj)


class StaffChoices(forms.ModelMultipleChoiceField):
    def label_from_instance(self, obj: User) -> str:
        return str(obj)


class EntryForm(forms.Form):
    """One document; its kind is fixed once the number is given."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=200)
    document_number = forms.CharField(label=_("Document number"), max_length=80, required=False)
    sender = forms.CharField(label=pgettext_lazy("register", "From"), max_length=120, required=False)
    recipient = forms.CharField(label=pgettext_lazy("register", "To"), max_length=200, required=False)
    dated = DayField(label=_("Date of the document"), required=False)
    secrecy = forms.ChoiceField(
        label=_("Secrecy"),
        choices=RegisterEntry.Secrecy.choices,
        required=False,
        help_text=_("Classified documents are registered without their text: no file may be kept here."),
    )
    copies = forms.IntegerField(label=_("Copies"), min_value=1, max_value=9999, initial=1)
    handler = StaffChoice(
        label=_("Dealt with by"), queryset=User.objects.none(), required=False, empty_label=_("Nobody named")
    )
    due_on = DayField(label=_("To be dealt with by"), required=False, ahead=True)
    files = FilesField(
        label=_("Attachments"),
        required=False,
        widget=FilesInput(attrs={"multiple": True, "accept": uploads.ACCEPT}),
        help_text=_("Word (.docx) and Excel (.xlsx) are searched word by word; PDF and pictures by what stands here."),
    )
    remarks = text_area(_("Remarks"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, staff: Any, known: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["handler"].queryset = staff  # type: ignore[attr-defined]
        del self.fields["kind" if known else "version"]

    def data_of(self) -> EntryData:
        names = EntryData.__dataclass_fields__
        return EntryData(**{key: value for key, value in self.cleaned_data.items() if key in names})


class PassForm(forms.Form):
    """To whom a document goes: colleagues of the office, and anybody below by user name."""

    readers = StaffChoices(
        label=_("Colleagues"),
        queryset=User.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    other = UsernameField(
        label=_("Somebody below, by user name"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    note = forms.CharField(label=_("Asked of the reader"), max_length=200, required=False)

    def __init__(self, *args: Any, staff: Any, below: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["readers"].queryset = staff  # type: ignore[attr-defined]
        self.fields["other"].queryset = below  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not self.errors and not (data.get("readers") or data.get("other")):
            raise forms.ValidationError(gettext("Choose to whom the document goes."))
        return data

    def people(self) -> list[User]:
        other = self.cleaned_data["other"]
        return [*self.cleaned_data["readers"], *([other] if other else [])]


class ConfirmForm(forms.Form):
    remark = forms.CharField(label=_("Remark"), max_length=300, required=False)


class FinishForm(forms.Form):
    result = text_area(_("What was done"))


class ArchiveForm(forms.Form):
    box = forms.CharField(label=pgettext_lazy("register", "Box"), max_length=40, required=False)
    volume = forms.CharField(label=_("Volume"), max_length=40, required=False)


class VoidForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=200)


class RegisterFilter(forms.Form):
    """What is looked for: words in the entry and in its files, kind, state, year."""

    q = Search(label=_("Words"))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[ANY, *Kind.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[
            ANY,
            (OPEN, _("Still open")),
            (OVERDUE, _("Overdue")),
            (MINE, _("Waiting for me")),
            *RegisterEntry.State.choices,
        ],
    )
    year = forms.TypedChoiceField(label=_("Year"), required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [ANY, *((year, str(year)) for year in years)]  # type: ignore[attr-defined]

    def told(self, name: str) -> Any:
        """What cannot be read filters nothing."""
        self.is_valid()
        return self.cleaned_data.get(name)
