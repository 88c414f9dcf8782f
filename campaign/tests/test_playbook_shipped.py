"""The shipped playbooks say what their sources say, and nothing that they do not."""

import datetime as dt
import json
from decimal import Decimal
from fractions import Fraction

import pytest
from django.utils import translation

from campaign.playbook import Playbook, available, from_snapshot, load_file

# Parameters on which the sources are silent.
YIBIN_SILENT = """
quality_rule unstaged_types staged_types optional_actions complete_all prep_check office_groups
responsibility_letter meetings_log talk_deadline signature lookback2 commit_survey bands trans_report summary
bottom_up filing yellow admonition banners columns reps rep_kinds walks leave gifts secrecy census
"""
XINGWEN_SILENT = """
whole_campaign batch_window launch_soft launch_hard unit_months stage_len s1_window s2_window s3_window stagger
unstaged_types staged_types special_member_approval complete_all prep_check leading_group guidance
responsibility_letter meetings_log study_hours study_days session_min offhours s1_links educations clarity coverages
classics spring opinions_forward two_concretes word_ordinary word_leader word_exempt review_before_test retired
member_scale three_stresses team_talk talk_deadline democratic_life opinion_by opinion_form signature reportout
survey_org survey_who survey_scale commit_survey bands trans_report summary bottom_up filing meeting winds
personal_plan org_plan problem_kinds assist registration long_term weekly banners columns reps rep_kinds style_items
walks leader_travel party_school census
"""
MEISHAN_SILENT = """
whole_campaign launch_soft launch_hard s1_window s2_window s3_window quality_rule special_member_approval
complete_all office_groups guidance study_days session_min offhours s1_links clarity coverages classics spring
opinions_forward two_concretes routing review_before_test member_scale three_stresses team_talk talk_deadline
opinion_form signature reportout lookback2 survey_org survey_who survey_scale makeup_threshold approval trans_when
trans_report summary bottom_up filing meeting makeup_study yellow admonition winds personal_plan org_plan
problem_kinds oath handling registration lookback3 commend weekly items sup_weekly banners columns reps rep_kinds
style_items walks leader_travel party_school leave gifts secrecy liaison pairing
"""
LINYI_SILENT = """
whole_campaign launch_soft launch_hard unit_months stage_len s1_window stagger quality_rule unstaged_types
staged_types special_member_approval requirement_groups optional_actions office_groups responsibility_letter
meetings_log study_hours study_days session_min offhours s1_links educations clarity talks coverages activities
classics spring study_check opinions_forward two_concretes word_ordinary word_leader word_exempt review_before_test
retired member_scale three_stresses team_talk talk_deadline final_survey commit_survey bands makeup_study yellow
admonition winds personal_plan org_plan unit_plan oath handling registration lookback3 close commend weekly items
sup_weekly banners columns reps rep_kinds style_items walks leader_travel party_school leave gifts secrecy liaison
pairing
"""
CUIPING_SILENT = """
launch_soft launch_hard unit_months stagger quality_rule unstaged_types staged_types special_member_approval
goal_name optional_actions complete_all prep_check office_groups guidance responsibility_letter meetings_log spring
study_check word_ordinary word_leader word_exempt routing review_before_test three_stresses signature reportout
lookback2 survey_org commit_survey bands trans_report summary bottom_up filing yellow admonition assist
registration lookback3 close weekly sup_weekly leader_travel party_school leave gifts secrecy pairing census
"""
SILENT = {
    "yibin-city": YIBIN_SILENT,
    "xingwen-county": XINGWEN_SILENT,
    "meishan-city": MEISHAN_SILENT,
    "linyi-city": LINYI_SILENT,
    "cuiping-district": CUIPING_SILENT,
}


@pytest.fixture(scope="module")
def yibin() -> Playbook:
    return load_file("yibin-city")


@pytest.fixture(scope="module")
def xingwen() -> Playbook:
    return load_file("xingwen-county")


def test_all_five_are_available() -> None:
    keys = ["cuiping-district", "linyi-city", "meishan-city", "xingwen-county", "yibin-city"]
    assert [book.key for book in available()] == keys


@pytest.mark.parametrize(("key", "silent"), SILENT.items())
def test_every_parameter_is_there_and_the_silent_ones_have_no_rule(key: str, silent: str) -> None:
    book = load_file(key)
    assert len(book.parameters) == 108
    assert len({parameter.key for parameter in book.parameters}) == 108
    assert [parameter.key for parameter in book.parameters if parameter.value is None] == silent.split()


def test_actions_are_counted_and_ordered_as_in_the_sources(yibin: Playbook, xingwen: Playbook) -> None:
    assert [action.number for action in yibin.actions] == list(range(1, 49))
    assert [action.number for action in xingwen.actions] == list(range(1, 32))
    counts = {phase: len(yibin.actions_for(phase)) for phase in yibin.phases}
    assert counts == {"prep": 1, "study": 23, "analysis": 11, "rectification": 6, "after": 5, "weekly": 2, "all": 0}
    counts = {phase: len(xingwen.actions_for(phase)) for phase in xingwen.phases}
    assert counts == {"prep": 0, "study": 10, "analysis": 8, "rectification": 9, "after": 1, "weekly": 2, "all": 1}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("meishan-city", {"prep": 4, "study": 6, "analysis": 6, "rectification": 3, "after": 2}),
        ("linyi-city", {"prep": 3, "analysis": 11, "rectification": 2}),
        ("cuiping-district", {"prep": 1, "study": 15, "analysis": 13, "rectification": 6, "all": 4}),
    ],
)
def test_actions_of_the_other_three(key: str, expected: dict[str, int]) -> None:
    book = load_file(key)
    counts = {phase: len(book.actions_for(phase)) for phase in book.phases}
    assert {phase: count for phase, count in counts.items() if count} == expected


def test_encouraged_actions_are_not_required(yibin: Playbook, xingwen: Playbook) -> None:
    assert {action.key for action in yibin.actions if action.soft} == {
        "urban_rural_pairing",
        "essay_contest",
        "classics_essay",
        "praise",
        "brief",
    }
    assert {action.key for action in xingwen.actions if action.soft} == {"supervision_report", "pairing"}


def test_x01_x04_surveys_differ(yibin: Playbook, xingwen: Playbook) -> None:
    city, county = yibin.instrument("stage2"), xingwen.instrument("stage2")
    assert city and county
    (city_rule,), (county_rule,) = city.thresholds, county.thresholds
    assert (city_rule.op, city_rule.share, city_rule.options) == (">=", Fraction(3, 10), ("dissatisfied",))
    assert (county_rule.op, county_rule.share) == (">", Fraction(1, 2))
    assert not city_rule.override and not county_rule.override
    assert city_rule.consequence == county_rule.consequence == "makeup"
    assert (city.organiser, county.organiser) == ("office", None)
    city_end, county_end = yibin.instrument("closing"), xingwen.instrument("closing")
    assert city_end and county_end
    assert city_end.thresholds[0].consequence == "supervised_rectification"
    assert county_end.thresholds[0].consequence == "makeup"
    assert (city_end.when, county_end.when) == ("after", "rectification")
    assert len([group for group in city_end.groups if not group.default]) == 5
    assert not [group for group in county_end.groups if not group.default]


def test_x06_x07_transition_chains_differ(yibin: Playbook, xingwen: Playbook) -> None:
    assert yibin.transition and xingwen.transition
    assert yibin.transition.mode == "parallel"
    assert [(step.body, step.default) for step in yibin.transition.steps] == [("office", False), ("supervision", False)]
    assert xingwen.transition.mode == "sequential"
    assert [(step.body, step.verb, step.default) for step in xingwen.transition.steps] == [
        ("supervision", "review", False),
        ("office", "approve", True),
    ]
    assert [stage.transition_default for stage in yibin.stages] == [False, True, True]
    assert [stage.transition_default for stage in xingwen.stages] == [False, False, False]
    assert all(stage.transition for stage in (*yibin.stages, *xingwen.stages))
    assert yibin.transition.parts_default and len(yibin.transition.parts) == 3


def test_x08_x09_x10_reports_differ(yibin: Playbook, xingwen: Playbook) -> None:
    weekly, city_brief, county_brief = yibin.report("weekly_report"), yibin.report("brief"), xingwen.report("brief")
    assert weekly and city_brief and county_brief
    assert (weekly.weekday, weekly.time, weekly.soft, len(weekly.fields)) == (4, None, False, 4)
    assert xingwen.report("weekly_report") is None
    assert (city_brief.minimum, city_brief.soft) == (2, True)
    assert (county_brief.minimum, county_brief.soft) == (1, False)
    assert [field.key for field in county_brief.fields] == ["progress", "results", "experience"]
    city, county = yibin.report("supervision_report"), xingwen.report("supervision_report")
    assert city and county
    assert (city.weekday, city.minimum, city.soft) == (None, 1, True)
    assert (county.weekday, county.time, county.soft) == (3, dt.time(12), True)


def test_x11_to_x18_work_differs(yibin: Playbook, xingwen: Playbook) -> None:
    assert [len(yibin.items(key)) for key in ("s1_links", "educations", "activities", "winds")] == [4, 6, 5, 4]
    assert [len(xingwen.items(key)) for key in ("s1_links", "educations", "activities", "winds")] == [0, 0, 10, 0]
    assert yibin.action("classics_essay").soft and yibin.action("classics_essay").who == "leaders"
    assert xingwen.action("classics_essay") is None
    assert (yibin.analysis.minimum("ordinary"), yibin.analysis.minimum("leader")) == (1500, 2500)
    assert (xingwen.analysis.minimum("ordinary"), xingwen.analysis.minimum("leader")) == (None, None)
    assert [len(book.handling.outcomes) for book in (yibin, xingwen)] == [3, 0]
    assert [rule.reviewer for rule in yibin.routing if not rule.default] == [
        "supervision_group",
        "leading_group_head",
        "party_affairs_leader",
        "organization_secretary",
    ]
    assert all(rule.default for rule in xingwen.routing)


def test_x22_x28_sanctions_and_closing_differ(yibin: Playbook, xingwen: Playbook) -> None:
    assert yibin.sanctions.yellow_card is None and yibin.sanctions.admonition is None
    assert xingwen.sanctions.yellow_card and xingwen.sanctions.admonition
    assert xingwen.sanctions.yellow_card.triggers == ("first_transition_failed", "makeup")
    assert [cause.key for cause in xingwen.sanctions.yellow_card.causes] == ["work_not_solid"]
    assert xingwen.sanctions.admonition.cards == 2
    assert yibin.action("look_back").phase == "after"
    assert xingwen.action("look_back").phase == "rectification"
    assert (yibin.schedule.follow_parent, xingwen.schedule.follow_parent) == (True, False)
    assert [len(book.items("problem_kinds")) for book in (yibin, xingwen)] == [4, 0]
    assert [len(book.commendations) for book in (yibin, xingwen)] == [2, 4]
    assert (len(yibin.closing.steps), len(xingwen.closing.steps)) == (2, 0)


def test_study_rules(yibin: Playbook, xingwen: Playbook) -> None:
    study = yibin.study
    assert (study.hours, study.concentrated_days, study.session_min) == (Decimal(45), 3, Decimal(2))
    assert (study.offhours, study.day_hours, study.share, len(study.coverages)) == (True, Decimal(6), Fraction(1), 5)
    given = {action.coverage for action in yibin.actions if action.coverage}
    assert given == {coverage.key for coverage in study.coverages}
    silent = xingwen.study
    assert (silent.hours, silent.concentrated_days, silent.session_min, silent.offhours) == (None, None, None, None)
    assert silent.coverages == ()


def test_stages_follow_one_another(yibin: Playbook) -> None:
    first, second, third = yibin.stages
    assert yibin.next_stage(first.key) == second
    assert yibin.next_stage(third.key) is None
    assert yibin.stage("analysis").position == 2
    assert yibin.phases == ("prep", "study", "analysis", "rectification", "after", "weekly", "all")
    with pytest.raises(KeyError):
        yibin.stage("consolidation")
    assert {check.check for check in first.gate} >= {"study_hours", "concentrated_days", "coverage", "member_marks"}
    assert [check.get("instrument") for check in second.gate if check.check == "survey"] == ["stage2"]


def test_actions_for_one_kind_of_doer(yibin: Playbook) -> None:
    assert {action.key for action in yibin.actions_for("study", "member") if action.gate and action.recorded} == {
        "own_talk",
        "required_reading",
        "study_check",
    }
    both = yibin.action("positive_education")
    assert both and both.pers == ("unit", "branch") and both.per == "unit"


def test_texts_follow_the_language_of_the_page(yibin: Playbook) -> None:
    parameter = yibin.parameter("makeup_threshold")
    with translation.override("zh-hans"):
        assert str(parameter.name) == "补课标准"
        assert str(parameter.value) == "“不满意”≥ 30%：重新补课，没有例外"
    with translation.override("en"):
        assert str(parameter.value) == "“Dissatisfied” ≥ 30%: the stage is made up, without exception"
        assert str(yibin.words["jurisdiction"]) == "Yibin city"


def test_a_default_of_ours_is_not_shown_as_the_sources_rule(xingwen: Playbook) -> None:
    approval = xingwen.parameter("approval")
    assert approval.value and "督导组" in approval.value.zh and "先教办" not in approval.value.zh
    assert approval.default and "先教办" in approval.default.zh


@pytest.mark.parametrize("key", sorted(SILENT))
def test_a_snapshot_gives_the_same_playbook(key: str) -> None:
    book = load_file(key)
    assert from_snapshot(book.snapshot) == book
    assert from_snapshot(json.loads(json.dumps(book.snapshot))).snapshot == book.snapshot


def test_a_snapshot_can_be_edited_without_touching_the_playbook(yibin: Playbook) -> None:
    edited = yibin.snapshot
    edited["study"]["hours"] = 50
    assert str(from_snapshot(edited).parameter("study_hours").value) in {"50 学时", "50 study hours"}
    assert from_snapshot(edited) != yibin
    assert yibin.snapshot["study"]["hours"] == 45


@pytest.mark.parametrize(
    ("votes", "valid", "reached"),
    [(3, 10, True), (299, 1000, False), (2996, 10000, False), (0, 0, False), (1, 3, True)],
)
def test_at_or_above_is_exact(yibin: Playbook, votes: int, valid: int, reached: bool) -> None:
    assert yibin.instrument("stage2").thresholds[0].reached(votes, valid) is reached


def test_a_majority_is_more_than_half(xingwen: Playbook) -> None:
    rule = xingwen.instrument("stage2").thresholds[0]
    assert not rule.reached(50, 100)
    assert rule.reached(51, 100)
