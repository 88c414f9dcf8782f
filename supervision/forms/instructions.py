"""Requests for instruction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaign import uploads
from campaign.forms.activities import FilesField, FilesInput
from campaign.models import Batch
from supervision.actions.instructions import Matter
from supervision.forms.fields import PART_MAX, text_area
from supervision.models import InstructionRequest
from supervision.queries.instructions import Place, places_for
from units.models import Post


class AskForm(forms.Form):
    """Matter, facts and, always, our own proposal (D-21)."""

    organization = forms.ChoiceField(label=gettext_lazy("For which organisation"))
    to = forms.ChoiceField(label=gettext_lazy("Whom to ask"), widget=forms.RadioSelect)
    matter = forms.CharField(label=gettext_lazy("Matter"), max_length=120)
    facts = text_area(gettext_lazy("Facts"), rows=5, most=PART_MAX)
    proposal = text_area(
        gettext_lazy("Our proposal"),
        rows=4,
        most=PART_MAX,
        help_text=gettext_lazy("What you would do. Nobody asks for instruction without a proposal of his own."),
    )
    urgency = forms.ChoiceField(
        label=gettext_lazy("Urgency"),
        choices=InstructionRequest.Urgency.choices,
        initial=InstructionRequest.Urgency.NORMAL,
        widget=forms.RadioSelect,
    )
    files = FilesField(
        label=gettext_lazy("Files"),
        required=False,
        widget=FilesInput(attrs={"multiple": True, "accept": uploads.ACCEPT}),
        help_text=gettext_lazy("Photographs, PDF, Word or Excel; several at once if you like."),
    )

    def __init__(self, posts: Sequence[Post], batch: Batch, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._posts = {str(post.organization_id): post for post in posts}
        self._places = {pk: {place.key: place for place in places_for(post, batch)} for pk, post in self._posts.items()}
        organization: Any = self.fields["organization"]
        organization.choices = [(pk, post.organization.name) for pk, post in self._posts.items()]
        organization.initial = next(iter(self._posts), None)
        if len(posts) == 1:
            organization.widget = forms.HiddenInput()
        choices = {key: str(place) for places in self._places.values() for key, place in places.items()}
        to: Any = self.fields["to"]
        to.choices = list(choices.items())
        to.initial = next(iter(choices), None)
        if len(choices) == 1:
            to.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pk, key = data.get("organization"), data.get("to")
        if pk and key and key not in self._places[pk]:
            self.add_error("to", _("This organisation does not ask there. Choose another."))
        return data

    def place(self) -> Place:
        return self._places[self.cleaned_data["organization"]][self.cleaned_data["to"]]

    def asking(self) -> Any:
        return self._posts[self.cleaned_data["organization"]].organization

    def matter_given(self) -> Matter:
        return Matter(**{name: self.cleaned_data[name] for name in ("matter", "facts", "proposal", "urgency")})


class AnswerForm(forms.Form):
    answer = text_area(gettext_lazy("Instruction"), rows=5, most=PART_MAX)


class PassForm(forms.Form):
    remark = text_area(gettext_lazy("Remark for the body above"), rows=3)


class CloseForm(forms.Form):
    remark = text_area(gettext_lazy("What was done on it"), rows=3, required=False)


class KnownForm(forms.Form):
    """The matter and the answer in words that name no unit."""

    matter = forms.CharField(label=gettext_lazy("Matter, in general words"), max_length=120)
    text = text_area(gettext_lazy("What holds"), rows=4, most=PART_MAX)


class KnownSearch(forms.Form):
    """Find among the known answers."""

    q = forms.CharField(
        label=gettext_lazy("Find a known answer"),
        required=False,
        max_length=80,
        widget=forms.TextInput(attrs={"type": "search"}),
    )

    def words(self) -> str:
        return self.cleaned_data["q"] if self.is_valid() else ""


class InstructionFilter(forms.Form):
    """By state and words."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("mine", gettext_lazy("Waiting for me")),
            *InstructionRequest.State.choices,
        ],
    )
    q = forms.CharField(
        label=gettext_lazy("Matter or organisation"),
        required=False,
        widget=forms.TextInput(attrs={"type": "search"}),
    )
