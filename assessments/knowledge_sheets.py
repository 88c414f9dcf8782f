"""Question banks and scores as workbooks: what is given out, and what comes back read cell by cell (E-36)."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation

from django.core.files.uploadedfile import UploadedFile
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from assessments.actions.knowledge import QuestionData
from assessments.models import KnowledgeTest, Question
from campaign import sheets
from units.models import Member

LETTERS = "ABCDEF"
KINDS = {
    **dict.fromkeys(("单选", "单选题", "单项选择题", "single", "singlechoice"), "single"),
    **dict.fromkeys(("多选", "多选题", "多项选择题", "multiple", "multiplechoice"), "multiple"),
    **dict.fromkeys(("判断", "判断题", "是非题", "boolean", "trueorfalse"), "boolean"),
}
TRUTHS = {
    **dict.fromkeys(("对", "正确", "是", "√", "T", "TRUE", "Y"), "T"),
    **dict.fromkeys(("错", "错误", "否", "×", "X", "F", "FALSE", "N"), "F"),
}
BANK_COLUMNS = (
    sheets.Column("number", gettext_lazy("Number"), 8),
    sheets.Column("kind", gettext_lazy("Kind"), 12, choices=("单选题", "多选题", "判断题")),
    sheets.Column("text", gettext_lazy("Question"), 60),
    *(
        sheets.Column(letter, format_lazy(gettext_lazy("Option {letter}"), letter=letter), 20, required=letter < "C")
        for letter in LETTERS
    ),
    sheets.Column("answer", gettext_lazy("Right answer"), 10),
)
SCORE_COLUMNS = (
    sheets.Column("member", gettext_lazy("Member number"), 10),
    sheets.Column("name", gettext_lazy("Name"), 14),
    sheets.Column("branch", gettext_lazy("Branch"), 36, required=False),
    sheets.Column("score", gettext_lazy("Score"), 10),
)


# ---------------------------------------------------------------- questions
def template() -> bytes:
    """An empty bank with an example of each kind, to be overwritten."""
    examples = [
        {
            "number": 1,
            "kind": "单选题",
            "text": "党的最高理想和最终目标是（  ）。",
            "A": "实现共产主义",
            "B": "全面建设小康社会",
            "C": "实现现代化",
            "answer": "A",
        },
        {
            "number": 2,
            "kind": "多选题",
            "text": "党员必须履行的义务包括（  ）。",
            "A": "认真学习",
            "B": "遵守党的纪律",
            "C": "密切联系群众",
            "D": "只参加本单位的活动",
            "answer": "ABC",
        },
        {"number": 3, "kind": "判断题", "text": "预备党员有选举权。", "answer": "错"},
    ]
    note = _("One question a row. Answer: letters for choices (ABD), 对 or 错 for true or false.")
    return sheets.write(_("Question bank"), BANK_COLUMNS, examples, note)


def read_bank(file: UploadedFile) -> tuple[list[QuestionData], sheets.SheetRead]:
    """The questions of a sheet, and what is wrong in which cell. Raises sheets.SheetUnreadable."""
    found = sheets.read(file, BANK_COLUMNS)
    questions: list[QuestionData] = []
    seen: set[int] = set()
    for row in found.rows:
        number = _number(row, found, seen)
        kind = KINDS.get("".join(row.values["kind"].split()).lower(), "")
        if not kind:
            found.fault(row, "kind", gettext_noop("Choose one of: 单选题, 多选题, 判断题."))
        if not row.values["text"]:
            found.fault(row, "text", gettext_noop("The question is missing."))
        elif len(row.values["text"]) > 500:
            found.fault(row, "text", gettext_noop("Longer than %(limit)s characters."), limit="500")
        options = _options(row, found, kind) if kind else ()
        answer = _answer(row, found, kind, len(options)) if kind else ""
        questions.append(QuestionData(number, kind, row.values["text"], options, answer))
    return questions, found


def _number(row: sheets.Row, found: sheets.SheetRead, seen: set[int]) -> int:
    raw = row.values["number"]
    if not (raw.isdecimal() and 0 < len(raw) < 8 and int(raw)):
        found.fault(row, "number", gettext_noop("Give each question a whole number from 1."))
        return 0
    number = int(raw)
    if number in seen:
        found.fault(row, "number", gettext_noop("This number stands twice in the sheet."))
    seen.add(number)
    return number


def _options(row: sheets.Row, found: sheets.SheetRead, kind: str) -> tuple[str, ...]:
    """Filled from A on without a gap, at least two; none for true or false."""
    texts = [row.values.get(letter, "") for letter in LETTERS]
    filled = [bool(text) for text in texts]
    if kind == "boolean":
        if any(filled):
            found.fault(row, LETTERS[filled.index(True)], gettext_noop("True or false takes no options."))
        return ()
    count = filled.index(False) if False in filled else len(filled)
    if count < 2:
        found.fault(row, LETTERS[count], gettext_noop("A choice needs at least two options, from A on."))
    elif any(filled[count:]):
        found.fault(row, LETTERS[count], gettext_noop("An option is left out before the last one."))
    for letter, text in zip(LETTERS, texts, strict=True):
        if len(text) > 200:
            found.fault(row, letter, gettext_noop("Longer than %(limit)s characters."), limit="200")
    return tuple(texts[:count])


def _answer(row: sheets.Row, found: sheets.SheetRead, kind: str, options: int) -> str:
    raw = "".join(c for c in row.values["answer"].upper() if c not in " ,，、;；")
    answer, fault = judge_answer(kind, raw, options)
    if fault:
        found.fault(row, "answer", fault, last=LETTERS[max(options, 1) - 1])
    return answer


def judge_answer(kind: str, raw: str, options: int) -> tuple[str, str]:
    """The answer as it is kept, and a message id if it cannot be one."""
    if kind == "boolean":
        return TRUTHS.get(raw, ""), "" if raw in TRUTHS else gettext_noop("Write 对 or 错.")
    keys = sorted(set(raw))
    if not keys or not set(keys) <= set(LETTERS[:options]) or len(keys) != len(raw):
        return "", gettext_noop("The answer must be of the letters A to %(last)s.")
    if kind == "single" and len(keys) != 1:
        return "", gettext_noop("A single choice has one right answer.")
    if kind == "multiple" and len(keys) < 2:
        return "", gettext_noop("A multiple choice has at least two right answers.")
    return "".join(keys), ""


def bank_sheet(name: str, questions: Iterable[Question]) -> bytes:
    """A bank as it can be read in again."""
    words = {"single": "单选题", "multiple": "多选题", "boolean": "判断题"}
    truths = {"T": "对", "F": "错"}
    rows = [
        {
            "number": q.number,
            "kind": words[q.kind],
            "text": q.text,
            "answer": truths.get(q.answer, q.answer) if q.kind == "boolean" else q.answer,
            **dict(zip(LETTERS, q.options, strict=False)),
        }
        for q in questions
    ]
    return sheets.write(name, BANK_COLUMNS, rows)


# ---------------------------------------------------------------- scores
def read_score(raw: str) -> Decimal | None:
    """A score of 100 with one decimal at most, or None if it is none."""
    try:
        score = Decimal(raw)
    except InvalidOperation:
        return None
    fits = score.is_finite() and 0 <= score <= 100 and score == score.quantize(Decimal("0.1"))
    return score if fits else None


def score_sheet(test: KnowledgeTest, members: Iterable[Member], scores: dict[int, Decimal]) -> bytes:
    """The roll of an organisation with the scores entered so far."""
    rows = [
        {
            "member": member.pk,
            "name": member.name,
            "branch": member.organization.name,
            "score": float(scores[member.pk]) if member.pk in scores else "",
        }
        for member in members
    ]
    note = _("Fill in the last column only, 0 to 100; leave it empty for who has not taken the test.")
    return sheets.write(test.title, SCORE_COLUMNS, rows, note)


def read_scores(file: UploadedFile, members: Iterable[Member]) -> tuple[dict[int, Decimal], sheets.SheetRead]:
    """Member id to score, and what is wrong in which cell; empty scores are left out."""
    found = sheets.read(file, SCORE_COLUMNS)
    known = {str(member.pk): member for member in members}
    scores: dict[int, Decimal] = {}
    for row in found.rows:
        member = known.get(row.values["member"])
        if member is None:
            found.fault(row, "member", gettext_noop("No member here has this number; leave the column as downloaded."))
            continue
        if row.values["name"] != member.name:
            found.fault(row, "name", gettext_noop("This number belongs to %(name)s."), name=member.name)
        if member.pk in scores:
            found.fault(row, "member", gettext_noop("This member stands twice in the sheet."))
        if row.values["score"]:
            score = read_score(row.values["score"])
            if score is None:
                found.fault(row, "score", gettext_noop("A score is a number from 0 to 100 with one decimal at most."))
            else:
                scores[member.pk] = score
    return scores, found
