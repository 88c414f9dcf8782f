"""Which keys of the playbook the records of this room stand on: preparation, talks, opinions, rectification."""

from __future__ import annotations

from campaign.editing.uses import Used, actions_of, uses
from campaign.models import (
    Campaign,
    Opinion,
    PreparationTick,
    ReadingTitle,
    RectificationItem,
    RectificationPlan,
    StandingRule,
    StyleReview,
    Talk,
    TeamTalk,
    Training,
    UnitPlan,
)


@uses
def _preparation(campaign: Campaign) -> Used:
    """Ticks of the checklist, and what units have written in their plans (A-16, A-17)."""
    ticks = PreparationTick.objects.filter(participation__batch__campaign=campaign).order_by()
    plans = UnitPlan.objects.filter(participation__batch__campaign=campaign).values_list("contents", flat=True)
    written = {key for contents in plans for key, text in contents.items() if text}
    ticked = set(ticks.values_list("item", flat=True).distinct())
    trained = Training.objects.filter(batch__campaign=campaign).exists()
    used = actions_of(campaign, "preparation") if ticked or written else set()
    return {
        "preparation.items": ticked,
        "preparation.plan": written,
        "actions": used | (actions_of(campaign, "training") if trained else set()),
    }


@uses
def _talks(campaign: Campaign) -> Used:
    """Talks that were expected (F-18), and those of teams."""
    held = set(Talk.objects.filter(batch__campaign=campaign).order_by().values_list("kind", flat=True).distinct())
    team = TeamTalk.objects.filter(batch__campaign=campaign).exists()
    together = {pair.key for pair in campaign.playbook.talks if pair.kind == "collective"} if team else set()
    return {"talks": (held - {""}) | together, "actions": actions_of(campaign, "talks") if held or team else set()}


@uses
def _opinions(campaign: Campaign) -> Used:
    """Opinions, and the kinds of representatives who told them (N-03)."""
    told = Opinion.objects.filter(batch__campaign=campaign).order_by()
    kinds = set(told.values_list("source_kind", flat=True).distinct())
    reviewed = StyleReview.objects.filter(batch__campaign=campaign).exists()
    used = actions_of(campaign, "opinions") if kinds else set()
    return {
        "style_review.representatives": kinds - {""},
        "actions": used | (actions_of(campaign, "style_review") if reviewed else set()),
    }


@uses
def _rectification(campaign: Campaign) -> Used:
    """The ledger, plans, and the rules issued (O-01..O-08, G-07)."""
    items = RectificationItem.objects.filter(batch__campaign=campaign).order_by()
    kinds = set(items.values_list("kind", flat=True).distinct())
    plans = RectificationPlan.objects.filter(batch__campaign=campaign).order_by()
    owners = set(plans.values_list("owner", flat=True).distinct())
    rules = StandingRule.objects.filter(batch__campaign=campaign).order_by()
    mechanisms = set(rules.values_list("mechanism", flat=True).distinct())
    tools = (("ledger", kinds), ("plans", owners), ("standing_rules", mechanisms))
    return {
        "lists.problem_kinds.items": kinds,
        "lists.winds.items": set(items.values_list("wind", flat=True).distinct()) - {""},
        "lists.long_term.items": mechanisms - {""},
        "plans": owners,
        "actions": actions_of(campaign, *(tool for tool, found in tools if found)),
    }


@uses
def _reading(campaign: Campaign) -> Used:
    """Titles that must be read, and by when (E-39)."""
    titles = ReadingTitle.objects.filter(batch__campaign=campaign).order_by()
    stages = set(titles.values_list("stage", flat=True).distinct())
    return {"stages": stages - {""}, "actions": actions_of(campaign, "reading") if stages else set()}
