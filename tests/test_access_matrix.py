"""Every URL of the URLconf for every role: who is let in, who is refused, for whom it does not exist.

The expectations stand in tests/access/declared.py. Besides the status the matrix checks that a refusal writes nothing
and does not tell whether the object exists, and that no page gives away what lies outside its reader's scope.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import override_settings
from django.urls import reverse

from accounts import clock
from tests.access.declared import matrix
from tests.access.entries import DEVELOPMENT_ONLY, HIDDEN, NOTHING, OK, REFUSED, SIGN_IN, Entry, routes
from tests.access.people import ADMINS, ANONYMOUS, EVERYONE, MEMBER, OUTSIDER, SCOPED
from tests.access.world import ABROAD, FAR, World
from units.models import Post

# One world serves all; some ten thousand requests.
pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("access"), pytest.mark.once]

PEOPLE = sorted(EVERYONE | ANONYMOUS)
LET_IN = {200, 302, 400, 409, 422}  # 400, 409, 422: the form was read, and is shown with its faults
FULL_NUMBER = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
INLINE = re.compile(r"""<style\b|<script(?![^>]*\ssrc=)|\s(?:style|on[a-z]+)\s*=\s*["']""", re.IGNORECASE)


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[World]:
    """Built once; each request is rolled back to it, and it to nothing."""
    media = str(tmp_path_factory.mktemp("access"))
    logging.disable(logging.ERROR)  # some thousand requests, each of which would write two lines
    try:
        with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=media), transaction.atomic():
            built = World()
            built.media = media
            yield built
            transaction.set_rollback(True)
    finally:
        logging.disable(logging.NOTSET)


@pytest.fixture
def db(world: World, settings: Any, _world_of_its_own: None) -> None:
    """In place of pytest-django's: the database as the world has it, with the world's files."""
    settings.MEDIA_ROOT = world.media
    # The world stays as it is: what waits for a person need not be counted anew on each of some thousand pages.
    settings.MENU_COUNTS_SECONDS = 3600


class Writes:
    """Notes what changes the database; a session that remembers when it was last seen is no change."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE")) and "django_session" not in sql:
            self.seen.append(sql[:120])
        return execute(sql, params, many, context)


def ask(world: World, entry: Entry, name: str, thing: SimpleNamespace, url: str = "") -> tuple[HttpResponse, Writes]:
    """Send the request as the person, look at the answer, take back whatever it did."""
    client, writes = world.client(name), Writes()
    send = client.post if entry.method == "POST" else client.get
    with transaction.atomic(), connection.execute_wrapper(writes):
        response = send(url or entry.url(thing), entry.data(thing))
        if response.streaming:
            b"".join(response.streaming_content)  # a file that is lacking shows only now
        transaction.set_rollback(True)
    return response, writes


def kind_of(response: HttpResponse) -> str:
    if response.status_code == 302 and "/sign-in/?next=" in response["Location"]:
        return SIGN_IN
    if response.status_code in LET_IN:
        return OK
    return {403: REFUSED, 404: HIDDEN}.get(response.status_code, str(response.status_code))


def row(entry: Entry, name: str, expected: str, got: str, more: Any = "") -> str:
    return f"{entry} as {name}: expected {expected}, got {got} {more}".rstrip()


def test_every_route_is_declared_and_every_declaration_has_its_route() -> None:
    there, declared = set(routes()) - DEVELOPMENT_ONLY, {entry.route for entry in matrix.entries}
    assert not there - declared, f"without a declaration in tests/access/declared.py: {sorted(there - declared)}"
    assert not declared - there, f"declared, but no longer routed: {sorted(declared - there)}"


@pytest.mark.parametrize("entry", matrix.entries, ids=str)
def test_in_scope(world: World, entry: Entry) -> None:
    """One's own place answers as declared; who is not let in has written nothing; what is shown is fit to be seen."""
    faults = []
    for name in PEOPLE:
        thing = world.things.get(name, world.others) if entry.personal else world.place_of(name)
        response, writes = ask(world, entry, name, thing)
        got, expected = kind_of(response), entry.expected(name)
        if got != expected:
            faults.append(row(entry, name, expected, got))
        elif got != OK and writes.seen:
            faults.append(row(entry, name, "nothing written", writes.seen[0]))
        elif got == OK and response.get("Content-Type", "").startswith("text/html"):
            faults += [
                row(entry, name, "none on the page", found) for found in given_away(world, entry, name, response)
            ]
    assert not faults, "\n".join(faults)


def given_away(world: World, entry: Entry, name: str, response: HttpResponse) -> list[str]:
    """What must not stand on a page: full numbers, inline script and style, names from outside the scope."""
    text = response.content.decode()
    found = [match.group() for match in INLINE.finditer(text)]
    if entry.name != "units:member_reveal":
        found += FULL_NUMBER.findall(text)
    marks = [ABROAD] + [FAR] * (name in SCOPED | ADMINS)
    return found + [mark for mark in marks if mark in text]


@pytest.mark.parametrize("entry", [e for e in matrix.entries if e.personal or e.about_a_place], ids=str)
def test_out_of_scope(world: World, entry: Entry) -> None:
    """What lies outside the scope is hidden; a refusal there is the same as for an object that does not exist."""
    faults = []
    for name in sorted(entry.ok | entry.refused):
        thing = entry.out_of_scope(name, world)
        response, writes = ask(world, entry, name, thing)
        got = kind_of(response)
        if got == REFUSED and name in entry.refused and tells_nothing(world, entry, name):
            got = HIDDEN
        if got != HIDDEN:
            faults.append(row(entry, name, HIDDEN, got, entry.url(thing)))
        elif writes.seen:
            faults.append(row(entry, name, "nothing written", writes.seen[0]))
    assert not faults, "\n".join(faults)


def tells_nothing(world: World, entry: Entry, name: str) -> bool:
    """Is the person refused whatever is asked for?"""
    if entry.of is None:
        return True
    url = re.sub(r"/\d+/", f"/{NOTHING}/", entry.url(world.abroad))
    response, _writes = ask(world, entry, name, world.abroad, url)
    return kind_of(response) == REFUSED


@pytest.mark.parametrize("entry", [e for e in matrix.entries if e.method == "GET" and e.refused], ids=str)
def test_no_other_method_opens_what_is_closed(world: World, entry: Entry) -> None:
    """Who is refused a page may not send its form either."""
    faults = []
    for name in sorted(entry.refused):
        url, client, writes = entry.url(world.place_of(name)), world.client(name), Writes()
        with transaction.atomic(), connection.execute_wrapper(writes):
            got = kind_of(client.post(url, entry.data(world.place_of(name))))
            transaction.set_rollback(True)
        if got not in {REFUSED, HIDDEN, "405"} or writes.seen:
            faults.append(row(entry, name, "POST closed as well", got, writes.seen))
    assert not faults, "\n".join(faults)


def test_a_member_reads_his_own_entry_and_no_other(world: World) -> None:
    (name,) = MEMBER
    own, other = world.people[name].member, world.near.member
    client = world.client(name)
    assert own.pk != other.pk
    with transaction.atomic():
        assert client.get(f"/units/members/{own.pk}/").status_code == 200
        assert own.id_number in client.post(f"/units/members/{own.pk}/reveal/").content.decode()
        assert client.get(f"/units/members/{other.pk}/").status_code == 404
        assert client.post(f"/units/members/{other.pk}/reveal/").status_code == 404
        transaction.set_rollback(True)


def test_the_search_finds_nothing_outside_the_scope(world: World) -> None:
    """The page repeats what was typed, so it is the links that count."""
    for name in sorted(EVERYONE):
        for mark, place in ((ABROAD, world.abroad), *([(FAR, world.far)] if name in SCOPED else [])):
            text = world.client(name).get("/search/", {"q": mark}).content.decode()
            for link in (f"/units/organizations/{place.branch.pk}/", f"/units/members/{place.member.pk}/"):
                assert link not in text, f"{name} finds {mark}: {link}"
    found = world.client("office_head").get("/search/", {"q": FAR}).content.decode()
    assert f"/units/members/{world.far.member.pk}/" in found


def test_a_post_that_has_ended_opens_nothing(world: World) -> None:
    client, url = world.client("branch_secretary"), f"/units/organizations/{world.near.branch.pk}/"
    with transaction.atomic():
        assert client.get(url).status_code == 200
        Post.objects.filter(user=world.people["branch_secretary"]).update(to_date=clock.today() - dt.timedelta(1))
        assert client.get(url).status_code == 404
        assert client.get("/units/members/").status_code == 404
        transaction.set_rollback(True)


def test_the_outsider_holds_no_post(world: World) -> None:
    (name,) = OUTSIDER
    assert not world.people[name].posts.exists()


DOSSIER_READERS = ["branch_secretary", "leading_group_head", "office_head", "organization_secretary", "supervisor"]


@pytest.mark.parametrize("name", DOSSIER_READERS)
def test_every_entry_of_a_dossier_leads_its_reader_to_a_page(world: World, name: str) -> None:
    """A link that answers "you may not" or "there is none" would tell of something that is none of his business."""
    place, client = world.place_of(name), world.client(name)
    found: dict[str, str] = {}
    for organization in (place.unit, place.branch):
        answer = client.get(reverse("supervision:dossier", args=[organization.pk]), {"print": 1})
        assert answer.status_code == (404 if name == "branch_secretary" and organization == place.unit else 200)
        if answer.status_code == 200:
            found |= {
                row.event.url.partition("#")[0]: row.event.kind for row in answer.context["rows"] if row.event.url
            }
    assert found
    dead = {url: kind for url, kind in found.items() if client.get(url).status_code != 200}
    assert not dead, f"{name}: {dead}"
