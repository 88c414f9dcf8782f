"""Who signs in to the demonstration. All people are invented."""

from __future__ import annotations

from dataclasses import dataclass

from accounts import clock

PASSWORD = "Demo-2026"  # noqa: S105  printed by `make demo`; the demonstration holds no real data


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


def sign_ins() -> list[str]:
    """The lines that `make demo` prints: who can sign in, and what waits for each."""
    from campaign.models import Participation
    from supervision.models import MakeUpOrder, Transition
    from units.models import Post

    def secretary_of(organization_id: int) -> str:
        roles = ("branch_secretary", "organization_secretary")
        post = Post.objects.filter(organization=organization_id, role__in=roles).select_related("user").first()
        return post.user.username if post else "–"

    lines = [f"{person.username:<10}{person.told}" for person in OFFICE if person.told]
    waiting = Transition.objects.under_review().select_related("participation__organization").first()
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
    order = MakeUpOrder.objects.open().select_related("organization").first()
    if order:
        lines.append(f"{secretary_of(order.organization_id):<10}{order.organization}书记：正在补课")
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
    lines.append(f"{'member':<10}党员：看自己的学时和记录")
    lines.append(f"密码都是 {PASSWORD}")
    return lines
