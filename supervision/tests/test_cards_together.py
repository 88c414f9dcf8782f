"""Cards and admonitions when two act at once, in real transactions: one event one card, one crossing one admonition."""

import pytest

from accounts import clock
from accounts.models import AuditEntry, User
from supervision import actions
from supervision.actions import cards
from supervision.models import Admonition, Transition, YellowCard
from supervision.tests.factories import applied, make_supervised_world, ordered, send_back
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("on_a_file")]
TIMES = 5


def issuing(w, card, number):
    def job():
        by = User.objects.get(pk=w.c.office.pk)
        found = YellowCard.objects.get(pk=card.pk)
        return cards.issue_card(by=by, card=found, number=number, issued_on=clock.today())

    return job


def world_with_one_card():
    """The health bureau has one card already; two branches wait for theirs."""
    w = make_supervised_world(playbook="xingwen-county")
    ordered(w, w.t.health, unsolid_work=True)
    first = YellowCard.objects.get()
    cards.issue_card(by=w.c.office, card=first, number="1号", issued_on=clock.today())
    return w


def test_two_second_cards_at_once_open_one_admonition():
    w = world_with_one_card()
    for time in range(TIMES):
        ordered(w, w.t.health_1, unsolid_work=True)
        ordered(w, w.t.health_2, unsolid_work=True)
        one, two = YellowCard.objects.proposed()
        results = run_together(issuing(w, one, f"甲{time}号"), issuing(w, two, f"乙{time}号"))
        assert results == [None, None]
        assert Admonition.objects.exclude(state="cancelled").count() == 1
        assert AuditEntry.objects.filter(action="admonition.opened").count() == time + 1
        for card in (one, two):
            card.refresh_from_db()
            cards.revoke_card(by=w.c.office, card=card, reason="重来")
        assert Admonition.objects.filter(state="cancelled").count() == time + 1


def test_one_card_is_issued_once():
    w = make_supervised_world(playbook="xingwen-county")
    for time in range(TIMES):
        ordered(w, w.t.health_1, unsolid_work=True)
        card = YellowCard.objects.proposed().get()
        results = run_together(issuing(w, card, f"甲{time}号"), issuing(w, card, f"乙{time}号"))
        assert sorted(isinstance(result, cards.CardRefused) for result in results) == [False, True], results
        assert AuditEntry.objects.filter(object_id=str(card.pk), action="card.issued").count() == 1
        card.refresh_from_db()
        cards.revoke_card(by=w.c.office, card=card, reason="重来")


def test_issuing_and_dropping_one_card_at_once_leaves_one_of_both():
    w = make_supervised_world(playbook="xingwen-county")

    def dropping(card):
        by = User.objects.get(pk=w.c.office.pk)
        return lambda: cards.revoke_card(by=by, card=YellowCard.objects.get(pk=card.pk), reason="不发")

    for time in range(TIMES):
        ordered(w, w.t.health_1, unsolid_work=True)
        card = YellowCard.objects.proposed().get()
        results = run_together(issuing(w, card, f"{time}号"), dropping(card))
        card.refresh_from_db()
        assert card.state == "revoked" and results[1] is None, results
        assert AuditEntry.objects.filter(object_id=str(card.pk), action="card.revoked").count() == 1


def test_two_decisions_at_once_give_one_card():
    w = make_supervised_world(playbook="xingwen-county")
    row = applied(w)

    def returning(user):
        by = User.objects.get(pk=user.pk)
        return lambda: send_back(w, Transition.objects.get(pk=row.pk), by, "supervision", unsolid_work=True)

    results = run_together(returning(w.c.guide), returning(w.c.guide_2))
    assert sum(isinstance(result, actions.Refused) for result in results) == 1, results
    assert YellowCard.objects.count() == 1


def test_a_return_and_a_make_up_at_once_give_a_card_each_or_one():
    """Who comes second: the return sees the order that stands in the way; an order after the return is a new event."""
    w = make_supervised_world(playbook="xingwen-county")
    row = applied(w)
    guide, other = User.objects.get(pk=w.c.guide.pk), User.objects.get(pk=w.c.guide_2.pk)
    results = run_together(
        lambda: send_back(w, Transition.objects.get(pk=row.pk), guide, "supervision", unsolid_work=True),
        lambda: ordered(w, w.t.health, by=other, unsolid_work=True),
    )
    assert not [result for result in results if isinstance(result, Exception)], results
    triggers = sorted(YellowCard.objects.values_list("trigger", flat=True))
    assert triggers in (["makeup"], ["first_transition_failed", "makeup"])
