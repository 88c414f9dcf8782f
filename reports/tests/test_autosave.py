"""What the pages save by themselves: the report while it is written, the order of a bulletin; nothing sent twice."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import bulletin_order, bulletins
from reports.actions import reports as actions
from reports.models import Bulletin, Report
from reports.queries.bulletin import chosen
from reports.tests.factories import fill, send, unit_rule

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 16)
W3 = START + 2 * weeks.WEEK
SILENT = {"X-Autosave": "1"}


@pytest.fixture
def w(clock):
    clock.hold(2026, 4, 2, 10)
    return make_world(start=START)


@pytest.fixture
def page(w):
    return reverse("reports:report_new", args=[w.p.health.pk, unit_rule(w).key, W3.isoformat()])


def saved(client, page, version, **typed):
    return client.post(page, {"do": "autosave", "version": version, **typed}, headers=SILENT)


def test_a_report_is_kept_while_it_is_written(w, client, page):
    client.force_login(w.c.secretary)
    key = f"{unit_rule(w).key}-{W3:%F}-1"
    assert key in client.get(page).content.decode()
    first = saved(client, page, 0, progress="写了一半")
    report = Report.objects.get()
    assert first.json()["version"] == report.version == 2
    assert saved(client, page, 2, progress="写了大半").json()["version"] == 3
    report.refresh_from_db()
    assert (report.state, report.contents["progress"]) == ("draft", "写了大半")
    # One line of the log for who began, not one for each pause in the typing.
    assert AuditEntry.objects.filter(action__startswith="report.").count() == 1
    assert key in client.get(page, follow=True).content.decode()  # the name of what the phone keeps, as before


def test_no_text_of_another_hand_is_written_over(w, client, page):
    report = actions.open_report(by=w.c.office, reporter=w.p.health, rule=unit_rule(w), week=W3)
    actions.save_draft(by=w.c.office, report=report, version=1, contents={"progress": "同事写的"})
    client.force_login(w.c.secretary)
    for version in (0, 1):
        answer = saved(client, page, version, progress="我写的")
        assert (answer.status_code, answer.json()["contents"]["progress"]) == (409, "同事写的")
    actions.submit(by=w.c.office, report=report, version=2, contents=fill(unit_rule(w)))
    assert saved(client, page, 2, progress="我写的").status_code == 409
    assert saved(client, page, "x", progress="我写的").status_code == 400
    assert Report.objects.get().contents == fill(unit_rule(w))


def test_the_same_report_sent_twice_is_one(w, client, page):
    client.force_login(w.c.secretary)
    typed = {"do": "submit", "version": 0, **fill(unit_rule(w))}
    first, second = client.post(page, typed), client.post(page, typed)
    assert first.url == second.url == reverse("reports:report", args=[Report.objects.get().pk])
    assert Report.objects.get().version == 2


# ---------------------------------------------------------------- a bulletin's order
@pytest.fixture
def draft(w):
    report = send(w.p.health, unit_rule(w), w.c.secretary, week=W3)
    actions.accept_report(by=w.c.general, report=report, version=report.version)
    draft = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W3)
    pks = list(draft.items.order_by("pk").values_list("pk", flat=True))
    return bulletins.choose_items(by=w.c.general, bulletin=draft, items=pks[:3])


def order(draft):
    return [item.pk for item in chosen(Bulletin.objects.get(pk=draft.pk))]


def test_the_order_is_saved_over_the_version_that_was_seen(w, draft, client):
    client.force_login(w.c.general)
    page = reverse("reports:bulletin_edit", args=[draft.pk])
    one, two, three = order(draft)
    body = {"version": draft.version, "order": f"{three},{one},{two}"}
    answer = client.post(page, body, headers=SILENT)
    assert answer.json()["version"] == draft.version + 1
    assert order(draft) == [three, one, two]
    assert client.post(page, body | {"order": f"{one},{two}"}, headers=SILENT).status_code == 409
    assert order(draft) == [three, one, two]
    client.force_login(w.c.secretary)
    assert client.post(page, body, headers=SILENT).status_code == 404  # a draft is the office's


def test_without_script_an_item_is_put_in_by_its_button_and_the_order_goes_with_the_page(w, draft, client):
    client.force_login(w.c.general)
    page = reverse("reports:bulletin_edit", args=[draft.pk])
    one, two, three = order(draft)
    four = draft.items.filter(chosen=False).first().pk
    form = client.get(page).context["form"]
    data = {name: form[name].value() or "" for name in form.fields}
    answer = client.post(page, data | {"order": f"{two},{one},{three}", "do": f"put-{four}"})
    assert answer.url == f"{page}#item-{four}"
    assert order(draft) == [two, one, three, four]
    bulletin_order.put_in(by=w.c.general, bulletin=Bulletin.objects.get(pk=draft.pk), item=four, place=0)
    assert order(draft) == [four, two, one, three]
