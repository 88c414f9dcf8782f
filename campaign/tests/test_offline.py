"""The worker and its page are the same for everybody, and lie over no ballot and no public page."""

import json
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import get_resolver, reverse

from accounts.tests.factories import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.mark.parametrize(("language", "heading"), [("en", "No connection"), ("xx", "没有网络")])
def test_the_page_knows_nobody(client, language, heading):
    address = f"{reverse('offline')}?lang={language}"
    unknown = client.get(address)
    client.force_login(UserFactory())
    known = client.get(address)
    assert known.content == unknown.content
    assert heading in known.content.decode()
    assert "csrf" not in known.content.decode()
    assert not unknown.cookies


def test_the_worker_keeps_that_page_and_static_files_that_are_there(client):
    answer = client.get(f"{reverse('worker')}?lang=en")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "Service-Worker-Allowed" not in answer
    kept = json.loads(re.search(r"const KEPT = (\{.*\});", answer.content.decode()).group(1))
    assert kept["page"] == "/offline/?lang=en"
    assert len(kept["files"]) > 8
    for file in kept["files"]:
        assert file.startswith("/static/")
        assert finders.find(file.removeprefix("/static/")), file
    assert (
        kept["cache"]
        != json.loads(re.search(r"const KEPT = (\{.*\});", client.get(reverse("worker")).content.decode()).group(1))[
            "cache"
        ]
    )


def test_its_scopes_hold_no_page_that_is_open_to_the_public(client):
    client.force_login(UserFactory())
    page = client.get(reverse("accounts:inbox")).content.decode()
    scopes = re.search(r'data-scopes="([^"]+)"', page).group(1).split()
    assert "/reports/" in scopes
    open_to_all = [address for address, view in _routes() if not getattr(view, "login_required", True)]
    assert any(address.startswith("/v/") for address in open_to_all)
    assert any(address.startswith("/campaign/box/") for address in open_to_all)
    for scope in scopes:
        assert not [address for address in open_to_all if address.startswith(scope)]
        assert not "/v/".startswith(scope)


def _routes(patterns=None, before="/"):
    """Every address of the site, as far as it is fixed, with its view."""
    for entry in patterns if patterns is not None else get_resolver().url_patterns:
        address = before + re.split(r"<", str(entry.pattern))[0]
        if hasattr(entry, "url_patterns"):
            yield from _routes(entry.url_patterns, address)
        else:
            yield address, entry.callback
