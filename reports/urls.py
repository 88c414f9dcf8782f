from django.urls import path

from reports.views import reports, weekly

app_name = "reports"
urlpatterns = [
    path("weekly/", weekly.weekly, name="weekly"),
    path("weekly/remind/", weekly.remind, name="remind"),
    path("weekly/exception/", weekly.exception, name="exception"),
    path("weekly/exception/<int:pk>/revoke/", weekly.exception_revoke, name="exception_revoke"),
    path("mine/", reports.mine, name="mine"),
    path("new/<int:pk>/<slug:rule>/<str:week>/", reports.report_new, name="report_new"),
    path("<int:pk>/", reports.report, name="report"),
    path("<int:pk>/edit/", reports.report_edit, name="report_edit"),
    path("<int:pk>/withdraw/", reports.report_withdraw, name="report_withdraw"),
    path("<int:pk>/decide/", reports.report_decide, name="report_decide"),
]
