from django.urls import path

from assessments import (
    accountability_urls,
    analyses_urls,
    appraisals_urls,
    commendations_urls,
    knowledge_urls,
    lookbacks_urls,
    poll_results_urls,
    polls_urls,
)
from assessments.views import after_surveys
from assessments.views import surveys as views

app_name = "assessments"
urlpatterns = [
    path("", views.survey_list, name="surveys"),
    path("<int:pk>/", views.survey_detail, name="survey"),
    path("new/<int:pk>/", views.survey_new, name="survey_new"),
    path("<int:pk>/enter/", views.survey_enter, name="survey_enter"),
    path("<int:pk>/confirm/", views.survey_confirm, name="survey_confirm"),
    path("<int:pk>/again/", after_surveys.survey_again, name="survey_again"),
    *accountability_urls.routes,
    *analyses_urls.routes,
    *appraisals_urls.routes,
    *commendations_urls.routes,
    *knowledge_urls.routes,
    *lookbacks_urls.routes,
    *poll_results_urls.routes,
    *polls_urls.routes,
]
