"""URLs of anonymous surveys, inside the room's."""

from django.urls import path

from assessments.views import polls

routes = [
    path("polls/<int:pk>/", polls.poll_detail, name="poll"),
]
