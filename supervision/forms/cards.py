"""Yellow cards and admonitions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from supervision.actions.admonitions import AdmonitionTalk, Attendee
from supervision.forms.fields import PART_MAX, date_field, lines_of, text_area
from supervision.models import AdmonitionAttendance, YellowCard
from units.models import Member

_NAME, _POSITION = (AdmonitionAttendance._meta.get_field(name).max_length or 0 for name in ("name", "position"))


def _not_ahead(day: dt.date) -> dt.date:
    if day > clock.today():
        raise forms.ValidationError(_("This day cannot lie in the future."))
    return day


class IssueForm(forms.Form):
    """Number and date of the notice."""

    number = forms.CharField(
        label=_("Number of the notice"), max_length=YellowCard._meta.get_field("number").max_length or 60
    )
    issued_on = date_field(_("Date of the notice"))

    def clean_issued_on(self) -> dt.date:
        return _not_ahead(self.cleaned_data["issued_on"])


class RevokeForm(forms.Form):
    reason = text_area(_("Why it is revoked"), most=500)


class DropForm(RevokeForm):
    """The same of a card that is only proposed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = _("Why it is not issued")


class CardFilter(forms.Form):
    """By state and name."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *YellowCard.State.choices])
    q = forms.CharField(
        label=_("Unit or organisation"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )

    def value(self, name: str) -> str:
        return str(self.cleaned_data.get(name) or "").strip() if self.is_valid() else ""


class AdmonitionForm(forms.Form):
    """How an admonition was held. Each of the team on the roster is present, absent, or not of the team."""

    held_on = date_field(_("Day of the admonition"))
    place = forms.CharField(label=_("Place"), max_length=80)
    admonisher = forms.CharField(
        label=_("Who admonished"), max_length=120, help_text=_("Name and post of those who spoke to the team.")
    )
    others = text_area(
        _("Others of the team who were present"),
        rows=2,
        required=False,
        help_text=_("One person a line: the name, then a space and the post."),
    )
    others_absent = text_area(_("Others of the team who were absent"), rows=2, required=False)
    absent_note = forms.CharField(
        label=_("Why somebody was absent, and when he will be spoken to"), max_length=300, required=False
    )
    content = text_area(_("What was said to the team"), rows=5, most=PART_MAX)
    undertaking = text_area(_("What the team undertakes"), rows=4, most=PART_MAX)

    PRESENT, ABSENT = "present", "absent"
    CHOICES = (("", _("not of the team")), (PRESENT, _("present")), (ABSENT, _("absent")))

    def __init__(self, team: Sequence[Member], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.team_members = list(team)
        for member in self.team_members:
            label = f"{member.name} {member.position}".strip()
            self.fields[f"member_{member.pk}"] = forms.ChoiceField(
                label=label, required=False, choices=self.CHOICES, widget=forms.Select(attrs={"class": "form-select"})
            )

    @property
    def team(self) -> list[forms.BoundField]:
        return [self[f"member_{member.pk}"] for member in self.team_members]

    @property
    def before(self) -> list[forms.BoundField]:
        return [self[name] for name in ("held_on", "place", "admonisher")]

    @property
    def after(self) -> list[forms.BoundField]:
        return [self[name] for name in ("others", "others_absent", "absent_note", "content", "undertaking")]

    def clean_held_on(self) -> dt.date:
        return _not_ahead(self.cleaned_data["held_on"])

    def _named(self, name: str, *, present: bool) -> list[Attendee]:
        found = []
        for line in lines_of(self.cleaned_data.get(name, "")):
            who, _gap, position = line.replace("\u3000", " ").partition(" ")
            if len(who) > _NAME or len(position.strip()) > _POSITION:
                text = _("“%(line)s” is too long: write the name, a space, and the post.")
                self.add_error(name, text % {"line": line[:40]})
            found.append(Attendee(name=who, position=position.strip(), present=present))
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        listed = [
            Attendee(name=member.name, member=member, position=member.position, present=said == self.PRESENT)
            for member in self.team_members
            if (said := data.get(f"member_{member.pk}"))
        ]
        named = [*self._named("others", present=True), *self._named("others_absent", present=False)]
        self.attendees = [*listed, *named]
        if not any(one.present for one in self.attendees):
            self.add_error(None, _("Name who of the leadership team was present."))
        elif not all(one.present for one in self.attendees) and not data.get("absent_note", "").strip():
            self.add_error("absent_note", _("Say why somebody was absent, and when he will be spoken to."))
        return data

    def talk(self) -> AdmonitionTalk:
        data = self.cleaned_data
        given = {name: data[name] for name in ("held_on", "place", "admonisher", "content", "undertaking")}
        return AdmonitionTalk(**given, absent_note=data["absent_note"], team=self.attendees)
