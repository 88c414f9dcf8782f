"""The parts of a playbook that the office edits, in the order of the plan page, with the words for each entry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaign import words
from campaign.editing import choices, deed_sections
from campaign.editing.schema import Entry, Rows, Section, Table
from campaign.playbook.parameters import catalogue

NAME, ITEM = deed_sections.NAME, deed_sections.ITEM
DEFAULT = Entry("default", deed_sections.OURS, "flag")
FIELD_ROW = Table((NAME, Entry("required", _("Must be filled in"), "flag", otherwise=True)))
STEP = Table(
    (
        Entry("body", _("Who consents"), "choice", choices=choices.bodies, required=True),
        Entry("verb", _("How"), "choice", choices=choices.verbs, required=True),
        Entry("name", _("As the page names it"), required=True),
        DEFAULT,
    )
)
CHECK = Table(
    (
        Entry("check", _("Check"), "choice", choices=choices.checks, required=True),
        Entry("soft", _("In principle: shown, blocks nothing"), "flag"),
        Entry("override", _("May be passed over with a written reason"), "flag"),
        Entry("instrument", _("Survey"), "choice", choices=choices.instruments, more=True),
        Entry("report", _("Report"), "choice", choices=choices.reports, more=True),
        Entry("coverage", _("Coverage"), "choice", choices=choices.coverages, more=True),
        Entry("actions", _("Only these actions"), "choices", choices=choices.actions, more=True),
        Entry("share", _("Share"), "share", more=True),
        Entry("minimum", _("At least"), "integer", more=True),
    )
)
STEPS = Rows(
    "steps",
    _("Chain of consent"),
    _("Consent"),
    STEP,
    identity="body",
    hint=_("Steps that review, and at least one that approves; one after another, the last must approve."),
)
GATE = Rows(
    "gate",
    _("Gate checks"),
    _("Check"),
    CHECK,
    identity="",
    titles=("check",),
    hint=_("What is looked at before the stage may be left, in this order."),
)
PARTS = Rows("parts", _("Parts of the application"), _("Part"), ITEM)

STAGE = Table(
    (
        NAME,
        Entry("aim", _("Aim"), "long"),
        Entry("days", _("Typical length in days"), "integer", hint=_("Shows overruns; never moves a stage.")),
        Entry("window", _("When, in words")),
        Entry("transition", _("An application is needed at its end"), "flag"),
        Entry("transition_default", deed_sections.OURS, "flag"),
    ),
    (GATE,),
)
ACTION = Table(
    (
        NAME,
        Entry("description", _("What is to be done"), "long"),
        Entry("phase", _("When it belongs"), "choice", choices=choices.phases, required=True),
        Entry("weight", _("Weight"), "weight", choices=choices.weights, required=True),
        Entry("key_link", _("Key step: also required of units without stages"), "flag"),
        Entry("per", _("Who must each do it"), "choices", choices=choices.pers, required=True),
        Entry("who", _("Which members"), "choice", choices=choices.whos),
        Entry("by", _("Who, in the words of the source")),
        Entry("evidence", _("Shown by"), "choice", choices=choices.evidence, required=True),
        Entry("proof", _("What shows it, in the words of the source")),
        Entry("count", _("Times, at least"), "integer", hint=_("Left empty: once.")),
        Entry("per_stage", _("Once more in every stage"), "flag"),
        Entry("deadline", _("Until when, in words")),
        Entry("guidance", _("Guidance"), "long"),
        Entry("tool", _("Where it is worked on"), "choice", choices=choices.tools),
        Entry("coverage", _("Coverage that attendance gives"), "choice", choices=choices.coverages),
        Entry("instrument", _("Survey that shows it"), "choice", choices=choices.instruments),
        Entry("report", _("Report that shows it"), "choice", choices=choices.reports),
    ),
    (Rows("fields", _("Boxes to tick"), _("Box"), FIELD_ROW),),
)
OPTION = Table(
    (
        Entry("text", _("Option"), required=True),
        Entry("satisfied", _("Counts as satisfied"), "flag"),
        Entry("adverse", _("Counts against the unit"), "flag"),
    )
)
QUESTION = Table(
    (Entry("text", _("Question"), "long", required=True), Entry("decisive", _("Decides"), "flag"), DEFAULT),
    (Rows("options", _("Answers"), _("Option"), OPTION, titles=("text",)),),
)
THRESHOLD = Table(
    (
        Entry("question", _("Question"), "choice", choices=choices.questions, required=True),
        Entry("options", _("Answers added up"), "choices", choices=choices.answers, required=True),
        Entry("op", _("Reached when the share"), "choice", choices=choices.operators),
        Entry("share", _("Share of valid ballots"), "share", required=True),
        Entry("consequence", _("What follows"), "choice", choices=choices.consequences, required=True),
        Entry("rule", _("Words of the source"), "long", required=True),
        Entry("override", _("May be passed over with a written reason"), "flag"),
        DEFAULT,
    )
)
INSTRUMENT = Table(
    (
        NAME,
        Entry("when", _("When it is held"), "choice", choices=choices.occasions, required=True),
        Entry("stage", _("Stage of a member's test"), "choice", choices=choices.stages),
        Entry("organiser", _("Who holds it"), "choice", choices=choices.organisers),
        Entry("after_review", _("Only after the paper has passed its review"), "flag"),
        Entry("closing", _("It ends the campaign"), "flag"),
        Entry("note", _("Rule without a figure"), "long"),
    ),
    (
        Rows("thresholds", _("Thresholds"), _("Threshold"), THRESHOLD, identity="", titles=("rule",)),
        Rows("groups", _("Who is asked"), _("Group"), Table((NAME, DEFAULT))),
        Rows("questions", _("Questions and answers"), _("Question"), QUESTION, paged=True, titles=("text",)),
    ),
)
REPORT = Table(
    (
        NAME,
        Entry("reporter", _("By whom"), "choice", choices=choices.reporters, required=True),
        Entry("to", _("To whom")),
        Entry("minimum", _("How many a week, at least"), "integer", required=True),
        Entry(
            "weekday", _("Due on"), "weekday", choices=choices.weekdays, hint=_("Left empty: by the end of the week.")
        ),
        Entry("time", _("Due at"), "clock", hint=_("Left empty: by the end of the day.")),
        Entry("soft", _("In principle: reminded and counted, blocks nothing"), "flag"),
        Entry("rule", _("Words of the source"), "long", required=True),
        Entry("guidance", _("Guidance"), "long"),
    ),
    (Rows("fields", _("Parts of the report"), _("Part"), FIELD_ROW),),
)
PLAN = Table(
    (
        Entry("owner", _("Whose plan"), "choice", choices=choices.owners, required=True),
        Entry("scope", _("Where it is shown"), required=True),
        Entry("days", _("Days of public notice"), "integer", hint=_("Left empty: 7.")),
        Entry("adoption", _("How it is adopted"), "choice", choices=choices.adoptions),
        Entry("rule", _("Words of the source"), "long", required=True),
    )
)
ROUTE = Table(
    (
        Entry("author", _("Self-analysis of"), "choice", choices=choices.authors, required=True),
        Entry("reviewer", _("Reviewed by"), "choice", choices=choices.reviewers, required=True),
        Entry("name", _("Words of the source"), "long", required=True),
        DEFAULT,
    )
)
LINE = Table(
    (
        NAME,
        Entry(
            "treatment",
            _("What the rectification ledger asks for"),
            "choice",
            hint=_("Only for kinds of problems."),
            choices=choices.treatments,
            more=True,
        ),
    )
)
LISTED = Table(
    (
        Entry("key", _("Which list"), "choice", choices=choices.list_keys, required=True, fixed=True),
        Entry("name", _("Name in the source")),
    ),
    (Rows("items", _("Lines of the list"), _("Line"), LINE),),
)
BATCH = Table(
    (Entry("number", _("Number"), "integer", required=True, fixed=True), NAME, Entry("window", _("When, in words")))
)
BAND = Table(
    (
        NAME,
        Entry("at_least", _("From this share"), "share", required=True),
        Entry("below", _("To under this share"), "share"),
    )
)
MAKEUP = Table((NAME, Entry("stages", _("Only in these stages"), "choices", choices=choices.stages)))

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
                Rows("sources", _("Sources of the problems"), _("Source"), ITEM),
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
