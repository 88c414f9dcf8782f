"""URLs of the commendation lists."""

from django.urls import path

from assessments.views import commendations

routes = [
    path("commendations/", commendations.commendation_list, name="commendations"),
    path("commendations/<int:pk>/decide/", commendations.commendation_decide, name="commendation_decide"),
    path("commendations/<int:pk>/take-back/", commendations.commendation_take_back, name="commendation_take_back"),
]
