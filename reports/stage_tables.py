"""The annexed tables of a stage summary: the conditions of the gate and the required actions, stage by stage."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from campaign.findings import Finding
from campaign.steps import Step
from reports.documents.content import Annex, Block, TableBlock
from reports.documents.text import set_close
from reports.stage_facts import StageFacts
from supervision import chain

CONDITIONS = ("条件", "要求", "实际", "结果")
ACTIONS = ("规定动作", "应完成", "已完成", "尚缺")
UNITS = {"times": "次", "members": "人", "organisations": "个党组织"}


def number(value: Decimal | int) -> str:
    """Without idle zeros: 46.0 is 46, 7.50 is 7.5."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def conditions_annex(told: list[StageFacts]) -> Annex | None:
    """What was required, what was measured; counts only, for names stay with the unit (decision 20)."""
    return _annex("条件完成情况表", told, lambda facts: [_condition(finding) for finding in facts.gate], CONDITIONS)


def actions_annex(told: list[StageFacts]) -> Annex | None:
    return _annex("规定动作完成情况表", told, lambda facts: [_action(step) for step in facts.steps], ACTIONS)


def _annex(
    title: str,
    told: list[StageFacts],
    rows_of: Callable[[StageFacts], list[tuple[str, ...]]],
    headers: tuple[str, ...],
) -> Annex | None:
    """One table a stage, named where there are several; nothing where no stage has a row."""
    tables: list[Block | TableBlock] = []
    for facts in told:
        if rows := rows_of(facts):
            name = chain.name_at(facts.playbook, facts.key).zh if len(told) > 1 else ""
            tables.append(TableBlock(headers, tuple(rows), name))
    return Annex(title, tuple(tables)) if tables else None


def _condition(finding: Finding) -> tuple[str, ...]:
    result = "达到" if finding.passed else "未达到（参考）" if finding.soft else "未达到"
    return str(finding.title), set_close(str(finding.required)), set_close(str(finding.measured)), result


def _action(step: Step) -> tuple[str, ...]:
    unit = UNITS[step.unit]
    short = max(0, step.need - step.have)
    lacking = f"{short}{unit}" if short else "内容不全" if step.unticked else "–"
    return step.action.name.zh, f"{step.need}{unit}", f"{step.have}{unit}", lacking
