"""Every page of each role's menu, on the telephone and at the desk, in both languages: accessible, within the window,
silent, and in one language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Page

from accounts import clock
from assessments.tests.factories import survey_round
from campaign.tests.factories import record
from reports.actions import bulletins
from reports.tests.factories import send, this_week, unit_rule
from supervision.models import SupervisionGroup
from supervision.tests.factories import applied, make_supervised_world, ordered
from tests.access.declared import matrix
from tests.access.entries import Entry
from tests.access.world import World
from tests.browser.conftest import PHONE, Screen, fits, icons, sound
from units.models import Member, Organization, WorkUnit

pytestmark = pytest.mark.django_db(transaction=True)

# What is said, apart from data, documents (lang="zh-Hans") and the other language's own name.
VISIBLE = """() => {
  const said = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walk.nextNode(); node; node = walk.nextNode()) {
    const place = node.parentElement, text = node.textContent.trim();
    if (!text || place.closest("script, style, option, textarea, form[action*=setlang], .visually-hidden")) continue;
    if (place.getClientRects().length) said.push([text, Boolean(place.closest("main [lang]"))]);
  }
  return said;
}"""
LABELS = """() => [...document.querySelectorAll("main h1, main h2, main th[scope=col], main label, main button, nav a")]
  .filter((place) => !place.closest("[lang]:not(html)") && !place.closest("tbody, .picks, .crumbs, .tabs")
    && place.getClientRects().length).map((place) => place.innerText.trim())"""
ENGLISH = re.compile(r"(?:\b[A-Za-z]{2,}[ ,]+){2,}[A-Za-z]{2,}")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def one_language(page: Page, language: str) -> None:
    """No English sentence on a Chinese page; no Chinese on the labels of an English one."""
    if language == "en":
        # a unit's or person's own name within a heading is data
        found = [text for text in page.evaluate(LABELS) if CHINESE.search(text) and not re.search("[A-Za-z]", text)]
        found = [text for text in found if text not in DATA]
    else:
        found = [text for text, marked in page.evaluate(VISIBLE) if not marked and ENGLISH.search(text)]
    assert not found, f"{page.url} ({language}): {found}"


DATA: set[str] = set()


def texts_of(value: Any) -> Iterator[str]:
    """Every text of a playbook: data, in the words of its jurisdiction."""
    if isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from texts_of(each)
    elif isinstance(value, str):
        yield value


@pytest.fixture
def w():
    """A county where something of everything has happened."""
    w = make_supervised_world()
    record(w, w.t.health_1, people=w.t.members["Z003"], action="leader_lecture", hours=6, concentrated=True)
    w.transition = applied(w)
    w.order = ordered(w, name="archives")
    w.report = send(w.p.health, unit_rule(w), w.c.secretary)
    w.bulletin = bulletins.draft_bulletin(by=w.c.office, batch=w.batch, week=this_week())
    instrument = w.playbook.instruments[0]
    w.survey = survey_round(w, w.p.court, instrument, by=w.c.general)
    DATA.update(texts_of(w.batch.campaign.snapshot))
    for model in (Organization, WorkUnit, Member, SupervisionGroup):
        DATA.update(model.objects.values_list("name", flat=True))
    DATA.update((w.batch.name, w.batch.campaign.name, w.batch.campaign.short_name))
    return w


def pages_of(w, role: str) -> list[str]:
    """The pages of a role that no menu shows, by what it does there."""
    branch, health = w.t.health_1.pk, w.p.health.pk
    every = {
        "office": [
            reverse("units:organization", args=[w.t.health.pk]),
            reverse("units:member", args=[w.t.members["Z003"][0].pk]),
            reverse("units:composition"),
            reverse("units:work_units"),
            reverse("units:roster_import"),
            reverse("units:roster_export"),
            reverse("units:posts"),
            reverse("campaign:setup"),
            reverse("campaign:participation", args=[health]),
            reverse("supervision:group", args=[w.group.pk]),
            reverse("assessments:survey", args=[w.survey.pk]),
            reverse("reports:report", args=[w.report.pk]),
            reverse("reports:bulletin", args=[w.bulletin.pk]),
            reverse("reports:bulletin_edit", args=[w.bulletin.pk]),
        ],
        "branch": [
            reverse("campaign:branch", args=[branch]),
            reverse("campaign:activity_new", args=[branch]),
            reverse("campaign:coverage", args=[branch]),
            reverse("accounts:change_password"),
        ],
        "secretary": [
            reverse("supervision:gate", args=[health]),
            reverse("supervision:transition", args=[w.transition.pk]),
            reverse("reports:mine"),
        ],
        "guide": [
            reverse("supervision:transition", args=[w.transition.pk]),
            reverse("supervision:makeup", args=[w.order.pk]),
            reverse("supervision:makeup_new", args=[health]),
        ],
        "archives": [
            reverse("supervision:makeup", args=[w.order.pk]),
            reverse("supervision:gate", args=[w.p.archives.pk]),
        ],
    }
    return [*every.get(role, []), reverse("accounts:inbox"), reverse("jobs:list")]


ROLES = ["office", "branch", "secretary", "guide", "archives", "leader", "auditor", "sysadmin", "secadmin", "member"]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("role", ROLES)
def test_every_page_of_the_role(w, new_page, role: str, language: str):
    page = new_page(Screen(1280, language), user=getattr(w.c, role))
    page.goto("/")
    menu = page.evaluate("[...document.querySelectorAll('nav a[href^=\"/\"]')].map((link) => link.pathname)")
    assert menu, "a menu without links"
    wrong = []
    for path in dict.fromkeys(["/", *menu, *pages_of(w, role)]):
        answer = page.goto(path)
        if answer is None or not answer.ok:
            wrong.append(f"{path} answered {answer and answer.status}")
            continue
        wrong += faults(page, language)
    assert not wrong, "\n\n".join(wrong)


def faults(page: Page, language: str) -> list[str]:
    """What is wrong with this page at the desk and on the telephone; axe needs to hear one language a width only."""
    found = []
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        heard = (width == 360) == (language == "zh-hans")
        for rule in (sound if heard else fits, icons, lambda page: one_language(page, language)):
            try:
                rule(page)
            except AssertionError as fault:
                found.append(f"{width}: " + str(fault).split("\nassert")[0])
    return found


# ---------------------------------------------------------------- every page that is routed, with something on it
PREFERRED = ("branch_secretary", "organization_secretary", "office_head", "unit_branch_secretary", "member")
NO_PAGES = {"healthz", "readyz", "accounts:open_notification"}
THE_MOMENT = dt.datetime(2026, 11, 19, 10, 0)  # as in the access matrix: a day in the middle of the sample campaign


def reader(entry: Entry) -> str:
    """Who looks at the page: the person whose daily work it is."""
    return next((name for name in PREFERRED if name in entry.ok), min(entry.ok))


def visit(page: Page, path: str) -> str:
    """What is wrong with one page on the telephone; nothing of a file that is sent."""
    try:
        answer = page.goto(path)
    except PlaywrightError as fault:
        if "Download is starting" in fault.message:
            return ""
        raise
    if answer is None or not answer.ok:
        return f"{path} answered {answer and answer.status}"
    if "text/html" not in answer.headers.get("content-type", ""):
        return ""
    for rule in (sound, lambda page: one_language(page, "zh-hans")):
        try:
            rule(page)
        except AssertionError as fault:
            return str(fault).split("\nassert")[0]
    return ""


@pytest.mark.parametrize("part", ["campaign", "rest"])
def test_every_routed_page_on_the_telephone(part: str, new_page, monkeypatch: pytest.MonkeyPatch):
    moment = timezone.make_aware(THE_MOMENT)
    monkeypatch.setattr(clock, "now", lambda: moment)  # for the server's threads too
    world = World()
    pages: dict[str, list[Entry]] = {}
    for entry in matrix.entries:
        in_part = entry.name.startswith("campaign:") == (part == "campaign")
        if entry.method == "GET" and entry.ok and entry.name not in NO_PAGES and in_part:
            pages.setdefault(reader(entry), []).append(entry)
    wrong, seen = [], 0
    for name, entries in pages.items():
        page = new_page(PHONE, user=world.people.get(name))
        for entry in entries:
            thing = world.things.get(name) if entry.personal else world.place_of(name)
            fault = visit(page, f"{entry.url(thing)}?{urlencode(entry.data(thing))}")
            wrong += [f"{entry} as {name}: {fault}"] if fault else []
            seen += 1
        page.context.close()
    assert seen > 60, "the routes are declared in tests/access/declared.py"
    assert not wrong, "\n\n".join(wrong)
