"""The history: who did what, to whom or what, when."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts import audit as audit_trail
from accounts.messages import localised
from accounts.models import AuditEntry
from units import queries
from units.forms.filters import HistoryFilter
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right, Role
from units.views.shared import page_of

# What the keys of an entry's data mean to a reader; a key that is not here is left out of the page.
_KEYS: dict[str, Any] = {
    "from": pgettext_lazy("a change", "From"),
    "to": pgettext_lazy("a change", "To"),
    "on": pgettext_lazy("a change", "On"),
    "reason": gettext_lazy("Reason"),
    "changed": pgettext_lazy("a change", "Changed"),
    "user": gettext_lazy("Account"),
    "username": gettext_lazy("User name"),
    "role": gettext_lazy("Role"),
    "from_date": gettext_lazy("First day"),
    "last_day": gettext_lazy("Last day"),
    "rows": gettext_lazy("Rows"),
    "count": pgettext_lazy("a change", "Number"),
    "file": gettext_lazy("File"),
    "organizations": gettext_lazy("Organisations"),
}


def audit(request: HttpRequest) -> HttpResponse:
    """The trail as far as one may read it, narrowed and paged in the database."""
    need_somewhere(request.user, Right.AUDIT, Right.SET_UP)
    organizations = Organization.objects.visible_to(request.user, Right.AUDIT)
    organizations = organizations | Organization.objects.visible_to(request.user, Right.SET_UP)
    form = HistoryFilter(request.GET or None, organizations=organizations)
    entries = queries.entries_visible_to(request.user)
    page = page_of(request, form.narrow(entries) if form.is_bound else entries)
    for entry in page:
        entry.action_label = audit_trail.ACTIONS.get(entry.action, entry.action)
        entry.details = _details(entry)
    return render(request, "units/audit.html", {"form": form, "page": page})


def _details(entry: AuditEntry) -> list[tuple[Any, str]]:
    """What the entry's data tells, in words."""
    return [(_KEYS[key], _words(key, value)) for key, value in entry.data.items() if key in _KEYS and value]


def _words(key: str, value: Any) -> str:
    if key == "role" and value in Role.registry:
        return str(Role.registry[value].name)
    if key == "changed" and isinstance(value, list):
        return str(localised([_field_name(name) for name in value]))
    return str(localised(value))


def _field_name(name: str) -> str:
    """A field's name as its form shows it."""
    from units.models import Member

    for model in (Member, Organization):
        if name in {field.name for field in model._meta.get_fields()}:
            return str(getattr(model._meta.get_field(name), "verbose_name", name))
    return name
