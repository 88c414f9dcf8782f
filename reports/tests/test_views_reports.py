"""The pages of the weekly reports."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Notification
from campaign.models import Participation
from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import reports as actions
from reports.models import Report, ReportException, ReportReminder
from reports.tests.factories import fill, send, unit_rule
from units.tests.factories import make_organization, user_with

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 16)
W2, W3 = START + weeks.WEEK, START + 2 * weeks.WEEK


@pytest.fixture
def w(clock):
    clock.hold(2026, 4, 2, 10)
    return make_world(start=START)


@pytest.fixture
def rule(w):
    return unit_rule(w)


@pytest.fixture
def sign_in(client):
    def enter(user):
        client.force_login(user)
        return client

    return enter


def new_url(w, rule, week=W3, unit="health"):
    return reverse("reports:report_new", args=[getattr(w.p, unit).pk, rule.key, week.isoformat()])


def url_of(name, report):
    return reverse(f"reports:{name}", args=[report.pk])


# ---------------------------------------------------------------- writing
def test_looking_at_a_new_report_stores_nothing(w, rule, sign_in):
    page = sign_in(w.c.secretary).get(new_url(w, rule))
    assert page.status_code == 200
    assert Report.objects.count() == 0


def test_a_draft_is_saved_and_taken_up_again(w, rule, sign_in):
    client = sign_in(w.c.secretary)
    answer = client.post(new_url(w, rule), {"do": "save", "version": 0, "progress": "写了一半"})
    report = Report.objects.get()
    assert answer["Location"] == url_of("report_edit", report)
    assert report.state == Report.State.DRAFT
    assert "写了一半" in client.get(answer["Location"]).content.decode()
    assert client.get(new_url(w, rule))["Location"] == url_of("report_edit", report)


def test_sending_with_an_empty_field_keeps_what_was_typed(w, rule, sign_in):
    page = sign_in(w.c.secretary).post(new_url(w, rule), {"do": "submit", "version": 0, "progress": "只写了这一栏"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"leaders", "results", "experience"}
    assert "只写了这一栏" in page.content.decode()
    assert Report.objects.count() == 0


def test_sending_at_once(w, rule, sign_in):
    answer = sign_in(w.c.secretary).post(new_url(w, rule), {"do": "submit", "version": 0, **fill(rule)})
    report = Report.objects.get()
    assert (report.state, report.late, report.author) == (Report.State.SUBMITTED, False, w.c.secretary)
    assert answer["Location"] == url_of("report", report)


def test_who_writes_over_a_colleagues_text_is_shown_both(w, rule, sign_in):
    report = actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=W3)
    actions.save_draft(by=w.c.office, report=report, version=1, contents={"progress": "同事写的"})
    client = sign_in(w.c.secretary)
    page = client.post(url_of("report_edit", report), {"do": "save", "version": 1, "progress": "我写的"})
    text = page.content.decode()
    assert page.status_code == 409
    assert "同事写的" in text
    assert "我写的" in text
    assert Report.objects.get().contents["progress"] == "同事写的"
    shown = page.context["form"]["version"].value()
    client.post(url_of("report_edit", report), {"do": "save", "version": shown, "progress": "我写的"})
    assert Report.objects.get().contents["progress"] == "我写的"


def test_who_begins_when_a_colleague_has_begun_loses_nothing(w, rule, sign_in):
    client = sign_in(w.c.secretary)
    report = actions.open_report(by=w.c.office, reporter=w.p.health, rule=rule, week=W3)
    actions.save_draft(by=w.c.office, report=report, version=1, contents={"progress": "同事写的"})
    page = client.post(new_url(w, rule), {"do": "save", "version": 0, "progress": "我写的"})
    assert page.status_code == 409
    assert "我写的" in page.content.decode()
    assert Report.objects.get().contents["progress"] == "同事写的"


def test_who_sends_when_a_colleague_has_sent_is_told(w, rule, sign_in):
    send(w.p.health, rule, w.c.office)
    page = sign_in(w.c.secretary).post(new_url(w, rule), {"do": "submit", "version": 0, **fill(rule, "我写的")})
    assert page.status_code == 409
    assert "我写的" in page.content.decode()
    assert Report.objects.count() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("office", 403), ("supervisor", 403), ("branch", 403), ("archives", 404), ("outsider", 404)],
)
def test_who_may_begin_a_report(w, rule, sign_in, who, status):
    assert sign_in(getattr(w.c, who)).get(new_url(w, rule)).status_code == status


@pytest.mark.parametrize("week", ["nonsense", "2026-13-01"])
def test_a_week_that_is_none(w, rule, sign_in, week):
    url = new_url(w, rule).replace(W3.isoformat(), week)
    assert sign_in(w.c.secretary).get(url).status_code == 404


def test_a_week_to_come_leads_back_with_the_reason(w, rule, sign_in):
    client = sign_in(w.c.secretary)
    for method in (client.get, client.post):
        assert method(new_url(w, rule, W3 + weeks.WEEK))["Location"] == reverse("reports:mine")
    assert Report.objects.count() == 0


def test_a_rule_of_another_reporter_is_no_report_of_a_unit(w, rule, sign_in):
    url = new_url(w, rule).replace(rule.key, "supervision_report")
    assert sign_in(w.c.secretary).get(url).status_code == 404


# ---------------------------------------------------------------- reading and deciding
@pytest.mark.parametrize(
    ("who", "status"),
    [("secretary", 200), ("office", 200), ("leader", 200), ("supervisor", 200), ("archives", 404), ("outsider", 404)],
)
def test_who_may_read_a_report_that_was_sent(w, rule, sign_in, who, status):
    report = send(w.p.health, rule, w.c.secretary)
    assert sign_in(getattr(w.c, who)).get(url_of("report", report)).status_code == status


def test_a_draft_is_the_units_own(w, rule, sign_in):
    report = actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=rule, week=W3)
    assert sign_in(w.c.office).get(url_of("report", report)).status_code == 403
    assert sign_in(w.c.secretary).get(url_of("report", report))["Location"] == url_of("report_edit", report)


def test_accepting_leads_to_the_next_that_waits(w, rule, sign_in, clock):
    first = send(w.p.health, rule, w.c.secretary)
    clock.hold(2026, 4, 2, 11)
    second = send(w.p.archives, rule, w.c.archives)
    client = sign_in(w.c.office)
    answer = client.post(url_of("report_decide", first), {"do": "accept", "version": first.version})
    assert answer["Location"] == url_of("report", second)
    answer = client.post(url_of("report_decide", second), {"do": "accept", "version": second.version})
    assert answer["Location"] == url_of("report", second)
    assert set(Report.objects.values_list("state", flat=True)) == {Report.State.ACCEPTED}


def test_returning_needs_a_reason(w, rule, sign_in):
    report = send(w.p.health, rule, w.c.secretary)
    client = sign_in(w.c.office)
    page = client.post(url_of("report_decide", report), {"do": "return", "version": report.version, "reason": ""})
    assert page.status_code == 400
    assert page.context["form"].errors
    data = {"do": "return", "version": report.version, "reason": "写明学时"}
    client.post(url_of("report_decide", report), data)
    assert "写明学时" in sign_in(w.c.secretary).get(url_of("report_edit", report)).content.decode()


def test_the_second_to_decide_is_told_who_was_first(w, rule, sign_in):
    report = send(w.p.health, rule, w.c.secretary)
    seen = report.version
    actions.accept_report(by=w.c.office, report=report, version=seen)
    data = {"do": "return", "version": seen, "reason": "再改"}
    page = sign_in(w.c.general).post(url_of("report_decide", report), data, follow=True)
    assert w.c.office.name in page.content.decode()
    assert Report.objects.get().state == Report.State.ACCEPTED


@pytest.mark.parametrize(
    ("who", "status"), [("secretary", 403), ("supervisor", 403), ("leader", 403), ("archives", 404), ("outsider", 404)]
)
def test_who_may_not_decide(w, rule, sign_in, who, status):
    report = send(w.p.health, rule, w.c.secretary)
    client = sign_in(getattr(w.c, who))
    data = {"do": "accept", "version": report.version}
    assert client.post(url_of("report_decide", report), data).status_code == status
    assert Report.objects.get().state == Report.State.SUBMITTED


def test_taking_back(w, rule, sign_in):
    report = send(w.p.health, rule, w.c.secretary)
    data = {"version": report.version}
    assert sign_in(w.c.office).post(url_of("report_withdraw", report), data).status_code == 403
    assert sign_in(w.c.archives).post(url_of("report_withdraw", report), data).status_code == 404
    answer = sign_in(w.c.secretary).post(url_of("report_withdraw", report), data)
    assert answer["Location"] == url_of("report_edit", report)
    again = sign_in(w.c.secretary).post(url_of("report_withdraw", report), data)
    assert again["Location"] == url_of("report", report)


def test_deciding_and_taking_back_are_no_links(w, rule, sign_in):
    report = send(w.p.health, rule, w.c.secretary)
    for name in ("report_decide", "report_withdraw"):
        assert sign_in(w.c.office).get(url_of(name, report)).status_code == 405


# ---------------------------------------------------------------- mine
def test_my_reports_put_this_week_on_top(w, rule, sign_in):
    send(w.p.health, rule, w.c.secretary, week=W2)
    page = sign_in(w.c.secretary).get(reverse("reports:mine"))
    assert [row["rule"].key for row in page.context["now"]] == ["weekly_report", "brief"]
    past = [(row["column"].number, row["cell"].status) for row in page.context["page"] if row["rule"] == rule]
    assert past == [(2, "late"), (1, "missing")]
    assert new_url(w, rule) in page.content.decode()


def test_on_a_weekend_the_coming_friday_is_told(w, rule, sign_in, clock):
    client = sign_in(w.c.secretary)
    assert client.get(reverse("reports:mine")).context["coming"] == []
    clock.hold(2026, 4, 4, 10)  # Saturday: the brief has until Sunday, the report is over
    page = client.get(reverse("reports:mine"))
    assert [(r.key, f"{due:%F %H:%M}") for r, due in page.context["coming"]] == [("weekly_report", "2026-04-10 23:59")]
    assert "下一次周报：4月10日" in page.content.decode()


def test_who_writes_for_several_units_chooses_one(w, rule, sign_in):
    over = user_with("organization_secretary", w.t.work)
    Participation.objects.filter(pk=w.p.archives.pk).update(
        organization=make_organization("县志办", "branch", w.t.work)
    )
    client = sign_in(over)
    page = client.get(reverse("reports:mine"))
    assert len(page.context["page"].object_list) == 2
    page = client.get(reverse("reports:mine"), {"unit": w.p.court.pk})
    assert page.context["reporter"] == w.p.court
    assert client.get(reverse("reports:mine"), {"unit": w.p.health.pk}).status_code == 404


def test_mine_for_others(w, sign_in):
    assert sign_in(w.c.office).get(reverse("reports:mine"), follow=True).redirect_chain[-1][0] == reverse(
        "reports:weekly"
    )
    assert sign_in(w.c.branch).get(reverse("reports:mine")).status_code == 200


# ---------------------------------------------------------------- the grid
def grid_page(client, **query):
    return client.get(reverse("reports:weekly"), query)


def shown(page):
    return {line.reporter for line in page.context["grid"].lines}


def test_the_grid_shows_signs_and_figures(w, rule, sign_in):
    report = send(w.p.health, rule, w.c.secretary)
    page = grid_page(sign_in(w.c.office))
    text = page.content.decode()
    assert url_of("report", report) in text
    assert shown(page) == {w.p.health, w.p.court, w.p.archives}
    assert page.context["grid"].this_week.sent == 1
    assert [line.reporter for line in page.context["chaseable"]] == [w.p.archives, w.p.court]


def test_the_filters_of_the_grid(w, rule, sign_in, clock):
    send(w.p.health, rule, w.c.secretary)
    with clock.at(2026, 3, 20, 9):
        send(w.p.archives, rule, w.c.archives, week=START)
    with clock.at(2026, 3, 27, 9):
        send(w.p.archives, rule, w.c.archives, week=W2)
    client = sign_in(w.c.office)
    assert shown(grid_page(client, superior=w.t.work.pk)) == {w.p.court, w.p.archives}
    assert shown(grid_page(client, q="法院")) == {w.p.court}
    assert shown(grid_page(client, state="sent")) == {w.p.health}
    assert shown(grid_page(client, state="waiting")) == {w.p.court, w.p.archives}
    assert shown(grid_page(client, state="late")) == set()
    assert shown(grid_page(client, state="decide")) == {w.p.health, w.p.archives}
    assert shown(grid_page(client, gaps="on")) == {w.p.court, w.p.health}
    assert len(grid_page(client, weeks="all").context["grid"].columns) == 3
    assert grid_page(client, rule="nothing").status_code == 404


def test_a_folded_group_hides_its_units_and_keeps_its_sums(w, rule, sign_in):
    page = grid_page(sign_in(w.c.office), open="none")
    assert [row["group"].superior for row in page.context["page"]] == [w.t.county, w.t.work]
    page = grid_page(sign_in(w.c.office), open=str(w.t.county.pk))
    assert len(page.context["page"].object_list) == 3


def test_who_may_not_chase_sees_no_buttons(w, rule, sign_in):
    text = grid_page(sign_in(w.c.supervisor)).content.decode()
    assert reverse("reports:exception") not in text
    assert 'name="unit"' not in text


@pytest.mark.parametrize("long", [False, True])
def test_the_grid_asks_the_same_number_of_queries(clock, sign_in, django_assert_num_queries, long):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    clock.hold(2026, 4, 2, 10)
    w = make_world(start=dt.date(2026, 2, 9))
    rule = unit_rule(w)
    send(w.p.health, rule, w.c.secretary)
    client = sign_in(w.c.office)
    query = {"weeks": "8" if long else "4"}
    grid_page(client, **query)
    with CaptureQueriesContext(connection) as three:
        assert len(shown(grid_page(client, **query))) == 3
    Participation.objects.exclude(pk=w.p.health.pk).delete()
    with django_assert_num_queries(len(three)):
        assert len(shown(grid_page(client, **query))) == 1


def remind(client, **data):
    return client.post(reverse("reports:remind"), data)


def test_reminding_one_some_a_group_and_all(w, rule, sign_in, django_capture_on_commit_callbacks):
    client = sign_in(w.c.office)
    with django_capture_on_commit_callbacks(execute=True):
        remind(client, rule=rule.key, only=w.p.health.pk)
    assert Notification.objects.filter(user=w.c.secretary).count() == 1
    assert set(ReportReminder.objects.values_list("participation", flat=True)) == {w.p.health.pk}
    ReportReminder.objects.all().delete()
    remind(client, rule=rule.key, group=w.t.work.pk)
    assert set(ReportReminder.objects.values_list("participation", flat=True)) == {w.p.archives.pk}  # court: nobody
    ReportReminder.objects.all().delete()
    remind(client, rule=rule.key, do="chosen", unit=[w.p.health.pk, w.p.archives.pk])
    assert ReportReminder.objects.values("participation").distinct().count() == 2
    ReportReminder.objects.all().delete()
    send(w.p.health, rule, w.c.secretary)
    remind(client, rule=rule.key, do="all")
    assert set(ReportReminder.objects.values_list("participation", flat=True)) == {w.p.archives.pk}


def test_reminding_says_what_came_of_it(w, rule, sign_in):
    client = sign_in(w.c.office)
    page = client.post(reverse("reports:remind"), {"rule": rule.key, "do": "all"}, follow=True)
    assert "县法院" in page.content.decode()
    assert len(list(page.context["messages"])) == 2
    page = client.post(reverse("reports:remind"), {"rule": rule.key, "do": "chosen"}, follow=True)
    assert [m.level_tag for m in page.context["messages"]] == ["warning"]


def test_reminding_leads_back_inside_the_site_only(w, rule, sign_in):
    client = sign_in(w.c.office)
    data = {"rule": rule.key, "do": "all"}
    here = reverse("reports:weekly") + "?state=waiting"
    assert client.post(reverse("reports:remind"), {**data, "next": here})["Location"] == here
    answer = client.post(reverse("reports:remind"), {**data, "next": "https://elsewhere.example/"})
    assert answer["Location"] == reverse("reports:weekly")


@pytest.mark.parametrize("who", ["secretary", "supervisor", "leader", "outsider"])
def test_who_may_neither_remind_nor_excuse(w, rule, sign_in, who):
    client = sign_in(getattr(w.c, who))
    assert remind(client, rule=rule.key, do="all").status_code == 403
    assert client.get(reverse("reports:exception")).status_code == 403
    assert ReportReminder.objects.count() == 0


# ---------------------------------------------------------------- exceptions
def grant(client, rule, **data):
    known = {"rule": rule.key, "first": W2.isoformat(), "last": W2.isoformat(), "kind": "excused", "reason": "春节"}
    return client.post(reverse("reports:exception"), {**known, **data})


def test_excusing_all_or_the_chosen(w, rule, sign_in):
    client = sign_in(w.c.office)
    page = client.post(reverse("reports:exception"), {"rule": rule.key, "do": "x", "unit": [w.p.health.pk]})
    assert page.context["units"] == [w.p.health]
    assert ReportException.objects.count() == 0
    grant(client, rule, unit=[w.p.health.pk])
    assert ReportException.objects.get().participation == w.p.health
    grant(client, rule, last=W3.isoformat())
    assert ReportException.objects.count() == 6


def test_a_moved_deadline_has_a_moment_after_the_regular_one(w, rule, sign_in):
    client = sign_in(w.c.office)
    for due in ("", "2026-03-27T09:00"):
        page = grant(client, rule, kind="moved", due_at=due)
        assert "due_at" in page.context["form"].errors
    page = grant(client, rule, first=W3.isoformat(), reason="")
    assert set(page.context["form"].errors) == {"last", "reason"}
    grant(client, rule, kind="moved", due_at="2026-03-28T09:00")
    assert {e.due_at.isoformat() for e in ReportException.objects.all()} == {"2026-03-28T01:00:00+00:00"}


def test_revoking_an_exception(w, rule, sign_in):
    grant(sign_in(w.c.office), rule, unit=[w.p.health.pk])
    url = reverse("reports:exception_revoke", args=[ReportException.objects.get().pk])
    assert sign_in(w.c.secretary).post(url).status_code == 403
    assert sign_in(w.c.archives).post(url).status_code == 404
    sign_in(w.c.office).post(url)
    assert ReportException.objects.count() == 0


def test_without_a_batch_the_pages_say_so(db, sign_in):
    user = user_with("office_head", make_organization("县委", "county_committee"))
    client = sign_in(user)
    assert grid_page(client).status_code == 200
    assert client.get(reverse("reports:exception")).status_code == 404
