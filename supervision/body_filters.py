"""The filter bars of the pages on bodies, staff, meetings, letters, and of the map of groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from supervision.forms.fields import date_field
from supervision.models import BodyMeeting


def _search(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, widget=forms.TextInput(attrs={"type": "search"}))


class Bar(forms.Form):
    """A filter bar; what cannot be read filters nothing."""

    def told(self, name: str) -> Any:
        return self.cleaned_data.get(name) if self.is_valid() else None


class UnitFilter(Bar):
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("short", _("Without a leading group or an office"))],
    )
    q = _search(_("Unit or organisation"))


class StaffFilter(Bar):
    state = forms.ChoiceField(
        label=_("State"), required=False, choices=[("", _("All")), ("waiting", _("Not yet in place"))]
    )
    unit = forms.ChoiceField(label=_("Seconded from"), required=False)

    def __init__(self, *args: Any, units: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["unit"]
        field.choices = [("", _("All")), *((name, name) for name in units)]


class MeetingFilter(Bar):
    kind = forms.ChoiceField(
        label=_("Kind of meeting"), required=False, choices=[("", _("All")), *BodyMeeting.Kind.choices]
    )
    first = date_field(_("From"), required=False)
    last = date_field(_("To"), required=False)
    q = _search(_("Organisation"))


class MapFilter(Bar):
    """By sender, state, group and name; `sender` and `group` are offered as far as there are several."""

    sender = forms.ChoiceField(label=_("Sent by"), required=False)
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("gap", _("Without a group")), ("overlap", _("With several groups"))],
    )
    group = forms.ChoiceField(label=_("Supervision group"), required=False)
    q = _search(_("Unit or organisation"))

    def __init__(self, *args: Any, senders: list[Any], groups: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen: Any = self.fields["sender"]
        chosen.choices = [(str(one.pk), one.name) for one in senders]
        if len(senders) < 2:
            del self.fields["sender"]
        field: Any = self.fields["group"]
        field.choices = [("", _("All")), *((str(one.pk), one.name) for one in groups)]
