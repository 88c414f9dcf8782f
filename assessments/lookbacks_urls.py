"""URLs of the look-backs."""

from django.urls import path

from assessments.views import lookbacks

routes = [
    path("lookbacks/<int:pk>/", lookbacks.lookback_list, name="lookbacks"),
    path("lookbacks/<int:pk>/<slug:key>/", lookbacks.lookback_edit, name="lookback"),
    path("lookbacks/<int:pk>/<slug:key>/reopen/", lookbacks.lookback_reopen, name="lookback_reopen"),
]
