"""Writing, reviewing and showing a self-analysis; deputies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import clock
from accounts.models import User
from assessments.actions.analyses import Draft
from assessments.models import PaperReview, SelfAnalysis
from assessments.papers import SOURCE, pack_sources
from assessments.reading import MOST_BYTES, MOST_CHARACTERS, Unreadable, read_docx
from campaign.models import PublicNotice
from campaign.playbook import Item

LONGEST_COMMENT = 1000
STANDINGS: list[tuple[str, Any]] = [("missing", pgettext_lazy("paper", "Not begun")), *SelfAnalysis.State.choices]


def _area(rows: int, **attrs: Any) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows, **attrs})


def _paper_area(rows: int) -> forms.Textarea:
    return _area(rows, **{"data-paper-part": "1"})


def _date() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class PaperForm(forms.Form):
    """The editor. Nothing is required to save a draft; handing in checks it."""

    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=MOST_CHARACTERS, widget=_paper_area(18)
    )
    views = forms.CharField(
        label=gettext_lazy("Views of power, position and interest"),
        help_text=gettext_lazy("Asked of leaders: examine your views of power, position and interest."),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=_paper_area(8),
    )
    earlier_campaign = forms.BooleanField(
        label=gettext_lazy("Took part in the “Three Stresses” education"), required=False
    )
    measures = forms.CharField(
        label=gettext_lazy("Measures since the “Three Stresses” education"),
        help_text=gettext_lazy("Who took part reviews how far the measures set then have been carried out."),
        required=False,
        max_length=MOST_CHARACTERS,
        widget=_paper_area(6),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    original = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, leader: bool, sources: Sequence[Item] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not leader:
            del self.fields["views"]
        self.sources = {source.key: f"{SOURCE}{source.key}" for source in sources}
        for source in sources:  # asked for one by one, counted together (F-04)
            self.fields[f"{SOURCE}{source.key}"] = forms.CharField(
                label=str(source.name), required=False, max_length=MOST_CHARACTERS, widget=_paper_area(5)
            )

    def source_fields(self) -> list[forms.BoundField]:
        """The boxes for the sources of problems, in the playbook's order."""
        return [self[name] for name in self.sources.values()]

    def draft(self) -> Draft:
        """What is typed, as the action takes it."""
        data = self.cleaned_data
        sources = pack_sources({key: data[name] for key, name in self.sources.items()})
        return Draft(data["text"], data.get("views", ""), data["measures"], data["earlier_campaign"], sources)


class DocxForm(forms.Form):
    """A Word file to read the text from."""

    file = forms.FileField(
        label=gettext_lazy("Word file (.docx)"),
        widget=forms.FileInput(
            attrs={"accept": ".docx,application/vnd.openxmlformats-officedocument.wordprocessingml.document"}
        ),
        error_messages={"required": gettext_lazy("Choose the Word file first.")},
    )

    def clean_file(self) -> UploadedFile:
        file = self.cleaned_data["file"]
        if file.size > MOST_BYTES:
            text = _("“%(name)s” is larger than %(most)d MB. Take the pictures out, or copy the text into the page.")
            raise forms.ValidationError(text % {"name": file.name, "most": MOST_BYTES // (1024 * 1024)})
        self.content = file.read()
        try:
            self.text = read_docx(self.content, file.name)
        except Unreadable as fault:
            raise forms.ValidationError(str(fault))
        return file


class VerdictForm(forms.Form):
    """Pass or return, in all; the comments by paragraph are fields of their own, c-0, c-1, …"""

    number = forms.IntegerField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(
        label=gettext_lazy("Verdict"),
        widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose whether it passes or is to be rewritten.")},
    )
    overall = forms.CharField(
        label=gettext_lazy("In all"), required=False, max_length=2000, widget=_area(4, **{"data-count": "2000"})
    )

    def __init__(self, *args: Any, paragraphs: int, recheck: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.paragraphs = paragraphs
        names = (_("It stands"), _("To be revised")) if recheck else (_("It passes"), _("To be rewritten"))
        self.fields["verdict"].choices = list(zip(PaperReview.Verdict.values, names, strict=True))

    def typed(self) -> dict[int, str]:
        """Comments as they were typed, by paragraph."""
        return {n: self.data[f"c-{n}"] for n in range(self.paragraphs) if self.data.get(f"c-{n}", "").strip()}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for number, text in self.typed().items():
            if len(text) > LONGEST_COMMENT:
                sentence = _("The comment on paragraph %(number)d has more than %(most)d characters.")
                self.add_error(None, sentence % {"number": number + 1, "most": LONGEST_COMMENT})
        returned = data.get("verdict") == PaperReview.Verdict.RETURN
        if returned and not self.typed() and not (data.get("overall") or "").strip():
            self.add_error("overall", _("Say what is to be mended, here or at a paragraph."))
        return data


class AssignForm(forms.Form):
    """Who reviews where the rules find nobody."""

    reviewer = forms.ModelChoiceField(label=gettext_lazy("Reviewer"), queryset=User.objects.none())

    def __init__(self, *args: Any, people: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reviewer"].queryset = people


class NoticeForm(forms.Form):
    """Where a paper is shown and for how long (F-08)."""

    scope = forms.ChoiceField(label=gettext_lazy("Shown to"), choices=PublicNotice.Scope.choices)
    days = forms.IntegerField(label=gettext_lazy("Days"), min_value=1, max_value=60, initial=7)
    place = forms.CharField(
        label=gettext_lazy("Where it hangs"),
        max_length=120,
        help_text=gettext_lazy("For instance the notice board on the first floor."),
    )


class OpinionForm(forms.Form):
    """What was said about a paper on notice."""

    text = forms.CharField(label=gettext_lazy("Opinion"), max_length=1000, widget=_area(3))


class DeputyForm(forms.Form):
    """Who stands in for whom, from when to when, and why."""

    principal = forms.ModelChoiceField(label=gettext_lazy("Who is away"), queryset=User.objects.none())
    deputy = forms.ModelChoiceField(label=gettext_lazy("Deputy"), queryset=User.objects.none())
    from_date = forms.DateField(label=gettext_lazy("From"), widget=_date())
    to_date = forms.DateField(label=gettext_lazy("To"), widget=_date())
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)

    def __init__(self, *args: Any, principals: QuerySet[User], deputies: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["principal"].queryset = principals
        self.fields["deputy"].queryset = deputies

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("principal") and data.get("principal") == data.get("deputy"):
            self.add_error("deputy", _("Choose somebody else than who is away."))
        if data.get("from_date") and data.get("to_date"):
            if data["to_date"] < data["from_date"]:
                self.add_error("to_date", _("The last day lies before the first."))
            elif data["to_date"] < clock.today():
                self.add_error("to_date", _("These days are past already."))
        return data


class QueueFilter(forms.Form):
    """By state and name."""

    state = forms.ChoiceField(label=gettext_lazy("State"), required=False)
    q = forms.CharField(label=gettext_lazy("Member or branch"), required=False, max_length=60)

    def __init__(self, *args: Any, choices: list[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["state"].choices = [("", _("All")), *choices]


class OrganizationPaperForm(forms.Form):
    """The editor of an organisation's analysis."""

    text = forms.CharField(
        label=gettext_lazy("Text"), required=False, max_length=MOST_CHARACTERS, widget=_paper_area(20)
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
