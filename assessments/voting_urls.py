"""URLs of the public path on which ballots are cast; campaign.quiet answers them apart from everything else."""

from django.urls import path

from assessments.views import voting

app_name = "voting"
urlpatterns = [
    path("", voting.start, name="start"),
    path("form/", voting.form, name="form"),
    path("cast/", voting.cast, name="cast"),
    path("thanks/", voting.thanks, name="thanks"),
]
