"""Surveys for tests."""

import datetime as dt

from accounts import clock
from assessments import actions
from assessments.actions import analyses as papers
from assessments.actions import polls
from assessments.actions.casting import cast
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


# ---------------------------------------------------------------- self-analyses
def paper_text(characters=1600):
    """A paper of three paragraphs with so many characters."""
    part = "我在思想上还有差距" * (characters // 27 + 1)
    return f"{part}\n{part}\n{part}"


def drafted(w, member, *, by, text=None, **more):
    """A saved draft of a member."""
    paper = papers.paper_for(member, w.batch)
    draft = papers.Draft(paper_text() if text is None else text, **more)
    papers.save_draft(by=by, paper=paper, draft=draft, revision=paper.revision)
    return type(paper).objects.get(pk=paper.pk)


def handed_in(w, member, *, by, participation, text=None, **more):
    """A paper handed in for review."""
    paper = drafted(w, member, by=by, text=text, **more)
    papers.hand_in(by=by, paper=paper, participation=participation)
    return type(paper).objects.get(pk=paper.pk)


# ---------------------------------------------------------------- anonymous surveys
PASSPHRASE = "麦子熟了 一千八百次 再多一点"


def drafted_poll(w, participations, *, by, instrument="stage2", asked=12, title="第二阶段满意度测评", **more):
    """A satisfaction survey being prepared, `asked` people in every group of every unit."""
    raw = next(item for item in w.batch.campaign.snapshot["instruments"] if item["key"] == instrument)
    places = [
        polls.Place(p.organization, p.label, {group["key"]: asked for group in raw["groups"]}, participation=p)
        for p in participations
    ]
    form = {"instrument": {**raw, **more}}
    return polls.draft_poll(
        by=by, batch=w.batch, organization=w.t.county, kind="unit", title=title, form=form, places=places
    )


def opened_poll(w, participations, *, by, days=7, passphrases=(PASSPHRASE,), **more):
    """The same, open for so many days; comes with the slips of everybody."""
    poll = drafted_poll(w, participations, by=by, **more)
    closes_at = clock.now() + dt.timedelta(days=days)
    polls.open_poll(by=by, poll=poll, closes_at=closes_at, passphrases=list(passphrases))
    poll.refresh_from_db()
    return poll, polls.issue(by=by, poll=poll)


def vote(slip, *, bad=False, **more):
    """Cast a ballot: the first answer everywhere, or the last."""
    paper = slip.unit.questionnaire()
    answers = {place.name: place.question.options[-1 if bad else 0].key for place in paper.places}
    return cast(slip.code.whole, {**answers, **more})


def counted(poll, *, by, passphrases=(PASSPHRASE,), reason="都投完了"):
    """Close and count."""
    polls.start_count(by=by, poll=poll, passphrases=list(passphrases), reason=reason)
    poll.refresh_from_db()
    return poll
