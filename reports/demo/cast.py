"""Who signs in to the demonstration. All people are invented."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import clock
from campaign.playbook.work import CLOSING

ANALYSED = "C01"  # the committee whose second stage is played in full depth
PASSWORD = "Demo-2026"  # noqa: S105  printed by `make demo`; the demonstration holds no real data
PASSPHRASE = "Demo-2026 满意度测评"  # noqa: S105  of the anonymous surveys: in a demonstration everybody may count


@dataclass(frozen=True)
class Person:
    """An account of the demonstration: `organization` is a code of the sample roster."""

    username: str
    name: str
    role: str
    organization: str
    told: str = ""


OFFICE = (
    Person("office", "周明远", "office_head", "A00", "县先教办主任：建立活动、审批转段、印发简报"),
    Person("general", "邓春梅", "office_general", "A00", "综合组：花名册、周报、简报、汇总表"),
    Person("publicity", "苏小兰", "office_publicity", "A00"),
    Person("leader", "罗晓岚", "leading_group_head", "A00", "领导小组组长：看全县进度"),
    Person("superior", "钟国栋", "organization_secretary", "A00", "上级党组织书记：同意整改方案和总结申请，裁定申诉"),
    Person("sysadmin", "杜海波", "system_administrator", "A00", "系统管理员：账号"),
    Person("secadmin", "郝建军", "security_administrator", "A00", "安全管理员：职务"),
    Person("auditor", "范玉芬", "auditor", "A00", "审计员：操作记录"),
)

SUPERVISORS = (
    ("第一督导组", "super1", "王德顺"),
    ("第二督导组", "super2", "唐志强"),
    ("第三督导组", "super3", "蒋丽华"),
    ("第四督导组", "super4", "何建平"),
    ("第五督导组", "super5", "冯秀英"),
    ("第六督导组", "super6", "李卫国"),
)
ASSISTANTS = {"第一督导组": ("guide1", "宋玉兰")}  # who goes along with the head


def sign_ins() -> list[str]:
    """The lines that `make demo` prints: who can sign in, and what waits for each."""
    from assessments.models import Poll
    from campaign.models import Participation
    from supervision.models import MakeUpOrder, Transition
    from units.models import Post

    def secretary_of(organization_id: int) -> str:
        roles = ("branch_secretary", "organization_secretary")
        post = Post.objects.filter(organization=organization_id, role__in=roles).select_related("user").first()
        return post.user.username if post else "–"

    lines = [f"{person.username:<10}{person.told}" for person in OFFICE if person.told]
    rows = Transition.objects.under_review().exclude(stage=CLOSING)
    waiting = rows.select_related("participation__organization").first()
    if waiting:
        head = (
            Post.objects.filter(organization=waiting.participation.organization_id, role="supervisor")
            .select_related("user")
            .first()
        )
        if head:
            lines.append(f"{head.user.username:<10}督导组组长：{waiting.participation.label}的转段申请等您审查")
        lines.append(
            f"{secretary_of(waiting.participation.organization_id):<10}{waiting.participation.organization}书记：已提出转段申请"
        )
    lines.append("super1    督导组组长：工作台、走访、督导意见、本周情况；guide1 同组组员")
    order = MakeUpOrder.objects.open().select_related("organization").first()
    if order:
        lines.append(f"{secretary_of(order.organization_id):<10}{order.organization}书记：正在补课")
    lines += [f"{name:<10}{told}" for name, told in _deep()]
    busy = (
        Participation.objects.exclude(pk__in=Transition.objects.values("participation_id"))
        .filter(organization__kind="committee", progress__state="current", progress__planned_end__gte=clock.today())
        .select_related("organization")
        .first()
    )
    if busy:
        lines.append(f"{secretary_of(busy.organization_id):<10}{busy.organization}书记：看所属支部进度，写周报")
        branch = busy.organization.children.order_by("path").first()
        if branch:
            lines.append(f"{secretary_of(branch.pk):<10}{branch}书记：在手机上记录活动、点名")
    lines.append(f"{'member':<10}党员：看自己的学时和记录，修改被退回的党性分析材料，签署评议意见")
    lines.append(f"密码都是 {PASSWORD}")
    if Poll.objects.filter(state=Poll.State.OPEN).exists():
        lines.append(f"office    匿名测评：印测评票、看进度、收票计票（口令：{PASSPHRASE}），用手机扫票上的二维码作答")
    return lines


def _deep() -> list[tuple[str, str]]:
    """Who finds the work of the later stages: one line each for the second, the third and the closing."""
    from campaign.models import RectificationItem, StageProgress, UnitPlan
    from units.models import Organization

    found = []
    analysis = Organization.objects.filter(code=ANALYSED, participations__isnull=False).first()
    if analysis:
        told = "书记：审党性分析材料、看谈心和评议进度"
        found.append((analysis.code.lower(), f"{analysis}{told}"))
    item = RectificationItem.objects.filter(state=RectificationItem.State.REPORTED).select_related("organization")
    third = StageProgress.objects.filter(position=3, state=StageProgress.State.CURRENT)
    for one in item.filter(organization__in=third.values("participation__organization"))[:1]:
        found.append((one.organization.code.lower(), f"{one.organization}书记：整改台账有一项待核实、一项超期"))
    for row in StageProgress.objects.filter(position=3, state=StageProgress.State.DONE)[:1]:
        closing = row.participation.organization
        found.append((closing.code.lower(), f"{closing}书记：三个阶段已完成，总结申请待同意"))
    for plan in UnitPlan.objects.filter(state=UnitPlan.State.SUBMITTED).select_related("participation__organization")[
        :1
    ]:
        organization = plan.participation.organization
        found.append((organization.code.lower(), f"{organization}书记：准备阶段，实施方案已报送"))
    return found
