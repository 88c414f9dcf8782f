"""What the checklist, the gate and the home page read of opinions and style reviews."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from campaign import tools
from campaign.evidence import Evidence
from campaign.findings import Finding, check, names
from campaign.models import Opinion, ReviewedDepartment
from campaign.playbook import Action, Check
from campaign.queries import batch_for
from campaign.todo import Todo, provider
from units import access
from units.roles import Right


@tools.tool("opinions", "campaign:opinions")
def opinions(evidence: Evidence, action: Action) -> tools.Counted:
    """Opinions each organisation has gathered and sorted, so that raw notes alone do not count (N-06). One query."""
    rows = Opinion.objects.filter(evidence.subtree("organization"), batch=evidence.batch).ready_for_rectification()
    counted = rows.order_by().values_list("organization").annotate(n=Count("pk"))
    return tools.Counted(organizations=dict(counted))


@tools.tool("style_review", "campaign:style_reviews")
def style_review(evidence: Evidence, action: Action) -> tools.Counted:
    """Reviews that an office below has held to the end, and sheets that a department was sent (N-03, N-04)."""
    sent = ReviewedDepartment.objects.filter(
        evidence.subtree("organization"), review__batch=evidence.batch, sent_at__isnull=False
    )
    return tools.Counted(organizations=dict(sent.order_by().values_list("organization").annotate(n=Count("pk"))))


@check("opinions_answered")
def opinions_answered(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """Every opinion passed on is answered, or stands in the rectification ledger (N-06, O-05)."""
    passed = Opinion.objects.filter(evidence.subtree("concerned"), batch=evidence.batch, passed_on__isnull=False)
    passed = passed.standing()
    open_ = passed.exclude(state=Opinion.State.ANSWERED).filter(rectification_items=None)
    base, short = passed.count(), open_.count()
    found = list(open_.order_by("concerned__path").values_list("concerned__name", flat=True).distinct())
    shown, count = names(found)
    yield Finding(
        check=rule.check,
        key="opinions_answered",
        title=Message(gettext_noop("Opinions passed on")),
        required=Message(gettext_noop("each answered or taken into rectification")),
        measured=Message(gettext_noop("%(have)s of %(base)s opinions"), {"have": base - short, "base": base}),
        passed=short == 0,
        soft=rule.soft,
        overridable=rule.override,
        missing=shown,
        missing_count=count,
        link=reverse("campaign:opinions", args=[evidence.organization.pk]) + "?state=passed",
        link_label=Message(gettext_noop("See the opinions")),
    )


@provider
def opinions_to_answer(user: Any) -> Iterator[Todo]:
    """Opinions passed on to organisations where the user himself holds a post. Two queries."""
    posts = [post for post in access.posts_of(user) if Right.RECORD in post.rights]
    batch = batch_for(user) if posts else None
    if batch is None:
        return
    waiting = Opinion.objects.visible_to(user).filter(
        Q(rectification_items=None),
        batch=batch,
        concerned__in=[post.organization_id for post in posts],
        state=Opinion.State.PASSED,
    )
    count = waiting.count()
    if count:
        yield Todo(
            count=count,
            title=Message(gettext_noop("Answer the opinions passed on")),
            detail=None,
            url=reverse("campaign:opinions", args=[posts[0].organization_id]) + "?state=passed",
            button=Message(gettext_noop("See the opinions")),
            menu="campaign:opinions_hub",
        )
