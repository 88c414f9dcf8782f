"""What knowledge tests show: each member's best score, and who is missing, by branch (E-36)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Q

from accounts import clock
from assessments.models import KnowledgeTest, TestAttempt, TestScore
from units.models import Member, Organization


@dataclass(frozen=True)
class MemberResult:
    """A member's best score in a test; None: no result yet."""

    member: Member
    score: Decimal | None
    passed: bool


@dataclass
class BranchResult:
    """The results of a branch's members of today."""

    organization: Organization
    results: list[MemberResult] = field(default_factory=list)

    @property
    def members(self) -> int:
        return len(self.results)

    @property
    def taken(self) -> int:
        return sum(result.score is not None for result in self.results)

    @property
    def passed(self) -> int:
        return sum(result.passed for result in self.results)

    @property
    def missing(self) -> list[str]:
        """Names of those without a result."""
        return [result.member.name for result in self.results if result.score is None]

    @property
    def failed(self) -> list[str]:
        """Names of those who have a result and did not pass."""
        return [result.member.name for result in self.results if result.score is not None and not result.passed]


def best_scores(tests: Iterable[KnowledgeTest]) -> dict[int, dict[int, Decimal]]:
    """Test id to member id to best score. Two queries.

    An attempt counts once it is handed in or its time is up: what was saved by then is its result.
    """
    ids = [test.pk for test in tests]
    found: dict[int, dict[int, Decimal]] = defaultdict(dict)
    over = Q(state=TestAttempt.State.DONE) | Q(due_at__lt=clock.now())
    attempts = TestAttempt.objects.filter(over, test__in=ids).values_list("test_id", "member_id", "score")
    papers = TestScore.objects.filter(test__in=ids).values_list("test_id", "member_id", "score")
    for test, member, score in [*attempts, *papers]:
        found[test][member] = max(found[test].get(member, Decimal(0)), score or Decimal(0))
    return found


def results_of(test: KnowledgeTest, organization: Organization) -> list[BranchResult]:
    """A row a branch, in tree order, of the members whom the test concerns here. Three queries."""
    scores = best_scores([test]).get(test.pk, {})
    below = organization if organization.path.startswith(test.organization.path) else test.organization
    groups: dict[int, BranchResult] = {}
    listed = Member.objects.on_roll().within(below).select_related("organization")
    for member in listed.order_by("organization__path", "pk"):
        group = groups.setdefault(member.organization_id, BranchResult(member.organization))
        score = scores.get(member.pk)
        group.results.append(MemberResult(member, score, test.passes(score)))
    return list(groups.values())


def tests_for(organization: Organization) -> list[KnowledgeTest]:
    """Tests of open batches that concern an organisation: held by it, above it or below it."""
    path, step = organization.path, Organization.steplen
    above = Q(organization__path__in=[path[:end] for end in range(step, len(path) + 1, step)])
    below = Q(organization__path__gte=path, organization__path__lt=path + "[")
    found = KnowledgeTest.objects.filter(above | below, batch__closed_on=None)
    return list(found.select_related("organization", "bank", "batch__campaign__host"))


def figures(tests: list[KnowledgeTest], organization: Organization) -> list[dict[str, object]]:
    """Each test with members concerned, taken and passed within an organisation. Three queries for all."""
    scores = best_scores(tests)
    members = list(Member.objects.on_roll().within(organization).values_list("pk", "organization__path"))
    rows = []
    for test in tests:
        concerned = [pk for pk, path in members if path.startswith(test.organization.path)]
        got = [scores[test.pk][pk] for pk in concerned if pk in scores.get(test.pk, {})]
        passed = sum(test.passes(score) for score in got)
        rows.append({"test": test, "members": len(concerned), "taken": len(got), "passed": passed})
    return rows
