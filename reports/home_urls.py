"""The home page and the search sit at the root of the site; the top room sees all others."""

from django.urls import path

from reports import home

urlpatterns = [
    path("", home.home, name="home"),
    path("search/", home.search, name="search"),
]
