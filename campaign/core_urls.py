"""URLs of the core room: setting up, and the branch's work."""

from django.urls import path

from campaign import groundwork_urls, opinions_urls, playbook_urls, rectification_urls, roundtrip_urls, stage1_urls
from campaign.views import (
    activities,
    attendance,
    branch,
    closing,
    entering,
    holidays,
    marks,
    participations,
    plan,
    setup,
    study,
)

app_name = "campaign"
urlpatterns = [
    path("setup/", setup.setup, name="setup"),
    path("setup/playbook/", setup.setup_playbook, name="setup_playbook"),
    path("setup/names/", setup.setup_names, name="setup_names"),
    path("setup/<int:pk>/playbook/", setup.setup_playbook, name="setup_playbook"),
    path("setup/<int:pk>/names/", setup.setup_names, name="setup_names"),
    path("setup/<int:pk>/batch/", setup.setup_batch, name="setup_batch"),
    path("setup/batch/<int:pk>/", setup.setup_batch_edit, name="setup_batch_edit"),
    path("batches/<int:pk>/close/", closing.batch_close, name="batch_close"),
    path("setup/batch/<int:pk>/units/", entering.setup_units, name="setup_units"),
    path("setup/batch/<int:pk>/start/", setup.setup_start, name="setup_start"),
    path("plan/", plan.campaign_plan, name="plan"),
    path("holidays/", holidays.holidays, name="holidays"),
    *playbook_urls.routes,
    path("participations/", participations.participations, name="participations"),
    path("participations/<int:pk>/", participations.participation, name="participation"),
    path("participations/<int:pk>/begin/", participations.participation_begin, name="participation_begin"),
    path("participations/<int:pk>/dates/", participations.participation_dates, name="participation_dates"),
    path("participations/<int:pk>/leave/", participations.participation_leave, name="participation_leave"),
    path("organizations/<int:pk>/", branch.branch, name="branch"),
    path("organizations/<int:pk>/activities/", activities.activities, name="activities"),
    path("organizations/<int:pk>/activities/new/", activities.activity_new, name="activity_new"),
    path("organizations/<int:pk>/study/", study.study, name="study"),
    path("organizations/<int:pk>/coverage/", study.coverage, name="coverage"),
    path("organizations/<int:pk>/marks/", marks.marks, name="marks"),
    path("activities/<int:pk>/", activities.activity, name="activity"),
    path("activities/<int:pk>/edit/", activities.activity_edit, name="activity_edit"),
    path("activities/<int:pk>/delete/", activities.activity_delete, name="activity_delete"),
    path("activities/<int:pk>/attendance/", attendance.attendance, name="attendance"),
    path("activities/<int:pk>/attendance/sheet/", attendance.attendance_workbook, name="attendance_workbook"),
    path("files/<int:pk>/", activities.activity_file, name="activity_file"),
    path("files/<int:pk>/remove/", activities.activity_file_remove, name="activity_file_remove"),
    *opinions_urls.routes,
    *rectification_urls.routes,
    *roundtrip_urls.routes,
    *groundwork_urls.routes,
    *stage1_urls.routes,
]
