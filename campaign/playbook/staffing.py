"""Who runs the campaign, and how they behave: bodies and their duties, leave, discipline, liaison points, pairing.

Each table is optional: without it the source has no such rule. Records can be kept all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from campaign.playbook.text import Text
from campaign.playbook.work import Item

BodyKind = Literal["leading_group", "office", "general", "publicity", "supervision", "lecture", "lecture_corps"]
LeaveOf = Literal["group_head", "group_member"]
LeaveTo = Literal["leading_group", "group_head", "office"]
PairedAs = Literal["organization", "member"]
BODY_KINDS, LEAVE_OF, LEAVE_TO, PAIRED_AS = get_args(BodyKind), get_args(LeaveOf), get_args(LeaveTo), get_args(PairedAs)


@dataclass(frozen=True, slots=True)
class BodyRule(Item):
    """A body of the campaign and its duties (D-01..D-07, D-11); `key` is one of BODY_KINDS.

    `head`: who heads it; `mode`: how it works (D-03); `principle`: how it behaves (D-06); `note`: on its heads (D-08);
    `in_office`: it is a group of the campaign office (D-03).
    """

    duties: tuple[Item, ...] = ()
    head: Text | None = None
    mode: Text | None = None
    principle: Text | None = None
    note: Text | None = None
    subgroups: int | None = None
    in_office: bool = False


@dataclass(frozen=True, slots=True)
class LeaveRoute:
    """Who asks whom for leave (S-02)."""

    who: LeaveOf
    to: LeaveTo


@dataclass(frozen=True, slots=True)
class Staffing:
    """Rules for those who run the campaign (S, D-21), and for the principals of units (S-06, S-07).

    `discipline`: what each of the staff acknowledges (S-01..S-05, S-09); `instruction`: when to ask for instruction,
    always with a proposal of one's own (D-21); `travel_exceptions`: trips of principals that are allowed.
    """

    leave: tuple[LeaveRoute, ...] = ()
    leave_rule: Text | None = None
    discipline: tuple[Item, ...] = ()
    instruction: Text | None = None
    travel: Text | None = None
    travel_exceptions: tuple[Item, ...] = ()
    party_school: Text | None = None

    def leave_to(self, who: LeaveOf) -> LeaveTo:
        """Whom to ask; where the source is silent, members ask the head of their group and heads the office."""
        stated = next((route.to for route in self.leave if route.who == who), None)
        default: LeaveTo = "office" if who == "group_head" else "group_head"
        return stated or default


@dataclass(frozen=True, slots=True)
class LiaisonPlan:
    """What a leader gets as liaison point in the batch with this number (R-01, decision 14)."""

    batch: int
    name: Text


@dataclass(frozen=True, slots=True)
class Liaison:
    """Liaison points of leaders (R-01..R-08). `duties`: what a point does besides (R-06); `model`: what it is to
    become (R-02); `principal`: what its principal answers for (R-07)."""

    rule: Text
    plan: tuple[LiaisonPlan, ...] = ()
    duties: tuple[Item, ...] = ()
    model: Text | None = None
    principal: Text | None = None


@dataclass(frozen=True, slots=True)
class PairingKind(Item):
    """A kind of pairing (R-04, E-29): an organisation with another, or a member with a household."""

    who: PairedAs


@dataclass(frozen=True, slots=True)
class Pairing:
    """Who is paired with whom (R-03..R-05, E-29)."""

    rule: Text
    kinds: tuple[PairingKind, ...] = ()
