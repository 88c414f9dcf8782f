"""Where the five sources disagree, each playbook behaves in its own way: one test for each of the conflicts X-01..X-28.

Wherever a function applies the rule, it is asked; only what is shown and not applied is read from the playbook.
"""

import datetime as dt
from fractions import Fraction

import pytest

from assessments import routing
from assessments.queries import analyses
from assessments.results import band_of
from campaign import setup, steps
from campaign.playbook import Playbook, load_file
from campaign.tests.factories import evidence_of, make_world
from reports import weeks
from supervision import chain
from units.models import Member

YIBIN, XINGWEN, MEISHAN, LINYI, CUIPING = (
    *("yibin-city", "xingwen-county", "meishan-city", "linyi-city", "cuiping-district"),
)
KEYS = (YIBIN, XINGWEN, MEISHAN, LINYI, CUIPING)
BOOKS = {key: load_file(key) for key in KEYS}


def each(*values):
    """A value for each playbook, in the order of the sources."""
    assert len(values) == len(KEYS)
    return pytest.mark.parametrize(("key", "expected"), list(zip(KEYS, values, strict=True)), ids=KEYS)


def made_up(book: Playbook, instrument: str, *answers: str, of: int = 1000) -> int | None:
    """The least number of these answers, of so many valid ballots, that leads to a make-up or rectification anew."""
    one = book.instrument(instrument)
    for threshold in one.thresholds if one else ():
        if not threshold.default and set(threshold.options) == set(answers):
            return next((votes for votes in range(of + 1) if threshold.reached(votes, of)), None)
    return None


def words(book: Playbook, key: str) -> str:
    value = book.parameter(key).value
    return value.zh if value else ""


# ---------------------------------------------------------------- surveys
@each((300, ("dissatisfied",)), (501, ("dissatisfied",)), None, (100, ("dissatisfied",)), (300, ("so_so", "show")))
def test_x01_when_stage_two_is_made_up(key, expected):
    """At or above a share, or above half; in one district two answers are added up (decisions 2, 3, 5)."""
    book = BOOKS[key]
    if expected is None:
        assert book.instrument("stage2") is None and not any(one.thresholds for one in book.instruments)
        return
    votes, answers = expected
    assert made_up(book, "stage2", *answers) == votes
    (threshold,) = book.instrument("stage2").thresholds
    assert threshold.override is (key == LINYI)  # decision 4: "generally"
    assert threshold.question == book.instrument("stage2").decisive.key


@each((1, 3, 0), (1, 3, 0), (1, 3, 3), (1, 3, 0), (3, 3, 0))
def test_x02_questions_answers_and_bands(key, expected):
    book = BOOKS[key]
    survey = next(one for one in book.instruments if one.subject == "unit" and not one.closing)
    assert (len(survey.questions), len(survey.decisive.options), len(book.bands)) == expected


@pytest.mark.parametrize(
    ("rate", "band"),
    [
        (Fraction(95, 100), "high"),
        (Fraction(9499, 10000), "middle"),
        (Fraction(9, 10), "middle"),
        (Fraction(1, 2), "low"),
    ],
)
def test_x02_bands_of_meishan(rate, band):
    assert band_of(BOOKS[MEISHAN], rate).key == band
    assert band_of(BOOKS[YIBIN], rate) is None


@each("office", None, None, "supervision", None)
def test_x03_who_holds_the_survey(key, expected):
    survey = next(one for one in BOOKS[key].instruments if one.subject == "unit" and not one.closing)
    assert survey.organiser == expected


@each((501, "supervised_rectification", False), (501, "makeup", False), None, None, (300, "makeup", True))
def test_x04_what_follows_a_poor_closing_survey(key, expected):
    survey = BOOKS[key].instrument("closing")
    if expected is None:
        assert survey is None or not survey.thresholds
        return
    votes, consequence, default = expected
    (threshold,) = survey.thresholds
    assert threshold.reached(votes, 1000) and not threshold.reached(votes - 1, 1000)
    assert (threshold.consequence, threshold.default) == (consequence, default)


@each(5, 0, 1, None, 0)
def test_x05_who_votes_at_the_end(key, expected):
    survey = BOOKS[key].instrument("closing")
    assert (len([group for group in survey.groups if not group.default]) if survey else None) == expected


# ---------------------------------------------------------------- transition
@each(
    ("parallel", ["office", "supervision"], []),
    ("sequential", ["supervision"], ["office"]),
    ("sequential", [], ["supervision", "office"]),
    ("sequential", ["supervision", "leading_group"], []),
    ("parallel", ["office", "supervision"], []),
)
def test_x06_who_consents(key, expected):
    """(mode, bodies that the source names, bodies that we assume)."""
    book = BOOKS[key]
    rule = chain.rule_at(book, book.stages[1].key)
    stated = [step.body for step in rule.steps if not step.default]
    assert (rule.mode, stated, [step.body for step in rule.steps if step.default]) == expected
    assert rule.steps[-1].verb == "approve" or rule.mode == "parallel"


@each(["study"], ["study", "analysis", "rectification"], [], ["analysis"], ["study", "analysis", "rectification"])
def test_x07_where_the_source_asks_for_an_application(key, expected):
    stages = BOOKS[key].stages
    assert [stage.key for stage in stages if stage.transition and not stage.transition_default] == expected
    assert all(stage.transition for stage in stages)  # the application is there all the same


def test_x07_the_six_steps_of_linyi_stand_in_their_order():
    book = BOOKS[LINYI]
    assert [step.key for step in book.lookback("eight_checks").steps] == [
        *("self_check", "survey", "report", "review", "approve", "meeting"),
    ]
    rule = book.transition
    assert [part.key for part in rule.parts] == ["situation", "satisfaction", "next_stage"] and not rule.parts_default
    assert rule.summary_levels == ("member", "branch", "unit")
    assert rule.filing and rule.meeting
    assert len(book.items("summary")) == 7


# ---------------------------------------------------------------- reports
@each(2, 1, None, None, None)
def test_x08_briefs_a_week(key, expected):
    rule = BOOKS[key].report("brief")
    assert (weeks.needed(rule) if rule else None) == expected


WEEK = dt.date(2026, 3, 2)  # a Monday


@each(dt.date(2026, 3, 6), None, None, None, None)
def test_x09_weekly_report(key, expected):
    rule = BOOKS[key].report("weekly_report")
    assert (weeks.regular_due(rule, WEEK).date() if rule else None) == expected


@each((dt.date(2026, 3, 8), "23:59"), (dt.date(2026, 3, 5), "12:00"), None, None, None)
def test_x10_report_of_the_supervision_group(key, expected):
    rule = BOOKS[key].report("supervision_report")
    due = weeks.regular_due(rule, WEEK) if rule else None
    assert ((due.date(), f"{due:%H:%M}") if due else None) == expected


# ---------------------------------------------------------------- stage 1
@each((4, 23), (0, 10), (0, 6), (0, 0), (3, 15))
def test_x11_links_and_actions_of_stage_one(key, expected):
    book = BOOKS[key]
    assert (len(book.items("s1_links")), len(book.actions_for("study"))) == expected


@each(6, 0, 3, 0, 5)
def test_x12_educations(key, expected):
    assert len(BOOKS[key].items("educations")) == expected
    assert (BOOKS[key].action("tradition_education") is not None) is (key == YIBIN)


@each(5, 10, 0, 0, 3)
def test_x13_activities(key, expected):
    assert len(BOOKS[key].items("activities")) == expected


@each("soft", None, None, None, "gate")
def test_x14_essay_on_classics(key, expected):
    action = BOOKS[key].action("classics_essay")
    assert (("gate" if action.gate else "soft") if action else None) == expected


# ---------------------------------------------------------------- stage 2
@each((1500, 2500), (None, None), (None, None), (None, None), (None, None))
def test_x15_length_of_a_self_analysis(key, expected):
    ordinary = Member(post_level=Member.PostLevel.STAFF, can_write=True)
    leader = Member(post_level=Member.PostLevel.LEADER, can_write=True)
    rules = BOOKS[key].analysis
    assert (analyses.minimum_for(rules, ordinary), analyses.minimum_for(rules, leader)) == expected
    assert ("不强求一律" in words(BOOKS[key], "word_ordinary")) is (key == MEISHAN)


@each(
    ("branch_committee", False, False),
    ("branch", True, False),
    ("branch", True, False),
    ("branch", False, True),
    ("branch", False, False),
)
def test_x16_who_decides_the_opinion_and_who_signs(key, expected):
    appraisal = BOOKS[key].appraisal
    assert (appraisal.opinion_by, appraisal.opinion_by_default, appraisal.signature) == expected
    assert bool(words(BOOKS[key], "signature")) is appraisal.signature


@pytest.mark.parametrize(("key", "reviewer"), [(YIBIN, "organization_secretary"), (LINYI, "branch_secretary")])
def test_the_same_paper_goes_to_another_reviewer(key, reviewer):
    seats = [
        routing.Seat(1, "branch_secretary", "000100010001"),
        routing.Seat(2, "organization_secretary", "00010001"),
    ]
    author = routing.AuthorFacts(path="000100010001", user=9, leading_path="00010001")
    assert routing.route(BOOKS[key].routing, author, seats).reviewer == reviewer


# ---------------------------------------------------------------- stage 3
@each(4, 0, 0, 0, 3)
def test_x17_winds(key, expected):
    assert len(BOOKS[key].items("winds")) == expected


@each(
    ([False, True, False], [False, False, True]),
    ([], []),
    ([], []),
    ([], []),
    ([True, False, False], [False, True, True]),
)
def test_x18_outcomes_of_handling(key, expected):
    """Which outcomes have a date, and which end membership."""
    outcomes = BOOKS[key].handling.outcomes
    assert ([one.dated for one in outcomes], [one.leaves for one in outcomes]) == expected
    assert BOOKS[key].handling.written_application is (key == YIBIN)


@each(False, False, False, False, True)
def test_x19_refusing_the_oath(key, expected):
    assert bool(BOOKS[key].handling.oath_refusal) is expected


@pytest.mark.django_db
@each(None, None, None, None, (3, 3))
def test_x20_banners_and_columns(key, expected):
    """Asked for, and counted, in one district only."""
    w = make_world(playbook=key)
    asked = {step.action.key: step.need for step in steps.checklist(evidence_of(w.p.archives))}
    found = tuple(asked[name] for name in ("banners", "columns") if name in asked)
    assert (found or None) == expected
    assert bool(words(BOOKS[key], "banners")) is (expected is not None)


@each(None, None, None, None, (20, 5, 3))
def test_x21_opinions_of_representatives(key, expected):
    review = BOOKS[key].style_review
    assert ((review.minimum, len(review.representatives), len(review.items)) if review else None) == expected


@each(None, 2, None, None, None)
def test_x22_yellow_cards_and_admonition(key, expected):
    sanctions = BOOKS[key].sanctions
    assert (sanctions.admonition.cards if sanctions.admonition else None) == expected
    assert (sanctions.yellow_card is not None) is (key == XINGWEN)


@each("5月上旬", "", "", "5月开始", "5月中旬")
def test_x23_end_of_stage_three(key, expected):
    window = BOOKS[key].stage("rectification").window
    assert (expected in window.zh) if expected else window is None


@each(("after", 4, 0), ("rectification", 0, 0), None, ("analysis", 26, 6), None)
def test_x24_look_back(key, expected):
    """(phase of the action, questions, steps)."""
    book = BOOKS[key]
    action = book.action("look_back")
    if expected is None:
        assert action is None and not book.lookbacks
        return
    phase, questions, ordered = expected
    assert action.phase == phase
    assert sum(len(one.questions) for one in book.lookbacks) == questions
    assert all(one.phase == phase for one in book.lookbacks)
    assert sum(len(one.steps) for one in book.lookbacks) == ordered


@pytest.mark.django_db
@each((True, False), (False, False), (False, True), (False, False), (False, False))
def test_x25_in_step_or_staggered_staged_or_not(key, expected):
    """(subordinates follow their superior, a social association is proposed without stages)."""
    w = make_world(playbook=key, started=False)
    type(w.t.archives_unit).objects.filter(pk=w.t.archives_unit.pk).update(special_type="社会团体")
    type(w.t.court_unit).objects.filter(pk=w.t.court_unit.pk).update(type="学校", special_type="")
    proposals = {one.organization: one for one in setup.propose(host=w.t.county, batch=w.batch)}
    assert (w.playbook.schedule.follow_parent, proposals[w.t.archives].unstaged) == expected
    assert not proposals[w.t.court].unstaged


@each("三为民", "三为民", "与党同心", "双联双带", "四走进")
def test_x26_theme_practice(key, expected):
    assert expected in words(BOOKS[key], "practice")


@each(
    ["at_once", "time_limit", "joint", "explain"],
    [],
    [],
    ["at_once", "time_limit", "explain"],
    ["at_once", "time_limit", "joint", "explain"],
)
def test_x27_kinds_of_problems(key, expected):
    kinds = BOOKS[key].problem_kinds
    assert [kind.treatment for kind in kinds] == expected
    if key in {YIBIN, CUIPING}:  # the last kind is narrower in the district
        assert ("暂时解决不了" in kinds[-1].name.zh) is (key == YIBIN)


@each(
    ["member", "organization"],
    ["member", "organization", "member", "member"],
    [],
    [],
    ["member", "organization"],
)
def test_x28_commendation_lists(key, expected):
    assert [one.subject for one in BOOKS[key].commendations] == expected
