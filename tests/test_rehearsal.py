"""The whole campaign, preparation to closing, under every playbook that is shipped: it ends closed, and nothing that
must hold is broken; and everything that must hold can be broken, and is then named."""

import dataclasses
import datetime as dt
import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.db.models import F

from assessments.models import Appeal, Appraisal, PaperReview, Survey, SurveyAnswer
from campaign import steps, tools
from campaign.findings import registered
from campaign.models import (
    Batch,
    Opinion,
    Participation,
    PreparationTick,
    RectificationItem,
    RectificationPlan,
    RollEntry,
    StageProgress,
)
from campaign.playbook import available
from campaign.playbook.work import TOOLS
from reports.demo.county import ROSTER
from reports.rehearsal import Rehearsal, broken, deeds
from supervision.models import Decision, MakeUpOrder, Transition

START = dt.date(2026, 10, 19)
KEYS = [book.key for book in available()]
# What each playbook asks for beyond activities, marks and surveys, and the rehearsal therefore plays.
PLAYED = {
    "cuiping-district": "talks style_reviews member_tests plans_adopted oaths organization_papers trainings",
    "linyi-city": "preparations_ticked lookbacks papers_rechecked report_outs plans_of_units_agreed standing_rules",
    "meishan-city": "preparations_ticked reading_ticks talks rectification_items items_closed plans_of_units_agreed",
    "xingwen-county": "knowledge_tests talks plans_adopted commendations_proposed oaths appeals",
    "yibin-city": "reading_ticks knowledge_tests member_tests talks lookbacks report_outs weekly_reports_on_time",
}
ALWAYS = "appraisals papers_handed_in papers_returned census_cases_solved consents"


def rehearsal(key, units=3, seed=2005):
    return Rehearsal(playbook=key, start=START, seed=seed, say=lambda text: None, units=units, roster=ROSTER)


@pytest.mark.parametrize("key", KEYS)
def test_a_campaign_ends_closed_with_nothing_broken(db, key):
    play = rehearsal(key)
    batch = play.run()
    assert broken(batch) == []
    batch.refresh_from_db()
    assert batch.closed_on is not None
    assert set(batch.participations.values_list("state", flat=True)) == {Participation.State.CLOSED}
    figures = play.figures.as_dict()
    staged = batch.participations.filter(staged=True).count()
    assert figures["stages_passed"] == staged * len(play.playbook.stages)
    assert figures["closed"] == figures["units"] == 3
    passed = Transition.objects.filter(state=Transition.State.COMPLETED)
    assert passed.count() == figures["stages_passed"] + figures["closed"]
    assert Decision.objects.filter(verdict="agree").count() == figures["consents"]
    assert [name for name in f"{ALWAYS} {PLAYED[key]}".split() if not figures.get(name)] == []
    assert figures["appraisals"] == Appraisal.objects.count()


def test_the_figures_are_the_same_for_the_same_seed(db):
    out = StringIO()
    call_command(
        "rehearse", playbook="xingwen-county", units=2, until="study", json=True, stdout=out, stderr=StringIO()
    )
    told = json.loads(out.getvalue())
    assert told["broken"] == [] and told["figures"]["stages_passed"] == 2
    states = StageProgress.objects.filter(stage="study").values_list("state", flat=True)
    assert set(states) == {StageProgress.State.DONE}
    with pytest.raises(CommandError, match="not empty"):
        call_command("rehearse", playbook="xingwen-county", stdout=StringIO(), stderr=StringIO())


# ------------------------------------------------------------ what a playbook may ask for
def test_there_is_a_deed_for_every_check_and_every_tool():
    assert deeds.wanted(TOOLS, [])
    assert deeds.wanted([], registered())


def test_a_check_without_a_deed_is_loud():
    with pytest.raises(deeds.NoDeed, match="walks_on_the_moon"):
        deeds.wanted([], ["actions", "walks_on_the_moon"])
    with pytest.raises(deeds.NoDeed, match="tool “rocket”"):
        deeds.wanted(["rocket"], [])


def test_a_gate_that_asks_for_the_unknown_stops_the_play(db, monkeypatch):
    """A check that a later playbook brings along is not passed over in silence."""
    play = rehearsal("linyi-city", units=1)
    play.prepare()
    monkeypatch.setattr(deeds, "_by_check", {})
    with pytest.raises(deeds.NoDeed):
        play.stage(play.playbook.stages[0])


# ------------------------------------------------------------ each invariant can fail
def _one(rows):
    return rows.order_by("pk")[:1].values("pk")


def _only(model, **which):
    return model.objects.filter(pk__in=[row["pk"] for row in _one(model.objects.filter(**which))])


def _lose_consent():
    _only(Decision, verdict="agree").delete()


def _lose_findings():
    _only(Transition, stage="study", state="completed").update(findings=[])


def _lose_roll():
    RollEntry.objects.filter(progress__stage="study").delete()


def _change_roll():
    _only(RollEntry, progress__stage="study").delete()


def _overlap():
    StageProgress.objects.filter(stage="analysis").update(started_on=START)


def _out_of_order():
    StageProgress.objects.filter(stage="analysis").update(state="ahead")


def _reopen():
    Participation.objects.update(state="active")


def _second_application():
    _only(Transition, stage="study", state="completed").update(state="withdrawn")


def _open_makeup():
    progress = StageProgress.objects.filter(stage="study").first()
    MakeUpOrder.objects.create(
        participation=progress.participation,
        organization=progress.participation.organization,
        stage="study",
        due_on=START,
        state="open",
    )


def _own_review():
    review = PaperReview.objects.filter(
        kind="review", verdict="pass", version__number=F("version__analysis__last_number")
    ).exclude(version__analysis__member__user=None)[0]
    PaperReview.objects.filter(pk=review.pk).update(reviewer=review.version.analysis.member.user)


def _unreviewed():
    PaperReview.objects.filter(kind="review", verdict="pass").delete()


def _unanswered():
    _only(Opinion, state="answered", rectification_items=None).update(state="passed")


def _open_item():
    _only(RectificationItem, state="closed").update(state="open", closed_by=None)


def _closed_by_nobody():
    _only(RectificationItem, state="closed").update(closed_by=None)


def _hasty_plan():
    _only(RectificationPlan, state="adopted").update(adopted_on=START)


def _open_appeal():
    appraisal = Appraisal.objects.order_by("pk")[0]
    Appeal.objects.create(
        appraisal=appraisal,
        member=appraisal.member,
        organization=appraisal.organization,
        text="复核",
        filed_on=START,
        verdict_before=appraisal.verdict,
    )


def _lost_votes():
    SurveyAnswer.objects.filter(survey=Survey.objects.filter(state="confirmed")[0]).update(count=F("count") + 1)


BREAKS = [
    (_lose_consent, "passed with the consent of"),
    (_lose_findings, "passed without findings"),
    (_lose_roll, "its roll is missing"),
    (_change_roll, "the roll has"),
    (_overlap, "began before"),
    (_out_of_order, "stages out of order"),
    (_reopen, "not closed"),
    (_second_application, "left without one completed application"),
    (_open_makeup, "open, but study is completed"),
    (_own_review, "passed by its own author"),
    (_unreviewed, "passed without a review"),
    (_unanswered, "neither answered nor in the ledger"),
    (_open_item, "still open at the closing"),
    (_closed_by_nobody, "closed without two persons"),
    (_hasty_plan, "before its notice was over"),
    (_open_appeal, "still open"),
    (_lost_votes, "valid ballots of"),
]


def test_what_is_broken_is_found(db):
    """Each is broken by hand after one and the same play, named, and mended again by rolling back."""
    batch = rehearsal("yibin-city", units=1).run()
    assert broken(batch) == []
    for breaks, said in BREAKS:
        point = transaction.savepoint()
        breaks()
        assert any(said in line for line in broken(Batch.objects.get(pk=batch.pk))), breaks.__name__
        transaction.savepoint_rollback(point)
    assert broken(Batch.objects.get(pk=batch.pk)) == []


def test_a_unit_that_began_unprepared_is_found(db):
    """Meishan lets nobody begin before the checklist is complete (A-10)."""
    play = rehearsal("meishan-city", units=1)
    play.prepare()
    assert broken(play.batch, closed=False) == []
    PreparationTick.objects.all().delete()
    assert any("its preparation is not complete" in line for line in broken(play.batch, closed=False))


def test_a_checklist_that_miscounts_is_found(db, monkeypatch):
    """The counts of the checklist are held against the records themselves."""
    batch = rehearsal("xingwen-county", units=1).run()
    assert broken(batch) == []
    for key, wrong, said in (
        ("ledger", lambda evidence, action: tools.Counted(organizations={evidence.organization.pk: 99}), "99 times"),
        ("self_analysis", lambda evidence, action: tools.NOTHING, "is counted for 0 members"),
    ):
        with monkeypatch.context() as patch:
            patch.setitem(tools._tools, key, tools.Tool(key, tools._tools[key].url_name, wrong))
            assert any(said in line for line in broken(batch)), key
    true = steps._by_members
    with monkeypatch.context() as patch:
        patch.setattr(
            steps, "_by_members", lambda action, evidence: dataclasses.replace(true(action, evidence), have=1)
        )
        assert any("do not make" in line for line in broken(batch))
    assert broken(batch) == []
