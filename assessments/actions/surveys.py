"""Counting a paper survey: one person enters, another confirms (anonymity promise 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from assessments.disclosing import withhold_alone
from assessments.models import Poll
from assessments.models.surveys import Survey, SurveyAnswer, SurveyCount
from assessments.procedure import refuse_before_self_check, refuse_while_held
from assessments.results import result_of
from campaign.models import Participation
from campaign.playbook import Instrument
from units import access
from units.roles import Right

OPENED = audit.action("survey.opened", _("Opened a survey round"))
ENTERED = audit.action("survey.entered", _("Entered the counts of a survey"))
CONFIRMED = audit.action("survey.confirmed", _("Confirmed the counts of a survey"))
REFUSED = audit.action("survey.refused", _("Sent the counts of a survey back"))


class RoundOpen(Exception):
    """A round of this survey is still being counted."""


class SurveyMoved(Exception):
    """Somebody else has entered, confirmed or sent back this round meanwhile."""


class SamePerson(Exception):
    """The counts must be confirmed by another person than the one who entered them."""


@dataclass(frozen=True)
class Fault:
    """A count that does not reconcile: which field, and why (message id and parameters are the form's)."""

    field: str
    code: str
    expected: int = 0
    found: int = 0


class CountsDiffer(Exception):
    """The counts do not reconcile; holds every fault."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


@dataclass(frozen=True)
class Ballots:
    """The paper of one respondent group: how many, and per question how many chose each option."""

    issued: int
    returned: int
    valid: int
    void: int
    answers: Mapping[str, Mapping[str, int]]


@transaction.atomic
def open_round(
    *, by: User, participation: Participation, instrument: Instrument, held_on: dt.date, place: str, organizer: str
) -> Survey:
    """Open the next round of a survey (I-13). Raises RoundOpen while another is being counted, StepFirst, Held."""
    refuse_before_self_check(instrument.key, [participation])
    refuse_while_held([participation])
    rows = Survey.objects.filter(participation=participation, instrument=instrument.key)
    last = rows.aggregate(last=Max("round"))["last"] or 0
    progress = participation.current()
    try:
        with transaction.atomic():
            survey = Survey.objects.create(
                participation=participation,
                instrument=instrument.key,
                stage=progress.stage if progress else "",
                round=last + 1,
                held_on=held_on,
                place=place,
                organizer=organizer,
            )
    except IntegrityError as error:
        raise RoundOpen from error
    audit.record(OPENED, by=by, obj=survey, organization=participation.organization)
    return survey


def faults_of(instrument: Instrument, ballots: Mapping[str, Ballots]) -> list[Fault]:
    """Everything that does not reconcile: returned <= issued, returned = valid + void, each question's sum = valid."""
    faults = []
    for group, paper in ballots.items():
        if paper.returned > paper.issued:
            faults.append(Fault(f"{group}-returned", "more_than_issued", paper.issued, paper.returned))
        if paper.valid + paper.void != paper.returned:
            faults.append(Fault(f"{group}-valid", "not_returned", paper.returned, paper.valid + paper.void))
        for question in instrument.questions:
            votes = sum(paper.answers.get(question.key, {}).values())
            if votes != paper.valid:
                faults.append(Fault(f"{group}-{question.key}", "not_valid", paper.valid, votes))
    return faults


@transaction.atomic
def enter_counts(*, by: User, survey: Survey, ballots: Mapping[str, Ballots]) -> None:
    """Enter or correct the counts of a round; all groups at once. Raises CountsDiffer, SurveyMoved."""
    instrument = survey.instrument_of()
    faults = faults_of(instrument, ballots)
    if faults:
        raise CountsDiffer(faults)
    counting = [Poll.State.CLOSING, Poll.State.CLOSED]
    open_rows = Survey.objects.filter(pk=survey.pk, state=Survey.State.DRAFT)
    swapped = open_rows.exclude(poll_unit__poll__state__in=counting).update(
        state=Survey.State.ENTERED, entered_by=by, entered_at=clock.now(), refused_reason=""
    )
    if not swapped:
        raise SurveyMoved
    survey.counts.all().delete()
    survey.answers.all().delete()
    for group, paper in ballots.items():
        SurveyCount.objects.create(
            survey=survey,
            group=group,
            issued=paper.issued,
            returned=paper.returned,
            valid=paper.valid,
            void=paper.void,
        )
        SurveyAnswer.objects.bulk_create(
            SurveyAnswer(survey=survey, group=group, question=question, option=option, count=votes)
            for question, options in paper.answers.items()
            for option, votes in options.items()
        )
    organization = survey.participation.organization
    audit.record(ENTERED, by=by, obj=survey, organization=organization)
    notify.send(
        [user for user in access.holders(Right.CONFIRM_SURVEY, organization) if user != by],
        gettext_noop("%(unit)s: survey counts are waiting for a second person"),
        params={"unit": survey.participation.label},
        url=reverse("assessments:survey", args=[survey.pk]),
    )


@transaction.atomic
def confirm_counts(*, by: User, survey: Survey) -> None:
    """Confirm the counts as the second person. Raises SamePerson, SurveyMoved.

    Where phones are asked as well, the round is decided when those are counted, with the paper beside them.
    """
    if survey.entered_by_id == by.pk:
        raise SamePerson
    state = Survey.State.PAPER if survey.frozen else Survey.State.CONFIRMED
    swapped = Survey.objects.filter(pk=survey.pk, state=Survey.State.ENTERED, entered_by=survey.entered_by_id).update(
        state=state, confirmed_by=by, confirmed_at=clock.now()
    )
    if not swapped:
        raise SurveyMoved
    organization = survey.participation.organization
    audit.record(CONFIRMED, by=by, obj=survey, organization=organization)
    if state == Survey.State.PAPER:
        return
    withhold_alone(survey)
    people = [*access.holders(Right.APPLY, organization), *access.holders(Right.ORDER_MAKEUP, organization)]
    tell_result(people, survey=survey.pk, unit=survey.participation.label, failing=bool(result_of(survey).failing))


def tell_result(people: Iterable[User], *, survey: int, unit: str, failing: bool) -> None:
    """Tell those who go on from it that a round is decided; `survey` is its id, `unit` what the unit is called."""
    text = (
        gettext_noop("%(unit)s: the survey result calls for a make-up")
        if failing
        else gettext_noop("%(unit)s: the survey result is confirmed")
    )
    notify.send(people, text, params={"unit": unit}, url=reverse("assessments:survey", args=[survey]))


@transaction.atomic
def refuse_counts(*, by: User, survey: Survey, reason: str) -> None:
    """Send the counts back to be entered anew. Raises SurveyMoved."""
    swapped = Survey.objects.filter(pk=survey.pk, state=Survey.State.ENTERED).update(
        state=Survey.State.DRAFT, refused_reason=reason
    )
    if not swapped:
        raise SurveyMoved
    organization = survey.participation.organization
    audit.record(REFUSED, by=by, obj=survey, organization=organization, data={"reason": reason})
    if survey.entered_by:
        notify.send(
            [survey.entered_by],
            gettext_noop("%(unit)s: the survey counts were sent back: %(reason)s"),
            params={"unit": survey.participation.label, "reason": reason},
            kind=notify.RETURN,
            url=reverse("assessments:survey", args=[survey.pk]),
        )
