"""Preparing an anonymous survey, opening it, printing its codes, extending it, and starting its count."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from accounts import audit, clock
from accounts.models import User
from assessments.ballots import codes, sealing
from assessments.models import Poll, PollGroup, PollUnit, Survey, Ticket
from assessments.procedure import refuse_before_self_check, refuse_while_held
from campaign.models import Batch, Participation
from jobs.actions import enqueue
from jobs.models import Job
from units.models import Organization

DRAFTED = audit.action("poll.drafted", _("Prepared an anonymous survey"))
CHANGED = audit.action("poll.changed", _("Changed an anonymous survey that is being prepared"))
DROPPED = audit.action("poll.dropped", _("Dropped an anonymous survey that was being prepared"))
OPENED = audit.action("poll.opened", _("Opened an anonymous survey"))
ISSUED = audit.action("poll.issued", _("Made codes for an anonymous survey"))
REISSUED = audit.action("poll.reissued", _("Made new codes for the unused ones of an anonymous survey"))
EXTENDED = audit.action("poll.extended", _("Extended an anonymous survey"))
CLOSING = audit.action("poll.closing", _("Began to count an anonymous survey"))

HANDOVER_SECONDS = 15 * 60
MOST_CODES_AT_ONCE = 5000


class PollMoved(Exception):
    """Somebody else has opened, closed or dropped the survey meanwhile."""


class NobodyAsked(Exception):
    """Units in which no respondent group has anybody to ask; `names` are theirs (empty: no unit at all)."""

    def __init__(self, names: Sequence[str] = ()) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


class RoundsOpen(Exception):
    """Another round of the same survey is still being held or counted in these units."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


class WeakPassphrase(Exception):
    """A passphrase is too short, or two officers chose the same."""


class WrongDeadline(Exception):
    """The hour of closing is over, or not later than the one before."""


class NoReason(Exception):
    """Closing before the hour needs a reason."""


class PaperWaiting(Exception):
    """Paper counts that were entered wait for the second person; `names` are the units."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(", ".join(names))
        self.names = list(names)


class TooManyCodes(Exception):
    """More slips than one file should hold; print unit by unit."""


@dataclass(frozen=True)
class Place:
    """Where it is asked, and of how many: people asked by respondent group, rows of a matrix."""

    organization: Organization
    name: str
    asked: Mapping[str, int]
    participation: Participation | None = None
    rows: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Slip:
    """A code in clear with what its slip says. Never stored, logged or handed to a job."""

    code: codes.Code
    unit: PollUnit
    group: str


@transaction.atomic
def draft_poll(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    kind: str,
    title: str,
    form: Mapping[str, Any],
    places: Iterable[Place],
    review: int | None = None,
) -> Poll:
    """Prepare a survey: `form` is {"instrument": raw, "least_asked": n?}, its own copy from now on."""
    poll = Poll.objects.create(
        batch=batch,
        organization=organization,
        kind=kind,
        title=title,
        form=dict(form),
        created_by=by,
        review_id=review,
    )
    poll.questionnaire()  # a form that cannot be read must not be kept
    set_places(poll, places)
    audit.record(DRAFTED, by=by, obj=poll, organization=organization)
    return poll


@transaction.atomic
def change_draft(
    *, by: User, poll: Poll, title: str, form: Mapping[str, Any], places: Iterable[Place] | None = None
) -> Poll:
    """Change what is asked or where, while it is being prepared. Raises PollMoved, PlaybookInvalid."""
    poll = held(poll, Poll.State.DRAFT)
    poll.title, poll.form = title, dict(form)
    poll.questionnaire()
    poll.save(update_fields=["title", "form"])
    if places is not None:
        poll.units.all().delete()
        set_places(poll, places)
    audit.record(CHANGED, by=by, obj=poll, organization=poll.organization)
    return poll


@transaction.atomic
def drop_draft(*, by: User, poll: Poll) -> None:
    """Throw a survey away that was never opened. Raises PollMoved."""
    poll = held(poll, Poll.State.DRAFT)
    audit.record(DROPPED, by=by, obj=poll, organization=poll.organization)
    poll.delete()


def held(poll: Poll, state: str) -> Poll:
    """The row, locked, if it is still in `state`. Raises PollMoved."""
    found = Poll.objects.select_for_update().filter(pk=poll.pk, state=state).first()
    if found is None:
        raise PollMoved
    return found


def set_places(poll: Poll, places: Iterable[Place]) -> None:
    groups = [group.key for group in poll.questionnaire().instrument.groups]
    kept: list[tuple[PollUnit, Place]] = []
    for place in places:
        rows = [list(row) for row in place.rows]
        unit = PollUnit(
            poll=poll,
            organization=place.organization,
            participation=place.participation,
            name=place.name[:120],
            rows=rows,
        )
        kept.append((unit, place))
    PollUnit.objects.bulk_create(unit for unit, _place in kept)
    PollGroup.objects.bulk_create(
        PollGroup(unit=unit, group=key, asked=place.asked.get(key, 0)) for unit, place in kept for key in groups
    )


@sensitive_variables()
@transaction.atomic
def open_poll(*, by: User, poll: Poll, closes_at: dt.datetime, passphrases: Sequence[str]) -> Poll:
    """Freeze the questionnaire, make the key under the officers' passphrases, and begin.

    Raises PollMoved, WrongDeadline, WeakPassphrase, NobodyAsked, RoundsOpen, procedure.StepFirst, campaign.holds.Held.
    """
    if closes_at <= clock.now():
        raise WrongDeadline
    _check_passphrases(passphrases)
    poll = held(poll, Poll.State.DRAFT)
    units = list(poll.units.select_related("organization", "participation__batch__campaign").prefetch_related("groups"))
    empty = [unit.name for unit in units if not any(group.asked for group in unit.groups.all())]
    if empty or not units:
        raise NobodyAsked(empty)
    if poll.kind == Poll.Kind.UNIT:
        _open_rounds(poll, units)
    keys = sealing.make_keys(list(passphrases))
    poll.state, poll.opened_at, poll.closes_at = Poll.State.OPEN, clock.now(), closes_at
    poll.public_key, poll.key_parts = keys.public, keys.parts
    poll.save(update_fields=["state", "opened_at", "closes_at", "public_key", "key_parts"])
    people = sum(group.asked for unit in units for group in unit.groups.all())
    audit.record(OPENED, by=by, obj=poll, organization=poll.organization, data={"units": len(units), "people": people})
    return poll


@sensitive_variables()
def _check_passphrases(passphrases: Sequence[str]) -> None:
    plain = [" ".join(phrase.split()) for phrase in passphrases]
    if not plain or any(len(phrase) < sealing.LEAST_PASSPHRASE for phrase in plain) or len(set(plain)) < len(plain):
        raise WeakPassphrase


def _open_rounds(poll: Poll, units: list[PollUnit]) -> None:
    """A round of the survey for each unit (I-13), with the instrument frozen in it."""
    instrument = poll.questionnaire().instrument
    refuse_before_self_check(instrument.key, [unit.participation for unit in units if unit.participation])
    refuse_while_held([unit.participation for unit in units if unit.participation])
    raw = poll.form["instrument"]
    rounds = Survey.objects.filter(
        participation__in=[unit.participation_id for unit in units], instrument=instrument.key
    ).order_by()
    busy = set(rounds.exclude(state=Survey.State.CONFIRMED).values_list("participation_id", flat=True))
    if busy:
        raise RoundsOpen([unit.name for unit in units if unit.participation_id in busy])
    last = dict(rounds.values_list("participation_id").annotate(last=Max("round")))
    for unit in units:
        progress = unit.participation.current() if unit.participation else None
        unit.survey = Survey(
            participation_id=unit.participation_id,
            instrument=instrument.key,
            stage=progress.stage if progress else "",
            round=last.get(unit.participation_id, 0) + 1,
            held_on=clock.today(),
            organizer=poll.organization.name[:80],
            frozen=raw,
        )
    Survey.objects.bulk_create(unit.survey for unit in units)
    PollUnit.objects.bulk_update(units, ["survey"], batch_size=500)


@sensitive_variables()
@transaction.atomic
def issue(*, by: User, poll: Poll, units: Sequence[PollUnit] | None = None) -> list[Slip]:
    """Make the codes of those groups that have none yet, and hand them over: the only time they are in clear.

    Put what becomes of the slips (the PDF) into the same transaction: if it fails, no code was made.
    The slips come shuffled. Raises PollMoved, TooManyCodes.
    """
    poll = held(poll, Poll.State.OPEN)
    groups = _groups(poll, units).filter(codes=0, asked__gt=0)
    wanted = [(group, group.asked) for group in groups.select_for_update(of=("self",))]
    slips = _make(wanted)
    for group, number in wanted:
        PollGroup.objects.filter(pk=group.pk).update(codes=number)
    if slips:
        audit.record(ISSUED, by=by, obj=poll, organization=poll.organization, data={"count": len(slips)})
    return slips


@sensitive_variables()
@transaction.atomic
def reissue(*, by: User, poll: Poll, units: Sequence[PollUnit] | None = None) -> list[Slip]:
    """New codes for all that are unused, in total; the old ones are void. Raises PollMoved, TooManyCodes."""
    poll = held(poll, Poll.State.OPEN)
    groups = list(_groups(poll, units).filter(codes__gt=0).select_for_update(of=("self",)))
    wanted = []
    for group in groups:
        # What is deleted is counted by the deleting: a ballot cast meanwhile keeps its own ticket burnt.
        left, _by_model = Ticket.objects.filter(unit=group.unit_id, group=group.group).delete()
        if left:
            wanted.append((group, left))
    slips = _make(wanted)
    # How many is not recorded: it would tell the exact turnout of that moment (promise 5).
    audit.record(REISSUED, by=by, obj=poll, organization=poll.organization)
    return slips


def _groups(poll: Poll, units: Sequence[PollUnit] | None) -> Any:
    rows = PollGroup.objects.filter(unit__poll=poll).select_related("unit__organization")
    return rows if units is None else rows.filter(unit__in=units)


@sensitive_variables()
def _make(wanted: list[tuple[PollGroup, int]]) -> list[Slip]:
    total = sum(number for _group, number in wanted)
    if total > MOST_CODES_AT_ONCE:
        raise TooManyCodes
    made = iter(codes.make(total))
    slips = [Slip(next(made), group.unit, group.group) for group, number in wanted for _ in range(number)]
    # In the order of their hashes, so that where a row lies tells nothing of the sheet (promise 1).
    rows = [
        Ticket(digest=slip.code.digest, short=slip.code.short_digest, unit=slip.unit, group=slip.group)
        for slip in slips
    ]
    Ticket.objects.bulk_create(sorted(rows, key=lambda row: row.digest), batch_size=1000)
    secrets.SystemRandom().shuffle(slips)
    return slips


@transaction.atomic
def extend(*, by: User, poll: Poll, closes_at: dt.datetime, reason: str) -> None:
    """Give more time to a survey that is open. Raises PollMoved, WrongDeadline."""
    found = held(poll, Poll.State.OPEN)
    if found.closes_at is None or closes_at <= max(found.closes_at, clock.now()):
        raise WrongDeadline
    before = found.closes_at
    found.closes_at = closes_at
    found.save(update_fields=["closes_at"])
    data = {"from": before.isoformat(), "to": closes_at.isoformat(), "reason": reason}
    audit.record(EXTENDED, by=by, obj=found, organization=found.organization, data=data)


@sensitive_variables()
@transaction.atomic
def start_count(*, by: User, poll: Poll, passphrases: Sequence[str], reason: str = "") -> Job:
    """Close a survey and hand its ballots to the counting job; from here on no ballot is taken, ever.

    The key goes to the worker in two halves: one in the row until it is counted, one in the cache for a quarter of
    an hour. Neither is enough; the job's arguments hold only the name under which the cache has its half. A count
    that broke off is begun again in the same way, with the passphrases.
    Raises PollMoved, NoReason, PaperWaiting, sealing.WrongPassphrase.
    """
    found = Poll.objects.select_for_update().filter(pk=poll.pk).first()
    if found is None or not (
        found.state == Poll.State.OPEN or (found.state == Poll.State.CLOSING and found.handover is None)
    ):
        raise PollMoved
    if found.state == Poll.State.OPEN and not found.is_over and not reason.strip():
        raise NoReason
    waiting = found.units.filter(survey__state=Survey.State.ENTERED).values_list("name", flat=True)
    if waiting:
        raise PaperWaiting(list(waiting))
    private = sealing.private_key(found.key_parts, list(passphrases))
    half = secrets.token_bytes(sealing.KEY_BYTES)
    name = secrets.token_hex(16)
    cache.set(handover_key(name), sealing.xor(private, half), HANDOVER_SECONDS)
    found.state, found.handover, found.closed_by = Poll.State.CLOSING, half, by
    found.early_reason = found.early_reason or (reason.strip()[:300] if not found.is_over else "")
    found.job = enqueue("poll.count", by=by, args={"poll": found.pk, "handover": name})
    found.save(update_fields=["state", "handover", "closed_by", "early_reason", "job"])
    data = {"reason": found.early_reason} if found.early_reason else {}
    audit.record(CLOSING, by=by, obj=found, organization=found.organization, data=data)
    return found.job


def handover_key(name: str) -> str:
    """Under which the cache has its half of the key."""
    return f"poll-handover-{name}"


def turnout(poll: Poll) -> dict[int, tuple[int, int]]:
    """Ballots cast on phones and codes made, by unit id. Two queries. Show it in tens while the survey is open."""
    made: dict[int, int] = {}
    for unit, number in PollGroup.objects.filter(unit__poll=poll).values_list("unit_id", "codes"):
        made[unit] = made.get(unit, 0) + number
    left = dict(Ticket.objects.filter(unit__poll=poll).order_by().values_list("unit_id").annotate(left=Count("digest")))
    return {unit: (number - left.get(unit, 0), number) for unit, number in made.items()}
