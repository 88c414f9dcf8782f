"""Who must hand in a self-analysis, where each stands, and who reviews (F-05, F-11..F-13)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, CharField, Count, F, FilteredRelation, Q, QuerySet, Value, When

from accounts import clock
from accounts.models import User
from assessments.models import AnalysisVersion, Deputy, SelfAnalysis
from assessments.routing import AuthorFacts, Route, Seat, route
from campaign.models import Batch, Participation
from campaign.playbook.judging import Analysis
from campaign.queries import taking_part
from units.models import Member, Organization, Post

STATES = ("missing", *SelfAnalysis.State.values)


# ---------------------------------------------------------------- what other tools ask
def passed_ids(batch: Batch, members: Iterable[int] | Any) -> set[int]:
    """Ids of those among `members` whose paper has passed: only then is the member test held (F-12)."""
    rows = SelfAnalysis.objects.passed().filter(batch=batch, member__in=members)
    return set(rows.values_list("member_id", flat=True))


def passed(member: Member, batch: Batch) -> bool:
    """Has the member's paper passed the review (F-12)?"""
    return bool(passed_ids(batch, [member.pk]))


def rechecked_ids(batch: Batch, members: Iterable[int] | Any) -> set[int]:
    """Ids of those whose passed paper was found good after the meetings too (F-15)."""
    rows = SelfAnalysis.objects.passed().filter(batch=batch, member__in=members, rechecked_at__isnull=False)
    return set(rows.values_list("member_id", flat=True))


# ---------------------------------------------------------------- rules of length and exemption
def exemption(rules: Analysis, member: Any) -> str:
    """Why nothing is asked of a member ("cannot_write", "retired"), or nothing (C-03, C-04)."""
    if "cannot_write" in rules.exempt and not member.can_write:
        return "cannot_write"
    return "retired" if "retired" in rules.exempt and member.retired else ""


def exempt_q(rules: Analysis, prefix: str = "") -> Q:
    """The same in the database."""
    found = Q(pk__in=[])
    if "cannot_write" in rules.exempt:
        found |= Q(**{f"{prefix}can_write": False})
    if "retired" in rules.exempt:
        found |= Q(**{f"{prefix}retired": True})
    return found


def is_leader(member: Any) -> bool:
    """Section-level with a real post and above, those awaiting retirement included (C-02)."""
    return member.post_level == Member.PostLevel.LEADER


def minimum_for(rules: Analysis, member: Any) -> int | None:
    """Least number of characters of a member's paper (F-11); None where no number is asked for."""
    if exemption(rules, member):
        return None
    return rules.minimum("leader" if is_leader(member) else "ordinary")


# ---------------------------------------------------------------- routing
def _seats(paths: list[str]) -> list[Seat]:
    posts = Post.objects.current(clock.today()).filter(organization__path__in=paths, user__is_active=True)
    return [Seat(*row) for row in posts.order_by("pk").values_list("user_id", "role", "organization__path")]


def route_for(member: Member, participation: Participation) -> Route | None:
    """The post that reviews the member's paper by the playbook's rules; None where there is none."""
    path = member.organization.path
    step = Organization.steplen
    author = AuthorFacts(
        path=path,
        user=member.user_id,
        leader=is_leader(member),
        retired=member.retired or member.awaiting_retirement,
        leading_path=participation.organization.path,
    )
    chain = [path[:end] for end in range(step, len(path) + 1, step)]
    return route(participation.batch.campaign.playbook.routing, author, _seats(chain))


def participation_for(member: Member) -> Participation | None:
    """Under which participation the member writes."""
    return taking_part(member.organization)


def reviewers_of(paper: SelfAnalysis) -> QuerySet[User]:
    """Who may review it today: the holders of the post, or whom the office named, and who stands in for them."""
    today = clock.today()
    if paper.assigned_reviewer_id:
        first = User.objects.filter(pk=paper.assigned_reviewer_id, is_active=True)
    else:
        posts = Post.objects.current(today).filter(
            role=paper.reviewer_role, organization=paper.reviewer_organization_id
        )
        first = User.objects.filter(is_active=True, posts__in=posts)
    standing_in = Deputy.objects.filter(from_date__lte=today, to_date__gte=today, principal__in=first)
    people = User.objects.filter(Q(pk__in=first) | Q(pk__in=standing_in.values("deputy")), is_active=True)
    return people.exclude(pk=paper.member.user_id) if paper.member.user_id else people


def reviewer_names(papers: Iterable[SelfAnalysis]) -> dict[int, list[str]]:
    """Paper id to the names of the holders of its reviewing post (or who was named by hand): two queries."""
    listed = list(papers)
    keys = {(p.reviewer_role, p.reviewer_organization_id) for p in listed if p.reviewer_organization_id}
    found: dict[tuple[str, int], list[str]] = {}
    posts = Post.objects.current(clock.today()).filter(
        role__in={role for role, _o in keys}, organization__in={o for _r, o in keys}, user__is_active=True
    )
    for post in posts.select_related("user").order_by("pk"):
        found.setdefault((post.role, post.organization_id), []).append(str(post.user))
    named = User.objects.in_bulk([p.assigned_reviewer_id for p in listed if p.assigned_reviewer_id])
    return {
        p.pk: [str(named[p.assigned_reviewer_id])]
        if p.assigned_reviewer_id in named
        else found.get((p.reviewer_role, p.reviewer_organization_id or 0), [])
        for p in listed
    }


# ---------------------------------------------------------------- overview
def standing_of(batch: Batch, rules: Analysis, members: QuerySet[Member]) -> QuerySet[Member]:
    """Members with `standing`: "exempt" (unless they write all the same), "missing", or the state of the paper."""
    joined = members.annotate(paper=FilteredRelation("self_analyses", condition=Q(self_analyses__batch=batch)))
    return joined.annotate(
        standing=Case(
            When(paper__state__isnull=False, then=F("paper__state")),
            When(exempt_q(rules), then=Value("exempt")),
            default=Value("missing"),
            output_field=CharField(),
        )
    )


@dataclass(frozen=True, slots=True)
class Tally:
    """How many members of an organisation stand where; `asked` are those of whom a paper is asked."""

    organization: Organization | None
    counts: Mapping[str, int]

    @property
    def members(self) -> int:
        return sum(self.counts.values())

    @property
    def asked(self) -> int:
        return self.members - self.counts.get("exempt", 0)

    @property
    def waiting(self) -> int:
        return self.counts.get("submitted", 0) + self.counts.get("in_review", 0)

    @property
    def writing(self) -> int:
        return self.counts.get("draft", 0)

    @property
    def missing(self) -> int:
        return self.counts.get("missing", 0)

    @property
    def returned(self) -> int:
        return self.counts.get("returned", 0)

    @property
    def passed(self) -> int:
        return self.counts.get("passed", 0)

    @property
    def exempt(self) -> int:
        return self.counts.get("exempt", 0)


def tallies(batch: Batch, rules: Analysis, organization: Organization) -> tuple[list[Tally], Tally]:
    """Each branch at and under an organisation, and the sum: two queries, and no name in them (decision 20)."""
    members = standing_of(batch, rules, Member.objects.on_roll().within(organization))
    rows = members.order_by().values_list("organization_id", "standing").annotate(n=Count("pk"))
    found: dict[int, dict[str, int]] = {}
    total: dict[str, int] = {}
    for place, standing, n in rows:
        found.setdefault(place, {})[standing] = n
        total[standing] = total.get(standing, 0) + n
    places = Organization.objects.active().within(organization).filter(Q(kind="branch") | Q(pk__in=found))
    return [Tally(place, found.get(place.pk, {})) for place in places], Tally(None, total)


def papers_of(batch: Batch, members: Iterable[Any]) -> dict[int, SelfAnalysis]:
    """Member id to paper."""
    rows = SelfAnalysis.objects.filter(batch=batch, member__in=[m.pk for m in members]).select_related("notice")
    return {paper.member_id: paper for paper in rows.defer("sources", "text", "views", "measures")}


def latest_version(paper: SelfAnalysis) -> AnalysisVersion | None:
    """What was handed in last."""
    return paper.versions.filter(number=paper.last_number).select_related("original", "handed_in_by").first()


def above(organization: Organization) -> Q:
    """Posts at the organisation or above it."""
    step = organization.steplen
    return Q(organization__path__in=[organization.path[:end] for end in range(step, len(organization.path) + 1, step)])


def possible_reviewers(user: Any, paper: SelfAnalysis) -> QuerySet[User]:
    """Whom the office may name by hand: holders of posts at the organisation or above it, without the author."""
    posts = (
        Post.objects.current(clock.today())
        .filter(above(paper.organization))
        .exclude(role__in=["member", "auditor", "system_administrator", "security_administrator"])
    )
    people = User.objects.filter(is_active=True, posts__in=posts).distinct()
    return people.exclude(pk=paper.member.user_id) if paper.member.user_id else people


__all__ = [
    "STATES",
    "Tally",
    "above",
    "exempt_q",
    "exemption",
    "is_leader",
    "latest_version",
    "minimum_for",
    "papers_of",
    "participation_for",
    "passed",
    "passed_ids",
    "possible_reviewers",
    "rechecked_ids",
    "reviewer_names",
    "reviewers_of",
    "route_for",
    "standing_of",
    "tallies",
]
