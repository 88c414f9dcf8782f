"""Entering and mending the register of standing rules (G-07)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit
from accounts.models import User
from campaign.models import Batch, StandingRule
from units.models import Organization

ENTERED = audit.action("rule.entered", _("Entered a standing rule"))
CHANGED = audit.action("rule.changed", _("Changed a standing rule"))
REMOVED = audit.action("rule.removed", _("Removed a standing rule from the register"))


@dataclass(frozen=True, kw_only=True)
class RuleData:
    """What the form holds; `mechanism` is a key of the playbook's `long_term`."""

    title: str
    kind: str
    dated: dt.date
    mechanism: str = ""
    number: str = ""


@transaction.atomic
def enter_rule(
    *, by: User, batch: Batch, organization: Organization, data: RuleData, file: File | None = None
) -> StandingRule:
    """Enter a rule that was issued, revised or abolished, with its text."""
    rule = StandingRule(batch=batch, organization=organization, recorded_by=by)
    _fill(rule, data, file)
    audit.record(ENTERED, by=by, obj=rule, organization=organization, data={"kind": data.kind})
    return rule


@transaction.atomic
def change_rule(*, by: User, rule: StandingRule, data: RuleData, file: File | None = None) -> None:
    """Mend an entry; a new file takes the place of the old one."""
    _fill(rule, data, file)
    audit.record(CHANGED, by=by, obj=rule, organization=rule.organization)


def _fill(rule: StandingRule, data: RuleData, file: File | None) -> None:
    rule.title, rule.kind, rule.dated = data.title, data.kind, data.dated
    rule.mechanism, rule.number = data.mechanism, data.number
    if file is not None:
        rule.file, rule.file_name = file, str(file.name)[:200]
    rule.save()


@transaction.atomic
def remove_rule(*, by: User, rule: StandingRule, reason: str) -> None:
    """Remove what was entered by mistake; the history keeps its title and the reason."""
    data = {"title": rule.title, "reason": reason}
    audit.record(REMOVED, by=by, obj=rule, organization=rule.organization, data=data)
    rule.delete()
