"""What a reviewer does with many applications, and the filing of summaries beside the approval."""

from django.urls import path

from supervision.views import filings, reviews

urlpatterns = [
    path("transitions/reviews/", reviews.reviews, name="reviews"),
    path("transitions/reviews/agree/", reviews.reviews_agree, name="reviews_agree"),
    path("transitions/filings/", filings.filings, name="filings"),
    path("transitions/filings/<int:pk>/", filings.filing, name="filing"),
    path("transitions/<int:pk>/filing/", filings.filing_new, name="filing_new"),
]
