"""The decision on commendation (Q-01) as a letter: each list of the playbook with its number and names.

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accounts import clock
from assessments.models import Commendation
from campaign.models import Batch
from campaign.playbook import CommendationList
from reports.documents.content import Block, LetterContent


def commendation_decision(batch: Batch, rows: Iterable[Commendation], *, number: str = "") -> LetterContent:
    """The letter for rows of this batch (with member and organisation); only what the office has approved is in it.

    It is marked as a draft while a proposal still waits for a decision.
    """
    every = list(rows)
    approved = [row for row in every if row.state == Commendation.State.APPROVED]
    lists = [
        (one, [row for row in approved if row.list_key == one.key]) for one in batch.campaign.playbook.commendations
    ]
    named = [(one, found) for one, found in lists if found]
    return LetterContent(
        title=f"关于表彰{batch.campaign.short_name}先进的决定",
        addressee="各党组织",
        body=(*_opening(batch, named), *(block for one, found in named for block in _list(one, found)), _closing()),
        signature=batch.campaign.office_name,
        signed_on=clock.today(),
        number=number.strip() or None,
        draft=any(row.state == Commendation.State.PROPOSED for row in every),
    )


def _measure(one: CommendationList) -> str:
    return "名" if one.subject == "member" else "个"


def _opening(batch: Batch, named: list[tuple[CommendationList, list[Commendation]]]) -> list[Block]:
    parts = "、".join(f"{one.name.zh}{len(found)}{_measure(one)}" for one, found in named)
    return [Block(f"在{batch.campaign.name}{batch.name}中，涌现出一批先进典型。经研究，决定表彰{parts}。名单如下：")]


def _list(one: CommendationList, found: list[Commendation]) -> list[Block]:
    head = Block(f"{one.name.zh}（{len(found)}{_measure(one)}）", 1)
    if one.subject != "member":
        return [head, Block("、".join(str(row) for row in found))]
    by_place: dict[str, list[str]] = defaultdict(list)
    for row in sorted(found, key=lambda row: row.organization.path):
        by_place[row.organization.name].append(str(row))
    return [head, *(Block(f"{place}：{'、'.join(names)}") for place, names in by_place.items())]


def _closing() -> Block:
    return Block("希望受表彰的党组织和党员珍惜荣誉、再接再厉，各级党组织和广大党员向先进学习。")
