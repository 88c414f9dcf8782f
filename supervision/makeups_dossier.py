"""What a dossier tells of make-up orders: what was ordered and why, reported, sent back, re-checked (J-13)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.messages import localised
from accounts.models import AuditEntry
from accounts.templatetags.shell import day
from campaign.dossier import Event, Fold, Line, Subject, chapter
from supervision.actions import makeups as actions
from supervision.models import MakeUpOrder
from units import access

KIND = "makeups"
_TOLD = (actions.REPORTED, actions.SENT_BACK, actions.CLOSED)


@chapter(KIND, gettext_lazy("Make-up orders"))
def makeups(subject: Subject) -> Iterator[Event]:
    """Three queries, whatever the number of orders."""
    rows = (
        MakeUpOrder.objects.visible_to(subject.reader)
        .filter(
            access.below(subject.organization.path, "organization"), participation__batch=subject.participation.batch
        )
        .select_related("organization", "ordered_by")
        .prefetch_related("items")
    )
    orders = {str(row.pk): row for row in rows}
    for row in orders.values():
        yield _ordered(row)
    entries = AuditEntry.objects.filter(
        object_type=MakeUpOrder._meta.label_lower, object_id__in=list(orders), action__in=_TOLD
    )
    for entry in entries:
        yield _told(entry, orders[entry.object_id])


def _common(row: MakeUpOrder) -> dict[str, Any]:
    return {
        "kind": KIND,
        "stage": row.stage,
        "organization": row.organization.name,
        "url": reverse("supervision:makeup", args=[row.pk]),
    }


def _ordered(row: MakeUpOrder) -> Event:
    cause = [_("Cause: work not solid")] if row.unsolid_work else []
    lines = [Line(item.text, "ok" if item.done_on else "late") for item in row.items.all()]
    again = [Line(_("A new survey round is needed"))] if row.survey_again else []
    words = {"trigger": row.get_trigger_display(), "due": day(row.due_on)}
    title = _("Make-up ordered (%(trigger)s), to be made up by %(due)s") % words
    return Event(
        at=row.ordered_at,
        title=title,
        detail="\n".join([row.reason, *map(str, cause)]),
        who=str(row.ordered_by or ""),
        tone="bad",
        folds=(Fold(_("What is to be made up"), (*lines, *again)),),
        mark="order",
        **_common(row),
    )


def _told(entry: AuditEntry, row: MakeUpOrder) -> Event:
    titles = {
        actions.REPORTED: (_("Make-up reported as done"), "info"),
        actions.SENT_BACK: (_("Make-up sent back after the re-check"), "late"),
        actions.CLOSED: (_("Make-up re-checked and closed"), "ok"),
    }
    title, tone = titles[entry.action]
    redo = entry.data.get("redo") or []
    again = _("To be done again: items %(items)s.") % {"items": localised(redo)} if redo else ""
    detail = "\n".join(part for part in (entry.data.get("note", ""), again) if part)
    return Event(at=entry.at, title=title, detail=detail, who=entry.actor_name, tone=tone, **_common(row))
