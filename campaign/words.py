"""Words for what a playbook names by key, as the plan page shows it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

PHASES: dict[str, Any] = {
    "prep": _("Before it begins"),
    "after": _("After the last stage"),
    "weekly": _("Every week"),
    "all": _("All along"),
}
PERS: dict[str, Any] = {
    "jurisdiction": _("campaign office"),
    "organization": _("every organisation"),
    "unit": _("every unit"),
    "branch": _("every branch"),
    "team": _("leadership team"),
    "member": _("every member"),
    "group": _("supervision group"),
}
EVIDENCE: dict[str, Any] = {
    "record": _("activity record"),
    "document": _("document"),
    "attendance": _("list of those present"),
    "member_mark": _("mark for each member"),
    "session": _("study sessions with hours"),
    "survey": _("survey result"),
    "report": _("report, week by week"),
    "coverage": _("coverage reached"),
    "application": _("application"),
}
CHECKS: dict[str, Any] = {
    "study_hours": _("study hours of each member"),
    "concentrated_days": _("days of concentrated training"),
    "coverage": _("coverages reach every member"),
    "actions": _("required actions are done"),
    "member_marks": _("members' own actions are done"),
    "survey": _("satisfaction survey"),
    "self_analyses": _("self-analyses have passed the review"),
    "self_analyses_rechecked": _("self-analyses are re-checked after the meetings"),
    "knowledge_test": _("knowledge tests are passed"),
    "open_makeups": _("no make-up is open"),
    "weekly_reports": _("weekly reports are in"),
    "talks": _("expected talks are held"),
    "lookback": _("the look-back is complete"),
    "appraisals": _("every member has an opinion"),
    "appraisal_report_out": _("the masses are told of the appraisal"),
    "help_given": _("members who need help have it"),
    "member_tests": _("members' reports are tested"),
    "plans_adopted": _("rectification plans are adopted"),
    "rectification": _("problems are mended or on the way"),
    "opinions_answered": _("opinions are answered"),
}
MODES: dict[str, Any] = {
    "parallel": _("in any order"),
    "sequential": _("one after another"),
}
VERBS: dict[str, Any] = {"review": _("reviews"), "approve": _("approves")}
CONSEQUENCES: dict[str, Any] = {
    "makeup": _("make-up"),
    "supervised_rectification": _("rectification under supervision"),
    "help": _("focused help"),
}
AUTHORS: dict[str, Any] = {
    "principal": _("principal leader of the unit"),
    "leader": _("leader in post"),
    "retired_leader": _("retired leader"),
    "party_head": _("head of a party organisation"),
    "branch_secretary": _("branch secretary"),
    "member": _("member"),
}
REVIEWERS: dict[str, Any] = {
    "supervision_group": _("supervision group"),
    "leading_group_head": _("head of the leading group"),
    "party_affairs_leader": _("leader in charge of party work"),
    "organization_secretary": _("organisation secretary"),
    "branch_secretary": _("branch secretary"),
    "superior_secretary": _("secretary one step up"),
}
REPORTERS: dict[str, Any] = {
    "unit": _("every unit"),
    "supervision": _("supervision group"),
    "branch": _("every branch"),
    "office": _("campaign office, to its superior"),
}
ORGANISERS: dict[str, Any] = {
    "office": _("campaign office"),
    "supervision": _("supervision group"),
    "unit": _("the unit itself"),
}
TRIGGERS: dict[str, Any] = {
    "first_transition_failed": _("transition not passed at the first attempt"),
    "makeup": _("make-up ordered"),
}
PLANS: dict[str, Any] = {
    "member": _("A member's rectification plan"),
    "organization": _("A party organisation's rectification plan"),
    "unit": _("A unit's rectification plan"),
}
ADOPTIONS: dict[str, Any] = {
    "branch_meeting": _("adopted by the branch meeting"),
    "superior": _("agreed to by the superior organisation"),
    "public_commitment": _("with a public commitment"),
}
TALK_KINDS: dict[str, Any] = {
    "secretary_team": _("the principal with each of the team"),
    "secretary_branches": _("the principal and the deputy with each secretary directly below"),
    "leaders_units": _("a leader with the principals of the units in his charge"),
    "team_each": _("the team among themselves"),
    "branch_committee": _("the branch secretary with each of the branch committee"),
    "committee_members": _("each member with somebody of the branch committee"),
    "members": _("each member with another of his choice"),
    "collective": _("the team together with the heads below it"),
}
OPINION_BY: dict[str, Any] = {
    "branch_committee": _("the branch committee decides"),
    "branch": _("the branch meeting decides"),
}
SUBJECTS: dict[str, Any] = {"member": _("of members"), "organization": _("of party organisations")}
TREATMENTS: dict[str, Any] = {
    "at_once": _("mended at once"),
    "time_limit": _("needs a date"),
    "joint": _("needs other departments"),
    "explain": _("needs an explanation to the masses"),
}
LOOK_BACK_STEPS: dict[str, Any] = {
    "self_check": _("the self-check"),
    "survey": _("the satisfaction survey"),
    "report": _("the transition report"),
    "review": _("the review by the supervision group"),
    "approve": _("the approval"),
    "meeting": _("the transition meeting"),
}
SUMMARY_LEVELS: dict[str, Any] = {
    "member": _("every member"),
    "branch": _("every branch"),
    "unit": _("the unit itself"),
}
DOCUMENT_WORDS: dict[str, Any] = {
    "jurisdiction": _("Jurisdiction"),
    "campaign": _("Campaign"),
    "committee": _("Committee"),
    "leading_group": _("Leading group"),
    "office": _("Campaign office"),
    "supervision_group": _("Supervision group"),
    "guidance_group": _("Guidance group"),
    "general_group": _("General group"),
    "goal": _("Goal"),
}


def word(table: dict[str, Any], key: str) -> str:
    """The word for a key; the key itself where somebody's own playbook names something new."""
    return str(table.get(key, key))
