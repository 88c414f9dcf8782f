from django.urls import include, path

from reports.views import bulletins, chasing, crossfoot, mine, poll_workbook, reports, review, summary, weekly, writing

app_name = "reports"
urlpatterns = [
    path("weekly/", weekly.weekly, name="weekly"),
    path("weekly/remind/", chasing.remind, name="remind"),
    path("weekly/exception/", chasing.exception, name="exception"),
    path("weekly/exception/<int:pk>/revoke/", chasing.exception_revoke, name="exception_revoke"),
    path("mine/", mine.mine, name="mine"),
    path("mine/group/", mine.group_mine, name="group_mine"),
    path("new/<int:pk>/<slug:rule>/<str:week>/", writing.report_new, name="report_new"),
    path("new/group/<int:pk>/<slug:rule>/<str:week>/", writing.group_report_new, name="group_report_new"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/edit/", writing.report_edit, name="report_edit"),
    path("<int:pk>/withdraw/", reports.report_withdraw, name="report_withdraw"),
    path("<int:pk>/decide/", reports.report_decide, name="report_decide"),
    path("bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("bulletins/draft/", bulletins.bulletin_draft, name="bulletin_draft"),
    path("bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/edit/", bulletins.bulletin_edit, name="bulletin_edit"),
    path("bulletins/<int:pk>/issue/", bulletins.bulletin_issue, name="bulletin_issue"),
    path("bulletins/<int:pk>/docx/", bulletins.bulletin_docx, name="bulletin_docx"),
    path("bulletins/<int:pk>/pdf/", bulletins.bulletin_pdf, name="bulletin_pdf"),
    path("bulletins/<int:pk>/files/", bulletins.bulletin_files, name="bulletin_files"),
    path("review/<int:pk>/docx/", review.batch_review_docx, name="batch_review_docx"),
    path("commendation/<int:pk>/docx/", review.commendation_docx, name="commendation_docx"),
    path("arrangements/<int:pk>/docx/", review.arrangement_docx, name="arrangement_docx"),
    path("polls/<int:pk>/xlsx/", poll_workbook.poll_workbook, name="poll_workbook"),
    path("summary/", summary.summary_list, name="summary"),
    path("summary/new/", summary.summary_new, name="summary_new"),
    path("summary/check/", crossfoot.crossfoot, name="crossfoot"),
    path("", include("reports.bulletin_urls")),
    path("", include("reports.adoption_urls")),
    path("", include("reports.letters_urls")),
    path("", include("reports.publicity_urls")),
    path("", include("reports.register_urls")),
]
