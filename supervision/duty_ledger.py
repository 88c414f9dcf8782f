"""The duty roster of a month in Excel: who takes which day (S-01)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.models import User
from accounts.templatetags.shell import day as shown_day
from campaign.models import Batch, Campaign
from campaign.roundtrip.cells import Column, Kind
from campaign.roundtrip.description import Refused, register
from campaign.roundtrip.places import OfCampaign
from supervision import staffing
from supervision.actions import staff as actions
from supervision.models import DutyDay
from supervision.queries import staff as queries


@register
class DutyLedger(OfCampaign):
    """The days of one month; days that are over stay as they were."""

    key, title = "duty", gettext_lazy("Duty roster")

    def __init__(self, user: Any, batch: Batch) -> None:
        super().__init__(user, batch)
        self.url = reverse("supervision:duty")
        self._people = {str(person.user.pk): person.user for person in staffing.staff_of(self.campaign)}
        self.columns = [
            Column(key="day", label=gettext_lazy("Day"), kind=Kind.READONLY, width=14),
            Column(key="weekday", label=gettext_lazy("Weekday"), kind=Kind.READONLY, width=12),
            Column(
                key="person",
                label=gettext_lazy("Person on duty"),
                kind=Kind.CHOICE,
                choices=_names(self._people.values()),
                width=20,
                required=True,
                hint=gettext_lazy("Only on days to come. Both people are told."),
            ),
            Column(key="note", label=gettext_lazy("Remark"), kind=Kind.READONLY, width=30),
        ]

    @classmethod
    def allowed(cls, user: Any, at: Campaign) -> bool:
        return staffing.keeps(user, at)

    def _days(self) -> Any:
        seen = DutyDay.objects.visible_to(self.user).filter(campaign=self.campaign)
        return seen.select_related("user", "campaign__host")

    def rows(self, asked: QueryDict) -> Iterable[DutyDay]:
        month = queries.month_of(asked.get("month", ""))
        return self._days().filter(day__range=(month, queries.last_of(month))).order_by("day", "pk")

    def find(self, keys: Collection[int], *, lock: bool = False) -> dict[int, DutyDay]:
        rows = self._days().filter(pk__in=keys).order_by("pk")
        return {duty.pk: duty for duty in (rows.select_for_update(of=("self",)) if lock else rows)}

    def values(self, row: DutyDay) -> Mapping[str, Any]:
        weekday = date_format(row.day, "l")
        key = str(row.user_id)
        person = key if key in self._people else str(row.user)  # who has left the staff is named all the same
        return {"day": row.day, "weekday": weekday, "person": person, "note": row.note}

    def name(self, row: DutyDay) -> str:
        return shown_day(row.day)

    def editable(self, row: DutyDay) -> Collection[str]:
        return {"person"} if row.day >= clock.today() else set()

    def write(self, *, by: Any, row: DutyDay, changes: Mapping[str, str]) -> None:
        to = self._people.get(changes["person"])
        if to is None:
            raise Refused(("person", _("This person is no longer on the staff. Choose somebody else.")))
        try:
            actions.hand_over(by=by, duty=row, to=to)
        except actions.StaffRefused as refused:
            raise Refused(("person", str(refused)))
        except actions.DutyMoved:
            raise Refused(("person", _("Somebody else has changed the roster meanwhile. Look at it again.")))


def _names(people: Iterable[User]) -> dict[str, str]:
    """Key -> name; who shares it is told apart by the user name."""
    listed = list(people)
    count = Counter(str(person) for person in listed)
    return {str(one.pk): str(one) if count[str(one)] == 1 else f"{one}（{one.username}）" for one in listed}
