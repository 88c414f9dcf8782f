"""Forms of the register of opinions: entering many at once, sorting them, answering, boxes and the public page."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import clock
from campaign.actions.opinions import About, Said
from campaign.forms.activities import date_input
from campaign.models import Batch, Opinion, Participation
from campaign.models.opinions import TargetKind
from units.models import Member, Organization
from units.roles import Right

MOST_LINES, LONGEST, MOST_VOICES = 200, 1000, 100_000
_VOICES = re.compile(r"\A(.*?)\s*[|｜]\s*([0-9０-９]+)\s*\Z")
ANY: tuple[str, Any] = ("", gettext_lazy("All"))


def concerned_by(organization: Organization, batch: Batch) -> QuerySet[Organization]:
    """Whom opinions may be about: oneself, those above and below, and every organisation that takes part."""
    step, path = organization.steplen, organization.path
    above = [path[:end] for end in range(step, len(path) + 1, step)]
    taking_part = Participation.objects.filter(batch=batch).values("organization")
    reach = Q(path__in=above) | Q(path__startswith=path, depth__lte=organization.depth + 2) | Q(pk__in=taking_part)
    return Organization.objects.active().filter(reach).order_by("path")


class AboutForm(forms.Form):
    """Whom it is about (N-07). A member is named, and must be one whose papers the user may read."""

    concerned = forms.ModelChoiceField(label=gettext_lazy("Organisation concerned"), queryset=None)
    target = forms.ChoiceField(label=gettext_lazy("About"), choices=TargetKind.choices)
    member = forms.CharField(
        label=gettext_lazy("Name of the member"),
        max_length=30,
        required=False,
        help_text=gettext_lazy("Only for an opinion about a member."),
    )

    def __init__(self, *args: Any, user: Any, organization: Organization, batch: Batch, **kwargs: Any) -> None:
        kwargs["initial"] = {"concerned": organization.pk, "received_on": clock.today()} | (kwargs.get("initial") or {})
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["concerned"].queryset = concerned_by(organization, batch)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        about = {"concerned": data.get("concerned"), "target": data.get("target"), "member": None}
        if about["target"] == TargetKind.MEMBER and about["concerned"] is not None:
            about["member"] = self._member(data.get("member", "").strip(), about["concerned"])
        if about["concerned"] is not None and not self.errors:
            data["about"] = About(**about)
        return data

    def _member(self, name: str, organization: Organization) -> Member | None:
        if not name:
            self.add_error("member", _("Say which member the opinions are about."))
            return None
        found = list(
            Member.objects.visible_to(self.user, Right.PAPERS).on_roll().within(organization).filter(name=name)[:2]
        )
        if len(found) == 1:
            return found[0]
        if found:
            text = _("There are several members named %(name)s. Choose the branch as the organisation concerned.")
        else:
            text = _("There is no member named %(name)s in %(organization)s whose papers you may handle.")
        self.add_error("member", text % {"name": name, "organization": organization.name})
        return None


def received_field() -> forms.DateField:
    return forms.DateField(label=gettext_lazy("Received on"), widget=date_input())


def _not_to_come(day: dt.date) -> dt.date:
    if day > clock.today():
        raise forms.ValidationError(_("This day is still to come."))
    return day


class GatherForm(AboutForm):
    """Many opinions of one occasion: a line each, the number of voices after a bar."""

    channel = forms.ChoiceField(label=gettext_lazy("Channel"), choices=Opinion.Channel.choices)
    source = forms.ChoiceField(
        label=gettext_lazy("Source"), choices=Opinion.Source.choices, initial=Opinion.Source.UNKNOWN
    )
    received_on = received_field()
    category = forms.ChoiceField(
        label=pgettext_lazy("opinion", "Category"),
        choices=[("", gettext_lazy("Sort them later")), *Opinion.Category.choices],
        required=False,
    )
    lines = forms.CharField(
        label=gettext_lazy("Opinions, one a line"),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=MOST_LINES * LONGEST,
        help_text=gettext_lazy("If several people said it, end the line with a bar and their number: Late replies | 6"),
    )
    field_order = ("channel", "source", "received_on", "concerned", "target", "member", "category", "lines")

    def clean_received_on(self) -> dt.date:
        return _not_to_come(self.cleaned_data["received_on"])

    def clean_lines(self) -> list[Said]:
        found, faults = [], []
        for number, line in enumerate(self.cleaned_data["lines"].splitlines(), start=1):
            if not line.strip():
                continue
            try:
                found.append(read_line(line))
            except forms.ValidationError as fault:
                text = _("Line %(number)s: %(fault)s")
                faults.append(text % {"number": number, "fault": " ".join(fault.messages)})
        if len(found) > MOST_LINES:
            faults = [_("At most %(most)s opinions at a time; enter the rest afterwards.") % {"most": MOST_LINES}]
        if faults:
            raise forms.ValidationError(faults)
        return found

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "lines" in data:
            category = data.get("category") or ""
            data["said"] = [Said(text=one.text, voices=one.voices, category=category) for one in data["lines"]]
        return data


def read_line(line: str) -> Said:
    """Text and voices of one line. Raises ValidationError."""
    found = _VOICES.match(line.strip())
    text, number = (found[1], found[2]) if found else (line.strip(), "1")
    return Said(text=check_text(text), voices=check_voices(number))


def check_text(text: str) -> str:
    text = text.strip()
    if not text:
        raise forms.ValidationError(_("There is no text."))
    if len(text) > LONGEST:
        raise forms.ValidationError(_("It is longer than %(most)s characters. Divide it.") % {"most": LONGEST})
    return text


def check_voices(number: str) -> int:
    voices = int(number) if number.isdecimal() and len(number) < 7 else 0
    if not 1 <= voices <= MOST_VOICES:
        text = _("The number of voices must be a whole number from 1 to %(most)s.")
        raise forms.ValidationError(text % {"most": MOST_VOICES})
    return voices


class OpinionFilter(forms.Form):
    """Nothing here asks for source or day: a filter by them would tell what the list keeps to itself."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=60)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Standing")), *Opinion.State.choices],
    )
    category = forms.ChoiceField(
        label=pgettext_lazy("opinion", "Category"),
        required=False,
        choices=[ANY, *Opinion.Category.choices, ("none", gettext_lazy("Not sorted"))],
    )
    channel = forms.ChoiceField(label=gettext_lazy("Channel"), required=False, choices=[ANY, *Opinion.Channel.choices])
    target = forms.ChoiceField(label=gettext_lazy("About"), required=False, choices=[ANY, *TargetKind.choices])

    def narrow(self, rows: QuerySet[Opinion]) -> QuerySet[Opinion]:
        self.is_valid()
        data = self.cleaned_data
        rows = rows.filter(state=data["state"]) if data.get("state") else rows.standing()  # type: ignore[attr-defined]
        if category := data.get("category"):
            rows = rows.filter(category="" if category == "none" else category)
        for name in ("channel", "target"):
            if data.get(name):
                rows = rows.filter(**{name: data[name]})
        if text := (data.get("q") or "").strip():
            # What is said of a member stands on its own page only, so a search must not find it either.
            rows = rows.filter(text__icontains=text).exclude(target=TargetKind.MEMBER)
        return rows


class SortForm(forms.Form):
    category = forms.ChoiceField(label=pgettext_lazy("opinion", "Category"), choices=Opinion.Category.choices)
    problem = forms.ChoiceField(
        label=gettext_lazy("Kind of problem"),
        required=False,
        choices=[("", gettext_lazy("No kind of problem")), *Opinion.Problem.choices],
    )


class PassForm(forms.Form):
    to = forms.ModelChoiceField(
        label=gettext_lazy("Pass on to"), queryset=None, required=False, empty_label=gettext_lazy("Whom each concerns")
    )

    def __init__(self, *args: Any, organization: Organization, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = concerned_by(organization, batch)


class AsideForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=200,
        error_messages={"required": gettext_lazy("Say why they are set aside.")},
    )


class MergeForm(forms.Form):
    """Nothing to fill in: the one with most voices stays."""


class AnswerForm(forms.Form):
    text = forms.CharField(
        label=gettext_lazy("Answer"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4, "data-count": "2000"})
    )
    public = forms.BooleanField(
        label=gettext_lazy("Publish the answer on the pages of the opinion boxes"), required=False
    )


class BoxForm(forms.Form):
    title = forms.CharField(label=gettext_lazy("Title"), max_length=100)
    until = forms.DateField(label=gettext_lazy("Open until"), widget=date_input())
    concerned = forms.ModelChoiceField(label=gettext_lazy("Organisation concerned"), queryset=None)
    target = forms.ChoiceField(
        label=gettext_lazy("About"), choices=[c for c in TargetKind.choices if c[0] != TargetKind.MEMBER]
    )

    def __init__(self, *args: Any, organization: Organization, batch: Batch, **kwargs: Any) -> None:
        super().__init__(*args, initial={"concerned": organization.pk}, **kwargs)
        self.fields["concerned"].queryset = concerned_by(organization, batch)

    def clean_until(self) -> dt.date:
        until: dt.date = self.cleaned_data["until"]
        if until < clock.today():
            raise forms.ValidationError(_("This day is past. Choose today or a day to come."))
        return until


class PublicForm(forms.Form):
    """What a visitor leaves. `website` stays empty: only a program fills in what people cannot see."""

    text = forms.CharField(
        label=gettext_lazy("Your opinion"),
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 6, "class": "form-control"}),
        error_messages={"required": gettext_lazy("Write your opinion first.")},
    )
    source = forms.ChoiceField(
        label=gettext_lazy("Who you are (may be left out)"),
        required=False,
        choices=[
            ("", pgettext_lazy("who you are", "Not stated")),
            *[c for c in Opinion.Source.choices if c[0] not in {"representative", "unknown"}],
        ],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    website = forms.CharField(required=False, widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}))


class ImportForm(AboutForm):
    """A workbook of opinions gathered on one occasion or several."""

    file = forms.FileField(label=gettext_lazy("Workbook (.xlsx)"), widget=forms.FileInput(attrs={"accept": ".xlsx"}))
    field_order = ("concerned", "target", "member", "file")
