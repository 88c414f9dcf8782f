"""Documents drafted from data, as Word files: letters and notices, summaries, sign-in sheets."""

from django.urls import URLPattern, path

from reports.views import (
    card_letters,
    dossier,
    jurisdiction_summary,
    responsibility,
    sign_in,
    stage_summary,
    supervision_papers,
    transition_letters,
)

urlpatterns: list[URLPattern] = [
    path("organizations/<int:pk>/dossier/docx/", dossier.dossier_docx, name="dossier_docx"),
    path("transitions/<int:pk>/application/", transition_letters.application_docx, name="transition_docx"),
    path("transitions/<int:pk>/reply/", transition_letters.reply_docx, name="reply_docx"),
    path("transitions/<int:pk>/meeting/", transition_letters.meeting_docx, name="meeting_docx"),
    path("makeups/<int:pk>/docx/", card_letters.makeup_docx, name="makeup_docx"),
    path("cards/<int:pk>/docx/", card_letters.card_docx, name="card_docx"),
    path("admonitions/<int:pk>/docx/", card_letters.admonition_docx, name="admonition_docx"),
    path("organizations/<int:pk>/responsibility/docx/", responsibility.blank_docx, name="responsibility_letter"),
    path("opinions/<int:pk>/docx/", supervision_papers.opinion_docx, name="opinion_docx"),
    path("instructions/<int:pk>/docx/", supervision_papers.instruction_docx, name="instruction_docx"),
    path("visits/<int:pk>/docx/", supervision_papers.visit_docx, name="visit_docx"),
    path("spot-checks/<int:pk>/docx/", supervision_papers.spot_check_docx, name="spot_check_docx"),
    path("leaves/<int:pk>/docx/", supervision_papers.leave_docx, name="leave_docx"),
    path("units/<int:pk>/stage-summary/", stage_summary.summary_of_stage, name="stage_summary"),
    path("units/<int:pk>/stage-summary/docx/", stage_summary.summary_docx, name="stage_summary_docx"),
    path("review/<int:pk>/", jurisdiction_summary.summaries, name="jurisdiction_summary"),
    path("review/<int:pk>/stage/docx/", jurisdiction_summary.summaries_docx, name="jurisdiction_summary_docx"),
    path("organizations/<int:pk>/sign-in/", sign_in.sign_in, name="sign_in"),
    path("activities/<int:pk>/sign-in/docx/", sign_in.activity_sign_in, name="activity_sign_in"),
]
