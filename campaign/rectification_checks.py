"""What the rectification of a unit shows at the gate, and how the checklist counts it (O-01..O-09, G-07)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign import tools
from campaign.evidence import Evidence
from campaign.findings import Finding, check, names
from campaign.models import RectificationItem, RectificationPlan, StandingRule
from campaign.playbook import Action, Check, Playbook
from campaign.rectification import AT_ONCE, treatment
from units.models import Organization

_OWNERS = {
    "member": gettext_noop("Plans of members"),
    "organization": gettext_noop("Plans of party organisations"),
    "unit": gettext_noop("Plan of the unit"),
}


def _with_leading(evidence: Evidence, held: Counter[int]) -> dict[int, int]:
    """A unit's ledger holds that of its branches: what they have counts for the leading organisation too."""
    total = sum(held.values())
    return {**held, **({evidence.organization.pk: total} if total else {})}


@tools.tool("ledger", "campaign:rectification")
def ledger(evidence: Evidence, action: Action) -> tools.Counted:
    """Organisations with at least one item; the items of a unit's branches are the unit's."""
    rows = RectificationItem.objects.filter(evidence.subtree("organization"), batch=evidence.batch)
    held = Counter(rows.order_by().values_list("organization_id", flat=True))
    return tools.Counted(organizations=_with_leading(evidence, held))


@tools.tool("standing_rules", "campaign:standing_rules")
def standing_rules(evidence: Evidence, action: Action) -> tools.Counted:
    """Organisations that issued, revised or abolished rules in this batch."""
    rows = StandingRule.objects.filter(evidence.subtree("organization"), batch=evidence.batch)
    held = Counter(rows.order_by().values_list("organization_id", flat=True))
    return tools.Counted(organizations=_with_leading(evidence, held))


def _adopted(evidence: Evidence) -> list[tuple[str, int, int | None]]:
    """(owner, organisation, member) of each adopted plan."""
    rows = RectificationPlan.objects.filter(
        evidence.subtree("organization"), batch=evidence.batch, state=RectificationPlan.State.ADOPTED
    )
    return list(rows.order_by().values_list("owner", "organization_id", "member_id"))


@tools.tool("plans", "campaign:plans")
def plans(evidence: Evidence, action: Action) -> tools.Counted:
    """Members with an adopted plan; organisations by their adopted plans, as organisation and as unit."""
    rows = _adopted(evidence)
    return tools.Counted(
        members=frozenset(member for _owner, _organization, member in rows if member is not None),
        organizations=Counter(organization for _owner, organization, member in rows if member is None),
    )


def _finding(evidence: Evidence, rule: Check, key: str, short: Iterable[str], base: int, **more: object) -> Finding:
    shown, count = names(short)
    share = rule.get("share")
    least = share if isinstance(share, Fraction) else Fraction(1)
    passed = (base - count) * least.denominator >= base * least.numerator
    return Finding(
        check=rule.check,
        key=key,
        passed=passed,
        soft=rule.soft,
        overridable=rule.override,
        missing=shown,
        missing_count=count,
        **more,  # type: ignore[arg-type]
    )


def _link(evidence: Evidence, name: str, query: str = "") -> str:
    return reverse(f"campaign:{name}", args=[evidence.organization.pk]) + query


def _falls_short(item: RectificationItem, playbook: Playbook) -> bool:
    return item.is_overdue or (item.is_unclosed and (item.reopened or treatment(playbook, item.kind) == AT_ONCE))


@check("rectification")
def rectification(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Nothing is overdue, and what could be mended at once is closed (O-06, O-07); `share`: of the items, default all.

    What has a time limit that has not passed may stay open: consolidation is open-ended (decision 12).
    """
    rows = RectificationItem.objects.filter(evidence.subtree("organization"), batch=evidence.batch)
    items = list(rows.only("problem", "kind", "state", "deadline", "reopened").order_by("deadline", "pk"))
    short = [item for item in items if _falls_short(item, evidence.playbook)]
    yield _finding(
        evidence,
        rule,
        "rectification",
        (str(item)[:30] for item in short),
        len(items),
        title=Message(gettext_noop("Rectification ledger")),
        required=Message(gettext_noop("nothing overdue, and what can be mended at once is closed")),
        measured=Message(
            gettext_noop("%(have)s of %(base)s items"), {"have": len(items) - len(short), "base": len(items)}
        ),
        link=_link(evidence, "rectification", "?state=unclosed"),
        link_label=Message(gettext_noop("See the ledger")),
    )


def _owing(evidence: Evidence, owner: str) -> list[tuple[int, str]]:
    """Whose plan is asked for: each member on the roll, each organisation above branch level, the leading one."""
    if owner == "member":
        return [(member.id, member.name) for member in evidence.roll]
    if owner == "organization":
        return [(one.pk, one.name) for one in evidence.uppers]
    leading: Organization = evidence.participation.organization
    return [(leading.pk, leading.name)] if evidence.whole else []


@check("plans_adopted")
def plans_adopted(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each plan that the playbook asks for is adopted in its own way, after its notice; one finding a kind of owner."""
    rows = _adopted(evidence)
    for plan in evidence.playbook.plans:
        done = {member if owner == "member" else place for owner, place, member in rows if owner == plan.owner}
        owing = _owing(evidence, plan.owner)
        short = [name for pk, name in owing if pk not in done]
        if not owing:
            continue
        yield _finding(
            evidence,
            rule,
            f"plans_adopted:{plan.owner}",
            short,
            len(owing),
            title=Message(_OWNERS[plan.owner]),
            required=Message(gettext_noop("shown, then adopted")),
            measured=Message(
                gettext_noop("%(have)s of %(base)s plans"), {"have": len(owing) - len(short), "base": len(owing)}
            ),
            link=_link(evidence, "plans", f"?owner={plan.owner}"),
            link_label=Message(gettext_noop("See the plans")),
        )
