"""Bodies of the campaign and their staff."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
