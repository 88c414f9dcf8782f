"""Looking back: saving what was found, completing it when every question is answered (F-40..F-48, H-02)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock
from accounts.messages import Message
from accounts.models import User
from assessments.models import LookBackAnswer, LookBackRecord
from campaign.findings import both
from campaign.models import Batch
from campaign.playbook import LookBack
from units.models import Organization

SAVED = audit.action("lookback.saved", _("Saved a look-back"))
COMPLETED = audit.action("lookback.completed", _("Completed a look-back"))
REOPENED = audit.action("lookback.reopened", _("Took up a look-back again"))


class LookBackRefused(Exception):
    """Why it cannot be done, for people to read."""

    def __init__(self, reason: Message) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One line of the form."""

    verdict: str
    finding: str = ""
    remedy: str = ""
    due_on: dt.date | None = None
    mended_on: dt.date | None = None


@transaction.atomic
def save_lookback(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    lookback: LookBack,
    version: int,
    answers: Mapping[str, Answer],
    complete: bool = False,
) -> LookBackRecord:
    """Keep all answers given so far; `version` is the one the person saw, 0 before the first.

    With `complete` every question must be answered, and what is not up to standard must say what is done about it.
    Raises LookBackRefused.
    """
    record = _take(batch, organization, lookback, version)
    if complete:
        _check_complete(lookback, answers)
    record.answers.all().delete()
    LookBackAnswer.objects.bulk_create(
        LookBackAnswer(record=record, question=question.key, **asdict(answers[question.key]))
        for question in lookback.questions
        if question.key in answers
    )
    done = LookBackRecord.State.COMPLETED if complete else LookBackRecord.State.OPEN
    LookBackRecord.objects.filter(pk=record.pk).update(
        state=done, completed_on=clock.today() if complete else None, saved_by=by, saved_at=clock.now()
    )
    record.refresh_from_db()
    code = COMPLETED if complete else SAVED
    audit.record(code, by=by, obj=record, organization=organization, data={"answered": len(answers)})
    return record


def _take(batch: Batch, organization: Organization, lookback: LookBack, version: int) -> LookBackRecord:
    record, made = LookBackRecord.objects.get_or_create(
        batch=batch, organization=organization, key=lookback.key, defaults={"version": 1}
    )
    if made and version == 0:
        return record
    state = LookBackRecord.State.OPEN
    swapped = LookBackRecord.objects.filter(pk=record.pk, version=version, state=state).update(version=F("version") + 1)
    if not swapped:
        raise LookBackRefused(
            Message(gettext_noop("Somebody else has saved this look-back meanwhile. Compare before you save again."))
        )
    return record


def _check_complete(lookback: LookBack, answers: Mapping[str, Answer]) -> None:
    for question in lookback.questions:
        answer = answers.get(question.key)
        if answer is None:
            raise LookBackRefused(
                Message(gettext_noop("“%(question)s” is not answered yet."), {"question": both(question.name)})
            )
        if answer.verdict != LookBackAnswer.Verdict.GOOD and not answer.remedy.strip():
            raise LookBackRefused(
                Message(gettext_noop("“%(question)s”: say what is done about it."), {"question": both(question.name)})
            )


@transaction.atomic
def reopen_lookback(*, by: User, record: LookBackRecord) -> None:
    """Take a completed look-back up again, to write down what was mended or found since (F-40)."""
    state = LookBackRecord.State
    if LookBackRecord.objects.filter(pk=record.pk, state=state.COMPLETED).update(
        state=state.OPEN, completed_on=None, version=F("version") + 1
    ):
        record.refresh_from_db()
        audit.record(REOPENED, by=by, obj=record, organization=record.organization)
