"""Paper surveys: reconciliation, two persons, exact thresholds, rounds."""

from fractions import Fraction

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import AuditEntry
from assessments import actions
from assessments.models import Survey, SurveyCount
from assessments.results import band_of, result_of
from assessments.tests.factories import paper, survey_round
from campaign.evidence import Evidence
from campaign.findings import run_gate
from campaign.playbook import Check, load_file
from campaign.tests.factories import make_world

YIBIN = load_file("yibin-city").instrument("stage2")


@pytest.fixture
def w(db):
    world = make_world()
    world.instrument = world.playbook.instrument("stage2")
    return world


def finding(w, participation):
    gate = (Check("survey", params=(("instrument", "stage2"),)),)
    [found] = run_gate(gate, Evidence(participation, participation.current()))
    return found


@given(valid=st.integers(0, 400), adverse=st.integers(0, 400))
def test_thirty_per_cent_is_met_exactly_and_never_by_rounding(valid, adverse):
    """Decision 2: 3 of 10 triggers, 29.96% does not although it prints as 30.0%."""
    [threshold] = YIBIN.thresholds
    adverse = min(adverse, valid)
    assert threshold.reached(adverse, valid) is (valid > 0 and Fraction(adverse, valid) >= Fraction(3, 10))


@pytest.mark.parametrize(("adverse", "passed"), [(2999, True), (3000, False), (3001, False)])
def test_the_gate_follows_the_threshold(w, adverse, passed):
    survey_round(w, w.p.health, w.instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=10_000, adverse=adverse)
    found = finding(w, w.p.health)
    assert found.passed is passed and not found.overridable


def test_the_majority_rule_is_strictly_more_than_half(db):
    """Decision 5, the county's playbook."""
    threshold = next(i for i in load_file("xingwen-county").instruments if i.thresholds).thresholds[0]
    assert not threshold.reached(50, 100)
    assert threshold.reached(51, 100)


def test_no_valid_ballot_never_passes(w):
    survey_round(w, w.p.health, w.instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=0, void=3)
    assert not finding(w, w.p.health).passed
    assert result_of(Survey.objects.get()).satisfaction is None


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"returned": 60}, "members-valid", "not_returned"),
        ({"issued": 40}, "members-returned", "more_than_issued"),
        ({"valid": 49, "void": 1}, "members-satisfaction", "not_valid"),
    ],
)
def test_counts_must_reconcile_and_nothing_is_half_saved(w, change, field, code):
    from dataclasses import replace

    survey = actions.open_round(
        by=w.c.secretary, participation=w.p.health, instrument=w.instrument,
        held_on=w.batch.starts_on, place="", organizer="",
    )  # fmt: skip
    ballots = paper(w.instrument, valid=50, adverse=5, issued=50)
    ballots["members"] = replace(ballots["members"], **change)
    with pytest.raises(actions.CountsDiffer) as caught:
        actions.enter_counts(by=w.c.secretary, survey=survey, ballots=ballots)
    assert (field, code) in {(fault.field, fault.code) for fault in caught.value.faults}
    assert not SurveyCount.objects.exists()
    assert Survey.objects.get().state == "draft"


def test_the_database_refuses_what_does_not_reconcile(w):
    survey = survey_round(w, w.p.health, w.instrument, by=w.c.secretary)
    with pytest.raises(IntegrityError), transaction.atomic():
        SurveyCount.objects.filter(survey=survey).update(valid=49)
    with pytest.raises(IntegrityError), transaction.atomic():
        Survey.objects.filter(pk=survey.pk).update(confirmed_by=survey.entered_by)


def test_nobody_confirms_his_own_counts(w):
    survey = survey_round(w, w.p.health, w.instrument, by=w.c.office)
    with pytest.raises(actions.SamePerson):
        actions.confirm_counts(by=w.c.office, survey=survey)
    actions.confirm_counts(by=w.c.supervisor, survey=survey)
    with pytest.raises(actions.SurveyMoved):
        actions.confirm_counts(by=w.c.general, survey=survey)
    assert AuditEntry.objects.filter(action="survey.confirmed").count() == 1


def test_the_last_confirmed_round_decides_and_all_are_kept(w):
    """Decision 15."""
    survey_round(w, w.p.health, w.instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=100, adverse=40)
    assert not finding(w, w.p.health).passed
    survey_round(w, w.p.health, w.instrument, by=w.c.secretary, confirmed_by=w.c.office, valid=100, adverse=10)
    assert finding(w, w.p.health).passed
    assert list(Survey.objects.order_by("round").values_list("round", flat=True)) == [1, 2]


def test_only_one_round_is_counted_at_a_time(w):
    survey_round(w, w.p.health, w.instrument, by=w.c.secretary)
    with pytest.raises(actions.RoundOpen):
        survey_round(w, w.p.health, w.instrument, by=w.c.secretary)


def test_exactly_ninety_five_per_cent_is_in_the_upper_band():
    """Decision 2 on I-11, with the bands of a playbook that has them."""
    from types import SimpleNamespace

    from campaign.playbook import Band, Text

    upper = Band("upper", Text("95%以上", "95% and above"), Fraction(95, 100), None)
    middle = Band("middle", Text("90%–95%", "90% to 95%"), Fraction(90, 100), Fraction(95, 100))
    book = SimpleNamespace(bands=(upper, middle))
    assert band_of(book, Fraction(95, 100)) is upper
    assert band_of(book, Fraction(9499, 10000)) is middle
    assert band_of(book, Fraction(8999, 10000)) is None


# ------------------------------------------------------------------ pages


def figures(instrument, **kwargs):
    data = {}
    for group, ballots in paper(instrument, **kwargs).items():
        for name in ("issued", "returned", "valid", "void"):
            data[f"{group}-{name}"] = getattr(ballots, name)
        for question, options in ballots.answers.items():
            data |= {f"{group}-{question}-{option}": votes for option, votes in options.items()}
    return data


def test_secretary_enters_and_office_confirms_from_the_pages(client, w):
    client.force_login(w.c.secretary)
    opened = client.post(
        reverse("assessments:survey_new", args=[w.p.health.pk]),
        {"instrument": "stage2", "held_on": w.batch.starts_on, "place": "会议室", "organizer": "先教办"},
    )
    survey = Survey.objects.get()
    assert opened.url == reverse("assessments:survey_enter", args=[survey.pk])
    wrong = figures(w.instrument, valid=50, adverse=3) | {"members-void": 2}
    answer = client.post(opened.url, wrong)
    assert answer.status_code == 200
    assert "有效加无效共 52 张，但收回 50 张" in answer.content.decode()
    assert 'value="47"' in answer.content.decode()  # nothing typed is lost
    client.post(opened.url, figures(w.instrument, valid=50, adverse=3))
    survey.refresh_from_db()
    assert survey.state == "entered"
    client.force_login(w.c.office)
    client.post(reverse("assessments:survey_confirm", args=[survey.pk]), {"confirm": "1"})
    survey.refresh_from_db()
    assert survey.state == "confirmed"
    assert "94.0%" in client.get(reverse("assessments:survey", args=[survey.pk])).content.decode()


def test_counts_sent_back_say_why(client, w):
    survey = survey_round(w, w.p.health, w.instrument, by=w.c.secretary)
    client.force_login(w.c.supervisor)
    url = reverse("assessments:survey_confirm", args=[survey.pk])
    client.post(url, {"refuse": "1", "reason": "群众代表应为 60 张"})
    survey.refresh_from_db()
    assert (survey.state, survey.refused_reason) == ("draft", "群众代表应为 60 张")
    client.force_login(w.c.secretary)
    assert "群众代表应为 60 张" in client.get(reverse("assessments:survey_enter", args=[survey.pk])).content.decode()


def test_who_may_not(client, w):
    survey = survey_round(w, w.p.health, w.instrument, by=w.c.secretary)
    confirm = reverse("assessments:survey_confirm", args=[survey.pk])
    for user, status in ((w.c.secretary, 403), (w.c.committee, 404), (w.c.archives, 404), (w.c.outsider, 404)):
        client.force_login(user)
        assert client.post(confirm, {"confirm": "1"}).status_code == status, user.username
    client.force_login(w.c.outsider)
    assert client.get(reverse("assessments:survey", args=[survey.pk])).status_code == 404


def test_the_list_costs_the_same_for_one_and_three(client, w):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(w.c.office)
    url = reverse("assessments:surveys")
    survey_round(w, w.p.health, w.instrument, by=w.c.secretary, confirmed_by=w.c.office)
    client.get(url)
    with CaptureQueriesContext(connection) as one:
        client.get(url)
    survey_round(w, w.p.court, w.instrument, by=w.c.general, confirmed_by=w.c.office)
    survey_round(w, w.p.archives, w.instrument, by=w.c.archives, confirmed_by=w.c.office)
    with CaptureQueriesContext(connection) as three:
        client.get(url)
    assert len(one) == len(three)
