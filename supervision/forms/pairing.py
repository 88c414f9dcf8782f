"""Pairing: a pair, an entry on it, its end."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import clock
from supervision.actions.pairing import EntryData, PairData
from supervision.forms.fields import text_area
from supervision.forms.liaison import place_field
from supervision.models import Pairing, PairingEntry
from units.forms.fields import DayField
from units.models import Member


class _PairForm(forms.Form):
    kind = forms.ChoiceField(label=_("Kind"))
    from_date = DayField(label=_("Paired since"))

    def __init__(self, *args: Any, kinds: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.key, str(kind.name)) for kind in kinds]  # type: ignore[attr-defined]
        self.fields["from_date"].initial = clock.today

    def data_of(self) -> PairData:
        return PairData(**self.cleaned_data)


class OrganizationPairForm(_PairForm):
    """Two organisations (E-29); one outside the tree is given by name."""

    partner = place_field(_("Organisation paired with"), required=False)
    partner_name = forms.CharField(
        label=_("or by its name"),
        max_length=120,
        required=False,
        help_text=_("For one that has no place in this tree."),
    )
    field_order = ("kind", "partner", "partner_name", "from_date")

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["partner"].queryset = organizations  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if not data.get("partner") and not data.get("partner_name") and "partner" not in self.errors:
            self.add_error("partner", gettext("Name the organisation."))
        return data


class MemberPairForm(_PairForm):
    """A member and a household or person (R-04): quick enough for the phone."""

    member = forms.ModelChoiceField(label=_("Member"), queryset=Member.objects.none(), empty_label=_("Choose"))
    household = forms.ChoiceField(label=_("Kind of household"), choices=Pairing.Household.choices)
    householder = forms.CharField(label=_("Householder"), max_length=60)
    place = forms.CharField(label=_("Village or community"), max_length=120, required=False)
    field_order = ("member", "kind", "household", "householder", "place", "from_date")

    def __init__(self, *args: Any, members: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members  # type: ignore[attr-defined]


class EntryForm(forms.Form):
    """A visit, or help given: value in yuan, hours of work."""

    held_on = DayField(label=_("Date"))
    what = forms.ChoiceField(label=_("Visit or help"), choices=PairingEntry.What.choices)
    text = text_area(_("What was done"), most=500)
    value = forms.DecimalField(
        label=_("Value in yuan"),
        min_value=0.01,  # type: ignore[arg-type]
        max_digits=10,
        decimal_places=2,
        required=False,
        help_text=_("For money, or what the goods are worth."),
    )
    hours = forms.DecimalField(
        label=_("Hours of work"),
        min_value=0.5,  # type: ignore[arg-type]
        max_digits=5,
        decimal_places=1,
        required=False,
    )
    result = forms.CharField(label=_("What came of it"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["held_on"].initial = clock.today

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        worth = {PairingEntry.What.MONEY, PairingEntry.What.GOODS}
        if data.get("what") in worth and not data.get("value") and "value" not in self.errors:
            self.add_error("value", gettext("Give the value in yuan."))
        return data

    def data_of(self) -> EntryData:
        return EntryData(**self.cleaned_data)


class EndPairForm(forms.Form):
    on = DayField(label=_("Last day"))
    reason = forms.CharField(label=_("Reason"), max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = clock.today
