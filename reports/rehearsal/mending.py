"""Rectification in the rehearsal: items from opinions, two-party close-out, plans with notice and adoption, rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from accounts import clock
from accounts.models import User
from campaign import rectification as ledger_rules
from campaign.actions import public_ledger, rectification, rectification_plans, standing_rules
from campaign.models import Opinion, RectificationItem, RectificationPlan, StandingRule
from campaign.models.opinions import TargetKind
from campaign.models.rectification import RectificationItemQuerySet
from reports.rehearsal.deeds import for_check, for_tool
from reports.rehearsal.scene import Scene
from units.models import Member, Organization

SENT_BACK, EXTENDED, PLAN_RETURNED = 0.12, 0.1, 0.15
OWN = ("制度上墙多，执行检查少。", "业务培训针对性不强。")  # what the organisation found itself
MEASURE = "明确专人负责，限时办结，结果在公示栏公布。"
RULES = ("首问负责和一次告知制度", "党员联系群众制度")
Owner, State = RectificationPlan.Owner, RectificationPlan.State


# ------------------------------------------------------------ the ledger
@for_tool("ledger")
def keep_ledger(scene: Scene) -> None:
    """Items from the opinions that nobody has answered, and what was found oneself; then mended and published."""
    with scene.at(0.1):
        register_from_opinions(scene)
        if not _items(scene).exists():
            register_own(scene)
    settle(scene)
    with scene.at(0.9):
        public_ledger.publish_ledger(
            by=scene.secretary(scene.leading),
            batch=scene.batch,
            organization=scene.leading,
            commitment="以上事项按期整改，请群众监督。",
            contact="办公室，0831-0000000",
        )


@for_check("rectification")
def settle(scene: Scene) -> None:
    """Close what is open: reported by one person, confirmed by another; a few are sent back or take longer."""
    for item in _items(scene).unclosed().select_related("organization", "batch", "responsible_member__user"):
        with scene.at(0.5):
            if item.state == RectificationItem.State.OPEN:
                work_on(scene, item)
        with scene.at(0.75):
            close_out(scene, item)


def _items(scene: Scene) -> RectificationItemQuerySet:
    return RectificationItem.objects.filter(scene.evidence.subtree("organization"), batch=scene.batch)


def register_from_opinions(scene: Scene) -> list[RectificationItem]:
    """One item for each opinion that was passed on and not answered, without typing it again (O-05)."""
    open_ones = Opinion.objects.filter(
        scene.evidence.subtree("concerned"),
        batch=scene.batch,
        state=Opinion.State.PASSED,
        rectification_items=None,
    ).exclude(target=TargetKind.MEMBER)
    return [
        register(scene, row.concerned, row.text, number, opinions=[row])
        for number, row in enumerate(open_ones.select_related("concerned").order_by("pk"))
    ]


def register_own(scene: Scene) -> list[RectificationItem]:
    return [register(scene, scene.leading, text, number + 2) for number, text in enumerate(OWN)]


def register(
    scene: Scene,
    organization: Organization,
    problem: str,
    number: int,
    opinions: Iterable[Opinion] = (),
    *,
    days: int = 20,
) -> RectificationItem:
    """Treatments in turn, each with what it asks for (O-06); due in so many days."""
    kinds = list(ledger_rules.kinds(scene.playbook))
    styles = list(ledger_rules.winds(scene.playbook))
    kind = kinds[number % len(kinds)]
    data = rectification.ItemData(
        problem=problem,
        kind=kind,
        measure=MEASURE,
        departments="县政务中心、县信访局" if kind == ledger_rules.JOINT else "",
        explanation="受编制所限，已向群众说明。" if kind == ledger_rules.EXPLAIN else "",
        wind=styles[number % len(styles)] if styles else "",
        responsible_member=_responsible(organization),
        deadline=clock.today() + dt.timedelta(days=days),
        public=number % 2 == 0,
    )
    item = rectification.register_item(
        by=scene.clerk(organization),
        batch=scene.batch,
        organization=organization,
        stage=scene.phase,
        data=data,
        opinions=opinions,
    )
    scene.figures.add("rectification_items")
    return item


def _responsible(organization: Organization) -> Member | None:
    leaders = Member.objects.on_roll().within(organization).filter(post_level=Member.PostLevel.LEADER)
    return leaders.order_by("organization__path", "pk").first()


def work_on(scene: Scene, item: RectificationItem) -> None:
    """Progress is noted, the deadline moved where it cannot be kept, and it is reported done."""
    by = scene.clerk(item.organization)
    rectification.note_progress(by=by, item=item, text="已召开协调会，方案已定。")
    if item.deadline and scene.chance(EXTENDED):
        later = max(item.deadline, clock.today()) + dt.timedelta(days=3)
        rectification.extend_deadline(by=by, item=item, deadline=later, reason="等待上级部门批复。")
        scene.figures.add("deadlines_moved")
    rectification.report_done(by=by, item=item, text="已整改，值班表已公布。")


def close_out(scene: Scene, item: RectificationItem) -> None:
    """Another person confirms it; one in eight goes back to be reported again."""
    item.refresh_from_db()
    by = confirmer(scene, item)
    if scene.chance(SENT_BACK):
        rectification.send_back(by=by, item=item, reason="现场查看，仍有群众反映。")
        rectification.report_done(by=scene.clerk(item.organization), item=item, text="已再次整改并回访。")
        scene.figures.add("items_sent_back")
    rectification.confirm_done(by=by, item=item, text="现场核对属实。")
    scene.figures.add("items_closed")


def confirmer(scene: Scene, item: RectificationItem) -> User:
    """The secretary, unless he reported it himself; then somebody above (O-07)."""
    people = [scene.secretary(item.organization), scene.unit.secretary, scene.cast.superior, scene.cast.office]
    found = next((user for user in people if ledger_rules.can_confirm(user, item)), None)
    if found is None:
        raise LookupError(f"{item}: nobody can confirm it")
    return found


# ------------------------------------------------------------ plans
@for_tool("plans")
@for_check("plans_adopted")
def adopt_plans(scene: Scene) -> None:
    """Every plan that is asked for is written, shown for its days, and only then adopted (O-01..O-04, decision 11)."""
    owners = owners_asked(scene)
    with scene.at(0.1):
        plans = of_members(scene) if Owner.MEMBER in owners else []
        if Owner.ORGANIZATION in owners:
            plans += [_of(scene, one, Owner.ORGANIZATION) for one in scene.evidence.uppers]
        if Owner.UNIT in owners:
            plans.append(_of(scene, scene.leading, Owner.UNIT))
    with scene.at(0.15):
        for plan in plans:
            if plan.needs_notice:
                show(scene, plan)
    _return_one(scene, [plan for plan in plans if plan.owner == Owner.ORGANIZATION and plan.state == State.NOTICE])
    adopt(scene, [plan for plan in plans if plan.state == State.NOTICE])


def owners_asked(scene: Scene) -> set[str]:
    """By the rules for plans; where a playbook has none, by whom its action is asked of."""
    rules = {rule.owner for rule in scene.playbook.plans}
    pers = {per for action in scene.evidence.actions if action.tool == "plans" for per in action.pers}
    return {*rules, *(pers & set(Owner.values))}


def of_members(scene: Scene) -> list[RectificationPlan]:
    there = {
        plan.member_id: plan
        for plan in RectificationPlan.objects.filter(batch=scene.batch, owner=Owner.MEMBER).select_related("notice")
    }
    return [there.get(member.pk) or write_for_member(scene, member) for member in scene.members()]


def write_for_member(scene: Scene, member: Member) -> RectificationPlan:
    scene.figures.add("plans")
    return rectification_plans.write_plan(
        by=member.user or scene.clerk(member.organization),
        batch=scene.batch,
        owner=Owner.MEMBER,
        organization=member.organization,
        member=member,
        contents="学习不够系统，深入群众不够经常。",
        measures="每月自学不少于八小时，每季度到联系点一次。",
    )


def _of(scene: Scene, organization: Organization, owner: str) -> RectificationPlan:
    found = RectificationPlan.objects.filter(batch=scene.batch, organization=organization, owner=owner, member=None)
    return found.select_related("notice").first() or write_for_organization(scene, organization, owner)


def write_for_organization(scene: Scene, organization: Organization, owner: str) -> RectificationPlan:
    scene.figures.add("plans")
    return rectification_plans.write_plan(
        by=scene.secretary(organization),
        batch=scene.batch,
        owner=owner,
        organization=organization,
        contents="群众反映突出的问题和班子查摆的问题。",
        measures="逐项明确责任人、时限和标准，完成一项销号一项。",
        items=_items(scene),
    )


def show(scene: Scene, plan: RectificationPlan) -> None:
    """Put on notice; on an organisation's somebody says something."""
    by = scene.secretary(plan.organization)
    rectification_plans.show_plan(by=by, plan=plan)
    if plan.owner != Owner.MEMBER:
        text = "建议写明完成时限。"
        rectification_plans.remark_on_plan(by=by, plan=plan, source="本单位职工", text=text)


def _return_one(scene: Scene, plans: list[RectificationPlan]) -> None:
    """The superior returns it: it is changed, and shown anew for all its days."""
    for plan in plans:
        if not scene.chance(PLAN_RETURNED):
            continue
        with scene.at(0.18):
            rectification_plans.return_plan(by=scene.cast.superior, plan=plan, reason="责任人没有明确。")
            rectification_plans.change_plan(
                by=scene.secretary(plan.organization),
                plan=plan,
                contents=plan.contents,
                measures=plan.measures + "责任人为各支部书记。",
                items=plan.items.all(),
            )
            show(scene, plan)
        scene.figures.add("plans_returned")


def adopt(scene: Scene, plans: list[RectificationPlan]) -> None:
    """Each in its owner's way on the first day after the last notice; members' by a vote of their branch."""
    if not plans:
        return
    day = max(plan.notice.ends_on for plan in plans if plan.notice) + dt.timedelta(days=1)
    branches: dict[Organization, list[RectificationPlan]] = {}
    with scene.on(max(day, scene.day(0.2))):
        for plan in plans:
            if plan.owner == Owner.MEMBER:
                branches.setdefault(plan.organization, []).append(plan)
            elif plan.owner == Owner.ORGANIZATION:
                rectification_plans.agree_to_plan(by=scene.cast.superior, plan=plan)
            else:
                by = scene.secretary(plan.organization)
                rectification_plans.commit_publicly(by=by, plan=plan, on=clock.today(), medium="县广播电视台")
        for branch, listed in branches.items():
            present = len(listed)
            votes = present - (present > 3)
            rectification_plans.adopt_by_meeting(
                by=scene.secretary(branch), plans=listed, on=clock.today(), present=present, votes=votes
            )
    scene.figures.add("plans_adopted", len(plans))


# ------------------------------------------------------------ standing rules
@for_tool("standing_rules")
def make_rules(scene: Scene) -> None:
    """Each organisation of whom rules are asked issues one and revises another (G-07)."""
    mechanisms = [item.key for item in scene.playbook.items("long_term")]
    wide = any("organization" in a.pers for a in scene.evidence.actions if a.tool == "standing_rules")
    for organization in scene.evidence.uppers if wide else [scene.leading]:
        if StandingRule.objects.filter(batch=scene.batch, organization=organization).exists():
            continue
        for number, title in enumerate(RULES):
            with scene.at(0.7):
                data = standing_rules.RuleData(
                    title=f"{organization.name}{title}",
                    kind=(StandingRule.Kind.ISSUED, StandingRule.Kind.REVISED)[number % 2],
                    dated=clock.today(),
                    mechanism=mechanisms[number % len(mechanisms)] if mechanisms else "",
                    number=f"〔{clock.today().year}〕{number + 3}号",
                )
                standing_rules.enter_rule(
                    by=scene.clerk(organization), batch=scene.batch, organization=organization, data=data
                )
            scene.figures.add("standing_rules")
