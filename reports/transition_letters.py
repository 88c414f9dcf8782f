"""The papers of a transition as Word documents: application with report, reply, meeting record (J-02, J-07, J-11).

They are official documents, so they are Chinese in every language of the pages.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone, translation

from campaign.findings import Finding
from campaign.models import Participation
from campaign.playbook import Playbook
from campaign.playbook.work import CLOSING
from reports.documents.content import Block, LetterContent
from supervision import chain
from supervision.compare import paragraphs
from supervision.models import Assignment, Decision, Transition
from supervision.objections import answered

Verdict = Decision.Verdict


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _on(moment: dt.datetime) -> dt.date:
    return timezone.localtime(moment).date()


def _playbook(transition: Transition) -> Playbook:
    return transition.participation.batch.campaign.playbook


def _matter(transition: Transition) -> str:
    """What it is about: 转入整改提高阶段, 结束整改提高阶段, 结束集中学习教育活动."""
    playbook = _playbook(transition)
    if transition.stage == CLOSING:
        return "结束集中学习教育活动"
    if transition.target:
        return f"转入{playbook.stage(transition.target).name.zh}"
    return f"结束{playbook.stage(transition.stage).name.zh}"


def body_name(participation: Participation, body: str) -> str:
    """The full name of a body of the chain, as it stands in an address or a signature."""
    campaign, organization = participation.batch.campaign, participation.organization
    if body == "office":
        return campaign.office_name
    if body == "superior_committee":
        line = organization.ancestors_and_self()
        return line[-2].name if len(line) > 1 else campaign.host.name
    if body == "supervision":
        current = Assignment.objects.current().filter(group__campaign=campaign).select_related("group", "organization")
        covering = [a.group.name for a in current if organization.path.startswith(a.organization.path)]
        if covering:
            return covering[0]
    word = campaign.playbook.words.get("leading_group" if body == "leading_group" else "supervision_group")
    return word.zh if word else campaign.office_name


def _body(transition: Transition, body: str) -> str:
    return body_name(transition.participation, body)


# ---------------------------------------------------------------- application
def application_letter(transition: Transition) -> LetterContent:
    """The application with the parts of its report, the answers to what was objected to, and the findings."""
    with translation.override("zh-hans"):
        playbook = _playbook(transition)
        rule = chain.rule_at(playbook, transition.stage)
        names = {part.key: part.name.zh for part in rule.parts} if rule else {}
        campaign = transition.participation.batch.campaign
        body = [Block(f"按照{campaign.name}的安排，现提出{_matter(transition)}的申请，情况报告如下。")]
        for key, text in transition.parts.items():
            body += [Block(names.get(key, key), 1), *(Block(line) for line in paragraphs(text))]
        body += [*_answers(transition, playbook), *_findings(transition)]
        body.append(Block("妥否，请批示。"))
        addressees = [_body(transition, step.body) for step in rule.steps] if rule else []
        return LetterContent(
            title=f"关于{_matter(transition)}的申请",
            addressee="、".join(addressees) or None,
            body=tuple(body),
            signature=transition.participation.organization.name,
            signed_on=_on(transition.applied_at),
            draft=transition.state == Transition.State.WITHDRAWN,
        )


def _answers(transition: Transition, playbook: Playbook) -> list[Block]:
    back, rows = answered(transition, playbook)
    if back is None or not rows:
        return []
    found = [Block(f"对第{back.attempt}次申请所提意见的整改情况", 1)]
    for row in rows:
        said = f"：{row.objection.text.rstrip('。；')}" if row.objection.text else ""
        found.append(Block(f"{row.objection.title}{said}。整改情况：{row.answer or '（未答复）'}"))
    return found


def _findings(transition: Transition) -> list[Block]:
    gate = transition.gate
    if not len(gate):
        return []
    head = f"截至{_day(_on(transition.applied_at))}，{len(gate)}项条件中达到{gate.passed_count}项。"
    return [Block("转段条件完成情况", 1), Block(head), *(Block(_finding(finding)) for finding in gate)]


def _finding(finding: Finding) -> str:
    result = "达到" if finding.passed else "未达到"
    return f"{finding.title}：要求{finding.required}，实际{finding.measured}，{result}。"


# ---------------------------------------------------------------- reply
def reply_letter(transition: Transition) -> LetterContent:
    """The reply to a decided application, numbered, its words by the verdict. At least one body has decided."""
    with translation.override("zh-hans"):
        decisions = list(transition.decisions.all())
        last = next((d for d in decisions if d.verdict != Verdict.AGREE), decisions[-1])
        campaign = transition.participation.batch.campaign
        reply = getattr(transition, "reply", None)
        signed_on = reply.issued_on if reply else _on(transition.decided_at or last.at)
        return LetterContent(
            title=_reply_title(transition, last),
            addressee=transition.participation.organization.name,
            body=tuple(_reply_body(transition, decisions, last)),
            signature=_body(transition, _signing(transition, last)),
            signed_on=signed_on,
            number=f"{campaign.office_short_name}{reply}" if reply else None,
        )


def _signing(transition: Transition, last: Decision) -> str:
    """Who sent it back; an agreement is signed by the body that approves, whoever spoke last."""
    rule = chain.rule_at(_playbook(transition), transition.stage)
    approving = next((step.body for step in rule.steps if step.verb == "approve"), "") if rule else ""
    return approving if approving and last.verdict == Verdict.AGREE else last.body


def _reply_title(transition: Transition, last: Decision) -> str:
    if last.verdict == Verdict.RETURN:
        return f"关于退回{_matter(transition)}申请的通知"
    if last.verdict == Verdict.MAKE_UP:
        return f"关于暂不同意{_matter(transition)}并责令“补课”的批复"
    return f"关于同意{_matter(transition)}的批复"


def _reply_body(transition: Transition, decisions: list[Decision], last: Decision) -> list[Block]:
    applied = f"你单位{_day(_on(transition.applied_at))}报来的第{transition.attempt}次申请收悉。"
    if last.verdict == Verdict.AGREE:
        return _agreed(transition, decisions, applied)
    if last.verdict == Verdict.MAKE_UP:
        return _made_up(transition, last, applied)
    return _returned(transition, last, applied)


def _agreed(transition: Transition, decisions: list[Decision], applied: str) -> list[Block]:
    bodies = "、".join(_body(transition, decision.body) for decision in decisions)
    found = [Block(f"{applied}经{bodies}审查，同意你单位{_matter(transition)}。")]
    if transition.override_reason:
        found.append(Block(f"对尚未达到的条件，同意转段的理由：{transition.override_reason}"))
    rule = chain.rule_at(_playbook(transition), transition.stage)
    if rule and rule.meeting:
        told = rule.meeting_rule.zh if rule.meeting_rule else "经同意后召开会议"
        found.append(Block(f"请按照“{told}”的要求及时召开会议，并做好会议记录。"))
    return found


def _returned(transition: Transition, last: Decision, applied: str) -> list[Block]:
    found = [Block(f"{applied}经审查，现予退回，请修改完善后重新申请。"), Block("退回的部分和理由", 1)]
    rule = chain.rule_at(_playbook(transition), transition.stage)
    names = {part.key: part.name.zh for part in rule.parts} if rule else {}
    titles = {finding.key: str(finding.title) for finding in transition.gate}
    found += [Block(f"{names.get(key, key)}：{why}") for key, why in last.sections.get("parts", {}).items()]
    found += [Block(f"条件“{titles.get(key, key)}”。") for key in last.sections.get("findings", [])]
    if last.reason:
        found.append(Block(last.reason))
    if last.mend_by:
        found.append(Block(f"请于{_day(last.mend_by)}前修改完毕。"))
    return found


def _made_up(transition: Transition, last: Decision, applied: str) -> list[Block]:
    found = [Block(f"{applied}经审查，暂不同意{_matter(transition)}，责令“补课”。{last.reason}")]
    for order in transition.makeups.select_related("organization").prefetch_related("items"):
        found.append(Block(f"{order.organization.name}“补课”内容", 1))
        found += [Block(item.text) for item in order.items.all()]
        found.append(Block(f"请于{_day(order.due_on)}前完成并报告，经复查合格后方可重新申请。"))
    return found


# ---------------------------------------------------------------- meeting
def meeting_record(transition: Transition) -> LetterContent:
    """The record of the transition meeting that was held: when, where, who spoke, how many, what was said."""
    with translation.override("zh-hans"):
        held_on = transition.meeting_on or _on(transition.applied_at)
        closing = transition.stage == CLOSING
        secretary = "党组织书记到会并讲话。" if transition.meeting_secretary else "未记录党组织书记到会讲话。"
        body = [
            Block(f"时间：{_day(held_on)}"),
            Block(f"地点：{transition.meeting_place}"),
            Block(f"到会人数：{transition.meeting_present or 0}人"),
            Block(f"讲话：{transition.meeting_speaker}。{secretary}"),
            *([Block(f"依据：{reply}")] if (reply := _reply_of(transition)) else []),
        ]
        if transition.meeting_note:
            body += [Block("会议内容", 1), *(Block(line) for line in paragraphs(transition.meeting_note))]
        return LetterContent(
            title="总结大会会议记录" if closing else "转段会议记录",
            addressee=None,
            body=tuple(body),
            signature=transition.participation.organization.name,
            signed_on=held_on,
        )


def _reply_of(transition: Transition) -> str:
    reply = getattr(transition, "reply", None)
    campaign = transition.participation.batch.campaign
    return f"{campaign.office_short_name}{reply}批复" if reply else ""
