"""Who owes a report of a week: a unit that takes part (K-01, K-02), or a supervision group (K-04, K-06).

A participation is its own reporter. A supervision group belongs to a campaign and covers units of any batch, so that
it reports once a week whatever batches are open; `GroupReporter` gives it the batch after which its weeks are counted.
Everything else in this room takes either.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse

from campaign.models import Batch, Campaign, Participation
from campaign.playbook import ReportRule
from supervision.models import SupervisionGroup
from units.models import Organization

UNIT, GROUP = "unit", "supervision"  # the playbook's word for who reports
COLUMNS = {UNIT: "participation", GROUP: "group"}


@dataclass(frozen=True)
class GroupReporter:
    """A supervision group in a batch: what a participation is for a unit."""

    group: SupervisionGroup
    batch: Batch

    @property
    def pk(self) -> int:
        return self.group.pk

    @property
    def label(self) -> str:
        return self.group.name

    @property
    def organization(self) -> Organization:
        """The group is the host's own body: its entries stand in the host's history."""
        return self.group.campaign.host


Reporter = Participation | GroupReporter


def subject(reporter: Reporter) -> Participation | SupervisionGroup:
    """The record that rows of this room point at."""
    return reporter.group if isinstance(reporter, GroupReporter) else reporter


def column(reporter: Reporter) -> str:
    """The foreign key that names it."""
    return COLUMNS[GROUP if isinstance(reporter, GroupReporter) else UNIT]


def link(reporter: Reporter) -> dict[str, Any]:
    """Its foreign key and value, to find rows by and to make them with."""
    return {column(reporter): subject(reporter)}


def link_all(reporters: Iterable[Reporter]) -> dict[str, Any]:
    """The filter for the rows of several, all of one kind."""
    found = list(reporters)
    if not found:
        return {"pk__in": []}
    return {f"{column(found[0])}__in": [reporter.pk for reporter in found]}


def write_address(reporter: Reporter, rule: ReportRule, week: dt.date) -> str:
    """Where the report of a week is written."""
    name = "reports:group_report_new" if isinstance(reporter, GroupReporter) else "reports:report_new"
    return reverse(name, args=[reporter.pk, rule.key, week.isoformat()])


def list_address(reporter: Reporter) -> str:
    """Where its writers see all its reports."""
    if isinstance(reporter, GroupReporter):
        return f"{reverse('reports:group_mine')}?group={reporter.pk}"
    return reverse("reports:mine")


def within_batch(batch: Batch) -> Q:
    """The condition on rows: of a unit of the batch, or of a group of its campaign."""
    return Q(participation__batch=batch) | Q(group__campaign=batch.campaign_id)


def batch_at(campaign: Campaign, week: dt.date) -> Batch | None:
    """The batch after which a week of the campaign is counted: the latest that had begun. One query."""
    batches = list(campaign.batches.order_by("starts_on", "pk"))
    begun = [batch for batch in batches if batch.starts_on <= week + dt.timedelta(days=6)]
    return begun[-1] if begun else batches[0] if batches else None


def group_reporter(group: SupervisionGroup, week: dt.date) -> GroupReporter:
    """A group as the reporter of a week. LookupError in a campaign that has no batch."""
    batch = batch_at(group.campaign, week)
    if batch is None:
        raise LookupError(group.pk)
    return GroupReporter(group, batch)
