"""Self-analyses in the rehearsal: written, handed in, reviewed in layers, rewritten, re-checked; organisations' own."""

from __future__ import annotations

from accounts.models import User
from assessments.actions import analyses, analyses_after
from assessments.models import PaperReview, SelfAnalysis
from assessments.queries.analyses import exemption, minimum_for, possible_reviewers, reviewers_of
from reports.rehearsal.deeds import for_check, for_tool
from reports.rehearsal.scene import Scene
from units.models import Member, Organization

RETURNED, TO_REVISE, NOTICE, EARLIER = 0.08, 0.03, 0.1, 0.2
SENTENCES = (
    "对照党章规定的党员义务和先进性的具体要求，本人在理想信念方面学习不够系统，运用理论指导工作的能力有待提高。",
    "在宗旨意识方面，深入基层和服务对象不够经常，对群众反映的困难跟踪落实不够。",
    "在工作作风方面，有时满足于完成任务，创新意识和争先意识不强。",
    "产生这些问题的原因，主要是放松了世界观的改造，党性锻炼抓得不紧。",
    "今后努力的方向是坚持学习制度，每月至少到联系点一次，认真兑现承诺，自觉接受群众监督。",
)
VIEWS = "在权力观、地位观、利益观方面，能够正确对待手中的权力，但自我要求还需更严。"
MEASURES = "“三讲”教育以来，已建立联系点制度，办事时限已向社会公布。"
Verdict = PaperReview.Verdict


def text_of(least: int, extra: str = "") -> str:
    """A paper of at least so many characters, in paragraphs."""
    lines, length = [extra] if extra else [], 0
    while length < max(least, 150):
        line = SENTENCES[len(lines) % len(SENTENCES)]
        lines.append(line)
        length += len(line)
    return "\n".join(lines)


@for_tool("self_analysis")
@for_check("self_analyses")
def write_and_review(scene: Scene) -> None:
    """Everybody of whom a paper is asked has one that passed; one in twelve is returned first and rewritten (F-14)."""
    papers = {paper.member_id: paper for paper in SelfAnalysis.objects.filter(batch=scene.batch)}
    for member in scene.members():
        paper = papers.get(member.pk)
        if exemption(scene.playbook.analysis, member) or (paper and paper.state == SelfAnalysis.State.PASSED):
            continue
        with scene.at(0.3, 20):
            paper = write(scene, member)
        with scene.at(0.45, 10):
            verdict = Verdict.RETURN if scene.chance(RETURNED) else Verdict.PASS
            review(scene, paper, verdict)
        if verdict == Verdict.RETURN:
            rewrite(scene, paper, 0.5)
        if scene.chance(NOTICE):
            show(scene, paper, 0.6)


def write(scene: Scene, member: Member, *, extra: str = "", hand_in: bool = True) -> SelfAnalysis:
    """The member writes it himself, or the branch committee enters what he wrote on paper; then it is handed in."""
    paper = analyses.paper_for(member, scene.batch)
    by = member.user or scene.clerk(member.organization)
    earlier = scene.chance(EARLIER)
    draft = analyses.Draft(
        text=text_of(minimum_for(scene.playbook.analysis, member) or 0, extra),
        views=VIEWS if member.post_level == Member.PostLevel.LEADER else "",
        measures=MEASURES if earlier else "",
        earlier_campaign=earlier,
    )
    analyses.save_draft(by=by, paper=paper, draft=draft, revision=paper.revision)
    if hand_in:
        analyses.hand_in(by=by, paper=paper, participation=scene.unit.participation)
        scene.figures.add("papers_handed_in")
    return paper


def reviewer_of(scene: Scene, paper: SelfAnalysis) -> User:
    """Whom the rules name; where they find nobody, whom the office then names by hand (decision 8)."""
    found = reviewers_of(paper).order_by("pk").first()
    if found is None:
        found = possible_reviewers(scene.cast.office, paper).order_by("pk").first()
        if found is None:
            raise LookupError(f"{paper}: nobody can review this paper")
        analyses.assign_reviewer(by=scene.cast.office, paper=paper, reviewer=found)
        scene.figures.add("reviewers_named_by_hand")
    return found


def review(scene: Scene, paper: SelfAnalysis, verdict: str) -> None:
    """Read, then pass or return it with a comment on its second paragraph (F-12, F-14)."""
    by = reviewer_of(scene, paper)
    returned = verdict == Verdict.RETURN
    analyses.record_reading(by=by, paper=paper, begins=True)
    analyses.review(
        by=by,
        paper=paper,
        number=paper.last_number,
        verdict=verdict,
        overall="查摆问题不够具体，请联系本职岗位重写。" if returned else "对照检查认真，同意。",
        comments={1: "请写明具体事例和时间。"} if returned else None,
    )
    scene.figures.add("papers_returned" if returned else "papers_passed")


def rewrite(scene: Scene, paper: SelfAnalysis, share: float) -> None:
    """The author mends it, and this time it passes."""
    with scene.at(share, 20):
        paper.refresh_from_db()
        written = write(scene, paper.member, extra="根据审阅意见，补充如下：去年在窗口办理事项超过承诺时限两次。")
    with scene.at(share + 0.05, 10):
        review(scene, written, Verdict.PASS)


def show(scene: Scene, paper: SelfAnalysis, share: float) -> None:
    """Put on notice in the branch, with an opinion that came of it (F-08)."""
    by = scene.secretary(paper.organization)
    with scene.at(share):
        paper.refresh_from_db()
        if paper.notice_id:
            return
        analyses_after.notice_paper(by=by, paper=paper, scope="branch", days=5, place="支部公示栏")
        analyses_after.note_opinion(by=by, paper=paper, text="希望今后多到基层。")
    scene.figures.add("papers_shown")


@for_check("self_analyses_rechecked")
def recheck(scene: Scene) -> None:
    """After the meetings every paper is looked at again; few are to be revised once more (F-15)."""
    write_and_review(scene)
    ids = [member.id for member in scene.evidence.roll]
    rows = SelfAnalysis.objects.passed().filter(batch=scene.batch, member__in=ids, rechecked_at=None)
    for paper in rows.select_related("member__organization", "member__user", "organization"):
        revise = scene.chance(TO_REVISE)
        if revise:
            _recheck(scene, paper, Verdict.RETURN, 0.72)
            rewrite(scene, paper, 0.74)
        _recheck(scene, paper, Verdict.PASS, 0.8)


def _recheck(scene: Scene, paper: SelfAnalysis, verdict: str, share: float) -> None:
    with scene.at(share, 15):
        paper.refresh_from_db()
        by = reviewer_of(scene, paper)
        overall = "" if verdict == Verdict.PASS else "会上提出的意见没有写进去，请补充。"
        analyses.recheck(by=by, paper=paper, number=paper.last_number, verdict=verdict, overall=overall)
    scene.figures.add("papers_rechecked" if verdict == Verdict.PASS else "papers_revised")


@for_tool("organization_analysis")
def organizations_write(scene: Scene) -> None:
    """The organisations above branch level write their own, finish it and show it (F-07, F-08)."""
    for organization in scene.evidence.uppers:
        write_for_organization(scene, organization)


def write_for_organization(scene: Scene, organization: Organization) -> None:
    by = scene.secretary(organization)
    with scene.at(0.5, 17):
        paper = analyses_after.organization_paper_for(organization, scene.batch)
        if paper.state == paper.State.FINISHED:
            return
        analyses_after.save_organization_draft(by=by, paper=paper, text=text_of(600), revision=paper.revision)
        analyses_after.finish_organization_paper(by=by, paper=paper)
        paper.refresh_from_db()
        analyses_after.notice_organization_paper(by=by, paper=paper, scope="unit", days=5, place="机关公示栏")
    scene.figures.add("organization_papers")
