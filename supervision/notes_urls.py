"""Notes of the supervision groups."""

from django.urls import path

from supervision.views import notes

urlpatterns = [
    path("notes/", notes.notes, name="notes"),
    path("notes/<int:pk>/", notes.note_edit, name="note_edit"),
    path("notes/<int:pk>/delete/", notes.note_delete, name="note_delete"),
]
