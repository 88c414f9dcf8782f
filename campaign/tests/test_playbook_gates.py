"""What the gates and actions of the shipped playbooks name: every check and every tool is there, and none is idle."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from campaign import findings, tools, words
from campaign.editing import choices
from campaign.editing.sections import SECTIONS
from campaign.playbook import available, loads
from campaign.playbook.work import TOOLS

BOOKS = {book.key: book for book in available()}
CHECKS = {
    check.check for book in BOOKS.values() for gate in (book.closing, *book.stages) for check in gate.gate
}  # fmt: skip


def test_every_tool_of_a_playbook_is_kept_by_a_room_and_every_tool_is_named():
    named = {action.tool for book in BOOKS.values() for action in book.actions if action.tool}
    assert named == tools.registered() == set(TOOLS)


def test_every_tool_leads_to_a_page():
    for key in tools.registered():
        assert reverse(tools._tools[key].url_name, args=[1])


def test_every_check_is_asked_for_by_a_playbook_and_none_is_unknown():
    assert findings.registered() == CHECKS


@pytest.mark.parametrize(
    ("table", "keys"), [(words.CHECKS, findings.registered), (choices.TOOL_WORDS, lambda: frozenset(TOOLS))]
)
def test_every_check_and_tool_has_a_name_in_both_languages(table, keys):
    assert table.keys() == keys()
    for key in keys():
        with translation.override("en"):
            english = str(table[key])
        with translation.override("zh-hans"):
            assert str(table[key]) != english, key
        assert "_" not in english


@pytest.mark.parametrize("key", sorted(BOOKS))
def test_what_a_check_looks_at_is_in_the_playbook(key):
    """A check without its rule would never find anything: it does not stand in a gate."""
    book = BOOKS[key]
    needs = {
        "study_hours": book.study.hours,
        "concentrated_days": book.study.concentrated_days,
        "coverage": book.study.coverages,
        "talks": book.talks,
        "plans_adopted": book.plans,
        "self_analyses": book.routing,
        "weekly_reports": book.reports,
        "knowledge_test": any(action.tool == "knowledge_test" for action in book.actions),
        "appraisal_report_out": book.appraisal.report_out,
    }
    for stage in book.stages:
        for check in stage.gate:
            assert needs.get(check.check, True), (stage.key, check.check)
        if any(check.check == "lookback" for check in stage.gate):
            assert any(one.phase == stage.key for one in book.lookbacks)
    for lookback in book.lookbacks:
        gate = book.closing.gate if lookback.phase == "after" else book.stage(lookback.phase).gate
        assert any(check.check == "lookback" for check in gate)


@pytest.mark.parametrize("key", sorted(BOOKS))
def test_a_tool_stands_where_its_rule_is(key):
    book = BOOKS[key]
    for action in book.actions:
        if action.tool == "lookback":
            assert any(one.phase == action.phase for one in book.lookbacks)
        if action.tool == "preparation":
            assert book.preparation.items and action.phase == "prep"
        if action.tool == "style_review":
            assert book.style_review and book.style_review.phase == action.phase
        if action.tool == "closing":
            assert action.phase == "after"
        if action.who == "unqualified":
            assert action.tool == "handling"


# What each source makes a condition of going on, beside activities, marks, hours, surveys and make-ups.
CONDITIONS = {
    ("yibin-city", "study"): {"knowledge_test"},  # E-36, E-37
    ("yibin-city", "analysis"): {"self_analyses", "member_tests", "appraisals", "appraisal_report_out"},  # F-12..F-31
    ("yibin-city", "rectification"): {"plans_adopted", "help_given"},  # O-01..O-03, P-01
    ("yibin-city", "closing"): {"lookback"},  # H-02
    ("xingwen-county", "analysis"): {"self_analyses"},  # F-12
    ("linyi-city", "analysis"): {  # F-15, F-28..F-33, F-40, J-17
        *("lookback", "appraisals", "self_analyses_rechecked", "appraisal_report_out", "help_given"),
    },
    ("cuiping-district", "analysis"): {"talks", "member_tests", "appraisals"},  # F-17, F-24, F-27
    ("cuiping-district", "rectification"): {"plans_adopted"},  # O-01..O-03
}
EVERYWHERE = {"actions", "member_marks", "study_hours", "concentrated_days", "coverage", "survey", "open_makeups"}


@pytest.mark.parametrize("key", sorted(BOOKS))
def test_what_is_hard_is_what_the_source_makes_a_condition(key):
    book = BOOKS[key]
    gates = {**{stage.key: stage.gate for stage in book.stages}, "closing": book.closing.gate}
    for stage, gate in gates.items():
        hard = {check.check for check in gate if not check.soft}
        assert hard - EVERYWHERE == CONDITIONS.get((key, stage), set()), stage
        assert {"actions", "member_marks", "open_makeups"} <= hard


# ---------------------------------------------------------------- docs/playbooks.md
GUIDE = (Path(settings.BASE_DIR) / "docs" / "playbooks.md").read_text(encoding="utf-8")
WHOLE, *TABLES = sorted(re.findall(r"^```toml\n(.*?)^```", GUIDE, re.M | re.S), key=lambda text: "level =" not in text)


def test_the_whole_example_loads_and_its_stages_are_its_own():
    book = loads(WHOLE, known_checks=findings.registered())
    assert [stage.key for stage in book.stages] == ["listen", "mend"]
    assert book.instrument("pulse").thresholds[0].reached(1, 7)
    assert {action.tool for action in book.actions} == {"opinions", "ledger", None}


@pytest.mark.parametrize("table", TABLES, ids=[text.split("\n", 1)[0] for text in TABLES])
def test_each_example_can_be_added_to_the_whole_one(table):
    book = loads(f"{WHOLE}\n{table}", known_checks=findings.registered())
    assert book != loads(WHOLE)


def test_the_guide_has_an_example_of_every_newer_table():
    shown = {text.split("\n", 1)[0].strip("[]") for text in TABLES}
    assert shown >= {
        *("bands", "closing", "unit_types", "preparation", "talks", "appraisal", "handling"),
        *("ledger", "lookbacks", "style_review", "commendations"),
    }


def test_the_guide_names_every_table_entry_check_and_tool():
    prose = re.sub(r"^```.*?^```", "", GUIDE, flags=re.M | re.S)
    said = set(re.findall(r"[a-z_0-9]+", " ".join(re.findall(r"`([^`]+)`", prose))))
    names = {*findings.registered(), *TOOLS}
    for section in SECTIONS:
        names |= {*section.path, *(entries(section.rows.table) if section.rows else entries(section.table))}
    parameters = {one.key for one in BOOKS["yibin-city"].parameters}  # the guide leads to their own file
    assert names - said - parameters - {"weight"} == set()


def entries(table):
    """Keys of a table and of the rows in it."""
    found = {entry.key for entry in table.entries}
    for rows in table.rows:
        found |= {rows.key} | entries(rows.table)
    return found
