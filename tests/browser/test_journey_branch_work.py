"""A branch on the telephone: talks ticked, a box for opinions, an item mended and shown to all, attendance by taps."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import clock
from campaign.models import Opinion, OpinionBox, PublicLedger, RectificationItem, Talk
from campaign.tests.factories import make_world, record
from tests.browser.conftest import DESKTOP, PHONE, sound
from tests.browser.support import button, fill, ok, press, send, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def w():
    return make_world()


def opened(w, new_page, name, user=None):
    """A page of the branch on its secretary's telephone."""
    page = new_page(PHONE, user=user or w.c.branch)
    page.goto(reverse(name, args=[w.t.health_1.pk]))
    sound(page)
    return page


def test_ticks_talks_as_held(w, new_page):
    page = opened(w, new_page, "campaign:talks")
    boxes = page.locator("main [name=pick]")
    first = boxes.first
    partner = page.locator(f"[name='with.{first.get_attribute('value')}']")
    if partner.locator("option").count() > 1:
        partner.select_option(index=1)
    first.check()
    expect(page.locator("[data-check-count=pick]")).to_have_text("1")
    before = boxes.count()
    press(page, "Tick talks as held")
    ok(page)
    sound(page)
    talk = Talk.objects.get()
    assert talk.recorded_by == w.c.branch and talk.held_on == clock.today()
    assert boxes.count() < before


def test_an_opinion_comes_through_the_box_without_an_account(w, new_page, complaints):
    page = opened(w, new_page, "campaign:boxes")
    fill(page, title="请您提意见", until=(clock.today() + dt.timedelta(days=5)).isoformat())
    press(page, "Open the box")
    ok(page)
    box = OpinionBox.objects.get()
    page.goto(reverse("campaign:box_poster", args=[box.pk]))
    sound(page)
    address = page.locator("main .poster-a").first.inner_text()
    assert box.token in address

    complaints.forgive("422")  # an empty opinion
    passer_by = new_page(PHONE, script=False)
    passer_by.goto(reverse("campaign:box", args=[box.token]))
    send(passer_by, passer_by.locator("main button"))
    expect(passer_by.get_by_role("alert")).to_be_visible()  # nothing written yet
    passer_by.locator("[name=text]").fill("窗口中午没有人。")
    send(passer_by, passer_by.locator("main button"))
    expect(passer_by.get_by_role("status")).to_be_visible()
    assert not passer_by.context.cookies() or all("session" not in c["name"] for c in passer_by.context.cookies())
    assert Opinion.objects.get().text == "窗口中午没有人。"

    page.goto(reverse("campaign:opinions", args=[w.t.health_1.pk]))
    told(page, "窗口中午没有人。")


def test_an_item_is_said_done_by_one_confirmed_by_another_and_shown_to_all(w, new_page):
    page = opened(w, new_page, "campaign:rectification_new")
    page.locator("[name=kind]").select_option(index=1)
    fill(page, problem="窗口中午没有人", measure="中午轮流值班", responsible_name="办公室")
    if page.locator("[name=deadline]").count():
        fill(page, deadline=(clock.today() + dt.timedelta(days=10)).isoformat())
    page.locator("[name=public]").check()
    press(page, "Register this item")
    ok(page)
    item = RectificationItem.objects.get()
    address = reverse("campaign:rectification_item", args=[item.pk])
    page.goto(address)
    fill(page, text="已排出值班表。")
    press(page, "Report it done")
    ok(page)
    sound(page)
    expect(button(page, "Confirm the close-out")).to_have_count(0)  # not by the one who said so

    other = new_page(PHONE, user=w.c.secretary)
    other.goto(address)
    sound(other)
    told(other, "已排出值班表。")
    press(other, "Confirm the close-out")
    ok(other)
    item.refresh_from_db()
    assert item.state == RectificationItem.State.CLOSED and item.closed_by == w.c.secretary

    page.goto(reverse("campaign:public_ledger", args=[w.t.health_1.pk]))
    fill(page, commitment="群众来办事，不让一人空跑。")
    press(page, "Publish the ledger")
    sound(page)
    for screen in (PHONE, DESKTOP):
        anybody = new_page(screen)
        anybody.goto(reverse("campaign:public_page", args=[PublicLedger.objects.get().token]))
        sound(anybody)
        told(anybody, "群众来办事，不让一人空跑。")
        told(anybody, "窗口中午没有人")
        expect(anybody.locator("main")).not_to_contain_text("办公室")  # nobody is named to the public


def test_calls_the_roll_by_tapping(w, new_page):
    people = w.t.members["Z003"]
    activity = record(w, w.t.health_1, days_ago=0, people=[])
    page = new_page(PHONE, user=w.c.branch)
    page.goto(reverse("campaign:activity", args=[activity.pk]))
    send(page, page.locator(f"main a[href='{reverse('campaign:attendance', args=[activity.pk])}']").first)
    sound(page)
    page.locator("[data-set-all=present]").tap()
    expect(page.locator("[data-state-count=present]")).to_have_text("3")
    page.locator(f"label.t-absent:has([name='m-{people[1].pk}'])").tap()
    expect(page.locator("[data-state-count=absent]")).to_have_text("1")
    press(page, "Save attendance")
    ok(page)
    assert {row.member for row in activity.attendances.all()} == {people[0], people[2]}
