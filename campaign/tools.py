"""Tools: the pages and records behind a required action, where a plain activity record would not say enough.

A playbook names the tool of an action (`tool = "self_analysis"`). The room that owns the tool registers how it counts
and where its page is; the checklist and the gate then count its records beside what was recorded by hand, because an
organisation that did the work on paper still records it as an activity or a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from campaign.evidence import Evidence
    from campaign.models import Participation
    from campaign.playbook import Action
    from units.models import Organization


@dataclass(frozen=True)
class Counted:
    """What a tool's records show: members who have done it, and organisation id to how many times it did."""

    members: Set[int] = field(default_factory=frozenset)
    organizations: Mapping[int, int] = field(default_factory=dict)


Counter = Callable[["Evidence", "Action"], Counted]
NOTHING = Counted()


@dataclass(frozen=True)
class Tool:
    """`url_name` takes the organisation's key: the tool's page as that organisation sees it.

    `of_unit`: it takes the participation's key instead. `applies`: the work is the application itself, so the gate that
    guards the application does not ask for it beforehand.
    """

    key: str
    url_name: str
    count: Counter
    of_unit: bool = False
    applies: bool = False

    def url(self, organization: Organization, participation: Participation) -> str:
        return reverse(self.url_name, args=[participation.pk if self.of_unit else organization.pk])


_tools: dict[str, Tool] = {}


def tool(key: str, url_name: str, *, of_unit: bool = False, applies: bool = False) -> Callable[[Counter], Counter]:
    """Register the counter of a tool under the key that playbooks use (campaign.playbook.work.TOOLS).

    The counter runs once for a whole participation and action: a bounded number of queries, over
    `evidence.subtree("organization")` or `evidence.roll`.
    """

    def register(function: Counter) -> Counter:
        _tools[key] = Tool(key, url_name, function, of_unit, applies)
        return function

    return register


def registered() -> frozenset[str]:
    """Keys of all tools that some room keeps records for."""
    return frozenset(_tools)


def of(action: Action) -> Tool | None:
    """The tool of an action, where it names one."""
    return _tools.get(action.tool) if action.tool else None


def counted(evidence: Evidence, action: Action) -> Counted:
    """What the action's tool counts; nothing where it has none."""
    found = of(action)
    return found.count(evidence, action) if found else NOTHING


Concerned = Callable[["Evidence"], Set[int]]
_concerned: dict[str, Concerned] = {}


def concern(who: str) -> Callable[[Concerned], Concerned]:
    """Register who is meant by an action's `who` that only a higher room knows, such as the unqualified (P-07)."""

    def register(function: Concerned) -> Concerned:
        _concerned[who] = function
        return function

    return register


def members_concerned(evidence: Evidence, who: str) -> Set[int]:
    """Ids of the members meant; nobody until a room that knows them is there."""
    found = _concerned.get(who)
    return found(evidence) if found else frozenset()
