"""The parts of a playbook that say what certain required actions consist of, with the words for each entry.

Each of these tables may be left out; what must stand in one that is there, its reader says.
"""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaign.editing import choices
from campaign.editing.schema import Entry, Rows, Section, Table
from campaign.editing.tables import ITEM, NAME

UNIT_TYPES = Section(
    "unit-types",
    _("Types of units"),
    _("Which of them may run without stages, and what each should work on"),
    ("unit_types",),
    rows=Rows(
        "unit_types",
        _("Types of units"),
        _("Type of units"),
        Table(
            (
                NAME,
                Entry("staged", _("Runs in stages"), "flag", otherwise=True, required=True),
                Entry("batch", _("Takes part in the batch with this number"), "integer", hint=_("Left empty: any.")),
                Entry("focus", _("What this type should work on"), "long"),
                Entry("known_as", _("Other words for it in rosters"), "strings", hint=_("One a line.")),
            )
        ),
        paged=True,
    ),
)

PREPARATION = Section(
    "preparation",
    _("Before a unit begins"),
    _("The checklist, and what the unit's own plan must fix"),
    ("preparation",),
    Table(
        (
            Entry(
                "required",
                _("A unit begins only when all of it is done"),
                "flag",
                hint=_("Otherwise it is only reminded."),
            ),
        ),
        (
            Rows("items", _("Checklist before the start"), _("Item"), ITEM),
            Rows("plan", _("Contents of the unit's plan"), _("Content"), ITEM),
        ),
    ),
    optional=True,
)

TALKS = Section(
    "talks",
    _("Heart-to-heart talks"),
    _("Who talks with whom, and by when"),
    ("talks",),
    rows=Rows(
        "talks",
        _("Expected talks"),
        _("Kind of talk"),
        Table(
            (
                NAME,
                Entry("kind", _("Who with whom"), "choice", choices=choices.talk_kinds, required=True),
                Entry("before", _("Done by the end of"), "choice", choices=choices.stages),
                Entry("before_default", _("This deadline is assumed by us; the source is silent"), "flag"),
                Entry("count", _("Times, at least"), "integer", hint=_("Left empty: once.")),
            )
        ),
        paged=True,
    ),
)

STYLE_REVIEW = Section(
    "style-review",
    _("Review of style"),
    _("Which representatives rate the units, and what they rate"),
    ("style_review",),
    Table(
        (
            Entry("name", _("What it is called")),
            Entry("phase", _("When it belongs"), "choice", choices=choices.phases),
            Entry("minimum", _("How many people each representative hears, at least"), "integer"),
        ),
        (
            Rows("representatives", _("Representatives"), _("Kind of representative"), ITEM),
            Rows("items", _("What is rated"), _("Style rated"), ITEM),
        ),
    ),
    optional=True,
)

APPRAISAL = Section(
    "appraisal",
    _("Opinions on members"),
    _("Who decides them, what they must hold, and their grades"),
    ("appraisal",),
    Table(
        (
            Entry(
                "opinion_by",
                _("Who decides it"),
                "choice",
                choices=choices.opinion_by,
                hint=_("Left empty: the branch meeting, assumed by us."),
            ),
            Entry("shortcomings", _("It must state what the member falls short of"), "flag"),
            Entry("leader_scope", _("It says in which scope a leader was appraised"), "flag"),
            Entry("signature", _("It is shown to the member, who signs"), "flag"),
            Entry("feedback", _("The member is told of it"), "flag"),
            Entry("report_out", _("The masses are informed"), "flag"),
        ),
        (
            Rows(
                "grades",
                _("Grades"),
                _("Grade"),
                Table((NAME, Entry("adverse", _("Leads to help and handling"), "flag"))),
                hint=_("Left empty: qualified and unqualified, assumed by us."),
            ),
        ),
    ),
    optional=True,
)

HANDLING = Section(
    "handling",
    _("Registration and handling"),
    _("Help, the ways in which a case may end, and refusal of the oath"),
    ("handling",),
    Table(
        (
            Entry("written_application", _("The member applies for registration in writing"), "flag"),
            Entry("helper", _("One-to-one help comes first"), "flag"),
            Entry("measures", _("Measures of education, with somebody who answers for them"), "flag"),
            Entry("oath_refusal", _("What follows when somebody will not take the oath"), "long"),
        ),
        (
            Rows(
                "outcomes",
                _("Outcomes"),
                _("Outcome"),
                Table(
                    (
                        NAME,
                        Entry("dated", _("Has a date by which to mend"), "flag"),
                        Entry("leaves", _("Ends the membership"), "flag"),
                    )
                ),
            ),
            Rows(
                "departures",
                _("Other ways out of the Party"),
                _("Way"),
                Table((Entry("name", _("What it is called"), "long", required=True),)),
                hint=_("Each with its procedure in words."),
            ),
        ),
    ),
    optional=True,
)

LEDGER = Section(
    "ledger",
    _("Rectification ledger"),
    _("When the superior organisation is told of overdue items"),
    ("ledger",),
    Table(
        (
            Entry(
                "escalation_days",
                _("Days overdue until the superior organisation is told"),
                "integer",
                hint=_("Left empty: 3, assumed by us."),
            ),
        )
    ),
    optional=True,
)

LOOK_BACKS = Section(
    "lookbacks",
    _("Look-backs"),
    _("What is looked at again, and the steps that follow"),
    ("lookbacks",),
    rows=Rows(
        "lookbacks",
        _("Look-backs"),
        _("Look-back"),
        Table(
            (
                NAME,
                Entry("phase", _("When it belongs"), "choice", choices=choices.look_back_phases, required=True),
            ),
            (
                Rows(
                    "checks",
                    _("What is looked at"),
                    _("Thing looked at"),
                    Table(
                        (NAME,),
                        (
                            Rows(
                                "items",
                                _("Questions"),
                                _("Question"),
                                ITEM,
                                hint=_("Each of them is answered; where there is none, the thing itself is."),
                            ),
                        ),
                    ),
                    paged=True,
                ),
                Rows(
                    "steps",
                    _("Steps, in their order"),
                    _("Step"),
                    Table(
                        (
                            Entry("key", _("What it is"), "choice", choices=choices.look_back_steps, required=True),
                            NAME,
                        )
                    ),
                ),
            ),
        ),
        paged=True,
    ),
)

COMMENDATIONS = Section(
    "commendations",
    _("Commendation"),
    _("The lists at the end"),
    ("commendations",),
    rows=Rows(
        "commendations",
        _("Lists of those commended"),
        _("List"),
        Table((NAME, Entry("subject", _("Of whom"), "choice", choices=choices.subjects, required=True))),
        paged=True,
    ),
)
