"""Preparing an anonymous survey in pages: units, numbers, questions, opening."""

import re

import pytest

from assessments.models import Poll, PollGroup, PollUnit, Survey
from assessments.tests.factories import PASSPHRASE, drafted_poll, opened_poll
from assessments.tests.poll_pages import opening, text_of, url
from campaign.actions import style_review
from campaign.tests.factories import make_world
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def office(w, client):
    client.force_login(w.c.office)
    return client


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
    sent = {"title": "测评", f"asked-{group}": "12"}
    nobody = client.post(url("poll_new", what=what), {**sent, "rows": [people[0].pk]})
    assert nobody.status_code == 422 and not Poll.objects.exists()
    client.post(url("poll_new", what=what), {**sent, "rows": [people[0].pk, people[1].pk]})
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
