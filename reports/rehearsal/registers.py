"""What must be true of the registers and papers of a campaign: reviews, ledger, opinions, plans, and their counts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from django.db.models import Count, F, Q, QuerySet

from assessments.models import Appeal, Appraisal, PaperReview, SelfAnalysis, Survey
from assessments.queries.analyses import exemption
from campaign import steps
from campaign.evidence import Evidence
from campaign.models import (
    Activity,
    Attendance,
    Batch,
    MemberMark,
    Opinion,
    Participation,
    RectificationItem,
    RectificationPlan,
    RollEntry,
    StageProgress,
    StandingRule,
)
from campaign.preparing import readinesses
from supervision.models import Transition


def broken_registers(batch: Batch, *, closed: bool) -> Iterator[str]:
    """Everything in registers and papers that does not hold."""
    yield from _preparation(batch)
    yield from _papers(batch)
    yield from _opinions(batch, closed=closed)
    yield from _ledger(batch, closed=closed)
    yield from _plans(batch)
    yield from _appeals(batch)
    yield from _votes(batch)
    yield from _denominators(batch)
    yield from _checklists(batch)


def _preparation(batch: Batch) -> Iterator[str]:
    """Nobody began before the preparation that the playbook demands (A-10, A-16)."""
    begun = list(batch.participations.exclude(state=Participation.State.PREPARING).select_related("organization"))
    ready = readinesses(begun, batch.campaign.playbook)
    for one in begun:
        if ready[one.pk].rules.hard and not ready[one.pk].complete:
            yield f"{one}: began although its preparation is not complete"


def _papers(batch: Batch) -> Iterator[str]:
    """A passed paper was passed, as it stands, by somebody who is not its author (F-12, decision 8)."""
    passed = SelfAnalysis.objects.passed().filter(batch=batch).select_related("member")
    reviews = PaperReview.objects.filter(
        version__analysis__batch=batch,
        version__number=F("version__analysis__last_number"),
        kind=PaperReview.Kind.REVIEW,
        verdict=PaperReview.Verdict.PASS,
    )
    by = dict(reviews.values_list("version__analysis", "reviewer"))
    for paper in passed:
        if by.get(paper.pk) is None:
            yield f"paper of {paper.member}: passed without a review of its last version"
        elif by[paper.pk] == paper.member.user_id:
            yield f"paper of {paper.member}: passed by its own author"


def _opinions(batch: Batch, *, closed: bool) -> Iterator[str]:
    """Each opinion passed on is answered, or on the list of what is rectified (N-06, O-05)."""
    if closed:
        rows = Opinion.objects.filter(batch=batch, passed_on__isnull=False).standing()
        for opinion in rows.exclude(state=Opinion.State.ANSWERED).filter(rectification_items=None):
            yield f"opinion {opinion.pk}: passed on, neither answered nor in the ledger"


def _ledger(batch: Batch, *, closed: bool) -> Iterator[str]:
    """What is closed was confirmed by a second person; at the end nothing is open (O-07)."""
    rows = RectificationItem.objects.filter(batch=batch)
    for item in rows.unclosed() if closed else rows.none():
        yield f"rectification item {item.pk}: still {item.state} at the closing"
    done = rows.filter(state__in=[RectificationItem.State.CLOSED, RectificationItem.State.EXPLAINED])
    for item in done.filter(Q(reported_by=None) | Q(closed_by=None)):
        yield f"rectification item {item.pk}: closed without two persons"


def _plans(batch: Batch) -> Iterator[str]:
    """No plan was adopted before its notice had run out (decision 11)."""
    rows = RectificationPlan.objects.filter(batch=batch, state=RectificationPlan.State.ADOPTED)
    for plan in rows.filter(Q(notice=None) | Q(adopted_on__lte=F("notice__ends_on"))).select_related("organization"):
        yield f"plan {plan.pk} of {plan.organization}: adopted on {plan.adopted_on}, before its notice was over"


def _appeals(batch: Batch) -> Iterator[str]:
    """No stage was left with an open appeal, and the branch itself decided none (decision 13)."""
    for appeal in Appeal.objects.filter(appraisal__batch=batch, state=Appeal.State.OPEN):
        yield f"appeal {appeal.pk}: still open"


def _votes(batch: Batch) -> Iterator[str]:
    """The answers to a question add up to the valid ballots (decision 1)."""
    rows = Survey.objects.filter(participation__batch=batch, state=Survey.State.CONFIRMED)
    for survey in rows.prefetch_related("counts", "answers"):
        sums: dict[tuple[str, str], int] = {}
        for answer in survey.answers.all():
            key = (answer.group, answer.question)
            sums[key] = sums.get(key, 0) + answer.count
        valid = {count.group: count.valid for count in survey.counts.all()}
        for (group, question), votes in sums.items():
            if votes != valid.get(group):
                yield f"{survey}: {votes} answers to {question} on {valid.get(group)} valid ballots of {group}"


def _denominators(batch: Batch) -> Iterator[str]:
    """What an application froze was measured on the roll of its stage, which has not changed since (decision 16)."""
    rolls = dict(
        RollEntry.objects.filter(progress__participation__batch=batch)
        .order_by()
        .values_list("progress")
        .annotate(n=Count("pk"))
    )
    stages = {
        (row.participation_id, row.stage): row.pk for row in StageProgress.objects.filter(participation__batch=batch)
    }
    for row in Transition.objects.filter(participation__batch=batch, state=Transition.State.COMPLETED):
        roll = rolls.get(stages.get((row.participation_id, row.stage), 0))
        for finding in row.gate:
            base = finding.measured.params.get("base") if finding.measured else None
            whole = finding.check == "coverage" or finding.key == "appraisals:decided"
            if roll is not None and whole and base != roll:
                yield f"{row}: {finding.key} was measured on {base} members, the roll has {roll}"


# ------------------------------------------------------------ the checklist against the records
def _checklists(batch: Batch) -> Iterator[str]:
    """Each count of the checklist is that of the records behind it, and its parts make its total (A-18)."""
    for participation in batch.participations.select_related("organization", "batch__campaign__host"):
        for progress in participation.progress.exclude(state=StageProgress.State.AHEAD):
            evidence = Evidence(participation, progress)
            for step in steps.checklist(evidence, required_only=True):
                yield from (f"{participation}: {progress.stage}: {fault}" for fault in _step(evidence, step))


def _step(evidence: Evidence, step: steps.Step) -> Iterator[str]:
    name = step.action.key
    if step.unit == "times":
        organization = steps.doers(step.action, evidence)[0]
        counted = _recorded(evidence, step, organization.pk)
        if counted is not None and counted != step.have:
            yield f"{name} is counted {step.have} times, {counted} are on record"
        return
    if step.have + len(step.missing) != step.need:
        yield f"{name}: {step.have} done and {len(step.missing)} missing do not make {step.need}"
    if step.unit == "members" and step.action.count == 1:
        done = _members_on_record(evidence, step)
        if done is not None and done != step.have:
            yield f"{name} is counted for {step.have} members, {done} have a record"


def _recorded(evidence: Evidence, step: steps.Step, organization: int) -> int | None:
    """Activities by hand and the tool's own rows, counted apart from the checklist; None where a tool counts else."""
    action = step.action
    if action.tool and action.tool not in _ROWS:
        return None
    by_hand = Activity.objects.filter(batch=evidence.batch, action=action.key, organization=organization)
    if action.phase != "all" or action.per_stage:
        by_hand = by_hand.filter(stage=evidence.phase)
    return by_hand.count() + (_ROWS[action.tool](evidence, organization) if action.tool else 0)


def _in_tree(rows: QuerySet, evidence: Evidence, organization: int) -> int:
    """A unit's own rows, and those of all below where it is the leading organisation."""
    inside = rows.filter(evidence.subtree("organization"), batch=evidence.batch)
    return (inside if organization == evidence.organization.pk else inside.filter(organization=organization)).count()


_ROWS: dict[str, Callable[[Evidence, int], int]] = {
    "opinions": lambda evidence, organization: (
        Opinion.objects.filter(batch=evidence.batch, organization=organization).exclude(
            state__in=[Opinion.State.NEW, Opinion.State.MERGED, Opinion.State.ASIDE]
        )
    ).count(),
    "ledger": lambda evidence, organization: _in_tree(RectificationItem.objects.all(), evidence, organization),
    "standing_rules": lambda evidence, organization: _in_tree(StandingRule.objects.all(), evidence, organization),
    "plans": lambda evidence, organization: RectificationPlan.objects.filter(
        batch=evidence.batch, organization=organization, member=None, state=RectificationPlan.State.ADOPTED
    ).count(),
}


def _members_on_record(evidence: Evidence, step: steps.Step) -> int | None:
    """How many of those concerned have a mark, an attendance or the tool's own paper; None where a tool judges."""
    action, batch = step.action, evidence.batch
    own: Iterable[int] = ()
    if action.tool == "self_analysis":
        own = SelfAnalysis.objects.passed().filter(batch=batch).values_list("member_id", flat=True)
        own = {*own, *(m.id for m in evidence.roll if exemption(evidence.playbook.analysis, m))}
    elif action.tool == "plans":
        adopted = RectificationPlan.objects.filter(batch=batch, state=RectificationPlan.State.ADOPTED)
        own = set(adopted.exclude(member=None).values_list("member_id", flat=True))
    elif action.tool == "appraisal":
        own = _appraised(evidence)
    elif action.tool:
        return None
    marked = MemberMark.objects.filter(batch=batch, action=action.key).values_list("member_id", flat=True)
    there = Attendance.objects.filter(activity__batch=batch, activity__action=action.key)
    if action.phase != "all" or action.per_stage:
        there = there.filter(activity__stage=evidence.phase)
    done = {*own, *marked, *there.values_list("member_id", flat=True)}
    return len(done & {member.id for member in steps.concerned(action, evidence)})


def _appraised(evidence: Evidence) -> set[int]:
    states = Appraisal.ANSWERED if evidence.playbook.appraisal.signature else Appraisal.STANDING
    rows = Appraisal.objects.filter(batch=evidence.batch, state__in=list(states))
    return set(rows.values_list("member_id", flat=True))
