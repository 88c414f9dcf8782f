"""The forms of a member: data, transfer, leaving and returning. The checks are those of the roster import."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from units.forms.fields import CodeOrNameField, DayField, WorkUnitChoice
from units.models import Member, Organization, WorkUnit
from units.roster.cells import LANDLINE, MOBILE
from units.roster.identity import birth_date_in, id_fault, sex_in
from units.roster.messages import fault_message, fault_remedy
from units.roster.spelling import tidy_number
from units.roster.vocabulary import EDUCATIONS, ETHNICITIES

ADULT = 18
REMOVE = "-"
SEALED = ("id_number", "phone", "landline", "address")
_BLANK = [("", "—")]


def _fault(code: str, reason: str = "", **params: str) -> forms.ValidationError:
    return forms.ValidationError(fault_message(code, reason, params), code=code)


class MemberForm(forms.Form):
    """A member's data. On an existing member the sealed fields are empty: empty keeps, a dash removes."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    id_number = forms.CharField(
        label=gettext_lazy("ID number"), widget=forms.TextInput(attrs={"autocomplete": "off"}), max_length=40
    )
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=_BLANK + Member.Sex.choices)
    ethnicity = forms.ChoiceField(label=gettext_lazy("Ethnic group"), choices=_BLANK + ETHNICITIES.choices)
    birth_date = DayField(label=gettext_lazy("Date of birth"))
    education = forms.ChoiceField(label=gettext_lazy("Education"), choices=_BLANK + EDUCATIONS.choices)
    category = forms.ChoiceField(label=gettext_lazy("Category"), choices=Member.Category.choices)
    joined_on = DayField(label=gettext_lazy("Joined the party on"))
    full_on = DayField(label=gettext_lazy("Full member since"), required=False)
    work_unit = WorkUnitChoice(label=gettext_lazy("Work unit"), queryset=WorkUnit.objects.none(), required=False)
    position = forms.CharField(label=gettext_lazy("Occupation"), max_length=60, required=False)
    post_level = forms.ChoiceField(
        label=gettext_lazy("Post level"), choices=_BLANK + Member.PostLevel.choices, required=False
    )
    phone = forms.CharField(label=gettext_lazy("Mobile telephone"), max_length=40, required=False)
    landline = forms.CharField(label=gettext_lazy("Landline"), max_length=60, required=False)
    address = forms.CharField(label=gettext_lazy("Home address"), max_length=200, required=False)
    membership_state = forms.ChoiceField(label=gettext_lazy("Membership"), choices=Member.MembershipState.choices)
    retired = forms.BooleanField(label=gettext_lazy("Retired"), required=False)
    awaiting_retirement = forms.BooleanField(label=gettext_lazy("Awaiting retirement"), required=False)
    can_write = forms.BooleanField(label=gettext_lazy("Able to write"), required=False, initial=True)
    floating = forms.BooleanField(label=gettext_lazy("Floating member"), required=False)
    floating_to = forms.CharField(label=gettext_lazy("Floating to"), max_length=120, required=False)
    lost_contact = forms.BooleanField(label=gettext_lazy("Out of contact"), required=False)
    lost_since = DayField(label=gettext_lazy("Out of contact since"), required=False)
    note = forms.CharField(label=gettext_lazy("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, member: Member | None = None, organization: Organization, **kwargs: Any) -> None:
        self.member = member
        initial = {**(self._present(member) if member else {}), **(kwargs.pop("initial", None) or {})}
        super().__init__(*args, initial=initial, **kwargs)
        units = organization.work_units.all()
        if member is not None and member.work_unit_id:
            units = WorkUnit.objects.filter(pk=member.work_unit_id) | WorkUnit.objects.filter(pk__in=units.values("pk"))
        self.fields["work_unit"].queryset = units  # type: ignore[attr-defined]
        if member is not None:
            self._hide_sealed(member)

    def _present(self, member: Member) -> dict[str, Any]:
        return {name: getattr(member, name) for name in self.base_fields if name not in SEALED}

    def _hide_sealed(self, member: Member) -> None:
        """Not even a form of who may edit carries the full numbers."""
        self.fields["id_number"].required = False
        present = {
            "id_number": member.id_masked,
            "phone": member.phone_masked,
            "landline": member.landline,
            "address": member.address,
        }
        for name, text in present.items():
            if not text:
                continue
            if name in {"id_number", "phone"}:
                keeps = _("Leave empty to keep %(present)s.") % {"present": text}
            else:
                keeps = _("Leave empty to keep what is on record.")
            removes = "" if name == "id_number" else _("A dash (-) removes it.")
            self.fields[name].help_text = f"{keeps} {removes}".strip()

    def clean_id_number(self) -> str:
        number = tidy_number(self.cleaned_data["id_number"]).upper()
        if not number and self.member is not None:
            return self.member.id_number
        fault = id_fault(number)
        if fault:
            raise forms.ValidationError(
                [_fault(*fault, count=str(len(number))), fault_remedy(*fault, {})], code=fault[0]
            )
        return number

    def _sealed(self, name: str) -> str:
        text = tidy_number(self.cleaned_data[name]) if name != "address" else self.cleaned_data[name].strip()
        if self.member is None:
            return text
        return "" if text == REMOVE else text or getattr(self.member, name)

    def clean_phone(self) -> str:
        number = self._sealed("phone")
        if number and not MOBILE.match(number):
            raise _fault("bad_phone")
        return number

    def clean_landline(self) -> str:
        number = self._sealed("landline")
        if number and not LANDLINE.match(number):
            raise _fault("bad_phone", "landline")
        return number

    def clean_address(self) -> str:
        return self._sealed("address")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self._check_number(data)
        born, joined, full = data.get("birth_date"), data.get("joined_on"), data.get("full_on")
        if born and joined and joined < _birthday(born, ADULT):
            self.add_error("joined_on", _("Under 18 on the day of joining. Compare with the date of birth."))
        if joined and full and full < joined:
            self.add_error("full_on", _("Earlier than the day of joining. Check the two dates."))
        if data.get("category") == Member.Category.PROBATIONARY and full and full <= clock.today():
            self.add_error("category", _("A full member since that day is not probationary any more."))
        if not data.get("lost_contact"):
            data["lost_since"] = None
        if not data.get("floating"):
            data["floating_to"] = ""
        return data

    def _check_number(self, data: dict[str, Any]) -> None:
        number = data.get("id_number")
        if not number:
            return
        told = birth_date_in(number)
        if data.get("birth_date") and told != data["birth_date"]:
            says = told.isoformat() if told else number[6:14]
            self.add_error(
                "birth_date",
                _("The ID number says %(date)s. Compare with the ID card and correct one of the two.") % {"date": says},
            )
        if data.get("sex") and sex_in(number) != data["sex"]:
            says = Member.Sex(sex_in(number)).label
            self.add_error(
                "sex",
                _("The ID number says %(sex)s. Compare with the ID card and correct one of the two.") % {"sex": says},
            )

    def values(self) -> dict[str, Any]:
        """What the action takes: the fields and what follows from them."""
        data = dict(self.cleaned_data)
        data["schooling"] = EDUCATIONS.level(data["education"]) if data["education"] else ""
        return data


def _birthday(born: dt.date, years: int) -> dt.date:
    try:
        return born.replace(year=born.year + years)
    except ValueError:  # born on 29 February
        return born.replace(year=born.year + years, day=28)


class NewMemberForm(MemberForm):
    """A new member: the branch, and the day from which he stands on its roll."""

    on = DayField(label=gettext_lazy("On the roll since"))
    field_order = ["name", "id_number", "on"]


class TransferForm(forms.Form):
    """To which branch, when, and why."""

    to = CodeOrNameField(
        label=gettext_lazy("To which branch"),
        max_length=120,
        help_text=gettext_lazy("Name or code of the branch; choose from the suggestions while typing."),
        widget=forms.TextInput(attrs={"list": "branches", "autocomplete": "off"}),
    )
    on = DayField(label=gettext_lazy("Date of the move"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, branches: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = branches  # type: ignore[attr-defined]


class LeaveForm(forms.Form):
    """When a member left, and why."""

    on = DayField(label=gettext_lazy("Left on"))
    reason = forms.CharField(
        label=gettext_lazy("Reason for leaving"),
        max_length=200,
        help_text=gettext_lazy("For example: moved out of the county, died, membership ended."),
    )
