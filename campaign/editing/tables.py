"""The tables of a playbook's lists as pages show them: a stage, an action, a survey, a report and so on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaign.editing import choices
from campaign.editing.schema import Document, Entry, Rows, Table

NAME = Entry("name", _("What it is called"), required=True)
ITEM = Table((NAME,))
OURS = _("Assumed by us; the source is silent")
DEFAULT = Entry("default", OURS, "flag")
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
        Entry("transition_default", OURS, "flag"),
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
USUAL_ANSWERS: tuple[Document, ...] = (
    {"key": "satisfied", "text": {"zh": "满意", "en": "Satisfied"}, "satisfied": True},
    {"key": "basically", "text": {"zh": "基本满意", "en": "Basically satisfied"}, "satisfied": True},
    {"key": "dissatisfied", "text": {"zh": "不满意", "en": "Dissatisfied"}, "adverse": True},
)
QUESTION = Table(
    (
        Entry("text", _("Question"), "long", required=True),
        Entry("decisive", _("Decides"), "flag"),
        Entry("by_row", _("Answered for each row of a table: a member or a department"), "flag"),
        DEFAULT,
    ),
    (
        Rows(
            "options",
            _("Answers"),
            _("Option"),
            OPTION,
            titles=("text",),
            start=USUAL_ANSWERS,
            hint=_("At least two. A new question without any gets the usual three."),
        ),
    ),
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
        Entry("comment", _("Question for words of one's own"), "long", hint=_("Left empty: none is asked for.")),
        Entry("note", _("Rule without a figure"), "long"),
    ),
    (
        Rows("thresholds", _("Thresholds"), _("Threshold"), THRESHOLD, identity="", titles=("rule",)),
        Rows("groups", _("Who is asked"), _("Group"), Table((NAME, DEFAULT))),
        Rows(
            "questions",
            _("Questions and answers"),
            _("Question"),
            QUESTION,
            paged=True,
            titles=("text",),
            hint=_("Each gets the usual three answers; others are written on the question's own page afterwards."),
        ),
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
        Entry(
            "escalation_days",
            _("Days late until the superior organisation is told"),
            "integer",
            hint=_("Left empty: 3, assumed by us. Not for reports in principle."),
            more=True,
        ),
        Entry(
            "points_accepted",
            _("Points for a report accepted"),
            "integer",
            hint=_("Left empty with the other two: reports are not scored."),
            more=True,
        ),
        Entry("points_used", _("Points for a report used in the bulletin"), "integer", more=True),
        Entry(
            "points_above",
            _("Points for a report used by the superior office"),
            "integer",
            hint=_("A report counts once, at the highest it came to."),
            more=True,
        ),
        Entry(
            "points_rule",
            _("Words of the source on points"),
            "long",
            hint=_("Left empty: the points are shown as the office's own choice."),
            more=True,
        ),
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
