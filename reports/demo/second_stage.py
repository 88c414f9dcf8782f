"""The second stage of the demonstration in depth: what each role finds half done in one committee."""

from __future__ import annotations

import datetime as dt

from accounts import clock
from assessments.actions import appraisals, member_tests
from assessments.models import Appraisal, Basis, Help, PaperReview, SelfAnalysis
from assessments.queries.analyses import exemption
from campaign.actions import opinions
from campaign.talking import Matrix
from reports.rehearsal import hearing, helping, papers, talking
from reports.rehearsal.scene import Scene
from units.models import Member

TALKED = 0.7  # share of the expected talks that have been held
NEW = "窗口叫号机经常故障，希望修一修。"
SORTED = "户籍窗口周末能不能安排值班。"
# How far the papers of a branch have come, member after member; the last ones have not begun.
PAPERS = ("passed", "passed", "submitted", "passed", "in_review", "returned", "passed", "draft", "submitted", "draft")
OPINIONS = ("signed", "signed", "shown", "decided", "drafted", "dissent", "signed", "drafted")
TESTED = 6  # members of the second branch whose reports were put to the vote
Verdict = PaperReview.Verdict


def play(scene: Scene, today: dt.date) -> None:
    """Opinions, talks, papers, opinions on members and a member test, each somewhere on its way."""
    hearing.hear(scene)
    with scene.on(today - dt.timedelta(days=1), 11):
        opinions.gather(
            by=scene.clerk(scene.leading),
            batch=scene.batch,
            organization=scene.leading,
            about=opinions.About(concerned=scene.leading),
            channel="hotline",
            source="service",
            received_on=clock.today(),
            said=[opinions.Said(text=NEW), opinions.Said(text=SORTED, voices=2, category="work")],
        )
    _talk(scene)
    papers.organizations_write(scene)
    first, second, third, *_rest = scene.by_branch(scene.members()).values()
    own = [member for member in first if member.user and member.user.username == "member"]
    for people in (own + [m for m in first if m not in own], second, third):
        _papers(scene, people, own)
    _appraise(scene, own + [member for member in first if member not in own], own)
    _test(scene, second)


def _talk(scene: Scene) -> None:
    talking.name_teams(scene)
    with scene.at(0.3):
        matrix = Matrix(scene.batch, scene.evidence.organizations)
        pairs = talking.expected_pairs(matrix)
        talking.tick(scene, matrix, [pair for pair in pairs if scene.chance(TALKED)])
    talking.answers(scene)


def _papers(scene: Scene, people: list[Member], own: list[Member]) -> None:
    """The plain member's own has come back with comments; the others' are in every other state."""
    asked = [member for member in people if not exemption(scene.playbook.analysis, member)]
    states = iter(("returned", *PAPERS) if own and people[:1] == own else PAPERS)
    for member, state in zip(asked, states, strict=False):
        with scene.at(0.5, 20):
            paper = papers.write(scene, member, hand_in=state != "draft")
        with scene.at(0.6, 10):
            if state == "in_review":
                by = papers.reviewer_of(scene, paper)
                papers.analyses.record_reading(by=by, paper=paper, begins=True)
            elif state in {"passed", "returned"}:
                papers.review(scene, paper, Verdict.PASS if state == "passed" else Verdict.RETURN)
    shown = SelfAnalysis.objects.passed().filter(batch=scene.batch, organization=people[0].organization).first()
    if shown is not None:
        papers.show(scene, shown, 0.9)


def _appraise(scene: Scene, people: list[Member], own: list[Member]) -> None:
    """Of the first branch: signed, waiting for the signature (the plain member's), decided, drafted; one appeals."""
    states = iter(("shown", *OPINIONS) if own else OPINIONS)
    for member, state in zip(people, states, strict=False):
        _opinion(scene, member, state)


def _opinion(scene: Scene, member: Member, state: str) -> None:
    by = scene.secretary(member.organization)
    draft = appraisals.Draft(
        basis=[Basis.CONSTITUTION, Basis.MUTUAL_REVIEW],
        opinion="学习认真，立足岗位作表率，群众反映较好。",
        shortcomings="深入基层不够经常。",
        verdict=next(grade.key for grade in scene.playbook.appraisal.grades if not grade.adverse),
        scope="班子成员和中层干部" if member.post_level == Member.PostLevel.LEADER else "",
    )
    with scene.at(0.8):
        row = appraisals.draft_appraisal(
            by=scene.clerk(member.organization), batch=scene.batch, member=member, draft=draft
        )
        if state != "drafted":
            appraisals.decide_appraisal(by=by, appraisal=row, on=clock.today())
        if state in {"shown", "signed", "dissent"}:
            appraisals.show_appraisal(by=by, appraisal=row)
    signer = member.user or scene.clerk(member.organization)
    with scene.at(0.9):
        if state == "signed":
            appraisals.answer_appraisal(by=signer, appraisal=row, answer=Appraisal.State.SIGNED)
        elif state == "dissent":
            text = "对缺点的表述有保留。"
            appraisals.answer_appraisal(by=signer, appraisal=row, answer=Appraisal.State.DISSENT, text=text)
            row.refresh_from_db()
            appraisals.file_appeal(by=signer, appraisal=row, text="请上级党组织复核对缺点的表述。")


def _test(scene: Scene, people: list[Member]) -> None:
    """The reports of those whose paper has passed were put to the vote; one fell short and is helped."""
    passed = set(SelfAnalysis.objects.passed().filter(batch=scene.batch).values_list("member_id", flat=True))
    ready = [member for member in people if member.pk in passed and not member.retired][:TESTED]
    if not ready:
        return
    with scene.at(0.85):
        tallies = [
            member_tests.Tally(member, helping.votes(scene, short=number == 0)) for number, member in enumerate(ready)
        ]
        member_tests.enter_tests(
            by=scene.clerk(ready[0].organization),
            batch=scene.batch,
            organization=ready[0].organization,
            on=clock.today(),
            voters=helping.VOTERS,
            tallies=tallies,
        )
        helping.give_help(scene, ready[0], Help.Cause.TEST)
