"""URLs of the register of cadres held to account."""

from django.urls import path

from assessments.views import accountability as views

routes = [
    path("accountability/<int:pk>/", views.accountabilities, name="accountabilities"),
    path("accountability/<int:pk>/new/", views.accountability_new, name="accountability_new"),
    path("accountability/entries/<int:pk>/", views.accountability, name="accountability"),
]
