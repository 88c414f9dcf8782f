"""Fields that several forms of this room share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from units.models import Organization, WorkUnit


class DateInput(forms.DateInput):
    """The browser's own date picker, in the one spelling that it understands."""

    input_type = "date"

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A day; one that lies ahead is refused unless `ahead` allows it."""

    widget = DateInput
    default_error_messages = {"invalid": _("Write the date like 2026-04-03.")}

    def __init__(self, *, ahead: bool = False, **kwargs: Any) -> None:
        self.ahead = ahead
        super().__init__(**kwargs)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and not self.ahead and value > clock.today():
            raise forms.ValidationError(_("This day lies ahead. Enter it on the day itself."))


class OrganizationChoice(forms.ModelChoiceField):
    """Organisations in the order of the tree, indented by depth."""

    def label_from_instance(self, obj: Organization) -> str:
        return f"{'　' * (obj.depth - 1)}{obj.name}"


class CodeOrNameField(forms.CharField):
    """Names one organisation of `queryset` by code or full name; a list of suggestions may stand beside it."""

    default_error_messages = {
        "unknown": _("There is no organisation with this name or code that you could choose here."),
        "several": _("Several organisations have this name. Type the code instead."),
    }
    queryset: Any = None

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        found = self.queryset.filter(code__iexact=text) or self.queryset.filter(name=text)
        matches = list(found[:2])
        if not matches:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        if len(matches) > 1:
            raise forms.ValidationError(self.error_messages["several"], code="several")
        return matches[0]


class UsernameField(forms.CharField):
    """An account within reach, by its user name."""

    default_error_messages = {"unknown": _("There is no account with this user name within your reach.")}
    queryset: Any = None

    def clean(self, value: Any) -> User | None:
        text = super().clean(value)
        user = self.queryset.filter(username__iexact=text).first() if text else None
        if text and user is None:
            raise forms.ValidationError(self.error_messages["unknown"], code="unknown")
        return user


class WorkUnitChoice(forms.ModelChoiceField):
    """Work units by name."""

    def label_from_instance(self, obj: WorkUnit) -> str:
        return obj.name


class Search(forms.CharField):
    """The free text of a filter bar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, max_length=60, widget=forms.TextInput(attrs={"type": "search"}), **kwargs)
