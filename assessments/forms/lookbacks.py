"""The look-back's form: one row a question, grouped by check (F-41..F-48)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assessments.actions.lookbacks import Answer
from assessments.models import LookBackAnswer, LookBackRecord
from campaign.playbook import Item, LookBack


class LookBackRow(forms.Form):
    """One question. The prefix is its key; a row without a verdict is not answered yet."""

    verdict = forms.ChoiceField(
        label=_("Verdict"),
        choices=LookBackAnswer.Verdict.choices,
        required=False,
        widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
    )
    finding = forms.CharField(
        label=_("What was found"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    remedy = forms.CharField(
        label=_("What is done about it"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
    )
    due_on = forms.DateField(
        label=_("By when"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "form-control"})
    )
    mended_on = forms.DateField(
        label=_("Mended on"), required=False, widget=forms.DateInput(attrs={"type": "date", "class": "form-control"})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        told = any(data.get(key) for key in ("finding", "remedy", "due_on", "mended_on"))
        if told and not data.get("verdict") and "verdict" not in self.errors:
            self.add_error("verdict", _("Choose a verdict for what you have written here."))
        return data

    def answer(self) -> Answer | None:
        """What the row says; None where nothing was chosen. Call after is_valid()."""
        return Answer(**self.cleaned_data) if self.cleaned_data.get("verdict") else None


class LookBackForm:
    """All rows of a look-back, valid together or not at all."""

    def __init__(self, lookback: LookBack, record: LookBackRecord | None, data: Any = None) -> None:
        kept = {answer.question: answer for answer in record.answers.all()} if record else {}
        self.groups: list[tuple[Item, list[tuple[Item, LookBackRow]]]] = []
        for check in lookback.checks:
            rows = [(question, _row(question, kept.get(question.key), data)) for question in check.questions]
            self.groups.append((check, rows))

    @property
    def rows(self) -> list[tuple[Item, LookBackRow]]:
        return [row for _check, rows in self.groups for row in rows]

    def is_valid(self) -> bool:
        faulty = [form for _question, form in self.rows if not form.is_valid()]  # every row shows its own faults
        return not faulty

    def answers(self) -> dict[str, Answer]:
        found = {question.key: form.answer() for question, form in self.rows}
        return {key: answer for key, answer in found.items() if answer is not None}


def _row(question: Item, answer: LookBackAnswer | None, data: Any) -> LookBackRow:
    fields = ("verdict", "finding", "remedy", "due_on", "mended_on")
    initial = {name: getattr(answer, name) for name in fields} if answer else {}
    return LookBackRow(data, prefix=question.key, initial=initial)
