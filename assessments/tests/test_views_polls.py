"""The office's pages of anonymous surveys, from preparing to counting."""

import datetime as dt
import io
import re
import zipfile

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.clock import now, today
from accounts.models import Notification
from assessments import actions as surveys
from assessments import poll_rules
from assessments.actions import polls
from assessments.actions.casting import CodeRefused
from assessments.actions.poll_reminders import reminded_today
from assessments.models import Poll, PollGroup, PollUnit, Survey, Ticket
from assessments.tests.factories import PASSPHRASE, drafted_poll, opened_poll, paper, vote
from campaign.actions import style_review
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


def url(name, *args, **query):
    found = reverse(f"assessments:{name}", args=[getattr(arg, "pk", arg) for arg in args])
    return found + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def text_of(response):
    return response.content.decode()


def unit_choice(w, instrument="stage2"):
    return f"unit.{instrument}.{w.t.county.pk}"


def at_second_stage(w):
    """Everybody in the stage in which the survey is due."""
    from campaign.models import StageProgress

    second = w.playbook.instruments[0].when
    for participation in (w.p.archives, w.p.court, w.p.health):
        rows = StageProgress.objects.filter(participation=participation)
        rows.filter(state="current").update(state="done")
        rows.filter(stage=second).update(state="current")


# ---------------------------------------------------------------- preparing
def test_a_survey_for_all_units_at_the_stage_takes_the_roll_for_the_members(w, office):
    at_second_stage(w)
    page = office.get(url("poll_new"))
    assert unit_choice(w) in text_of(page)
    sent = {"title": "第二阶段测评", "which": "all", "asked-members": "", "asked-masses": "20"}
    answer = office.post(url("poll_new", what=unit_choice(w)), sent)
    poll = Poll.objects.get()
    assert answer.url == url("poll", poll) and poll.state == "draft" and poll.units.count() == 3
    assert set(PollGroup.objects.filter(group="masses").values_list("asked", flat=True)) == {20}
    assert office.get(url("poll", poll)).status_code == 200


def test_a_title_that_is_missing_loses_nothing_that_was_typed(w, office):
    at_second_stage(w)
    sent = {"title": "", "which": "later", "asked-members": "7", "asked-masses": "31"}
    answer = office.post(url("poll_new", what=unit_choice(w)), sent)
    assert answer.status_code == 422 and not Poll.objects.exists()
    assert 'value="31"' in text_of(answer) and 'value="7"' in text_of(answer)


def test_units_are_added_numbered_and_taken_out(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    page = office.get(url("poll_add", poll))
    assert w.p.court.label in text_of(page) and f'value="{w.p.health.pk}"' not in text_of(page)
    office.post(url("poll_add", poll), {"do": "ticked", "units": [w.p.court.pk]})
    assert poll.units.count() == 2
    office.post(url("poll_add", poll), {"do": "all"})
    assert poll.units.count() == 3
    first, *others = poll.units.all()
    numbers = {f"n-{unit.pk}-{group}": "9" for unit in poll.units.all() for group in ("members", "masses")}
    wrong = office.post(url("poll_units", poll), {**numbers, f"n-{first.pk}-masses": "viele", "do": "save"})
    assert wrong.status_code == 422 and 'value="viele"' in text_of(wrong)
    assert office.post(url("poll_units", poll), {**numbers, "do": "save"}).status_code == 302
    assert set(PollGroup.objects.values_list("asked", flat=True)) == {9}
    office.post(url("poll_units", poll), {"do": "every", "asked-members": "", "asked-masses": "15"})
    assert set(PollGroup.objects.filter(group="masses").values_list("asked", flat=True)) == {15}
    assert 9 not in PollGroup.objects.filter(group="members").values_list("asked", flat=True)
    office.post(url("poll_units", poll), {"do": "remove", "units": [unit.pk for unit in others]})
    assert list(poll.units.all()) == [first]


def test_a_unit_with_an_open_round_cannot_be_added(w, office):
    opened_poll(w, [w.p.court], by=w.c.office)
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    office.post(url("poll_add", poll), {"do": "all"})
    assert set(poll.units.values_list("participation", flat=True)) == {w.p.health.pk, w.p.archives.pk}


def test_members_who_have_not_passed_review_are_named_and_left_out(w, client, monkeypatch):
    from assessments import member_tests

    secretary = user_with("branch_secretary", w.t.health_1, "keeps_papers")
    client.force_login(secretary)
    people = w.t.members[w.t.health_1.code]
    monkeypatch.setattr(member_tests, "not_to_be_tested_yet", lambda batch, members: [people[0]])
    what = f"members.0.{w.t.health_1.pk}"
    page = text_of(client.get(url("poll_new", what=what)))
    assert f'value="{people[0].pk}"' not in page and people[0].name in page and f'value="{people[1].pk}"' in page
    group = re.search(r'name="asked-(\w+)"', page)[1]
    client.post(
        url("poll_new", what=what), {"title": "测评", f"asked-{group}": "12", "rows": [people[0].pk, people[1].pk]}
    )
    unit = PollUnit.objects.get()
    assert unit.rows == [[str(people[1].pk), people[1].name]]
    assert all(question.by_row for question in unit.questionnaire().instrument.questions)
    client.force_login(w.c.office)  # names of members stay in the branch
    assert client.get(url("poll", unit.poll)).status_code == 404


def test_a_style_review_brings_its_departments_kinds_and_items(w, office):
    lines = [["a", "甲", "A"], ["b", "乙", "B"]]
    review = style_review.open_review(
        by=w.c.office,
        batch=w.batch,
        organization=w.t.county,
        title="万人评风",
        departments=[(w.t.health, "卫生局"), (w.t.court, "法院")],
        kinds=lines,
        items=lines,
        grades=lines,
        least_asked=20,
    )
    what = f"style.{review.pk}.{w.t.county.pk}"
    rows = [str(row.pk) for row in review.departments.all()]
    office.post(url("poll_new", what=what), {"title": "评风", "asked-a": "30", "asked-b": "40", "rows": rows})
    poll = Poll.objects.get()
    assert poll.form["least_asked"] == 20 and poll.review_id == review.pk
    assert len(poll.units.get().questionnaire().places) == 4


# ---------------------------------------------------------------- the question editor
def sheet_of(poll):
    """The editor's fields as the page shows them."""
    raw = poll.form["instrument"]
    sent = {"title": poll.title, "comment-zh": "", "comment-en": "", "decisive": "0"}
    for n, group in enumerate(raw["groups"]):
        sent |= {f"g-{n}-key": group["key"], f"g-{n}-zh": group["name"]["zh"], f"g-{n}-en": group["name"]["en"]}
    for n, question in enumerate(raw["questions"]):
        sent |= {f"q-{n}-key": question["key"], f"q-{n}-zh": question["text"]["zh"], f"q-{n}-en": ""}
        for m, option in enumerate(question["options"]):
            counts = "satisfied" if option.get("satisfied") else "adverse" if option.get("adverse") else ""
            name = f"q-{n}-o-{m}"
            sent |= {f"{name}-key": option["key"], f"{name}-zh": option["text"]["zh"], f"{name}-counts": counts}
            sent[f"{name}-en"] = option["text"]["en"]
    return sent


def test_questions_groups_and_words_are_changed_and_kept(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    before = poll.form["instrument"]
    sent = sheet_of(poll) | {
        "g-2-zh": "服务对象",
        "g-2-en": "Service users",
        "q-1-zh": "是不是走了过场",
        "q-1-en": "",
        "q-1-o-0-zh": "是",
        "q-1-o-0-counts": "adverse",
        "q-1-o-1-zh": "不是",
        "comment-zh": "意见和建议",
        "do": "save",
    }
    answer = office.post(url("poll_form", poll), sent)
    assert answer.status_code == 302, text_of(answer)
    poll.refresh_from_db()
    made = poll.questionnaire().instrument
    assert [group.key for group in made.groups] == ["members", "masses", "service_users"]
    assert made.questions[1].text.zh == "是不是走了过场" and made.questions[1].options[0].adverse
    assert made.decisive.key == before["questions"][0]["key"] and made.comment.zh == "意见和建议"
    assert poll.form["instrument"]["thresholds"] == before["thresholds"]
    numbers = dict(PollGroup.objects.values_list("group", "asked"))
    assert numbers == {"members": 12, "masses": 12, "service_users": 0}


def test_buttons_of_the_editor_change_the_page_and_save_nothing(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    sent = sheet_of(poll) | {"title": "改过的题目"}
    more = text_of(office.post(url("poll_form", poll), sent | {"do": "add-question"}))
    assert 'name="q-1-zh"' in more and "改过的题目" in more
    turned = text_of(office.post(url("poll_form", poll), sent | {"do": "down-group-0"}))
    assert turned.index('value="masses"') < turned.index('value="members"')
    kept = text_of(office.post(url("poll_form", poll), sent | {"do": "remove-question-0"}))
    assert 'name="q-0-zh"' in kept
    last = len(poll.form["instrument"]["questions"][0]["options"]) - 1
    bound = text_of(office.post(url("poll_form", poll), sent | {"do": f"remove-option-0-{last}"}))
    assert f'name="q-0-o-{last}-zh"' in bound  # the threshold counts this answer
    poll.refresh_from_db()
    assert poll.title != "改过的题目"


def test_what_is_wrong_is_said_at_its_field_and_stays_typed(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    sent = sheet_of(poll) | {"q-0-zh": "", "q-0-o-1-zh": "", "comment-en": "Remarks", "do": "save"}
    answer = office.post(url("poll_form", poll), sent)
    page = text_of(answer)
    assert answer.status_code == 422
    for name in ("q-0-zh", "q-0-o-1-zh", "comment-zh"):
        assert f'id="{name}_error"' in page
    assert 'value="Remarks"' in page
    forged = sheet_of(poll) | {"q-0-o-2-key": "another", "do": "save"}
    assert office.post(url("poll_form", poll), forged).status_code == 422  # the threshold would hang in the air


def test_a_preview_is_the_answer_to_htmx(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    sent = sheet_of(poll) | {"q-0-zh": "新的问法"}
    page = text_of(office.post(url("poll_form", poll), sent, headers={"HX-Request": "true"}))
    assert "新的问法" in page and "<form" not in page


# ---------------------------------------------------------------- opening
def opening(**more):
    day = today() + dt.timedelta(days=5)
    phrases = {"officers": "1", "phrase_1": PASSPHRASE, "again_1": PASSPHRASE, "understood": "on"}
    return {"day": day.isoformat(), "hour": "18:00", **phrases, **more}


def test_opening_says_what_is_wrong_at_its_field(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office, asked=4)
    page = office.get(url("poll_open", poll))
    assert w.p.health.label in text_of(page) and page.context["small_count"] == 1
    wrong = {
        "again_1": opening(again_1="anders und lang"),
        "phrase_1": opening(phrase_1="kurz", again_1="kurz"),
        "day": opening(day="2020-01-01"),
        "understood": opening(understood=""),
        "phrase_2": opening(officers="2", phrase_2=PASSPHRASE, again_2=PASSPHRASE),
    }
    for name, sent in wrong.items():
        answer = office.post(url("poll_open", poll), sent)
        assert answer.status_code == 422 and name in answer.context["form"].errors, name
        assert PASSPHRASE not in text_of(answer)
    nobody = drafted_poll(w, [w.p.court], by=w.c.office, asked=0)
    assert w.p.court.label in str(office.post(url("poll_open", nobody), opening()).context["form"].errors)
    assert Survey.objects.count() == 0


def test_opening_freezes_what_is_asked(w, office):
    poll = drafted_poll(w, [w.p.health], by=w.c.office)
    other = drafted_poll(w, [w.p.health], by=w.c.office)
    assert office.post(url("poll_open", poll), opening()).url == url("poll_slips", poll)
    poll.refresh_from_db()
    assert poll.state == "open" and poll.officers == 1
    for name in ("poll_form", "poll_units", "poll_add", "poll_open"):
        assert office.get(url(name, poll)).url == url("poll", poll)
    busy = office.post(url("poll_open", other), opening())
    assert w.p.health.label in str(busy.context["form"].errors)


def test_what_is_asked_stays_readable_and_the_names_of_members_stay_in_the_branch(w, client, office):
    poll, _slips = opened_poll(w, [w.p.health], by=w.c.office)
    page = office.get(url("poll", poll))
    assert poll.questionnaire().instrument.questions[0].text.zh in text_of(page)
    branch, name = w.t.health_1, w.t.members[w.t.health_1.code][0].name
    Poll.objects.update(kind="members", organization=branch)
    PollUnit.objects.update(organization=branch, rows=[["1", name]])
    raw = poll.form["instrument"]
    by_row = {**raw, "questions": [{**one, "by_row": True} for one in raw["questions"]]}
    Poll.objects.update(form={"instrument": by_row})
    assert name not in text_of(office.get(url("poll", poll)))
    assert office.get(url("poll_slips", poll)).status_code == 403
    client.force_login(user_with("branch_secretary", branch, "keeps_papers"))
    assert name in text_of(client.get(url("poll", poll)))
    assert client.get(url("poll_slips", poll)).status_code == 200


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
