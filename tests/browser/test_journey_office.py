"""The office takes a roster with mistakes in, and sets a campaign up until its units begin."""

import json
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from campaign.models import Campaign, Participation, StageProgress
from tests.browser.conftest import DESKTOP, sound
from tests.browser.support import SAMPLES, fill, ok, press, send
from units.models import Member
from units.tests.factories import make_cast, make_organization, make_tree, user_with

pytestmark = pytest.mark.django_db(transaction=True)


def test_imports_the_faultless_rows_of_a_faulty_roster(new_page):
    county = make_organization("中共兴文县委员会", "county_committee", code="A00")
    page = new_page(DESKTOP, user=user_with("office_head", county, "office", "周明远"))
    page.goto(reverse("units:roster_import"))
    sound(page)
    page.locator("input[type=file]").set_input_files(SAMPLES / "county-roster-faulty.xlsx")
    press(page, "Upload and check the workbook")
    page.wait_for_url("**/units/roster/*/")
    sound(page)
    expected = json.loads((SAMPLES / "county-roster-faulty.expected.json").read_text())
    faults = expected["errors"] if isinstance(expected, dict) else expected
    told = page.locator("#faults, main")
    expect(told.first).to_contain_text(faults[0]["cell"])
    assert not Member.objects.exists()  # nothing is written before it is confirmed

    with page.expect_download() as waiting:
        page.locator("a[href$='/marked/']").first.click()
    book = load_workbook(BytesIO(waiting.value.path().read_bytes()))
    assert any(cell.comment for sheet in book for row in sheet.iter_rows() for cell in row)

    send(page, page.locator("#confirm button[type=submit]"))
    page.wait_for_url("**/units/roster/*/")
    sound(page)
    assert 1300 < Member.objects.count() < 1359
    page.goto(reverse("units:members"))
    sound(page)


def test_sets_a_campaign_up_and_begins_it(new_page):
    t = make_tree()
    c = make_cast(t)
    page = new_page(DESKTOP, user=c.office)
    page.goto(reverse("campaign:setup"))
    sound(page)
    page.locator("main a.btn", has_text="方案").first.click()
    page.wait_for_url("**/setup/playbook/")
    sound(page)
    page.locator("[name=choice][value=yibin-city]").check()
    press(page, "Take this playbook, go on to the names")
    sound(page)
    fill(page, name="全县先进性教育活动", short_name="青岚县", office_name="中共青岚县委先教办")
    fill(page, office_short_name="县先教办", bulletin_name="先教简报")
    press(page, "Save the names, go on to the batch")
    ok(page)
    sound(page)
    press(page, "Save the batch, go on to the units")
    ok(page)
    sound(page)
    send(page, page.locator("button[name=choose][value=proposed]"))
    press(page, "Save the units, go on to the groups")
    ok(page)
    sound(page)
    page.locator("main [name$=groups]:visible").first.fill("2")
    send(page, page.locator("button[name=spread]"))
    ok(page)
    sound(page)
    press(page, "Save the groups, go on to the check")
    sound(page)
    press(page, "Finish the set-up")
    ok(page)
    campaign = Campaign.objects.get()
    assert campaign.short_name == "青岚县"
    begun = StageProgress.objects.filter(participation__batch__campaign=campaign, state="current").count()
    assert begun == Participation.objects.filter(batch__campaign=campaign).count() > 0
    page.goto(reverse("campaign:participations"))
    sound(page)
