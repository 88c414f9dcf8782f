"""What a gate may ask for beyond activities and marks: look-backs and opinions on members, in the rehearsal."""

from __future__ import annotations

import random

from accounts import clock
from accounts.models import User
from assessments.actions import appraisals, lookbacks
from assessments.models import Appraisal, Basis, LookBackAnswer, LookBackRecord
from campaign.evidence import Evidence
from units.models import Member

DISSENT, DECLINED, ADVERSE = 0.01, 0.005, 0.01


def look_back(evidence: Evidence, *, by: User, chance: random.Random) -> int:
    """Answer every question of the phase's look-backs; one in ten is found short and mended. Returns how many."""
    done = 0
    for lookback in evidence.playbook.lookbacks:
        here = {"batch": evidence.batch, "organization": evidence.participation.organization}
        if lookback.phase != evidence.phase or LookBackRecord.objects.filter(key=lookback.key, **here).exists():
            continue
        answers = {}
        for question in lookback.questions:
            short = chance.random() < 0.1
            answers[question.key] = lookbacks.Answer(
                verdict=LookBackAnswer.Verdict.PARTLY if short else LookBackAnswer.Verdict.GOOD,
                finding="个别支部不够深入。" if short else "",
                remedy="一周内补课。" if short else "",
                mended_on=clock.today() if short else None,
            )
        lookbacks.save_lookback(by=by, lookback=lookback, version=0, answers=answers, complete=True, **here)
        done += 1
    return done


def appraise(evidence: Evidence, *, by: User, chance: random.Random) -> dict[str, int]:
    """An opinion on every member who has none: decided, shown, and signed, but for some with a dissent or without."""
    grades = evidence.playbook.appraisal.grades
    known = Appraisal.objects.filter(batch=evidence.batch).values("member")
    people = Member.objects.filter(pk__in=[member.id for member in evidence.roll]).exclude(pk__in=known)
    figures = {"appraisals": 0, "appraisals_dissent": 0, "appraisals_declined": 0, "appraisals_adverse": 0}
    for member in people.select_related("organization", "user"):
        adverse = chance.random() < ADVERSE
        grade = next(one for one in grades if one.adverse == adverse)
        draft = appraisals.Draft(
            basis=[Basis.values[0]],
            opinion="学习认真，能够对照检查。" if not adverse else "长期不参加组织生活，经提醒没有改进。",
            shortcomings="联系群众不够经常。",
            verdict=grade.key,
        )
        row = appraisals.draft_appraisal(by=by, batch=evidence.batch, member=member, draft=draft)
        appraisals.decide_appraisal(by=by, appraisal=row, on=clock.today())
        appraisals.show_appraisal(by=by, appraisal=row)
        _answer(row, by=by, chance=chance.random(), figures=figures)
        figures["appraisals"] += 1
        figures["appraisals_adverse"] += adverse
    return figures


def _answer(row: Appraisal, *, by: User, chance: float, figures: dict[str, int]) -> None:
    if chance < DECLINED:
        figures["appraisals_declined"] += 1
        appraisals.answer_appraisal(
            by=by, appraisal=row, answer="declined", text="不同意评议意见。", witness="支部委员"
        )
    elif chance < DECLINED + DISSENT:
        figures["appraisals_dissent"] += 1
        appraisals.answer_appraisal(by=by, appraisal=row, answer="dissent", text="对缺点的表述有保留。")
    else:
        appraisals.answer_appraisal(by=by, appraisal=row, answer="signed")
