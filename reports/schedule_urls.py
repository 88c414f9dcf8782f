"""Summary workbooks made every week."""

from django.urls import path

from reports.views import schedule

urlpatterns = [
    path("summary/weekly/", schedule.schedules, name="schedules"),
    path("summary/weekly/new/", schedule.schedule_new, name="schedule_new"),
    path("summary/weekly/<int:pk>/", schedule.schedule_edit, name="schedule_edit"),
    path("summary/weekly/<int:pk>/pause/", schedule.schedule_pause, name="schedule_pause"),
    path("summary/weekly/<int:pk>/resume/", schedule.schedule_resume, name="schedule_resume"),
    path("summary/weekly/<int:pk>/delete/", schedule.schedule_remove, name="schedule_remove"),
    path("summary/weekly/made/<int:pk>/", schedule.edition, name="edition"),
]
