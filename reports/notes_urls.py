"""Notes of the supervision groups."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
