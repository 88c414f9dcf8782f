"""Spot checks (M-07): opened over a part of the tree, drawn once by lot, recorded organisation by organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign import uploads
from campaign.models import Batch
from campaign.queries import governing
from supervision import card_rules, drawing, spot_rules
from supervision.actions.makeups import MakeUpTerms, order_makeup
from supervision.actions.refusals import Refused
from supervision.models import MakeUpOrder, SpotCheck, SpotFile, SpotResult
from units.models import Organization

OPENED = audit.action("spot_check.opened", _("Opened a spot check"))
DRAWN = audit.action("spot_check.drawn", _("Drew the organisations of a spot check"))
RECORDED = audit.action("spot_check.recorded", _("Recorded a result of a spot check"))
FILE_REMOVED = audit.action("spot_check.file_removed", _("Removed a file of a spot check"))
CLOSED = audit.action("spot_check.closed", _("Closed a spot check"))
CANCELLED = audit.action("spot_check.cancelled", _("Cancelled a spot check"))

State, Result = SpotCheck.State, SpotResult.Result


class SpotCheckRefused(Refused):
    """The spot check cannot be changed like this."""


@dataclass(frozen=True, kw_only=True)
class SpotTerms:
    """What is checked where: `of_kind` and `stage` narrow who can be drawn; `wanted` of them are."""

    organization: Organization
    kind: str
    subject: str
    wanted: int
    of_kind: str = ""
    stage: str = ""


@transaction.atomic
def open_spot_check(
    *, by: User, batch: Batch, terms: SpotTerms, redraw_of: SpotCheck | None = None, reason: str = ""
) -> SpotCheck:
    """Prepare a spot check; a new draw in place of another one says why. Raises SpotCheckRefused."""
    if terms.kind not in spot_rules.kinds_for(by, terms.organization):
        raise SpotCheckRefused(Message(gettext_noop("You cannot check the organisations under this one.")))
    if not terms.subject.strip():
        raise SpotCheckRefused(Message(gettext_noop("Say what is checked.")))
    if redraw_of is not None and not reason.strip():
        raise SpotCheckRefused(Message(gettext_noop("Say why it is drawn anew.")))
    _check_number(terms.wanted, len(spot_rules.population(batch, terms.organization, terms.of_kind, terms.stage)))
    check = SpotCheck.objects.create(
        batch=batch,
        organization=terms.organization,
        kind=terms.kind,
        subject=terms.subject.strip(),
        of_kind=terms.of_kind,
        stage=terms.stage,
        wanted=terms.wanted,
        redraw_of=redraw_of,
        redraw_reason=reason.strip(),
        opened_by=by,
        opened_at=clock.now(),
    )
    data = {"wanted": terms.wanted, **({"redraw_of": redraw_of.pk, "reason": reason.strip()} if redraw_of else {})}
    audit.record(OPENED, by=by, obj=check, organization=terms.organization, data=data)
    return check


def _check_number(wanted: int, there: int) -> None:
    if not there:
        raise SpotCheckRefused(Message(gettext_noop("No organisation there can be drawn. Choose another scope.")))
    if not 1 <= wanted <= there:
        raise SpotCheckRefused(
            Message(
                gettext_noop("%(there)s organisations can be drawn; choose a number from 1 to %(there)s."),
                {"there": there},
            )
        )


@transaction.atomic
def draw(*, by: User, check: SpotCheck) -> list[SpotResult]:
    """Fix who can be drawn and draw, once and for all. Raises SpotCheckRefused."""
    if not spot_rules.can_check(by, check):
        raise SpotCheckRefused(Message(gettext_noop("Only those who make this check can do that.")))
    there = spot_rules.population(check.batch, check.organization, check.of_kind, check.stage)
    _check_number(check.wanted, len(there))
    seed = drawing.new_seed()
    swapped = SpotCheck.objects.filter(pk=check.pk, state=State.PREPARED).update(
        state=State.DRAWN,
        population=[[one.pk, one.code, one.name] for one in there],
        seed=seed,
        algorithm=drawing.ALGORITHM,
        drawn_by=by,
        drawn_at=clock.now(),
    )
    if not swapped:
        raise SpotCheckRefused(
            Message(gettext_noop("This check has been drawn already. To draw anew open a new one and say why."))
        )
    check.refresh_from_db()
    drawn = drawing.draw([one.pk for one in there], seed, check.wanted)
    rows = SpotResult.objects.bulk_create(
        SpotResult(check_of=check, position=position, organization_id=pk) for position, pk in enumerate(drawn, start=1)
    )
    data = {"of": len(there), "drawn": drawn, "seed": seed, "algorithm": drawing.ALGORITHM}
    audit.record(DRAWN, by=by, obj=check, organization=check.organization, data=data)
    return rows


@transaction.atomic
def record_result(
    *, by: User, row: SpotResult, result: str, findings: str, checked_on: dt.date, files: Iterable[File] = ()
) -> None:
    """What was found at one organisation drawn; it can be put right until the check is closed. Raises SpotCheckRefused.

    The organisation is told. Photographs and papers are added to those that are there.
    """
    check = SpotCheck.objects.select_for_update().get(pk=row.check_of_id)
    if not spot_rules.can_check(by, check):
        raise SpotCheckRefused(Message(gettext_noop("Only those who make this check can do that.")))
    if check.state != State.DRAWN:
        raise SpotCheckRefused(Message(gettext_noop("This check is closed; its results stay as they are.")))
    _check_result(check, row, result, findings, checked_on)
    SpotResult.objects.filter(pk=row.pk).update(
        result=result, findings=findings.strip(), checked_on=checked_on, checked_by=by, recorded_at=clock.now()
    )
    uploads.keep(row.files, files, by=by)
    data = {"organization": row.organization.name, "result": str(result), "findings": findings.strip()}
    audit.record(RECORDED, by=by, obj=check, organization=row.organization, data=data)
    _tell_result(check, row, result)


def _check_result(check: SpotCheck, row: SpotResult, result: str, findings: str, checked_on: dt.date) -> None:
    if result not in Result.values:
        raise SpotCheckRefused(Message(gettext_noop("Choose a result.")))
    if not findings.strip():
        raise SpotCheckRefused(Message(gettext_noop("Write down what was found.")))
    if checked_on > clock.today():
        raise SpotCheckRefused(Message(gettext_noop("A check that was made cannot lie in the future.")))
    if row.makeup_id and result != Result.BAD:
        raise SpotCheckRefused(
            Message(gettext_noop("A make-up was ordered because of this result; it stays as it is."))
        )


def _tell_result(check: SpotCheck, row: SpotResult, result: str) -> None:
    place = governing(row.organization, check.batch)
    if place is None:
        return
    messages = {
        Result.GOOD: gettext_noop("Spot check “%(subject)s” at %(name)s: up to standard."),
        Result.PROBLEMS: gettext_noop("Spot check “%(subject)s” at %(name)s: problems found. Read what."),
        Result.BAD: gettext_noop("Spot check “%(subject)s” at %(name)s: not up to standard. Read why."),
    }
    users = card_rules.secretaries(row.organization, place)
    if result == Result.BAD:
        users = [*users, *spot_rules.orderers(row.organization)]
    notify.send(
        users,
        messages[Result(result)],
        params={"subject": check.subject, "name": row.organization.name},
        url=reverse("supervision:spot_result", args=[row.pk]),
    )


@transaction.atomic
def remove_file(*, by: User, file: SpotFile) -> None:
    """Take a file off a result again, until the check is closed. Raises SpotCheckRefused."""
    check = SpotCheck.objects.select_for_update().get(pk=file.row.check_of_id)
    if not spot_rules.can_check(by, check):
        raise SpotCheckRefused(Message(gettext_noop("Only those who make this check can do that.")))
    if check.state != State.DRAWN:
        raise SpotCheckRefused(Message(gettext_noop("This check is closed; its results stay as they are.")))
    organization = file.row.organization
    audit.record(FILE_REMOVED, by=by, obj=check, organization=organization, data={"file": file.name})
    uploads.remove(file)


@transaction.atomic
def order_after_check(*, by: User, row: SpotResult, terms: MakeUpTerms, reason: str) -> MakeUpOrder:
    """Order the make-up of an organisation not up to standard, once. Raises MakeUpRefused, SpotCheckRefused."""
    rows = SpotResult.objects.select_for_update(of=("self",)).select_related("organization", "check_of")
    locked = rows.get(pk=row.pk)
    if locked.result != Result.BAD:
        raise SpotCheckRefused(Message(gettext_noop("A make-up follows only where it was not up to standard.")))
    if locked.makeup_id:
        raise SpotCheckRefused(Message(gettext_noop("A make-up has been ordered after this result already.")))
    if terms.organization.pk != locked.organization_id:
        raise SpotCheckRefused(Message(gettext_noop("The make-up is ordered of the organisation that was checked.")))
    place = governing(locked.organization, locked.check_of.batch)
    if place is None:
        raise SpotCheckRefused(Message(gettext_noop("This organisation does not take part any more.")))
    order = order_makeup(by=by, participation=place, terms=terms, reason=reason, trigger=MakeUpOrder.Trigger.SPOT_CHECK)
    if not SpotResult.objects.filter(pk=row.pk, makeup=None).update(makeup=order):
        raise SpotCheckRefused(Message(gettext_noop("A make-up has been ordered after this result already.")))
    return order


@transaction.atomic
def close_spot_check(*, by: User, check: SpotCheck, summary: str) -> None:
    """Sum it up and close it, once each organisation drawn has its result. Raises SpotCheckRefused."""
    if not spot_rules.can_check(by, check):
        raise SpotCheckRefused(Message(gettext_noop("Only those who make this check can do that.")))
    if not summary.strip():
        raise SpotCheckRefused(Message(gettext_noop("Sum up what the check found.")))
    locked = SpotCheck.objects.select_for_update().get(pk=check.pk)
    left = locked.results.filter(result="").count()
    if left and locked.state == State.DRAWN:
        raise SpotCheckRefused(
            Message(gettext_noop("%(left)s organisations drawn have no result yet."), {"left": left})
        )
    swapped = SpotCheck.objects.filter(pk=check.pk, state=State.DRAWN).update(
        state=State.CLOSED, summary=summary.strip(), closed_by=by, closed_at=clock.now()
    )
    if not swapped:
        raise SpotCheckRefused(Message(gettext_noop("This check is not under way.")))
    audit.record(CLOSED, by=by, obj=check, organization=check.organization, data={"summary": summary.strip()})


@transaction.atomic
def cancel_spot_check(*, by: User, check: SpotCheck, reason: str) -> None:
    """Give up a check before any result is recorded; its draw stays on record. Raises SpotCheckRefused."""
    if not spot_rules.can_check(by, check):
        raise SpotCheckRefused(Message(gettext_noop("Only those who make this check can do that.")))
    if not reason.strip():
        raise SpotCheckRefused(Message(gettext_noop("Say why it is cancelled.")))
    if check.results.exclude(result="").exists():
        raise SpotCheckRefused(Message(gettext_noop("Results are recorded already; finish the check and close it.")))
    swapped = SpotCheck.objects.filter(pk=check.pk, state__in=(State.PREPARED, State.DRAWN)).update(
        state=State.CANCELLED, summary=reason.strip(), closed_by=by, closed_at=clock.now()
    )
    if not swapped:
        raise SpotCheckRefused(Message(gettext_noop("This check is closed already.")))
    audit.record(CANCELLED, by=by, obj=check, organization=check.organization, data={"reason": reason.strip()})
