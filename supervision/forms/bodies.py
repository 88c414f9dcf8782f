"""Bodies of the campaign, their people, meetings and letters."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign import uploads
from campaign.forms.activities import FilesField, FilesInput
from supervision.actions.bodies import BodyFacts, Seconded
from supervision.actions.body_records import LetterFacts, MeetingFacts
from supervision.forms.fields import date_field, text_area
from supervision.models import Body, BodyMeeting, BodyMember, DutyHolder, ResponsibilityLetter

TEXT_MAX = 5000


class BodyForm(forms.Form):
    """A body; `kind` only while it is set up."""

    kind = forms.ChoiceField(label=_("Kind"), choices=Body.Kind)
    name = forms.CharField(label=_("Name"), max_length=80)
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    place = forms.CharField(label=_("Where it works"), max_length=120, required=False)
    mode = forms.CharField(label=_("How it works"), max_length=200, required=False)

    def __init__(self, *args: Any, kinds: list[tuple[str, Any]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kinds is None:
            del self.fields["kind"]
        else:
            field: Any = self.fields["kind"]
            field.choices = kinds

    def facts(self) -> BodyFacts:
        data = self.cleaned_data
        return BodyFacts(data["name"], data["phone"], data["place"], data["mode"])


class SecondedMixin(forms.Form):
    """From where a person comes, and since when in place (D-18)."""

    title = forms.CharField(label=_("Post in the own unit"), max_length=60, required=False)
    seconded_from = forms.CharField(label=_("Seconded from"), max_length=120, required=False)
    expected_on = date_field(_("To be in place by"), required=False)
    in_place_on = date_field(
        _("In place since"), required=False, help_text=_("Leave it empty while the person is still awaited.")
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def clean_in_place_on(self) -> Any:
        day = self.cleaned_data["in_place_on"]
        if day is not None and day > clock.today():
            raise forms.ValidationError(
                _("This day is still to come. Put it under “To be in place by” and leave this empty.")
            )
        return day

    def seconded(self) -> Seconded:
        return Seconded(**{key: self.cleaned_data[key] for key in Seconded.__dataclass_fields__})


class BodyMemberForm(SecondedMixin):
    """A person by name; the account, if there is one, by its user name."""

    name = forms.CharField(label=_("Name"), max_length=60)
    account = forms.CharField(
        label=_("User name of the account"),
        max_length=150,
        required=False,
        help_text=_("Leave it empty for somebody who does not use the system."),
    )
    role = forms.ChoiceField(label=_("Role in the body"), choices=BodyMember.Role, initial=BodyMember.Role.MEMBER)
    field_order = ["name", "account", "role", "title", "seconded_from", "expected_on", "in_place_on", "note"]

    def clean_account(self) -> User | None:
        text = self.cleaned_data["account"].strip()
        if not text:
            return None
        found = User.objects.filter(is_active=True, username=text).first()
        if found is None:
            raise forms.ValidationError(_("There is no account with the user name “%(name)s”.") % {"name": text})
        return found


class BodyMemberEditForm(SecondedMixin):
    """What can change of somebody who is in a body."""

    role = forms.ChoiceField(label=_("Role in the body"), choices=BodyMember.Role)
    field_order = ["role", "title", "seconded_from", "expected_on", "in_place_on", "note"]


class DutyHolderForm(forms.Form):
    """Who answers for the campaign in a unit (D-17)."""

    duty = forms.ChoiceField(label=_("Duty for the campaign"), choices=DutyHolder.Duty)
    name = forms.CharField(label=_("Name"), max_length=60)
    post = forms.CharField(label=_("Post"), max_length=60, required=False)
    field = forms.CharField(label=_("Answers for"), max_length=200, required=False)


class BodyMeetingForm(forms.Form):
    """A meeting of those who lead the campaign (D-20)."""

    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=BodyMeeting.Kind)
    held_on = date_field(_("Date of the meeting"))
    topic = forms.CharField(label=_("Topic"), max_length=120)
    chair = forms.CharField(label=_("In the chair"), max_length=60, required=False)
    present = forms.IntegerField(label=_("People present"), min_value=1, max_value=10_000)
    names = text_area(_("Who was present"), rows=2, most=500, required=False)
    decision = text_area(_("What was decided"), rows=6, most=TEXT_MAX, required=False)
    files = FilesField(
        label=_("Photographs, minutes"),
        required=False,
        widget=FilesInput(attrs={"multiple": True, "accept": uploads.ACCEPT}),
    )

    def clean_held_on(self) -> Any:
        return _not_to_come(self.cleaned_data["held_on"])

    def facts(self) -> MeetingFacts:
        return MeetingFacts(**{key: self.cleaned_data[key] for key in MeetingFacts.__dataclass_fields__})


def _not_to_come(day: Any) -> Any:
    if day > clock.today():
        raise forms.ValidationError(_("This day is still to come; only what has happened is recorded."))
    return day


class LetterForm(forms.Form):
    """A responsibility letter or a public commitment, and its scan (D-15)."""

    kind = forms.ChoiceField(label=_("Kind"), choices=ResponsibilityLetter.Kind)
    level = forms.ChoiceField(label=_("Signed for"), choices=ResponsibilityLetter.Level)
    holder = forms.ModelChoiceField(
        label=_("Leader"),
        queryset=DutyHolder.objects.none(),
        required=False,
        help_text=_("For a leader who is named among those who answer for the unit."),
    )
    signer = forms.CharField(label=_("Signed by"), max_length=60, required=False)
    signed_with = forms.CharField(label=_("Signed with"), max_length=120)
    signed_on = date_field(_("Signed on"))
    text = text_area(_("Text of the letter"), rows=6, most=TEXT_MAX, required=False)
    file = forms.FileField(
        label=_("Scan or photograph"), required=False, widget=forms.FileInput(attrs={"accept": uploads.ACCEPT})
    )

    def __init__(self, *args: Any, holders: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["holder"]
        field.queryset = holders

    def clean_signed_on(self) -> Any:
        return _not_to_come(self.cleaned_data["signed_on"])

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file:
            uploads.check_upload(file)
        return file

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        holder = data.get("holder")
        if holder is not None:
            data["level"] = ResponsibilityLetter.Level.LEADER
            data["signer"] = data.get("signer") or holder.name
        if not data.get("signer") and "signer" not in self.errors:
            self.add_error("signer", _("Say who has signed."))
        return data

    def facts(self) -> LetterFacts:
        return LetterFacts(**{key: self.cleaned_data[key] for key in LetterFacts.__dataclass_fields__})
