"""The survey's line in a gate (I-06, I-07)."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext_noop

from accounts.messages import Message
from assessments.models import Survey
from assessments.results import Outcome, Result, result_of
from campaign.evidence import Evidence
from campaign.findings import Finding, both, check
from campaign.playbook import Check, Instrument


def _ballots(result: Result) -> Message:
    return Message(
        gettext_noop("%(issued)s issued, %(returned)s returned, %(valid)s valid"),
        {"issued": result.total.issued, "returned": result.total.returned, "valid": result.total.valid},
    )


def _held(result: Result) -> Message:
    return Message(gettext_noop("figures not shown: too few ballots")) if result.withheld else _ballots(result)


def _against(outcome: Outcome, result: Result) -> Message:
    if result.withheld:
        return Message(gettext_noop("figures not shown: too few ballots"))
    return Message(
        gettext_noop("%(votes)s of %(valid)s valid ballots against"), {"votes": outcome.votes, "valid": outcome.valid}
    )


def _outcome(evidence: Evidence, rule: Check, survey: Survey, result: Result, outcome: Outcome) -> Finding:
    return Finding(
        check=rule.check,
        key=f"survey:{result.instrument.key}",
        title=Message(gettext_noop("%(name)s"), {"name": both(result.instrument.name)}),
        required=Message(gettext_noop("%(name)s"), {"name": both(outcome.threshold.rule)}),
        measured=_against(outcome, result),
        passed=not outcome.reached and outcome.valid > 0,
        soft=rule.soft,
        overridable=rule.override or outcome.threshold.override,
        remark=None if result.withheld else _ballots(result),
        link=reverse("assessments:survey", args=[survey.pk]),
        link_label=Message(gettext_noop("See the result")),
    )


def _not_held(evidence: Evidence, rule: Check, instrument: Instrument, pending: Survey | None) -> Finding:
    waiting = pending is not None and pending.state == Survey.State.ENTERED
    link = (
        reverse("assessments:survey", args=[pending.pk])
        if pending
        else reverse("assessments:survey_new", args=[evidence.participation.pk]) + f"?instrument={instrument.key}"
    )
    return Finding(
        check=rule.check,
        key=f"survey:{instrument.key}",
        title=Message(gettext_noop("%(name)s"), {"name": both(instrument.name)}),
        required=Message(gettext_noop("held and confirmed by two persons")),
        measured=Message(gettext_noop("waiting for the second person") if waiting else gettext_noop("not held yet")),
        passed=False,
        soft=rule.soft,
        overridable=rule.override,
        waiting=waiting,
        link=link,
        link_label=Message(gettext_noop("See the counts") if pending else gettext_noop("Enter a survey")),
    )


@check("survey")
def survey(evidence: Evidence, rule: Check) -> Iterator[Finding]:
    """The last confirmed round decides (decision 15); one finding a threshold, or one that says it was not held."""
    instrument = evidence.playbook.instrument(str(rule.get("instrument", "")))
    if instrument is None:
        return
    rounds = list(
        Survey.objects.filter(participation=evidence.participation, instrument=instrument.key)
        .select_related("participation__batch__campaign")
        .prefetch_related("counts", "answers")
        .order_by("-round")
    )
    last = next((item for item in rounds if item.state == Survey.State.CONFIRMED), None)
    pending = next((item for item in rounds if item.state != Survey.State.CONFIRMED), None)
    if last is None or pending is not None:
        yield _not_held(evidence, rule, instrument, pending)
        return
    result = result_of(last)
    if not result.outcomes:
        yield Finding(
            check=rule.check,
            key=f"survey:{instrument.key}",
            title=Message(gettext_noop("%(name)s"), {"name": both(instrument.name)}),
            required=Message(gettext_noop("held; the playbook names no threshold")),
            measured=_held(result),
            passed=True,
            soft=rule.soft,
            link=reverse("assessments:survey", args=[last.pk]),
            link_label=Message(gettext_noop("See the result")),
        )
    for outcome in result.outcomes:
        yield _outcome(evidence, rule, last, result, outcome)
