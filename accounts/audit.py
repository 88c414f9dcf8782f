"""Writing history. Call record() inside the transaction of the write it tells of.

Actions are declared where they happen: `TRANSFERRED = audit.action("member.transferred", _("Transferred a member"))`.
"""

from __future__ import annotations

from typing import Any, Protocol

from django.db import models

from accounts.models import AuditEntry, User

ACTIONS: dict[str, Any] = {}


class _Organization(Protocol):
    path: str
    name: str


def action(code: str, label: Any) -> str:
    """Declare an action under a stable code with the (lazy) label that the audit page shows."""
    ACTIONS[code] = label
    return code


def _label(obj: models.Model) -> str:
    """What the history calls an object; of a confidential record on a member only the number (decision 20).

    The history is read by those who may not know on whom there is a paper, an opinion or a measure.
    """
    return f"№ {obj.pk}" if getattr(obj, "unnamed_in_history", False) else str(obj)


def record(
    action: str,
    *,
    by: User | None,
    obj: models.Model | None = None,
    organization: _Organization | None = None,
    data: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add one entry. `by=None` means the system itself (a scheduled task)."""
    if action not in ACTIONS:
        raise ValueError(f"Undeclared audit action {action!r}")
    return AuditEntry.objects.create(
        actor_id=by.pk if by else None,
        actor_name=str(by)[:60] if by else "system",
        action=action,
        object_type=obj._meta.label_lower if obj is not None else "",
        object_id=str(obj.pk) if obj is not None else "",
        object_label=_label(obj)[:200] if obj is not None else "",
        organization_path=organization.path if organization is not None else "",
        organization_name=organization.name[:120] if organization is not None else "",
        data=data or {},
    )
