"""Coming in: the lock after five failures, a first password, idle sign-out, another language."""

import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from accounts.tests.factories import PASSWORD, UserFactory
from campaign.tests.factories import make_world
from tests.browser.conftest import DESKTOP, PHONE, sound
from tests.browser.support import send, words

pytestmark = pytest.mark.django_db(transaction=True)


def come_in(page: Page, password: str) -> None:
    page.locator("[name=username]").fill("hexiuzhi")
    page.locator("[name=password]").fill(password)
    send(page, page.get_by_role("button", name=words("Sign in")))


def test_locks_after_five_failures(new_page, complaints):
    complaints.forgive("429")
    UserFactory(username="hexiuzhi")
    page = new_page(PHONE)
    page.goto("/accounts/sign-in/")
    for _attempt in range(5):
        come_in(page, "wrong")
    sound(page)
    page.goto("/accounts/sign-in/")
    come_in(page, PASSWORD)
    sound(page)
    page.goto("/")
    assert "/accounts/sign-in/" in page.url


def test_a_first_password_must_be_changed(new_page):
    UserFactory(username="hexiuzhi", must_change_password=True)
    page = new_page(DESKTOP)
    page.goto("/accounts/sign-in/")
    come_in(page, PASSWORD)
    page.goto("/accounts/inbox/")
    assert page.url.endswith("/accounts/password/")
    sound(page)
    page.locator("[name=old_password]").fill(PASSWORD)
    page.locator("[name=new_password1]").fill("abc")
    page.locator("[name=new_password2]").fill("abc")
    send(page, page.get_by_role("button", name=words("Change password")))
    expect(page.locator(".invalid-feedback").first).to_be_visible()
    page.locator("[name=old_password]").fill(PASSWORD)
    page.locator("[name=new_password1]").fill("Xuexi-2026")
    page.locator("[name=new_password2]").fill("Xuexi-2026")
    send(page, page.get_by_role("button", name=words("Change password")))
    page.goto("/accounts/inbox/")
    assert page.url.endswith("/accounts/inbox/")


def test_is_signed_out_after_idle_minutes(new_page, settings):
    page = new_page(DESKTOP, user=UserFactory())
    page.goto("/")
    session = Session.objects.get()
    store = session.get_session_store_class()(session.session_key)
    store["seen"] = time.time() - settings.IDLE_MINUTES * 60 - 5
    store.save()
    page.goto("/accounts/inbox/")
    assert "/accounts/sign-in/?next=/accounts/inbox/" in page.url
    expect(page.get_by_text(words("You were signed out after a while without activity."))).to_be_visible()


def test_another_language_stays(new_page):
    w = make_world()
    page = new_page(DESKTOP, user=w.c.office)
    page.goto("/campaign/participations/")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.url.endswith("/campaign/participations/")
    page.goto("/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Workbench")
