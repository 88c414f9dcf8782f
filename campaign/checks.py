"""The checks of the core room: study hours and days, coverages, required actions (E-02..E-04, E-26, A-18)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign import tools
from campaign.evidence import Evidence, RollMember
from campaign.findings import Finding, both, check, names
from campaign.playbook import Check
from campaign.steps import Step, checklist


def _number(value: Decimal) -> str:
    """45, 4.5: without idle zeros."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _share(rule: Check, default: Fraction) -> Fraction:
    """The share of those concerned that has to reach it: the gate's own, else the default."""
    share = rule.get("share")
    return share if isinstance(share, Fraction) else default


def _chosen(rule: Check, parameter: str, key: str) -> bool:
    """Does the gate ask about this one? Without the parameter it asks about all."""
    wanted = rule.get(parameter)
    return key in wanted if isinstance(wanted, tuple) else True


def _link(evidence: Evidence, view: str) -> str:
    return reverse(f"campaign:{view}", args=[evidence.organization.pk])


def _share_reached(have: int, base: int, share: Fraction) -> bool:
    return have * share.denominator >= base * share.numerator


def _members_finding(
    evidence: Evidence,
    rule: Check,
    *,
    key: str,
    title: Message,
    required: Message,
    short: list[RollMember],
    base: int,
    share: Fraction,
    link: str,
    label: Message,
    remark: Message | None = None,
) -> Finding:
    """A finding about members: `short` of `base` fall short of it."""
    shown, count = names(member.name for member in short)
    have = base - len(short)
    return Finding(
        check=rule.check,
        key=key,
        title=title,
        required=required,
        measured=Message(gettext_noop("%(have)s of %(base)s members"), {"have": have, "base": base}),
        passed=_share_reached(have, base, share),
        soft=rule.soft,
        overridable=rule.override,
        remark=remark,
        missing=shown,
        missing_count=count,
        link=link,
        link_label=label,
    )


def _arranged_remark(arranged: list[RollMember]) -> Message | None:
    if not arranged:
        return None
    return Message(
        gettext_noop("Left out by approved arrangement: %(names)s"),
        {"names": [member.name for member in arranged]},
    )


@check("study_hours")
def study_hours(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each member has the minimum of study hours (E-02); approved special arrangements are left out and listed."""
    least = evidence.playbook.study.hours
    if least is None:
        return
    counted = [member for member in evidence.roll if not member.arranged]
    yield _members_finding(
        evidence,
        rule,
        key="study_hours",
        title=Message(gettext_noop("Study hours")),
        required=Message(gettext_noop("%(hours)s study hours each"), {"hours": _number(least)}),
        short=[member for member in counted if evidence.hours.get(member.id, 0) < least],
        base=len(counted),
        share=_share(rule, evidence.playbook.study.share),
        link=_link(evidence, "study"),
        label=Message(gettext_noop("See hours")),
        remark=_arranged_remark([member for member in evidence.roll if member.arranged]),
    )


@check("concentrated_days")
def concentrated_days(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each member has the minimum of days of concentrated training (E-03)."""
    least = evidence.playbook.study.concentrated_days
    if least is None:
        return
    counted = [member for member in evidence.roll if not member.arranged]
    yield _members_finding(
        evidence,
        rule,
        key="concentrated_days",
        title=Message(gettext_noop("Concentrated training")),
        required=Message(
            gettext_noop("%(days)s days of %(hours)s study hours"),
            {"days": least, "hours": _number(evidence.playbook.study.day_hours)},
        ),
        short=[member for member in counted if evidence.concentrated_days.get(member.id, 0) < least],
        base=len(counted),
        share=_share(rule, evidence.playbook.study.share),
        link=_link(evidence, "study"),
        label=Message(gettext_noop("See days")),
        remark=_arranged_remark([member for member in evidence.roll if member.arranged]),
    )


@check("coverage")
def coverage(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Each coverage has reached every member (E-26); one finding a coverage, with the names not yet reached."""
    for item in evidence.playbook.study.coverages:
        if not _chosen(rule, "coverages", item.key):
            continue
        reached = evidence.covered(item.key)
        yield _members_finding(
            evidence,
            rule,
            key=f"coverage:{item.key}",
            title=Message(gettext_noop("Coverage: %(name)s"), {"name": both(item.name)}),
            required=Message(gettext_noop("every member")),
            short=[member for member in evidence.roll if member.id not in reached],
            base=len(evidence.roll),
            share=_share(rule, Fraction(1)),
            link=_link(evidence, "coverage"),
            label=Message(gettext_noop("See who is missing")),
        )


_MEASURED = {
    "once": gettext_noop("%(have)s of %(need)s time"),
    "times": gettext_noop("%(have)s of %(need)s times"),
    "members": gettext_noop("%(have)s of %(need)s members"),
    "organisations": gettext_noop("%(have)s of %(need)s organisations"),
}
_REQUIRED = {
    "once": gettext_noop("%(need)s time"),
    "times": gettext_noop("%(need)s times"),
    "members": gettext_noop("%(need)s members"),
    "organisations": gettext_noop("%(need)s organisations"),
}


def _unit(step: Step) -> str:
    """What is counted; a frozen sentence has no plural forms, so "1 time" is one of its own."""
    return "once" if step.unit == "times" and step.need == 1 else step.unit


def _unticked_remark(step: Step) -> Message | None:
    if not step.unticked:
        return None
    return Message(gettext_noop("Not ticked yet: %(points)s"), {"points": [both(name) for name in step.unticked]})


def _step_finding(evidence: Evidence, rule: Check, step: Step) -> Finding:
    shown, count = names(step.missing)
    action = step.action
    of_members = step.unit == "members"
    view = "marks" if of_members else "activities"
    tool = tools.of(action)
    link = (
        tool.url(evidence.organization, evidence.participation)
        if tool
        else _link(evidence, view) + f"?action={action.key}"
    )
    label = gettext_noop("See members") if of_members else gettext_noop("See records")
    return Finding(
        check=rule.check,
        key=f"action:{action.key}:{step.unit}",
        title=Message(gettext_noop("%(name)s"), {"name": both(action.name)}),
        required=Message(_REQUIRED[_unit(step)], {"need": step.need}),
        measured=Message(_MEASURED[_unit(step)], {"have": step.have, "need": step.need}),
        passed=step.done,
        soft=rule.soft or action.soft,
        overridable=rule.override,
        remark=_unticked_remark(step),
        missing=shown,
        missing_count=count,
        link=link,
        link_label=Message(gettext_noop("Go there")) if tool else Message(label),
    )


def _steps(evidence: Evidence, rule: Check, *, of_members: bool) -> Iterable[Finding]:
    for step in checklist(evidence, required_only=True):
        tool = tools.of(step.action)
        if tool is not None and tool.applies:  # handing in the application is the work (H-05..H-07)
            continue
        if (step.unit == "members") is of_members and _chosen(rule, "actions", step.action.key):
            yield _step_finding(evidence, rule, step)


@check("actions")
def actions(evidence: Evidence, rule: Check) -> Iterable[Finding]:
    """Every required action of the stage has been recorded by those who must do it (A-18)."""
    return _steps(evidence, rule, of_members=False)


@check("member_marks")
def member_marks(evidence: Evidence, rule: Check) -> Iterable[Finding]:
    """Every required action of a member has been done by each whom it concerns (C-13)."""
    return _steps(evidence, rule, of_members=True)
