"""Supervision groups."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from supervision.models import SupervisionGroup
from units.models import Organization


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
