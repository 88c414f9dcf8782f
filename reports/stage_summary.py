"""Stage summary of a unit (J-08) and its whole-campaign summary (H-05), drafted from what is on record.

Where the unit has filed its summary or handed in its closing report, these words are printed; the figures are annexed
either way. The documents are official ones, so they are Chinese in every language of the pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils import timezone, translation

from accounts import clock
from campaign.models import Participation
from campaign.playbook import Item, Text
from campaign.playbook.work import CLOSING
from reports.documents import words
from reports.documents.content import Block, LetterContent
from reports.documents.text import set_close
from reports.stage_facts import StageFacts
from reports.stage_tables import actions_annex, conditions_annex, number
from reports.transition_letters import body_name
from supervision import chain
from supervision.actions.filings import WHOLE, headings
from supervision.compare import paragraphs
from supervision.drafts import drafts_summaries

# The headings of J-08, where a playbook names none of its own.
USUAL = (
    Item("basics", Text("基本情况", "Basics")),
    Item("practice", Text("主要做法", "Main practice")),
    Item("results", Text("初步成效", "First results")),
    Item("experience", Text("基本经验", "Experience")),
    Item("problems", Text("突出问题", "Outstanding problems")),
    Item("measures", Text("改进措施", "Measures")),
    Item("suggestions", Text("意见建议", "Suggestions")),
)
NAMED = 12  # actions that one sentence lists


@dataclass(frozen=True)
class Summary:
    """The document, and where its words come from: "drafted", "filed" with the office or "reported" at the closing."""

    content: LetterContent
    source: str


def stage_summary(participation: Participation, stage: str) -> Summary:
    """The summary of one stage, or at CLOSING of the whole campaign. KeyError for a stage that the unit has not."""
    with translation.override("zh-hans"):
        rows = list(participation.progress.all())
        if stage == CLOSING:
            parts = [StageFacts(participation, row) for row in rows if row.started_on]
            return _whole_campaign(StageFacts(participation, None), parts)
        progress = next((row for row in rows if row.stage == stage), None)
        if progress is None:
            raise KeyError(stage)
        return _of_stage(StageFacts(participation, progress))


def _of_stage(facts: StageFacts) -> Summary:
    filed = facts.filing
    name = facts.playbook.stage(facts.key).name.zh
    rule = facts.playbook.transition
    bodies = [step.body for step in rule.steps] if rule else ["office"]
    body = _filed(facts) if filed else _drafted([facts])
    return Summary(_letter(facts, f"{name}工作总结", bodies, body, [facts]), "filed" if filed else "drafted")


def _whole_campaign(closing: StageFacts, stages: list[StageFacts]) -> Summary:
    """To the superior organisation and the supervision group at once (H-05)."""
    campaign = closing.participation.batch.campaign
    bodies = [step.body for step in closing.playbook.closing.steps] or ["superior_committee", "supervision"]
    told = [*stages, closing] if closing.participation.current() is None else stages or [closing]
    body = _reported(closing) if closing.report else _drafted(told)
    letter = _letter(closing, f"{campaign.name}工作总结报告", bodies, body, told)
    return Summary(letter, "reported" if closing.report else "drafted")


def _letter(
    facts: StageFacts, title: str, bodies: list[str], body: list[Block], told: list[StageFacts]
) -> LetterContent:
    participation = facts.participation
    drafted = not (facts.filing or facts.report)
    addressees = dict.fromkeys(body_name(participation, one) for one in bodies)
    return LetterContent(
        title=title,
        addressee="、".join(addressees),
        body=tuple(body),
        signature=participation.organization.name,
        signed_on=_signed_on(facts),
        draft=drafted,
        draft_words=words.TO_FINISH,
        annexes=tuple(annex for annex in (conditions_annex(told), actions_annex(told)) if annex is not None),
    )


def _signed_on(facts: StageFacts) -> dt.date:
    written = facts.filing.sent_at if facts.filing else facts.report.applied_at if facts.report else clock.now()
    return timezone.localtime(written).date()


# ---------------------------------------------------------------- words that people have written
def _filed(facts: StageFacts) -> list[Block]:
    named = {one.key: one.name.zh for one in headings(facts.playbook)}
    parts = facts.filing.parts if facts.filing else {}
    return _parts({named.get(key, key): text for key, text in parts.items()})


def _reported(closing: StageFacts) -> list[Block]:
    rule = chain.rule_at(closing.playbook, CLOSING)
    named = {part.key: part.name.zh for part in rule.parts} if rule else {}
    parts = closing.report.parts if closing.report else {}
    return _parts({named.get(key, key): text for key, text in parts.items()})


def _parts(parts: dict[str, str]) -> list[Block]:
    """Under their headings; a single part needs none."""
    blocks: list[Block] = []
    for name, text in parts.items():
        if len(parts) > 1:
            blocks.append(Block(name, 1))
        blocks += [Block(line) for line in paragraphs(text)]
    return blocks


# ---------------------------------------------------------------- words drafted from the figures
@drafts_summaries
def draft_parts(participation: Participation, stage: str) -> dict[str, str]:
    """The sentences that the records give, by heading, for the form in which the summary is written and filed."""
    with translation.override("zh-hans"):
        progress = next((row for row in participation.progress.all() if row.stage == stage), None)
        if progress is None:
            return {}
        told = [StageFacts(participation, progress)]
        asked = headings(told[0].playbook)
        if asked == (WHOLE,):
            return {WHOLE.key: "\n".join(line for make in DRAFTS.values() for line in make(told))}
        return {one.key: "\n".join(DRAFTS[one.key](told)) for one in asked if one.key in DRAFTS}


def _drafted(told: list[StageFacts]) -> list[Block]:
    """Each heading with the sentences that the records give, and what is left for people to write."""
    asked = headings(told[-1].playbook)
    blocks: list[Block] = []
    for heading in USUAL if asked == (WHOLE,) else asked:
        blocks.append(Block(heading.name.zh, 1))
        written = list(DRAFTS[heading.key](told)) if heading.key in DRAFTS else []
        blocks += [Block(line) for line in written]
        if not written or heading.key in LEFT_TO_WRITE:
            blocks.append(Block(LEFT_TO_WRITE.get(heading.key, heading.name.zh), to_fill=True))
    return blocks


def _basics(told: list[StageFacts]) -> Iterator[str]:
    last = told[-1]
    batch = last.participation.batch
    yield f"{last.participation.organization.name}参加{batch.campaign.name}，为{batch.name}单位。"
    for facts in told:
        if facts.progress is None:
            continue
        row = facts.progress
        began = f"，实际{words.long_date(row.started_on)}开始" if row.started_on else "，尚未开始"
        ended = f"，{words.long_date(row.ended_on)}结束" if row.ended_on else ""
        over = f"，超过计划{facts.days_over}天" if facts.days_over else ""
        plan = f"计划{words.long_date(row.planned_start)}至{words.long_date(row.planned_end)}"
        yield f"{_name(facts)}{plan}{began}{ended}{over}。"
    arranged = f"，其中经批准作特殊安排的{last.arranged}名" if last.arranged else ""
    yield f"参加教育活动的党员{last.roll}名，分布在{last.branches}个党支部{arranged}。"


def _practice(told: list[StageFacts]) -> Iterator[str]:
    for facts in told:
        where = _name(facts) if len(told) > 1 else "本阶段"
        study = ""
        if facts.hours and facts.roll:
            mean = facts.hours / facts.roll
            study = f"，其中学习{facts.sessions}次，党员学习累计{number(facts.hours)}学时，人均{mean:.1f}学时"
        if facts.held:
            yield f"{where}记录活动{facts.held}次{study}。"
        if facts.actions:
            done = [name for name, whole in facts.actions.items() if whole]
            yield f"{where}规定动作{len(facts.actions)}项，完成{len(done)}项{f'：{_listed(done)}' if done else ''}。"
    if len(told) == 1:
        for activity, there in told[0].main_activities:
            came = f"，到会{there}人" if there else ""
            yield f"{words.long_date(activity.held_on)}，{activity.title}{came}。"


def _results(told: list[StageFacts]) -> Iterator[str]:
    ledger = told[-1].ledger
    if ledger.opinions:
        yield f"征求到意见建议{ledger.opinions}条，已答复{ledger.answered}条。"
    if ledger.items:
        explained = f"，作出说明{ledger.explained}个" if ledger.explained else ""
        yield f"列入整改台账的问题{ledger.items}个，已销号{ledger.closed}个{explained}，正在整改{ledger.unclosed}个。"
    for facts in told:
        for finding in facts.gate:
            if finding.check == "survey":
                yield f"{finding.title}：{set_close(str(finding.measured))}。"


def _problems(told: list[StageFacts]) -> Iterator[str]:
    for facts in told:
        where = f"{_name(facts)}" if len(told) > 1 else ""
        unmet = [finding for finding in facts.gate if not finding.passed]
        if unmet:
            names = list(dict.fromkeys(str(finding.title) for finding in unmet))
            yield f"{where}尚有{len(unmet)}项条件没有达到：{_listed(names)}，详见附件。"
        failed = [row for row in facts.attempts if row.state in {"returned", "make_up"}]
        if failed:
            yield f"{where}转段申请被退回或责令补课{len(failed)}次。"
        if facts.orders or facts.cards:
            yield f"{where}受到责令补课{facts.orders}次、黄牌警示{facts.cards}次。"


def _measures(told: list[StageFacts]) -> Iterator[str]:
    last = told[-1]
    for facts in told:
        lacking = [name for name, whole in facts.actions.items() if not whole]
        if lacking:
            yield f"补齐{_name(facts)}尚未完成的{len(lacking)}项规定动作：{_listed(lacking)}。"
    if last.ledger.unclosed:
        late = f"，其中已逾期的{last.ledger.overdue}个立即整改" if last.ledger.overdue else ""
        yield f"继续整改台账中的{last.ledger.unclosed}个问题{late}。"


def _listed(names: list[str]) -> str:
    """The first of them, and that there are more."""
    return "、".join(names[:NAMED]) + ("等" if len(names) > NAMED else "")


def _name(facts: StageFacts) -> str:
    return chain.name_at(facts.playbook, facts.key).zh if facts.progress else "巩固和总结"


DRAFTS: dict[str, Callable[[list[StageFacts]], Iterator[str]]] = {
    "basics": _basics,
    "practice": _practice,
    "results": _results,
    "problems": _problems,
    "measures": _measures,
}
LEFT_TO_WRITE = {
    "practice": "组织领导、结合实际的具体做法",
    "results": "思想、作风、工作上的变化和群众的反映",
    "experience": "行之有效的做法和体会",
    "problems": "思想上、工作上还存在的其他问题",
    "measures": "对存在问题的改进措施、责任人和时限",
    "suggestions": "对上级组织开展教育活动的意见建议",
}
