"""The history of one organisation."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
