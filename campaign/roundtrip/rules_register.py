"""The register of standing rules in Excel; new rules can be entered there too (G-07)."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from campaign import rules
from campaign.actions import standing_rules as actions
from campaign.forms.standing_rules import RuleForm
from campaign.models import Batch, StandingRule
from campaign.queries import taking_part
from campaign.roundtrip.cells import Column, Kind
from campaign.roundtrip.description import Refused, register
from campaign.roundtrip.places import OfOrganization
from units import access
from units.models import Organization
from units.roles import Right

_HELD = ("title", "kind", "mechanism", "number", "dated")


@register
class RulesRegister(OfOrganization):
    """What an organisation and those below it issued, revised and abolished. New rows become the organisation's own."""

    key, title = "standing-rules", gettext_lazy("Standing rules")

    def __init__(self, user: Any, organization: Organization, batch: Batch) -> None:
        super().__init__(user, organization, batch)
        self.url = reverse("campaign:standing_rules", args=[self.place])
        self.columns = self._columns()
        self._may = functools.cache(self._may_change)
        self.adds = self._may(organization)

    @classmethod
    def allowed(cls, user: Any, at: Organization) -> bool:
        return access.has(user, Right.RECORD, at)

    def _columns(self) -> list[Column]:
        listed = {item.key: item.name for item in self.batch.campaign.playbook.items("long_term")}
        mechanism = Column(key="mechanism", label=gettext_lazy("Mechanism"), kind=Kind.CHOICE, choices=listed, width=20)
        kinds, done = dict(StandingRule.Kind.choices), gettext_lazy("What was done")
        return [
            Column(key="organization", label=gettext_lazy("Organisation"), kind=Kind.READONLY, width=26),
            Column(key="title", label=gettext_lazy("Title"), width=44, most=200, required=True),
            Column(key="kind", label=done, kind=Kind.CHOICE, choices=kinds, width=12, required=True),
            *([mechanism] if listed else []),
            Column(key="number", label=gettext_lazy("Document number"), width=22, most=60),
            Column(key="dated", label=gettext_lazy("Date"), kind=Kind.DATE, width=13, required=True),
        ]

    def _rules(self) -> Any:
        seen = StandingRule.objects.visible_to(self.user).within(self.organization).filter(batch=self.batch)
        return seen.select_related("organization", "batch__campaign")

    def rows(self, asked: QueryDict) -> Iterable[StandingRule]:
        return self._rules()

    def find(self, keys: Collection[int], *, lock: bool = False) -> dict[int, StandingRule]:
        rows = self._rules().filter(pk__in=keys)
        return {rule.pk: rule for rule in (rows.select_for_update(of=("self",)) if lock else rows)}

    def values(self, row: StandingRule) -> Mapping[str, Any]:
        return {column.key: getattr(row, column.key) for column in self.columns}

    def _may_change(self, organization: Organization) -> bool:
        return rules.can_consolidate(self.user, organization, taking_part(organization))

    def editable(self, row: StandingRule) -> Collection[str]:
        return _HELD if self._may(row.organization) else ()

    def write(self, *, by: Any, row: StandingRule, changes: Mapping[str, str]) -> None:
        form = self._form({**self.forms(row), **changes})
        actions.change_rule(by=by, rule=row, data=form.record())

    def add(self, *, by: Any, changes: Mapping[str, str]) -> None:
        form = self._form(changes)
        actions.enter_rule(by=by, batch=self.batch, organization=self.organization, data=form.record())

    def _form(self, data: Mapping[str, str]) -> RuleForm:
        """The page's form. Raises Refused with its own sentences."""
        form = RuleForm({name: data.get(name, "") for name in _HELD}, batch=self.batch)
        if not form.is_valid():
            raise Refused(*((name, str(text)) for name, texts in form.errors.items() for text in texts))
        return form
