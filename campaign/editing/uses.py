"""What records refer to, so that an edit of the playbook cannot pull the ground from under them.

Each room says which keys its records use: `@uses` on a function that takes a campaign and gives kind -> keys. Kinds
are the playbook's lists, by the way that leads to them (`actions`, `appraisal.grades`, `lists.winds.items`);
`transition`: applications are under way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from campaign import words
from campaign.editing.choices import shown
from campaign.editing.schema import Document
from campaign.models import Activity, Campaign, MemberMark, Participation
from campaign.playbook.read_deeds import GRADES

Used = Mapping[str, set[str]]
_users: list[Callable[[Campaign], Used]] = []

# What records were made under, and cannot be changed under them.
FIXED = {
    "actions": ("phase", "evidence", "tool"),
    "instruments": ("when", "stage"),
    "reports": ("reporter",),
    "lookbacks": ("phase",),
    "commendations": ("subject",),
    "appraisal.grades": ("adverse",),
    "handling.outcomes": ("leaves",),
    "pairing.kinds": ("who",),
}
INNER = {"instruments": ("groups", "questions"), "reports": ("fields",), "lookbacks": ("checks",)}
LISTED = (
    *("actions", "instruments", "reports", "lookbacks", "talks", "commendations", "plans"),
    *("preparation.items", "preparation.plan", "appraisal.grades", "handling.outcomes", "handling.departures"),
    *("style_review.representatives", "lists.problem_kinds.items", "lists.winds.items", "lists.long_term.items"),
    *("liaison.duties", "pairing.kinds"),
)
# What stands in a list that the playbook leaves out: records are made under it all the same.
USUAL: Mapping[str, list[Document]] = {
    "appraisal.grades": [
        {"key": one.key, "name": {"zh": one.name.zh, "en": one.name.en}, **({"adverse": True} if one.adverse else {})}
        for one in GRADES
    ],
}
OPTION_KEYS = ("key", "satisfied", "adverse")


def uses(function: Callable[[Campaign], Used]) -> Callable[[Campaign], Used]:
    """Register which keys of the playbook a room's records use."""
    _users.append(function)
    return function


@uses
def _activities(campaign: Campaign) -> Used:
    activities = Activity.objects.filter(batch__campaign=campaign).order_by()
    marks = MemberMark.objects.filter(batch__campaign=campaign).order_by()
    return {
        "stages": set(activities.values_list("stage", flat=True).distinct()),
        "actions": set(activities.values_list("action", flat=True).distinct())
        | set(marks.values_list("action", flat=True).distinct()),
    }


def actions_of(campaign: Campaign, *tools: str) -> set[str]:
    """Keys of the actions that count by these tools: once a tool has records they are in use."""
    return {action.key for action in campaign.playbook.actions if action.tool in tools}


def in_use(campaign: Campaign) -> dict[str, set[str]]:
    """Every key that a record of the campaign refers to, by kind."""
    found: dict[str, set[str]] = defaultdict(set)
    for function in _users:
        for kind, keys in function(campaign).items():
            found[kind] |= keys
    return found


def has_begun(campaign: Campaign) -> bool:
    """Has a unit of any batch begun?"""
    return Participation.objects.filter(batch__campaign=campaign).exclude(state=Participation.State.PREPARING).exists()


@dataclass(frozen=True)
class Change:
    """A playbook before and after, with what records use."""

    before: Document
    after: Document
    used: Mapping[str, set[str]]
    begun: bool

    def refusals(self) -> list[str]:
        """Why the change cannot be made; empty if it can."""
        found = [*self._stages(), *self._transition()]
        for kind in LISTED:
            found += self._rows(kind)
        return found

    def _stages(self) -> Iterable[str]:
        if self.begun and _keys(self.before, "stages") != _keys(self.after, "stages"):
            yield _(
                "A unit has begun, so no stage can be added, removed or moved. Names, lengths and gates can be changed."
            )

    def _transition(self) -> Iterable[str]:
        if not self.used.get("transition"):
            return
        before, after = self.before.get("transition", {}), self.after.get("transition", {})
        if any(before.get(key) != after.get(key) for key in ("mode",)) or _chain(before) != _chain(after):
            yield _("Applications are under way, so the chain of consent stays. Change it when they are decided.")
        if {p.get("key") for p in before.get("parts", [])} != {p.get("key") for p in after.get("parts", [])}:
            yield _("Applications are under way, so their parts stay. Change them when they are decided.")

    def _rows(self, kind: str) -> Iterable[str]:
        used = self.used.get(kind, set())
        after = {_key(row): row for row in _listed(self.after, kind)} if used else {}
        for row in _listed(self.before, kind) if used else ():
            if _key(row) not in used:
                continue
            other = after.get(_key(row))
            name = {"name": _name(row)}
            if other is None:
                yield _("“%(name)s” has records, so it cannot be removed. It can be renamed or made optional.") % name
                continue
            if any(row.get(key) != other.get(key) for key in FIXED.get(kind, ())):
                yield _("“%(name)s” has records: when it belongs and what shows it cannot be changed any more.") % name
            if any(_frozen(kind, row.get(key)) != _frozen(kind, other.get(key)) for key in INNER.get(kind, ())):
                yield _("“%(name)s” has records: only the wording of its parts can be changed, not the parts.") % name


def _keys(document: Document, kind: str) -> list[str]:
    return [row.get("key", "") for row in document.get(kind, [])]


def _listed(document: Document, kind: str) -> list[Document]:
    """The rows of a list, by the way that leads to it; a row of a list on the way is found by its key."""
    found: Any = document
    for step in kind.split("."):
        if isinstance(found, list):
            found = next((row for row in found if row.get("key") == step), {})
        else:
            found = found.get(step) or {}
    return list(found) if found else USUAL.get(kind, [])


def _key(row: Document) -> str:
    return str(row.get("key") or row.get("owner") or "")


def _name(row: Document) -> str:
    return shown(row.get("name")) or words.word(words.PLANS, _key(row))


def _chain(rule: Document) -> list[tuple[Any, Any]]:
    return [(step.get("body"), step.get("verb")) for step in rule.get("steps", [])]


def _frozen(kind: str, rows: list[Document] | None) -> Any:
    """Rows without their wording, in any order: keys, and what the answers count for."""
    return sorted(
        (
            row.get("key", ""),
            bool(row.get("decisive")),
            sorted(tuple(str(option.get(key, "")) for key in OPTION_KEYS) for option in row.get("options", [])),
            sorted(str(item.get("key", "")) for item in row.get("items", [])),
        )
        for row in rows or []
    )
