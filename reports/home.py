"""The home page by role, and the search of the top bar."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def home(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/home/plain.html", {})


def search(request: HttpRequest) -> HttpResponse:
    return render(request, "reports/home/plain.html", {})
