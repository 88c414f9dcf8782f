"""Liaison points and pairing."""

from django.urls import path

from supervision.views import liaison, liaison_points, pairing

urlpatterns = [
    path("liaison/", liaison.liaison, name="liaison"),
    path("liaison/leaders/new/", liaison.leader_new, name="liaison_leader_new"),
    path("liaison/leaders/<int:pk>/", liaison.leader_edit, name="liaison_leader"),
    path("liaison/new/", liaison.point_new, name="liaison_point_new"),
    path("liaison/<int:pk>/", liaison_points.point, name="liaison_point"),
    path("liaison/<int:pk>/end/", liaison.point_end, name="liaison_point_end"),
    path("liaison/<int:pk>/visit/", liaison_points.visit_new, name="liaison_visit_new"),
    path("liaison/<int:pk>/contact/", liaison_points.contact, name="liaison_contact"),
    path("liaison/<int:pk>/model/", liaison_points.model, name="liaison_model"),
    path("liaison/visits/<int:pk>/remove/", liaison_points.visit_remove, name="liaison_visit_remove"),
    path("liaison/contacts/<int:pk>/remove/", liaison_points.contact_remove, name="liaison_contact_remove"),
    path("liaison/files/<int:pk>/", liaison_points.photo, name="liaison_file"),
    path("pairing/", pairing.pairings, name="pairings"),
    path("pairing/of/<int:pk>/", pairing.pairing_list, name="pairing_list"),
    path("pairing/of/<int:pk>/new/", pairing.pairing_new, name="pairing_new"),
    path("pairing/<int:pk>/", pairing.pairing, name="pairing"),
    path("pairing/<int:pk>/end/", pairing.pairing_end, name="pairing_end"),
    path("pairing/entries/<int:pk>/remove/", pairing.entry_remove, name="pairing_entry_remove"),
]
