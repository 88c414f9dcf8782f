"""The dashboards of all levels."""

from django.urls import path

from reports.views import dashboard

urlpatterns = [
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/<int:pk>/", dashboard.dashboard_of, name="dashboard_of"),
]
