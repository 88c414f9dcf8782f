"""How is it judged? Every record of the judging, one module a topic."""

from assessments.models.accountability import Accountability
from assessments.models.analyses import (
    AnalysisFile,
    AnalysisVersion,
    Deputy,
    OrganizationAnalysis,
    PaperOpinion,
    PaperReview,
    SelfAnalysis,
)
from assessments.models.appraisals import Appeal, Appraisal, Basis, MemberTest, ReportOut
from assessments.models.commendations import Commendation
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
from assessments.models.lookbacks import LookBackAnswer, LookBackRecord
from assessments.models.polls import (
    Ballot,
    Poll,
    PollComment,
    PollGroup,
    PollUnit,
    PollVote,
    SealedBallot,
    Ticket,
    TurnoutDay,
)
from assessments.models.surveys import Channel, Survey, SurveyAnswer, SurveyCount

__all__ = [
    "Accountability",
    "AnalysisFile",
    "AnalysisVersion",
    "Appeal",
    "Appraisal",
    "Ballot",
    "BankImport",
    "Basis",
    "Channel",
    "Commendation",
    "Deputy",
    "DrawnQuestion",
    "Handling",
    "Help",
    "KnowledgeTest",
    "LookBackAnswer",
    "LookBackRecord",
    "MemberTest",
    "OathAbsence",
    "OrganizationAnalysis",
    "PaperOpinion",
    "PaperReview",
    "Poll",
    "PollComment",
    "PollGroup",
    "PollUnit",
    "PollVote",
    "Question",
    "QuestionBank",
    "ReportOut",
    "SealedBallot",
    "SelfAnalysis",
    "Survey",
    "SurveyAnswer",
    "SurveyCount",
    "TestAttempt",
    "TestScore",
    "Ticket",
    "TurnoutDay",
]
