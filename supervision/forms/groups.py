"""Supervision groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from campaign.models import Campaign
from supervision.forms.bodies import SecondedMixin
from supervision.models import SupervisionGroup
from units.models import Organization


class GroupForm(forms.ModelForm):
    class Meta:
        model = SupervisionGroup
        fields = ["name", "kind"]
        labels = {"name": _("Name of the group")}


class SentGroupForm(GroupForm):
    """A group of one of the senders for whom the user acts; perhaps a sub-group of another of the same sender."""

    owner = forms.ModelChoiceField(label=_("Sent by"), queryset=Organization.objects.none(), empty_label=None)
    field_order = ["name", "kind", "owner", "parent", "phone"]

    class Meta(GroupForm.Meta):
        fields = ["name", "kind", "parent", "phone"]

    def __init__(self, *args: Any, campaign: Campaign, senders: list[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.campaign = campaign
        owner: Any = self.fields["owner"]
        owner.queryset = Organization.objects.filter(pk__in=[one.pk for one in senders])
        owner.initial = senders[0].pk if senders else None
        self.only = senders[0] if len(senders) == 1 else None
        if self.only is not None:
            owner.widget, owner.required = forms.HiddenInput(), False
        parent: Any = self.fields["parent"]
        parent.queryset = parents_for(campaign, senders)
        if not parent.queryset.exists():
            del self.fields["parent"]
        if all(one.pk != campaign.host_id for one in senders):
            self.fields["kind"].initial = SupervisionGroup.Kind.GUIDANCE

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        owner = data.get("owner") or (self.only if "owner" not in self.errors else None)
        data["owner"] = None if owner is not None and owner.pk == self.campaign.host_id else owner
        data.setdefault("parent", None)
        return data


class GroupEditForm(GroupForm):
    """Name, telephone, and the group whose sub-group it is."""

    class Meta(GroupForm.Meta):
        fields = ["name", "parent", "phone"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parent: Any = self.fields["parent"]
        group = self.instance
        parent.queryset = parents_for(group.campaign, [group.sender]).exclude(pk=group.pk)


def parents_for(campaign: Campaign, senders: list[Organization]) -> Any:
    """Groups that can have sub-groups: those of these senders which are none themselves."""
    own = Q(owner__in=[one.pk for one in senders])
    if any(one.pk == campaign.host_id for one in senders):
        own |= Q(owner=None)
    return SupervisionGroup.objects.filter(own, campaign=campaign, parent=None)


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


class SentMemberForm(SecondedMixin, GroupMemberForm):
    """A person for a group, with where he comes from."""

    field_order = ["who", "head", "title", "seconded_from", "expected_on", "in_place_on", "note"]


class GroupMemberEditForm(SecondedMixin):
    head = forms.BooleanField(label=_("Head of the group"), required=False)
    field_order = ["head", "title", "seconded_from", "expected_on", "in_place_on", "note"]


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
