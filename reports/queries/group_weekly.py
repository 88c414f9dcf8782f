"""Which supervision groups have reported: groups by weeks, as `weekly` does for units (K-04, K-06)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Max, Min, Q

from campaign.models import Batch
from campaign.playbook import ReportRule
from reports.queries.cells import Grid, Line
from reports.queries.lines import lines_of
from reports.queries.weekly import columns
from reports.reporter import GROUP, GroupReporter
from reports.weeks import Span
from supervision import membership
from supervision.models import SupervisionGroup


def group_rules(batch: Batch) -> list[ReportRule]:
    """The reports that supervision groups owe, in the playbook's order."""
    return [rule for rule in batch.campaign.playbook.reports if rule.reporter == GROUP]


def _annotated(groups: Any) -> Any:
    return groups.annotate(
        begun=Min("assignments__from_date"),
        ended=Max("assignments__to_date"),
        covering=Count("assignments", filter=Q(assignments__isnull=False, assignments__to_date=None)),
    )


def _span(group: Any, batch: Batch) -> Span:
    """A group owes reports while it is in charge of somebody, within the batch."""
    if group.begun is None:
        return Span(None)
    ends = [day for day in (batch.closed_on, None if group.covering else group.ended) if day]
    return Span(max(batch.starts_on, group.begun), min(ends, default=None))


def span_of_group(reporter: GroupReporter) -> Span:
    """From when to when one group owes reports. One query."""
    return _span(_annotated(SupervisionGroup.objects.filter(pk=reporter.group.pk)).get(), reporter.batch)


def groups_of(batch: Batch, within: Q | None = None) -> Any:
    """The host's supervision groups; what others send, and guidance groups, report to whoever sent them (D-10)."""
    return SupervisionGroup.objects.filter(
        within or Q(), campaign=batch.campaign_id, kind=SupervisionGroup.Kind.SUPERVISION, owner=None
    )


def group_boards(
    batch: Batch,
    rules: Sequence[ReportRule],
    weeks: Sequence[dt.date],
    *,
    within: Q | None = None,
    reminders: bool = True,
) -> dict[str, list[Line]]:
    """Under each rule every group that ever covered somebody, by `weeks` (in order).

    Four queries, three without today's reminders. Asks nobody's rights: pass `seen_by(...)` as `within`.
    """
    if not (weeks and rules):
        return {rule.key: [] for rule in rules}
    rows = list(_annotated(groups_of(batch, within)).order_by("pk").filter(begun__isnull=False))
    spans = []
    for group in rows:
        group.campaign = batch.campaign
        spans.append((GroupReporter(group, batch), _span(group, batch)))
    return lines_of("group", [group.pk for group in rows], spans, rules, weeks, reminders=reminders)


def seen_by(user: Any) -> Q:
    """Groups whose reports the user may know of: his own, and for the office all that it sent."""
    return Q(pk__in=membership.own_groups(user)) | membership.watched(user, "campaign__host")


def group_grids(
    user: Any, batch: Batch, weeks: Sequence[dt.date], rules: Iterable[ReportRule] | None = None
) -> list[Grid]:
    """The grid of each of the rules for the groups that the user may see; none where there is no such group."""
    asked = list(group_rules(batch) if rules is None else rules)
    found = group_boards(batch, asked, weeks, within=seen_by(user))
    return [
        Grid(rule, columns(batch, rule, weeks, found[rule.key]), [], found[rule.key])
        for rule in asked
        if found[rule.key]
    ]
