from django.urls import path

from reports.views import ranking, reports

urlpatterns = [
    path("<int:pk>/use-above/", reports.use_above, name="use_above"),
    path("ranking/", ranking.ranking, name="ranking"),
    path("ranking/xlsx/", ranking.ranking_xlsx, name="ranking_xlsx"),
]
