"""Without connection: the worker that a browser keeps, and the one page that it keeps with it (ADR 8).

Both are the same for everybody: nothing of a person or a campaign ever enters the browser's cache.
"""

from __future__ import annotations

import hashlib
import json
import re

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_safe

FONT = "vendor/fonts/tabler-icons.woff2"  # the stylesheet asks for it, not the page


def _language(request: HttpRequest) -> str:
    """As the address says: what the worker keeps is fetched without cookies."""
    wanted = request.GET.get("lang", "")
    return wanted if wanted in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def _page(language: str) -> str:
    with translation.override(language):
        return render_to_string("campaign/offline/page.html")  # no request: no name, no message, no token


def _files(page: str) -> list[str]:
    """The static files that the page names, under the names that they are served by."""
    named = re.findall(rf'(?:href|src)="({re.escape(settings.STATIC_URL)}[^"]+)"', page)
    return sorted({*named, static(FONT)})


@login_not_required
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What is shown in the place of a page that cannot be fetched: the drafts on this device."""
    language = _language(request)
    headers = {"Cache-Control": "no-cache", "Content-Language": language}
    return HttpResponse(_page(language), headers=headers)


@login_not_required
@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """The service worker, with the list of what it keeps. Another list or page is another version."""
    language = _language(request)
    page = _page(language)
    files = _files(page)
    version = hashlib.sha256("\n".join([page, *files]).encode()).hexdigest()[:12]
    kept = {"cache": f"offline-{version}", "page": f"{reverse('offline')}?lang={language}", "files": files}
    script = render_to_string("campaign/offline/worker.js", {"kept": json.dumps(kept)})
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"})
