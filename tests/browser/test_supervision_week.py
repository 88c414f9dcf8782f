"""A supervisor's week from the desk: visit, opinion, weekly report, applications, make-up, card, dossier.

After the front page nobody types an address: all goes by the links and buttons that the pages offer.
"""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from playwright.sync_api import Locator, Page, expect

from accounts import clock
from reports.models import Report
from supervision.models import MakeUpOrder, SpotCheck, SupervisionOpinion, Transition, Visit, YellowCard
from supervision.tests.factories import applied, ordered
from tests.browser.conftest import DESKTOP, PHONE, Screen, sound
from tests.browser.support import (
    choose,
    demonstrated_county,
    fill,
    follow,
    home,
    link,
    ok,
    press,
    send,
    told,
    waits,
    words,
)
from tests.browser.test_pages import DATA, faults, texts_of
from units.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
MONDAY, THURSDAY = dt.datetime(2026, 11, 16, 9, 0), dt.datetime(2026, 11, 19, 10, 0)
UNIT = "县卫生局"
SEEN = "学习记录齐全，两个支部的笔记有代抄。"
NOTE = "两个支部的学习笔记有代抄，已当面指出。"


@pytest.fixture
def w(monkeypatch: pytest.MonkeyPatch):
    """The county of the demonstration: the group has been in charge since Monday, it is Thursday morning."""
    w = demonstrated_county(monkeypatch, MONDAY, THURSDAY)
    w.principle = str(w.playbook.body("supervision").principle)
    return w


def row(page: Page, unit: str = UNIT) -> Locator:
    return page.locator("main tbody tr").filter(has=page.get_by_role("rowheader", name=unit)).first


def day(days: int = 0) -> str:
    return (clock.today() + dt.timedelta(days)).isoformat()


def word_file(page: Page, text: str) -> str:
    """Download the document behind a link; all of its text."""
    with page.expect_download() as waiting:
        link(page, text).first.click()
    with ZipFile(BytesIO(waiting.value.path().read_bytes())) as parts:
        return re.sub(r"<[^>]+>", "", parts.read("word/document.xml").decode())


def test_visits_gives_an_opinion_and_reports_the_week(w, new_page):
    desk = new_page(DESKTOP, user=w.c.guide)
    home(desk)
    sound(desk)
    follow(desk, "Plan a visit", row(desk))
    told(desk, w.principle)
    fill(desk, planned_on=day(), purpose="看学习笔记和心得")
    press(desk, "Put the visit into the plan")
    ok(desk)
    sound(desk)

    phone = new_page(PHONE, user=w.c.guide)  # there, in the branch's room
    home(phone)
    sound(phone)
    send(phone, row(phone).locator("a[href*='/visits/']:not([href*=new])").first)
    sound(phone)
    follow(phone, "Write down the visit")
    told(phone, w.principle)
    fill(phone, talked_to=6, findings=SEEN, problems="代抄笔记。", suggestions="补记学习笔记\n补两次讨论")
    photograph = {"name": "座谈.png", "mimeType": "image/png", "buffer": desk.screenshot()}
    phone.locator("main input[type=file]").set_input_files(photograph)
    press(phone, "Write down the visit")
    ok(phone)
    expect(phone.locator("main img[src*='/files/']")).to_have_js_property("complete", True)
    sound(phone)
    visit = Visit.objects.get()
    assert (visit.state, visit.files.count()) == ("done", 1)

    desk.reload()
    follow(desk, "Make an opinion of it")
    told(desk, w.principle)
    expect(desk.locator("[name='points-1-text']")).to_have_value("补两次讨论")
    fill(desk, title="关于学习笔记的督导意见")
    press(desk, "Give the opinion")
    ok(desk)
    told(desk, w.principle)
    sound(desk)
    opinion = SupervisionOpinion.objects.get()
    assert (opinion.visit, opinion.points.count()) == (visit, 2)

    home(phone)
    follow(phone, "Notes of the week")
    fill(phone, text=NOTE)
    choose(phone, "kind", "problem")
    press(phone, "Note it down")
    ok(phone)
    sound(phone)

    home(desk)
    follow(desk, "Notes of the week")
    told(desk, NOTE)
    follow(desk, "Weekly reports")
    send(desk, desk.locator("main a.act").first)
    sound(desk)
    text = desk.locator("main textarea").first
    assert NOTE in text.input_value() and UNIT in text.input_value()
    assert re.search(r"\d", text.input_value()), "the week's figures"
    send(desk, desk.locator("main button[value=submit]"))
    ok(desk)
    sound(desk)
    report = Report.objects.get()
    assert report.state == "submitted" and not report.late
    home(desk)
    expect(row(desk).locator("a[href*='/opinions/?unit=']")).to_be_visible()  # the last contact


def hand_in(page: Page, n: int) -> None:
    for place in page.locator("main textarea").all():
        if not place.input_value() or n > 1:
            place.fill(f"第{n}次：全体党员参加了学习，记录齐全。")
    press(page, "Hand in application no. %(n)s", n=n)
    ok(page)


def agree(page: Page) -> None:
    choose(page, "verdict", "agree")
    send(page, page.locator("#decide button[type=submit]"))
    ok(page)


def test_returns_one_application_endorses_it_and_then_several_at_once(w, new_page):
    applied(w, "archives")
    applied(w, "court")
    secretary = new_page(PHONE, user=w.c.secretary)
    home(secretary)
    sound(secretary)
    follow(secretary, "See the whole gate")
    follow(secretary, "Write the application")
    hand_in(secretary, 1)

    desk = new_page(DESKTOP, user=w.c.guide)
    home(desk)
    send(desk, row(desk).get_by_role("link", name=re.compile("申请")).first)
    sound(desk)
    choose(desk, "verdict", "return")
    desk.locator("#decide [name^=part_]").first.check()
    desk.locator("#decide [name^=why_]:visible").first.fill("缺两个支部的学习情况，请补上。")
    fill(desk, mend_by=day(5))
    sound(desk)
    send(desk, desk.locator("#decide button[type=submit]"))
    ok(desk)

    waits(secretary, "Read why")
    told(secretary, "缺两个支部的学习情况，请补上。")
    follow(secretary, "Apply again")
    hand_in(secretary, 2)

    home(desk)
    send(desk, row(desk).get_by_role("link", name=re.compile("申请")).first)
    expect(desk.locator("#answers")).to_contain_text("第2次")
    expect(desk.locator("#report ins").first).to_be_visible()
    sound(desk)
    agree(desk)

    waits(desk, "Decide on applications for transition")
    send(desk, desk.locator("main .page-actions a.btn-primary").first)
    sound(desk)
    boxes = desk.locator("main [name=transition]")
    expect(boxes).to_have_count(2)
    for box in boxes.all():
        box.check()
    press(desk, "Agree to the ticked applications")
    sound(desk)
    expect(desk.locator("#outcomes li")).to_have_count(2)
    agreed = Transition.objects.filter(decisions__verdict="agree", decisions__by=w.c.guide)
    attempts = {(w.p.health.pk, 2), (w.p.court.pk, 1), (w.p.archives.pk, 1)}
    assert {(each.participation_id, each.attempt) for each in agreed} == attempts


def drawn_by_lot(desk: Page, w) -> None:
    """Open a spot check under the unit, draw one branch, and find its work below the standard."""
    home(desk)
    follow(desk, "Spot checks")
    follow(desk, "Open a spot check")
    fill(desk, organization=w.t.health.pk, subject="学习笔记", wanted=1)
    press(desk, "Prepare the draw")
    ok(desk)
    sound(desk)
    press(desk, "Draw %(n)s organisations", n=1)
    sound(desk)
    drawn = SpotCheck.objects.get().results.get().organization
    send(desk, desk.locator("main tbody a", has_text=drawn.name).first)
    sound(desk)
    choose(desk, "result", "bad")
    fill(desk, findings="六本笔记有四本雷同。")
    press(desk, "Record the result")
    ok(desk)
    follow(desk, "Order a make-up of %(name)s", name=drawn.name)


def test_a_make_up_is_followed_to_its_end_and_the_dossier_printed(w, new_page):
    desk = new_page(DESKTOP, user=w.c.guide)
    drawn_by_lot(desk, w)
    fill(desk, reason="抽查发现学习走了过场。", items="补记学习笔记\n补开讨论会", due_on=day(7), unsolid_work=True)
    press(desk, "Order the make-up")
    ok(desk)
    sound(desk)
    order = MakeUpOrder.objects.get()

    secretary = new_page(PHONE, user=w.c.secretary)
    waits(secretary, "Do the make-ups that were ordered")
    for n in (1, 2):
        secretary.locator("main form:visible [name=evidence]").first.fill(f"第{n}项已补，名单存支部。")
        press(secretary, "Item %(n)s is done", n=n)
        ok(secretary)
    press(secretary, "Report the make-up as done")
    sound(secretary)

    waits(desk, "Re-check make-ups")
    fill(desk, result="close", note="已逐人查看，笔记补齐。")
    press(desk, "Send the re-check of %(name)s", name=order.organization.name)
    ok(desk)
    sound(desk)
    order.refresh_from_db()
    assert order.state == "closed"

    office = new_page(DESKTOP, user=w.c.office)
    home(office)
    send(
        office, office.locator("main .todo a").filter(has_text=words("Issue the yellow cards that are proposed")).first
    )
    sound(office)
    send(office, office.locator("main tbody a", has_text=order.organization.name).first)
    sound(office)
    fill(office, number="先教办黄牌〔2026〕1号", issued_on=day())
    press(office, "Issue the card to %(name)s", name=order.organization.name)
    ok(office)
    sound(office)
    assert YellowCard.objects.get().state == "issued"
    assert "先教办黄牌〔2026〕1号" in word_file(office, "Notice as Word file")

    home(desk)
    follow(desk, "Dossier", row(desk))
    told(desk, "抽查发现学习走了过场。")
    paper = word_file(desk, "Word file")
    assert UNIT in paper and "抽查发现学习走了过场。" in paper
    follow(desk, "All on one page, to print")
    assert "print=1" in desk.url
    told(desk, "先教办黄牌〔2026〕1号")
    desk.emulate_media(media="print")
    expect(desk.locator("main form.filters")).to_be_hidden()
    expect(desk.locator("main .sheet")).to_be_visible()


def read(page: Page) -> list[str]:
    """Faults of the page at both widths, in English."""
    found = faults(page, "en")
    page.set_viewport_size({"width": DESKTOP.width, "height": DESKTOP.height})
    return found


def test_reads_the_main_pages_in_english(w, new_page):
    ordered(w)
    applied(w, "archives")
    DATA.update(texts_of(w.batch.campaign.snapshot))
    DATA.update((*Organization.objects.values_list("name", flat=True), w.group.name, w.batch.campaign.short_name))
    desk = new_page(Screen(1280, "en"), user=w.c.guide)
    home(desk)
    wrong = read(desk)
    for steps in (
        ["Plan a visit"], ["Give an opinion"], ["Dossier", "All on one page, to print"],
        ["Visits and opinions"], ["Spot checks", "Open a spot check"], ["Notes of the week", "Weekly reports"],
    ):  # fmt: skip
        home(desk)
        for step in steps:
            send(desk, desk.locator("main").get_by_role("link", name=re.compile(rf"^{step}")).first)
            wrong += read(desk)
    assert not wrong, "\n\n".join(wrong)
