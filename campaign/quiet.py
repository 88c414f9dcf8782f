"""Requests of which nothing is logged: pages on which people speak without giving their name."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from django.conf import settings
from django.core.exceptions import DisallowedHost, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.http.multipartparser import MultiPartParserError
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve, reverse
from django.utils import translation
from django.utils.text import compress_string
from django.utils.translation.trans_real import parse_accept_lang_header
from django_structlog.middlewares import RequestMiddleware

UNLOGGED = ("/campaign/box/",)
BALLOTS = "/v/"
# The longest questionnaire, sixty departments by ten items, fits into a tenth; more would go to a file on the disk.
MOST_BYTES = 256 * 1024

logger = structlog.get_logger(__name__)


class QuietRequestMiddleware(RequestMiddleware):
    """Logs requests as usual, but for those: no address, no browser, no time of a visit to a public box.

    What goes wrong there is still logged by Django, without the address.
    """

    def __call__(self, request: HttpRequest) -> Any:
        if request.path.startswith(UNLOGGED):
            response: HttpResponse = self.get_response(request)
            return response
        return super().__call__(request)


class BallotMiddleware:
    """Answers what is below `/v/` itself, so that no session, account, lock-out or log ever hears of it (promise 4).

    It stands before all that reads a cookie, and after what guards the connection: HTTPS, content security policy.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not f"{request.path_info}/".startswith(BALLOTS):
            return self.get_response(request)
        # What an earlier request of this thread left for the log (an address, an account) is none of this one's.
        structlog.contextvars.clear_contextvars()
        with translation.override(_language(request)):
            return _sealed(request, _answer(request))


def _language(request: HttpRequest) -> str:
    """As the address says, else as the browser prefers: there is no account that could know."""
    wanted = [(request.GET.get("lang", ""), 1.0), *parse_accept_lang_header(request.headers.get("Accept-Language", ""))]
    for language, _weight in wanted:
        if language[:2] in {"zh", "en"}:
            return "en" if language.startswith("en") else settings.LANGUAGE_CODE
    return settings.LANGUAGE_CODE


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        request.get_host()  # else CommonMiddleware would refuse a foreign name
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            return HttpResponse(status=413)
        view, args, kwargs = resolve(request.path_info)
        answer: HttpResponse = view(request, *args, **kwargs)
        return answer
    except Resolver404:
        return HttpResponseRedirect(reverse("voting:start"))
    except DisallowedHost:
        return HttpResponseBadRequest()
    except Exception as error:  # noqa: BLE001  its words may hold what was sent, so only its type is logged
        return _failed(request, error)


def _failed(request: HttpRequest, error: Exception) -> HttpResponse:
    """Say that the ballot was not taken, with everything that was sent ready to be sent again."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    logger.error("ballot page failed", kind=type(error).__name__, at=f"{Path(last.filename).name}:{last.lineno}")
    try:
        sent = list(request.POST.items())
    except (SuspiciousOperation, MultiPartParserError, OSError):
        sent = []  # it was the sending that failed
    page = render_to_string("assessments/vote/failed.html", {"sent": sent, "again": request.path})
    return HttpResponse(page, status=500)


def _sealed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What every answer carries. The content security policy and nosniff come from the middleware around this one."""
    response["Cache-Control"] = "no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Frame-Options"] = "DENY"
    response["Content-Language"] = translation.get_language()
    response._has_been_logged = True  # type: ignore[attr-defined]  # else Django would log each refusal
    # Compressed without random padding, so that equal answers stay equal in length: BREACH has nothing to find here,
    # for no page holds a secret that its sender has not just sent.
    if len(response.content) > 1000 and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = compress_string(response.content)
        response["Content-Encoding"] = "gzip"
    response["Content-Length"] = str(len(response.content))
    return response
