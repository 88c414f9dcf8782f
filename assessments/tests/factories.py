"""Surveys for tests."""

from assessments import actions
from campaign.playbook import Instrument


def paper(instrument: Instrument, *, valid, adverse, void=0, issued=None):
    """Ballots of every group: `adverse` of `valid` chose an adverse answer on each question, the rest the first."""
    found = {}
    for group in instrument.groups:
        answers = {}
        for question in instrument.questions:
            votes = {option.key: 0 for option in question.options}
            bad = next((o.key for o in question.options if o.adverse), question.options[-1].key)
            votes[question.options[0].key] = valid - adverse
            votes[bad] += adverse
            answers[question.key] = votes
        returned = valid + void
        found[group.key] = actions.Ballots(returned if issued is None else issued, returned, valid, void, answers)
    return found


def survey_round(w, participation, instrument, *, by, confirmed_by=None, valid=50, adverse=0, void=0):
    """A round entered by one and, if given, confirmed by another."""
    survey = actions.open_round(
        by=by,
        participation=participation,
        instrument=instrument,
        held_on=w.batch.starts_on,
        place="县卫生局会议室",
        organizer="县先教办",
    )
    actions.enter_counts(by=by, survey=survey, ballots=paper(instrument, valid=valid, adverse=adverse, void=void))
    survey.refresh_from_db()
    if confirmed_by is not None:
        actions.confirm_counts(by=confirmed_by, survey=survey)
        survey.refresh_from_db()
    return survey
