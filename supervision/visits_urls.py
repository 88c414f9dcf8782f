"""Visits and supervision opinions."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
