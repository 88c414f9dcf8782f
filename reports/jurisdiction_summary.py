"""The office's summary of a stage over all units (K-11, D-04), drafted from the records; of the batch: reports.review.

The document is an official one, so it is Chinese in every language of the pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property

from django.db.models import Count, Q
from django.utils import translation

from accounts import clock
from campaign.models import Activity, Batch, Participation, RollEntry, StageProgress
from reports.documents import words
from reports.documents.content import Annex, Block, LetterContent, TableBlock
from reports.models import Bulletin, Report
from reports.queries.summary import STUDY_CHECKS, Scope, Study
from reports.review import ledger_lines, satisfaction_lines
from reports.stage_summary import LEFT_TO_WRITE, USUAL
from reports.stage_tables import number
from supervision.models import MakeUpOrder, Transition, YellowCard

UNITS = ("单位", "党员", "状态", "计划结束", "完成日期", "申请次数")
STATES = {
    StageProgress.State.AHEAD: "未开始",
    StageProgress.State.CURRENT: "进行中",
    StageProgress.State.DONE: "已完成",
}
MOST_UNITS = 400  # rows of the annex; a larger jurisdiction has them in the summary workbook
NAMED = 10


class _Facts:
    """What all units have done in one stage: a fixed number of queries."""

    def __init__(self, batch: Batch, stage: str) -> None:
        self.batch, self.stage = batch, stage
        self.of_batch = Q(participation__batch=batch, stage=stage)

    @cached_property
    def rows(self) -> list[StageProgress]:
        """The progress of each unit that goes through stages, in tree order."""
        rows = StageProgress.objects.filter(self.of_batch)
        related = rows.select_related("participation__organization", "participation__work_unit")
        return list(related.order_by("participation__organization__path"))

    @cached_property
    def roll(self) -> Counter[int]:
        entries = RollEntry.objects.filter(progress__participation__batch=self.batch, progress__stage=self.stage)
        counted = entries.order_by().values_list("progress__participation").annotate(n=Count("pk"))
        return Counter(dict(counted))

    @cached_property
    def attempts(self) -> Counter[int]:
        rows = Transition.objects.filter(self.of_batch).exclude(state=Transition.State.WITHDRAWN)
        return Counter(dict(rows.order_by().values_list("participation").annotate(n=Count("pk"))))

    def count(self, state: str) -> int:
        return sum(row.state == state for row in self.rows)

    @property
    def late(self) -> list[StageProgress]:
        today = clock.today()
        return [row for row in self.rows if row.state == StageProgress.State.CURRENT and row.planned_end < today]


def jurisdiction_summary(batch: Batch, stage: str) -> LetterContent:
    """The draft for a stage of the playbook. KeyError for a stage that it has not."""
    with translation.override("zh-hans"):
        campaign = batch.campaign
        name = campaign.playbook.stage(stage).name.zh
        facts = _Facts(batch, stage)
        body: list[Block] = []
        for heading in USUAL:
            written = list(_DRAFTS[heading.key](facts)) if heading.key in _DRAFTS else []
            body += [Block(heading.name.zh, 1), *(Block(line) for line in written)]
            if left := LEFT_TO_WRITE.get(heading.key):
                body.append(Block(left, to_fill=True))
        group = campaign.playbook.words.get("leading_group")
        return LetterContent(
            title=f"{batch.name}{name}工作总结",
            addressee=group.zh if group else None,
            body=tuple(body),
            signature=campaign.office_name,
            signed_on=clock.today(),
            draft=True,
            draft_words=words.TO_FINISH,
            annexes=_annexes(facts),
        )


def _basics(facts: _Facts) -> Iterator[str]:
    batch, states = facts.batch, StageProgress.State
    plain = Participation.objects.filter(batch=batch, staged=False).count()
    aside = f"；另有{plain}个单位不分阶段" if plain else ""
    yield f"本阶段应参加单位{len(facts.rows)}个、列入名册的党员{sum(facts.roll.values())}名{aside}。"
    today = words.long_date(clock.today())
    done, current, ahead = (facts.count(state) for state in (states.DONE, states.CURRENT, states.AHEAD))
    yield f"截至{today}，已完成本阶段的单位{done}个，正在进行的{current}个，尚未开始的{ahead}个。"


def _practice(facts: _Facts) -> Iterator[str]:
    held = Activity.objects.filter(batch=facts.batch, stage=facts.stage).aggregate(
        n=Count("pk"), sessions=Count("pk", filter=Q(hours__gt=0))
    )
    yield f"各级党组织在本阶段记录活动{held['n']}次，其中学习{held['sessions']}次。"
    yield from _study(facts)
    begun = [row.started_on for row in facts.rows if row.started_on]
    ended = [row.ended_on for row in facts.rows if row.ended_on]
    if begun:
        last = max(ended) if len(ended) == len(facts.rows) else clock.today()
        issued = Bulletin.objects.filter(
            state=Bulletin.State.ISSUED, batch=facts.batch, issued_on__range=(min(begun), last)
        )
        sent = Report.objects.submitted().filter(
            participation__batch=facts.batch, first_submitted_at__date__range=(min(begun), last)
        )
        yield f"各单位报送信息{sent.count()}份，编发简报{issued.count()}期。"


def _study(facts: _Facts) -> Iterator[str]:
    """Hours and coverages, for the stage whose gate asks for them."""
    playbook = facts.batch.campaign.playbook
    if not any(check.check in STUDY_CHECKS for check in playbook.stage(facts.stage).gate):
        return
    study = Study(Scope(facts.batch, facts.batch.campaign.host, facts.batch.starts_on, clock.today()))
    if {progress.stage for progress in study.stages.values()} != {facts.stage}:
        return
    totals = study.totals
    if playbook.study.hours is not None and totals.roll:
        least = number(playbook.study.hours)
        mean = totals.hours / totals.roll
        yield f"党员人均学习{mean:.1f}学时，应达到{least}学时的{totals.due}人中已达到{totals.reached}人。"
    told = [f"{one.name.zh}{totals.covered[one.key]}人" for one in playbook.study.coverages]
    if told:
        yield f"学习覆盖：{'、'.join(told)}。"


def _results(facts: _Facts) -> Iterator[str]:
    first = Transition.objects.filter(facts.of_batch, state=Transition.State.COMPLETED, attempt=1).count()
    if facts.count(StageProgress.State.DONE):
        yield f"已完成的单位中，一次通过转段的{first}个。"
    yield from satisfaction_lines(facts.batch, facts.stage)
    yield from ledger_lines(facts.batch)


def _problems(facts: _Facts) -> Iterator[str]:
    if late := facts.late:
        named = "、".join(row.participation.label for row in late[:NAMED]) + ("等" if len(late) > NAMED else "")
        yield f"超过计划时间尚未完成的单位{len(late)}个：{named}。"
    states = Counter(Transition.objects.filter(facts.of_batch).values_list("state", flat=True))
    returned, made_up = states[Transition.State.RETURNED], states[Transition.State.MADE_UP]
    if returned or made_up:
        yield f"转段申请被退回{returned}次，因没有达到要求责令补课{made_up}次。"
    orders = MakeUpOrder.objects.filter(facts.of_batch)
    if count := orders.count():
        yield f"发出补课通知{count}件，尚未销号{orders.open().count()}件。"
    if cards := YellowCard.objects.counting().filter(facts.of_batch).count():
        yield f"黄牌警示{cards}次。"


_DRAFTS: dict[str, Callable[[_Facts], Iterator[str]]] = {
    "basics": _basics,
    "practice": _practice,
    "results": _results,
    "problems": _problems,
}


def _annexes(facts: _Facts) -> tuple[Annex, ...]:
    """Unit by unit how the stage went."""
    if not facts.rows or len(facts.rows) > MOST_UNITS:
        return ()
    lines = tuple(
        (
            row.participation.label,
            str(facts.roll[row.participation_id]),
            STATES[StageProgress.State(row.state)],
            f"{row.planned_end.month}月{row.planned_end.day}日",
            f"{row.ended_on.month}月{row.ended_on.day}日" if row.ended_on else "–",
            str(facts.attempts[row.participation_id]),
        )
        for row in facts.rows
    )
    return (Annex("各单位本阶段进展情况表", (TableBlock(UNITS, lines),)),)
