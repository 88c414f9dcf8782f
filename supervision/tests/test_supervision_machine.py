"""Whatever people press in whatever order, the rules of the transition hold (J-02..J-06, J-13..J-15, decision 6).

Hypothesis drives random deeds by random people, most of them not entitled, over two units and three playbooks; after
each one the whole record is looked at. A deed that is refused must leave no trace.
"""

import copy
import datetime as dt
import inspect

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from accounts import clock
from accounts.models import AuditEntry, User
from campaign.actions import delete_activity
from campaign.holds import Held
from campaign.models import Activity, Campaign, Participation, StageProgress
from campaign.tests.factories import record
from supervision import actions, chain, rules
from supervision.actions import cards
from supervision.models import Admonition, Decision, MakeUpOrder, Transition, YellowCard
from supervision.tests.factories import fresh, make_supervised_world, meeting, set_gate
from supervision.tests.record_rules import Everything, in_order
from units.models import Member

pytestmark = [pytest.mark.django_db, pytest.mark.once]
UNITS = ("health", "archives")
PEOPLE = ("office", "general", "leader", "guide", "guide_2", "secretary", "archives", "court", "branch", "outsider")
BODIES = ("supervision", "office", "leading_group", "superior_committee")
MAY_SPEAK = {"supervision": {"guide", "guide_2"}, "office": {"office", "general"}, "leading_group": {"leader"}}
APPLICANT = {"health": "secretary", "archives": "archives", "court": "court"}
REFUSALS = (actions.Refused, Held)
SETTINGS = settings(
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=8,
    stateful_step_count=40,
    phases=[Phase.generate],  # a failing run is told as it was: to make it shorter would take many minutes
    suppress_health_check=list(HealthCheck),
)

# The deeds, and how often each is drawn; the long way rarely, for it ends all units soon.
OFTEN = {
    "study": 1,
    "take_a_record_away": 1,
    "apply": 1,
    "withdraw": 2,
    "anybody_speaks": 4,
    "whose_turn_it_is_speaks": 3,
    "anybody_records_the_meeting": 1,
    "a_stage_goes_its_way": 1,
    "order": 1,
    "report_or_recheck": 2,
    "issue_a_card": 5,
    "revoke_a_card": 3,
}
DEEDS = [deed for deed, times in OFTEN.items() for _time in range(times)]
ANYBODY = st.sampled_from(PEOPLE)
DRAWN = {
    "name": st.sampled_from(UNITS),
    "who": st.just("") | ANYBODY,  # "": whoever is entitled to it
    "body": st.sampled_from(BODIES),
    "verdict": st.sampled_from(["agree", "agree", "return", "make_up"]),
    "second": st.booleans(),
    "solid": st.booleans(),
    "close": st.booleans(),
}


def world(playbook, override):
    """Units whose gate asks for one session of study a stage, and for no open make-up."""
    w = make_supervised_world(playbook=playbook)
    set_gate(w, [{"check": "study_hours", "override": override}, {"check": "open_makeups"}])
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    snapshot = copy.deepcopy(campaign.snapshot)
    snapshot.setdefault("study", {})["hours"] = 20
    if "closing" in snapshot:
        snapshot["closing"]["gate"] = [{"check": "open_makeups"}]
    Campaign.objects.filter(pk=campaign.pk).update(snapshot=snapshot)
    w.playbook = fresh(w.p.health).batch.campaign.playbook
    return w


class Office(RuleBasedStateMachine):
    """The deeds. What may follow from them stands in the invariants below; `seen` counts what was reached at all."""

    w = None
    seen: dict = {}

    def __init__(self):
        super().__init__()
        self._undone = transaction.atomic()
        self._undone.__enter__()

    def teardown(self):
        transaction.set_rollback(True)
        self._undone.__exit__(None, None, None)

    # ------------------------------------------------------------ looking things up
    def person(self, name):
        return User.objects.get(pk=getattr(self.w.c, name).pk)

    def unit(self, name):
        return fresh(getattr(self.w.p, name))

    def application(self, name):
        return Transition.objects.filter(participation=getattr(self.w.p, name).pk).order_by("-pk").first()

    def did(self, deed, **given):
        """Do it; a refusal leaves everything as it was. True when it was done."""
        before = footprint()
        try:
            with transaction.atomic():
                deed(**given)
        except REFUSALS:
            assert footprint() == before, "a refused deed left a trace"
            return False
        self.seen[deed.__name__] = self.seen.get(deed.__name__, 0) + 1
        return True

    @rule(deed=st.sampled_from(DEEDS), drawn=st.fixed_dictionaries(DRAWN))
    def something_is_done(self, deed, drawn):
        """One rule draws all deeds: Hypothesis would leave whole rules out of a run, and here each needs the others."""
        method = getattr(self, deed)
        method(**{name: drawn[name] for name in inspect.signature(method).parameters})

    # ------------------------------------------------------------ records that the gate reads
    def study(self, name):
        unit = self.unit(name)
        current = unit.current()
        if current is not None:
            members = list(Member.objects.within(unit.organization))
            record(self.w, unit.organization, by=self.person("office"), stage=current.stage, hours=24, people=members)

    def take_a_record_away(self):
        activity = Activity.objects.order_by("-pk").first()
        if activity is not None:
            self.did(delete_activity, by=self.person("office"), activity=activity, reason="重复。")

    # ------------------------------------------------------------ applications
    def apply(self, name, who):
        who = who or APPLICANT[name]
        unit = self.unit(name)
        parts = dict.fromkeys(part_keys(unit), "情况属实。")
        if self.did(actions.apply, by=self.person(who), participation=unit, parts=parts):
            assert who == APPLICANT[name]

    def under_review(self, name):
        """The open application of a unit; one is handed in first where there is none and it may be."""
        if not Transition.objects.open().filter(participation=getattr(self.w.p, name).pk).exists():
            self.study(name)
            self.apply(name, APPLICANT[name])
        return self.application(name)

    def withdraw(self, name, who):
        who = who or APPLICANT[name]
        row = self.under_review(name)
        if row is not None and self.did(actions.withdraw, by=self.person(who), transition=row):
            assert who == APPLICANT[name]

    def anybody_speaks(self, name, who, body, verdict, second):
        """Mostly of the body whose turn it is, or out of turn."""
        row = self.under_review(name)
        if row is None:
            return
        due = rules.next_steps(row, chain.rule_at(self.w.playbook, row.stage)) if second else []
        self.speak(name, who or "office", due[0].body if due else body, verdict, solid=False)

    def whose_turn_it_is_speaks(self, name, second, verdict, solid):
        row = self.under_review(name)
        if row is None:
            return
        rule_of = chain.rule_at(self.unit(name).batch.campaign.playbook, row.stage)
        for step in rules.next_steps(row, rule_of)[:1]:
            entitled = sorted(MAY_SPEAK.get(step.body, ["office"]))
            self.speak(name, entitled[second % len(entitled)], step.body, verdict, solid=solid)

    def speak(self, name, who, body, verdict, *, solid):
        row = self.application(name)
        if row is None:
            return
        due = clock.today() + dt.timedelta(days=5)
        terms = actions.MakeUpTerms(
            organization=self.unit(name).organization, items=["补学"], due_on=due, unsolid_work=not solid
        )
        ruling = actions.Ruling(
            verdict=verdict,
            reason="材料要补。",
            unsolid_work=not solid and verdict != "agree",
            override_reason="防汛停课，已定补学计划。" if verdict == "agree" else "",
            makeup=terms if verdict == "make_up" else None,
        )
        if self.did(actions.decide, by=self.person(who), transition=row, body=body, ruling=ruling):
            assert who in MAY_SPEAK.get(body, set()), f"{who} spoke for {body}"

    def anybody_records_the_meeting(self, name, who):
        who = who or APPLICANT[name]
        row = self.application(name)
        if row is not None and self.did(actions.record_meeting, by=self.person(who), transition=row, meeting=meeting()):
            assert who == APPLICANT[name]

    def a_stage_goes_its_way(self, name):
        """The long way in one step, so that later stages and the closing are reached as well."""
        self.make_up_everything(name)
        for second in (False, True, False):
            self.whose_turn_it_is_speaks(name, second, "agree", True)
        self.anybody_records_the_meeting(name, APPLICANT[name])

    # ------------------------------------------------------------ make-up orders
    def order(self, name, who, solid):
        who = who or "guide"
        unit = self.unit(name)
        due = clock.today() + dt.timedelta(days=5)
        terms = actions.MakeUpTerms(organization=unit.organization, items=["补学"], due_on=due, unsolid_work=not solid)
        given = {"participation": unit, "terms": terms, "reason": "抽查不实。", "trigger": "spot_check"}
        if self.did(actions.order_makeup, by=self.person(who), **given):
            assert who in {"office", "general", "guide", "guide_2"}

    def report_or_recheck(self, name, who, close):
        row = MakeUpOrder.objects.open().filter(participation=getattr(self.w.p, name).pk).first()
        if row is None:
            self.order(name, "guide", close)
            return
        who = who or (APPLICANT[name] if row.state == MakeUpOrder.State.OPEN else "guide")
        by, item = self.person(who), row.items.get()
        if row.state == MakeUpOrder.State.OPEN:
            self.did(actions.record_item, by=by, item=item, done_on=clock.today(), evidence="已补。")
            self.did(actions.report_makeup, by=by, order=row)
        else:
            self.did(actions.recheck, by=by, order=row, close=close, note="看过了。", redo=[item.pk])

    def make_up_everything(self, name):
        for _order in MakeUpOrder.objects.open().filter(participation=getattr(self.w.p, name).pk):
            self.report_or_recheck(name, APPLICANT[name], True)
            self.report_or_recheck(name, "guide", True)

    # ------------------------------------------------------------ cards
    def issue_a_card(self, name, who):
        who = who or "office"
        proposed = YellowCard.objects.proposed().filter(participation=getattr(self.w.p, name).pk)
        card = proposed.order_by("pk").first()
        if card is None:
            self.order(name, "guide", False)
            return
        given = {"number": f"〔2026〕{card.pk}号", "issued_on": clock.today()}
        if self.did(cards.issue_card, by=self.person(who), card=card, **given):
            assert who in {"office", "general"}

    def revoke_a_card(self, who, second):
        """One that was issued, or one that was only proposed."""
        who = who or "office"
        card = YellowCard.objects.filter(state="issued" if second else "proposed").order_by("-pk").first()
        if card is not None and self.did(cards.revoke_card, by=self.person(who), card=card, reason="查明不属实。"):
            assert who in {"office", "general"}

    # ------------------------------------------------------------ what always holds
    @invariant()
    def the_record_is_in_order(self):
        now = Everything()
        in_order(now, self.w.playbook)
        self.seen["passed"] = max(self.seen.get("passed", 0), sum(row.state == "completed" for row in now.applications))
        cancelled = sum(row.state == "cancelled" for row in now.admonitions)
        self.seen["cancelled"] = max(self.seen.get("cancelled", 0), cancelled)
        self.seen["admonished"] = max(self.seen.get("admonished", 0), len(now.admonitions))


def part_keys(unit):
    found = chain.rule_at(unit.batch.campaign.playbook, chain.stage_now(unit, unit.current()))
    return [part.key for part in found.parts] if found else []


def footprint():
    """Everything that a deed could have changed, in a few numbers and states."""
    models = (Transition, MakeUpOrder, YellowCard, Admonition, Participation, StageProgress)
    states = [list(model.objects.order_by("pk").values_list("pk", "state")) for model in models]
    counts = [model.objects.count() for model in (AuditEntry, Decision, Activity)]
    return states, counts, list(Transition.objects.order_by("pk").values_list("override_reason", "meeting_on"))


@pytest.mark.parametrize(
    ("playbook", "override"), [("xingwen-county", False), ("yibin-city", True), ("linyi-city", False)]
)
def test_no_order_of_deeds_breaks_the_rules(playbook, override):
    class OfThisPlaybook(Office):
        w = world(playbook, override)
        seen = {}

    run_state_machine_as_test(OfThisPlaybook, settings=SETTINGS)
    reached = OfThisPlaybook.seen
    assert {"apply", "withdraw", "decide", "order_makeup", "recheck", "passed", "delete_activity"} <= set(reached), (
        reached
    )
    assert reached["passed"] > 1, reached
    if OfThisPlaybook.w.playbook.sanctions.admonition:
        assert reached["cancelled"], reached
    if OfThisPlaybook.w.playbook.sanctions.yellow_card:
        assert {"issue_card", "revoke_card"} <= set(reached) and reached["admonished"], reached
