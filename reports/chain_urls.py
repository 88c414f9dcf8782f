"""The way up: the office's report to its superior, passing on, and the ranking as a notice."""

from django.urls import path

from reports.views import chain, notices

urlpatterns = [
    path("upward/", chain.upward, name="upward"),
    path("upward/new/<int:pk>/<slug:rule>/<str:week>/", chain.upward_open, name="upward_open"),
    path("upward/<int:pk>/", chain.upward_report, name="upward_report"),
    path("upward/<int:pk>/edit/", chain.upward_edit, name="upward_edit"),
    path("upward/<int:pk>/withdraw/", chain.upward_withdraw, name="upward_withdraw"),
    path("upward/<int:pk>/answer/", chain.upward_answer, name="upward_answer"),
    path("upward/<int:pk>/docx/", chain.upward_docx, name="upward_docx"),
    path("<int:pk>/forward/", chain.report_forward, name="report_forward"),
    path("notices/", notices.notice_list, name="ranking_notices"),
    path("notices/new/", notices.notice_new, name="ranking_notice_new"),
    path("notices/<int:pk>/", notices.notice, name="ranking_notice"),
    path("notices/<int:pk>/docx/", notices.notice_docx, name="ranking_notice_docx"),
]
