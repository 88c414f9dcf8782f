"""Who plans visits and gives opinions, who answers them and who follows them up (M-01, M-03, M-12).

A group speaks to the organisations in its charge, through a post above them. What a superior body did or suggested is
kept by the office of the host. An opinion is answered by whoever records or applies for the organisation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_noop

from accounts import clock
from accounts.messages import Message
from accounts.models import User
from campaign.models import Batch, Campaign, Participation
from campaign.playbook.text import Text
from campaign.queries import governing
from supervision import rules
from supervision.models import ASSIGNED, GroupMember, SupervisionGroup, SupervisionOpinion, Visit
from units import access
from units.models import Organization, Post
from units.roles import Right

HOST = "participation__batch__campaign__host"


@dataclass(frozen=True)
class Sender:
    """From whom a visit or opinion is: one's group, or a superior body in words; neither: supervision at large."""

    group: SupervisionGroup | None = None
    from_body: str = ""


AT_LARGE = Sender()


def principle(participation: Participation) -> Text | None:
    """How the playbook wants those who guide to behave (D-06); nothing where it does not say."""
    body = participation.batch.campaign.playbook.body("supervision")
    return body.principle if body else None


def advises(post: Post) -> bool:
    """Does the post let its holder guide others?"""
    return Right.REVIEW in post.rights


def can_guide(user: Any, organization: Organization) -> bool:
    """Visit an organisation and give it opinions: the supervision group in charge, nobody from inside."""
    return rules.holds_above(user, organization, advises)


def guided(user: Any, field: str = "organization") -> Q:
    """can_guide() as a condition on rows, without a query; `field` is empty for organisations themselves."""
    prefix = f"{field}__" if field else ""
    reach = access.NOTHING
    posts = access.posts_of(user)
    for post in filter(advises, posts):
        here = access.below(post.organization.path, field)
        if not post.source.startswith(ASSIGNED):
            here &= ~Q(**{f"{prefix}path": post.organization.path})
        reach |= here
    step = Organization.steplen
    inside = {
        post.organization.path[:end]
        for post in posts
        if post.role in rules.INSIDE
        for end in range(step, len(post.organization.path) + 1, step)
    }
    return reach & ~Q(**{f"{prefix}path__in": sorted(inside)}) if inside else reach


def keeps_for_superiors(user: Any, campaign: Campaign) -> bool:
    """Write down what a superior body did or suggested: who sets the campaign up (M-12)."""
    return access.has(user, Right.SET_UP, campaign.host)


def groups_of(user: Any, campaign: Campaign) -> QuerySet[SupervisionGroup]:
    """The groups of a campaign in which the user is today."""
    return SupervisionGroup.objects.filter(
        campaign=campaign, pk__in=GroupMember.objects.current().filter(user=user).values("group")
    )


def can_send(user: Any, participation: Participation, organization: Organization, sender: Sender) -> bool:
    """Speak in the name of this sender to the organisation."""
    if sender.from_body:
        return keeps_for_superiors(user, participation.batch.campaign)
    if not can_guide(user, organization):
        return False
    return sender.group is None or groups_of(user, participation.batch.campaign).filter(pk=sender.group.pk).exists()


def why_not_send(user: Any, participation: Participation, organization: Organization, sender: Sender) -> Message | None:
    """The reason why nothing can be planned or given; None if it can."""
    if not can_send(user, participation, organization, sender):
        return Message(
            gettext_noop("Only the supervision group in charge can do this; the office for a superior body.")
        )
    if not is_open(participation.batch):
        return Message(gettext_noop("The batch has been closed."))
    covering = governing(organization, participation.batch)
    if covering is None or covering.pk != participation.pk:
        names = {"name": organization.name, "unit": participation.label}
        return Message(gettext_noop("%(name)s does not take part under %(unit)s."), names)
    return None


def is_open(batch: Batch) -> bool:
    return batch.closed_on is None


def can_begin(user: Any, participation: Participation) -> bool:
    """Plan a visit to a unit or something in it, or give an opinion there."""
    if not is_open(participation.batch):
        return False
    top = participation.organization
    inside = (advises(post) and post.organization.path.startswith(top.path) for post in access.posts_of(user))
    return keeps_for_superiors(user, participation.batch.campaign) or can_guide(user, top) or any(inside)


def can_keep(user: Any, record: Visit | SupervisionOpinion) -> bool:
    """Change, log and follow up: the group in charge of the organisation today, or the office for a superior body."""
    batch = record.participation.batch
    if not is_open(batch):
        return False
    if record.from_body:
        return keeps_for_superiors(user, batch.campaign)
    return can_guide(user, record.organization)


def kept(user: Any) -> Q:
    """can_keep() as a condition on visits or opinions, without a query."""
    own = guided(user) & Q(from_body="")
    office = access.scope(user, Right.SET_UP, HOST) & ~Q(from_body="")
    return (own | office) & Q(participation__batch__closed_on=None)


def keepers(record: Visit | SupervisionOpinion) -> list[User]:
    """Whom to tell what became of a visit or an opinion."""
    if record.from_body:
        return list(access.holders(Right.SET_UP, record.participation.batch.campaign.host))
    return rules.people_above(record.organization, advises)


def can_answer(user: Any, opinion: SupervisionOpinion) -> bool:
    """Answer an opinion: who records or applies for the organisation."""
    if not is_open(opinion.participation.batch):
        return False
    return any(access.has(user, right, opinion.organization) for right in (Right.RECORD, Right.APPLY))


def hosts(record: Visit | SupervisionOpinion) -> list[User]:
    """Who is told of a visit or an opinion: secretaries at the organisation and up to the leading one."""
    organization, step = record.organization, Organization.steplen
    first = len(record.participation.organization.path)
    paths = [organization.path[:end] for end in range(first, len(organization.path) + 1, step)]
    posts = Post.objects.current(clock.today()).filter(organization__path__in=paths, user__is_active=True)
    fitting = [post for post in posts.select_related("user") if Right.APPLY in post.rights]
    return list({post.user_id: post.user for post in fitting}.values())
