"""The work units in Excel: names, types, ranks and how many work there (B-01)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from campaign.roundtrip.cells import Column, Kind
from campaign.roundtrip.description import Ledger, Refused, register
from units import access, actions
from units.forms.filters import UnitFilter
from units.forms.organizations import WorkUnitForm
from units.models import Organization, WorkUnit
from units.refusals import UnitsRefusal
from units.roles import Right

_HELD = ("name", "type", "rank", "staff_count", "special_type")


@register
class WorkUnitsLedger(Ledger):
    """All work units, for who keeps the roster of a whole tree. Code and organisations are changed on their pages."""

    key, title = "work-units", gettext_lazy("Work units")

    def __init__(self, user: Any, root: Organization) -> None:
        self.user, self.place, self.organization = user, root.pk, root
        self.url = reverse("units:work_units")
        self.columns = [
            Column(key="code", label=gettext_lazy("Code"), kind=Kind.READONLY, width=12),
            Column(key="name", label=gettext_lazy("Work unit"), width=34, most=120, required=True),
            Column(key="type", label=gettext_lazy("Type"), width=18, most=60),
            Column(key="rank", label=gettext_lazy("Rank"), width=12, most=30),
            Column(key="staff_count", label=gettext_lazy("Staff"), kind=Kind.INTEGER, width=10, most=10**7),
            Column(key="special_type", label=gettext_lazy("Special type"), width=18, most=60),
            Column(key="organizations", label=gettext_lazy("Organisations"), kind=Kind.READONLY, width=40),
        ]

    @classmethod
    def open(cls, user: Any, place: int) -> WorkUnitsLedger:
        root = cls.home(user, Right.VIEW)
        if root is None or root.pk != place:
            raise Http404
        if not cls.allowed(user, root):
            raise PermissionDenied
        return cls(user, root)

    @classmethod
    def home(cls, user: Any, right: Right = Right.EDIT_ROSTER) -> Organization | None:
        """The top of the tree, where the user holds a post with the right there."""
        held = (post for post in access.posts_of(user) if right in post.rights)
        return next((post.organization for post in held if post.organization.depth == 1), None)

    @classmethod
    def allowed(cls, user: Any, at: Organization | None) -> bool:
        return at is not None and access.reaches_root(user, Right.EDIT_ROSTER)

    def _units(self) -> Any:
        covering = Organization.objects.only("code", "name", "path")
        return WorkUnit.objects.visible_to(self.user).prefetch_related(Prefetch("organizations", queryset=covering))

    def rows(self, asked: QueryDict) -> Iterable[WorkUnit]:
        types = sorted(set(self._units().exclude(type="").order_by().values_list("type", flat=True)))
        return UnitFilter(asked or None, types=types).narrow(self._units()).order_by("code")

    def find(self, keys: Collection[int], *, lock: bool = False) -> dict[int, WorkUnit]:
        rows = self._units().filter(pk__in=keys)
        return {unit.pk: unit for unit in (rows.select_for_update(of=("self",)) if lock else rows)}

    def values(self, row: WorkUnit) -> Mapping[str, Any]:
        covering = "、".join(one.name for one in row.organizations.all())
        return {"organizations": covering} | {name: getattr(row, name) for name in ("code", *_HELD)}

    def editable(self, row: WorkUnit) -> Collection[str]:
        return _HELD

    def write(self, *, by: Any, row: WorkUnit, changes: Mapping[str, str]) -> None:
        covering = "、".join(one.code for one in row.organizations.all())
        data = {**self.forms(row), **changes, "organizations": covering}
        form = WorkUnitForm(data, reach=Organization.objects.visible_to(self.user, Right.EDIT_ROSTER))
        if not form.is_valid():
            raise Refused(*((name, str(text)) for name, texts in form.errors.items() for text in texts))
        try:
            actions.save_work_unit(
                by=by, data=form.data_of_unit(), organizations=form.cleaned_data["organizations"], unit=row
            )
        except UnitsRefusal as refusal:
            raise Refused(("", str(refusal)))
