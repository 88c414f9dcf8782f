"""URLs of the core room: setting up, and the branch's work."""

from django.urls import path

from campaign.views import activities, branch, marks, study

app_name = "campaign"
urlpatterns = [
    path("organizations/<int:pk>/", branch.branch, name="branch"),
    path("organizations/<int:pk>/activities/", activities.activities, name="activities"),
    path("organizations/<int:pk>/activities/new/", activities.activity_new, name="activity_new"),
    path("organizations/<int:pk>/study/", study.study, name="study"),
    path("organizations/<int:pk>/coverage/", study.coverage, name="coverage"),
    path("organizations/<int:pk>/marks/", marks.marks, name="marks"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/delete/", activities.activity_delete, name="activity_delete"),
    path("activities/<int:pk>/attendance/", activities.attendance, name="attendance"),
    path("files/<int:pk>/", activities.activity_file, name="activity_file"),
    path("files/<int:pk>/remove/", activities.activity_file_remove, name="activity_file_remove"),
]
