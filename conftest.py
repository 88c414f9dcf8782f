"""What every test stands on: quick passwords, files in a folder of their own, a clock that can be held."""

import contextlib
import datetime as dt
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings

import accounts.clock


def pytest_configure() -> None:
    # The real hasher takes a tenth of a second on purpose; a suite signs in a thousand times.
    django_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Tests act behind the back of whoever looks at a page.
    django_settings.MENU_COUNTS_SECONDS = 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of the broker share the one there is, so they run one after another (`--dist loadgroup`).

    What touches no database is the same on every one, and runs once.
    """
    for item in items:
        if item.get_closest_marker("services"):
            item.add_marker(pytest.mark.xdist_group("services"))
        elif not (item.get_closest_marker("django_db") or DATABASES & {*getattr(item, "fixturenames", ())}):
            item.add_marker(pytest.mark.once)


# Fixtures that open a database; `live_server` and the rest stand on these.
DATABASES = {"db", "transactional_db", "django_db_setup", "live_server"}


# A Thursday: what a test finds must not hang on the day and the hour at which it is run.
THE_MOMENT = dt.datetime(2026, 11, 26, 10, 0)


@pytest.fixture(scope="session", autouse=True)
def _held() -> Iterator[None]:
    """Hold campaign time for whatever is built, in fixtures of every scope too."""
    with accounts.clock.freeze(THE_MOMENT):
        yield


@pytest.fixture(autouse=True)
def _running(request) -> Iterator[None]:
    """Let time run where other threads and processes take part, which know of no held clock."""
    apart = any(request.node.get_closest_marker(mark) for mark in ("browser", "services"))
    with accounts.clock.freeze(None) if apart else contextlib.nullcontext():
        yield


_FOLDERS = itertools.count()


@pytest.fixture(scope="session")
def _media(tmp_path_factory) -> Path:
    """Where each test's files go; the folder of a test is made by its first file, which few tests write."""
    return tmp_path_factory.mktemp("media")


@pytest.fixture(autouse=True)
def _world_of_its_own(request, settings, _media) -> None:
    """Keep files out of the checkout, and jobs in the process unless the test is about the broker."""
    settings.MEDIA_ROOT = f"{_media}/{next(_FOLDERS)}"
    if request.node.get_closest_marker("services"):
        if not os.environ.get("REDIS_URL"):
            # A skip would hide that nothing was proved.
            pytest.fail("this test needs REDIS_URL: `make test` starts a broker for it", pytrace=False)
        settings.JOBS_INLINE = False
    else:
        settings.JOBS_INLINE = True
        settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "LOCATION": "test"}}


class Clock:
    """The test's hand on `accounts.clock`, in the thread of the test (a live server has its own)."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self._stack = stack

    def hold(self, *moment: int | dt.date) -> None:
        """Stand still until the test ends: `clock.hold(2026, 4, 3, 18)`, or `clock.hold(date)`."""
        self._stack.enter_context(self.at(*moment))

    @staticmethod
    def at(*moment: int | dt.date) -> contextlib.AbstractContextManager[None]:
        """Stand still for a block: `with clock.at(2026, 4, 3):`; without an hour, nine o'clock."""
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
