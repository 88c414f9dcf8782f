"""The review of a batch (H-12), drafted from the data as a letter: figures are filled in, judgements are left to write.

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from django.db.models import Count, Q

from accounts import clock
from assessments.models import Commendation, Survey
from assessments.results import band_of, result_of, told
from campaign.admissions import admitted
from campaign.models import Activity, Batch, Opinion, Participation, RectificationItem, RollEntry, StageProgress
from reports.documents import words
from reports.documents.content import Block, LetterContent
from supervision.models import Decision, MakeUpOrder, Transition
from units.models import Organization

PRINCIPLES = "principles"  # the playbook's statement of the six that are kept to


def _percent(part: int, base: int) -> str:
    """Two decimals, as the source prints it (82.88%)."""
    return f"{float(Fraction(part * 100, base)):.2f}%" if base else "–"


def batch_review(batch: Batch) -> LetterContent:
    """The draft. A fixed number of queries, and one more for each survey round with its counts."""
    campaign = batch.campaign
    parts = [*_taking_part(batch), *_work(batch), *_satisfaction(batch), *_rectification(batch), *_supervision(batch)]
    parts += [*_characteristics(batch), *_shortcomings(batch), *_end(batch)]
    return LetterContent(
        title=f"{batch.name}{campaign.name}总结",
        addressee=None,
        body=tuple(parts),
        signature=campaign.office_name,
        signed_on=clock.today(),
        draft=True,
        draft_words=words.TO_FINISH,
    )


def _taking_part(batch: Batch) -> list[Block]:
    leading = tuple(batch.participations.values_list("organization__path", flat=True))
    everyone = Organization.objects.within(batch.campaign.host).active().values_list("path", "kind")
    kinds = Counter(kind for path, kind in everyone if path.startswith(leading))
    units = batch.participations.count()
    closed = batch.participations.filter(state=Participation.State.CLOSED).count()
    first = batch.campaign.playbook.stages[0].key
    members = RollEntry.objects.filter(progress__participation__batch=batch, progress__stage=first)
    counted = {
        Organization.Kind.COMMITTEE: "个党委",
        Organization.Kind.GENERAL_BRANCH: "个党总支",
        Organization.Kind.BRANCH: "个党支部",
    }
    listed = "、".join(f"{kinds[kind]}{word}" for kind, word in counted.items() if kinds[kind])
    return [
        Block("基本情况", 1),
        Block(
            f"本批次自{batch.starts_on.year}年{batch.starts_on.month}月{batch.starts_on.day}日开始，"
            f"共有{units}个单位、{listed}、{members.count()}名党员参加，其中{closed}个单位已召开总结大会。"
        ),
    ]


def _work(batch: Batch) -> list[Block]:
    playbook = batch.campaign.playbook
    blocks = [Block("各阶段工作", 1)]
    passed = Counter(
        StageProgress.objects.filter(participation__batch=batch, state=StageProgress.State.DONE).values_list(
            "stage", flat=True
        )
    )
    held = Counter(Activity.objects.filter(batch=batch).values_list("stage", flat=True))
    first_pass = Counter(
        Transition.objects.filter(participation__batch=batch, state=Transition.State.COMPLETED, attempt=1).values_list(
            "stage", flat=True
        )
    )
    for stage in playbook.stages:
        blocks.append(
            Block(
                f"{stage.name.zh}：记录活动{held[stage.key]}次，{passed[stage.key]}个单位完成，"
                f"其中{first_pass[stage.key]}个一次通过转段。"
            )
        )
    return blocks


def satisfaction_lines(batch: Batch, stage: str = "") -> list[str]:
    """The last confirmed round of each unit, by the playbook's bands (I-11, decision 15); of one stage if given."""
    playbook = batch.campaign.playbook
    rounds = (
        Survey.objects.filter(participation__batch=batch, state=Survey.State.CONFIRMED)
        .select_related("participation__batch__campaign")
        .prefetch_related("counts", "answers")
        .order_by("round")
    )
    last = {(row.participation_id, row.instrument): row for row in rounds}
    lines: list[str] = []
    for instrument in playbook.instruments:
        if stage and instrument.when != stage:
            continue
        results = [result_of(row) for (_unit, key), row in last.items() if key == instrument.key]
        rates = [result.satisfaction for result in told(results) if result.satisfaction is not None]
        few = sum(result.withheld for result in results)
        if few and not rates:
            lines.append(f"{instrument.name.zh}：测评{few}个单位，票数较少，不列数字。")
        if not rates:
            continue
        line = f"{instrument.name.zh}：测评{len(rates)}个单位"
        bands = Counter(band.key for rate in rates if (band := band_of(playbook, rate)) is not None)
        shares = [
            f"{band.name.zh}的{bands[band.key]}个，占{_percent(bands[band.key], len(rates))}" for band in playbook.bands
        ]
        kept_back = f"另有{few}个单位票数较少，不分档。" if few else ""
        lines.append("，".join([line, *shares]) + "。" + kept_back)
    return lines


def _satisfaction(batch: Batch) -> list[Block]:
    lines = satisfaction_lines(batch) or ["本批次没有已确认的测评结果。"]
    return [Block("群众满意度", 1), *(Block(line) for line in lines)]


def ledger_lines(batch: Batch) -> list[str]:
    """What was heard and what is in the ledger, as it stands now."""
    heard = Opinion.objects.standing().filter(batch=batch).count()
    items = RectificationItem.objects.filter(batch=batch).aggregate(
        all=Count("pk"),
        closed=Count("pk", filter=Q(state=RectificationItem.State.CLOSED)),
        overdue=Count("pk", filter=Q(state=RectificationItem.State.OPEN, deadline__lt=clock.today())),
    )
    lines = [f"征求到意见建议{heard}条。"] if heard else []
    if items["all"]:
        share = _percent(items["closed"], items["all"])
        late = f"，逾期未完成{items['overdue']}个" if items["overdue"] else ""
        lines.append(f"列入整改台账的问题{items['all']}个，已销号{items['closed']}个，占{share}{late}。")
    return lines


def _rectification(batch: Batch) -> list[Block]:
    lines = ledger_lines(batch)
    return [Block("整改情况", 1), *(Block(line) for line in lines)] if lines else []


def _supervision(batch: Batch) -> list[Block]:
    returned = Decision.objects.filter(transition__participation__batch=batch, verdict=Decision.Verdict.RETURN).count()
    orders = MakeUpOrder.objects.filter(participation__batch=batch)
    commended = Commendation.objects.filter(batch=batch, state=Commendation.State.APPROVED).count()
    lines = f"退回转段申请{returned}次，责令补课{orders.count()}次，其中{orders.open().count()}次尚未销号。"
    blocks = [Block("督导把关", 1), Block(lines)]
    if commended:
        blocks.append(Block(f"表彰先进{commended}个（名）。"))
    if joined := sum(admitted(batch).values()):
        blocks.append(Block(f"巩固和扩大整改成果期间吸收新党员{joined}名。"))
    return blocks


def _characteristics(batch: Batch) -> list[Block]:
    """Under the principles of the playbook where it names some (六个坚持): what was done for each is left to write."""
    listed = next((one for one in batch.campaign.playbook.statements if one.key == PRINCIPLES), None)
    blocks = [Block("主要特点", 1)]
    for item in listed.items if listed else ():
        blocks += [Block(item.name.zh, 2), Block("这方面的做法和成效", to_fill=True)]
    return blocks if listed else [*blocks, Block("本批次活动的主要做法和特点", to_fill=True)]


def _shortcomings(batch: Batch) -> list[Block]:
    """The three of H-12, each with the figure that speaks for it."""
    late = batch.participations.overdue(clock.today()).distinct().count()
    unclosed = RectificationItem.objects.unclosed().filter(batch=batch).count()
    return [
        Block("存在的不足", 1),
        Block("工作进展不够平衡", 2),
        Block(f"目前超过计划时间仍未完成阶段工作的单位{late}个。"),
        Block("解决问题还是初步的", 2),
        Block(f"整改台账中尚未销号的问题{unclosed}个。"),
        Block("长效机制还需完善", 2),
        Block("建立和完善长效机制方面的不足", to_fill=True),
    ]


def _end(batch: Batch) -> list[Block]:
    thanks = "在教育活动中，各级党组织、督导组和广大党员群众给予了大力支持，在此表示感谢。"
    return [Block("下一步打算", 1), Block("巩固和扩大成果的安排", to_fill=True), Block(thanks)]
