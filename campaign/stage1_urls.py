"""Routes of required reading, members' documents and bulk work."""

from django.urls import path

from campaign.views import copying, documents, invitees, reading

routes = [
    path("organizations/<int:pk>/reading/", reading.reading, name="reading"),
    path("batches/<int:pk>/reading/", reading.reading_titles, name="reading_titles"),
    path("reading/<int:pk>/remove/", reading.reading_title_remove, name="reading_title_remove"),
    path("reading/mine/", reading.own_reading, name="own_reading"),
    path("organizations/<int:pk>/documents/", documents.documents, name="documents"),
    path("organizations/<int:pk>/documents/<slug:action>/", documents.document_new, name="document_new"),
    path("documents/mine/", documents.own_document, name="own_document"),
    path("documents/<int:pk>/", documents.document, name="document"),
    path("documents/<int:pk>/file/", documents.document_file, name="document_file"),
    path("activities/<int:pk>/invited/", invitees.invitees, name="invitees"),
    path("activities/<int:pk>/copy/", copying.activity_copy, name="activity_copy"),
    path("activities/<int:pk>/copies/undo/", copying.activity_copies_undo, name="activity_copies_undo"),
    path("organizations/<int:pk>/marks/branches/", copying.marks_bulk, name="marks_bulk"),
]
