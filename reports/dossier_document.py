"""The dossier of an organisation as a Word file: what the page tells, the oldest first, stage by stage.

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.utils import timezone, translation

from accounts import clock
from campaign import dossier
from campaign.dossier import Event, Line, Subject
from campaign.models import StageProgress
from campaign.playbook.work import CLOSING
from reports.documents.content import Block, LetterContent
from reports.documents.text import set_close
from supervision.chain import CLOSING_NAME
from supervision.queries.dossiers import Summary, Wanted, stage_of, summary

_SIGNS = {"ok": "达到", "late": "未达到", "bad": "未达到"}
_JUDGED = {"transitions"}


def dossier_document(subject: Subject, wanted: Wanted) -> LetterContent:
    """The entries that are asked for, under the stages in which they fell; everything told in Chinese."""
    with translation.override("zh-hans"):
        everything = dossier.events(subject)
        figures = summary(subject, everything)
        progress = list(subject.participation.progress.all())
        kept = [event for event in reversed(everything) if wanted.keeps(event, progress)]
        return _document(subject, figures, progress, kept)


def _document(
    subject: Subject, figures: Summary, progress: Sequence[StageProgress], events: Sequence[Event]
) -> LetterContent:
    campaign = subject.participation.batch.campaign
    body = [Block("基本情况", 1), *_head(subject, figures), *_stages(subject, progress)]
    for name, part in _parts(subject, progress, events):
        told = [block for event in part for block in _entry(event, subject)]
        body += [Block(name, 1), *(Block(set_close(block.text)) for block in told)]
    if not events:
        body.append(Block("没有记录。"))
    return LetterContent(
        title=f"{subject.organization.name}活动档案",
        addressee=None,
        body=tuple(body),
        signature=campaign.office_name,
        signed_on=clock.today(),
    )


def _head(subject: Subject, figures: Summary) -> list[Block]:
    unit, now = subject.participation, timezone.localtime(clock.now())
    covering = "" if unit.organization_id == subject.organization.pk else f"，随{unit.organization.name}参加"
    figured = (
        f"截至{now.year}年{now.month}月{now.day}日{now:%H:%M}：党员{figures.members}名；"
        f"提出申请{figures.attempts}次，其中{figures.passed_first}次未经退回即通过；"
        f"责令补课{figures.orders}次，黄牌{figures.cards}张；各阶段合计超期{figures.days_over}天。"
    )
    named = f"单位：{unit.label}{covering}。{unit.batch.campaign.name}，{unit.batch.name}。"
    return [Block(named), Block(figured)]


def _stages(subject: Subject, progress: Iterable[StageProgress]) -> list[Block]:
    """Plan and reality of each stage: what the picture shows, in words."""
    playbook = subject.participation.batch.campaign.playbook
    rows = list(progress)
    if not rows:
        return [Block("本单位不分阶段，只要求关键环节和总结。")]
    blocks = [Block("各阶段计划和实际", 1)]
    for row in rows:
        plan = f"计划{_day(row.planned_start)}至{_day(row.planned_end)}"
        begun = f"，实际{_day(row.started_on)}开始" if row.started_on else "，尚未开始"
        ended = f"，{_day(row.ended_on)}结束" if row.ended_on else ""
        over = ((row.ended_on or clock.today()) - row.planned_end).days if row.started_on else 0
        late = f"，超期{over}天" if over > 0 else ""
        blocks.append(Block(f"{playbook.stage(row.stage).name.zh}：{plan}{begun}{ended}{late}。"))
    return blocks


def _parts(
    subject: Subject, progress: Sequence[StageProgress], events: Iterable[Event]
) -> list[tuple[str, list[Event]]]:
    """Entries under their stages, in the order in which the first of each happened; the others before and after."""
    names = {stage.key: stage.name.zh for stage in subject.participation.batch.campaign.playbook.stages}
    names[CLOSING] = CLOSING_NAME.zh
    begun = min((row.started_on for row in progress if row.started_on), default=None)
    found: list[tuple[str, list[Event]]] = []
    for event in events:
        name = names.get(stage_of(event, progress)) or (
            "启动以前" if begun is None or event.day < begun else "各阶段以后"
        )
        same = next((part for known, part in found if known == name), None)
        if same is None:
            found.append((name, [event]))
        else:
            same.append(event)
    return found


def _entry(event: Event, subject: Subject) -> list[Block]:
    """One entry: the day and what happened, then the detail and what it rests on."""
    where = event.organization if event.organization != subject.organization.name else ""
    aside = "，".join(part for part in (where, event.who) if part)
    end = "" if str(event.title).endswith(("。", "！", "？")) else "。"
    blocks = [Block(f"{_day(event.day)}　{event.title}{f'（{aside}）' if aside else ''}{end}")]
    blocks += [Block(line) for line in str(event.detail).splitlines() if line.strip()]
    for fold in event.folds:
        blocks.append(Block(f"{fold.title}："))
        blocks += [Block(f"{_sign(event, line)}{line.text}") for line in fold.lines]
    return blocks


def _sign(event: Event, line: Line) -> str:
    """The colour of a finding in a word: paper may be grey."""
    return f"（{_SIGNS[line.tone]}）" if event.kind in _JUDGED and line.tone in _SIGNS else ""


def _day(day: dt.date) -> str:
    """The year with every day: the paper is read years later."""
    return f"{day.year}年{day.month}月{day.day}日"
