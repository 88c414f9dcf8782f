"""What became of a report: the issue that prints it, the superior office that used it, and the points for both."""

import copy
import datetime as dt
from io import BytesIO

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from openpyxl import load_workbook

from accounts import clock as clock_
from accounts.models import AuditEntry, Notification
from campaign.models import Batch, Campaign
from campaign.playbook import PlaybookInvalid, from_snapshot
from reports.actions import adoption, bulletins
from reports.models import Report, UseAbove
from reports.queries import adoption as queries
from reports.tests.bulletin_world import W1, W2, W3, make_told_world
from reports.tests.factories import send, unit_rule

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def w(clock):
    return make_told_world(clock)


def issue(w, report):
    """The bulletin of the second week, with one item out of the report."""
    draft = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)
    item = draft.items.filter(report=report).first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    return bulletins.issue(by=w.c.general, bulletin=draft)


def page_of(client, user, report):
    client.force_login(user)
    return client.get(reverse("reports:report", args=[report.pk])).content.decode()


def test_the_author_learns_of_the_issue_and_the_report_leads_to_it(w, client, django_capture_on_commit_callbacks):
    ours, others = w.reports
    with django_capture_on_commit_callbacks(execute=True):
        printed = issue(w, ours)
    url = reverse("reports:bulletin", args=[printed.pk])
    note = Notification.objects.get(user=w.c.secretary, url=url)
    assert note.params["issue"]["en"] == f"Issue {printed.number}"
    assert not Notification.objects.filter(user=w.c.archives, url=url).exists()
    assert f'href="{url}"' in page_of(client, w.c.secretary, ours)
    assert f'href="{url}"' not in page_of(client, w.c.archives, others)


def test_an_item_that_is_left_out_or_a_draft_is_no_use(w, client):
    ours, _others = w.reports
    draft = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)
    item = draft.items.filter(report=ours).first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    assert reverse("reports:bulletin", args=[draft.pk]) not in page_of(client, w.c.secretary, ours)


# ---------------------------------------------------------------- the superior office's use
def enter(w, report, **given):
    data = {"used_on": clock_.today(), "where": "市委先教办简报第8期", **given}
    return adoption.mark_used_above(by=w.c.general, report=report, **data)


def test_the_superior_offices_use_is_entered_once_told_and_taken_back(w, django_capture_on_commit_callbacks):
    ours, _others = w.reports
    with django_capture_on_commit_callbacks(execute=True):
        enter(w, ours)
    assert Notification.objects.get(user=w.c.secretary, message__contains="superior office").params["where"]
    with pytest.raises(adoption.AlreadyEntered):
        enter(w, ours)
    adoption.unmark_used_above(by=w.c.general, report=ours)
    assert not UseAbove.objects.exists()
    with pytest.raises(adoption.NothingEntered):
        adoption.unmark_used_above(by=w.c.general, report=ours)
    told = AuditEntry.objects.filter(object_type="reports.report", object_id=str(ours.pk))
    assert told.filter(action=adoption.USED_ABOVE).count() == told.filter(action=adoption.NOT_USED_ABOVE).count() == 1


def test_only_what_was_accepted_and_a_day_between_sending_and_today(w):
    ours, _others = w.reports
    for day in (clock_.today() + DAY, W2):
        with pytest.raises(adoption.DayOutside):
            enter(w, ours, used_on=day)
    sent = send(w.p.health, unit_rule(w), w.c.secretary, week=W3)
    with pytest.raises(adoption.NotAccepted):
        enter(w, sent)


def test_the_page_keeps_what_was_typed_and_leads_back(w, client):
    ours, _others = w.reports
    client.force_login(w.c.general)
    url = reverse("reports:use_above", args=[ours.pk])
    wrong = client.post(url, {"do": "mark", "used_on": "2026-12-31", "where": "市委简报"})
    assert wrong.status_code == 400
    assert "市委简报" in wrong.content.decode()
    assert wrong.context["use_form"].errors["used_on"]
    client.post(url, {"do": "mark", "used_on": clock_.today().isoformat(), "where": "市委简报"})
    assert "市委简报" in page_of(client, w.c.secretary, ours)
    client.force_login(w.c.general)
    client.post(url, {"do": "undo"})
    assert not UseAbove.objects.exists()


# ---------------------------------------------------------------- points and ranking
POINTS = {"points_accepted": 1, "points_used": 3, "points_above": 5}


def scored(w, **points):
    """The campaign's first report of units, worth so much."""
    snapshot = copy.deepcopy(w.batch.campaign.snapshot)
    snapshot["reports"][0].update(points or POINTS)
    Campaign.objects.filter(pk=w.batch.campaign_id).update(snapshot=snapshot)
    w.batch = Batch.objects.select_related("campaign__host").get(pk=w.batch.pk)
    return w.batch.campaign.playbook.reports[0]


def asked(w, rule, weeks=(W1, W2, W3), **more):
    return queries.Asked(w.c.general, w.batch, rule, list(weeks), **more)


def test_a_report_counts_once_at_the_highest_it_came_to(w):
    rule = scored(w)
    ours, _others = w.reports
    found = [queries.points_of(ours, rule)]
    issue(w, ours)
    found.append(queries.points_of(ours, rule))
    enter(w, ours)
    found.append(queries.points_of(ours, rule))
    assert found == [1, 3, 5]


def test_a_use_never_takes_points_away_and_without_points_there_is_no_score(w):
    ours, _others = w.reports
    rule = scored(w, points_accepted=4, points_above=2)
    enter(w, ours)
    assert queries.points_of(ours, rule) == 4
    assert queries.points_of(ours, unit_rule(w)) is None


def test_the_best_first_and_ties_share_a_rank(w):
    rule = scored(w)
    ranks = {unit.pk: (unit.rank, unit.n_sent, unit.n_points) for unit in queries.ranked(asked(w, rule))}
    assert ranks[w.p.health.pk] == ranks[w.p.archives.pk] == (1, 1, 1)
    assert {rank for pk, (rank, _s, _p) in ranks.items() if pk not in {w.p.health.pk, w.p.archives.pk}} == {3}
    issue(w, w.reports[1])
    ranks = {unit.pk: (unit.rank, unit.n_used, unit.n_points) for unit in queries.ranked(asked(w, rule))}
    assert (ranks[w.p.archives.pk], ranks[w.p.health.pk]) == ((1, 1, 3), (2, 0, 1))
    assert queries.totals(asked(w, rule)) == {"sent": 2, "accepted": 2, "used": 1, "above": 0, "points": 4}


def test_one_week_one_kind_and_what_was_due(w):
    rule = scored(w)
    assert queries.totals(asked(w, rule, [W1]))["sent"] == 0
    of_kind = list(queries.ranked(asked(w, rule, kind=w.t.archives.kind)))
    assert of_kind and {unit.organization.kind for unit in of_kind} == {w.t.archives.kind}
    (row,) = queries.with_tally(asked(w, rule), [unit for unit in of_kind if unit.pk == w.p.archives.pk])
    assert (row.tally.sent, row.tally.owed) == (1, 3)


def test_the_page_costs_the_same_however_many_units_sent(w, client, clock):
    scored(w)
    client.force_login(w.c.general)
    url = reverse("reports:ranking") + "?rule=weekly_report"

    def cost():
        with CaptureQueriesContext(connection) as seen:
            assert client.get(url).status_code == 200
        return len(seen)

    Report.objects.exclude(pk=w.reports[0].pk).delete()
    cost()
    one = cost()
    for week in (W1, W3):
        clock.hold(2026, 3, 30, 9)
        send(w.p.archives, unit_rule(w), w.c.archives, week=week)
        send(w.p.health, unit_rule(w), w.c.secretary, week=week)
    assert cost() == one


def test_the_page_says_whose_points_they_are_or_that_there_are_none(w, client):
    client.force_login(w.c.general)
    url = reverse("reports:ranking") + "?rule=weekly_report"
    with translation.override("en"):
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
        assert "gives no points" in client.get(url).content.decode()
        scored(w)
        assert "own choice" in client.get(url).content.decode()
        scored(w, **POINTS, points_rule={"zh": "按文件计分", "en": "As the document scores"})
        page = client.get(url).content.decode()
    assert "As the document scores" in page
    assert "own choice" not in page


def test_the_workbook_has_the_same_rows_and_adds_up(w, client):
    scored(w)
    issue(w, w.reports[1])
    client.force_login(w.c.general)
    answer = client.get(reverse("reports:ranking_xlsx") + "?rule=weekly_report")
    sheet = load_workbook(BytesIO(b"".join(answer.streaming_content)))["报送采用情况"]
    text = [[cell.value for cell in row] for row in sheet.iter_rows()]
    flat = [value for row in text for value in row]
    assert "得分" in flat
    assert next(row[0] for row in text if w.p.archives.label in row) == 1


@pytest.mark.parametrize("raw", [{"points_rule": "按文件"}, {"points_used": -1}, {"escalation_days": 0}])
def test_points_that_make_no_sense_are_faults(w, raw):
    snapshot = copy.deepcopy(w.batch.campaign.snapshot)
    snapshot["reports"][0].update(raw)
    with pytest.raises(PlaybookInvalid):
        from_snapshot(snapshot)
