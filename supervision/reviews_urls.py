"""What a reviewer does with many applications, and the papers of a transition."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
