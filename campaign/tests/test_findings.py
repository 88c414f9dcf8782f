"""Findings travel as JSON and read in the language of whoever looks."""

import json

import pytest
from django.utils import translation

from accounts.messages import Message
from campaign import findings
from campaign.findings import Finding, Gate, UnknownCheck, run_gate
from campaign.playbook import Check


def finding(**given):
    base = {
        "check": "actions",
        "key": "action:oath:members",
        "title": Message("Coverage: %(name)s", {"name": {"zh": "先进性大讨论", "en": "Great discussion"}}),
        "required": Message("every member"),
        "measured": Message("%(have)s of %(base)s members", {"have": 2, "base": 3}),
        "passed": False,
    }
    return Finding(**{**base, **given})


def test_a_finding_survives_the_way_through_json():
    whole = finding(
        soft=True,
        overridable=True,
        waiting=True,
        remark=Message("Left out by approved arrangement: %(names)s", {"names": ["蒋雪"]}),
        missing=("蒋雪", "冯建华"),
        missing_count=70,
        link="/campaign/organizations/1/coverage/",
        link_label=Message("See who is missing"),
    )
    assert Finding.from_json(json.loads(json.dumps(whole.to_json()))) == whole
    assert whole.missing_more == 68
    bare = finding()
    assert Finding.from_json(json.loads(json.dumps(bare.to_json()))) == bare


def test_each_reader_sees_his_own_language():
    kept = Finding.from_json(finding().to_json())
    with translation.override("en"):
        assert str(kept.title) == "Coverage: Great discussion"
    with translation.override("zh-hans"):
        assert "先进性大讨论" in str(kept.title) and str(kept.measured) == "2 / 3 人"


@pytest.mark.parametrize(
    ("given", "blocks"),
    [({}, True), ({"passed": True}, False), ({"soft": True}, False), ({"overridable": True}, False)],
)
def test_what_blocks(given, blocks):
    gate = Gate((finding(**given),))
    assert finding(**given).blocks is blocks
    assert gate.open is not blocks


def test_a_gate_counts_and_names_what_may_be_overridden():
    gate = Gate((finding(passed=True), finding(overridable=True), finding(soft=True), finding()))
    assert (gate.passed_count, len(gate.blocking), len(gate.to_override)) == (1, 1, 1)


def test_a_gate_puts_the_unmet_first_and_soft_rules_after_hard_ones(monkeypatch):
    order = [finding(key="ok", passed=True), finding(key="soft", soft=True), finding(key="hard")]
    monkeypatch.setitem(findings._checks, "sample", lambda evidence, rule: order)
    assert [f.key for f in run_gate((Check("sample"),), None)] == ["hard", "soft", "ok"]


def test_an_unknown_check_is_named():
    with pytest.raises(UnknownCheck, match="no_such_check"):
        run_gate((Check("no_such_check"),), None)


def test_only_the_first_names_are_kept_but_all_are_counted():
    shown, count = findings.names(f"党员{n}" for n in range(100))
    assert (len(shown), count) == (findings.NAMES_KEPT, 100)
