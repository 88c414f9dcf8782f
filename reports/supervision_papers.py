"""Papers of supervision and of the office's own discipline, from their records (M-01, M-03, M-07, D-21, S-02).

They are official documents, so they are Chinese in every language of the pages.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone, translation

from reports.documents.content import Annex, Block, LetterContent, TableBlock
from reports.documents.words import long_date
from supervision.compare import paragraphs
from supervision.models import InstructionRequest, Leave, SpotCheck, SpotResult, SupervisionOpinion, Visit
from supervision.queries.instructions import Place

POINTS = ("序号", "办理情况", "完成日期", "督导组意见")
DRAWN = ("序号", "被抽查组织", "结果", "检查情况")
NOTHING = "–"


def _on(moment: dt.datetime) -> dt.date:
    """The local day of a moment."""
    return timezone.localtime(moment).date()


def _text(text: str) -> list[Block]:
    return [Block(line) for line in paragraphs(text)]


def _sentence(text: str) -> str:
    """Closed with a full stop, whoever wrote it."""
    return text if text.endswith(("。", "！", "？")) else f"{text.rstrip('；;.')}。"


# ---------------------------------------------------------------- opinion
def opinion_notice(opinion: SupervisionOpinion) -> LetterContent:
    """The opinion point by point; once something is answered, the answers and their check are annexed."""
    with translation.override("zh-hans"):
        points = list(opinion.points.all())
        listed = [
            Block(f"{point.position}. {_sentence(point.text)}请于{long_date(point.due_on)}前答复。") for point in points
        ]
        rows = tuple(
            (
                str(point.position),
                point.answer or "尚未答复",
                f"{point.done_on.month}月{point.done_on.day}日" if point.done_on else NOTHING,
                point.check_note or ("已落实" if point.resolved_at else NOTHING),
            )
            for point in points
        )
        answered = any(point.answer for point in points)
        return LetterContent(
            title="督导意见书",
            addressee=opinion.organization.name,
            body=(
                Block(f"现就“{opinion.title}”提出如下督导意见。"),
                *([Block("依据", 1), *_text(opinion.basis)] if opinion.basis else []),
                Block("意见", 1),
                *listed,
                Block("要求", 1),
                Block("请逐条研究落实，并书面答复办理情况。督导意见不代替你单位作出决定。"),
            ),
            signature=opinion.sender,
            signed_on=_on(opinion.given_at),
            draft=opinion.state == SupervisionOpinion.State.WITHDRAWN,
            draft_words="已撤回",
            annexes=(Annex("督导意见办理情况", (TableBlock(POINTS, rows),)),) if answered else (),
        )


# ---------------------------------------------------------------- request for instruction
def instruction_letter(request: InstructionRequest) -> LetterContent:
    """The request with its proposal; once it is answered, the instruction with who gave it."""
    with translation.override("zh-hans"):
        at = InstructionRequest.At
        campaign = request.batch.campaign
        group = campaign.playbook.words.get("leading_group")
        names = {
            at.OFFICE: campaign.office_name,
            at.LEADING_GROUP: group.zh if group else campaign.office_name,
        }
        addressee = names.get(at(request.at)) or str(Place(request.at, request.addressee))
        body = [
            Block("情况", 1),
            *_text(request.facts),
            Block("我们的意见", 1),
            *_text(request.proposal),
            Block("妥否，请批示。"),
        ]
        if request.answer and request.answered_at:
            given = f"{addressee}{long_date(_on(request.answered_at))}批示："
            body += [Block("批示", 1), Block(given), *_text(request.answer)]
        return LetterContent(
            title=f"关于{request.matter.removeprefix('关于')}的请示",
            addressee=addressee,
            body=tuple(body),
            signature=request.organization.name,
            signed_on=_on(request.asked_at),
        )


# ---------------------------------------------------------------- visit, spot check
def visit_record(visit: Visit) -> LetterContent:
    """The record of a visit; a plan while it has not been made."""
    with translation.override("zh-hans"):
        made = visit.state == Visit.State.DONE
        day = long_date(visit.day)
        body = [
            Block("基本情况", 1),
            Block(f"时间：{day}{'' if made else '（计划）'}"),
            Block(f"单位：{visit.organization.name}"),
            Block(f"方式：{visit.get_way_display()}"),
            Block(f"督导人员：{visit.goers}"),
            Block(f"目的：{visit.purpose}"),
        ]
        if visit.talked_to:
            body.append(Block(f"谈话人数：{visit.talked_to}人"))
        for name, text in (
            ("了解到的情况", visit.findings),
            ("发现的问题", visit.problems),
            ("提出的建议", visit.suggestions),
        ):
            if text:
                body += [Block(name, 1), *_text(text)]
        return LetterContent(
            title="督导工作记录",
            addressee=None,
            body=tuple(body),
            signature=visit.sender,
            signed_on=visit.day,
            draft=not made,
            draft_words="计划" if visit.state == Visit.State.PLANNED else "已取消",
        )


def spot_check_report(check: SpotCheck) -> LetterContent:
    """What was checked, how it was drawn, what was found; each organisation in the annex."""
    with translation.override("zh-hans"):
        results = list(check.results.select_related("organization").order_by("position"))
        counts = [(label, sum(row.result == key for row in results)) for key, label in SpotResult.Result.choices]
        drawn_on = _on(check.drawn_at or check.opened_at)
        figures = "，".join(f"{label}{count}个" for label, count in counts if count)
        body = [
            Block("抽查内容", 1),
            Block(f"{check.get_kind_display()}：{check.subject}。范围：{check.organization.name}所属组织。"),
            Block("抽取情况", 1),
            Block(
                f"{long_date(drawn_on)}从{len(check.population)}个组织中随机抽取{len(results)}个，可据下列记录复核。"
            ),
            Block(f"抽取方法：{check.algorithm}"),
            Block(f"随机数种子：{check.seed}"),
            Block("抽查结果", 1),
            Block(f"{figures}。" if figures else "尚未登记结果。"),
            *_text(check.summary),
        ]
        rows = tuple(
            (str(row.position), row.organization.name, row.get_result_display() or NOTHING, row.findings or NOTHING)
            for row in results
        )
        return LetterContent(
            title="抽查情况报告",
            addressee=None,
            body=tuple(body),
            signature=check.batch.campaign.office_name,
            signed_on=_on(check.closed_at) if check.closed_at else drawn_on,
            draft=check.state != SpotCheck.State.CLOSED,
            draft_words="抽查尚未结束",
            annexes=(Annex("被抽查组织情况表", (TableBlock(DRAWN, rows),)),) if rows else (),
        )


# ---------------------------------------------------------------- leave
def leave_slip(leave: Leave, *, with_reason: bool) -> LetterContent:
    """The slip with the decision; the reason only for who may read it (decision 20)."""
    with translation.override("zh-hans"):
        group = f"（{leave.group.name}）" if leave.group else ""
        body = [
            Block(f"请假人：{leave.user}{group}"),
            Block(f"时间：{long_date(leave.from_date)}至{long_date(leave.to_date)}，共{leave.days}天"),
            *([Block(f"事由：{leave.reason}")] if with_reason else []),
            Block(f"代班人：{leave.stand_in or '未指定'}"),
        ]
        decided = {Leave.State.GRANTED: "同意", Leave.State.BACK: "同意", Leave.State.REFUSED: "不同意"}
        said = decided.get(Leave.State(leave.state))
        if said and leave.decided_at:
            remark = f"。{leave.answer}" if leave.answer and with_reason else ""
            who = f"{leave.decided_by}，" if leave.decided_by else ""
            body.append(Block(f"审批意见：{said}（{who}{long_date(_on(leave.decided_at))}）{remark}"))
        else:
            body.append(Block("审批意见："))
        back = long_date(leave.returned_on) if leave.returned_on else ""
        body.append(Block(f"销假：{back}"))
        return LetterContent(
            title="请假单",
            addressee=None,
            body=tuple(body),
            signature=str(leave.user),
            signed_on=_on(leave.asked_at),
            draft=leave.state == Leave.State.WITHDRAWN,
            draft_words="已撤回",
        )
