"""The site's URLs; rooms are named by string only, so that the project package imports none of them."""

from django.conf import settings
from django.urls import include, path
from django.utils.module_loading import import_string

urlpatterns = [
    path("", include("reports.home_urls")),
    path("accounts/", include("accounts.urls")),
    path("i18n/", include("campaign.i18n_urls")),
    path("jobs/", include("jobs.urls")),
    path("units/", include("units.urls")),
    path("campaign/", include("campaign.core_urls")),
    path("assessments/", include("assessments.urls")),
    path("supervision/", include("supervision.urls")),
    path("reports/", include("reports.urls")),
    path("v/results/", include("assessments.poll_public_urls")),
    path("v/", include("assessments.voting_urls")),
    path("favicon.ico", import_string("accounts.views.favicon"), name="favicon"),
    path("offline/", import_string("campaign.views.offline.offline"), name="offline"),
    path("worker.js", import_string("campaign.views.offline.worker"), name="worker"),
    path("healthz", import_string("accounts.views.healthz"), name="healthz"),
    path("readyz", import_string("accounts.views.readyz"), name="readyz"),
]
if settings.DEBUG:
    urlpatterns.append(path("styleguide/", import_string("accounts.views.styleguide"), name="styleguide"))
