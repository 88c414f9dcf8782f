"""Writing where there is no signal: nothing is lost, nothing is sent twice, and no ballot comes near the worker."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD
from campaign.tests.factories import make_world
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


def worker_knows_nobody(page: Page) -> None:
    """It keeps its page and static files alone, and no ballot is under it."""
    assert page.evaluate("Boolean(navigator.serviceWorker.controller)")
    kept = page.evaluate(
        "caches.keys().then(names => Promise.all(names.map(name => caches.open(name).then(cache => cache.keys()))))"
        ".then(found => found.flat().map(request => new URL(request.url).pathname))"
    )
    assert {path.split("/")[1] for path in kept} == {"static", "offline"}
    page.goto(reverse("voting:start"))
    assert page.evaluate("navigator.serviceWorker.controller") is None
    assert page.evaluate("navigator.serviceWorker.getRegistration().then(Boolean)") is False


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
    page.get_by_role("button", name="接着写").tap()
    expect(page.locator("[name=progress]")).to_have_value(f"{first}{second}还在电梯里。")
    send(page, page.locator(SENT))
    report.refresh_from_db()
    assert (report.state, report.contents["progress"]) == ("submitted", f"{first}{second}还在电梯里。")
    assert (Report.objects.count(), drafts(page)) == (1, 0)
    worker_knows_nobody(page)


def test_a_text_of_another_device_is_not_written_over(page, w, new_page, complaints):
    complaints.forgive("409")
    fill(page, progress="手机上写的")
    says(page, "The draft is saved on the server, %(time)s.")
    desk = new_page(DESKTOP, user=w.c.secretary)
    open_report(desk, w)
    fill(desk, progress="电脑上写的")
    says(desk, "The draft is saved on the server, %(time)s.")
    fill(page, progress="手机上接着写的")
    expect(page.locator(".draft-status")).to_contain_text("另一台设备", timeout=12_000)
    send(page, page.get_by_role("button", name=words("Compare both texts")))
    expect(page.locator("[name=progress]")).to_have_value("手机上接着写的")
    expect(page.locator("main form")).to_contain_text("电脑上写的")
    assert Report.objects.get().contents["progress"] == "电脑上写的"


def test_an_answer_that_got_lost_is_no_conflict_with_oneself(page, w, complaints):
    complaints.forgive("ERR_FAILED")
    complaints.forgive("409")

    def lose(route):
        route.fetch()
        route.abort()

    page.route("**/reports/new/**", lose, times=1)
    fill(page, **contents(unit_rule(w), "甲"))
    says(page, "No connection. Kept on this device {time}; it is saved on the server when the connection is back.")
    assert Report.objects.get().version == 2  # it had arrived
    fill(page, progress="乙")
    says(page, "The draft is saved on the server, %(time)s.")
    assert Report.objects.get().contents["progress"] == "乙"


def test_the_text_outlives_the_session(page, w, complaints):
    complaints.forgive("403")
    page.context.clear_cookies(name="sessionid")
    fill(page, progress="会话过期以后写的")
    says(page, "You are signed out. Kept on this device {time}; it is here again after you sign in.")
    sound(page)
    other = page.context.new_page()
    other.goto(reverse("accounts:sign_in"))
    other.get_by_label("用户名").fill(w.c.secretary.username)
    other.get_by_label("密码").fill(PASSWORD)
    other.get_by_role("button", name="登录").tap()
    other.wait_for_url("**/")
    fill(page, progress="会话过期以后写的，接着写")  # its token is void since; a new one is fetched
    says(page, "The draft is saved on the server, %(time)s.")
    assert Report.objects.get().contents["progress"] == "会话过期以后写的，接着写"


def test_signing_out_warns_and_forgets(page, w, complaints):
    complaints.forgive("ERR_FAILED")
    page.context.set_offline(True)
    fill(page, progress="没有发出去的")
    says(page, "No connection. Kept on this device {time}; it is saved on the server when the connection is back.")
    leave = page.locator("#menu form[data-forget] button")
    page.locator("#menu > summary").tap()
    leave.tap()  # nobody would hear of it
    expect(page.get_by_role("alert")).to_have_text(
        words("No connection: you cannot sign out now. Close the browser, or sign out when the connection is back.")
    )
    page.route("**/reports/new/**", lambda route: route.abort())
    page.context.set_offline(False)
    asked = []
    page.on("dialog", lambda dialog: (asked.append((dialog.type, dialog.message)), dialog.accept()))
    page.locator("#menu").evaluate("menu => { menu.open = true; }")
    leave.tap()
    page.wait_for_url("**/accounts/sign-in/**")
    assert [kind for kind, _message in asked] == ["confirm"]
    assert words("These drafts on this device have not been sent. Signing out deletes them. Sign out?") in asked[0][1]
    assert drafts(page) == 0
