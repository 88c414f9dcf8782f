"""app.js: drafts, unsaved changes, a form sent once, check all."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from accounts.tests.factories import PASSWORD, UserFactory

pytestmark = [pytest.mark.urls("tests.browser.urls"), pytest.mark.django_db(transaction=True)]
OFFER = "没有提交的草稿"


@pytest.fixture
def form(new_page) -> Page:
    page = new_page(user=UserFactory())
    page.goto("/a-form/")
    return page


def type_a_title(page: Page, text: str) -> None:
    """Type, and wait until the draft is kept."""
    page.get_by_label("活动名称").fill(text)
    page.wait_for_function("text => Object.values(localStorage).some(kept => kept.includes(text))", arg=text)


def leave(page: Page, path: str) -> None:
    """Go elsewhere, answering the question about unsaved changes."""
    page.once("dialog", lambda dialog: dialog.accept())
    page.goto(path)


def fill_in(page: Page) -> None:
    page.get_by_label("日期").fill("2026-04-02")
    page.get_by_label("学时").fill("2")
    page.get_by_label("种类").select_option("study")
    page.get_by_label("本单位").check()


class TestDrafts:
    def test_is_offered_and_taken_up(self, form):
        type_a_title(form, "专题学习")
        form.get_by_label("离退休党员").check()
        form.get_by_label("外出").check()
        form.wait_for_timeout(600)
        leave(form, "/a-form/")
        expect(form.get_by_text(OFFER)).to_be_visible()
        expect(form.get_by_label("活动名称")).to_have_value("")
        form.get_by_role("button", name="接着写").click()
        expect(form.get_by_label("活动名称")).to_have_value("专题学习")
        expect(form.get_by_label("离退休党员")).to_be_checked()
        expect(form.get_by_label("在职党员")).not_to_be_checked()
        expect(form.get_by_label("外出")).to_be_checked()

    def test_is_not_lost_to_another(self, form):
        type_a_title(form, "先写的")
        leave(form, "/a-form/")
        type_a_title(form, "后写的")  # without an answer to what is offered
        leave(form, "/a-form/")
        for title in ("后写的", "先写的"):
            form.get_by_role("button", name="接着写").click()
            expect(form.get_by_label("活动名称")).to_have_value(title)

    def test_is_gone_when_discarded(self, form):
        type_a_title(form, "专题学习")
        leave(form, "/a-form/")
        form.get_by_role("button", name="不要了").click()
        form.goto("/a-form/")
        expect(form.get_by_text(OFFER)).to_have_count(0)

    def test_is_gone_when_the_server_has_taken_it(self, form):
        type_a_title(form, "专题学习")
        fill_in(form)
        form.get_by_role("button", name="记下这次活动").click()
        expect(form.get_by_role("heading", name="taken")).to_be_visible()
        form.get_by_role("link", name="back").click()
        expect(form.get_by_text(OFFER)).to_have_count(0)

    def test_stays_when_the_server_refused_it(self, form):
        type_a_title(form, "专题学习")
        form.get_by_role("button", name="记下这次活动").click()
        expect(form.get_by_role("alert")).to_be_focused()
        form.goto("/a-form/")
        expect(form.get_by_text(OFFER)).to_be_visible()

    def test_stays_when_the_server_failed(self, form, complaints):
        complaints.forgive("500")
        type_a_title(form, "专题学习")
        form.route("**/a-form/", lambda route: route.fulfill(status=500, body="broken"))
        form.get_by_role("button", name="记下这次活动").click()
        expect(form.get_by_text("broken")).to_be_visible()
        form.unroute("**/a-form/")
        form.goto("/a-form/")
        expect(form.get_by_text(OFFER)).to_be_visible()

    def test_goes_with_its_owner(self, form, new_page):
        type_a_title(form, "专题学习")
        form.once("dialog", lambda dialog: dialog.accept())
        form.locator(".menu.no-phone > summary").click()
        form.get_by_role("button", name="退出").click()
        form.wait_for_url("**/accounts/sign-in/**")
        assert form.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:')).length") == 0

    def test_stays_when_the_session_had_ended(self, form, complaints):
        type_a_title(form, "专题学习")
        fill_in(form)
        user = User.objects.get()
        form.context.clear_cookies(name="sessionid")
        form.get_by_role("button", name="记下这次活动").click()
        form.wait_for_url("**/accounts/sign-in/**")
        form.get_by_label("用户名").fill(user.username)
        form.get_by_label("密码").fill(PASSWORD)
        form.get_by_role("button", name="登录").click()
        expect(form.get_by_text(OFFER)).to_be_visible()


class TestLeaving:
    def test_asks_when_something_is_unsaved(self, form):
        asked = []
        form.get_by_label("活动名称").fill("专题学习")
        form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        form.locator("#away").click()
        form.wait_for_url("**/styleguide/")
        assert asked == ["beforeunload"]

    def test_does_not_ask_when_nothing_changed(self, form):
        asked = []
        form.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
        form.locator("#away").click()
        form.wait_for_url("**/styleguide/")
        assert asked == []


def test_a_form_is_sent_once(form):
    form.evaluate(
        "window.sent = 0; window.addEventListener('submit', (e) => { window.sent += 1; e.preventDefault(); })"
    )
    button = form.locator("button.btn-primary")
    button.click()
    expect(button).to_be_disabled()
    expect(button).to_have_attribute("aria-busy", "true")
    expect(button).to_have_text("正在办理…")
    button.evaluate("button => button.click()")
    assert form.evaluate("window.sent") == 1


def test_check_all_and_the_count(form):
    everything = form.get_by_label("all", exact=True)
    count = form.locator("[data-check-count]")
    form.get_by_label("a", exact=True).check()
    expect(count).to_have_text("1")
    assert everything.evaluate("box => box.indeterminate")
    everything.check()
    expect(count).to_have_text("3")
    form.get_by_label("b", exact=True).uncheck()
    expect(everything).not_to_be_checked()
    expect(count).to_have_text("2")


def test_characters_are_counted_while_typing(form):
    form.get_by_label("经过").fill("学习 党章")
    expect(form.locator(".char-count")).to_have_text("4 / 2,000 字")
