"""An open survey in pages: slips, turnout, reminding, extending, closing; who may, and what waits."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.views.debug import ExceptionReporter
from django.views.decorators.debug import sensitive_variables

from accounts.clock import now
from accounts.models import Notification
from assessments import actions as surveys
from assessments import poll_rules
from assessments.actions import polls
from assessments.actions.casting import CodeRefused
from assessments.actions.poll_reminders import reminded_today
from assessments.models import Poll, PollGroup, Survey, Ticket
from assessments.tests.factories import PASSPHRASE, drafted_poll, opened_poll, paper, vote
from assessments.tests.poll_pages import opening, text_of, url
from campaign.tests.factories import make_world
from campaign.todo import gather
from jobs.models import Job
from units.roles import Right
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def office(w, client):
    client.force_login(w.c.office)
    return client


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


# ---------------------------------------------------------------- slips
def test_slips_are_handed_over_once_and_never_kept(w, office):
    poll = drafted_poll(w, [w.p.health, w.p.court], by=w.c.office)
    office.post(url("poll_open", poll), opening())
    unit = poll.units.first()
    answer = office.post(url("poll_print", poll), {"do": "ticked", "units": [unit.pk], "as": "pdf"})
    assert answer.content.startswith(b"%PDF") and answer["Cache-Control"] == "no-store"
    assert Ticket.objects.count() == 24 and set(Ticket.objects.values_list("unit", flat=True)) == {unit.pk}
    assert not Job.objects.exists()
    both = office.post(url("poll_print", poll), {"do": "all", "as": "zip"})
    names = zipfile.ZipFile(io.BytesIO(both.content)).namelist()
    assert len(names) == 1 and Ticket.objects.count() == 48
    assert office.post(url("poll_print", poll), {"do": "all"}).url == url("poll_slips", poll)


def test_a_file_that_fails_makes_no_code(w, office, monkeypatch):
    from assessments import poll_slips

    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    office.post(url("poll_open", poll), opening())

    def broken(*args):
        raise RuntimeError("no paper")

    monkeypatch.setattr(poll_slips, "slips_pdf", broken)
    with pytest.raises(RuntimeError):
        office.post(url("poll_print", poll), {"do": "all"})
    assert not Ticket.objects.exists() and set(PollGroup.objects.values_list("codes", flat=True)) == {0}


def test_printing_again_makes_the_unused_slips_void_and_tells_the_turnout_in_tens(w, office):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    for slip in slips[:13]:
        vote(slip)
    page = office.get(url("poll_reprint", poll, do="all"))
    assert page.context["most"] == 14 and Ticket.objects.count() == 11
    answer = office.post(url("poll_reprint", poll), {"do": "all", "as": "pdf"})
    assert answer.content.startswith(b"%PDF") and Ticket.objects.count() == 11
    with pytest.raises(CodeRefused):
        vote(slips[20])


def test_what_stands_on_a_slip(w, office, monkeypatch):
    from assessments import poll_slips

    seen = []
    monkeypatch.setattr(poll_slips.typst, "compile", lambda *a, **k: seen.append(k["sys_inputs"]["data"]) or b"%PDF")
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    office.post(url("poll_open", poll), opening())
    office.post(url("poll_print", poll), {"do": "all"})
    for words in (poll.title, w.p.health.label, "全体党员", "All members", "testserver/v/", "18:00"):
        assert words in seen[0], words
    assert len(set(re.findall(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", seen[0]))) == 24


# ---------------------------------------------------------------- watching, extending, closing
def test_turnout_is_shown_in_tens_and_sorted_by_them(w, office):
    poll, slips = opened_poll(w, [w.p.health, w.p.court], by=w.c.office)
    at_court = [slip for slip in slips if slip.unit.participation_id == w.p.court.pk]
    for slip in at_court[:17]:
        vote(slip)
    page = office.get(url("poll", poll))
    assert page.context["tens"] == 10
    assert [row["unit"].tens for row in page.context["rows"]] == [0, 10]
    assert "17" not in re.sub(r"\d{4}-|pk=\d+", "", "".join(re.findall(r"<td>(.*?)</td>", text_of(page), re.S)))
    turned = office.get(url("poll", poll, sort="-turnout"))
    assert [row["unit"].tens for row in turned.context["rows"]] == [10, 0]
    found = office.get(url("poll", poll, q=w.p.court.label))
    assert len(found.context["rows"]) == 1


def test_the_pages_ask_no_more_for_many_units_than_for_one(w, office):
    def queries(path):
        with CaptureQueriesContext(
            connection,
        ) as found:
            assert office.get(path).status_code == 200
        return len(found)

    one, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    draft_of_one = drafted_poll(w, [w.p.health], by=w.c.office)
    paths = [url("poll", one), url("poll_slips", one), url("poll", draft_of_one), url("poll_units", draft_of_one)]
    office.get(paths[0])
    before = [queries(path) for path in [*paths, url("polls")]]
    Poll.objects.all().delete()
    Survey.objects.all().delete()
    everywhere = [w.p.health, w.p.court, w.p.archives]
    many, _slips = opened_poll(w, everywhere, by=w.c.office)
    draft_of_many = drafted_poll(w, everywhere, by=w.c.office)
    drafted_poll(w, everywhere, by=w.c.office)
    paths = [url("poll", many), url("poll_slips", many), url("poll", draft_of_many), url("poll_units", draft_of_many)]
    assert [queries(path) for path in [*paths, url("polls")]] == before


def test_only_secretaries_are_reminded_once_a_day(w, office, clock, committed):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    secretary = user_with("organization_secretary", w.t.health, "head_of_health")
    Notification.objects.all().delete()
    with committed():
        office.post(url("poll_remind", poll))
    people = set(Notification.objects.values_list("user", flat=True))
    assert secretary.pk in people and reminded_today(poll)
    number = Notification.objects.count()
    with committed():
        office.post(url("poll_remind", poll))
    assert Notification.objects.count() == number
    clock.hold(2026, 11, 27)
    assert not reminded_today(poll)


def test_extending_needs_a_later_moment_and_a_reason(w, office):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    same = {"day": poll.closes_at.date().isoformat(), "hour": "00:01", "reason": "下雨"}
    assert office.post(url("poll_extend", poll), same).status_code == 422
    later = {"day": (poll.closes_at + dt.timedelta(days=3)).date().isoformat(), "hour": "18:00"}
    kept = office.post(url("poll_extend", poll), {**later, "reason": ""})
    assert kept.status_code == 422 and later["day"] in text_of(kept)
    assert office.post(url("poll_extend", poll), {**later, "reason": "下雨"}).status_code == 302
    before = poll.closes_at
    poll.refresh_from_db()
    assert poll.closes_at > before


def test_closing_early_asks_for_a_reason_and_says_which_passphrase_is_wrong(w, office, committed):
    second = "河水慢慢流过 老桥下的石头"
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office, passphrases=(PASSPHRASE, second))
    vote(slips[0])
    sent = {"reason": "都投完了", "phrase_1": PASSPHRASE, "phrase_2": "something else"}
    wrong = office.post(url("poll_close", poll), sent)
    assert list(wrong.context["form"].errors) == ["phrase_2"] and "都投完了" in text_of(wrong)
    assert PASSPHRASE not in text_of(wrong)
    without = office.post(url("poll_close", poll), {**sent, "phrase_2": second, "reason": ""})
    assert "reason" in without.context["form"].errors
    with committed():
        answer = office.post(url("poll_close", poll), {**sent, "phrase_2": second})
    job = Job.objects.get()
    assert answer.url == reverse("jobs:detail", args=[job.pk])
    poll.refresh_from_db()
    assert poll.state == "closed" and office.get(url("poll", poll)).status_code == 200


def test_paper_that_waits_is_named_and_keeps_it_from_closing(w, office):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    survey = Survey.objects.get()
    page = text_of(office.get(url("poll", poll)))
    assert url("survey_enter", survey) in page
    surveys.enter_counts(by=w.c.office, survey=survey, ballots=paper(survey.instrument_of(), valid=20, adverse=5))
    answer = office.post(url("poll_close", poll), {"reason": "x", "phrase_1": PASSPHRASE})
    assert w.p.health.label in str(answer.context["form"].non_field_errors())
    assert len(office.get(url("poll", poll, only="paper")).context["rows"]) == 1


def test_a_count_that_broke_off_is_begun_again(w, office, committed):
    poll, slips = opened_poll(w, [w.p.health], by=w.c.office)
    vote(slips[0])
    polls.start_count(by=w.c.office, poll=poll, passphrases=[PASSPHRASE], reason="x")
    Poll.objects.update(handover=None)
    assert url("poll_close", poll) in text_of(office.get(url("poll", poll)))
    with committed():
        office.post(url("poll_close", poll), {"phrase_1": PASSPHRASE})
    poll.refresh_from_db()
    assert poll.state == "closed"


# ---------------------------------------------------------------- who may, and what waits
def test_who_may_not(w, client):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    running, _slips = opened_poll(w, [w.p.court], by=w.c.office)
    secretary = user_with("organization_secretary", w.t.court, "of_court")
    client.force_login(secretary)
    assert client.get(url("poll", poll)).status_code == 404  # nothing to do with the court, and not open
    assert client.get(url("poll", running)).status_code == 200
    for name in ("poll_slips", "poll_reprint", "poll_extend", "poll_close"):
        assert client.get(url(name, running)).status_code == 403, name
    for name in ("poll_print", "poll_remind", "poll_drop"):
        assert client.post(url(name, running)).status_code == 403, name
    # the office holds this survey (I-03), so it is not among what a secretary can prepare
    assert client.get(url("poll_new", what=f"unit.stage2.{w.t.court.pk}")).status_code in {403, 404}


def test_who_may_hold_what(w):
    def held(user):
        return {(one.kind, one.instrument.key if one.instrument else "", one.organization) for one in choices(user)}

    def choices(user):
        return poll_rules.choices(user, w.batch)

    secretary = user_with("organization_secretary", w.t.health, "of_health")
    assert ("unit", "stage2", w.t.county) in held(w.c.office)
    assert held(secretary) == {("unit", "closing", w.t.health)}  # the office holds the other (I-03)
    branch = user_with("branch_secretary", w.t.health_1, "of_branch")
    assert held(branch) == {("members", "member_test", w.t.health_1)}
    assert held(user_with("office_lecture", w.t.county, "lectures")) == set()
    assert poll_rules.rights_for("supervision") == (Right.REVIEW, Right.SET_UP)


def test_no_slip_is_printed_once_it_is_over(w, office, clock):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    clock.hold(2027, 1, 1)
    assert office.get(url("poll_slips", poll)).url == url("poll", poll)
    assert office.post(url("poll_reprint", poll), {"do": "all"}).url == url("poll", poll)
    assert Ticket.objects.count() == 24


def test_what_waits_for_the_holder(w, clock):
    def titles():
        user = type(w.c.office).objects.get(pk=w.c.office.pk)
        return [line.title.id for line in gather(user) if "nonymous survey" in line.title.id]

    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    assert titles() == []
    later = now() + dt.timedelta(days=2)
    polls.open_poll(by=w.c.office, poll=poll, closes_at=later, passphrases=[PASSPHRASE])
    assert titles() == ["Print the slips of anonymous surveys"]
    polls.issue(by=w.c.office, poll=poll)
    assert titles() == []
    clock.hold(2026, 11, 30)
    assert titles() == ["Close and count anonymous surveys"]
    Survey.objects.update(state=Survey.State.ENTERED)
    assert titles() == ["Have paper counts confirmed before an anonymous survey is counted"]


def test_dropping_what_was_never_opened(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    assert office.post(url("poll_drop", poll)).url == url("polls")
    running, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    office.post(url("poll_drop", running))
    assert Poll.objects.get() == running


def report_of(page, rf, user, poll, sent):
    """What Django writes of a page that breaks, with the variables of every frame from here on."""
    request = rf.post("/", sent)
    request.user = user
    del sent
    with pytest.raises(RuntimeError) as caught:
        page(request, poll.pk)
    return ExceptionReporter(request, caught.type, caught.value, caught.tb).get_traceback_html()


def test_an_error_report_holds_neither_code_nor_passphrase(w, office, rf, monkeypatch):
    """What Django writes when a page breaks, mailed or logged with its variables."""
    from assessments import poll_slips
    from assessments.views import poll_slips as pages
    from assessments.views import polls as views

    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    office.post(url("poll_open", poll), opening())
    seen = []

    @sensitive_variables()  # its own frame is in the report as well
    def broken(*args, **kwargs):
        seen.append(str(kwargs.get("sys_inputs", "")))
        raise RuntimeError("broken")

    monkeypatch.setattr(poll_slips.typst, "compile", broken)
    monkeypatch.setattr(views.actions, "start_count", broken)
    printing = report_of(pages.slips_print, rf, w.c.office, poll, {"do": "all"})
    closing = report_of(views.poll_close, rf, w.c.office, poll, {"reason": "x", "phrase_1": PASSPHRASE})
    code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", seen[0])[0]
    assert "RuntimeError" in printing and code not in printing
    assert "RuntimeError" in closing and PASSPHRASE not in closing


def test_the_menu_knows_where_one_is(client, w):
    """Anonymous surveys belong to the item of all surveys."""
    client.force_login(w.c.office)
    menu = client.get(reverse("assessments:polls")).context["menu"]
    current = [item["url"] for group in menu for item in group["items"] if item["current"]]
    assert current == [reverse("assessments:surveys")]
