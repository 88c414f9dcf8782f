"""Who may apply, decide, order a make-up, re-check one and put groups together.

Deciding always goes through a post above the organisation concerned; a post that a supervision assignment gave counts
as one, although it stands at the organisation itself. Whoever holds a post inside the organisation decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from assessments.models.analyses import deputies_of
from campaign.models import Campaign, Participation
from campaign.playbook import ConsentStep, TransitionRule
from supervision.models import ASSIGNED, Decision, Filing, MakeUpOrder, Transition, stood_in_for
from units import access
from units.models import Organization, Post
from units.roles import Right

BODY_NAMES = {
    "supervision": _("Supervision group"),
    "office": _("Campaign office"),
    "leading_group": _("Leading group"),
    "superior_committee": _("Superior organisation"),
}
_RIGHT_OF_BODY = {"supervision": Right.REVIEW, "office": Right.APPROVE, "leading_group": Right.LEAD}
INSIDE = frozenset({"organization_secretary", "party_affairs_leader", "branch_secretary", "branch_committee"})

PostTest = Callable[[Post], bool]


def speaks_for(body: str, post: Post) -> bool:
    """Does a post let its holder speak for a body of the consent chain?"""
    if body == "superior_committee":
        return post.role == "organization_secretary"
    return _RIGHT_OF_BODY[body] in post.rights


def _stands_above(post: Post, organization: Organization) -> bool:
    if not organization.path.startswith(post.organization.path):
        return False
    return post.organization.path != organization.path or post.source.startswith(ASSIGNED)


def is_inside(user: Any, organization: Organization) -> bool:
    """Does the user lead or help to lead the organisation, or a part of it?"""
    return any(
        post.role in INSIDE and post.organization.path.startswith(organization.path) for post in access.posts_of(user)
    )


def holds_above(user: Any, organization: Organization, test: PostTest) -> bool:
    """A fitting post above the organisation (or given by an assignment), and none inside it."""
    above = any(test(post) and _stands_above(post, organization) for post in access.posts_of(user))
    return above and not is_inside(user, organization)


def people_above(organization: Organization, test: PostTest, *, but: Iterable[int] = ()) -> list[User]:
    """Active users for whom holds_above() is true: whom to notify. Two queries."""
    step = organization.steplen
    paths = [organization.path[:end] for end in range(step, len(organization.path) + 1, step)]
    current = Post.objects.current(clock.today()).select_related("organization", "user")
    fitting = [
        post
        for post in current.filter(organization__path__in=paths, user__is_active=True)
        if test(post) and _stands_above(post, organization)
    ]
    inside = set(
        current.filter(access.below(organization.path, "organization"), role__in=INSIDE).values_list(
            "user_id", flat=True
        )
    )
    left_out = inside | set(but)
    return list({post.user_id: post.user for post in fitting if post.user_id not in left_out}.values())


# ---------------------------------------------------------------- applications
def can_apply(user: Any, participation: Participation) -> bool:
    """A post with the right to apply at the leading organisation itself: its own secretary."""
    return any(
        post.organization_id == participation.organization_id and Right.APPLY in post.rights
        for post in access.posts_of(user)
    )


def applicants(participation: Participation) -> list[User]:
    """Who hears what became of an application: those who could have handed it in."""
    posts = Post.objects.current(clock.today()).filter(organization=participation.organization_id, user__is_active=True)
    return list({p.user_id: p.user for p in posts.select_related("user") if Right.APPLY in p.rights}.values())


def speaker(user: Any, transition: Transition, body: str) -> Any:
    """In whose name the user may speak for the body: his own, or that of one whose deputy he is today; None: nobody's.

    A deputy has the power of the one he stands in for and no more; whoever applied or stands inside decides nothing.
    """
    organization = transition.participation.organization
    if transition.applied_by_id == user.pk or is_inside(user, organization):
        return None
    for person in (user, *stood_in_for(user)):
        fits = holds_above(person, organization, lambda post: speaks_for(body, post))
        if fits and person.pk != transition.applied_by_id:
            return person
    return None


def can_decide(user: Any, transition: Transition, body: str) -> bool:
    """May the user speak for the body on this application at all, whoever's turn it is?"""
    return speaker(user, transition, body) is not None


def have_spoken(decisions: Iterable[Decision]) -> set[int]:
    """Ids of those whose word is given already: who said it, and in whose place."""
    return {pk for row in decisions for pk in (row.by_id, row.on_behalf_of_id) if pk}


def _registers(post: Post) -> bool:
    return Right.APPROVE in post.rights


def registrars(transition: Transition) -> list[User]:
    """The office with which the stage summary is filed (J-10)."""
    return people_above(transition.participation.organization, _registers)


def can_acknowledge(user: Any, filing: Filing) -> bool:
    """Put a summary on file: the office, for organisations below it."""
    return holds_above(user, filing.transition.participation.organization, _registers)


def next_steps(transition: Transition, rule: TransitionRule) -> list[ConsentStep]:
    """The steps whose turn it is: all that are open in parallel, the first open one in sequence."""
    if transition.state != Transition.State.SUBMITTED:
        return []
    spoken = {decision.body for decision in transition.decisions.all()}
    waiting = [step for step in rule.steps if step.body not in spoken]
    return waiting[:1] if rule.mode == "sequential" else waiting


def bodies_for(user: Any, transition: Transition, rule: TransitionRule) -> list[ConsentStep]:
    """The steps that wait for this user's word now. Nobody speaks twice on one application."""
    spoken = have_spoken(transition.decisions.all())
    found = []
    for step in next_steps(transition, rule) if user.pk not in spoken else ():
        person = speaker(user, transition, step.body)
        if person is not None and person.pk not in spoken:
            found.append(step)
    return found


def deciders(transition: Transition, body: str) -> list[User]:
    """Whom to ask for the word of a body: those who hold it, and their deputies of today. Three queries."""
    own = [transition.applied_by_id] if transition.applied_by_id else []
    organization = transition.participation.organization
    people = people_above(organization, lambda post: speaks_for(body, post), but=own)
    known = {person.pk: person for person in people}
    for deputy in deputies_of(known):
        if deputy.pk != transition.applied_by_id and not is_inside(deputy, organization):
            known.setdefault(deputy.pk, deputy)
    return list(known.values())


def may_decide_somewhere(user: Any) -> bool:
    """Cheap first look: by a post of one's own, or as somebody's deputy."""
    return any(
        speaks_for(body, post)
        for person in (user, *stood_in_for(user))
        for post in access.posts_of(person)
        for body in BODY_NAMES
    )


# ---------------------------------------------------------------- make-up
def _orders(post: Post) -> bool:
    return Right.ORDER_MAKEUP in post.rights or Right.REVIEW in post.rights


def can_order_makeup(user: Any, organization: Organization) -> bool:
    """Order a make-up of an organisation, as after a spot check (J-12)."""
    return holds_above(user, organization, _orders)


def may_order_somewhere(user: Any) -> bool:
    """Cheap first look, without a query beyond the posts."""
    return any(_orders(post) for post in access.posts_of(user))


def can_recheck(user: Any, order: MakeUpOrder) -> bool:
    """Close a make-up or send it back: whoever could have ordered it."""
    return can_order_makeup(user, order.organization)


def recheckers(order: MakeUpOrder) -> list[User]:
    return people_above(order.organization, _orders)


def _advises(post: Post) -> bool:
    return Right.REVIEW in post.rights


def lecture_advisers(participation: Participation) -> list[User]:
    """The supervision group in charge of a unit."""
    return people_above(participation.organization, _advises)


def can_advise_lecture(user: Any, participation: Participation) -> bool:
    """Advise on the draft of a lecture: the supervision group of the unit (E-19)."""
    return holds_above(user, participation.organization, _advises)


def can_send_lecture(user: Any, participation: Participation) -> bool:
    """Send a draft: who records for the unit, while it is under way."""
    active = participation.state == Participation.State.ACTIVE
    return active and access.has(user, Right.RECORD, participation.organization)


def can_make_up(user: Any, order: MakeUpOrder) -> bool:
    """Report what was made up: who records or applies for the organisation."""
    return access.has(user, Right.RECORD, order.organization) or access.has(user, Right.APPLY, order.organization)


def makers(order: MakeUpOrder) -> list[User]:
    """Who has to see to the make-up: secretaries at the organisation and up to the leading one."""
    step = order.organization.steplen
    first = len(order.participation.organization.path)
    paths = [order.organization.path[:end] for end in range(first, len(order.organization.path) + 1, step)]
    posts = Post.objects.current(clock.today()).filter(organization__path__in=paths, user__is_active=True)
    fitting = [post for post in posts.select_related("user") if Right.APPLY in post.rights]
    return list({post.user_id: post.user for post in fitting}.values())


# ---------------------------------------------------------------- groups
def can_manage_groups(user: Any, campaign: Campaign) -> bool:
    """Put groups together and assign them: who sets the campaign up."""
    return access.has(user, Right.SET_UP, campaign.host)
