"""How is it judged? Every record of the judging, one module a topic."""

from assessments.models.appraisals import Appeal, Appraisal, Basis, MemberTest, ReportOut
from assessments.models.handling import Handling, Help, OathAbsence
from assessments.models.knowledge import (
    BankImport,
    DrawnQuestion,
    KnowledgeTest,
    Question,
    QuestionBank,
    TestAttempt,
    TestScore,
)
from assessments.models.surveys import Survey, SurveyAnswer, SurveyCount

__all__ = [
    "Appeal",
    "Appraisal",
    "BankImport",
    "Basis",
    "DrawnQuestion",
    "Handling",
    "Help",
    "KnowledgeTest",
    "MemberTest",
    "OathAbsence",
    "Question",
    "QuestionBank",
    "ReportOut",
    "Survey",
    "SurveyAnswer",
    "SurveyCount",
    "TestAttempt",
    "TestScore",
]
