"""Forms of knowledge tests: a bank, a question, a test, a sheet to read."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.actions.knowledge import QuestionData, TestTerms
from assessments.knowledge_sheets import LETTERS, judge_answer
from assessments.models import KnowledgeTest, Question, QuestionBank


class BankForm(forms.Form):
    name = forms.CharField(label=gettext_lazy("Name of the bank"), max_length=80)


class SheetForm(forms.Form):
    """A workbook to be read."""

    file = forms.FileField(
        label=gettext_lazy("Workbook (.xlsx)"), widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"})
    )


class QuestionForm(forms.Form):
    """One question by hand; the options one a line, from A on."""

    number = forms.IntegerField(label=gettext_lazy("Number"), min_value=1, max_value=9_999_999)
    kind = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Question.Kind)
    text = forms.CharField(
        label=gettext_lazy("Question"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "data-count": "500"})
    )
    options = forms.CharField(
        label=gettext_lazy("Options"),
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=gettext_lazy("One a line: the first is A. Leave it empty for true or false."),
    )
    answer = forms.CharField(
        label=gettext_lazy("Right answer"),
        max_length=12,
        help_text=gettext_lazy("Letters for choices (ABD), 对 or 错 for true or false."),
    )
    active = forms.BooleanField(label=gettext_lazy("In use"), required=False, initial=True)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        kind = data.get("kind", "")
        options = tuple(line.strip() for line in data.get("options", "").splitlines() if line.strip())
        if kind == "boolean":
            options = ()
        elif kind and len(options) < 2:
            self.add_error("options", _("A choice needs at least two options, from A on."))
        elif len(options) > len(LETTERS):
            self.add_error("options", _("At most six options."))
        data["option_list"] = options
        if kind and "answer" in data and "options" not in self.errors:
            raw = "".join(c for c in data["answer"].upper() if c not in " ,，、;；")
            data["answer"], fault = judge_answer(kind, raw, len(options))
            if fault:
                self.add_error("answer", _(fault) % {"last": LETTERS[max(len(options), 1) - 1]})
        return data

    def question(self) -> QuestionData:
        data = self.cleaned_data
        return QuestionData(data["number"], data["kind"], data["text"], data["option_list"], data["answer"])


def _moment(label: Any) -> forms.DateTimeField:
    return forms.DateTimeField(
        label=label,
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )


class TestForm(forms.Form):
    """A test: online from a bank, or on paper."""

    __test__ = False

    title = forms.CharField(label=gettext_lazy("Title"), max_length=80)
    mode = forms.ChoiceField(
        label=gettext_lazy("How it is held"), choices=KnowledgeTest.Mode, widget=forms.RadioSelect, initial="online"
    )
    opens_at = _moment(gettext_lazy("Open from"))
    closes_at = _moment(gettext_lazy("Open until"))
    pass_mark = forms.DecimalField(
        label=gettext_lazy("Pass mark (of 100)"),
        min_value=Decimal(1),
        max_value=Decimal(100),
        max_digits=4,
        decimal_places=1,
        required=False,
        help_text=gettext_lazy("Empty: a score is enough."),
    )
    bank = forms.ModelChoiceField(
        label=gettext_lazy("Question bank"),
        queryset=QuestionBank.objects.none(),
        required=False,
        help_text=gettext_lazy("The rest is for a test online only."),
    )
    singles = forms.IntegerField(
        label=gettext_lazy("Single choice questions"), min_value=0, max_value=200, required=False, initial=10
    )
    multiples = forms.IntegerField(
        label=gettext_lazy("Multiple choice questions"), min_value=0, max_value=200, required=False, initial=5
    )
    booleans = forms.IntegerField(
        label=gettext_lazy("True-or-false questions"), min_value=0, max_value=200, required=False, initial=5
    )
    minutes = forms.IntegerField(
        label=gettext_lazy("Time limit in minutes"), min_value=1, max_value=600, required=False, initial=60
    )
    attempts_allowed = forms.IntegerField(
        label=gettext_lazy("Attempts allowed"), min_value=1, max_value=20, required=False, initial=1
    )

    def __init__(self, *args: Any, banks: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["bank"].queryset = banks

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", _("It must close after it opens."))
        if data.get("mode") == KnowledgeTest.Mode.ONLINE:
            if not data.get("bank") and "bank" not in self.errors:
                self.add_error("bank", _("Choose the bank from which the questions are drawn."))
            if not data.get("minutes") and "minutes" not in self.errors:
                self.add_error("minutes", _("Say how many minutes each has."))
        else:
            data["bank"], data["minutes"] = None, None
        for name in ("singles", "multiples", "booleans"):
            data[name] = data.get(name) or 0
        data["attempts_allowed"] = data.get("attempts_allowed") or 1
        return data

    def terms(self) -> TestTerms:
        return TestTerms(**{name: self.cleaned_data[name] for name in TestTerms.__dataclass_fields__})
