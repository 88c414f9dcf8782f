"""Visits and supervision opinions."""

from django.urls import path

from supervision.views import opinions, shortfalls, visits

urlpatterns = [
    path("visits/", visits.visit_list, name="visits"),
    path("visits/<int:pk>/", visits.visit_detail, name="visit"),
    path("visits/<int:pk>/change/", visits.visit_edit, name="visit_edit"),
    path("visits/<int:pk>/log/", visits.visit_log, name="visit_log"),
    path("visits/<int:pk>/call-off/", visits.visit_call_off, name="visit_call_off"),
    path("visits/files/<int:pk>/", visits.visit_file, name="visit_file"),
    path("participations/<int:pk>/visits/new/", visits.visit_new, name="visit_new"),
    path("participations/<int:pk>/visits/made/", visits.visit_held, name="visit_held"),
    path("participations/<int:pk>/opinions/new/", opinions.opinion_new, name="opinion_new"),
    path("participations/<int:pk>/gate/short/", shortfalls.shortfall, name="gate_short"),
    path("opinions/", opinions.opinion_list, name="opinions"),
    path("opinions/<int:pk>/", opinions.opinion_detail, name="opinion"),
    path("opinions/<int:pk>/paper/", opinions.opinion_paper, name="opinion_paper"),
    path("opinions/<int:pk>/points/<int:point>/", opinions.opinion_point, name="opinion_point"),
    path("opinions/<int:pk>/answer/", opinions.opinion_answer, name="opinion_answer"),
    path("opinions/<int:pk>/check/", opinions.opinion_check, name="opinion_check"),
    path("opinions/<int:pk>/take-back/", opinions.opinion_take_back, name="opinion_take_back"),
    path("opinions/files/<int:pk>/", opinions.opinion_file, name="opinion_file"),
]
