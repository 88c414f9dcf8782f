"""How is it judged? Every record of the judging, one module a topic."""

from assessments.models.surveys import Survey, SurveyAnswer, SurveyCount

__all__ = ["Survey", "SurveyAnswer", "SurveyCount"]
