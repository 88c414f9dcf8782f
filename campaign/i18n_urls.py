"""The language switch must work signed out as well."""

from django.urls import path

from accounts.views import choose_language

urlpatterns = [path("setlang/", choose_language, name="set_language")]
