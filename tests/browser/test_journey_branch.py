"""A branch secretary on the telephone: records an activity by tapping names, and sees hours and coverage rise."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from accounts import clock
from accounts.tests.factories import PASSWORD
from campaign.models import Activity, MemberMark
from campaign.tests.factories import make_world
from tests.browser.conftest import PHONE, sound
from tests.browser.support import choose, fill, ok, press, send, told, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def w():
    return make_world()


def names(w):
    return [member.name for member in w.t.members["Z003"]]


def test_records_a_talk_by_tapping_names(w, new_page):
    page = new_page(PHONE, user=w.c.branch)
    page.goto("/")
    sound(page)
    send(page, page.locator("a.act", has_text=words("Record an activity")))
    sound(page)
    fill(page, action="leader_lecture", held_on=clock.today().isoformat(), hours=6, place="三楼会议室")
    fill(page, concentrated=True, text="主要负责同志讲了一课。")
    page.locator("#id_present").get_by_text(names(w)[2], exact=True).tap()  # everyone is ticked; one was away
    expect(page.locator("[data-check-count=present]")).to_have_text("2")
    press(page, "Record this activity")
    ok(page)
    sound(page)
    activity = Activity.objects.get()
    assert activity.organization == w.t.health_1
    assert {row.member.name for row in activity.attendances.filter(made_up=False)} == set(names(w)[:2])

    page.goto(reverse("campaign:study", args=[w.t.health_1.pk]))
    sound(page)
    rows = page.locator("tbody tr")
    expect(rows.filter(has_text=names(w)[0])).to_contain_text("6")
    page.goto(reverse("campaign:coverage", args=[w.t.health_1.pk]))
    sound(page)
    told(page, names(w)[2])  # the one not yet reached is named


def test_who_was_away_makes_it_up(w, new_page):
    page = new_page(PHONE, user=w.c.branch)
    page.goto(reverse("campaign:activity_new", args=[w.t.health_1.pk]))
    fill(page, action="positive_education", hours=3)
    page.locator("#id_present").get_by_text(names(w)[0], exact=True).tap()
    press(page, "Record this activity")
    activity = Activity.objects.get()
    page.goto(reverse("campaign:attendance", args=[activity.pk]))
    sound(page)
    away = w.t.members["Z003"][0]
    radios = page.locator(f"input[type=radio][name$='{away.pk}']")
    expect(radios.first).to_be_attached()
    page.locator(f"input[type=radio][name$='{away.pk}'][value=made_up]").check(force=True)
    send(page, page.locator("form[data-draft^=attendance] button[type=submit]").last)
    assert activity.attendances.get(member=away).made_up


def test_marks_what_members_did_themselves(w, new_page):
    page = new_page(PHONE, user=w.c.branch)
    page.goto(reverse("campaign:marks", args=[w.t.health_1.pk]))
    sound(page)
    choose(page, "members", w.t.members["Z003"][0].pk)
    choose(page, "members", w.t.members["Z003"][1].pk)
    press(page, "Mark members as done")
    ok(page)
    assert {mark.member.name for mark in MemberMark.objects.all()} == set(names(w)[:2])


def test_without_script_and_with_a_mistake(w, new_page):
    page = new_page(PHONE, script=False)
    page.goto(f"/accounts/sign-in/?next={reverse('campaign:activity_new', args=[w.t.health_1.pk])}")
    page.locator("[name=username]").fill("branch")
    page.locator("[name=password]").fill(PASSWORD)
    send(page, page.get_by_role("button", name=words("Sign in")))
    page.locator("[name=action]").select_option("positive_education")
    page.locator("[name=hours]").fill("99")
    page.locator("[name=text]").fill("写了半天的情况")
    press(page, "Record this activity")
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.locator("[name=text]")).to_have_value("写了半天的情况")  # nothing typed is lost
    assert not Activity.objects.exists()
    page.locator("[name=hours]").fill("3")
    press(page, "Record this activity")
    assert Activity.objects.get().hours == 3
