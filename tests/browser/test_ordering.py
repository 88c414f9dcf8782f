"""The items of a bulletin are put into order by drag and by keyboard, and picked by both."""

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from campaign.tests.factories import make_world
from reports.actions import bulletins
from reports.actions import reports as actions
from reports.queries.bulletin import chosen
from reports.tests.factories import send as send_report
from reports.tests.factories import this_week, unit_rule
from tests.browser.conftest import DESKTOP, PHONE, sound

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def draft():
    """A draft with three items chosen and one to choose."""
    w = make_world()
    report = send_report(w.p.health, unit_rule(w), w.c.secretary)
    actions.accept_report(by=w.c.office, report=report, version=report.version)
    draft = bulletins.draft_bulletin(by=w.c.office, batch=w.batch, week=this_week())
    pks = list(draft.items.order_by("pk").values_list("pk", flat=True))
    bulletins.choose_items(by=w.c.office, bulletin=draft, items=pks[:3])
    draft.pks, draft.office = pks, w.c.office
    return draft


def order(draft) -> list[int]:
    draft._prefetched_objects_cache = {}
    return [draft.pks.index(item.pk) for item in chosen(draft)]


def saved(page: Page) -> None:
    expect(page.locator("#order-line")).to_contain_text("顺序已保存")


def drag(page: Page, grip: Locator, to: Locator) -> None:
    """Take hold, let the texts fold, and let go above `to`."""
    grip.evaluate("grip => grip.scrollIntoView({block: 'center', behavior: 'instant'})")
    box = grip.bounding_box()
    page.mouse.move(box["x"] + 8, box["y"] + 8)
    page.mouse.down()
    expect(page.locator("form.ordering")).to_be_visible()
    aim = to.bounding_box()
    page.mouse.move(aim["x"] + 40, aim["y"] + 3, steps=4)
    page.mouse.up()


def test_by_keyboard_and_by_mouse(draft, new_page):
    page = new_page(DESKTOP, user=draft.office)
    page.goto(reverse("reports:bulletin_edit", args=[draft.pk]))
    items = page.locator("[data-item]")
    text = items.nth(2).locator("textarea")
    text.fill("改了一半的正文")
    page.keyboard.press("Alt+ArrowUp")
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#order-line")).to_contain_text("第 1 条，共 3 条")
    expect(items.first.locator("textarea")).to_be_focused()
    saved(page)
    draft.refresh_from_db()
    assert (order(draft), draft.version) == ([2, 0, 1], 3)  # two steps, saved once
    sound(page)

    drag(page, items.nth(2).locator("[data-grip]"), items.first)
    saved(page)
    assert order(draft) == [1, 2, 0]
    # One of the reports, dragged in as the second; what was typed goes along.
    with page.expect_navigation():
        drag(page, page.locator("[data-candidate] [data-grip]").first, items.nth(1))
    assert order(draft) == [1, 3, 2, 0]
    assert draft.items.get(pk=draft.pks[2]).text == "改了一半的正文"


def test_on_a_phone_by_the_arrows_against_a_colleague(draft, new_page, complaints):
    complaints.forgive("409")
    page = new_page(PHONE, user=draft.office)
    page.goto(reverse("reports:bulletin_edit", args=[draft.pk]))
    sound(page)
    page.locator("button[value^=down-]").first.tap()
    saved(page)
    assert order(draft) == [1, 0, 2]
    draft.refresh_from_db()
    bulletins.edit(by=draft.office, bulletin=draft, fields={"editor_note": "同事的按语"})
    page.locator("button[value^=down-]").nth(1).tap()
    expect(page.locator("#order-line")).to_contain_text("顺序没有存上")
    with page.expect_navigation():
        page.locator("main .act-bar button[value=save]").tap()
    expect(page.locator("[data-item]").nth(1).locator("textarea")).to_have_value(draft.items.get(pk=draft.pks[2]).text)
    assert order(draft) == [1, 0, 2]
    with page.expect_navigation():
        page.locator("main .act-bar button[value=save]").tap()
    assert order(draft) == [1, 2, 0]
