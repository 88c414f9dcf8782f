"""The office's Friday afternoon: who is late, a reminder, the bulletin, the workbook, the secretary's question.

After the front page nobody types an address: all goes by the links and buttons that the pages offer.
"""

from __future__ import annotations

import datetime as dt
import re
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Locator, Page, expect

from accounts.models import Notification
from reports.actions import reports as actions
from reports.models import Bulletin
from reports.tests.factories import send as send_report
from reports.tests.factories import unit_rule
from tests.browser.conftest import DESKTOP, PHONE, sound
from tests.browser.support import counted, demonstrated_county, follow, home, link, press, send, told, words

pytestmark = pytest.mark.django_db(transaction=True)
BEGUN, FRIDAY = dt.datetime(2026, 11, 9, 9, 0), dt.datetime(2026, 11, 27, 16, 30)


@pytest.fixture
def w(monkeypatch: pytest.MonkeyPatch):
    """The county of the demonstration on a Friday at half past four: one unit of three has sent its report."""
    w = demonstrated_county(monkeypatch, BEGUN, FRIDAY)
    report = send_report(w.p.archives, unit_rule(w), w.c.archives)
    actions.accept_report(by=w.c.office, report=report, version=report.version)
    return w


def menu(page: Page, text: str) -> None:
    """By the menu at the side."""
    name = re.compile(rf"^{re.escape(words(text))}")
    send(page, page.locator("nav:visible").get_by_role("link", name=name).first)
    sound(page)


def taken(page: Page, text: str) -> BytesIO:
    """The file behind a link of these words."""
    with page.expect_download() as waiting:
        link(page, text).first.click()
    return BytesIO(waiting.value.path().read_bytes())


def figure(page: Page, label: str) -> Locator:
    """The link below a key figure."""
    box = page.locator("main .stats > *").filter(has_text=words(label))
    return box.get_by_role("link").first


def test_sees_who_is_late_reminds_issues_the_bulletin_and_answers_the_secretary(w, new_page):
    desk = new_page(DESKTOP, user=w.c.office)
    home(desk)
    sound(desk)

    menu(desk, "Weekly reports")
    told(desk, "县卫生局")
    awaited = counted("Remind the %(n)s still awaited", "Remind all %(n)s still awaited", 2)
    send(desk, desk.locator("main").get_by_role("button", name=awaited))
    sound(desk)
    reminded = Notification.objects.filter(kind=Notification.Kind.REMINDER)
    assert {note.user for note in reminded} == {w.c.secretary, w.c.court}
    secretary = new_page(PHONE, user=w.c.secretary)
    home(secretary)
    expect(secretary.locator("main")).to_contain_text(words("Weekly reports")[:2])

    menu(desk, "Bulletins")
    press(desk, "Draft this week's bulletin now")
    sound(desk)
    while (shut := desk.locator("#others details:not([open]) > summary")).count():
        shut.first.click()
    desk.locator("#others [name=pick]").first.check()
    press(desk, "Put the ticked items in")
    press(desk, "Save and preview")
    sound(desk)
    send(desk, desk.locator("form[action$='/issue/'] button[type=submit]"))
    sound(desk)
    bulletin = Bulletin.objects.get()
    assert bulletin.number == 1
    told(desk, "2026年11月27日")
    text = "\n".join(part.text for part in Document(taken(desk, "Word file")).paragraphs)
    assert w.batch.campaign.bulletin_name in text and "县档案局" in text
    assert taken(desk, "PDF file").read(5) == b"%PDF-"
    desk.emulate_media(media="print")  # on paper: the sheet, and nothing of the frame
    expect(desk.locator("main [lang='zh-Hans']").first).to_be_visible()
    expect(desk.locator("nav").filter(has_text=words("Bulletins")).first).to_be_hidden()
    desk.emulate_media(media="screen")

    menu(desk, "Summary workbooks")
    press(desk, "Make the summary workbook")
    desk.wait_for_url("**/jobs/*/")
    with desk.expect_download() as waiting:
        desk.locator("a[href$='/file/']").first.click()
    book = load_workbook(BytesIO(waiting.value.path().read_bytes()))
    assert book.sheetnames[0] == "目录" and {"单位", "周报"} & {name[:2] for name in book.sheetnames}

    menu(desk, "Dashboard")  # the secretary asks: how many have reported this week, and who has not?
    told(desk, "16:30")
    send(desk, figure(desk, "Sent this week"))
    sound(desk)
    for unit in ("县卫生局", "县法院"):
        told(desk, unit)
    menu(desk, "Dashboard")  # and on the wall of the office
    follow(desk, "Big screen")
    told(desk, "16:30")
