"""Applications, decisions, and the transition meeting."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import clock
from campaign.playbook import ConsentStep, Playbook, TransitionRule
from supervision import chain
from supervision.actions import Meeting, Ruling
from supervision.actions.decisions import overrides
from supervision.forms.fields import PART_MAX, date_field, text_area
from supervision.forms.terms import TermsMixin
from supervision.models import Decision, Transition
from supervision.objections import Objection


class ApplyForm(forms.Form):
    """The parts of the transition report that the playbook names (J-07), and an answer to each objection before."""

    def __init__(self, rule: TransitionRule, *args: Any, objections: Sequence[Objection] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {f"answer_{number}": one for number, one in enumerate(objections)}
        for name, one in self.asked.items():
            label = _("What was done about “%(title)s”") % {"title": one.title}
            self.fields[name] = text_area(label, rows=2, help_text=one.text)
        for number, part in enumerate(rule.parts, start=1):
            label = _("%(number)s. %(name)s") % {"number": number, "name": part.name}
            self.fields[part.key] = text_area(label, rows=9, most=PART_MAX)

    def answers(self) -> dict[str, str]:
        """The answers under the keys of the objections."""
        return {one.key: self.cleaned_data[name] for name, one in self.asked.items()}


class MeetingForm(forms.Form):
    """The transition meeting (J-11)."""

    held_on = date_field(_("Meeting held on"))
    place = forms.CharField(label=_("Place"), max_length=80)
    speaker = forms.CharField(
        label=_("Who spoke"),
        max_length=60,
        help_text=_("The secretary attends and speaks."),
    )
    secretary = forms.BooleanField(label=_("The secretary attended and spoke"), required=False)
    present = forms.IntegerField(label=_("Present"), min_value=1, max_value=100000)
    note = text_area(_("Record of the meeting"), rows=6, most=PART_MAX, required=False)

    def meeting(self) -> Meeting:
        return Meeting(**self.cleaned_data)


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
        self.offer(transition.participation, transition.stage)
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
        if verdict in (Decision.Verdict.RETURN, Decision.Verdict.MAKE_UP):
            self.require_cause(data)
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
        for name in ("items", "due_on", "organization", "rule"):
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
            cause=data.get("cause", ""),
        )
