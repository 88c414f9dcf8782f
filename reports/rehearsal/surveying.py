"""Surveys of the masses in the rehearsal: paper ballots entered by one person and confirmed by another."""

from __future__ import annotations

from accounts import clock
from assessments.actions import surveys
from assessments.models import Survey
from campaign.playbook import Instrument
from reports.rehearsal.deeds import for_check
from reports.rehearsal.scene import Scene
from supervision.gates import gate_of

SURVEY_FAILS = 0.06


@for_check("survey")
def ask(scene: Scene) -> None:
    """A round of each survey that the gate asks for, unless one was held in this stage."""
    rules = scene.evidence.stage.gate if scene.evidence.stage else scene.playbook.closing.gate
    stage = scene.phase if scene.evidence.stage else ""
    for rule in rules:
        instrument = scene.playbook.instrument(str(rule.get("instrument", ""))) if rule.check == "survey" else None
        rounds = Survey.objects.filter(participation=scene.unit.participation, stage=stage)
        if instrument is not None and not rounds.filter(instrument=instrument.key).exists():
            with scene.at(0.85):
                ask_once(scene, instrument, fails=bool(instrument.thresholds) and scene.chance(SURVEY_FAILS))


def ask_once(scene: Scene, instrument: Instrument, *, fails: bool = False) -> None:
    """One round now."""
    survey = surveys.open_round(
        by=scene.cast.office,
        participation=scene.unit.participation,
        instrument=instrument,
        held_on=clock.today(),
        place="机关礼堂",
        organizer=scene.batch.campaign.office_short_name,
    )
    ballots = {group.key: _paper(scene, instrument, fails=fails) for group in instrument.groups}
    surveys.enter_counts(by=scene.cast.general, survey=survey, ballots=ballots)
    survey.refresh_from_db()
    surveys.confirm_counts(by=scene.cast.office, survey=survey)
    scene.figures.add("surveys")
    scene.figures.add("surveys_failed", fails)


def _paper(scene: Scene, instrument: Instrument, *, fails: bool) -> surveys.Ballots:
    dice = scene.random
    valid, void = 20 + dice.randrange(30), dice.randrange(3)
    answers = {}
    for question in instrument.questions:
        adverse = [option.key for option in question.options if option.adverse] or [question.options[-1].key]
        votes = dict.fromkeys((option.key for option in question.options), 0)
        against = valid * 7 // 10 if fails else dice.randrange(max(1, valid // 20))
        votes[adverse[-1]] += against
        votes[question.options[0].key] += valid - against
        answers[question.key] = votes
    return surveys.Ballots(valid + void + 1, valid + void, valid, void, answers)


def failed(scene: Scene) -> list[str]:
    """Keys of the surveys whose last round fell short at the gate."""
    gate = gate_of(scene.unit.participation, scene.unit.fresh())
    return [finding.key.split(":")[1] for finding in gate if finding.check == "survey" and not finding.passed]
