"""Knowledge tests: banks, tests, taking one by the server's clock, entering scores of paper tests (E-36)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts import audit, clock
from accounts.models import User
from assessments.models import BankImport, DrawnQuestion, KnowledgeTest, Question, QuestionBank, TestAttempt, TestScore
from campaign.models import Batch
from units.models import Member, Organization

BANK_OPENED = audit.action("knowledge.bank_opened", _("Opened a question bank"))
BANK_FILLED = audit.action("knowledge.bank_imported", _("Imported questions into a bank"))
QUESTION_SAVED = audit.action("knowledge.question_saved", _("Changed a question of a bank"))
TEST_OPENED = audit.action("knowledge.test_opened", _("Set a knowledge test"))
HANDED_IN = audit.action("knowledge.handed_in", _("Handed in a knowledge test"))
SCORED = audit.action("knowledge.scored", _("Entered scores of a knowledge test"))

_draw = random.SystemRandom()


class BankNamed(Exception):
    """The organisation has a bank of this name already."""


class AlreadyImported(Exception):
    """Somebody has confirmed this import meanwhile."""


class NumberTaken(Exception):
    """Another question of the bank bears this number."""


class TestClosed(Exception):
    """The test is not open now."""

    __test__ = False


class NoAttemptsLeft(Exception):
    """The member has used up his attempts, or is taking one in another window."""


class TooLate(Exception):
    """The time is up, or the test was handed in already: nothing more is taken."""


class TooFewQuestions(Exception):
    """The bank holds fewer questions in use than the test draws."""


@dataclass(frozen=True)
class QuestionData:
    """A question as a sheet or form holds it; `options` in the order of A, B, C…"""

    number: int
    kind: str
    text: str
    options: tuple[str, ...]
    answer: str


@dataclass(frozen=True, kw_only=True)
class TestTerms:
    """What the form of a test holds."""

    __test__ = False

    title: str
    mode: str
    opens_at: dt.datetime
    closes_at: dt.datetime
    bank: QuestionBank | None = None
    singles: int = 0
    multiples: int = 0
    booleans: int = 0
    pass_mark: Decimal | None = None
    minutes: int | None = None
    attempts_allowed: int = 1


# ---------------------------------------------------------------- banks
@transaction.atomic
def open_bank(*, by: User, organization: Organization, name: str) -> QuestionBank:
    """Open an empty bank. Raises BankNamed."""
    try:
        with transaction.atomic():
            bank = QuestionBank.objects.create(organization=organization, name=name, created_by=by)
    except IntegrityError as error:
        raise BankNamed from error
    audit.record(BANK_OPENED, by=by, obj=bank, organization=organization)
    return bank


def keep_import(*, by: User, bank: QuestionBank, file_name: str, rows: Iterable[QuestionData]) -> BankImport:
    """Keep what was read without a fault until somebody confirms it; the bank is not touched."""
    kept = [asdict(row) | {"options": list(row.options)} for row in rows]
    return BankImport.objects.create(bank=bank, file_name=file_name[:200], rows=kept, uploaded_by=by)


@transaction.atomic
def confirm_import(*, by: User, pending: BankImport) -> int:
    """Write all questions of an import, known numbers anew; returns how many. Raises AlreadyImported."""
    waiting = BankImport.objects.filter(pk=pending.pk, confirmed_at=None)
    if not waiting.update(confirmed_at=clock.now()):
        raise AlreadyImported
    Question.objects.bulk_create(
        [Question(bank_id=pending.bank_id, active=True, **row) for row in pending.rows],
        update_conflicts=True,
        unique_fields=["bank", "number"],
        update_fields=["kind", "text", "options", "answer", "active"],
        batch_size=500,
    )
    told = {"questions": len(pending.rows), "file": pending.file_name}
    audit.record(BANK_FILLED, by=by, obj=pending.bank, organization=pending.bank.organization, data=told)
    return len(pending.rows)


@transaction.atomic
def save_question(
    *, by: User, bank: QuestionBank, data: QuestionData, active: bool, question: Question | None = None
) -> Question:
    """Add a question, or change one; tests already drawn keep what they drew. Raises NumberTaken."""
    saved = question or Question(bank=bank)
    for name, value in asdict(data).items():
        setattr(saved, name, list(value) if name == "options" else value)
    saved.active = active
    try:
        with transaction.atomic():
            saved.save()
    except IntegrityError as error:
        raise NumberTaken from error
    audit.record(QUESTION_SAVED, by=by, obj=saved, organization=bank.organization, data={"number": data.number})
    return saved


# ---------------------------------------------------------------- tests
@transaction.atomic
def open_test(*, by: User, batch: Batch, organization: Organization, terms: TestTerms) -> KnowledgeTest:
    """Set a test for all members of an organisation and below. Raises TooFewQuestions."""
    if terms.mode == KnowledgeTest.Mode.ONLINE:
        _check_supply(terms)
    fields = {name: getattr(terms, name) for name in TestTerms.__dataclass_fields__}
    test = KnowledgeTest.objects.create(batch=batch, organization=organization, created_by=by, **fields)
    audit.record(TEST_OPENED, by=by, obj=test, organization=organization, data={"mode": test.mode})
    return test


def supply_of(bank: QuestionBank) -> dict[str, int]:
    """Kind to how many questions in use the bank holds."""
    found = dict.fromkeys(Question.Kind.values, 0)
    for kind in Question.objects.filter(bank=bank, active=True).values_list("kind", flat=True):
        found[kind] += 1
    return found


def _check_supply(terms: TestTerms) -> None:
    there = supply_of(terms.bank) if terms.bank else {}
    wanted = {"single": terms.singles, "multiple": terms.multiples, "boolean": terms.booleans}
    if not sum(wanted.values()) or any(there.get(kind, 0) < n for kind, n in wanted.items()):
        raise TooFewQuestions


@transaction.atomic
def begin_attempt(*, by: User, test: KnowledgeTest, member: Member) -> TestAttempt:
    """Draw questions and start the clock; an attempt under way is taken up again.

    Ends at the limit, and at the latest when the test closes. Raises TestClosed, NoAttemptsLeft, TooFewQuestions.
    """
    moment = clock.now()
    mine = list(TestAttempt.objects.filter(test=test, member=member).order_by("number"))
    for attempt in mine:
        if attempt.takes_answers(moment):
            return attempt
    if not test.online or not test.is_open(moment):
        raise TestClosed
    if len(mine) >= test.attempts_allowed:
        raise NoAttemptsLeft
    TestAttempt.objects.filter(test=test, member=member, state=TestAttempt.State.OPEN).update(
        state=TestAttempt.State.DONE, submitted_at=moment
    )
    due = min(moment + dt.timedelta(minutes=test.minutes or 0), test.closes_at)
    try:
        with transaction.atomic():
            attempt = TestAttempt.objects.create(
                test=test, member=member, number=len(mine) + 1, started_at=moment, due_at=due, score=Decimal(0)
            )
    except IntegrityError as error:
        raise NoAttemptsLeft from error
    _draw_questions(attempt)
    return attempt


def _draw_questions(attempt: TestAttempt) -> None:
    """By kind, each by lot; written down so that the result can be understood for good."""
    test, position, rows = attempt.test, 0, []
    wanted = {"single": test.singles, "multiple": test.multiples, "boolean": test.booleans}
    pool: dict[str, list[Question]] = {kind: [] for kind in wanted}
    for question in Question.objects.filter(bank_id=test.bank_id, active=True):
        pool[question.kind].append(question)
    for kind, count in wanted.items():
        if len(pool[kind]) < count:
            raise TooFewQuestions
        for question in _draw.sample(pool[kind], count):
            position += 1
            fields: dict[str, Any] = {name: getattr(question, name) for name in ("kind", "text", "options", "answer")}
            rows.append(DrawnQuestion(attempt=attempt, position=position, **fields))
    DrawnQuestion.objects.bulk_create(rows)


@transaction.atomic
def save_answers(*, attempt: TestAttempt, by: User, chosen: Mapping[int, str]) -> None:
    """Keep answers by position; what is left out stays as it was. Raises TooLate after the limit and its grace."""
    locked = TestAttempt.objects.select_for_update().get(pk=attempt.pk)
    if not locked.takes_answers(clock.now()) or locked.member.user_id != by.pk:
        raise TooLate
    rows = list(DrawnQuestion.objects.filter(attempt=locked))
    changed = [row for row in rows if row.position in chosen and row.chosen != chosen[row.position]]
    for row in changed:
        row.chosen = chosen[row.position]
    DrawnQuestion.objects.bulk_update(changed, ["chosen"])
    right = sum(row.correct for row in rows)
    score = _score(right, len(rows))
    TestAttempt.objects.filter(pk=locked.pk).update(right=right, score=score)


def _score(right: int, size: int) -> Decimal:
    """Of 100, each question counting the same, to one decimal."""
    return (Decimal(right) * 100 / Decimal(max(size, 1))).quantize(Decimal("0.1"), ROUND_HALF_UP)


@transaction.atomic
def hand_in(*, by: User, attempt: TestAttempt, chosen: Mapping[int, str]) -> TestAttempt:
    """Take the last answers and close the attempt, once. Raises TooLate."""
    save_answers(attempt=attempt, by=by, chosen=chosen)
    moment = clock.now()
    swapped = TestAttempt.objects.filter(pk=attempt.pk, state=TestAttempt.State.OPEN).update(
        state=TestAttempt.State.DONE, submitted_at=moment
    )
    if not swapped:
        raise TooLate
    attempt.refresh_from_db()
    told = {"test": attempt.test_id, "number": attempt.number, "score": str(attempt.score)}
    audit.record(HANDED_IN, by=by, obj=attempt, organization=attempt.member.organization, data=told)
    return attempt


@transaction.atomic
def enter_scores(
    *, by: User, test: KnowledgeTest, organization: Organization, scores: Mapping[int, Decimal | None]
) -> int:
    """Set the scores of a paper test by member id, None takes one back; returns how many changed."""
    there = {row.member_id: row for row in TestScore.objects.filter(test=test, member_id__in=list(scores))}
    new, changed, gone = [], [], []
    for member, score in scores.items():
        row = there.get(member)
        if row is None and score is not None:
            new.append(TestScore(test=test, member_id=member, score=score, entered_by=by, entered_at=clock.now()))
        elif row is not None and score is None:
            gone.append(row.pk)
        elif row is not None and score is not None and row.score != score:
            row.score, row.entered_by, row.entered_at = score, by, clock.now()
            changed.append(row)
    TestScore.objects.bulk_create(new, batch_size=500)
    TestScore.objects.bulk_update(changed, ["score", "entered_by", "entered_at"], batch_size=500)
    TestScore.objects.filter(pk__in=gone).delete()
    count = len(new) + len(changed) + len(gone)
    if count:
        told = {"new": len(new), "changed": len(changed), "taken_back": len(gone)}
        audit.record(SCORED, by=by, obj=test, organization=organization, data=told)
    return count
