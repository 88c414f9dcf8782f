"""The letter by which an organisation puts special arrangements of members to the level above (A-14).

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

from django.utils import timezone

from campaign.models import ArrangementProposal
from reports.documents.content import Block, LetterContent
from units.models import Member

State = ArrangementProposal.State


def arrangement_letter(proposal: ArrangementProposal) -> LetterContent:
    """The proposal as it stands, with the consent once it is given. Two queries."""
    campaign = proposal.batch.campaign
    people = list(proposal.members.select_related("organization").order_by("organization__path", "pk"))
    group = campaign.playbook.words.get("leading_group")
    body = [
        Block(f"按照{campaign.name}的有关要求，现就{len(people)}名特殊情况党员参加教育活动的安排提出如下意见。"),
        Block("有关党员", 1),
        *(Block(_line(member)) for member in people),
        Block("特殊情况", 1),
        Block(proposal.reason),
        Block("安排意见", 1),
        *(Block(line) for line in proposal.arrangement.splitlines() if line.strip()),
        *_decision(proposal),
    ]
    if proposal.state == State.PROPOSED:
        body.append(Block("以上意见妥否，请批示。"))
    return LetterContent(
        title="关于特殊情况党员参加教育活动安排的请示",
        addressee=group.zh if group else campaign.office_name,
        body=tuple(body),
        signature=proposal.organization.name,
        signed_on=timezone.localtime(proposal.proposed_at).date(),
        draft=proposal.state == State.WITHDRAWN,
    )


def _line(member: Member) -> str:
    retired = "，离退休" if member.retired else ""
    return f"{member.name}（{member.organization.name}{retired}）"


def _decision(proposal: ArrangementProposal) -> list[Block]:
    """What the level above has said, once it has."""
    said = {State.APPROVED: "同意", State.REFUSED: "不同意"}.get(State(proposal.state))
    if said is None or proposal.decided_at is None:
        return []
    day = timezone.localtime(proposal.decided_at).date()
    remark = f"：{proposal.remark}" if proposal.remark else ""
    return [Block("审批意见", 1), Block(f"{day.year}年{day.month}月{day.day}日，{said}{remark}。")]
