"""A responsibility letter to be signed by hand (D-15): what is promised, in the words of the campaign's playbook.

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

from accounts import clock
from campaign.models import Batch
from campaign.playbook import NamedList
from reports.documents.content import Block, LetterContent
from supervision.queries.bodies import mechanism
from units.models import Organization

OF_BRANCHES = "secretary_duties"  # what only a branch's secretary promises


def responsibility_letter(batch: Batch, organization: Organization) -> LetterContent:
    """The letter between an organisation and the one above it, with room for names and dates."""
    campaign = batch.campaign
    above = organization.parent.name if organization.parent else campaign.office_name
    said = [one for one in mechanism(campaign.playbook) if organization.is_branch or one.key != OF_BRANCHES]
    body = [
        Block(f"为扎实开展{campaign.name}，把责任落实到单位、支部和领导，{above}与{organization.name}签订本责任书。"),
        *(block for one in said for block in _section(one)),
        Block("期限", 1),
        Block(f"本责任书自签订之日起至{batch.ends_on.year}年{batch.ends_on.month}月{batch.ends_on.day}日止。"),
        Block("签字", 1),
        Block(f"{above}（盖章）　　负责人签字："),
        Block(f"{organization.name}（盖章）　　责任人签字："),
    ]
    return LetterContent(
        title="先进性教育活动责任书",
        addressee=None,
        body=tuple(body),
        signature=organization.name,
        signed_on=clock.today(),
    )


def _section(statement: NamedList) -> list[Block]:
    """One statement under its own heading, its items as one sentence."""
    items = "；".join(item.name.zh for item in statement.items)
    return [Block(statement.name.zh, 1), Block(f"{items}。")]
