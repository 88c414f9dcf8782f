"""How is it judged? Every record of the judging, one module a topic."""

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
    "BankImport",
    "DrawnQuestion",
    "KnowledgeTest",
    "Question",
    "QuestionBank",
    "Survey",
    "SurveyAnswer",
    "SurveyCount",
    "TestAttempt",
    "TestScore",
]
