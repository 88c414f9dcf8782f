"""The parts of a playbook about those who run the campaign, with the words for each entry."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaign.editing import choices
from campaign.editing.schema import Entry, Rows, Section, Table
from campaign.editing.tables import ITEM, NAME
from campaign.playbook.staffing import BODY_KINDS, LEAVE_OF, LEAVE_TO, PAIRED_AS

BODY_WORDS: dict[str, Any] = {
    "leading_group": _("leading group"),
    "office": _("campaign office"),
    "general": _("general group"),
    "publicity": _("publicity group"),
    "supervision": _("supervision group"),
    "lecture": _("lecture group"),
    "lecture_corps": _("lecture corps"),
}
LEAVE_WORDS: dict[str, Any] = {
    "group_head": _("head of a group"),
    "group_member": _("member of a group"),
    "leading_group": _("leading group"),
    "office": _("campaign office"),
}
PAIRED_WORDS: dict[str, Any] = {"organization": _("an organisation"), "member": _("a member")}

BODIES = Section(
    "bodies",
    _("Bodies"),
    _("Leading group, office and its groups, and what each is there for"),
    ("bodies",),
    rows=Rows(
        "bodies",
        _("Bodies of the campaign"),
        _("Body"),
        Table(
            (
                Entry(
                    "key",
                    _("Which body it is"),
                    "choice",
                    choices=choices.of(BODY_KINDS, BODY_WORDS),
                    required=True,
                    fixed=True,
                ),
                NAME,
                Entry("in_office", _("It is a group of the campaign office"), "flag"),
                Entry("head", _("Who heads it")),
                Entry("mode", _("How it works")),
                Entry("principle", _("How it behaves"), "long"),
                Entry("note", _("Note on its heads"), "long"),
                Entry("subgroups", _("Sub-groups"), "integer"),
            ),
            (Rows("duties", _("Duties"), _("Duty"), ITEM),),
        ),
        paged=True,
    ),
)

STAFFING = Section(
    "staffing",
    _("Staff and discipline"),
    _("Leave, rules of discipline, requests for instruction, absence of principals"),
    ("staffing",),
    Table(
        (
            Entry("leave_rule", _("Leave, in words"), "long"),
            Entry("instruction", _("When to ask for instruction"), "long"),
            Entry("travel", _("Trips of principals"), "long"),
            Entry("party_school", _("Courses of the party school"), "long"),
        ),
        (
            Rows(
                "leave",
                _("Who asks whom for leave"),
                _("Way"),
                Table(
                    (
                        Entry("who", _("Who asks"), "choice", choices=choices.of(LEAVE_OF, LEAVE_WORDS), required=True),
                        Entry("to", _("Whom"), "choice", choices=choices.of(LEAVE_TO, LEAVE_WORDS), required=True),
                    )
                ),
                identity="who",
                titles=("who",),
                hint=_("Left empty: members ask the head of their group, heads the office; assumed by us."),
            ),
            Rows("discipline", _("Rules of discipline"), _("Rule"), ITEM),
            Rows("travel_exceptions", _("Trips that are allowed"), _("Trip"), ITEM),
        ),
    ),
    optional=True,
)

LIAISON = Section(
    "liaison",
    _("Liaison points"),
    _("What leaders get as points in each batch, and what a point does besides"),
    ("liaison",),
    Table(
        (
            Entry("rule", _("Rule, in words"), "long"),
            Entry("model", _("What a point is to become"), "long"),
            Entry("principal", _("What its principal answers for"), "long"),
        ),
        (
            Rows(
                "plan",
                _("Points by batch"),
                _("Point"),
                Table(
                    (
                        Entry("batch", _("Batch number"), "integer", required=True),
                        Entry("name", _("Kind of organisation"), required=True),
                    )
                ),
                identity="batch",
            ),
            Rows("duties", _("Duties of a point"), _("Duty"), ITEM),
        ),
    ),
    optional=True,
)

PAIRING = Section(
    "pairing",
    _("Pairing"),
    _("Who is paired with whom"),
    ("pairing",),
    Table(
        (Entry("rule", _("Rule, in words"), "long"),),
        (
            Rows(
                "kinds",
                _("Kinds of pairing"),
                _("Kind"),
                Table(
                    (
                        NAME,
                        Entry(
                            "who",
                            _("Who is paired"),
                            "choice",
                            choices=choices.of(PAIRED_AS, PAIRED_WORDS),
                            required=True,
                        ),
                    )
                ),
            ),
        ),
    ),
    optional=True,
)
