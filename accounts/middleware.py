"""Language, idle sign-out and the forced change of a first password."""

import time
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import clock

Handler = Callable[[HttpRequest], HttpResponse]
_OPEN_PATHS = ("/healthz", "/readyz", "/static/")


class LanguageMiddleware:
    """Chinese unless the person chose otherwise; what the browser prefers is not asked (decision 22)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        if not chosen and request.user.is_authenticated:
            chosen = request.user.language
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response


class IdleSignOutMiddleware:
    """Sign out after settings.IDLE_MINUTES without a request (conventions: 30 idle minutes)."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            moment = time.time()
            seen = request.session.get("seen", moment)
            if moment - seen > settings.IDLE_MINUTES * 60:
                logout(request)
                messages.info(request, _("You were signed out after a while without activity."))
                return redirect(f"{reverse(settings.LOGIN_URL)}?next={request.get_full_path()}")
            # Polling must not keep a session alive, and a write a request would cost more than it tells.
            if not getattr(request, "htmx", False) and (moment - seen > 60 or "seen" not in request.session):
                request.session["seen"] = moment
        return self.get_response(request)


class PasswordChangeMiddleware:
    """Until a first or an outdated password is changed, every page leads to the form that changes it."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if user.is_authenticated and not request.path.startswith(_OPEN_PATHS):
            oldest = clock.now() - timedelta(days=settings.PASSWORD_MAX_DAYS or 10**5)
            outdated = bool(
                settings.PASSWORD_MAX_DAYS and user.password_changed_at and user.password_changed_at < oldest
            )
            allowed = {
                reverse("accounts:change_password"),
                reverse("accounts:sign_out"),
                reverse("set_language"),
            }
            if (user.must_change_password or outdated) and request.path not in allowed:
                return redirect("accounts:change_password")
        return self.get_response(request)
