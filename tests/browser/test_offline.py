"""Writing where there is no signal: nothing is lost, nothing is sent twice, and no ballot comes near the worker."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD
from campaign.tests.factories import make_world
from reports.actions import reports as actions
from reports.models import Report
from reports.tests.factories import fill as contents
from reports.tests.factories import this_week, unit_rule
from tests.browser.conftest import DESKTOP, PHONE, sound
from tests.browser.support import fill, send, words

pytestmark = pytest.mark.django_db(transaction=True)
SENT = "main button[value=submit]"


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def page(w, new_page, complaints) -> Page:
    """The secretary's telephone, with this week's report open."""
    complaints.forgive("ERR_INTERNET_DISCONNECTED")
    page = new_page(PHONE, user=w.c.secretary)
    open_report(page, w)
    return page


def open_report(page: Page, w) -> None:
    page.goto(reverse("reports:report_new", args=[w.p.health.pk, unit_rule(w).key, this_week().isoformat()]))


def says(page: Page, text: str) -> None:
    """The line of the form says this, whatever the time."""
    pattern = re.escape(words(text)).replace(r"\{time\}", r"\d\d:\d\d").replace(r"%\(time\)s", r"\d\d:\d\d")
    expect(page.locator(".draft-status")).to_have_text(re.compile(pattern), timeout=12_000)


def drafts(page: Page) -> int:
    return page.evaluate("Object.keys(localStorage).filter(name => name.startsWith('draft:')).length")


def test_a_report_is_written_on_a_phone_that_loses_its_line(page, w):
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    first, second = "本周召开动员会议1次。", "村里没有信号，接着写。"
    fill(page, **contents(unit_rule(w), ""))
    fill(page, progress=first)
    says(page, "Kept on this device {time}")
    says(page, "The draft is saved on the server, %(time)s.")
    report = Report.objects.get()
    assert (report.state, report.contents["progress"], drafts(page)) == ("draft", first, 0)

    page.context.set_offline(True)
    fill(page, progress=f"{first}{second}")
    says(page, "No connection. Kept on this device {time}; it is saved on the server when the connection is back.")
    page.locator(SENT).tap()
    says(page, "Not sent: no connection. Kept on this device {time}.")
    sound(page)
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()  # the telephone was off meanwhile
    expect(page.get_by_role("heading", level=1)).to_have_text(words("No connection"))
    kept = page.get_by_label(str(unit_rule(w).fields[0].name))
    expect(kept).to_have_value(f"{first}{second}")
    kept.fill(f"{first}{second}还在电梯里。")
    sound(page)

    page.context.set_offline(False)
    send(page, page.get_by_role("link", name=words("Go on in the form")))
    page.get_by_role("button", name=words("Take it up again")).or_(page.get_by_role("button", name="接着写")).tap()
    expect(page.locator("[name=progress]")).to_have_value(f"{first}{second}还在电梯里。")
    send(page, page.locator(SENT))
    report.refresh_from_db()
    assert (report.state, report.contents["progress"]) == ("submitted", f"{first}{second}还在电梯里。")
    assert (Report.objects.count(), drafts(page)) == (1, 0)
