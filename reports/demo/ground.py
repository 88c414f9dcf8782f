"""The groundwork of the demonstration: a unit that prepares itself, the census, an arrangement, two model members."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from accounts import clock
from campaign.actions import arrangements, census, model_members, preparation
from campaign.models import Activity, CensusSheet
from campaign.preparing import readiness
from reports.demo.play import PREPARING, STEADY, Play, Unit
from reports.rehearsal import starting

if TYPE_CHECKING:
    from reports.demo.depth import Depth

DEEDS = (
    ("雨夜守堤", "暴雨夜带两名同事守堤五个小时，排除一处险情，保住了两个村民小组。"),
    ("十年义务辅导", "连续十年利用周末为留守儿童辅导功课，从未间断。"),
)
PLAN = "一是把读本学习和业务工作结合起来；二是领导带头，责任到人；三是每周五前报进展。"


def lay(depth: Depth, play: Play) -> None:
    preparing = next(unit for unit in play.units if unit.situation == PREPARING)
    steady = [unit for unit in play.units if unit.situation == STEADY]
    with clock.freeze(play.today - dt.timedelta(days=4)):
        _prepare(depth, preparing)
    with clock.freeze(play.today - dt.timedelta(days=20)):
        _census(depth, steady[0], play.today)
    with clock.freeze(play.today - dt.timedelta(days=10)):
        _put_up(steady[0])
    with clock.freeze(play.today - dt.timedelta(days=2)):
        _arrange(depth, next(u for u in steady if any(m.retired for m in u.everyone)))


def _prepare(depth: Depth, unit: Unit) -> None:
    """All but one item ticked, the plan handed in: it waits for the office."""
    one = unit.participation
    starting.prepare(one, by=unit.secretary, cast=depth.cast, figures=depth.figures, all_of_it=False)
    contents = {item.key: PLAN for item in readiness(one).rules.contents}
    if contents:
        plan = preparation.write_plan(by=unit.secretary, participation=one, contents=contents, version=0)
        preparation.submit_plan(by=unit.secretary, plan=plan, required=list(contents))


def _census(depth: Depth, unit: Unit, today: dt.date) -> None:
    """A weak branch with two problems: one is being solved, the other overdue; a member whom nobody reaches."""
    batch, organization, by = unit.participation.batch, unit.participation.organization, unit.secretary
    data = census.SheetData(
        condition=CensusSheet.Condition.WEAK,
        secretary_fit=True,
        hindering="支部委员缺额一名",
        to_solve="两名党员组织关系未转入",
        activity_way=CensusSheet.ActivityWay.GROUPS,
    )
    sheet = census.fill_sheet(by=by, batch=batch, organization=organization, data=data, version=0)
    deadlines = (today - dt.timedelta(days=3), today + dt.timedelta(days=12))
    for case, deadline in zip(sheet.cases.order_by("pk"), deadlines, strict=False):
        census.change_case(
            by=by,
            case=case,
            version=case.version,
            measure="县直机关工委派员指导，限期解决",
            responsible="组织委员",
            deadline=deadline,
        )
    member = unit.everyone[-1]
    floating = census.MemberData(floating=True, where_now="成都", reachable=False, note="外出务工，电话停机")
    census.record_member_census(by=by, batch=batch, member=member, data=floating, version=0)


def _put_up(unit: Unit) -> None:
    """Two members with their deeds: one told at the unit's last activity, the other to be told."""
    batch, organization = unit.participation.batch, unit.participation.organization
    held = Activity.objects.within(organization).filter(batch=batch, held_on__lte=clock.today())
    told = [held.first(), None]
    for member, (title, deed), activity in zip(unit.everyone, DEEDS, told, strict=False):
        data = model_members.DeedData(
            member=member, title=title, deed=deed, put_up_by=organization.name, activity=activity
        )
        model_members.enter_deed(by=unit.secretary, batch=batch, data=data)


def _arrange(depth: Depth, unit: Unit) -> None:
    """Two old members are to study at home: the office has not decided yet."""
    old = [member for member in unit.everyone if member.retired][:2]
    arrangements.propose_arrangement(
        by=unit.secretary,
        batch=unit.participation.batch,
        organization=unit.participation.organization,
        members=old,
        reason="年老体弱，行动不便",
        arrangement="送学上门，个别谈心，可不参加集中学习",
    )
