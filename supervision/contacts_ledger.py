"""Where the bodies of the campaign work and how one reaches them, in Excel (D-01..D-08, D-22)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Prefetch
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from campaign.models import Batch, Campaign
from campaign.roundtrip.cells import Column, Kind
from campaign.roundtrip.description import Refused, register
from campaign.roundtrip.places import OfCampaign
from supervision import body_rules
from supervision.actions import bodies as actions
from supervision.body_filters import UnitFilter
from supervision.forms.bodies import BodyForm
from supervision.models import Body, BodyMember
from supervision.queries.bodies import units_with_bodies
from units import access
from units.roles import Right

_HELD = ("name", "phone", "place", "mode")


@register
class ContactsLedger(OfCampaign):
    """Name, telephone, place and way of working of the standing bodies: the host's and those of the units in scope."""

    key, title = "contacts", gettext_lazy("Contacts of the bodies")

    def __init__(self, user: Any, batch: Batch) -> None:
        super().__init__(user, batch)
        self.url = reverse("supervision:bodies")
        self.columns = [
            Column(key="organization", label=gettext_lazy("Organisation"), kind=Kind.READONLY, width=26),
            Column(key="kind", label=gettext_lazy("Kind"), kind=Kind.READONLY, width=14),
            Column(key="name", label=gettext_lazy("Name of the body"), width=30, most=80, required=True),
            Column(key="phone", label=gettext_lazy("Telephone"), width=18, most=40),
            Column(key="place", label=gettext_lazy("Where it works"), width=28, most=120),
            Column(key="mode", label=gettext_lazy("How it works"), width=30, most=200),
            Column(key="head", label=gettext_lazy("Head"), kind=Kind.READONLY, width=14),
        ]

    @classmethod
    def allowed(cls, user: Any, at: Campaign) -> bool:
        return any(access.has_anywhere(user, right) for right in (Right.SET_UP, Right.APPLY))

    def _bodies(self) -> Any:
        heads = BodyMember.objects.current().filter(role=BodyMember.Role.HEAD)
        seen = Body.objects.visible_to(self.user).standing().filter(campaign=self.batch.campaign_id)
        return seen.select_related("organization").prefetch_related(
            Prefetch("members", queryset=heads, to_attr="heads")
        )

    def rows(self, asked: QueryDict) -> Iterable[Body]:
        form = UnitFilter(asked or None)
        state, word = form.told("state") or "", form.told("q") or ""
        units = units_with_bodies(self.batch, self.user, state, word).order_by()
        found = self._bodies().filter(organization__in=units.values("organization"))
        if not state and not word:
            found = self._bodies().filter(organization=self.batch.campaign.host_id) | found
        return found

    def find(self, keys: Collection[int], *, lock: bool = False) -> dict[int, Body]:
        rows = self._bodies().filter(pk__in=keys)
        return {body.pk: body for body in (rows.select_for_update(of=("self",)) if lock else rows)}

    def values(self, row: Body) -> Mapping[str, Any]:
        heads: Any = getattr(row, "heads", [])
        head = "、".join(one.name for one in heads)
        own = {"organization": row.organization.name, "kind": row.get_kind_display(), "head": head}
        return own | {name: getattr(row, name) for name in _HELD}

    def editable(self, row: Body) -> Collection[str]:
        return _HELD if body_rules.can_change_body(self.user, row) else ()

    def write(self, *, by: Any, row: Body, changes: Mapping[str, str]) -> None:
        wanted = {**self.forms(row), **changes}
        form = BodyForm({name: wanted[name] for name in _HELD})
        if not form.is_valid():
            raise Refused(*((name, str(text)) for name, texts in form.errors.items() for text in texts))
        try:
            actions.change_body(by=by, body=row, facts=form.facts())
        except actions.BodyRefused as refusal:
            raise Refused(("", str(refusal)))
