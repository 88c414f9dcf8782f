"""A playbook with faults names them all; any other playbook loads without a line of code."""

import copy
import json
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.playbook import Playbook, PlaybookFault, PlaybookInvalid, from_snapshot, load_file, loads

TWO_STAGES = """
key = "harbour"
name = { zh = "港口", en = "Harbour" }
level = "organization"
source = { zh = "会议", en = "Meeting" }
batches = [{ number = 1, name = { zh = "全体", en = "Everybody" } }]
[[stages]]
key = "listen"
name = { zh = "听", en = "Listen" }
transition = true
gate = [{ check = "actions" }, { check = "survey", instrument = "pulse", override = true }]
[[stages]]
key = "mend"
name = { zh = "改", en = "Mend" }
[[actions]]
key = "round"
phase = "listen"
name = { zh = "走访", en = "Round of visits" }
per = ["branch"]
evidence = "record"
count = 2
gate = true
[[instruments]]
key = "pulse"
name = { zh = "测评", en = "Pulse" }
when = "each"
[[instruments.questions]]
key = "solid"
text = { zh = "是不是走了过场", en = "Was it for show?" }
decisive = true
options = [
  { key = "solid", text = { zh = "扎实", en = "Solid" }, satisfied = true },
  { key = "so_so", text = { zh = "一般化", en = "So-so" }, adverse = true },
  { key = "show", text = { zh = "走了过场", en = "For show" }, adverse = true },
]
[[instruments.thresholds]]
question = "solid"
options = ["so_so", "show"]
share = [3, 10]
consequence = "makeup"
override = true
rule = { zh = "补课", en = "made up" }
[transition]
mode = "sequential"
steps = [
  { body = "supervision", verb = "review", name = { zh = "督导组", en = "Supervision" } },
  { body = "leading_group", verb = "approve", name = { zh = "领导小组", en = "Leading group" } },
]
parts = [{ key = "one", name = { zh = "情况", en = "Situation" } }]
"""
BANDS = """
[[bands]]
key = "low"
name = { zh = "90%以下", en = "under 90%" }
at_least = "0%"
below = "90%"
[[bands]]
key = "high"
name = { zh = "95%以上", en = "95% and above" }
at_least = "95％"
[[bands]]
key = "middle"
name = { zh = "90%至95%", en = "90% to 95%" }
at_least = [9, 10]
below = "95%"
"""


def faults_of(text: str, **options: Any) -> list[PlaybookFault]:
    with translation.override("en"), pytest.raises(PlaybookInvalid) as caught:
        loads(text, **options)
    return list(caught.value.faults)


def changed(old: str, new: str) -> str:
    assert old in TWO_STAGES
    return TWO_STAGES.replace(old, new, 1)


def test_a_playbook_of_two_other_stages_loads() -> None:
    book = loads(TWO_STAGES + BANDS)
    assert [stage.key for stage in book.stages] == ["listen", "mend"]
    assert book.next_stage("listen") == book.stage("mend")
    assert book.transition and [step.body for step in book.transition.steps] == ["supervision", "leading_group"]
    assert [band.key for band in book.bands] == ["high", "middle", "low"]
    rule = book.instrument("pulse").thresholds[0]
    assert rule.reached(3, 10) and rule.override
    assert from_snapshot(book.snapshot) == book


def test_a_playbook_of_four_stages_loads() -> None:
    more = "".join(f'[[stages]]\nkey = "s{n}"\nname = {{ zh = "第{n}", en = "No. {n}" }}\n' for n in (3, 4))
    book = loads(TWO_STAGES + more)
    assert [stage.position for stage in book.stages] == [1, 2, 3, 4]
    assert book.phases == ("prep", "listen", "mend", "s3", "s4", "after", "weekly", "all")


@pytest.mark.parametrize(
    ("old", "new", "table", "key", "words"),
    [
        ('phase = "listen"', 'phase = "lissen"', "actions.round", "phase", "listen, mend"),
        ('per = ["branch"]', 'per = ["brunch"]', "actions.round", "per", "branch"),
        ('per = ["branch"]', 'pers = ["branch"]', "actions.round", "pers", "per"),
        ("count = 2", "count = 0", "actions.round", "count", "from 1 to 1000"),
        ("count = 2", 'count = "2"', "actions.round", "count", "whole number"),
        ("gate = true", "gate = 1", "actions.round", "gate", "true or false"),
        ("gate = true", "gate = true\nsoft = true", "actions.round", "gate", "one of the two"),
        ("gate = true", 'gate = true\ncoverage = "x"', "actions.round", "coverage", "Add it to the playbook"),
        ('instrument = "pulse"', 'instrument = "puls"', "stages.listen.gate.2", "instrument", "pulse"),
        ('question = "solid"', 'question = "firm"', "instruments.pulse.thresholds.1", "question", "solid"),
        ('["so_so", "show"]', '["so_so", "shew"]', "instruments.pulse.thresholds.1", "options", "so_so"),
        ("share = [3, 10]", "share = 0.3", "instruments.pulse.thresholds.1", "share", '"30%"'),
        ("share = [3, 10]", 'share = "130%"', "instruments.pulse.thresholds.1", "share", "between"),
        ("share = [3, 10]", "share = [3, 0]", "instruments.pulse.thresholds.1", "share", "[3, 10]"),
        ("decisive = true", "decisive = false", "instruments.pulse", "questions", "decisive = true"),
        ('when = "each"', 'when = "never"', "instruments.pulse", "when", "each"),
        ('key = "mend"', 'key = "listen"', "", "stages", "Keep one"),
        ('key = "mend"', 'key = "weekly"', "stages.weekly", "key", "another key"),
        ('key = "mend"', 'key = "Mend it"', "stages.Mend it", "key", "small Latin letters"),
        ('name = { zh = "改", en = "Mend" }', 'name = "改"', "stages.mend", "name", "both languages"),
        ('name = { zh = "改", en = "Mend" }', 'name = { zh = "改" }', "stages.mend", "name", "both languages"),
        ('name = { zh = "改", en = "Mend" }', "", "stages.mend", "name", "both languages"),
        ('level = "organization"', 'level = "planet"', "", "level", "county"),
        ("source = {", "sauce = {", "", "sauce", "source"),
        ('mode = "sequential"', 'mode = "serial"', "transition", "mode", "sequential"),
        ('verb = "approve"', 'verb = "review"', "transition", "steps", "approve"),
        ("{ number = 1,", "{ number = true,", "batches.1", "number", "from 1 to 20"),
    ],
)
def test_a_fault_names_place_and_remedy(old: str, new: str, table: str, key: str, words: str) -> None:
    found = [fault for fault in faults_of(changed(old, new)) if (fault.table, fault.key) == (table, key)]
    assert found, faults_of(changed(old, new))
    assert any(words in fault.remedy for fault in found), found
    assert all(fault.message and fault.file == "playbook.toml" for fault in found)


def test_all_faults_are_named_at_once() -> None:
    text = TWO_STAGES.replace("count = 2", "count = -1").replace('when = "each"', 'when = "x"')
    places = {(fault.table, fault.key) for fault in faults_of(text + "\n[unheard_of]\n")}
    assert places >= {("actions.round", "count"), ("instruments.pulse", "when"), ("", "unheard_of")}


def test_the_last_step_of_a_sequence_approves() -> None:
    steps = TWO_STAGES.replace('verb = "review"', 'verb = "approve"', 1)
    turned = steps.replace('body = "leading_group", verb = "approve"', 'body = "leading_group", verb = "review"')
    assert [(fault.table, fault.key) for fault in faults_of(turned)] == [("transition", "steps")]


def test_a_gate_without_a_transition_is_a_fault() -> None:
    assert ("stages.listen", "gate") in {(f.table, f.key) for f in faults_of(changed("transition = true\n", ""))}


def test_a_rule_said_twice_is_a_fault() -> None:
    text = TWO_STAGES + '\n[study]\nhours = 40\n[parameters]\nstudy_hours = { zh = "45 学时", en = "45" }\n'
    (fault,) = faults_of(text)
    assert (fault.table, fault.key) == ("parameters", "study_hours")
    assert "[study] hours" in fault.message


def test_words_stand_for_a_rule_that_nothing_applies() -> None:
    book = loads(TWO_STAGES + '\n[parameters]\nstudy_hours = { zh = "每天自学1小时", en = "an hour a day" }\n')
    assert book.study.hours is None
    assert book.parameter("study_hours").value.en == "an hour a day"


def test_overlapping_bands_are_a_fault() -> None:
    (fault,) = faults_of(TWO_STAGES + BANDS.replace('below = "90%"', 'below = "91%"'))
    assert fault.key == "bands" and "middle" in fault.message


def test_an_admonition_needs_a_card() -> None:
    text = TWO_STAGES + '\n[sanctions.admonition]\ncards = 2\nrule = { zh = "诫勉", en = "Admonition" }\n'
    assert [(fault.table, fault.key) for fault in faults_of(text)] == [("sanctions", "admonition")]


def test_an_unknown_check_is_a_fault_once_checks_are_known() -> None:
    assert loads(TWO_STAGES, known_checks=frozenset({"actions", "survey"}))
    (fault,) = faults_of(TWO_STAGES, known_checks=frozenset({"actions"}))
    assert (fault.table, fault.key) == ("stages.listen.gate.2", "check")


@pytest.mark.parametrize(
    "text",
    ["key = ", "[" * 20_000, "x = " + "9" * 5000, "a = 1\na = 2", "x = " + "[" * 20_000, "x = 1979-13-45"],
)
def test_what_is_no_toml_is_one_fault(text: str) -> None:
    (fault,) = faults_of(text)
    assert (fault.table, fault.key) == ("", "")


@pytest.mark.parametrize("huge", ["0x" + "f" * 6000, f"[1, 0x{'f' * 6000}]", "1e99999", "nan", "inf", "1979-05-27"])
def test_odd_values_are_faults_and_nothing_worse(huge: str) -> None:
    assert faults_of(TWO_STAGES + f"\n[study]\nhours = {huge}\nshare = {huge}\nconcentrated_days = {huge}\n")


def test_files_that_cannot_be_read(tmp_path) -> None:
    latin = tmp_path / "latin.toml"
    latin.write_bytes('name = "é"'.encode("latin-1"))
    large = tmp_path / "large.toml"
    large.write_text("#" * 1_000_001)
    for path in (latin, large, tmp_path, tmp_path / "none.toml", "no\0file"):
        with pytest.raises(PlaybookInvalid) as caught:
            load_file(path)
        assert len(caught.value.faults) == 1


def test_a_snapshot_that_is_no_playbook() -> None:
    for snapshot in ([], None, "x", {}, {"stages": [None]}, {"stages": {"key": 1}}, {1: 2}):
        with pytest.raises(PlaybookInvalid):
            from_snapshot(snapshot)


def test_faults_are_told_in_chinese() -> None:
    with translation.override("zh-hans"), pytest.raises(PlaybookInvalid) as caught:
        loads(changed("count = 2", "count = 0"))
    (fault,) = caught.value.faults
    assert fault.remedy == "请写 1 到 1000 之间的整数。"


# Any mutation of a good playbook gives a playbook or its faults, never another exception.

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ODD = st.sampled_from(["", "30%", [1, 2], {}, {"zh": "一", "en": "one"}, "study", 10**30, -1, [[]], [{}], "\ud800"])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        found += places(inner, (*path, key))
    return found


SNAPSHOT = loads(TWO_STAGES + BANDS).snapshot
PLACES = places(SNAPSHOT)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(PLACES), JSON | ODD, st.booleans()), min_size=1, max_size=3))
def test_a_mutated_snapshot_loads_or_is_invalid(mutations: list[tuple[tuple[Any, ...], Any, bool]]) -> None:
    document = copy.deepcopy(SNAPSHOT)
    for path, value, delete in mutations:
        holder = document
        try:
            for key in path[:-1]:
                holder = holder[key]
            if delete:
                del holder[path[-1]]
            else:
                holder[path[-1]] = value
        except (KeyError, IndexError, TypeError):
            continue  # an earlier mutation took this place away
    try:
        book = from_snapshot(document)
    except PlaybookInvalid:
        return
    assert isinstance(book, Playbook)
    json.dumps(book.snapshot)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(TWO_STAGES)), st.integers(0, 40), st.text(max_size=12))
def test_a_mutated_text_loads_or_is_invalid(start: int, length: int, put: str) -> None:
    try:
        book = loads(TWO_STAGES[:start] + put + TWO_STAGES[start + length :])
    except PlaybookInvalid:
        return
    assert from_snapshot(book.snapshot) == book


def test_the_command_prints_every_fault_and_fails(tmp_path, capsys) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(changed("count = 2", "count = 0").replace('when = "each"', 'when = "x"'), encoding="utf-8")
    with translation.override("en"), pytest.raises((SystemExit, CommandError)) as caught:
        call_command("check_playbook", str(path))
    assert getattr(caught.value, "code", 1) == 1
    printed = capsys.readouterr().err
    assert "bad.toml: [actions.round] count" in printed
    assert "bad.toml: [instruments.pulse] when" in printed


def test_the_command_counts_what_is_well(capsys) -> None:
    """The shipped playbooks ask only for checks that the rooms have registered."""
    with translation.override("en"):
        call_command("check_playbook", "yibin-city", "xingwen-county")
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert "48" in lines[0] and "79 of 108" in lines[0]
    assert "31" in lines[1] and "36 of 108" in lines[1]
    assert lines[2].startswith("Holidays:")


DEEDS = """
[[lookbacks]]
key = "checks"
name = { zh = "回头看", en = "Look-back" }
phase = "listen"
checks = [{ key = "one", name = { zh = "一", en = "One" }, items = [{ key = "a", name = { zh = "甲", en = "A" } }] }]
steps = [{ key = "self_check", name = { zh = "自查", en = "Self-check" } }]
[[talks]]
key = "pairs"
kind = "members"
name = { zh = "党员之间", en = "Between members" }
before = "listen"
[handling]
outcomes = [{ key = "mend", name = { zh = "改正", en = "Mend" }, dated = true }]
[preparation]
items = [{ key = "plan", name = { zh = "方案", en = "Plan" } }]
[[commendations]]
key = "members"
name = { zh = "党员", en = "Members" }
subject = "member"
[style_review]
name = { zh = "评风", en = "Style" }
phase = "mend"
minimum = 20
representatives = [{ key = "masses", name = { zh = "群众", en = "Masses" } }]
items = [{ key = "style", name = { zh = "作风", en = "Style" } }]
[[unit_types]]
key = "school"
name = { zh = "学校", en = "School" }
staged = false
known_as = ["小学"]
"""


def test_the_tables_of_deeds_are_read() -> None:
    book = loads(TWO_STAGES + DEEDS)
    assert [question.key for question in book.lookbacks[0].questions] == ["a"]
    assert book.handling.outcome("mend").dated and not book.handling.outcome("mend").leaves
    assert book.unit_type("", "小学") is book.unit_types[0]
    assert book.unit_type("", "中学") is None
    assert book.appraisal.opinion_by_default and book.appraisal.grade("unqualified").adverse
    assert book.parameter("unstaged_types").value.zh == "学校"
    assert from_snapshot(book.snapshot) == book


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ('phase = "listen"\nchecks', 'phase = "gone"\nchecks', "[lookbacks.checks] phase"),
        ('key = "self_check"', 'key = "dance"', "[lookbacks.checks.steps.dance] key"),
        ('kind = "members"', 'kind = "everybody"', "[talks.pairs] kind"),
        ('before = "listen"', 'before = "gone"', "[talks.pairs] before"),
        ("dated = true", "dated = true, leaves = true", "[handling.outcomes.mend] dated"),
        ('subject = "member"', 'subject = "nobody"', "[commendations.members] subject"),
        ("minimum = 20", "minimum = 0", "[style_review] minimum"),
        ("staged = false\n", "", "[unit_types.school] staged"),
        ('known_as = ["小学"]', "known_as = [1]", "[unit_types.school] known_as"),
        ("[preparation]\nitems", "[preparation]\nthings", "[preparation] items"),
    ],
)
def test_a_fault_in_the_tables_of_deeds_names_its_place(old: str, new: str, place: str) -> None:
    assert old in DEEDS
    with pytest.raises(PlaybookInvalid) as caught:
        loads(TWO_STAGES + DEEDS.replace(old, new, 1))
    assert place in [fault.place for fault in caught.value.faults]
