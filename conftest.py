"""What every test stands on: quick passwords, files in a folder of their own, a clock that can be held."""

import contextlib
import datetime as dt
import os
from collections.abc import Iterator

import pytest
from django.conf import settings as django_settings

import accounts.clock


def pytest_configure() -> None:
    # The real hasher takes a tenth of a second on purpose; a suite signs in a thousand times.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _files_of_their_own(settings, tmp_path_factory) -> None:
    """Keep uploads and results of tests out of the checkout."""
    settings.MEDIA_ROOT = str(tmp_path_factory.mktemp("media"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A test that needs a broker fails without one, in words that say so: a skip would hide it."""
    for item in items:
        if item.get_closest_marker("services") and not os.environ.get("REDIS_URL"):
            item.fixturenames.insert(0, "_broker_is_there")


@pytest.fixture
def _broker_is_there() -> None:
    if not os.environ.get("REDIS_URL"):
        pytest.fail(
            "this test needs REDIS_URL: run it through `make test`, which starts a broker", pytrace=False
        )


class Clock:
    """The test's hand on `accounts.clock`, in the thread of the test (a live server has its own)."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack

    def hold(self, *moment: int | dt.date) -> None:
        """Stand still until the test ends: `clock.hold(2026, 4, 3, 18)`, or `clock.hold(date)`."""
        self._stack.enter_context(self.at(*moment))

    @staticmethod
    def at(*moment: int | dt.date) -> contextlib.AbstractContextManager[None]:
        """Stand still for a block: `with clock.at(2026, 4, 3):`; without an hour it is nine in the morning."""
        first = moment[0]
        if isinstance(first, dt.date):
            return accounts.clock.freeze(first)
        parts = [part for part in moment if isinstance(part, int)]
        return accounts.clock.freeze(dt.datetime(*parts) if len(parts) > 3 else dt.date(*parts))


@pytest.fixture
def clock() -> Iterator[Clock]:
    """Hold campaign time."""
    with contextlib.ExitStack() as stack:
        yield Clock(stack)
