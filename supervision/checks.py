"""The check of this room: no make-up is open at the end of a stage (J-12, J-13)."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign.evidence import Evidence
from campaign.findings import Finding, check, names
from campaign.playbook import Check
from supervision.models import MakeUpOrder


@check("open_makeups")
def open_makeups(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """No make-up of the stage is open, in the participation or the part looked at; at the closing: of any stage."""
    of_stage = Q(stage=evidence.phase) if evidence.progress else Q()
    orders = list(
        MakeUpOrder.objects.open()
        .filter(of_stage, evidence.subtree("organization"), participation=evidence.participation)
        .select_related("organization")
        .order_by("due_on", "pk")
    )
    shown, count = names(order.organization.name for order in orders)
    reported = sum(order.state == MakeUpOrder.State.REPORTED for order in orders)
    yield Finding(
        check=rule.check,
        key="open_makeups",
        title=Message(gettext_noop("Make-ups")),
        required=Message(gettext_noop("all re-checked and closed")),
        measured=Message(gettext_noop("%(open)s open"), {"open": len(orders)}),
        passed=not orders,
        soft=rule.soft,
        overridable=rule.override,
        remark=Message(gettext_noop("%(reported)s of them reported, to be re-checked"), {"reported": reported})
        if reported
        else None,
        missing=shown,
        missing_count=count,
        link=reverse("supervision:makeup", args=[orders[0].pk]) if len(orders) == 1 else reverse("supervision:makeups"),
        link_label=Message(gettext_noop("See the make-ups")),
        waiting=bool(orders) and reported == len(orders),
    )
