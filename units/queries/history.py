"""The audit trail as far as a user may read it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import AuditEntry
from units import access
from units.roles import Right


def entries_visible_to(user: Any) -> QuerySet[AuditEntry]:
    """What happened in the scope of one's posts; the auditor of a whole tree also what belongs to no organisation."""
    reach = Q(organization_path="") if access.reaches_root(user, Right.AUDIT) else Q(pk__in=[])
    for right in (Right.AUDIT, Right.SET_UP):
        for path in access.roots(user, right):
            reach |= under(path)
    return AuditEntry.objects.filter(reach)


def under(path: str) -> Q:
    """Entries of an organisation and of what was below it when they were written.

    A prefix, not a range: this column has the collation of the database, in which "[" may stand anywhere.
    """
    return Q(organization_path__startswith=path)
