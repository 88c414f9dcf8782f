"""Which keys of the playbook the records of this room stand on: surveys, papers, the judging of members, look-backs."""

from __future__ import annotations

from assessments.models import (
    Appeal,
    Appraisal,
    Commendation,
    Handling,
    KnowledgeTest,
    LookBackRecord,
    MemberTest,
    OrganizationAnalysis,
    SelfAnalysis,
    Survey,
)
from campaign.editing.uses import Used, actions_of, uses
from campaign.models import Campaign


@uses
def _surveys(campaign: Campaign) -> Used:
    """Surveys that have been held: their questions cannot be changed under them."""
    held = Survey.objects.filter(participation__batch__campaign=campaign).order_by()
    return {"instruments": set(held.values_list("instrument", flat=True).distinct())}


@uses
def _member_tests(campaign: Campaign) -> Used:
    """Tests of members' reports are counted by the answers of the instrument for one member (F-24)."""
    if not MemberTest.objects.filter(batch__campaign=campaign).exists():
        return {}
    instruments = {one.key for one in campaign.playbook.instruments if one.subject == "member"}
    return {"instruments": instruments, "actions": actions_of(campaign, "member_test")}


@uses
def _papers(campaign: Campaign) -> Used:
    tools = (("self_analysis", SelfAnalysis), ("organization_analysis", OrganizationAnalysis))
    written = [tool for tool, model in tools if model.objects.filter(batch__campaign=campaign).exists()]
    return {"actions": actions_of(campaign, *written)}


@uses
def _appraisals(campaign: Campaign) -> Used:
    """Grades of opinions on members, and how cases ended (F-27, P-03); an appeal may have changed either."""
    opinions = Appraisal.objects.filter(batch__campaign=campaign).order_by()
    grades = set(opinions.values_list("verdict", flat=True).distinct())
    appeals = Appeal.objects.filter(appraisal__batch__campaign=campaign).order_by()
    for before, after in appeals.values_list("verdict_before", "verdict_after").distinct():
        grades |= {before, after}
    cases = Handling.objects.filter(batch__campaign=campaign).order_by()
    outcomes = set(cases.values_list("outcome", flat=True).distinct())
    used = actions_of(campaign, "appraisal") if grades else set()
    return {
        "appraisal.grades": grades - {""},
        "handling.outcomes": outcomes - {""},
        "handling.departures": outcomes - {""},
        "actions": used | (actions_of(campaign, "handling") if outcomes else set()),
    }


@uses
def _lookbacks(campaign: Campaign) -> Used:
    answered = LookBackRecord.objects.filter(batch__campaign=campaign).order_by()
    keys = set(answered.values_list("key", flat=True).distinct())
    return {"lookbacks": keys, "actions": actions_of(campaign, "lookback") if keys else set()}


@uses
def _commendations(campaign: Campaign) -> Used:
    proposed = Commendation.objects.filter(batch__campaign=campaign).order_by()
    return {"commendations": set(proposed.values_list("list_key", flat=True).distinct())}


@uses
def _knowledge_tests(campaign: Campaign) -> Used:
    """A test of knowledge shows an action of the playbook (E-36)."""
    held = KnowledgeTest.objects.filter(batch__campaign=campaign).exists()
    return {"actions": actions_of(campaign, "knowledge_test") if held else set()}
