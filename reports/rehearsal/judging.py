"""The judging of members in the rehearsal: opinions with dissent and appeal, report-outs, look-backs."""

from __future__ import annotations

import datetime as dt

from accounts import clock
from accounts.models import User
from assessments.actions import appraisals, lookbacks
from assessments.models import Appeal, Appraisal, Basis, LookBackAnswer, LookBackRecord, ReportOut
from assessments.queries.analyses import is_leader
from campaign.playbook.deeds import LookBack
from reports.rehearsal.deeds import for_check, for_tool
from reports.rehearsal.scene import Scene
from units.models import Member, Organization

DISSENT, DECLINED, ADVERSE, UPHELD, SHORT = 0.04, 0.02, 0.02, 0.3, 0.1


# ------------------------------------------------------------ look-backs
@for_tool("lookback")
@for_check("lookback")
def look_back(scene: Scene) -> None:
    """Every question of the phase's look-backs is answered; one in ten is found short and mended (F-40..F-49)."""
    for asked in scene.playbook.lookbacks:
        here = {"batch": scene.batch, "organization": scene.leading}
        if asked.phase == scene.phase and not LookBackRecord.objects.filter(key=asked.key, **here).exists():
            with scene.at(0.8):  # before the survey, where the steps have an order (F-49)
                _look_back(scene, asked)


def _look_back(scene: Scene, asked: LookBack) -> None:
    answers = {}
    for question in asked.questions:
        short = scene.chance(SHORT)
        answers[question.key] = lookbacks.Answer(
            verdict=LookBackAnswer.Verdict.PARTLY if short else LookBackAnswer.Verdict.GOOD,
            finding="个别支部不够深入。" if short else "",
            remedy="一周内补课。" if short else "",
            mended_on=clock.today() if short else None,
        )
    lookbacks.save_lookback(
        by=scene.secretary(scene.leading),
        batch=scene.batch,
        organization=scene.leading,
        lookback=asked,
        version=0,
        answers=answers,
        complete=True,
    )
    scene.figures.add("lookbacks")


# ------------------------------------------------------------ opinions on members
@for_tool("appraisal")
@for_check("appraisals")
def appraise(scene: Scene) -> None:
    """An opinion on every member who has none: decided, shown, and signed, but for some with a dissent or without."""
    known = set(Appraisal.objects.filter(batch=scene.batch).values_list("member_id", flat=True))
    for member in scene.members():
        if member.pk not in known:
            with scene.at(0.66):
                row = opine(scene, member)
            with scene.at(0.7):
                answer(scene, row)


def opine(scene: Scene, member: Member) -> Appraisal:
    """The branch writes, decides and shows it."""
    by = scene.secretary(member.organization)
    adverse = scene.chance(ADVERSE)
    grade = next(one for one in scene.playbook.appraisal.grades if one.adverse == adverse)
    draft = appraisals.Draft(
        basis=[Basis.CONSTITUTION, Basis.MUTUAL_REVIEW],
        opinion="长期不参加组织生活，经提醒没有改进。" if adverse else "学习认真，能够对照检查。",
        shortcomings="联系群众不够经常。",
        verdict=grade.key,
        scope="班子成员和中层干部" if is_leader(member) else "",
    )
    row = appraisals.draft_appraisal(by=scene.clerk(member.organization), batch=scene.batch, member=member, draft=draft)
    appraisals.decide_appraisal(by=by, appraisal=row, on=clock.today())
    appraisals.show_appraisal(by=by, appraisal=row)
    scene.figures.add("appraisals")
    scene.figures.add("appraisals_adverse", adverse)
    return row


def answer(scene: Scene, row: Appraisal) -> None:
    """The member signs; or with a dissent, from which an appeal follows; or declines before a witness."""
    by = row.member.user or scene.clerk(row.member.organization)
    dice = scene.random.random()
    if dice < DECLINED:
        scene.figures.add("appraisals_declined")
        text = "不同意评议意见。"
        appraisals.answer_appraisal(by=by, appraisal=row, answer="declined", text=text, witness="支部委员")
    elif dice < DECLINED + DISSENT:
        scene.figures.add("appraisals_dissent")
        appraisals.answer_appraisal(by=by, appraisal=row, answer="dissent", text="对缺点的表述有保留。")
        row.refresh_from_db()
        appeal = appraisals.file_appeal(by=by, appraisal=row, text="请上级党组织复核对缺点的表述。")
        scene.figures.add("appeals")
        with clock.freeze(clock.now() + dt.timedelta(days=2)):
            decide_appeal(scene, appeal)
    else:
        appraisals.answer_appraisal(by=by, appraisal=row, answer="signed")


def decide_appeal(scene: Scene, appeal: Appeal) -> None:
    """The superior organisation decides (decision 13); upheld, an adverse finding becomes the better one."""
    upheld = scene.chance(UPHELD)
    better = next(grade.key for grade in scene.playbook.appraisal.grades if not grade.adverse)
    by = above(scene, appeal.organization)
    reason = "经复核，予以采纳。" if upheld else "经复核，维持支部意见。"
    appraisals.decide_appeal(by=by, appeal=appeal, upheld=upheld, reason=reason, verdict=better if upheld else "")
    scene.figures.add("appeals_upheld", upheld)


def above(scene: Scene, organization: Organization) -> User:
    """Who decides for the superior organisation: the unit's secretary over its branches, else the one above."""
    inside = organization.pk != scene.leading.pk
    return scene.unit.secretary if inside else scene.cast.superior


@for_check("appraisal_report_out")
def report_out(scene: Scene) -> None:
    """Each branch tells the masses how the appraisal went (F-31)."""
    for branch in {member.organization.path: member.organization for member in scene.members()}.values():
        _tell(scene, branch, ReportOut.About.APPRAISAL, "通报会")


@for_tool("report_out")
def report_meetings_out(scene: Scene) -> None:
    """Each branch tells of its organisation-life meeting, the team of its democratic-life meeting (F-32)."""
    for branch in scene.evidence.branches:
        _tell(scene, branch, ReportOut.About.ORGANIZATION_LIFE, "书面通报")
    _tell(scene, scene.leading, ReportOut.About.DEMOCRATIC_LIFE, "通报会")


def _tell(scene: Scene, organization: Organization, about: str, how: str) -> None:
    if ReportOut.objects.filter(batch=scene.batch, organization=organization, about=about).exists():
        return
    with scene.at(0.78):
        appraisals.report_out(
            by=scene.secretary(organization),
            batch=scene.batch,
            organization=organization,
            on=clock.today(),
            scope="本单位职工和服务对象代表",
            how=how,
            people=30,
            about=about,
        )
    scene.figures.add("report_outs")
