"""The holidays of a year that the library does not know: entered by an office, provisional until then (E-05)."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.urls import reverse

from accounts.models import AuditEntry
from campaign import holidays, workdays
from campaign.actions import holidays as actions
from campaign.models import Batch, CalendarDay
from campaign.tests.factories import make_world

pytestmark = pytest.mark.django_db
MONDAY, SUNDAY = dt.date(2027, 2, 8), dt.date(2027, 2, 14)
JANUARY = dt.date(2027, 1, 1)


@pytest.fixture
def w():
    return make_world(started=False, members_per_branch=1)


def test_what_is_entered_goes_before_all_else_and_a_whole_year_is_certain(w):
    assert holidays.provisional_years([(dt.date(2026, 9, 1), MONDAY)]) == [2027]
    actions.enter_days(by=w.c.office, first=MONDAY, last=dt.date(2027, 2, 12), kind="rest", name="春节")
    actions.enter_days(by=w.c.office, first=SUNDAY, last=SUNDAY, kind="rest", name="误录")
    actions.enter_days(by=w.c.general, first=SUNDAY, last=SUNDAY, kind="work", name="春节")
    known = holidays.entered(JANUARY, dt.date(2027, 12, 31))
    assert not workdays.is_workday(MONDAY, known) and workdays.is_workday(SUNDAY, known)
    assert not workdays.is_provisional(MONDAY, known) and workdays.is_provisional(dt.date(2027, 3, 1), known)
    assert [(span.first.day, span.days, span.is_work) for span in holidays.year_of(2027)] == [
        (8, 5, False),
        (14, 1, True),
    ]
    actions.confirm_year(by=w.c.office, year=2027, document="国办发明电〔2026〕7号")
    known = holidays.entered(JANUARY, JANUARY)
    assert not workdays.is_provisional(dt.date(2027, 3, 1), known) and not holidays.provisional_years(
        [(JANUARY, MONDAY)]
    )
    actions.reopen_year(by=w.c.office, year=2027)
    actions.remove_days(by=w.c.office, first=MONDAY, last=SUNDAY)
    assert holidays.provisional_years([(JANUARY, MONDAY)]) == [2027] and not CalendarDay.objects.exists()
    told = AuditEntry.objects.filter(action__startswith="calendar.").values_list("organization_name", flat=True)
    assert list(told) == [w.t.county.name] * 6
    with pytest.raises(actions.NothingThere):
        actions.remove_days(by=w.c.office, first=MONDAY, last=SUNDAY)
    with pytest.raises(actions.SpanWrong):
        actions.enter_days(by=w.c.office, first=SUNDAY, last=MONDAY, kind="rest", name="春节")


def test_a_known_year_can_be_corrected_too(w):
    day = dt.date(2026, 10, 9)
    assert holidays.day_off(day) is None and holidays.day_off(dt.date(2026, 10, 2)) == "国庆节"
    actions.enter_days(by=w.c.office, first=day, last=day, kind="rest", name="抗洪放假")
    assert holidays.day_off(day) == "抗洪放假"
    spans = [span for span in holidays.year_of(2026) if span.first.month == 10]
    assert [(span.label, bool(span.entry)) for span in spans][:2] == [("国庆节", False), ("抗洪放假", True)]


@pytest.mark.once
def test_pages_that_rest_on_a_provisional_year_say_so_until_it_is_entered(w, client, capsys):
    Batch.objects.filter(pk=w.batch.pk).update(ends_on=dt.date(2027, 3, 31))
    pages = [reverse("campaign:plan"), f"{reverse('supervision:duty')}?month=2027-02"]
    client.force_login(w.c.office)
    says = "2027年的节假日安排尚未发布或尚未录入"
    assert all(says in client.get(page).content.decode() for page in pages)
    assert says not in client.get(f"{reverse('supervision:duty')}?month=2026-12").content.decode()
    here = f"{reverse('campaign:holidays')}?year=2027"
    wrong = {"do": "enter", "name": "春节", "kind": "rest", "first": "2027-02-12", "last": "2027-02-08"}
    refused = client.post(here, wrong)
    assert refused.status_code == 422 and 'value="春节"' in refused.content.decode()
    client.post(here, {**wrong, "first": "2027-02-08", "last": "2027-02-12"})
    client.post(here, {"do": "confirm", "document": "国办发明电〔2026〕7号"})
    assert CalendarDay.objects.count() == 5
    assert not any(says in client.get(page).content.decode() for page in pages)
    client.force_login(w.c.branch)
    assert client.get(here).status_code == 200
    assert client.post(here, {"do": "reopen"}).status_code == 403
    call_command("check_playbook", "yibin-city")
    assert "2026年；以后各年在录入之前为暂定" in capsys.readouterr().out


@pytest.mark.once
def test_a_deadline_on_a_day_off_is_pointed_out(w, client):
    client.force_login(w.c.office)
    weekly = reverse("reports:weekly")
    assert "正逢休息日" not in client.get(weekly).content.decode()
    friday = dt.date(2026, 11, 27)
    actions.enter_days(by=w.c.office, first=friday, last=friday, kind="rest", name="县庆")
    assert "正逢休息日（县庆）" in client.get(weekly).content.decode()
