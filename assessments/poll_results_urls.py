"""URLs of the results of anonymous surveys, inside the room's."""

from django.urls import path

from assessments.views import poll_after, poll_results

routes = [
    path("polls/<int:pk>/results/", poll_results.results, name="poll_results"),
    path("polls/<int:pk>/answers/", poll_results.answers, name="poll_answers"),
    path("polls/<int:pk>/compare/", poll_results.compare, name="poll_compare"),
    path("polls/<int:pk>/comments/", poll_after.comments, name="poll_comments"),
    path("polls/<int:pk>/comments/<uuid:key>/", poll_after.comment_decide, name="poll_comment"),
    path("polls/<int:pk>/publish/", poll_after.publish, name="poll_publish"),
]
