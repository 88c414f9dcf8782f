"""Letters and notices of supervision, as Word documents."""

from django.urls import URLPattern, path

from reports.views import card_letters, dossier, responsibility, transition_letters

urlpatterns: list[URLPattern] = [
    path("organizations/<int:pk>/dossier/docx/", dossier.dossier_docx, name="dossier_docx"),
    path("transitions/<int:pk>/application/", transition_letters.application_docx, name="transition_docx"),
    path("transitions/<int:pk>/reply/", transition_letters.reply_docx, name="reply_docx"),
    path("transitions/<int:pk>/meeting/", transition_letters.meeting_docx, name="meeting_docx"),
    path("makeups/<int:pk>/docx/", card_letters.makeup_docx, name="makeup_docx"),
    path("cards/<int:pk>/docx/", card_letters.card_docx, name="card_docx"),
    path("admonitions/<int:pk>/docx/", card_letters.admonition_docx, name="admonition_docx"),
    path("organizations/<int:pk>/responsibility/docx/", responsibility.blank_docx, name="responsibility_letter"),
]
