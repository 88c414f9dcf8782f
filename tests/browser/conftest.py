"""What a browser test stands on: a real Chromium against a live server, at two widths and in two languages.

A page that writes an error to the console, throws, or breaks the content security policy fails its test.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as django_settings
from django.db import connection
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.chromium import launch_arguments

# Playwright's sync API runs inside an event loop; Django would take the test's own thread for an async one.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

HERE = Path(__file__).resolve().parent
WATCH_POLICY = """
document.addEventListener('securitypolicyviolation', (event) => {
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile || ''}:${event.lineNumber}`);
});
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if HERE in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Screen:
    """A window: its width in CSS pixels and the language of the person."""

    width: int
    language: str

    @property
    def phone(self) -> bool:
        return self.width < 768

    @property
    def height(self) -> int:
        return 740 if self.phone else 900

    def __str__(self) -> str:
        return f"{self.width}-{self.language}"


SCREENS = [Screen(width, language) for width in (1280, 360) for language in ("zh-hans", "en")]
DESKTOP = Screen(1280, "zh-hans")
PHONE = Screen(360, "zh-hans")


@dataclass
class Complaints:
    """What pages complained about. `forgive` what a test provokes on purpose, such as a 403."""

    heard: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def forgive(self, part: str) -> None:
        self.forgiven.append(part)

    def listen(self, page: Page) -> None:
        def console(message: ConsoleMessage) -> None:
            if message.type == "error":
                self.heard.append(f"{page.url}: {message.text}")

        page.on("console", console)
        page.on("pageerror", lambda error: self.heard.append(f"{page.url}: {error}"))

    @property
    def left(self) -> list[str]:
        return [line for line in self.heard if not any(part in line for part in self.forgiven)]


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Our Chromium instead of one that Playwright would download."""
    return launch_arguments()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """SQLite in a file: in memory, the server's threads share one connection and lock one another out."""
    test = connection.settings_dict["TEST"]
    if connection.vendor == "sqlite" and not test["NAME"]:
        test["NAME"] = str(tmp_path_factory.mktemp("browser") / "test.sqlite3")


@pytest.fixture
def complaints() -> Iterator[Complaints]:
    """Fails the test on any complaint that it did not forgive."""
    kept = Complaints()
    yield kept
    assert not kept.left, "\n".join(kept.left)


@pytest.fixture(params=SCREENS, ids=str)
def screen(request: pytest.FixtureRequest) -> Screen:
    """Both widths in both languages: a test that asks for it runs four times."""
    return request.param


@pytest.fixture
def new_page(browser: Browser, live_server: Any, complaints: Complaints) -> Iterator[Callable[..., Page]]:
    """Open a page with its own cookies: `new_page(screen, user=secretary)`; addresses may be paths."""
    contexts: list[BrowserContext] = []

    def opened(screen: Screen = DESKTOP, *, user: Any = None, script: bool = True) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": screen.width, "height": screen.height},
            locale="en-GB" if screen.language == "en" else "zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=screen.phone,
            java_script_enabled=script,
            accept_downloads=True,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        cookie = {"name": django_settings.LANGUAGE_COOKIE_NAME, "value": screen.language}
        context.add_cookies([{**cookie, "url": live_server.url}])
        context.add_init_script(WATCH_POLICY)
        page = context.new_page()
        complaints.listen(page)
        if user is not None:
            sign_in(page, user, live_server.url)
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture
def page(new_page: Callable[..., Page], screen: Screen) -> Page:
    """One signed-out page in each screen."""
    return new_page(screen)


def sign_in(page: Page, user: Any, url: str) -> None:
    """Sign `user` in by a session cookie; the sign-in page has tests of its own."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    name = django_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])


def axe(page: Page) -> None:
    """Fail on any accessibility violation, naming the rule and the places."""
    found = Axe().run(page).response["violations"]
    lines = [
        f"{violation['id']} ({violation['impact']}): {violation['help']}\n    "
        + "\n    ".join(f"{node['target']} {node['html'][:160]}" for node in violation["nodes"][:5])
        for violation in found
    ]
    assert not lines, f"{page.url}\n" + "\n".join(lines)


def fits(page: Page) -> None:
    """Fail when the page scrolls sideways: on a phone nobody finds what stands outside."""
    wide, window = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= window, f"{page.url} is {wide} px wide in a window of {window}"


def icons(page: Page) -> None:
    """Fail on an icon that is not in the font: it shows as an empty place."""
    empty = page.evaluate(
        "[...document.querySelectorAll('i.ti')]"
        ".map((icon) => [icon.className, getComputedStyle(icon, '::before').content])"
        ".filter(([, content]) => content === 'none').map(([name]) => name)"
    )
    assert not empty, f"{page.url}: {empty}: add them to static/vendor/icons.txt and run static/vendor/subset.py"


def sound(page: Page) -> None:
    """What holds for every page: accessible, within the window, no icon missing."""
    axe(page)
    fits(page)
    icons(page)
