"""The dashboard on a big screen: it fetches itself anew, keeps its place, and says when that failed."""

import pytest
from playwright.sync_api import expect

from campaign.tests.factories import make_world
from tests.browser.conftest import Screen, sound

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_refreshes_itself_keeps_its_place_and_says_when_that_failed(new_page, complaints):
    complaints.forgive("ERR_FAILED")
    complaints.forgive("htmx")  # the script's own word for it
    w = make_world()
    page = new_page(Screen(1280, "zh-hans"), user=w.c.office)
    page.clock.install()
    page.goto("/reports/dashboard/?screen=1")
    sound(page)
    page.evaluate("document.querySelector('#screen').dataset.old = '1'")
    page.evaluate("window.scrollTo(0, 300)")
    failed = page.locator("#screen-failed")
    expect(failed).to_be_hidden()
    page.route("**/dashboard/**", lambda route: route.abort())
    page.clock.fast_forward(61_000)
    expect(failed).to_contain_text("刷新失败")
    expect(page.locator("#screen[data-old] .page-sub")).to_contain_text("数据截至")
    page.unroute("**/dashboard/**")
    page.clock.fast_forward(61_000)
    expect(failed).to_be_hidden()
    expect(page.locator("#screen:not([data-old]) h1")).to_have_text("中共青岚县委员会")
    assert page.evaluate("window.scrollY") == 300


def test_without_a_script_the_browser_refreshes_it(new_page):
    w = make_world()
    page = new_page(Screen(1280, "zh-hans"), user=w.c.office, script=False)
    page.goto("/reports/dashboard/?screen=1")
    assert page.locator("meta[http-equiv=refresh]").get_attribute("content") == "60"
