"""Routes of the preparation, the census, special arrangements and talks."""

from django.urls import path

from campaign.views import arrangements, census, census_import, dates, preparation, talks

routes = [
    path("organizations/<int:pk>/preparation/", preparation.preparation, name="preparation"),
    path("organizations/<int:pk>/preparation/<slug:item>/", preparation.preparation_tick, name="preparation_tick"),
    path("preparation/<int:pk>/file/", preparation.preparation_file, name="preparation_file"),
    path("participations/<int:pk>/implementation-plan/", preparation.unit_plan, name="unit_plan"),
    path("participations/<int:pk>/implementation-plan/decide/", preparation.unit_plan_decide, name="unit_plan_decide"),
    path("organizations/<int:pk>/trainings/new/", preparation.training_new, name="training_new"),
    path("trainings/<int:pk>/delete/", preparation.training_delete, name="training_delete"),
    path("arrangements/", arrangements.arrangements_waiting, name="arrangements_waiting"),
    path("arrangements/<int:pk>/", arrangements.arrangement, name="arrangement"),
    path("arrangements/<int:pk>/decide/", arrangements.arrangement_decide, name="arrangement_decide"),
    path("arrangements/<int:pk>/withdraw/", arrangements.arrangement_withdraw, name="arrangement_withdraw"),
    path("organizations/<int:pk>/arrangements/", arrangements.arrangements, name="arrangements"),
    path("organizations/<int:pk>/arrangements/new/", arrangements.arrangement_new, name="arrangement_new"),
    path("organizations/<int:pk>/talks/", talks.talks, name="talks"),
    path("organizations/<int:pk>/talks/collective/", talks.team_talk_new, name="team_talk_new"),
    path("talks/mine/", talks.my_talks, name="my_talks"),
    path("talks/<int:pk>/answer/", talks.talk_answer, name="talk_answer"),
    path("talks/<int:pk>/remove/", talks.talk_remove, name="talk_remove"),
    path("collective-talks/<int:pk>/remove/", talks.team_talk_remove, name="team_talk_remove"),
    path("organizations/<int:pk>/team/", talks.team, name="team"),
    path("team-members/<int:pk>/leave/", talks.team_leave, name="team_leave"),
    path("batches/<int:pk>/dates/", dates.batch_dates, name="batch_dates"),
    path("census/", census.census, name="census"),
    path("census/import/", census_import.census_upload, name="census_import"),
    path("census/export/", census.census_export, name="census_export"),
    path("organizations/<int:pk>/census/", census.census_organization, name="census_organization"),
    path("organizations/<int:pk>/census/sheet/", census.census_sheet, name="census_sheet"),
    path("members/<int:pk>/census/", census.census_member, name="census_member"),
    path("census/cases/<int:pk>/", census.census_case, name="census_case"),
    path("census/cases/<int:pk>/close/", census.census_case_close, name="census_case_close"),
]
