"""Pages on members' appraisal, tests, help, handling and the oath."""

from django.urls import path

from assessments.views import appraisals, handling, member_tests, oath_call, own_papers, paper_appeals

routes = [
    path("members/<int:pk>/", appraisals.appraisals, name="appraisals"),
    path("members/<int:pk>/report-out/", appraisals.report_out, name="report_out"),
    path("members/<int:pk>/appeal/", paper_appeals.appeal_enter, name="appeal_enter"),
    path("members/<int:pk>/tests/", member_tests.member_tests, name="member_tests"),
    path("members/<int:pk>/handling/", handling.handlings, name="handlings"),
    path("members/<int:pk>/oath/", handling.oath, name="oath"),
    path("member/<int:pk>/opinion/", appraisals.appraisal, name="appraisal"),
    path("member/<int:pk>/opinion/show/", appraisals.appraisal_show, name="appraisal_show"),
    path("member/<int:pk>/opinion/answer/", appraisals.appraisal_answer, name="appraisal_answer"),
    path("member/<int:pk>/help/", handling.help_new, name="help_new"),
    path("member/<int:pk>/handling/", handling.handling_new, name="handling_new"),
    path("member/<int:pk>/oath/", handling.oath_absence, name="oath_absence"),
    path("oath/<int:pk>/call/", oath_call.oath_call, name="oath_call"),
    path("appeal/<int:pk>/", appraisals.appeal, name="appeal"),
    path("member-test/<int:pk>/withdraw/", member_tests.member_test_withdraw, name="member_test_withdraw"),
    path("help/<int:pk>/", handling.help_detail, name="help"),
    path("handling/<int:pk>/", handling.handling, name="handling"),
    path("handling/<int:pk>/consent/", handling.handling_consent, name="handling_consent"),
    path("mine/", own_papers.my_papers, name="my_papers"),
    path("mine/answer/", own_papers.my_answer, name="my_answer"),
    path("mine/appeal/", own_papers.my_appeal, name="my_appeal"),
]
