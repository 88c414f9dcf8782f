"""Liaison points and pairing."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
