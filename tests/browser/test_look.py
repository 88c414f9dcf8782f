"""Every component in every state, and the pages outside the shell: accessible, within the window, silent."""

import pytest
from playwright.sync_api import expect

from accounts.tests.factories import PASSWORD, UserFactory
from tests.browser.conftest import PHONE, Screen, sound

pytestmark = [pytest.mark.urls("tests.browser.urls"), pytest.mark.django_db(transaction=True)]
SIGN_IN = "/accounts/sign-in/"
LABELS = {"zh-hans": ("用户名", "密码", "登录"), "en": ("Username", "Password", "Sign in")}


def test_style_guide(new_page, screen: Screen):
    page = new_page(screen, user=UserFactory())
    page.goto("/styleguide/")
    sound(page)


def test_sign_in(page, screen: Screen):
    UserFactory(username="hexiuzhi")
    user_name, password, button = LABELS[screen.language]
    page.goto(f"{SIGN_IN}?next=/a-form/")
    sound(page)
    page.get_by_label(user_name).fill("hexiuzhi")
    page.get_by_label(password).fill("wrong")
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("alert")).to_be_visible()
    sound(page)
    page.get_by_label(password).fill(PASSWORD)
    page.get_by_role("button", name=button).click()
    page.wait_for_url("**/a-form/")


def test_sign_in_and_a_form_without_script(new_page):
    UserFactory(username="hexiuzhi")
    page = new_page(PHONE, script=False)
    page.goto(f"{SIGN_IN}?next=/a-form/")
    page.get_by_label("用户名").fill("hexiuzhi")
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("活动名称").fill("集中学习")
    page.get_by_role("button", name="记下这次活动").click()
    expect(page.get_by_role("alert")).to_contain_text("处要改")
    expect(page.get_by_label("活动名称")).to_have_value("集中学习")


def test_the_language_switch_stays_on_the_page(new_page):
    page = new_page()
    page.goto(f"{SIGN_IN}?next=/a-form/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith(f"{SIGN_IN}?next=/a-form/")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_a_page_that_is_not_there(new_page, screen, complaints):
    complaints.forgive("404 (Not Found)")
    page = new_page(screen, user=UserFactory())
    page.goto("/no-such-page/")
    sound(page)


def test_the_phone_menu_opens_and_closes(new_page):
    page = new_page(PHONE, user=UserFactory())
    page.goto("/a-form/")
    menu = page.locator("#menu")
    menu.locator("summary").click()
    expect(menu.get_by_role("button", name="退出")).to_be_visible()
    sound(page)
    page.keyboard.press("Escape")
    expect(menu.get_by_role("button", name="退出")).to_be_hidden()
    expect(menu.locator("summary")).to_be_focused()
