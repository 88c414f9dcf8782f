"""A unit applies, the supervision group returns it, all agree, the meeting is held; a make-up is ordered and closed."""

import datetime as dt

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import clock
from accounts.models import AuditEntry
from campaign.models import StageProgress
from supervision.models import MakeUpOrder, Transition
from supervision.tests.factories import applied, make_supervised_world
from tests.browser.conftest import DESKTOP, PHONE, sound
from tests.browser.support import choose, fill, ok, press, send, told

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def w():
    return make_supervised_world()


def hand_in(page, n):
    for place in page.locator("main textarea").all():
        place.fill("全体党员参加了学习，记录齐全；下一阶段先征求意见，再谈心。")
    press(page, "Hand in application no. %(n)s", n=n)
    ok(page)


def submit_decision(page):
    send(page, page.locator("#decide button[type=submit]"))
    ok(page)


def test_applies_is_returned_applies_again_and_passes(w, new_page):
    secretary = new_page(PHONE, user=w.c.secretary)
    secretary.goto(reverse("supervision:gate", args=[w.p.health.pk]))
    sound(secretary)
    secretary.goto(reverse("supervision:apply", args=[w.p.health.pk]))
    sound(secretary)
    hand_in(secretary, 1)
    first = Transition.objects.get()

    supervisor = new_page(DESKTOP, user=w.c.guide)
    supervisor.goto("/")
    sound(supervisor)
    supervisor.goto(reverse("supervision:transitions"))
    sound(supervisor)
    supervisor.get_by_role("link", name="县卫生局").first.click()
    supervisor.wait_for_url(f"**{reverse('supervision:transition', args=[first.pk])}")
    sound(supervisor)
    choose(supervisor, "verdict", "return")
    part = supervisor.locator("#decide [name^=part_]").first
    part.check()
    supervisor.locator("#decide [name^=why_]:visible").first.fill("缺两个支部的学习情况，请补上。")
    fill(supervisor, mend_by=(clock.today() + dt.timedelta(days=5)).isoformat())
    sound(supervisor)
    submit_decision(supervisor)
    first.refresh_from_db()
    assert first.state == "returned"

    secretary.goto(reverse("supervision:transition", args=[first.pk]))
    told(secretary, "缺两个支部的学习情况，请补上。")
    sound(secretary)
    secretary.goto(reverse("supervision:apply", args=[w.p.health.pk]))
    hand_in(secretary, 2)
    second = Transition.objects.get(attempt=2)

    for user in (w.c.guide, w.c.office):
        page = new_page(DESKTOP, user=user)
        page.goto(reverse("supervision:transition", args=[second.pk]))
        sound(page)
        choose(page, "verdict", "agree")
        submit_decision(page)
    second.refresh_from_db()
    assert second.state == "approved"

    secretary.goto(reverse("supervision:meeting", args=[second.pk]))
    sound(secretary)
    fill(secretary, held_on=clock.today().isoformat(), place="三楼会议室", speaker="李文静", present=6)
    press(secretary, "Record the meeting and pass the stage")
    ok(secretary)
    second.refresh_from_db()
    assert second.state == "completed"
    current = StageProgress.objects.get(participation=w.p.health, state="current")
    assert current.stage == w.playbook.stages[1].key

    auditor = new_page(DESKTOP, user=w.c.auditor)
    auditor.goto(reverse("units:audit"))
    sound(auditor)
    row = auditor.locator("tbody tr", has_text="周明远").filter(has_text="县卫生局")
    expect(row.first).to_be_visible()
    label = AuditEntry.objects.filter(action__startswith="transition", actor_name="王德顺").count()
    assert label == 0  # the one who has a post there, but no seat in the group, decided nothing


def test_two_at_once_one_is_told_who_was_first(w, new_page):
    transition = applied(w)
    pages = [new_page(DESKTOP, user=user) for user in (w.c.guide, w.c.guide_2)]
    for page in pages:
        page.goto(reverse("supervision:transition", args=[transition.pk]))
        choose(page, "verdict", "agree")
    for page in pages:
        send(page, page.locator("#decide button[type=submit]"))
    expect(pages[1].locator("body")).to_contain_text("梁志远")
    assert transition.decisions.count() == 1


def test_a_make_up_is_ordered_done_and_re_checked(w, new_page):
    transition = applied(w)
    supervisor = new_page(DESKTOP, user=w.c.guide)
    supervisor.goto(reverse("supervision:transition", args=[transition.pk]))
    choose(supervisor, "verdict", "make_up")
    fill(supervisor, items="补记学习笔记", due_on=(clock.today() + dt.timedelta(days=7)).isoformat())
    fill(supervisor, reason="抽查学习笔记，多人雷同。")
    sound(supervisor)
    submit_decision(supervisor)
    order = MakeUpOrder.objects.get()

    secretary = new_page(PHONE, user=w.c.secretary)
    secretary.goto(reverse("supervision:makeup", args=[order.pk]))
    sound(secretary)
    fill(secretary, done_on=clock.today().isoformat(), evidence="逐人补记并交叉核对。")
    press(secretary, "Item %(n)s is done", n=1)
    ok(secretary)
    press(secretary, "Report the make-up as done")
    sound(secretary)

    supervisor.goto(reverse("supervision:makeup", args=[order.pk]))
    sound(supervisor)
    fill(supervisor, result="close", note="已逐人查看，笔记补齐。")
    send(supervisor, supervisor.locator("form[action$='/recheck/'] button[type=submit]"))
    ok(supervisor)
    order.refresh_from_db()
    assert order.state == "closed"
    sound(supervisor)
