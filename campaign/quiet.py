"""Requests of which nothing is logged: pages on which people speak without giving their name."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django_structlog.middlewares import RequestMiddleware

UNLOGGED = ("/campaign/box/",)


class QuietRequestMiddleware(RequestMiddleware):
    """Logs requests as usual, but for those: no address, no browser, no time of a visit to a public box.

    What goes wrong there is still logged by Django, without the address.
    """

    def __call__(self, request: HttpRequest) -> Any:
        if request.path.startswith(UNLOGGED):
            response: HttpResponse = self.get_response(request)
            return response
        return super().__call__(request)
