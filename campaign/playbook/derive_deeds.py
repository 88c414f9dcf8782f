"""The words of parameters that follow from the tables of deeds.py: talks, opinions, handling, look-backs and so on."""

from __future__ import annotations

from collections.abc import Callable

from campaign.playbook.book import Playbook
from campaign.playbook.deeds import LookBack
from campaign.playbook.text import Text
from campaign.playbook.wording import NONE, Answer, counted, derive_list, joined
from campaign.playbook.work import AFTER


def listed_or(key: str, derive: Callable[[Playbook], Answer]) -> Callable[[Playbook], Answer]:
    """A table's answer; where there is no such table, that of the list which said it before there were tables."""
    plain_list = derive_list(key)

    def either(book: Playbook) -> Answer:
        stated, default = derive(book)
        return (stated, default) if stated is not None else (plain_list(book)[0], default)

    return either


def unit_types(staged: bool) -> Callable[[Playbook], Answer]:
    def derive(book: Playbook) -> Answer:
        return joined(kind.name for kind in book.unit_types if kind.staged is staged), None

    return derive


def office_groups(book: Playbook) -> Answer:
    """The groups of the office (D-03); bodies beside and above it are none."""
    return joined(body.name for body in book.bodies if body.in_office), None


def preparation(book: Playbook) -> Answer:
    return counted(item.name for item in book.preparation.items), None


def team_talk(book: Playbook) -> Answer:
    times = next((pair.count for pair in book.talks if pair.kind == "collective"), None)
    return (Text(f"{times} 次", str(times)) if times else None), None


def talk_deadline(book: Playbook) -> Answer:
    answers: dict[bool, list[Text]] = {True: [], False: []}
    for pair in book.talks:
        stage = next((stage for stage in book.stages if stage.key == pair.before), None)
        if stage is not None:
            line = Text(f"{stage.name.zh}结束前", f"the end of “{stage.name.en}”")
            if line not in answers[pair.before_default]:
                answers[pair.before_default].append(line)
    return joined(answers[False]), joined(answers[True])


OPINION_BY_NAMES = {
    "branch_committee": Text("支委会", "branch committee"),
    "branch": Text("党支部", "branch"),
}


def opinion_by(book: Playbook) -> Answer:
    name = OPINION_BY_NAMES[book.appraisal.opinion_by]
    return (None, name) if book.appraisal.opinion_by_default else (name, None)


def signature(book: Playbook) -> Answer:
    return (Text("本人认可并签字", "yes") if book.appraisal.signature else None), None


def lookbacks(*, late: bool) -> Callable[[Playbook], Answer]:
    """`late`: those of the last stage or after it; else those of the stages before."""

    def derive(book: Playbook) -> Answer:
        last = {*(stage.key for stage in book.stages[-1:]), AFTER}
        return joined(_lookback(one) for one in book.lookbacks if (one.phase in last) is late), None

    return derive


def _lookback(lookback: LookBack) -> Text:
    checks = counted(check.name for check in lookback.checks) or Text("", "")
    steps = joined((step.name for step in lookback.steps), " → ", " → ")
    zh, en = f"{lookback.name.zh}（{checks.zh}）", f"{lookback.name.en} ({checks.en})"
    return Text(f"{zh}；{steps.zh}", f"{en}; {steps.en}") if steps else Text(zh, en)


def handling(book: Playbook) -> Answer:
    return counted(outcome.name for outcome in book.handling.outcomes), None


def registration(book: Playbook) -> Answer:
    wanted = Text("由党员提出书面登记申请", "yes, the member applies in writing")
    return (wanted if book.handling.written_application else None), None


def commend(book: Playbook) -> Answer:
    return counted(one.name for one in book.commendations), None


def reps(book: Playbook) -> Answer:
    minimum = book.style_review.minimum if book.style_review else None
    return (Text(f"每人征求 {minimum} 名以上群众的意见", f"at least {minimum} each") if minimum else None), None


def rep_kinds(book: Playbook) -> Answer:
    return (counted(kind.name for kind in book.style_review.representatives) if book.style_review else None), None


def style_items(book: Playbook) -> Answer:
    return (counted(item.name for item in book.style_review.items) if book.style_review else None), None


def action_count(key: str, zh: str, en: str) -> Callable[[Playbook], Answer]:
    def derive(book: Playbook) -> Answer:
        action = book.action(key)
        if action is None:
            return NONE
        stage = Text("每个阶段", " in each stage") if action.per_stage else Text("", "")
        return Text(f"{stage.zh}不少于 {action.count} {zh}", f"at least {action.count} {en}{stage.en}"), None

    return derive


def bottom_up(book: Playbook) -> Answer:
    levels = book.transition.summary_levels if book.transition else ()
    return joined((SUMMARY_LEVEL_NAMES[level] for level in levels), " → ", " → "), None


SUMMARY_LEVEL_NAMES = {
    "member": Text("党员小结", "members"),
    "branch": Text("支部小结", "branches"),
    "unit": Text("单位总结", "the unit"),
}
