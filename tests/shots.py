"""Take the pictures of the main pages into docs/images/: python -m tests.shots [--only NAME…] [--database FILE].

Builds the demonstration in a database of its own, serves it on a free port of the loopback, and signs in by session.
`--database` keeps (and takes up again) a demonstration, for whoever works at the look of a page.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, sync_playwright

from tests.chromium import launch_arguments

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images"
ROSTER = ROOT / "samples" / "county-roster-2026.xlsx"
# Invented, with check digits as they must be (999 is the area code of nobody).
NEWCOMERS = (("严志诚", "99950119700101001X"), ("邱启明", "999502197001010032"), ("龙正华", "999503197001010055"))


@dataclass(frozen=True)
class Shot:
    """One picture: its file, who looks, and what. `act` is done on the page before the picture is taken."""

    name: str
    user: str
    path: str
    width: int = 1280
    height: int = 900
    language: str = "zh-hans"
    full: bool = False
    act: Callable[[Page], None] | None = None

    @property
    def phone(self) -> bool:
        return self.width < 768


def _faulty_roster() -> bytes:
    """The roster of the demonstration as it comes back a month later: changes, newcomers, leavers, and mistakes."""
    book = load_workbook(ROSTER)
    sheet = book["党员基本信息汇总表"]
    mistakes = {"C61": "县外星联络处党支部", "B110": None, "E144": "未填", "H148": "博士后大学", "M212": "138-2004"}
    mistakes |= {"D263": sheet["D221"].value, "J318": "1993年", "G407": dt.datetime(1931, 5, 6)}
    changes = {f"{column}{row}": value for row in (18, 44, 73, 95) for column, value in (("H", "大学"), ("U", "工人"))}
    for cell, value in {**mistakes, **changes}.items():
        sheet[cell] = value
    sheet.delete_rows(900, 2)
    pattern = [cell.value for cell in sheet[40]]
    joined = (dt.datetime(1995, 7, 1), dt.datetime(1996, 7, 1))
    for number, (name, identity) in enumerate(NEWCOMERS, start=sheet.max_row):
        sheet.append(
            [
                number,
                name,
                pattern[2],
                identity,
                "男",
                "汉族",
                dt.datetime(1970, 1, 1),
                *pattern[7:9],
                *joined,
                *pattern[11:],
            ]
        )
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _upload(page: Page) -> None:
    """Have a faulty roster read; the page then shows what was found."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    file = {"name": "县直机关党员花名册-11月.xlsx", "mimeType": kind, "buffer": _faulty_roster()}
    page.locator("input[type=file]").set_input_files(file)
    page.locator("main form button[type=submit], main form button:not([type])").first.click()
    page.wait_for_url("**/units/roster/*/")


def plan() -> list[Shot]:
    """What is taken; the addresses come from the demonstration's own rows."""
    from django.urls import reverse

    from accounts import clock
    from assessments.models import Survey
    from campaign.models import Participation
    from reports.models import Bulletin
    from supervision.models import MakeUpOrder, Transition
    from units.models import Organization, Post

    def secretary(organization: Organization) -> str:
        roles = ("branch_secretary", "organization_secretary")
        return Post.objects.select_related("user").filter(organization=organization, role__in=roles)[0].user.username

    under_way = {"state": "current", "planned_end__gte": clock.today()}
    branch = (
        Organization.objects.filter(
            kind="branch",
            parent__kind="committee",
            **{f"parent__participations__progress__{field}": value for field, value in under_way.items()},
        )
        .exclude(parent__participations__transitions__isnull=False)
        .order_by("path")[0]
    )
    waiting = Transition.objects.under_review().select_related("participation__organization")[0]
    led = waiting.participation.organization
    supervisor = Post.objects.select_related("user").get(organization=led, role="supervisor").user.username
    busy = Participation.objects.get(organization=branch.parent)
    regular = Bulletin.objects.filter(kind=Bulletin.Kind.REGULAR, corrects=None).order_by("-week", "-pk")
    draft, issued = (regular.filter(state=state)[0] for state in (Bulletin.State.DRAFT, Bulletin.State.ISSUED))
    order = MakeUpOrder.objects.open().select_related("organization")[0]
    own = secretary(branch)

    def at(name: str, *args: object) -> str:
        return reverse(name, args=args)

    return [
        Shot("office-home", "office", at("home")),
        Shot("office-home-en", "office", at("home"), language="en"),
        Shot("branch-home-phone", own, at("home"), width=360, height=740),
        Shot("branch-home-desktop", own, at("home")),
        Shot("transition-review", supervisor, at("supervision:transition", waiting.pk), height=1100),
        Shot("weekly-grid", "general", at("reports:weekly")),
        Shot("dashboard", "leader", at("reports:dashboard"), height=1100),
        Shot("dashboard-screen", "leader", f"{at('reports:dashboard')}?screen=1", width=1920, height=1080),
        Shot("inbox", "office", at("accounts:inbox")),
        Shot("roster-preview", "general", at("units:roster_import"), act=_upload, height=1100),
        Shot("tree", "office", at("units:tree")),
        Shot("members", "general", at("units:members")),
        Shot("composition", "general", at("units:composition")),
        Shot("plan", "office", at("campaign:plan")),
        Shot("progress", "office", at("campaign:participations")),
        Shot("branch-phone", own, at("campaign:branch", branch.pk), width=360, height=740),
        Shot("activity-phone", own, at("campaign:activity_new", branch.pk), width=360, height=1400),
        Shot("study", own, at("campaign:study", branch.pk)),
        Shot("gate", secretary(branch.parent), at("supervision:gate", busy.pk), height=1100),
        Shot("gate-en", secretary(branch.parent), at("supervision:gate", busy.pk), height=1100, language="en"),
        Shot("makeup", secretary(order.organization), at("supervision:makeup", order.pk)),
        Shot("bulletin-edit", "general", at("reports:bulletin_edit", draft.pk), height=1100),
        Shot("bulletin", "general", at("reports:bulletin", issued.pk), height=1100),
        Shot("summary", "general", at("reports:summary")),
        Shot("survey", "general", at("assessments:survey", Survey.objects.order_by("pk")[0].pk)),
        Shot("audit", "auditor", at("units:audit")),
    ]


@contextmanager
def _serving() -> Iterator[str]:
    """The site on a free port of the loopback, for as long as the block lasts."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"], cwd=ROOT)
    try:
        for _ in range(200):
            if server.poll() is not None:
                raise SystemExit("the server stopped; see above")
            try:
                urllib.request.urlopen(f"{url}/healthz", timeout=2)
                break
            except OSError:
                time.sleep(0.1)
        else:
            raise SystemExit("the server did not answer within 20 seconds")
        yield url
    finally:
        server.terminate()
        server.wait(timeout=10)


def _sessions(users: set[str]) -> dict[str, str]:
    """A session key for each user name."""
    from django.test import Client

    from accounts.models import User

    keys = {}
    for user in User.objects.filter(username__in=users):
        client = Client()
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        keys[user.username] = client.cookies["sessionid"].value
    return keys


def take(browser: Browser, shot: Shot, url: str, session: str, folder: Path) -> list[str]:
    """Write one picture; returns what the page complained about."""
    complaints: list[str] = []
    context = browser.new_context(
        base_url=url,
        viewport={"width": shot.width, "height": shot.height},
        locale="en-GB" if shot.language == "en" else "zh-CN",
        timezone_id="Asia/Shanghai",
        has_touch=shot.phone,
        is_mobile=shot.phone,
        device_scale_factor=2 if shot.phone else 1,
    )
    cookies = {"sessionid": session, "django_language": shot.language}
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    answer = page.goto(shot.path)
    if answer is None or not answer.ok:
        complaints.append(f"{shot.path} answered {answer.status if answer else 'nothing'}")
    if shot.act:
        shot.act(page)
    page.evaluate("document.fonts.ready")
    page.screenshot(path=folder / f"{shot.name}.png", full_page=shot.full)
    context.close()
    return complaints


def _build(database: Path) -> None:
    """Migrate, and load the demonstration unless it is there."""
    for command in (["migrate", "--verbosity", "0"], ["demo", "--if-empty"]):
        subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="*", default=[], help="names of pictures")
    parser.add_argument("--database", type=Path, help="a SQLite file to build in or to take up again")
    parser.add_argument("--into", type=Path, default=IMAGES, help="the folder of the pictures")
    parser.add_argument("--full", action="store_true", help="whole pages, not only what fits the window")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        database = given.database or Path(scratch) / "shots.sqlite3"
        os.environ["DATABASE_URL"] = f"sqlite:///{database.resolve()}"
        os.environ["MEDIA_ROOT"] = str(Path(scratch) / "media")
        os.environ["DJANGO_SETTINGS_MODULE"] = "campaign.settings"
        os.environ["LOG_LEVEL"] = "WARNING"
        os.environ.pop("REDIS_URL", None)  # a job then runs in the request: its page is complete at once
        _build(database)
        import django

        django.setup()
        shots = [shot for shot in plan() if not given.only or shot.name in given.only]
        sessions = _sessions({shot.user for shot in shots})
        given.into.mkdir(parents=True, exist_ok=True)
        bad = 0
        with _serving() as url, sync_playwright() as playwright:
            browser = playwright.chromium.launch(**launch_arguments())
            for shot in shots:
                wanted = Shot(**{**vars(shot), "full": shot.full or given.full})
                complaints = take(browser, wanted, url, sessions[shot.user], given.into)
                size = (given.into / f"{shot.name}.png").stat().st_size // 1024
                sys.stdout.write(f"{shot.name}.png  {size} KB\n")
                for complaint in complaints:
                    bad += 1
                    sys.stderr.write(f"  {complaint}\n")
            browser.close()
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
