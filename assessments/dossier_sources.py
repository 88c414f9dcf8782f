"""What this room tells in an organisation's dossier: results that may be shown, look-backs, its own analyses.

Nothing about a member, and no figure that is withheld: what the pages do not show, the dossier does not tell.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.templatetags.shell import share
from assessments import rules
from assessments.models import LookBackAnswer, LookBackRecord, OrganizationAnalysis, Survey
from assessments.results import Result, result_of
from campaign.dossier import Event, Fold, Line, Subject, chapter
from units import access


def _here(subject: Subject, rows: QuerySet[Any]) -> QuerySet[Any]:
    return rows.filter(access.below(subject.organization.path, "organization"), batch=subject.participation.batch)


def _page(subject: Subject, name: str, *args: object) -> str:
    """The pages of an organisation's own work are about the open batch; those of a closed one lead nowhere."""
    return "" if subject.participation.batch.closed_on else reverse(name, args=args)


@chapter("surveys", gettext_lazy("Satisfaction surveys"))
def surveys(subject: Subject) -> Iterator[Event]:
    """Rounds that are decided, with figure and verdict, or the verdict alone (promise 5). Three queries."""
    batch = subject.participation.batch
    rows = (
        Survey.objects.visible_to(subject.reader)
        .closed()
        .filter(access.below(subject.organization.path, "participation__organization"), participation__batch=batch)
        .select_related("participation__organization", "confirmed_by")
        .prefetch_related("counts", "answers")
    )
    for row in rows:
        row.participation.batch = batch
        yield _survey(row, shown=rules.can_read_figures(subject.reader, row))


def _survey(row: Survey, *, shown: bool) -> Event:
    result = result_of(row)
    names = {"survey": result.instrument.name, "round": row.round}
    reached = result.failing
    return Event(
        at=row.confirmed_at or row.held_on,
        kind="surveys",
        title=_("%(survey)s, round %(round)s: counted and confirmed") % names,
        detail=_figures(result) if shown else _("The figures are not shown: too few ballots."),
        who=str(row.confirmed_by or ""),
        url=reverse("assessments:survey", args=[row.pk]),
        tone="bad" if reached else "ok",
        stage=row.stage,
        organization=row.participation.organization.name,
        folds=(_verdict(result),) if result.outcomes else (),
    )


def _figures(result: Result) -> str:
    told = {"share": share(result.satisfied, result.total.valid)}
    return _("Satisfied, of the valid ballots: %(share)s.") % told


def _verdict(result: Result) -> Fold:
    """Which rules the votes reached. A verdict is told even where the figures are not."""
    reached, missed = _("Reached: %(rule)s"), _("Not reached: %(rule)s")
    lines = [
        Line((reached if one.reached else missed) % {"rule": one.threshold.rule}, "bad" if one.reached else "ok")
        for one in result.outcomes
    ]
    return Fold(_("Rules and verdict"), tuple(lines))


@chapter("lookbacks", gettext_lazy("Look-backs"))
def lookbacks(subject: Subject) -> Iterator[Event]:
    """Completed look-backs with their answers counted. Two queries."""
    rows = _here(subject, LookBackRecord.objects.visible_to(subject.reader))
    done = rows.filter(state=LookBackRecord.State.COMPLETED).select_related("organization", "saved_by")
    playbook = subject.participation.batch.campaign.playbook
    verdicts = LookBackAnswer.Verdict
    for row in done.prefetch_related("answers"):
        answers = list(row.answers.all())
        asked = playbook.lookback(row.key)
        found = {verdict: sum(a.verdict == verdict for a in answers) for verdict in verdicts.values}
        left = sum(answer.open for answer in answers)
        told = {"good": found["good"], "partly": found["partly"], "short": found["not"], "left": left}
        yield Event(
            at=row.completed_on,
            kind="lookbacks",
            title=_("%(name)s completed") % {"name": asked.name if asked else row.key},
            detail=_("%(good)s up to standard, %(partly)s partly, %(short)s not; %(left)s still to be mended.") % told,
            who=str(row.saved_by or ""),
            url=_page(subject, "assessments:lookback", row.organization_id, row.key) if asked else "",
            tone="late" if left else "ok",
            organization=row.organization.name,
        )


@chapter("analyses", gettext_lazy("Analyses of the organisation"))
def analyses(subject: Subject) -> Iterator[Event]:
    """Finished ones; the members' own stay with those who keep them (decision 20). One query."""
    rows = _here(subject, OrganizationAnalysis.objects.visible_to(subject.reader)).exclude(finished_at=None)
    told = rows.defer("text").select_related("organization", "saved_by")
    for row in told.filter(state=OrganizationAnalysis.State.FINISHED):
        yield Event(
            at=row.finished_at,
            kind="analyses",
            title=_("Analysis of the organisation finished"),
            who=str(row.saved_by or ""),
            url=_page(subject, "assessments:organization_paper", row.organization_id),
            tone="ok",
            organization=row.organization.name,
        )
