"""What the journeys share: words as they stand on the page, pressing, filling in, following."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone, translation
from django.utils.translation import gettext, ngettext
from playwright.sync_api import Locator, Page, expect

from accounts import clock
from reports.demo.adapted import county_playbook
from supervision.tests.factories import make_supervised_world
from tests.browser.conftest import sound

SAMPLES = Path(__file__).resolve().parent.parent.parent / "samples"


def words(text: str, language: str = "zh-hans", **params: object) -> str:
    """A message of the catalogue as people read it, so that a better translation breaks no test."""
    with translation.override(language):
        return gettext(text) % params if params else gettext(text)


def counted(one: str, many: str, n: int, **params: object) -> str:
    """The same for a message with a number."""
    with translation.override("zh-hans"):
        return ngettext(one, many, n) % {"n": n, **params}


def button(page: Page, text: str, **params: object) -> Locator:
    return page.locator("main").get_by_role("button", name=words(text, **params), exact=True)


def press(page: Page, text: str, **params: object) -> None:
    """Press (or on a phone tap) the button of these English words and wait for the page that follows."""
    send(page, button(page, text, **params))


def send(page: Page, place: Locator) -> None:
    """Press what leads to another page, and wait for it."""
    with page.expect_navigation():
        place.tap() if page.viewport_size and page.viewport_size["width"] < 768 else place.click()


def fill(page: Page, **fields: object) -> None:
    """Fill in form fields by name: text, a choice, or True and False for a box."""
    for name, value in fields.items():
        place = page.locator(f"main [name='{name}']:visible")
        kind = place.first.evaluate("(place) => place.type || place.tagName.toLowerCase()")
        if isinstance(value, bool):
            place.set_checked(value)
        elif kind == "radio":
            page.locator(f"main [name='{name}'][value='{value}']").check()
        elif kind.startswith("select"):
            place.select_option(str(value))
        else:
            place.fill(str(value))


def choose(page: Page, name: str, value: object) -> None:
    """Choose one radio button or tick one box."""
    page.locator(f"main [name='{name}'][value='{value}']").check()


def told(page: Page, text: str | re.Pattern[str]) -> None:
    """The page says this somewhere in its content."""
    expect(page.locator("main")).to_contain_text(text)


def ok(page: Page) -> None:
    """No field was refused: the form has been taken."""
    wrong = page.locator(".invalid-feedback:visible")
    assert wrong.count() == 0, [wrong.nth(n).inner_text() for n in range(wrong.count())]


def demonstrated_county(monkeypatch: pytest.MonkeyPatch, begun: dt.datetime, now: dt.datetime) -> Any:
    """The supervised county under the demonstration's playbook, begun at one moment and looked at at another."""
    time = [timezone.make_aware(begun)]
    monkeypatch.setattr(clock, "now", lambda: time[0])  # for the server's threads too
    monkeypatch.setattr("campaign.tests.factories.load_file", county_playbook)
    w = make_supervised_world()
    time[0] = timezone.make_aware(now)
    return w


# ---------------------------------------------------------------- by links alone
def link(place: Page | Locator, text: str, **params: object) -> Locator:
    """The link of these English words; what only a screen reader hears may follow them."""
    scope = place.locator("main") if isinstance(place, Page) else place
    return scope.get_by_role("link", name=re.compile(rf"^{re.escape(words(text, **params))}"))


def follow(page: Page, text: str, within: Locator | None = None, **params: object) -> None:
    send(page, link(within or page, text, **params).first)
    sound(page)


def home(page: Page) -> None:
    """Back to the desk by the mark at the top, as people do."""
    page.goto("/") if page.url == "about:blank" else send(page, page.locator("a[href='/']:visible").first)


def waits(page: Page, text: str) -> None:
    """From the front page to what waits there."""
    home(page)
    send(page, page.locator("main .todo a").filter(has_text=words(text)).first)
    sound(page)
