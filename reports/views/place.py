"""Where a report's pages stand, and what an address names: the rule and the week."""

from __future__ import annotations

import datetime as dt

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _

from campaign.models import Batch
from campaign.playbook import ReportRule
from reports import weeks
from reports.queries.weekly import due_rules
from reports.reporter import GroupReporter, Reporter


def crumbs(reporter: Reporter, last: str) -> list[tuple[str, str]]:
    """Down the tree to the unit; a supervision group stands under the host."""
    line = [(o.name, reverse("units:organization", args=[o.pk])) for o in reporter.organization.ancestors_and_self()]
    if isinstance(reporter, GroupReporter):
        line.append((_("Supervision groups"), reverse("supervision:groups")))
        line.append((reporter.label, reverse("supervision:group", args=[reporter.pk])))
    return [*line, (last, "")]


def rule_or_404(batch: Batch, key: str, reporter: str = "") -> ReportRule:
    """One of the reports that are owed; only of units or of groups (the playbook's word) if `reporter` is given."""
    rules = [rule for rule in due_rules(batch) if reporter in ("", rule.reporter)]
    found = next((rule for rule in rules if rule.key == key), None)
    if found is None:
        raise Http404
    return found


def week_or_404(text: str) -> dt.date:
    """The week of a day in the address."""
    try:
        return weeks.monday(dt.date.fromisoformat(text))
    except ValueError:
        raise Http404
