"""The weekly report goes to and fro; the bulletin and the summary workbook come out, and open."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from campaign.tests.factories import make_world
from reports.actions import bulletins
from reports.actions import reports as actions
from reports.models import Bulletin, Report
from reports.tests.factories import fill as contents
from reports.tests.factories import send as send_report
from reports.tests.factories import this_week, unit_rule
from tests.browser.conftest import DESKTOP, PHONE, sound
from tests.browser.support import fill, ok, press, send, told, words

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def w():
    return make_world()


def take(page: Page, selector: str) -> bytes:
    """Download what this link gives."""
    with page.expect_download() as waiting:
        page.locator(selector).first.click()
    return waiting.value.path().read_bytes()


def test_is_written_returned_mended_and_accepted(w, new_page):
    rule = unit_rule(w)
    secretary = new_page(PHONE, user=w.c.secretary)
    secretary.goto(reverse("reports:mine"))
    sound(secretary)
    secretary.goto(reverse("reports:report_new", args=[w.p.health.pk, rule.key, this_week().isoformat()]))
    sound(secretary)
    press_submit = secretary.locator("main button[value=submit]")
    send(secretary, press_submit)  # empty: refused, and said where
    expect(secretary.get_by_role("alert").first).to_be_visible()
    sound(secretary)
    fill(secretary, **contents(rule))
    send(secretary, secretary.locator("main button[value=submit]"))
    ok(secretary)
    report = Report.objects.get()
    assert report.state == "submitted"

    office = new_page(DESKTOP, user=w.c.office)
    office.goto(reverse("reports:weekly"))
    sound(office)
    office.goto(reverse("reports:report", args=[report.pk]))
    sound(office)
    fill(office, reason="请写明到会人数。")
    press(office, "Return the report")
    report.refresh_from_db()
    assert report.state == "returned"

    secretary.goto(reverse("reports:report", args=[report.pk]))
    told(secretary, "请写明到会人数。")
    secretary.goto(reverse("reports:report_edit", args=[report.pk]))
    sound(secretary)
    send(secretary, secretary.locator("main button[value=submit]"))
    ok(secretary)
    office.goto(reverse("reports:report", args=[report.pk]))
    press(office, "Accept the report")
    report.refresh_from_db()
    assert report.state == "accepted"


def test_a_bulletin_is_chosen_ordered_issued_and_opens(w, new_page):
    rule = unit_rule(w)
    for name, user in (("health", w.c.secretary), ("archives", w.c.archives)):
        report = send_report(getattr(w.p, name), rule, user)
        actions.accept_report(by=w.c.office, report=report, version=report.version)
    bulletin = bulletins.draft_bulletin(by=w.c.office, batch=w.batch, week=this_week())

    page = new_page(DESKTOP, user=w.c.office)
    page.goto(reverse("reports:bulletin_edit", args=[bulletin.pk]))
    sound(page)
    while (shut := page.locator("#others details:not([open]) > summary")).count():
        shut.first.click()
    boxes = page.locator("#others [name=pick]")
    boxes.nth(0).check()
    boxes.nth(1).check()
    press(page, "Put the ticked items in")
    first = page.locator("#printed [id^=item-] [name^=title-]").first.input_value()
    page.locator("#printed button[value^=down-]").first.click()
    expect(page.locator("#order-line")).to_contain_text("顺序已保存")
    expect(page.locator("#printed [id^=item-] [name^=title-]").nth(1)).to_have_value(first)
    sound(page)
    press(page, "Save and preview")
    sound(page)
    send(page, page.locator("form[action$='/issue/'] button[type=submit]"))
    bulletin = Bulletin.objects.get()
    assert bulletin.number == 1
    page.goto(reverse("reports:bulletin", args=[bulletin.pk]))
    sound(page)
    name = bulletin.batch.campaign.bulletin_name
    text = "\n".join(part.text for part in Document(BytesIO(take(page, "a[href$='/docx/']"))).paragraphs)
    assert name in text
    assert first in text
    pdf = "".join(part.extract_text() for part in PdfReader(BytesIO(take(page, "a[href$='/pdf/']"))).pages)
    assert name in pdf.replace(" ", "").replace("\n", "")


def test_a_summary_workbook_is_made_and_opens(w, new_page):
    page = new_page(DESKTOP, user=w.c.office)
    page.goto(reverse("reports:summary"))
    sound(page)
    press(page, "Make the summary workbook")
    page.wait_for_url("**/jobs/*/")
    sound(page)
    book = load_workbook(BytesIO(take(page, "a[href$='/file/']")))
    assert book.sheetnames[0] == "目录" and len(book.sheetnames) == 20
    cells = [str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell]
    assert "县卫生局" in cells
    assert any(cell.startswith("=SUM") for cell in cells)  # totals are formulas
    page.goto(reverse("reports:summary"))
    told(page, words("Download"))
