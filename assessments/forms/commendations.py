"""Forms of the commendation lists."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from campaign.models import Batch
from units.models import Member, Organization


class ProposalForm(forms.Form):
    """Who is put forward, for which list, and why."""

    listed = forms.ChoiceField(label=_("List"))
    organization = forms.ModelChoiceField(label=_("Organisation"), queryset=Organization.objects.none())
    member = forms.CharField(
        label=_("Member"),
        required=False,
        max_length=60,
        help_text=_("Name of the member, for lists of members; of the organisation chosen or below it."),
    )
    merits = forms.CharField(label=_("Merits"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, batch: Batch, organizations: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lists = {one.key: one for one in batch.campaign.playbook.commendations}
        listed: Any = self.fields["listed"]
        listed.choices = [(one.key, str(one.name)) for one in self.lists.values()]
        field: Any = self.fields["organization"]
        field.queryset = organizations

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        listed, organization = self.lists.get(data.get("listed", "")), data.get("organization")
        if listed and organization and listed.subject == "member":
            data["found"] = self._found(organization, (data.get("member") or "").strip())
        return data

    def _found(self, organization: Organization, name: str) -> Member | None:
        people = list(Member.objects.on_roll().filter(organization__path__startswith=organization.path, name=name)[:2])
        if not name:
            self.add_error("member", _("This list is of members: write the member's name."))
        elif not people:
            self.add_error("member", _("Nobody of this name is on the roll of this organisation. Check the name."))
        elif len(people) > 1:
            self.add_error("member", _("Several have this name. Choose the branch as organisation."))
        else:
            return people[0]
        return None


class VerdictForm(forms.Form):
    """The office's word; a reason is needed to decline, and to pass over a warning."""

    approve = forms.BooleanField(required=False)
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)

    def __init__(self, *args: Any, warned: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warned = warned

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not (data.get("reason") or "").strip():
            if not data.get("approve"):
                self.add_error("reason", _("Say why it is not commended."))
            elif self.warned:
                self.add_error("reason", _("This organisation was warned: say why it is commended all the same."))
        return data
