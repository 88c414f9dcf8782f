"""The counts in the menu are kept for a moment, and never against a person's own doing."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from redis import RedisError

from accounts.messages import Message
from campaign import menu_counts, todo
from units.tests.factories import make_tree, user_with

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ENTRY = "units:members"


class Waiting:
    """A source of the to-do list that counts how often it is asked."""

    def __init__(self):
        self.count, self.asked = 1, 0

    def __call__(self, _user):
        self.asked += 1
        return [todo.Todo(self.count, Message("x"), None, "/", Message("x"), menu=ENTRY)]


@pytest.fixture
def waiting(monkeypatch, settings):
    settings.MENU_COUNTS_SECONDS = 15
    cache.clear()
    source = Waiting()
    monkeypatch.setattr(todo, "_providers", [source])
    return source


@pytest.fixture
def tree():
    return make_tree(0)


@pytest.fixture
def county(tree):
    return tree.county


def signed_in(organization, name, role="office_general"):
    client = Client()
    user = user_with(role, organization, username=name)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def shown(client, url="accounts:change_password"):
    menu = client.get(reverse(url)).context["shell"]["menu"]
    return next(item["count"] for group in menu for item in group["items"] if item["url"] == reverse(ENTRY))


def test_the_next_page_does_not_ask_again(waiting, county):
    client = signed_in(county, "zhou")
    assert [shown(client), shown(client), waiting.asked] == [1, 1, 1]


def test_what_a_person_has_done_shows_at_once_and_only_he_asks_again(waiting, county):
    client, colleague = signed_in(county, "zhou"), signed_in(county, "wu")
    assert shown(client) == shown(colleague) == 1
    waiting.count = 4
    client.post(reverse("accounts:read_all"))
    waiting.asked = 0
    assert [shown(client), shown(client), waiting.asked] == [4, 4, 1]
    assert [shown(colleague), waiting.asked] == [1, 1]


def test_the_home_page_always_asks(waiting, tree):
    client = signed_in(tree.health_1, "he", "branch_secretary")
    shown(client)
    waiting.count = 4
    assert [shown(client, "home"), shown(client)] == [4, 4]


def test_a_page_needs_no_broker(waiting, county, monkeypatch):
    class Gone:
        def get(self, _key):
            raise RedisError

    monkeypatch.setattr(menu_counts, "cache", Gone())
    assert shown(signed_in(county, "zhou")) == 1


def test_nothing_is_kept_where_it_is_set_to_nothing(waiting, county, settings):
    settings.MENU_COUNTS_SECONDS = 0
    client = signed_in(county, "zhou")
    assert [shown(client), shown(client), waiting.asked] == [1, 1, 2]
    assert menu_counts.COOKIE not in client.post(reverse("accounts:read_all")).cookies
