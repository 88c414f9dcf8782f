"""What has changed: between two attempts, from the frozen findings to now, and in the records since the application.

The frozen findings stay the basis of the decision; this is what a reviewer is told beside them.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Q

from accounts import audit, clock
from accounts.models import AuditEntry
from campaign.findings import Finding, Gate
from campaign.models import Participation
from supervision.models import Transition
from units import access

# What findings rest on, by the first word of the history's action.
EVIDENCE = (
    *("activity", "document", "survey", "lookback", "talk", "team_talk", "paper", "appraisal", "handling", "help"),
    *(
        "opinion",
        "rectification",
        "plan",
        "notice",
        "knowledge",
        "member_test",
        "reading",
        "oath",
        "training",
        "makeup",
    ),
)
MEMBERS = ("member.marked", "member.unmarked", "member.left", "member.transferred")
READING = (".read", ".reminded", ".comments_read")  # looking at a record changes nothing


@dataclass(frozen=True)
class FindingChange:
    """A finding that is not what it was at the last attempt; `kind`: met, unmet, moved, new or gone."""

    kind: str
    title: Any
    before: Any
    after: Any


def finding_changes(before: Gate, after: Gate) -> list[FindingChange]:
    """What differs, those that got worse first; the same finding is known by its key."""
    old = {finding.key: finding for finding in before}
    new = {finding.key: finding for finding in after}
    found = [_change(old.get(key), finding) for key, finding in new.items()]
    found += [FindingChange("gone", f.title, f.measured, "") for key, f in old.items() if key not in new]
    order = ("unmet", "new", "met", "moved", "gone")
    return sorted((change for change in found if change is not None), key=lambda change: order.index(change.kind))


def _change(old: Finding | None, new: Finding) -> FindingChange | None:
    if old is None:
        return FindingChange("new", new.title, "", new.measured)
    if old.passed != new.passed:
        return FindingChange("met" if new.passed else "unmet", new.title, old.measured, new.measured)
    if (old.measured.to_json(), old.missing) != (new.measured.to_json(), new.missing):
        return FindingChange("moved", new.title, old.measured, new.measured)
    return None


def worse(frozen: Gate, now: Gate) -> list[Finding]:
    """Findings of today that do not pass although they did when the application was handed in."""
    passed = {finding.key for finding in frozen if finding.passed}
    known = {finding.key for finding in frozen}
    return [f for f in now if not f.passed and not f.soft and (f.key in passed or f.key not in known)]


@dataclass(frozen=True)
class Recorded:
    """So many records of one kind were made, changed or taken back since; `last`: the latest of them."""

    label: Any
    count: int
    last: dt.datetime


def _of_evidence() -> Q:
    wanted = Q(action__in=MEMBERS)
    for word in EVIDENCE:
        wanted |= Q(action__startswith=f"{word}.")
    for end in READING:
        wanted &= ~Q(action__endswith=end)
    return wanted


def _inside(participation: Participation) -> Q:
    """Entries of the participation's organisations, without those of participations nested in it."""
    inside = _below(participation.organization.path)
    others = Participation.objects.filter(batch=participation.batch_id).exclude(pk=participation.pk)
    nested = others.filter(access.below(participation.organization.path, "organization"))
    for path in nested.values_list("organization__path", flat=True):
        inside &= ~_below(path)
    return inside


def _below(path: str) -> Q:
    return Q(organization_path__gte=path, organization_path__lt=path + "[")


def recorded_since(transition: Transition) -> list[Recorded]:
    """What the unit recorded between the application and its decision (or now), by kind. Two queries.

    Counts only: who stands behind a record is read on its own page, by those who may.
    """
    rows = (
        AuditEntry.objects.filter(_inside(transition.participation), _of_evidence())
        .filter(at__gt=transition.applied_at, at__lte=transition.decided_at or clock.now())
        .values("action")
        .annotate(n=Count("pk"), last=Max("at"))
        .order_by("-last")
    )
    return [Recorded(audit.ACTIONS.get(row["action"], row["action"]), row["n"], row["last"]) for row in rows]
