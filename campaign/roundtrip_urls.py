"""URLs of the lists that are edited in Excel and sent back."""

from django.urls import path

from campaign.views import roundtrip

routes = [
    path("workbooks/<slug:key>/<int:pk>/download/", roundtrip.roundtrip_download, name="roundtrip_download"),
    path("workbooks/<slug:key>/<int:pk>/", roundtrip.roundtrip_send, name="roundtrip_send"),
    path("workbooks/sent/<int:pk>/show/", roundtrip.roundtrip_sent, name="roundtrip_sent"),
]
