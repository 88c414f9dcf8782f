"""Papers of supervision: notice of a make-up, yellow card notice, record of a collective admonition (J-13..J-16).

The documents are official ones, so they are Chinese in every language of the pages.
"""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from accounts import clock
from reports.documents.content import Block, LetterContent
from supervision import chain
from supervision.models import Admonition, MakeUpOrder, YellowCard


def _day(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _paragraphs(text: str) -> list[Block]:
    return [Block(line) for line in text.splitlines() if line.strip()]


def _sentence(text: str) -> str:
    """Closed with a full stop, whoever wrote it."""
    return text if text.endswith(("。", "！", "？", ".")) else f"{text}。"


def makeup_notice(order: MakeUpOrder) -> LetterContent:
    """The order as it goes to the organisation, the rule in the playbook's words. One query for the items."""
    campaign = order.participation.batch.campaign
    stage = chain.name_at(campaign.playbook, order.stage).zh
    opening = f"经审查，你单位在{campaign.name}“{stage}”中的工作没有达到要求，现责令进行补课。"
    rule = [Block("依据", 1), Block(_sentence(order.rule_words["zh"]))] if order.rule_words else []
    asked = [Block(f"{item.position}. {_sentence(item.text)}") for item in order.items.all()]
    ends = f"请于{_day(order.due_on)}前完成，逐项报告补课情况，经复查合格后方可转入下一阶段。"
    again = [Block("补课完成后，重新组织满意度测评。")] if order.survey_again else []
    return LetterContent(
        title="补课通知书",
        addressee=order.organization.name,
        body=(
            Block(opening),
            *rule,
            Block("原因", 1),
            *_paragraphs(order.reason),
            Block("补课内容", 1),
            *asked,
            Block("要求", 1),
            Block(ends),
            *again,
        ),
        signature=campaign.office_name,
        signed_on=timezone.localtime(order.ordered_at).date(),
    )


_HAPPENED = {
    YellowCard.Trigger.FIRST_TRANSITION: "未能一次通过转段",
    YellowCard.Trigger.MAKEUP: "被责令补课",
}


def card_notice(card: YellowCard) -> LetterContent:
    """The notice as it was issued; marked as a draft before that, and once the card is revoked."""
    campaign = card.batch.campaign
    stage = chain.name_at(campaign.playbook, card.stage).zh
    happened = _HAPPENED[YellowCard.Trigger(card.trigger)]
    admonition = campaign.playbook.sanctions.admonition
    warning = [Block(_sentence(admonition.rule.zh))] if admonition else []
    facts = [Block("具体情况", 1), *_paragraphs(card.reason)] if card.reason else []
    return LetterContent(
        title="黄牌警示通知书",
        number=card.number or None,
        addressee=card.organization.name,
        body=(
            Block(f"你单位在{campaign.name}“{stage}”中，因{card.cause_words['zh']}，{happened}。"),
            *facts,
            Block("处理决定", 1),
            Block(f"按照“{card.rule_words['zh']}”的规定，现对你单位予以黄牌警示。"),
            *warning,
            Block("接此通知后，请认真查找原因，切实改进工作，由书记签收。"),
        ),
        signature=campaign.office_name,
        signed_on=card.issued_on or clock.today(),
        draft=card.state != YellowCard.State.ISSUED,
    )


def admonition_record(admonition: Admonition) -> LetterContent:
    """The record of the talk with the attendance of the team; a draft while it is not held. Two queries."""
    campaign = admonition.batch.campaign
    team = list(admonition.team.all())
    cards = [card.number for card in admonition.cards.order_by("issued_at", "pk")]
    held = admonition.held_on
    present = "、".join(_named(one.name, one.position) for one in team if one.present)
    absent = "、".join(_named(one.name, one.position) for one in team if not one.present)
    body = [
        Block("基本情况", 1),
        Block(f"时间：{_day(held) if held else ''}"),
        Block(f"地点：{admonition.place}"),
        Block(f"谈话人：{admonition.admonisher}"),
        Block(f"谈话对象：{admonition.unit_name}领导班子成员"),
        Block(f"到会：{present}"),
    ]
    if absent:
        body.append(Block(f"缺席：{absent}。{_sentence(admonition.absent_note)}"))
    body += [
        Block("诫勉原因", 1),
        Block(f"{admonition.unit_name}受黄牌警示{len(cards)}次（{'、'.join(cards)}）。"),
        Block(f"按照“{admonition.rule_words['zh']}”的规定，对领导班子成员进行集体诫勉。"),
        Block("谈话内容", 1),
        *_paragraphs(admonition.content),
        Block("班子表态和整改承诺", 1),
        *_paragraphs(admonition.undertaking),
    ]
    return LetterContent(
        title="集体诫勉谈话记录",
        addressee=None,
        body=tuple(body),
        signature=campaign.office_name,
        signed_on=held or clock.today(),
        draft=admonition.state != Admonition.State.HELD,
    )


def _named(name: str, position: str) -> str:
    return f"{name}（{position}）" if position else name
