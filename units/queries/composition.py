"""The composition table (C-01): by post and by schooling. Retired and under sixty lie over both and are no classes."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _

from units.models import Member, Organization

UNDER = 60  # completed years of age (C-01)


@dataclass(frozen=True)
class Row:
    """One class: how many, and how many of them are retired or under sixty. `base` is what the share is of."""

    label: Any
    count: int
    retired: int
    under_sixty: int
    base: int

    @property
    def segments(self) -> list[dict[str, int]]:
        """For the bar: the class on the stage ramp, the rest empty."""
        return [{"stage": 2, "count": self.count}, {"stage": 0, "count": self.base - self.count}]


@dataclass(frozen=True)
class Composition:
    """All rows add up to `total`, within each group."""

    on: dt.date
    total: Row
    by_post: list[Row]
    by_schooling: list[Row]
    retired: Row
    under_sixty: Row


def composition(members: Any, on: dt.date) -> Composition:
    """The table of a queryset of members, ages in completed years on a day. One query."""
    young = Q(birth_date__gt=_birthday_before(on, UNDER))
    groups: list[tuple[str, Any, Q]] = [("all", _("All members"), Q())]
    groups += [(f"post_{key}", label, Q(post_level=key)) for key, label in _with_unknown(Member.PostLevel)]
    groups += [(f"school_{key}", label, Q(schooling=key)) for key, label in _with_unknown(Member.Schooling)]
    groups += [("retired", _("Retired"), Q(retired=True)), ("young", _("Under sixty"), young)]
    counts: dict[str, Any] = {}
    for name, _label, condition in groups:
        counts[f"{name}_n"] = Count("pk", filter=condition)
        counts[f"{name}_r"] = Count("pk", filter=condition & Q(retired=True))
        counts[f"{name}_y"] = Count("pk", filter=condition & young)
    found = members.order_by().aggregate(**counts)
    base = found["all_n"]
    rows = {
        name: Row(label, found[f"{name}_n"], found[f"{name}_r"], found[f"{name}_y"], base)
        for name, label, _condition in groups
    }
    return Composition(
        on=on,
        total=rows["all"],
        by_post=_shown(rows, "post_"),
        by_schooling=_shown(rows, "school_"),
        retired=rows["retired"],
        under_sixty=rows["young"],
    )


def _with_unknown(choices: Any) -> list[tuple[str, Any]]:
    return [*choices.choices, ("", _("Not stated"))]


def _shown(rows: dict[str, Row], prefix: str) -> list[Row]:
    """The classes of a group; "not stated" only where somebody is."""
    return [row for name, row in rows.items() if name.startswith(prefix) and (name != prefix or row.count)]


def _birthday_before(on: dt.date, years: int) -> dt.date:
    """The latest birth date of who has completed `years` on the day."""
    try:
        return on.replace(year=on.year - years)
    except ValueError:  # 29 February: who was born on the 28th has completed them, who on 1 March has not
        return on.replace(year=on.year - years, day=28)


def members_of(members: Any, organization: Organization | None) -> Any:
    """On the roll today, in a subtree if one is named."""
    members = members.on_roll()
    return members.within(organization) if organization else members
