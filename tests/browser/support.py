"""What the journeys share: words as they stand on the page, pressing, filling in, following."""

from __future__ import annotations

import re
from pathlib import Path

from django.utils import translation
from django.utils.translation import gettext, ngettext
from playwright.sync_api import Locator, Page, expect

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
