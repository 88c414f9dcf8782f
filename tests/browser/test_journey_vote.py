"""Voting on a telephone: by the square on the slip or by typing, in both languages, without script, without a mouse."""

from __future__ import annotations

import datetime as dt

import pytest
from playwright.sync_api import Page, expect

from accounts import clock
from assessments.actions import polls
from assessments.ballots.questionnaire import member_instrument
from assessments.models import SealedBallot
from assessments.tests.factories import PASSPHRASE, opened_poll
from campaign.tests.factories import make_world
from tests.browser.conftest import PHONE, Screen, axe, fits
from tests.browser.support import send, words

pytestmark = pytest.mark.django_db(transaction=True)
ENGLISH = Screen(360, "en")
REMARKS = {"zh": "意见和建议", "en": "Remarks"}


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def slips(w):
    _poll, slips = opened_poll(w, [w.p.health], by=w.c.office, comment=REMARKS)
    return slips


def heading(page: Page, text: str, language: str = "zh-hans") -> None:
    expect(page.locator("h1")).to_contain_text(words(text, language))
    axe(page)
    fits(page)


def scan(page: Page, slip: polls.Slip) -> None:
    """What the telephone's camera opens."""
    page.goto(f"/v/#{slip.code.whole}")
    expect(page.locator("#ballot")).to_be_visible()


def hand_in(page: Page, language: str = "zh-hans") -> None:
    send(page, page.get_by_role("button", name=words("Hand in the ballot", language)))


def test_scan_answer_and_done(slips, new_page):
    page = new_page(PHONE)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    scan(page, slips[0])
    assert page.url.endswith("/v/form/?lang=zh")
    sent = [url.partition("#")[0] for url in asked if not url.startswith("data:")]
    assert {url.rpartition("/")[2] for url in sent} == {"", "?lang=zh", "vote.css", "vote.js"}, "and nothing else"
    assert slips[0].code.whole not in "".join(sent)
    assert [cookie["name"] for cookie in page.context.cookies()] == ["django_language"], "put there by the fixture"
    heading(page, slips[0].unit.name)
    expect(page.locator(".done")).to_have_text("已答 0 题，还有 1 题")
    page.locator("#ballot label", has_text="基本满意").tap()
    expect(page.locator(".done")).to_have_text(words("All questions are answered"))
    page.locator("textarea").fill("路灯修好了。")
    expect(page.locator(".count")).to_have_text("6 / 300")
    hand_in(page)
    heading(page, "Your ballot is in the urn")
    assert SealedBallot.objects.count() == 1


def test_what_is_left_out_is_named(slips, new_page, complaints):
    complaints.forgive("422")
    page = new_page(PHONE)
    scan(page, slips[0])
    page.locator("textarea").fill("写了一半")
    hand_in(page)
    expect(page.locator("#faults")).to_be_focused()
    axe(page)
    fits(page)
    expect(page.locator("textarea")).to_have_value("写了一半")
    page.locator("#faults a").first.tap()
    expect(page.locator("#ballot input[type=radio]").first).to_be_focused()
    page.keyboard.press("Space")
    hand_in(page)
    heading(page, "Your ballot is in the urn")


def test_a_used_code(slips, new_page, complaints):
    complaints.forgive("422")
    page = new_page(PHONE)
    scan(page, slips[0])
    page.locator("#ballot label").first.tap()
    hand_in(page)
    page.goto(f"/v/#{slips[0].code.whole}")
    heading(page, "This code cannot be used")
    # the next slip on the same telephone
    page.goto(f"/v/#{slips[1].code.whole}")
    heading(page, slips[1].unit.name)


def test_a_second_slip_scanned_into_the_open_page(slips, new_page):
    page = new_page(PHONE)
    page.goto("/v/")
    page.evaluate(f"location.hash = '{slips[0].code.whole}'")
    expect(page.locator("#ballot")).to_be_visible()


def test_typed_without_script(slips, new_page, complaints):
    complaints.forgive("422")
    page = new_page(PHONE, script=False)
    page.goto(f"/v/#{slips[0].code.whole}")
    page.locator("#code").fill("0000-0000-0000-0000")
    page.locator("main button").tap()
    expect(page.locator("h1")).to_have_text(words("This code cannot be used"))
    page.locator("#code").fill(slips[0].code.typed.lower())
    page.locator("main button").tap()
    expect(page.locator("h1")).to_contain_text(slips[0].unit.name)
    expect(page.locator(".done")).to_be_hidden()
    page.get_by_role("button", name=words("Hand in the ballot")).tap()
    expect(page.locator("#faults")).to_be_visible()
    page.locator(".opts label").last.tap()
    page.get_by_role("button", name=words("Hand in the ballot")).tap()
    expect(page.locator("h1")).to_have_text(words("Your ballot is in the urn"))
    assert SealedBallot.objects.count() == 1


def test_in_english_changed_half_way(slips, new_page):
    page = new_page(PHONE)
    scan(page, slips[0])
    page.locator(".opts label").first.tap()
    page.locator("textarea").fill("半途")
    send(page, page.get_by_role("button", name="English"))
    heading(page, slips[0].unit.name, "en")
    expect(page.locator("#ballot input:checked")).to_have_count(1)
    expect(page.locator("textarea")).to_have_value("半途")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    hand_in(page, "en")
    heading(page, "Your ballot is in the urn", "en")
    other = new_page(ENGLISH)
    other.goto("/v/")
    heading(other, "Anonymous survey", "en")


def test_by_keyboard_alone(slips, new_page):
    page = new_page(PHONE)
    page.goto("/v/")
    page.keyboard.press("Tab")
    expect(page.locator("#code")).to_be_focused()
    page.keyboard.type(slips[0].code.typed)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.locator("#ballot input[type=radio]").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#ballot input[type=radio]").nth(1)).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("好")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    heading(page, "Your ballot is in the urn")


def test_targets_are_large_and_equal(slips, new_page):
    page = new_page(PHONE)
    scan(page, slips[0])
    sizes = page.evaluate(
        "[...document.querySelectorAll('.opts label, button, textarea')].map((place) => {"
        " const box = place.getBoundingClientRect(); return [place.tagName, box.width, box.height]; })"
    )
    assert all(width >= 44 and height >= 44 for _tag, width, height in sizes), sizes
    assert len({(round(width), round(height)) for tag, width, height in sizes if tag == "LABEL"}) == 1, sizes


def test_two_taps_send_one_ballot(slips, new_page):
    page = new_page(PHONE)
    scan(page, slips[0])
    page.locator(".opts label").first.tap()
    with page.expect_navigation(url="**/v/thanks/**"):
        page.evaluate("() => { const press = document.querySelector('[data-busy]'); press.click(); press.click(); }")
    heading(page, "Your ballot is in the urn")


def test_members_as_rows(w, new_page):
    raw = next(i for i in w.batch.campaign.snapshot["instruments"] if i["when"] == "member")
    raw = member_instrument(raw | {"groups": [{"key": "members", "name": {"zh": "党员", "en": "Members"}}]})
    rows = [("1", "严志诚"), ("2", "邱启明"), ("3", "欧阳建设")]
    place = polls.Place(w.t.health, "县卫生局", {"members": 5}, rows=rows)
    poll = polls.draft_poll(
        by=w.c.office, batch=w.batch, organization=w.t.county, kind="members", title="党员民主测评",
        form={"instrument": raw}, places=[place],
    )  # fmt: skip
    polls.open_poll(by=w.c.office, poll=poll, closes_at=clock.now() + dt.timedelta(days=3), passphrases=[PASSPHRASE])
    slips = polls.issue(by=w.c.office, poll=poll)
    page = new_page(PHONE)
    scan(page, slips[0])
    heading(page, "党员民主测评")
    for _key, name in rows:
        page.get_by_role("group", name=name).locator("label").first.tap()
    expect(page.locator(".done")).to_have_text(words("All questions are answered"))
    hand_in(page)
    heading(page, "Your ballot is in the urn")
