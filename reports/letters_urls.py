"""Letters and notices of supervision, as Word documents."""

from django.urls import URLPattern, path

from reports.views import dossier

urlpatterns: list[URLPattern] = [
    path("organizations/<int:pk>/dossier/docx/", dossier.dossier_docx, name="dossier_docx"),
]
