"""The dossier of one organisation."""

from django.urls import URLPattern, path

from supervision.views import dossiers

urlpatterns: list[URLPattern] = [
    path("organizations/<int:pk>/dossier/", dossiers.dossier, name="dossier"),
    path("participations/<int:pk>/dossier/", dossiers.unit_dossier, name="unit_dossier"),
]
