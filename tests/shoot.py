"""Take a picture of one page: python -m tests.shoot URL OUT.png [--width 360] [--cookie sessionid=…] [--full]."""

from __future__ import annotations

import argparse
import sys
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, sync_playwright

from tests.chromium import launch_arguments


def shoot(url: str, out: str, *, width: int, height: int, cookies: list[str], full: bool, lang: str) -> list[str]:
    """Write the picture; returns what the page complained about."""
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            complaints.append(message.text)

    def crashed(error: Error) -> None:
        complaints.append(str(error))

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_arguments())
        context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        pairs = [cookie.split("=", 1) for cookie in cookies] + ([["django_language", lang]] if lang else [])
        site = "{0.scheme}://{0.netloc}".format(urlsplit(url))
        context.add_cookies([{"name": name, "value": value, "url": site} for name, value in pairs])
        page = context.new_page()
        page.on("console", heard)
        page.on("pageerror", crashed)
        page.goto(url)
        page.screenshot(path=out, full_page=full)
        browser.close()
    return complaints


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("out")
    parser.add_argument("--width", type=int, default=1280)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--cookie", action="append", default=[], help="name=value; may be given more than once")
    parser.add_argument("--lang", default="", help="zh-hans or en")
    parser.add_argument("--full", action="store_true", help="the whole page, not only what fits the window")
    given = parser.parse_args()
    complaints = shoot(
        given.url,
        given.out,
        width=given.width,
        height=given.height,
        cookies=given.cookie,
        full=given.full,
        lang=given.lang,
    )
    for complaint in complaints:
        sys.stderr.write(f"page: {complaint}\n")


if __name__ == "__main__":
    main()
