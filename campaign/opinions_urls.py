"""URLs of opinions, boxes and style reviews, inside the core room's."""

from django.urls import path

from campaign.views import opinion_boxes, opinion_hub, opinion_import, opinions, style_review, style_sheets

routes = [
    path("opinions/", opinion_hub.opinions_hub, name="opinions_hub"),
    path("organizations/<int:pk>/opinions/", opinions.opinions, name="opinions"),
    path("organizations/<int:pk>/opinions/new/", opinions.opinions_new, name="opinions_new"),
    path("organizations/<int:pk>/opinions/import/", opinion_import.opinions_import, name="opinions_import"),
    path("organizations/<int:pk>/opinions/template/", opinion_import.opinions_template, name="opinions_template"),
    path("organizations/<int:pk>/opinions/overview/", opinions.opinions_overview, name="opinions_overview"),
    path("organizations/<int:pk>/opinions/sheet/", opinions.opinions_sheet, name="opinions_sheet"),
    path("organizations/<int:pk>/opinions/boxes/", opinion_boxes.boxes, name="boxes"),
    path("opinions/<int:pk>/", opinions.opinion, name="opinion"),
    path("opinions/<int:pk>/unmerge/", opinions.opinion_unmerge, name="opinion_unmerge"),
    path("opinions/<int:pk>/take-up/", opinions.opinion_take_up, name="opinion_take_up"),
    path("opinions/boxes/<int:pk>/poster/", opinion_boxes.box_poster, name="box_poster"),
    path("opinions/boxes/<int:pk>/close/", opinion_boxes.box_close, name="box_close"),
    path("box/<str:token>/", opinion_boxes.box, name="box"),
    path("organizations/<int:pk>/style-reviews/", style_review.reviews, name="style_reviews"),
    path("organizations/<int:pk>/style-reviews/new/", style_review.review_new, name="style_review_new"),
    path("style-reviews/<int:pk>/", style_review.review, name="style_review"),
    path("style-reviews/<int:pk>/blank/", style_sheets.review_blank, name="style_review_blank"),
    path("style-reviews/<int:pk>/form/", style_review.review_form, name="style_review_form"),
    path("style-reviews/<int:pk>/close/", style_review.review_close, name="style_review_close"),
    path("style-reviews/<int:pk>/send/", style_review.review_send, name="style_review_send"),
    path("style-reviews/forms/<int:pk>/remove/", style_review.form_remove, name="style_review_form_remove"),
    path("style-reviews/sheets/<int:pk>/", style_review.sheet, name="style_review_sheet"),
]
