"""Opinions: gathering, sorting, merging, passing on, answering (N-01..N-10, F-02). History never says who spoke."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.models import Batch, Opinion, OpinionBox
from campaign.models.opinions import TargetKind
from units import access
from units.models import Member, Organization
from units.roles import Right

GATHERED = audit.action("opinion.gathered", _("Entered opinions"))
SORTED = audit.action("opinion.sorted", _("Sorted opinions"))
MERGED = audit.action("opinion.merged", _("Merged opinions"))
UNMERGED = audit.action("opinion.unmerged", _("Took a merge of opinions back"))
PASSED = audit.action("opinion.passed", _("Passed opinions on"))
ANSWERED = audit.action("opinion.answered", _("Answered an opinion"))
ASIDE = audit.action("opinion.aside", _("Set opinions aside"))
TAKEN_UP = audit.action("opinion.taken_up", _("Took an opinion up again"))
READ = audit.action("opinion.read", _("Read an opinion on a member"))
BOX_OPENED = audit.action("opinion.box_opened", _("Opened an opinion box"))
BOX_CLOSED = audit.action("opinion.box_closed", _("Closed an opinion box"))

State = Opinion.State


class OpinionMoved(Exception):
    """Somebody else has dealt with one of these meanwhile, or it is not at the point where this can be done."""


class NotAlike(Exception):
    """Only opinions about the same organisation, team or member can become one."""


class BoxClosed(Exception):
    """The box takes nothing any more."""


@dataclass(frozen=True, kw_only=True)
class About:
    """Whom opinions are about; `member` only for the kind that says so."""

    concerned: Organization
    target: str = TargetKind.ORGANIZATION
    member: Member | None = None


@dataclass(frozen=True, kw_only=True)
class Said:
    """One opinion as it was entered: the text and how many said it."""

    text: str
    voices: int = 1
    category: str = ""


@transaction.atomic
def gather(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    about: About,
    channel: str,
    source: str,
    received_on: dt.date,
    said: Collection[Said],
    source_kind: str = "",
) -> list[Opinion]:
    """Enter opinions that an organisation has gathered; those with a category count as sorted (N-01, N-07)."""
    made = Opinion.objects.bulk_create(
        Opinion(
            batch=batch,
            organization=organization,
            concerned=about.concerned,
            target=about.target,
            member=about.member,
            channel=channel,
            source=source,
            source_kind=source_kind,
            received_on=received_on,
            text=one.text,
            voices=one.voices,
            category=one.category,
            state=State.SORTED if one.category else State.NEW,
        )
        for one in said
    )
    audit.record(GATHERED, by=by, organization=organization, data={"opinions": len(made), "channel": channel})
    return made


@transaction.atomic
def gather_lines(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    about: About,
    lines: Mapping[tuple[str, str, dt.date], Collection[Said]],
) -> None:
    """Enter a workbook's opinions by (channel, source, day): all of them or none."""
    for (channel, source, received_on), said in lines.items():
        gather(
            by=by,
            batch=batch,
            organization=organization,
            about=about,
            channel=channel,
            source=source,
            received_on=received_on,
            said=said,
        )


def receive(*, box: OpinionBox, text: str, source: str) -> None:
    """Take what somebody leaves at a public box. Raises BoxClosed. No history, no hour: both could tell who it was."""
    if not box.is_open:
        raise BoxClosed
    Opinion.objects.create(
        batch_id=box.batch_id,
        organization_id=box.organization_id,
        concerned_id=box.concerned_id,
        target=box.target,
        channel=Opinion.Channel.BOX,
        source=source,
        text=text,
        received_on=clock.today(),
        box=box,
    )


def _move(opinions: Collection[Opinion], states: Collection[str], **changes: object) -> None:
    """All of them or none: each must still be in one of `states`. Raises OpinionMoved."""
    keys = [opinion.pk for opinion in opinions]
    if Opinion.objects.filter(pk__in=keys, state__in=states).update(**changes) != len(keys):
        raise OpinionMoved


def _organizations(opinions: Iterable[Opinion]) -> dict[int, tuple[Organization, int]]:
    """How many there are of each gatherer: history has one line for each."""
    found: dict[int, tuple[Organization, int]] = {}
    for opinion in opinions:
        count = found.get(opinion.organization_id, (None, 0))[1]
        found[opinion.organization_id] = (opinion.organization, count + 1)
    return found


def _record(code: str, by: User, opinions: Collection[Opinion], **data: object) -> None:
    for organization, count in _organizations(opinions).values():
        audit.record(code, by=by, organization=organization, data={"opinions": count, **data})


@transaction.atomic
def sort(*, by: User, opinions: Collection[Opinion], category: str, problem: str = "") -> None:
    """Give opinions their category, and the kind of problem where one is chosen (N-06, N-10). Raises OpinionMoved."""
    changes = {"category": category} | ({"problem": problem} if problem else {})
    fresh = [opinion for opinion in opinions if opinion.state == State.NEW]
    others = [opinion for opinion in opinions if opinion.state != State.NEW]
    _move(fresh, [State.NEW], state=State.SORTED, **changes)
    _move(others, [State.SORTED, State.PASSED, State.ANSWERED], **changes)
    _record(SORTED, by, opinions, category=category)


@transaction.atomic
def merge(*, by: User, keep: Opinion, others: Collection[Opinion]) -> None:
    """Say once what was said several times; the voices add up. Raises NotAlike, OpinionMoved."""
    alike = ("batch_id", "concerned_id", "target", "member_id")
    if any(getattr(one, name) != getattr(keep, name) for one in others for name in alike):
        raise NotAlike
    voices = sum(one.voices for one in others)
    _move([keep], [State.NEW, State.SORTED, State.PASSED], voices=F("voices") + voices)
    for state in (State.NEW, State.SORTED):
        same = [one for one in others if one.state == state]
        _move(same, [state], state=State.MERGED, before_merge=state, merged_into=keep)
    if any(one.state not in {State.NEW, State.SORTED} for one in others):
        raise OpinionMoved
    audit.record(MERGED, by=by, obj=keep, organization=keep.organization, data={"merged": [one.pk for one in others]})


@transaction.atomic
def unmerge(*, by: User, opinion: Opinion) -> None:
    """Take a merge back: both stand as before. Raises OpinionMoved, also where the other has been merged itself."""
    whole, state = opinion.merged_into, opinion.before_merge
    if whole is None:
        raise OpinionMoved
    _move([opinion], [State.MERGED], state=state, before_merge="", merged_into=None)
    _move([whole], [s for s in State if s not in {State.MERGED, State.ASIDE}], voices=F("voices") - opinion.voices)
    audit.record(UNMERGED, by=by, obj=opinion, organization=opinion.organization, data={"from": whole.pk})


@transaction.atomic
def pass_on(*, by: User, opinions: Collection[Opinion], to: Organization | None = None) -> None:
    """Hand sorted opinions to whom they concern, who is told (N-04, N-06). `to`: where it is not yet right.

    Raises OpinionMoved; and NotAlike where an opinion on a member would go to an organisation not his own.
    """
    if to is not None and any(one.about_member and not _belongs(one, to) for one in opinions):
        raise NotAlike
    changes = {"concerned": to} if to is not None else {}
    _move(opinions, [State.SORTED], state=State.PASSED, passed_on=clock.today(), **changes)
    _record(PASSED, by, opinions, to=to.name if to else "")
    concerned = {one.concerned_id: one.concerned for one in opinions} if to is None else {to.pk: to}
    for organization in concerned.values():
        ours = [one for one in opinions if to is not None or one.concerned_id == organization.pk]
        _tell(organization, ours)


def _belongs(opinion: Opinion, organization: Organization) -> bool:
    member = opinion.member
    return member is not None and member.organization.path.startswith(organization.path)


def _tell(organization: Organization, opinions: Collection[Opinion]) -> None:
    right = Right.PAPERS if all(one.about_member for one in opinions) else Right.RECORD
    people = access.holders(right, organization).filter(posts__organization=organization)
    notify.send(
        people,
        gettext_noop("%(count)s opinions have been passed on to %(organization)s. Answer them."),
        url=reverse("campaign:opinions", args=[organization.pk]) + "?state=passed",
        params={"count": len(opinions), "organization": organization.name},
    )


@transaction.atomic
def answer(*, by: User, opinion: Opinion, text: str, public: bool) -> None:
    """Say what is done about it; a second answer takes the place of the first. Raises OpinionMoved."""
    states = {opinion.state} & {State.SORTED, State.PASSED, State.ANSWERED}
    changes = {"answer": text, "answered_on": clock.today(), "answer_public": public and not opinion.about_member}
    _move([opinion], states, state=State.ANSWERED, **changes)
    data = {"public": changes["answer_public"]}
    audit.record(ANSWERED, by=by, obj=opinion, organization=opinion.concerned, data=data)


@transaction.atomic
def set_aside(*, by: User, opinions: Collection[Opinion], reason: str) -> None:
    """Leave opinions out, with the reason: empty, unreadable, not of this campaign. Raises OpinionMoved."""
    _move(opinions, [State.NEW, State.SORTED], state=State.ASIDE, reason=reason)
    _record(ASIDE, by, opinions, reason=reason)


@transaction.atomic
def take_up(*, by: User, opinion: Opinion) -> None:
    """Take an opinion up again that was set aside. Raises OpinionMoved."""
    state = State.SORTED if opinion.category else State.NEW
    _move([opinion], [State.ASIDE], state=state, reason="")
    audit.record(TAKEN_UP, by=by, obj=opinion, organization=opinion.organization)


@transaction.atomic
def read_paper(*, by: User, opinion: Opinion) -> None:
    """Note that an opinion on a member was read (decision 20)."""
    audit.record(READ, by=by, obj=opinion, organization=opinion.concerned)


@transaction.atomic
def open_box(
    *, by: User, batch: Batch, organization: Organization, about: About, title: str, until: dt.date
) -> OpinionBox:
    """Open a public box until the end of a day (N-01)."""
    box = OpinionBox.objects.create(
        batch=batch,
        organization=organization,
        concerned=about.concerned,
        target=about.target,
        title=title,
        until=until,
        opened_by=by,
    )
    audit.record(BOX_OPENED, by=by, obj=box, organization=organization, data={"until": until.isoformat()})
    return box


@transaction.atomic
def close_box(*, by: User, box: OpinionBox) -> None:
    """Close a box before its day. A second person finds it done."""
    if OpinionBox.objects.filter(pk=box.pk, closed_at=None).update(closed_at=clock.now()):
        audit.record(BOX_CLOSED, by=by, obj=box, organization=box.organization)
