"""The address of published results, for anybody: campaign.quiet answers it without session, account or log."""

from django.urls import path

from assessments.views import poll_after

app_name = "poll_public"
urlpatterns = [path("<slug:token>/", poll_after.public_results, name="results")]
