"""Duty, leave, absence, discipline, requests for instruction."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
