"""Every kind of document that the system drafts, each made once from one small world; the people are invented."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from accounts import clock
from assessments.models import Commendation
from assessments.poll_slips import slips_pdf
from assessments.tests.factories import opened_poll
from campaign.actions import arrangements
from campaign.playbook.work import CLOSING
from campaign.tests.factories import record
from reports import card_letters, supervision_papers
from reports.arrangement_letter import arrangement_letter
from reports.commendation import commendation_decision
from reports.documents.content import BulletinItemContent, LetterContent
from reports.documents.pdf import bulletin_pdf
from reports.documents.word import bulletin_docx, letter_docx
from reports.documents.word_tables import sign_in_docx
from reports.dossier_document import dossier_document
from reports.jurisdiction_summary import jurisdiction_summary
from reports.models import UpwardReport
from reports.queries.notices import letter as ranking_notice
from reports.responsibility_letter import responsibility_letter
from reports.review import batch_review
from reports.sign_in import MEMBERS, Occasion, activity_sheet, sign_in_sheet
from reports.stage_summary import stage_summary
from reports.transition_letters import application_letter, meeting_record, reply_letter
from reports.upward_letter import upward_letter
from supervision.models import (
    Admonition,
    Decision,
    InstructionRequest,
    Leave,
    OpinionPoint,
    SpotCheck,
    SupervisionOpinion,
    Transition,
    Visit,
    YellowCard,
)
from supervision.queries.dossiers import Wanted, subject_of
from supervision.tests.factories import applied, fresh, make_supervised_world, ordered
from units.tests.factories import MemberFactory

from .document_samples import BULLETIN, bulletin

LONG = "各支部结合实际，认真组织党员学习讨论，边学边改，群众反映良好。" * 6


@dataclass(frozen=True)
class Kind:
    """One document: its file, what must stand on its first page, what anywhere, and how many pages it may have."""

    name: str
    data: bytes = field(repr=False)
    title: str
    told: tuple[str, ...] = ()
    pages: tuple[int, int] = (1, 1)

    @property
    def word(self) -> bool:
        return self.data.startswith(b"PK")


def make_documents() -> list[Kind]:
    """All kinds."""
    w = make_supervised_world(playbook="xingwen-county")
    w.health = fresh(w.p.health)
    record(w, w.t.health, title="动员大会", action="mobilisation", people=w.t.members["Z003"][:2])
    makers = (_bulletins, _transition, _supervision, _discipline, _summaries, _sign_in, _others, _slips)
    return [kind for maker in makers for kind in maker(w)]


def _letter(name: str, content: LetterContent, *told: str, pages: tuple[int, int] = (1, 1)) -> Kind:
    words = (content.number or "", content.signature, *told)
    return Kind(name, letter_docx(content), content.title, tuple(word for word in words if word), pages)


# ---------------------------------------------------------------- bulletins
def _bulletins(w: Any) -> Iterator[Kind]:
    named, told = BULLETIN.masthead, ("县教育局抓实学习动员", "共印150份")
    yield Kind("bulletin", bulletin_docx(BULLETIN), named, ("（第3期总第15期）", *told), (1, 2))
    yield Kind("supplement", bulletin_docx(bulletin(supplement=True)), named, ("（增刊第3期总第15期）", *told), (1, 2))
    yield Kind("special", bulletin_docx(bulletin(special=True)), named, ("（专刊第3期总第15期）", *told), (1, 2))
    pdf = bulletin_pdf(BULLETIN, system_fonts=False).data
    yield Kind("bulletin_pdf", pdf, named, ("（第3期总第15期）", *told), (1, 2))
    items = tuple(BulletinItemContent(f"第{n}条信息", (LONG, LONG)) for n in range(1, 9))
    yield Kind("long_bulletin", bulletin_docx(bulletin(items=items)), named, ("第8条信息", "共印150份"), (5, 8))


# ---------------------------------------------------------------- transition
def _transition(w: Any) -> Iterator[Kind]:
    row = applied(w)
    yield _letter("application", application_letter(row), "妥否，请批示。", pages=(1, 2))
    reason = "缺两个支部的情况。"
    decided = Decision.objects.create(transition=row, body="supervision", verdict="return", reason=reason)
    yield _letter("return_notice", reply_letter(row), reason)
    Decision.objects.filter(pk=decided.pk).update(verdict="agree", reason="")
    agreed = Transition.objects.get(pk=row.pk)
    yield _letter("reply", reply_letter(agreed), "同意你单位")
    agreed.meeting_on, agreed.meeting_place, agreed.meeting_speaker = clock.today(), "三楼会议室", "李文静"
    agreed.meeting_present, agreed.meeting_note = 46, LONG
    yield _letter("meeting_record", meeting_record(agreed), "三楼会议室", "到会人数：46人")


# ---------------------------------------------------------------- make-ups, cards, visits, opinions
def _supervision(w: Any) -> Iterator[Kind]:
    order = ordered(w, w.t.health_1, unsolid_work=True, rule="not_up_to_standard")
    yield _letter("makeup_notice", card_letters.makeup_notice(order), "补开动员会")
    card = YellowCard.objects.get(makeup=order)
    card.state, card.number, card.issued_on = YellowCard.State.ISSUED, "黄牌〔2026〕1号", clock.today()
    card.save()
    yield _letter("card_notice", card_letters.card_notice(card), "黄牌警示")
    talk = Admonition.objects.create(
        batch=w.batch, participation=w.health, work_unit=w.health.work_unit, number_needed=2,
        rule_words={"zh": "两次黄牌警示的集体诫勉"},
        state=Admonition.State.HELD, held_on=clock.today(), place="县委会议室", admonisher="罗晓岚",
        content="要立行立改。", undertaking="一周内整改。",
    )  # fmt: skip
    yield _letter("admonition", card_letters.admonition_record(talk), "要立行立改。", pages=(1, 2))
    visit = Visit.objects.create(
        participation=w.health, organization=w.t.health_1, group=w.group, planned_on=clock.today(),
        purpose="查看学习情况", goers="梁志远、宋玉兰",
        state=Visit.State.DONE, held_on=clock.today(), findings=LONG, problems="笔记不全。",
    )  # fmt: skip
    yield _letter("visit_record", supervision_papers.visit_record(visit), "笔记不全。", pages=(1, 2))
    opinion = SupervisionOpinion.objects.create(
        participation=w.health, organization=w.t.health, group=w.group, title="加强学习", basis="实地查看。"
    )
    for position, answer in ((1, "已补记。"), (2, "")):
        OpinionPoint.objects.create(
            opinion=opinion, position=position, text="补记学习笔记。", due_on=clock.today(), answer=answer,
            done_on=clock.today() if answer else None,
        )  # fmt: skip
    yield _letter("opinion", supervision_papers.opinion_notice(opinion), "督导意见办理情况", "尚未答复", pages=(2, 2))
    check = SpotCheck.objects.create(
        batch=w.batch, organization=w.t.county, kind="roving", subject="学习笔记", wanted=1, state="closed",
        population=[[w.t.health_1.pk, w.t.health_1.code, w.t.health_1.name]], seed="0" * 32, closed_at=clock.now(),
        algorithm="sha256-smallest-1", drawn_at=clock.now(), summary="总体较好。",
    )  # fmt: skip
    check.results.create(
        position=1, organization=w.t.health_1, result="good", findings="笔记齐全。", checked_on=clock.today()
    )
    yield _letter(
        "spot_check", supervision_papers.spot_check_report(check), w.t.health_1.name, "笔记齐全", pages=(2, 2)
    )


def _discipline(w: Any) -> Iterator[Kind]:
    asked = InstructionRequest.objects.create(
        batch=w.batch, organization=w.t.health, addressee=w.t.county, at="office", matter="流动党员能否在外地参加学习",
        facts=LONG, proposal="就近编入支部。", state="answered", answer="同意。", answered_at=clock.now(),
    )  # fmt: skip
    yield _letter("instruction", supervision_papers.instruction_letter(asked), "妥否，请批示。", "同意。", pages=(1, 2))
    leave = Leave.objects.create(
        campaign=w.batch.campaign, user=w.c.guide, group=w.group, to="office", reason="探亲",
        from_date=clock.today(), to_date=clock.today() + dt.timedelta(days=2),
    )  # fmt: skip
    yield _letter("leave_slip", supervision_papers.leave_slip(leave, with_reason=True), "事由：探亲", "共3天")


# ---------------------------------------------------------------- summaries
def _summaries(w: Any) -> Iterator[Kind]:
    stage = w.playbook.stages[0]
    drafted = stage_summary(w.health, stage.key).content
    yield _letter("stage_summary", drafted, "一、基本情况", "草稿，待修改", "规定动作完成情况表", pages=(3, 6))
    whole = stage_summary(w.health, CLOSING).content
    yield _letter("campaign_summary", whole, "七、意见建议", "规定动作完成情况表", pages=(3, 6))
    every = jurisdiction_summary(w.batch, stage.key)
    yield _letter("jurisdiction_summary", every, "应参加单位3个", "各单位本阶段进展情况表", pages=(3, 4))
    yield _letter("batch_review", batch_review(w.batch), "主要特点", "存在的不足", pages=(2, 3))


# ---------------------------------------------------------------- sign-in sheets
def _sign_in(w: Any) -> Iterator[Kind]:
    activity = record(w, w.t.health_1, title="专题组织生活会", place="三楼会议室", led_by="李文静")
    yield Kind(
        "sign_in", sign_in_docx(activity_sheet(activity)), "签到表", ("专题组织生活会", "李文静", "列席人员、群众代表")
    )
    for number in range(60):
        MemberFactory(organization=w.t.health_1, name=f"党员{number:02d}")
    occasion = Occasion("动员大会")
    sheet = sign_in_sheet(w.t.health, w.health, occasion, who=[MEMBERS], guests=10)
    yield Kind("long_sign_in", sign_in_docx(sheet), "签到表", ("党员59", "列席人员、群众代表"), (3, 4))


def _others(w: Any) -> Iterator[Kind]:
    people = list(w.t.members["Z003"][:2])
    proposal = arrangements.propose_arrangement(
        by=w.c.branch, batch=w.batch, organization=w.t.health_1, members=people,
        reason="长期卧病", arrangement="送学上门",
    )  # fmt: skip
    yield _letter("arrangement", arrangement_letter(proposal), "送学上门", "以上意见妥否，请批示。")
    yield _letter("responsibility", responsibility_letter(w.batch, w.t.health_1), "质量保证", pages=(2, 3))
    subject, _choices = subject_of(w.t.health, w.c.office)
    yield _letter("dossier", dossier_document(subject, Wanted()), "基本情况", pages=(1, 4))
    one = next(listed for listed in w.playbook.commendations if listed.subject == "member")
    Commendation.objects.create(
        batch=w.batch, list_key=one.key, organization=people[0].organization, member=people[0], merits="带头整改",
        state="approved",
    )  # fmt: skip
    decision = commendation_decision(w.batch, Commendation.objects.all(), number="县先教办〔2026〕9号")
    yield _letter("commendation", decision, people[0].name, pages=(1, 2))
    content = {
        "opening": "现将报送采用情况通报如下。",
        "headers": ["名次", "单位", "报送", "采用", "按时率"],
        "rows": [[str(number), w.t.health.name, "12", "3", "100.0%"] for number in range(1, 31)],
        "praise": "对县卫生局予以表扬。",
        "criticism": "",
        "closing": "请各单位按时报送。",
    }
    notice = ranking_notice(w.batch.campaign, content, title="关于周报报送采用情况的通报", on=clock.today(), number=10)
    yield _letter("ranking_notice", notice, "〔2026〕10号", "予以表扬", pages=(2, 3))
    rule = next((report for report in w.playbook.reports if report.to), w.playbook.reports[0])
    upward = UpwardReport(
        batch=w.batch, rule=rule.key, week=clock.today(), contents={one.key: LONG for one in rule.fields}
    )
    yield _letter("upward_report", upward_letter(upward), "群众反映良好", pages=(1, 3))


def _slips(w: Any) -> Iterator[Kind]:
    """The slips of a survey, eight to a page and set close to its edges."""
    court = fresh(w.p.court)
    poll, slips = opened_poll(w, [court], by=w.c.office, asked=3)
    data = slips_pdf(poll, slips, "https://dy.example.cn/v")
    yield Kind("slips", data, poll.title, (court.label, "Nobodywritesdown"), (1, 4))
