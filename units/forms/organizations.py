"""The forms of organisations and work units."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from units import actions
from units.forms.fields import CodeOrNameField, DayField
from units.models import Organization, WorkUnit

_SEPARATORS = re.compile(r"[,，、;；\s]+")


class OrganizationForm(forms.Form):
    """Name, code and founding day; a new one has a kind as well."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=30,
        help_text=gettext_lazy("Letters and digits, as in the roster, such as Z098."),
    )
    kind = forms.ChoiceField(label=gettext_lazy("Kind"))
    founded_on = DayField(label=gettext_lazy("Founded on"), required=False)

    def __init__(self, *args: Any, parent: Organization | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if parent is None:
            del self.fields["kind"]
        else:
            self.fields["kind"].choices = actions.kinds_below(parent)  # type: ignore[attr-defined]


class MoveForm(forms.Form):
    """Under which organisation, when, and why."""

    parent = CodeOrNameField(
        label=gettext_lazy("New superior"),
        max_length=120,
        help_text=gettext_lazy("Name or code of the organisation; choose from the suggestions while typing."),
        widget=forms.TextInput(attrs={"list": "superiors", "autocomplete": "off"}),
    )
    on = DayField(label=gettext_lazy("Date of the move"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, superiors: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = superiors  # type: ignore[attr-defined]


class CloseForm(forms.Form):
    """When it was closed, and why."""

    on = DayField(label=gettext_lazy("Closed on"))
    reason = forms.CharField(label=gettext_lazy("Reason"), max_length=200)


class WorkUnitForm(forms.Form):
    """A work unit, and the codes of the organisations that cover it."""

    code = forms.CharField(label=gettext_lazy("Code"), max_length=30)
    name = forms.CharField(label=gettext_lazy("Name"), max_length=120)
    type = forms.CharField(label=gettext_lazy("Type"), max_length=60, required=False)
    rank = forms.CharField(label=gettext_lazy("Rank"), max_length=30, required=False)
    staff_count = forms.IntegerField(label=gettext_lazy("Staff"), min_value=0, max_value=10**7, required=False)
    special_type = forms.CharField(
        label=gettext_lazy("Special type"),
        max_length=60,
        required=False,
        help_text=gettext_lazy("For units that are closed down, bankrupt or the like."),
    )
    organizations = forms.CharField(
        label=gettext_lazy("Codes of the organisations that cover it"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("Parted by commas or spaces; leave empty if there is none."),
    )

    def __init__(self, *args: Any, reach: Any, unit: WorkUnit | None = None, **kwargs: Any) -> None:
        self.reach = reach
        super().__init__(*args, **kwargs)
        if unit is not None and not self.is_bound:
            self.initial = {name: getattr(unit, name) for name in self.fields if name != "organizations"}
            self.initial["organizations"] = "、".join(unit.organizations.values_list("code", flat=True))

    def clean_organizations(self) -> list[Organization]:
        codes = [code for code in _SEPARATORS.split(self.cleaned_data["organizations"]) if code]
        found = {each.code: each for each in self.reach.filter(code__in=codes)}
        unknown = [code for code in codes if code not in found]
        if unknown:
            raise forms.ValidationError(
                _("There is no organisation with the code %(codes)s that you could choose here.")
                % {"codes": "、".join(unknown)}
            )
        return list(found.values())

    def data_of_unit(self) -> actions.WorkUnitData:
        data = {name: value for name, value in self.cleaned_data.items() if name != "organizations"}
        return actions.WorkUnitData(**data)
