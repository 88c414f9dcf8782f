"""The parts of a playbook that the office edits, in the order of the plan page, with the words for each entry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaign import words
from campaign.editing import choices, deed_sections, staffing_sections
from campaign.editing.schema import Entry, Rows, Section, Table
from campaign.editing.tables import (
    ACTION,
    BAND,
    BATCH,
    GATE,
    INSTRUMENT,
    ITEM,
    LISTED,
    MAKEUP,
    NAME,
    PARTS,
    PLAN,
    REPORT,
    ROUTE,
    STAGE,
    STEPS,
)
from campaign.playbook.parameters import catalogue

SECTIONS: tuple[Section, ...] = (
    Section(
        "title",
        _("Name and source"),
        _("What the playbook is called, and which document it follows"),
        (),
        Table((NAME, Entry("source", _("Document it follows"), "long", required=True))),
    ),
    Section(
        "words",
        _("Words printed on documents"),
        _("Names of the office, the leading group, the committee"),
        ("words",),
        Table(tuple(Entry(key, label) for key, label in words.DOCUMENT_WORDS.items())),
        optional=True,
    ),
    Section(
        "batches",
        _("Batches"),
        _("As the jurisdiction planned them"),
        ("batches",),
        rows=Rows("batches", _("Batches"), _("Batch"), BATCH, identity="number", paged=True),
    ),
    Section(
        "schedule",
        _("Schedule"),
        _("When units start and how long they take"),
        ("schedule",),
        Table(
            (
                Entry("launch_days", _("Days after the mobilisation meeting by which units start"), "integer"),
                Entry("launch_latest", _("Latest start, in words")),
                Entry("unit_months", _("Months that a unit takes"), "integer"),
                Entry("follow_parent", _("Subordinate organisations start with their superior"), "flag"),
            )
        ),
        optional=True,
    ),
    deed_sections.UNIT_TYPES,
    staffing_sections.BODIES,
    staffing_sections.STAFFING,
    staffing_sections.LIAISON,
    staffing_sections.PAIRING,
    deed_sections.PREPARATION,
    Section(
        "stages",
        _("Stages and gates"),
        _("Names, lengths, and what is looked at before a stage is left"),
        ("stages",),
        rows=Rows("stages", _("Stages"), _("Stage"), STAGE, paged=True),
    ),
    Section(
        "study",
        _("Study"),
        _("Hours, days, and what must reach every member"),
        ("study",),
        Table(
            (
                Entry("hours", _("Study hours of each member, at least"), "decimal"),
                Entry("concentrated_days", _("Days of concentrated training, at least"), "integer"),
                Entry("session_min", _("Study hours of another session, at least"), "decimal"),
                Entry("day_hours", _("Study hours that make a day"), "decimal", hint=_("Left empty: 6.")),
                Entry("share", _("Share of members who must reach it"), "share", hint=_("Left empty: all.")),
                Entry("offhours", _("Concentrated training outside working hours"), "flag"),
            ),
            (Rows("coverages", _("Reaches every member"), _("Coverage"), ITEM),),
        ),
        optional=True,
    ),
    Section(
        "actions",
        _("Required actions"),
        _("What is to be done, by whom, until when, and what shows it"),
        ("actions",),
        rows=Rows("actions", _("Required actions"), _("Action"), ACTION, paged=True),
    ),
    Section(
        "surveys",
        _("Surveys and thresholds"),
        _("Questions, who is asked, and from which share what follows"),
        ("instruments",),
        rows=Rows("instruments", _("Surveys"), _("Survey"), INSTRUMENT, paged=True),
    ),
    Section(
        "bands",
        _("Bands of satisfaction"),
        _("As reports show them"),
        ("bands",),
        rows=Rows("bands", _("Bands of satisfaction"), _("Band"), BAND, paged=True),
    ),
    Section(
        "transition",
        _("Transition"),
        _("Who consents, in which order, and what the application holds"),
        ("transition",),
        Table(
            (
                Entry("mode", _("Order of consent"), "choice", choices=choices.modes, required=True),
                Entry("meeting", _("A transition meeting is held after the consent"), "flag"),
                Entry("meeting_rule", _("The meeting in the words of the source"), "long"),
                Entry("filing", _("Filed with")),
                Entry("subordinate", _("Whom subordinate organisations ask"), "long"),
                Entry("summary_levels", _("Who sums the stage up first"), "choices", choices=choices.summary_levels),
            ),
            (STEPS, PARTS),
        ),
    ),
    Section(
        "closing",
        _("Closing"),
        _("How a unit's campaign ends"),
        ("closing",),
        Table(
            (
                Entry("summary", _("A summary report is handed in"), "flag"),
                Entry("meeting", _("A closing meeting is held"), "flag"),
            ),
            (STEPS, GATE, PARTS),
        ),
        optional=True,
    ),
    Section(
        "makeup",
        _("Make-up"),
        _("What may lead to a make-up order"),
        ("makeup",),
        rows=Rows("makeup", _("A make-up may be ordered for"), _("Cause"), MAKEUP, paged=True),
    ),
    Section(
        "yellow-card",
        _("Yellow card"),
        _("What triggers it, and the causes that count"),
        ("sanctions", "yellow_card"),
        Table(
            (
                Entry("triggers", _("Triggered by"), "choices", choices=choices.triggers),
                Entry("rule", _("Words of the source"), "long"),
            ),
            (Rows("causes", _("Causes that count"), _("Cause"), ITEM),),
        ),
        optional=True,
    ),
    Section(
        "admonition",
        _("Collective admonition"),
        _("After how many yellow cards"),
        ("sanctions", "admonition"),
        Table((Entry("cards", _("Yellow cards"), "integer"), Entry("rule", _("Words of the source"), "long"))),
        optional=True,
    ),
    Section(
        "analysis",
        _("Self-analysis"),
        _("Least number of characters, who need not write, and what the editor asks for"),
        ("analysis",),
        Table(
            (
                Entry("exempt", _("Need not write"), "choices", choices=choices.exempt),
                Entry("review_before_test", _("The paper is reviewed before the member's test"), "flag"),
            ),
            (
                Rows(
                    "words",
                    _("Least number of characters"),
                    _("Rule"),
                    Table(
                        (
                            Entry("who", _("Of whom"), "choice", choices=choices.words_for, required=True),
                            Entry("minimum", _("Characters"), "integer", required=True),
                        )
                    ),
                    identity="who",
                    titles=("who",),
                ),
                Rows("sources", _("Sources of the problems"), _("A source"), ITEM),
            ),
        ),
        optional=True,
    ),
    Section(
        "routing",
        _("Who reviews whose self-analysis"),
        _("The first rule that matches decides"),
        ("routing",),
        rows=Rows("routing", _("Rules"), _("Rule"), ROUTE, identity="", paged=True, titles=("author", "name")),
    ),
    deed_sections.TALKS,
    deed_sections.STYLE_REVIEW,
    deed_sections.APPRAISAL,
    deed_sections.HANDLING,
    Section(
        "plans",
        _("Rectification plans"),
        _("Days of notice, and who adopts them"),
        ("plans",),
        rows=Rows("plans", _("Rectification plans"), _("Plan"), PLAN, identity="owner", paged=True, titles=("owner",)),
    ),
    deed_sections.LEDGER,
    deed_sections.LOOK_BACKS,
    deed_sections.COMMENDATIONS,
    Section(
        "reports",
        _("Weekly reports"),
        _("Weekday, hour, how many, and their parts"),
        ("reports",),
        rows=Rows("reports", _("Reports"), _("Report"), REPORT, paged=True),
    ),
    Section(
        "bulletin",
        _("Bulletin"),
        _("Masthead, issuer, and to whom it goes"),
        ("bulletin",),
        Table(
            (
                Entry("masthead", _("Masthead"), required=True),
                Entry("issuer", _("Issuer"), required=True),
                Entry("weekday", _("Drafted on"), "weekday", choices=choices.weekdays, required=True),
                Entry("time", _("Drafted at"), "clock", required=True),
                Entry("report_to", _("Reported to (报)"), "long"),
                Entry("send_to", _("Sent to (送)"), "long"),
                Entry("distribute_to", _("Distributed to (发)"), "long"),
            )
        ),
    ),
    Section(
        "statements",
        _("Guiding thought, principles, goals"),
        _("What the plan shows in the words of the source"),
        ("statements",),
        rows=Rows(
            "statements",
            _("Guiding thought, principles, goals"),
            _("A statement"),
            Table((NAME,), (Rows("items", _("Lines of the list"), _("Line"), ITEM),)),
            paged=True,
        ),
    ),
    Section(
        "lists",
        _("Lists"),
        _("Enumerations of the source, such as the six educations"),
        ("lists",),
        rows=Rows("lists", _("Lists"), _("List"), LISTED, paged=True, titles=("key", "name")),
    ),
    Section(
        "parameters",
        _("Other rules, in words"),
        _("What pages show and nothing computes"),
        ("parameters",),
        Table(tuple(Entry(one.key, one.name, "long") for one in catalogue())),
        optional=True,
    ),
)
BY_SLUG = {section.slug: section for section in SECTIONS}
