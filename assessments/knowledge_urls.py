"""Routes of question banks and knowledge tests."""

from django.urls import path

from assessments.views import banks, exams, knowledge

routes = [
    path("knowledge/", knowledge.tests, name="tests"),
    path("knowledge/of/<int:pk>/", knowledge.overview, name="knowledge"),
    path("knowledge/of/<int:pk>/new/", knowledge.test_new, name="test_new"),
    path("knowledge/of/<int:pk>/bank/", banks.bank_new, name="bank_new"),
    path("knowledge/banks/<int:pk>/", banks.bank, name="bank"),
    path("knowledge/banks/<int:pk>/sheet/", banks.bank_sheet, name="bank_sheet"),
    path("knowledge/banks/<int:pk>/question/", banks.question_new, name="question_new"),
    path("knowledge/imports/<int:pk>/", banks.bank_import, name="bank_import"),
    path("knowledge/questions/<int:pk>/", banks.question_edit, name="question_edit"),
    path("knowledge/tests/<int:pk>/", knowledge.test, name="test"),
    path("knowledge/tests/<int:pk>/scores/", knowledge.scores, name="test_scores"),
    path("knowledge/tests/<int:pk>/sheet/", knowledge.scores_sheet, name="test_sheet"),
    path("knowledge/mine/", exams.exams, name="exams"),
    path("knowledge/mine/<int:pk>/", exams.exam, name="exam"),
    path("knowledge/attempts/<int:pk>/", exams.exam_page, name="exam_page"),
    path("knowledge/attempts/<int:pk>/result/", exams.exam_result, name="exam_result"),
]
