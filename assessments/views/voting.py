"""The public path `/v/`: a slip's code opens a questionnaire, and what is answered goes into the urn.

`campaign.quiet.BallotMiddleware` calls these views: there is no session, no account and no log here, and a code is
only ever in a form's body (promise 4). Every page works without script and is in the language of `?lang=`.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from assessments import guesses, voting_pages
from assessments.actions import casting
from assessments.ballots import codes

# Bodies of which a part is at fault, as everywhere in the product; the same for whatever is wrong with a code.
AT_FAULT = 422


def start(request: HttpRequest) -> HttpResponse:
    """Where a slip leads: the script takes the code from the fragment, or one types it."""
    return _page("start")


# A token against forged requests would need a cookie. What it is to protect is the code's alone: whoever can send it
# may vote, and a page that forges the request does not know it.
@csrf_exempt
def form(request: HttpRequest) -> HttpResponse:
    """The questionnaire of a code; with what was answered before, if the language was changed half way."""
    if request.method != "POST":
        return _to("start")
    code = codes.normalise(request.POST.get("code", ""))
    if guesses.slowed(code):
        return _slowed(request)
    try:
        admission = casting.admit(code)
    except casting.CodeRefused:
        return _refused(code)
    if voting_pages.has_answers(request.POST):
        return HttpResponse(voting_pages.filled(admission, code, request.POST))
    return HttpResponse(voting_pages.blank(admission, code))


@csrf_exempt  # as above
def cast(request: HttpRequest) -> HttpResponse:
    """Take a ballot, or show again what was sent with what it lacks."""
    if request.method != "POST":
        return _to("start")
    code = codes.normalise(request.POST.get("code", ""))
    if guesses.slowed(code):
        return _slowed(request)
    try:
        casting.cast(code, request.POST)
    except casting.CodeRefused:
        return _refused(code)
    except casting.AnswersMissing as lacking:
        return _lacking(request, code, lacking.fields)
    return _to("thanks", status=303)


def thanks(request: HttpRequest) -> HttpResponse:
    """The receipt: it names no code, no unit and no answer, and opens for everybody."""
    return _page("thanks")


def _lacking(request: HttpRequest, code: str, missing: tuple[str, ...]) -> HttpResponse:
    try:
        admission = casting.admit(code)
    except casting.CodeRefused:  # used on another phone since
        return _refused(code)
    return HttpResponse(voting_pages.filled(admission, code, request.POST, missing), status=AT_FAULT)


def _refused(code: str) -> HttpResponse:
    """One answer for wrong, used, closed and malformed codes, to the byte."""
    guesses.note_wrong(code)
    return _page("refused", status=AT_FAULT)


def _slowed(request: HttpRequest) -> HttpResponse:
    """Right and wrong codes wait alike; what was answered waits in the page."""
    page = _page("slowed", status=429, sent=list(request.POST.items()), again=request.path)
    page["Retry-After"] = "60"
    return page


def _page(name: str, status: int = 200, **context: Any) -> HttpResponse:
    return HttpResponse(render_to_string(f"assessments/vote/{name}.html", context), status=status)


def _to(name: str, status: int = 302) -> HttpResponse:
    language = "en" if get_language() == "en" else "zh"
    return HttpResponseRedirect(f"{reverse(f'voting:{name}')}?lang={language}", status=status)
