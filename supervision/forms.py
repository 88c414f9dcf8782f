"""Forms of the supervision room. What only the state of a record can tell is left to the actions."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models import Participation
from campaign.playbook import ConsentStep, Playbook, TransitionRule
from campaign.queries import governed
from supervision import chain
from supervision.actions import MakeUpTerms, Meeting, Ruling
from supervision.actions.decisions import overrides
from supervision.models import Decision, MakeUpItem, MakeUpOrder, SupervisionGroup, Transition
from units.models import Organization

PART_MAX = 5000
REASON_MAX = 1000


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


def text_area(label: Any, *, rows: int = 3, most: int = REASON_MAX, **kwargs: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": rows, "data-count": most})
    # The browser must not cut off what is pasted: the form says instead how much too long it is.
    field = forms.CharField(label=label, widget=widget, **kwargs)
    field.validators.append(MaxLengthValidator(most))
    return field


class ApplyForm(forms.Form):
    """The parts of the transition report that the playbook names (J-07)."""

    def __init__(self, rule: TransitionRule, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, part in enumerate(rule.parts, start=1):
            label = _("%(number)s. %(name)s") % {"number": number, "name": part.name}
            self.fields[part.key] = text_area(label, rows=9, most=PART_MAX)


class MeetingForm(forms.Form):
    """The transition meeting (J-11)."""

    held_on = date_field(_("Meeting held on"))
    place = forms.CharField(label=_("Place"), max_length=80)
    speaker = forms.CharField(
        label=_("Who spoke"),
        max_length=60,
        help_text=_("The secretary attends and speaks."),
    )
    present = forms.IntegerField(label=_("Present"), min_value=1, max_value=100000)
    note = text_area(_("Record of the meeting"), rows=6, most=PART_MAX, required=False)

    def meeting(self) -> Meeting:
        return Meeting(**self.cleaned_data)


_NUMBERING = re.compile(r"^\s*(?:[-•·]|[（(]?\d{1,2}[.、)）])\s*(?=\S)")


def lines_of(text: str) -> list[str]:
    """One item a line; a number or dash that only counts the lines is left out."""
    return [_NUMBERING.sub("", line).strip() for line in text.splitlines() if line.strip()]


class TermsMixin(forms.Form):
    """What is to be made up, by which organisation and until when."""

    organization = forms.ModelChoiceField(
        label=_("Who has to make up"), queryset=Organization.objects.none(), empty_label=None, required=False
    )
    items = text_area(
        _("What is to be made up"),
        rows=4,
        most=3000,
        required=False,
        help_text=_("One item a line. Each is reported and re-checked by itself."),
    )
    due_on = date_field(_("To be made up by"), required=False)
    survey_again = forms.BooleanField(label=_("A new survey round is needed"), required=False)
    unsolid_work = forms.BooleanField(label=_("Cause: work not solid"), required=False)

    def offer(self, participation: Participation) -> None:
        """Offer the organisations of a participation."""
        field: Any = self.fields["organization"]
        field.queryset = Organization.objects.active().filter(governed(participation, ""))
        field.initial = participation.organization_id

    def clean_items(self) -> list[str]:
        items = lines_of(self.cleaned_data["items"])
        most = MakeUpItem._meta.get_field("text").max_length
        for number, item in enumerate(items, start=1):
            if len(item) > most:
                raise forms.ValidationError(
                    _("Line %(number)s has %(length)s characters; %(most)s are allowed. Break it into two.")
                    % {"number": number, "length": len(item), "most": most}
                )
        return items

    def require_terms(self, data: dict[str, Any]) -> None:
        """Complain where a make-up is ordered without saying what and until when."""
        if not data.get("items") and "items" not in self.errors:
            self.add_error("items", _("Name at least one thing that is to be made up."))
        due = data.get("due_on")
        if due is None and "due_on" not in self.errors:
            self.add_error("due_on", _("Set a date by which it is to be made up."))
        elif due and due < clock.today():
            self.add_error("due_on", _("The deadline of a make-up cannot lie in the past."))

    def terms(self, participation: Participation) -> MakeUpTerms:
        data = self.cleaned_data
        return MakeUpTerms(
            organization=data.get("organization") or participation.organization,
            items=data["items"],
            due_on=data["due_on"],
            survey_again=data["survey_again"],
            unsolid_work=data["unsolid_work"],
        )


class DecisionForm(TermsMixin):
    """One body's word. Fields of the verdicts that were not chosen are ignored."""

    body = forms.ChoiceField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(label=_("Decision"), choices=Decision.Verdict.choices, widget=forms.RadioSelect)
    reason = text_area(_("Reason"), required=False)
    mend_by = date_field(_("To be mended by"), required=False)
    findings = forms.MultipleChoiceField(label=_("Conditions"), required=False, widget=forms.CheckboxSelectMultiple)
    override_reason = forms.CharField(
        label=_("Why it may pass all the same"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-count": 300}),
    )

    def __init__(
        self, transition: Transition, steps: list[ConsentStep], playbook: Playbook, *args: Any, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.transition, self.steps = transition, steps
        self.gate = transition.gate
        body: Any = self.fields["body"]
        body.choices = [(step.body, str(step.name)) for step in steps]
        self.initial.setdefault("body", steps[0].body)
        if len(steps) > 1:
            body.widget = forms.RadioSelect(choices=body.choices)
            body.label = _("For which body do you speak?")
        findings: Any = self.fields["findings"]
        findings.choices = [(finding.key, str(finding.title)) for finding in self.gate]
        rule = chain.rule_at(playbook, transition.stage)
        self.part_names = {part.key: part.name for part in rule.parts} if rule else {}
        for key, name in self.part_names.items():
            self.fields[f"part_{key}"] = forms.BooleanField(label=str(name), required=False)
            self.fields[f"why_{key}"] = text_area(
                _("What is wrong with “%(name)s”") % {"name": name}, rows=2, required=False
            )
        self.offer(transition.participation)
        self._dress()

    def _dress(self) -> None:
        """The page writes these widgets out itself, so they carry the classes that crispy would give them."""
        for field in self.fields.values():
            widget = field.widget
            if isinstance(widget, forms.CheckboxInput | forms.CheckboxSelectMultiple | forms.RadioSelect):
                widget.attrs["class"] = "form-check-input"
            elif isinstance(widget, forms.Select):
                widget.attrs["class"] = "form-select"
            elif not widget.is_hidden:
                widget.attrs["class"] = "form-control"

    @property
    def part_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """The box of each part, and the field for what is wrong with it."""
        return [(self[f"part_{key}"], self[f"why_{key}"]) for key in self.part_names]

    @property
    def must_override(self) -> bool:
        """May this body let pass what is unmet, and has nobody written down why yet?"""
        approving = any(overrides(step) for step in self.steps)
        return bool(self.gate.to_override) and approving and not self.transition.override_reason

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        verdict = data.get("verdict")
        if verdict == Decision.Verdict.RETURN:
            self._clean_return(data)
        elif verdict == Decision.Verdict.MAKE_UP:
            self.require_terms(data)
            if not data.get("reason"):
                self.add_error("reason", _("Say why the make-up is ordered."))
        else:
            self._forget_terms()
        return data

    def _clean_return(self, data: dict[str, Any]) -> None:
        self._forget_terms()
        chosen = [key for key in self.part_names if data.get(f"part_{key}")]
        for key in chosen:
            if not data.get(f"why_{key}"):
                self.add_error(f"why_{key}", _("Say what is wrong with this part."))
        if not chosen and not data.get("reason"):
            self.add_error("reason", _("Tick a part and say what is wrong with it, or write a reason here."))
        if data.get("mend_by") and data["mend_by"] < clock.today():
            self.add_error("mend_by", _("The date to mend it by cannot lie in the past."))

    def _forget_terms(self) -> None:
        for name in ("items", "due_on", "organization"):
            self.errors.pop(name, None)

    def ruling(self) -> Ruling:
        data = self.cleaned_data
        made_up = data["verdict"] == Decision.Verdict.MAKE_UP
        parts = {key: data[f"why_{key}"] for key in self.part_names if data.get(f"part_{key}")}
        return Ruling(
            verdict=data["verdict"],
            reason=data["reason"],
            parts=parts,
            findings=data["findings"],
            mend_by=data["mend_by"],
            unsolid_work=data["unsolid_work"],
            override_reason=data["override_reason"],
            makeup=self.terms(self.transition.participation) if made_up else None,
        )


class OrderForm(TermsMixin):
    """A make-up ordered without an application, as after a spot check (J-12)."""

    trigger = forms.ChoiceField(label=_("Occasion"))
    reason = text_area(_("Reason"))
    field_order = ["organization", "trigger", "reason", "items", "due_on", "survey_again", "unsolid_work"]

    def __init__(self, participation: Participation, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(participation)
        self.fields["items"].required = self.fields["due_on"].required = True
        trigger: Any = self.fields["trigger"]
        own = MakeUpOrder.Trigger.TRANSITION
        trigger.choices = [choice for choice in MakeUpOrder.Trigger.choices if choice[0] != own]
        trigger.initial = MakeUpOrder.Trigger.SPOT_CHECK

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.require_terms(data)
        return data


class ItemForm(forms.Form):
    """What was done about one item."""

    done_on = date_field(_("Done on"))
    evidence = text_area(
        _("What was done"),
        help_text=_("When, where, who took part, and where the papers are kept."),
    )

    def clean_done_on(self) -> dt.date:
        day = self.cleaned_data["done_on"]
        if day > clock.today():
            raise forms.ValidationError(_("What has been done cannot lie in the future."))
        return day


class RecheckForm(forms.Form):
    """The result of a re-check: close it, or name the items to be done again."""

    result = forms.ChoiceField(
        label=_("Result of the re-check"),
        choices=[("close", _("Made up: close the order")), ("back", _("Not yet: send it back"))],
        widget=forms.RadioSelect,
    )
    redo = forms.MultipleChoiceField(label=_("To be done again"), required=False, widget=forms.CheckboxSelectMultiple)
    note = text_area(_("What the re-check found"))

    def __init__(self, order: MakeUpOrder, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        redo: Any = self.fields["redo"]
        redo.choices = [(str(item.pk), item.text) for item in order.items.all()]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("result") == "back" and not data.get("redo"):
            self.add_error("redo", _("Tick at least one item that is to be done again."))
        return data


class GroupForm(forms.ModelForm):
    class Meta:
        model = SupervisionGroup
        fields = ["name", "kind"]
        labels = {"name": _("Name of the group")}


class GroupMemberForm(forms.Form):
    """A person by user name or by name; a name that several carry is refused with their user names."""

    who = forms.CharField(label=_("Name or user name"), max_length=150)
    head = forms.BooleanField(label=_("Head of the group"), required=False)

    def clean_who(self) -> User:
        text = self.cleaned_data["who"].strip()
        active = User.objects.filter(is_active=True)
        found = list(active.filter(username=text)) or list(active.filter(name=text)[:6])
        if not found:
            raise forms.ValidationError(
                _("Nobody called “%(name)s” has an account. Create the account first.") % {"name": text}
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several people are called “%(name)s”. Give one of these user names: %(names)s.")
                % {"name": text, "names": ", ".join(user.username for user in found)}
            )
        return found[0]


class AssignForm(forms.Form):
    """Organisations to be covered by a group."""

    group = forms.ModelChoiceField(label=_("Supervision group"), queryset=SupervisionGroup.objects.none())
    organizations = forms.ModelMultipleChoiceField(
        queryset=Organization.objects.none(),
        error_messages={"required": _("Tick at least one organisation.")},
    )

    def __init__(self, groups: Any, organizations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group: Any = self.fields["group"]
        group.queryset = groups
        chosen: Any = self.fields["organizations"]
        chosen.queryset = organizations


class LectureForm(forms.Form):
    """The draft of a leader's lecture (E-19)."""

    title = forms.CharField(label=_("Title of the lecture"), max_length=120)
    lecturer = forms.CharField(label=_("Lecturer"), max_length=60)
    planned_on = forms.DateField(
        label=_("Planned on"),
        required=False,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    text = forms.CharField(
        label=_("Text of the lecture"),
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 10, "data-count": ""}),
        help_text=_("Copy the text in here."),
    )


class LectureAdviceForm(forms.Form):
    advice = forms.CharField(
        label=_("Advice"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5, "data-count": ""})
    )
