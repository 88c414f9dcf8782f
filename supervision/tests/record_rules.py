"""What always holds of applications, make-ups, cards and admonitions, looked at in the whole record (J, decision 6)."""

from collections import defaultdict

from accounts.models import AuditEntry
from campaign.models import Participation, StageProgress
from campaign.playbook.work import CLOSING
from supervision import chain
from supervision.actions import cards
from supervision.models import Admonition, MakeUpOrder, Transition, YellowCard


def in_order(now, playbook):
    """Every rule held against the record."""
    no_stage_is_skipped(now)
    one_open_application_at_most(now)
    nobody_passes_without_the_consents(now, playbook)
    every_change_stands_in_the_history(now)
    no_event_gives_two_cards(now)
    admonished_is_who_has_the_cards(now, playbook)


class Everything:
    """The whole record, read once after each deed."""

    def __init__(self):
        self.units = list(Participation.objects.prefetch_related("progress"))
        self.applications = list(Transition.objects.prefetch_related("decisions", "makeups"))
        self.orders = list(MakeUpOrder.objects.all())
        self.cards = list(YellowCard.objects.select_related("makeup").prefetch_related("work_units"))
        self.admonitions = list(Admonition.objects.all())
        self._history = defaultdict(list)
        for entry in AuditEntry.objects.all():
            self._history[entry.object_type, entry.object_id].append(entry.action)

    def history(self, row, *codes):
        found = self._history[row._meta.label_lower, str(row.pk)]
        return [code for code in found if not codes or code in codes]

    def counting(self, work_unit):
        """Issued and not revoked cards of a work unit."""
        return [c for c in self.cards if c.state == "issued" and work_unit in {unit.pk for unit in c.work_units.all()}]


def no_stage_is_skipped(now):
    order = [StageProgress.State.DONE, StageProgress.State.CURRENT, StageProgress.State.AHEAD]
    for unit in now.units:
        states = [row.state for row in unit.progress.all()]
        assert states == sorted(states, key=order.index) and states.count("current") <= 1, states
        assert unit.state != "closed" or set(states) <= {"done"}
        moved = now.history(unit, "participation.stage_moved", "participation.started")
        assert len(moved) == 1 + states.count("done"), "a stage moved without a line in the history, or twice"
        assert len(now.history(unit, "participation.closed")) == (unit.state == "closed")


def one_open_application_at_most(now):
    for unit in now.units:
        assert sum(row.is_open for row in now.applications if row.participation_id == unit.pk) <= 1


def nobody_passes_without_the_consents(now, playbook):
    for unit in now.units:
        ended = [row.stage for row in unit.progress.all() if row.state == "done"]
        ended += [CLOSING] if unit.state == "closed" else []
        passed = [row for row in now.applications if row.participation_id == unit.pk and row.state == "completed"]
        assert sorted(row.stage for row in passed) == sorted(ended)
        for row in passed:
            was_agreed_to(row, chain.rule_at(playbook, row.stage))


def was_agreed_to(row, rule_of):
    words = sorted(row.decisions.all(), key=lambda word: word.pk)
    asked = [step.body for step in rule_of.steps]
    assert sorted(word.body for word in words) == sorted(asked)
    assert {word.verdict for word in words} <= {"agree"}
    speakers = [word.by_id for word in words]
    assert len(set(speakers)) == len(speakers) and row.applied_by_id not in speakers
    if rule_of.mode == "sequential":
        assert [word.body for word in words] == asked
    assert not row.gate.blocking and (row.override_reason or not row.gate.to_override)
    assert bool(row.meeting_on) == bool(rule_of.meeting)


def every_change_stands_in_the_history(now):
    said = {"agree": "agreed", "return": "returned", "make_up": "make_up"}
    for row in now.applications:
        told = ["applied", *(said[word.verdict] for word in row.decisions.all())]
        told += {"withdrawn": ["withdrawn"], "completed": ["completed"]}.get(row.state, [])
        assert sorted(now.history(row)) == sorted(f"transition.{action}" for action in told)
    for row in now.orders:
        assert len(now.history(row, "makeup.ordered")) == 1
        assert len(now.history(row, "makeup.closed")) == (row.state == "closed")
        reported, back = len(now.history(row, "makeup.reported")), len(now.history(row, "makeup.sent_back"))
        assert reported - back == (row.state != "open")
    for card in now.cards:
        assert len(now.history(card, "card.proposed")) == 1
        assert len(now.history(card, "card.issued")) == (card.issued_at is not None)
        assert len(now.history(card, "card.revoked")) == (card.state == "revoked")


def no_event_gives_two_cards(now):
    for row in now.applications:
        orders = {order.pk for order in row.makeups.all()}
        assert sum(card.transition_id == row.pk or card.makeup_id in orders for card in now.cards) <= 1
    ordered = [card.makeup_id for card in now.cards if card.makeup_id]
    assert len(set(ordered)) == len(ordered)
    first = [(card.participation_id, card.stage) for card in now.cards if card.trigger == cards.FIRST]
    assert len(set(first)) == len(first)
    for card in now.cards:
        if card.makeup is not None and card.transition_id is None:
            assert card.makeup.unsolid_work, "a card without its cause"


def admonished_is_who_has_the_cards(now, playbook):
    rule_of = playbook.sanctions.admonition
    for row in now.admonitions:
        assert len(now.history(row, "admonition.opened")) == 1
        assert len(now.history(row, "admonition.cancelled")) == (row.state == "cancelled")
    if rule_of is None:
        assert not now.admonitions
        return
    for unit in {unit.work_unit_id for unit in now.units}:
        open_ones = [row for row in now.admonitions if row.state == "open" and row.work_unit_id == unit]
        assert len(open_ones) == (len(now.counting(unit)) >= rule_of.cards), "admonished without its cards, or not"
