"""The filter “Under”: a list narrowed to an organisation and all below it, as a figure elsewhere leads to it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from units.models import Organization

LONGEST = 9  # digits of a key


def asked_organization(user: Any, asked: str) -> Organization | None:
    """The organisation that a query names, if the user sees it."""
    if not asked.isdecimal() or len(asked) > LONGEST:
        return None
    return Organization.objects.visible_to(user).filter(pk=int(asked)).first()


def add_within(form: forms.Form, user: Any) -> Organization | None:
    """Give a bound filter form the field `within` where the query asks for one, so that it is seen and can be taken
    away; a list that nobody narrows has no such field. Call it before the form is read."""
    found = asked_organization(user, str(form.data.get("within", "")))
    if found is not None:
        choices = [("", _("All")), (str(found.pk), found.name)]
        form.fields["within"] = forms.ChoiceField(label=_("Under"), required=False, choices=choices)
    return found
