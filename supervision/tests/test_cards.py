"""Yellow cards and admonitions: who gets one, what counts, and what the second leads to (decision 6, J-14..J-16)."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from supervision import actions, card_rules
from supervision.actions import admonitions, cards
from supervision.models import Admonition, YellowCard
from supervision.tests.carding import carded, issue, snapshot_with, talk
from supervision.tests.factories import (
    applied,
    fresh,
    make_supervised_world,
    ordered,
    send_back,
    terms,
)
from units.tests.factories import WorkUnitFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world(playbook="xingwen-county")


# ---------------------------------------------------------------- what gives a card
def test_a_return_at_the_first_attempt_for_unsolid_work_proposes_a_card(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        transition = applied(w)
        send_back(w, transition, w.c.guide, "supervision", unsolid_work=True)
    card = YellowCard.objects.get()
    assert (card.organization, card.state, card.trigger) == (w.t.health, "proposed", "first_transition_failed")
    assert card.cause == "work_not_solid" and card.cause_words["zh"] == "工作不扎实"
    assert list(card.work_units.all()) == [w.t.health_unit] and card.transition == transition
    assert "缺两个支部的情况。" in card.reason
    assert Notification.objects.filter(user=w.c.office, url=reverse("supervision:card", args=[card.pk])).exists()


def test_without_the_recorded_cause_there_is_no_card(w):
    send_back(w, applied(w), w.c.guide, "supervision")
    ordered(w, w.t.archives, name="archives")
    assert not YellowCard.objects.exists()


def test_only_the_first_attempt_counts(w):
    send_back(w, applied(w), w.c.guide, "supervision")
    send_back(w, applied(w), w.c.guide, "supervision", unsolid_work=True)
    assert not YellowCard.objects.exists()


def test_a_make_up_for_unsolid_work_proposes_a_card_to_the_organisation_that_makes_up(w):
    order = ordered(w, w.t.health_1, unsolid_work=True)
    card = YellowCard.objects.get()
    assert (card.organization, card.trigger, card.makeup) == (w.t.health_1, "makeup", order)


def test_a_make_up_instead_of_the_first_transition_is_one_event_and_gives_one_card(w):
    ruling = actions.Ruling(
        verdict="make_up",
        reason="走了过场。",
        unsolid_work=True,
        makeup=terms(w.t.health, unsolid_work=True),
    )
    actions.decide(by=w.c.guide, transition=applied(w), body="supervision", ruling=ruling)
    card = YellowCard.objects.get()
    assert card.trigger == "first_transition_failed" and card.makeup is not None and card.transition is not None


def test_a_make_up_that_stands_in_the_way_of_the_first_transition_is_the_same_event(w):
    transition = applied(w)
    ordered(w, w.t.health, unsolid_work=True)
    send_back(w, transition, w.c.guide, "supervision", unsolid_work=True)
    assert YellowCard.objects.get().trigger == "makeup"


def test_a_make_up_at_a_later_attempt_is_an_event_of_its_own(w):
    send_back(w, applied(w), w.c.guide, "supervision", unsolid_work=True)
    ruling = actions.Ruling(
        verdict="make_up", reason="还是不行。", unsolid_work=True, makeup=terms(w.t.health, unsolid_work=True)
    )
    actions.decide(by=w.c.guide, transition=applied(w), body="supervision", ruling=ruling)
    triggers = YellowCard.objects.order_by("pk").values_list("trigger", flat=True)
    assert list(triggers) == ["first_transition_failed", "makeup"]


def test_the_database_keeps_one_card_an_event(w):
    ordered(w, w.t.health_1, unsolid_work=True)
    card = YellowCard.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        YellowCard.objects.create(
            batch=card.batch,
            participation=card.participation,
            organization=w.t.health_2,
            stage="study",
            trigger="makeup",
            event_key=card.event_key,
            cause="work_not_solid",
        )
    assert cards.after_order(by=w.c.guide, order=card.makeup) is None


def test_where_the_playbook_knows_no_card_there_is_none():
    w = make_supervised_world(playbook="yibin-city")
    order = ordered(w, w.t.health_1, unsolid_work=True)
    send_back(w, applied(w, "archives"), w.c.guide, "supervision", unsolid_work=True)
    assert order.unsolid_work and not YellowCard.objects.exists()


def test_of_several_causes_the_one_that_holds_is_named(w):
    more = {"key": "false_report", "name": {"zh": "弄虚作假", "en": "False report"}}
    snapshot_with(w, lambda book: book["sanctions"]["yellow_card"]["causes"].append(more))
    with pytest.raises(cards.CardRefused):
        ordered(w, w.t.health_1, unsolid_work=True)
    assert not YellowCard.objects.exists()
    ordered(w, w.t.health_1, unsolid_work=True, cause="false_report")
    assert YellowCard.objects.get().cause_words["en"] == "False report"


def test_only_the_triggers_of_the_playbook_give_one(w):
    snapshot_with(w, lambda book: book["sanctions"]["yellow_card"].update(triggers=["first_transition_failed"]))
    ordered(w, w.t.health_1, unsolid_work=True)
    assert not YellowCard.objects.exists()


# ---------------------------------------------------------------- issued, acknowledged, revoked
def test_the_office_issues_with_a_number_once_and_the_secretary_acknowledges(w, django_capture_on_commit_callbacks):
    ordered(w, w.t.health_1, unsolid_work=True)
    card = YellowCard.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        issue(w, card, "黄牌〔2026〕1号")
        assert (card.state, card.number, card.issued_on) == ("issued", "黄牌〔2026〕1号", clock.today())
        with pytest.raises(cards.CardRefused):
            issue(w, card, "黄牌〔2026〕2号")
        for stranger in (w.c.archives, w.c.office, w.c.guide, w.c.committee):
            with pytest.raises(cards.CardRefused):
                cards.acknowledge_card(by=stranger, card=card)
        cards.acknowledge_card(by=w.c.branch, card=card)
        with pytest.raises(cards.CardRefused):
            cards.acknowledge_card(by=w.c.secretary, card=card)
    card.refresh_from_db()
    assert card.acknowledged_by == w.c.branch
    told = set(Notification.objects.filter(message__contains="has got a yellow card").values_list("user", flat=True))
    assert told == {w.c.branch.pk, w.c.secretary.pk}
    codes = AuditEntry.objects.filter(action__startswith="card.").order_by("pk").values_list("action", flat=True)
    assert list(codes) == ["card.proposed", "card.issued", "card.acknowledged"]


def test_who_may_not_issue_or_revoke(w):
    ordered(w, w.t.health_1, unsolid_work=True)
    card = YellowCard.objects.get()
    for person in (w.c.guide, w.c.leader, w.c.secretary, w.c.branch, w.c.outsider):
        with pytest.raises(cards.CardRefused):
            issue(w, card, by=person)
        with pytest.raises(cards.CardRefused):
            cards.revoke_card(by=person, card=card, reason="误发")


def test_a_number_is_given_once_and_the_day_is_no_later_than_today(w):
    first = carded(w, w.t.health_1)
    ordered(w, w.t.archives, name="archives", unsolid_work=True)
    second = YellowCard.objects.get(organization=w.t.archives)
    with pytest.raises(cards.CardRefused, match=str(first.number)[:2]):
        issue(w, second, first.number)
    with pytest.raises(cards.CardRefused):
        cards.issue_card(by=w.c.office, card=second, number=" ", issued_on=clock.today())
    tomorrow = clock.today() + dt.timedelta(days=1)
    with pytest.raises(cards.CardRefused):
        cards.issue_card(by=w.c.office, card=second, number="9号", issued_on=tomorrow)
    second.refresh_from_db()
    assert second.state == "proposed"


def test_a_revoked_card_does_not_count_and_its_event_gives_no_other(w):
    card = carded(w, w.t.health_1)
    with pytest.raises(cards.CardRefused):
        cards.revoke_card(by=w.c.office, card=card, reason=" ")
    cards.revoke_card(by=w.c.office, card=card, reason="情况不实")
    with pytest.raises(cards.CardRefused):
        cards.revoke_card(by=w.c.office, card=card, reason="再撤一次")
    assert cards.after_order(by=w.c.guide, order=card.makeup) is None
    carded(w, w.t.health_2)
    assert not Admonition.objects.exists()


# ---------------------------------------------------------------- the second card
def test_cards_of_two_branches_of_one_unit_add_up_to_one_admonition(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        first = carded(w, w.t.health_1)
        assert not Admonition.objects.exists()
        second = carded(w, w.t.health_2)
    admonition = Admonition.objects.get()
    assert admonition.work_unit == w.t.health_unit and admonition.state == "open"
    assert set(admonition.cards.all()) == {first, second} and admonition.number_needed == 2
    url = reverse("supervision:admonition", args=[admonition.pk])
    assert {w.c.office, w.c.leader} <= {note.user for note in Notification.objects.filter(url=url)}
    carded(w, w.t.health)
    assert Admonition.objects.count() == 1


def test_cards_of_two_units_do_not_add_up(w):
    carded(w, w.t.health_1)
    carded(w, w.t.archives, name="archives")
    assert not Admonition.objects.exists()


def test_proposed_cards_do_not_count(w):
    carded(w, w.t.health_1)
    ordered(w, w.t.health_2, unsolid_work=True)
    assert not Admonition.objects.exists()


def test_a_branch_of_two_units_counts_for_both(w):
    other = WorkUnitFactory(name="县疾控中心")
    other.organizations.add(w.t.health_2)
    carded(w, w.t.health_2)
    order = ordered(w, w.t.health_2, unsolid_work=True)
    issue(w, YellowCard.objects.get(makeup=order))
    assert {row.work_unit for row in Admonition.objects.all()} == {w.t.health_unit, other}


def test_a_branch_without_a_unit_of_its_own_counts_for_the_one_above(w):
    w.t.health_unit.organizations.remove(w.t.health_1)
    assert card_rules.units_of(w.t.health_1, fresh(w.p.health)) == [w.t.health_unit]


def test_where_nobody_covers_a_unit_the_cards_count_for_the_participation(w):
    type(w.p.court).objects.filter(pk=w.p.court.pk).update(work_unit=None)
    w.t.court_unit.organizations.clear()
    carded(w, w.t.court_1, name="court")
    carded(w, w.t.court, name="court")
    admonition = Admonition.objects.get()
    assert admonition.work_unit is None and admonition.unit_name == w.t.court.name
    with pytest.raises(IntegrityError), transaction.atomic():
        Admonition.objects.create(batch=w.batch, participation=w.p.court, number_needed=2)


def test_the_database_keeps_one_admonition_a_unit(w):
    carded(w, w.t.health_1)
    carded(w, w.t.health_2)
    given = {"batch": w.batch, "participation": w.p.health, "work_unit": w.t.health_unit, "number_needed": 2}
    with pytest.raises(IntegrityError), transaction.atomic():
        Admonition.objects.create(**given)


def test_revoking_cancels_an_admonition_not_held_and_a_later_card_opens_another(w):
    carded(w, w.t.health_1)
    second = carded(w, w.t.health_2)
    cards.revoke_card(by=w.c.office, card=second, reason="情况不实")
    cancelled = Admonition.objects.get()
    assert (cancelled.state, cancelled.cancelled_reason) == ("cancelled", "情况不实")
    with pytest.raises(cards.CardRefused):
        admonitions.hold_admonition(by=w.c.office, admonition=cancelled, talk=talk(w))
    carded(w, w.t.health)
    assert sorted(Admonition.objects.values_list("state", flat=True)) == ["cancelled", "open"]


def test_one_of_three_revoked_leaves_enough(w):
    third = [carded(w, place) for place in (w.t.health_1, w.t.health_2, w.t.health)][-1]
    cards.revoke_card(by=w.c.office, card=third, reason="情况不实")
    assert Admonition.objects.get().state == "open"


def test_held_with_attendance_and_then_it_stays(w):
    carded(w, w.t.health_1)
    second = carded(w, w.t.health_2)
    admonition = Admonition.objects.get()
    for person in (w.c.secretary, w.c.guide, w.c.archives):
        with pytest.raises(cards.CardRefused):
            admonitions.hold_admonition(by=person, admonition=admonition, talk=talk(w))
    tomorrow = clock.today() + dt.timedelta(days=1)
    absent = [admonitions.Attendee(name="李局长", present=False)]
    for bad in ({"held_on": tomorrow}, {"place": " "}, {"team": absent}, {"absent_note": ""}, {"undertaking": ""}):
        with pytest.raises(cards.CardRefused):
            admonitions.hold_admonition(by=w.c.leader, admonition=admonition, talk=talk(w, **bad))
    admonitions.hold_admonition(by=w.c.leader, admonition=admonition, talk=talk(w))
    with pytest.raises(cards.CardRefused):
        admonitions.hold_admonition(by=w.c.office, admonition=admonition, talk=talk(w))
    admonition.refresh_from_db()
    assert admonition.state == "held" and admonition.recorded_by == w.c.leader
    assert list(admonition.team.values_list("name", "present")) == [("李局长", True), ("张副局长", False)]
    cards.revoke_card(by=w.c.office, card=second, reason="情况不实")
    admonition.refresh_from_db()
    assert admonition.state == "held"
    carded(w, w.t.health)
    assert Admonition.objects.count() == 1


def test_without_a_rule_of_admonition_cards_only_add_up(w):
    snapshot_with(w, lambda book: book["sanctions"].pop("admonition"))
    carded(w, w.t.health_1)
    carded(w, w.t.health_2)
    assert not Admonition.objects.exists()
