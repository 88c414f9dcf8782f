"""Knowledge tests (E-36): banks from Excel, taking one by the server's clock, scores of paper tests, the gate."""

import datetime as dt
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import clock
from assessments import knowledge_sheets
from assessments.actions import knowledge as actions
from assessments.knowledge import figures, results_of
from assessments.knowledge_counting import knowledge_test_passed, passed_members
from assessments.models import BankImport, KnowledgeTest, Question, TestAttempt
from campaign import sheets
from campaign.playbook.work import Check
from campaign.tests.factories import evidence_of, make_world
from units.tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 4, 3, 1, 0, tzinfo=dt.UTC)


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def bank(w):
    found = actions.open_bank(by=w.c.branch, organization=w.t.health_1, name="基本知识")
    for number in range(1, 5):
        data = actions.QuestionData(number, "single", f"第{number}题", ("甲", "乙", "丙"), "B")
        actions.save_question(by=w.c.branch, bank=found, data=data, active=True)
    return found


def open_test(w, bank, **terms):
    given = {
        "title": "先进性基本知识测试",
        "mode": "online",
        "bank": bank,
        "singles": 4,
        "minutes": 30,
        "pass_mark": Decimal(60),
        "opens_at": clock.now() - dt.timedelta(hours=1),
        "closes_at": clock.now() + dt.timedelta(hours=2),
        **terms,
    }
    return actions.open_test(by=w.c.branch, batch=w.batch, organization=w.t.health_1, terms=actions.TestTerms(**given))


def sheet_of(rows):
    return SimpleUploadedFile("bank.xlsx", sheets.write("题库", knowledge_sheets.BANK_COLUMNS, rows))


# ---------------------------------------------------------------- banks
def test_each_fault_of_a_bank_is_named_with_its_cell_and_nothing_is_kept(w, client):
    bank = actions.open_bank(by=w.c.branch, organization=w.t.health_1, name="空库")
    rows = [
        {"number": 1, "kind": "单选题", "text": "题一", "A": "甲", "B": "乙", "answer": "AB"},
        {"number": 1, "kind": "问答题", "text": "题二", "answer": "A"},
        {"number": 3, "kind": "判断题", "text": "题三", "answer": "也许"},
        {"number": 4, "kind": "多选题", "text": "", "A": "甲", "C": "丙", "answer": "AC"},
    ]
    client.force_login(w.c.branch)
    response = client.post(reverse("assessments:bank", args=[bank.pk]), {"file": sheet_of(rows)})
    assert response.status_code == 422
    assert {f.cell for f in response.context["faults"]} == {"J4", "A5", "B5", "J6", "C7", "E7", "J7"}
    assert not BankImport.objects.exists()
    assert not Question.objects.exists()


def test_an_import_is_shown_then_confirmed_once_and_known_numbers_are_written_anew(w, bank, client):
    rows = [
        {"number": 1, "kind": "判断题", "text": "改过的第一题", "answer": "对"},
        {"number": 9, "kind": "多选题", "text": "=1+1", "A": "甲", "B": "乙", "answer": "B、A"},
    ]
    client.force_login(w.c.branch)
    shown = client.post(reverse("assessments:bank", args=[bank.pk]), {"file": sheet_of(rows)}, follow=True)
    assert shown.context["counts"] == {"new": 1, "changed": 1, "same": 0}
    assert bank.questions.count() == 4
    pending = BankImport.objects.get()
    assert actions.confirm_import(by=w.c.branch, pending=pending) == 2
    with pytest.raises(actions.AlreadyImported):
        actions.confirm_import(by=w.c.branch, pending=pending)
    assert bank.questions.count() == 5
    first, ninth = bank.questions.get(number=1), bank.questions.get(number=9)
    assert (first.kind, first.answer, first.options) == ("boolean", "T", [])
    assert (ninth.text, ninth.answer) == ("=1+1", "AB")


def test_a_bank_goes_out_and_comes_back_unchanged(w, bank):
    content = knowledge_sheets.bank_sheet(bank.name, bank.questions.all())
    questions, read = knowledge_sheets.read_bank(SimpleUploadedFile("b.xlsx", content))
    assert not read.faults
    assert [(q.number, q.text, q.answer) for q in questions] == list(
        bank.questions.values_list("number", "text", "answer")
    )


def test_the_template_can_be_read(db):
    questions, read = knowledge_sheets.read_bank(SimpleUploadedFile("t.xlsx", knowledge_sheets.template()))
    assert not read.faults
    assert [q.kind for q in questions] == ["single", "multiple", "boolean"]


# ---------------------------------------------------------------- taking a test
def test_a_member_takes_the_test_page_by_page_and_sees_what_was_wrong(w, bank, client):
    with clock.freeze(NOW):
        test = open_test(w, bank)
        client.force_login(w.c.member)
        begun = client.post(reverse("assessments:exam", args=[test.pk]))
        attempt = TestAttempt.objects.get()
        assert begun.url == reverse("assessments:exam_page", args=[attempt.pk])
        page = begun.url
        client.post(page, {"shown": ["1", "2"], "q-1": "B", "q-2": "B", "goto": "1"})
        done = client.post(page, {"shown": ["3", "4"], "q-3": "B", "q-4": "C", "goto": "end"}, follow=True)
    attempt.refresh_from_db()
    assert (attempt.state, attempt.right, attempt.score) == ("done", 3, Decimal("75.0"))
    assert [row["question"].position for row in done.context["wrong"]] == [4]
    assert done.context["passed"]


def test_answers_are_taken_until_the_limit_and_its_grace_and_no_longer(w, bank):
    member = w.c.member.member
    with clock.freeze(NOW):
        attempt = actions.begin_attempt(by=w.c.member, test=open_test(w, bank), member=member)
        assert attempt.seconds_left(clock.now()) == 30 * 60
    with clock.freeze(NOW + dt.timedelta(minutes=30, seconds=20)):
        actions.save_answers(by=w.c.member, attempt=attempt, chosen={1: "B"})
    with clock.freeze(NOW + dt.timedelta(minutes=30, seconds=31)):
        with pytest.raises(actions.TooLate):
            actions.save_answers(by=w.c.member, attempt=attempt, chosen={2: "B"})
        with pytest.raises(actions.TooLate):
            actions.hand_in(by=w.c.member, attempt=attempt, chosen={2: "B"})
        (row,) = figures([attempt.test], w.t.health_1)
        assert (row["taken"], row["passed"]) == (1, 0)  # what was saved in time is the result
    assert attempt.drawn.get(position=2).chosen == ""


def test_the_limit_never_lies_behind_the_close_of_the_test(w, bank):
    with clock.freeze(NOW):
        test = open_test(w, bank, closes_at=NOW + dt.timedelta(minutes=5))
        assert actions.begin_attempt(by=w.c.member, test=test, member=w.c.member.member).due_at == test.closes_at


def test_handing_in_twice_counts_once_and_attempts_run_out(w, bank):
    member = w.c.member.member
    with clock.freeze(NOW):
        test = open_test(w, bank)
        attempt = actions.begin_attempt(by=w.c.member, test=test, member=member)
        assert actions.begin_attempt(by=w.c.member, test=test, member=member).pk == attempt.pk
        actions.hand_in(by=w.c.member, attempt=attempt, chosen={1: "B"})
        with pytest.raises(actions.TooLate):
            actions.hand_in(by=w.c.member, attempt=attempt, chosen={2: "B"})
        with pytest.raises(actions.NoAttemptsLeft):
            actions.begin_attempt(by=w.c.member, test=test, member=member)
    attempt.refresh_from_db()
    assert attempt.score == Decimal(25)


def test_a_test_cannot_draw_more_than_the_bank_holds(w, bank):
    with pytest.raises(actions.TooFewQuestions):
        open_test(w, bank, singles=5)
    with pytest.raises(actions.TooFewQuestions):
        open_test(w, bank, singles=0)
    assert not KnowledgeTest.objects.exists()


# ---------------------------------------------------------------- scores on paper, results, the gate
def test_scores_from_a_sheet_stand_in_the_form_and_faults_save_nothing(w, client):
    test = open_test(w, None, mode="paper", minutes=None, singles=0)
    members = list(w.t.members["Z003"])
    client.force_login(w.c.branch)
    url = reverse("assessments:test_sheet", args=[test.pk])
    content = client.get(url).content
    scores, read = knowledge_sheets.read_scores(SimpleUploadedFile("s.xlsx", content), members)
    assert (scores, read.faults) == ({}, [])
    rows = [
        {"member": members[0].pk, "name": members[0].name, "score": 88.5},
        {"member": members[1].pk, "name": "别人", "score": 120},
    ]
    bad = SimpleUploadedFile("s.xlsx", sheets.write("t", knowledge_sheets.SCORE_COLUMNS, rows))
    response = client.post(url, {"file": bad})
    assert [f.cell for f in response.context["faults"]] == ["B5", "D5"]
    good = SimpleUploadedFile("s.xlsx", sheets.write("t", knowledge_sheets.SCORE_COLUMNS, rows[:1]))
    shown = client.post(url, {"file": good})
    assert {row["value"] for row in shown.context["rows"]} == {"88.5", ""}
    assert not test.scores.exists()
    client.post(reverse("assessments:test_scores", args=[test.pk]), {f"score-{members[0].pk}": "88.5"})
    assert test.scores.get().score == Decimal("88.5")


def test_the_gate_asks_for_a_result_of_every_member(w):
    test = open_test(w, None, mode="paper", minutes=None, singles=0)
    members = list(w.t.members["Z003"])
    scores = {members[0].pk: Decimal(90), members[1].pk: Decimal(59)}
    actions.enter_scores(by=w.c.branch, test=test, organization=w.t.health_1, scores=scores)
    evidence = evidence_of(w.p.health, w.t.health_1)
    assert passed_members(evidence) == {members[0].pk}
    (finding,) = knowledge_test_passed(evidence, Check("knowledge_test"))
    assert (finding.passed, finding.missing_count) == (False, 2)
    (row,) = results_of(test, w.t.health_1)
    assert (row.taken, row.passed, row.missing, row.failed) == (2, 1, [members[2].name], [members[1].name])


def test_results_take_as_many_queries_for_many_members(w, django_assert_num_queries):
    test = open_test(w, None, mode="paper", minutes=None, singles=0)
    with django_assert_num_queries(3):
        results_of(test, w.t.health)
    MemberFactory.create_batch(20, organization=w.t.health_1, work_unit=w.t.health_unit)
    with django_assert_num_queries(3):
        results_of(test, w.t.health)
