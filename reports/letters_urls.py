"""Letters and notices of supervision, as Word documents."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
