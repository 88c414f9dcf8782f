"""Who may hold an anonymous survey, where, and who may see one that is still being prepared."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from assessments import confidential
from assessments.models import Poll, Survey
from campaign.models import Batch, Participation, StyleReview
from campaign.playbook import Instrument
from campaign.playbook.work import AFTER
from campaign.rules import can_hold_review
from units import access
from units.models import Organization
from units.roles import Right

_RIGHTS: Mapping[str, tuple[Right, ...]] = {
    "office": (Right.SET_UP,),
    "supervision": (Right.REVIEW, Right.SET_UP),
    "unit": (Right.ENTER_SURVEY,),
}


@dataclass(frozen=True)
class Choice:
    """What a user may hold, and at which organisation; `what` is its name in the address of the page."""

    kind: str
    organization: Organization
    label: str
    instrument: Instrument | None = None
    review: StyleReview | None = None

    @property
    def what(self) -> str:
        key = self.instrument.key if self.instrument and self.kind == Poll.Kind.UNIT else ""
        return f"{self.kind}.{key or (self.review.pk if self.review else 0)}.{self.organization.pk}"


def rights_for(organiser: str | None) -> tuple[Right, ...]:
    """With which right one holds a survey of this organiser (I-03); where the source names none, who counts it."""
    return _RIGHTS.get(organiser or "unit", _RIGHTS["unit"])


def may_hold(user: Any, kind: str, organization: Organization, organiser: str | None = None) -> bool:
    """A test of members is the branch's own (decision 20), a style review the office's."""
    if kind == Poll.Kind.MEMBERS:
        return confidential.sees_names(user, organization)
    if kind == Poll.Kind.STYLE:
        return can_hold_review(user, organization)
    return any(access.has(user, right, organization) for right in rights_for(organiser))


def can_manage(user: Any, poll: Poll) -> bool:
    """Prepare, open, print, extend, close: who prepared it and may still hold it, and the office above.

    A test of members stays with those who keep the branch's papers: nobody above reads its names.
    """
    if poll.kind == Poll.Kind.MEMBERS:
        return may_hold(user, poll.kind, poll.organization)
    if access.has(user, Right.SET_UP, poll.organization):
        return True
    organiser = poll.form.get("instrument", {}).get("organiser")
    return poll.created_by_id == user.pk and may_hold(user, poll.kind, poll.organization, organiser)


def seen_by(user: Any) -> QuerySet[Poll]:
    """Surveys in scope; what is being prepared is nobody's business but of those who prepare it."""
    papers = [post.organization_id for post in access.posts_of(user) if Right.PAPERS in post.rights]
    own = Q(created_by=user) | (access.scope(user, Right.SET_UP) & ~Q(kind=Poll.Kind.MEMBERS))
    own |= Q(kind=Poll.Kind.MEMBERS, organization__in=papers)
    return Poll.objects.visible_to(user).filter(~Q(state=Poll.State.DRAFT) | own)


def managed_by(user: Any) -> QuerySet[Poll]:
    """The surveys that can_manage lets through, near enough for a list: those of whoever has lost a post remain."""
    papers = [post.organization_id for post in access.posts_of(user) if Right.PAPERS in post.rights]
    unit = ~Q(kind=Poll.Kind.MEMBERS) & (Q(created_by=user) | access.scope(user, Right.SET_UP))
    return Poll.objects.visible_to(user).filter(unit | Q(kind=Poll.Kind.MEMBERS, organization__in=papers))


def sees_rows(user: Any, poll: Poll) -> bool:
    """Read the names of the members that a test is about."""
    return poll.kind != Poll.Kind.MEMBERS or confidential.sees_names(user, poll.organization)


# ---------------------------------------------------------------- what can be held, and where
def choices(user: Any, batch: Batch) -> list[Choice]:
    """Everything that a user may hold in a batch. A bounded number of queries."""
    taking_part = list(batch.participations.active().values_list("organization__path", flat=True))
    found: list[Choice] = []
    for instrument in batch.campaign.playbook.instruments:
        if instrument.subject == "unit":
            places = _places(user, rights_for(instrument.organiser), taking_part)
            found += [Choice(Poll.Kind.UNIT, place, str(instrument.name), instrument) for place in places]
    found += _member_tests(user, batch, taking_part)
    reviews = StyleReview.objects.filter(batch=batch, closed_on=None).select_related("organization")
    found += [
        Choice(Poll.Kind.STYLE, review.organization, review.title, review=review)
        for review in reviews.visible_to(user, Right.SET_UP)
    ]
    return found


def _places(user: Any, rights: Iterable[Right], taking_part: list[str]) -> list[Organization]:
    paths = {path for right in rights for path in access.roots(user, right)}
    near = [path for path in paths if any(one.startswith(path) for one in taking_part)]
    return list(Organization.objects.filter(path__in=near).order_by("path")) if near else []


def _member_tests(user: Any, batch: Batch, taking_part: list[str]) -> list[Choice]:
    instruments = [one for one in batch.campaign.playbook.instruments if one.subject == "member"]
    found = []
    for post in access.posts_of(user):
        place = post.organization
        under_way = any(place.path.startswith(path) for path in taking_part)
        if under_way and confidential.sees_names(user, place) and place not in [one.organization for one in found]:
            first = instruments[0] if instruments else None
            found.append(Choice(Poll.Kind.MEMBERS, place, str(first.name) if first else "", first))
    return found


def candidates(user: Any, batch: Batch, organization: Organization) -> QuerySet[Participation]:
    """Units under the holder that are under way, with the roll of the stage they are in."""
    rows = Participation.objects.visible_to(user).active().filter(access.below(organization.path, "organization"))
    return rows.filter(batch=batch).select_related("organization", "work_unit").order_by("organization__path")


def at_stage(rows: QuerySet[Participation], when: str) -> QuerySet[Participation]:
    """Those for whom the survey is due: in its stage, or through all stages. `each` and `any`: everybody."""
    if when in {"each", "any", ""}:
        return rows
    if when == AFTER:
        return rows.exclude(progress__state="current")
    return rows.filter(progress__state="current", progress__stage=when)


def busy(batch: Batch, instrument: str) -> QuerySet[Survey]:
    """Rounds of the same survey that are not confirmed: another cannot be opened there."""
    return Survey.objects.filter(participation__batch=batch, instrument=instrument).exclude(
        state=Survey.State.CONFIRMED
    )
