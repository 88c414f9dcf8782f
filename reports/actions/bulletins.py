"""Drafting, editing and issuing the office's bulletin (K-07).

Every write holds on to the version that its author saw: pass the bulletin as it was read. An issue is never changed.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from accounts.templatetags import shell
from campaign.models import Batch, Campaign
from jobs.actions import enqueue
from jobs.models import Job
from reports import weeks
from reports.distribution import WAYS, copies
from reports.documents.text import by_headings
from reports.models import Bulletin, BulletinItem
from reports.queries import bulletin as queries
from reports.queries.bulletin_numbers import next_numbers
from reports.words import both
from units import access
from units.roles import Right

DRAFTED = audit.action("bulletin.drafted", _("Drafted a bulletin"))
EDITED = audit.action("bulletin.edited", _("Edited a bulletin"))
ISSUED = audit.action("bulletin.issued", _("Issued a bulletin"))

FILES_JOB = "reports.bulletin_files"
EDITABLE = frozenset({"editor_note", "report_to", "copy_to", "distribute_to", "copies"})


class NoBulletinRule(Exception):
    """The playbook asks for no bulletin."""


class WeekOutside(Exception):
    """The week lies before the batch began, or is yet to come."""


class BulletinChanged(Exception):
    """Somebody else has edited the draft meanwhile."""


class AlreadyIssued(Exception):
    """The bulletin has been issued, and an issue is never changed. Carries the bulletin as it is."""

    def __init__(self, bulletin: Bulletin) -> None:
        super().__init__(bulletin.pk)
        self.bulletin = bulletin


class NothingChosen(Exception):
    """A bulletin needs one item at least."""


class NothingToSplit(Exception):
    """The item's text has fewer than two headings (一、) to be split by."""


class ItemEmpty(Exception):
    """A chosen item has no title or no text; carries the item's id."""

    def __init__(self, item: int) -> None:
        super().__init__(item)
        self.item = item


@dataclass(frozen=True)
class ItemText:
    """An item as it was typed."""

    title: str
    text: str


# ---------------------------------------------------------------- drafting
@transaction.atomic
def draft_bulletin(*, by: User | None, batch: Batch, week: dt.date) -> Bulletin:
    """The draft of a week, made if there is none (`by` None: the schedule). A second call gives the same, unchanged.

    `week` is any day of the week. Raises NoBulletinRule or WeekOutside.
    """
    if batch.campaign.playbook.bulletin is None:
        raise NoBulletinRule
    monday = weeks.monday(week)
    if not weeks.monday(batch.starts_on) <= monday <= weeks.monday(clock.today()):
        raise WeekOutside
    weekly = {"batch": batch, "week": monday, "kind": Bulletin.Kind.REGULAR, "corrects": None}
    there = Bulletin.objects.filter(**weekly).first()
    if there is not None:
        return there
    bulletin, created = Bulletin.objects.get_or_create(**weekly, defaults=beginning(batch, monday))
    if created:
        taken = take_candidates(bulletin, queries.candidates(batch, monday))
        _record(DRAFTED, by, bulletin, items=taken)
        if by is None:
            _tell_editors(bulletin, taken)
    return bulletin


def draft_due() -> int:
    """Draft every bulletin whose hour has come, of each open batch; returns how many. Repeated, it makes none."""
    made = 0
    open_batches = Batch.objects.filter(closed_on=None, starts_on__lte=clock.today())
    for batch in open_batches.select_related("campaign__host"):
        for week in queries.weeks_due(batch, clock.now()):
            draft_bulletin(by=None, batch=batch, week=week)
            made += 1
    return made


def beginning(batch: Batch, week: dt.date) -> dict[str, Any]:
    """A new draft: addressees and copies as in the last issue, else as the playbook has them."""
    campaign, rule = batch.campaign, batch.campaign.playbook.bulletin
    fields: dict[str, Any] = {"campaign": campaign, "figures": queries.drafted_figures(batch, week)}
    issued = Bulletin.objects.filter(campaign=campaign, state=Bulletin.State.ISSUED)
    last = issued.order_by("-issued_on", "-updated_at").first()
    if last is not None:
        kept = ("report_to", "copy_to", "distribute_to", "copies")
        return fields | {name: getattr(last, name) for name in kept}
    if rule is not None:
        addressees = {"report_to": rule.report_to, "copy_to": rule.send_to, "distribute_to": rule.distribute_to}
        fields |= {name: text.zh if text else "" for name, text in addressees.items()}
    return fields


def take_candidates(bulletin: Bulletin, found: Iterable[queries.Candidate]) -> int:
    """Add the candidates that are not there yet; returns how many."""
    there = set(bulletin.items.exclude(report=None).values_list("report_id", "source_field"))
    rows = [
        BulletinItem(
            bulletin=bulletin,
            report=one.report,
            source_field=one.field,
            title=one.title,
            text=one.text,
            source_name=one.source,
        )
        for one in found
        if one.key not in there
    ]
    BulletinItem.objects.bulk_create(rows)
    return len(rows)


def _tell_editors(bulletin: Bulletin, items: int) -> None:
    notify.send(
        access.holders(Right.EDIT_BULLETIN, bulletin.campaign.host),
        gettext_noop("The bulletin of the week from %(week)s is drafted: %(items)s items to choose from."),
        params={"week": both(lambda: shell.day(bulletin.week)), "items": items},
        url=reverse("reports:bulletin_edit", args=[bulletin.pk]),
    )


# ---------------------------------------------------------------- editing
def _claim(bulletin: Bulletin, **changes: Any) -> None:
    """Take the draft if it is still as the person saw it. Raises AlreadyIssued or BulletinChanged."""
    rows = Bulletin.objects.filter(pk=bulletin.pk, version=bulletin.version, state=Bulletin.State.DRAFT)
    changes |= {"version": bulletin.version + 1, "updated_at": clock.now()}
    if not rows.update(**changes):
        now = Bulletin.objects.select_related("issued_by", "campaign").get(pk=bulletin.pk)
        raise AlreadyIssued(now) if now.state == Bulletin.State.ISSUED else BulletinChanged
    for name, value in changes.items():
        setattr(bulletin, name, value)
    getattr(bulletin, "_prefetched_objects_cache", {}).pop("items", None)


@transaction.atomic
def edit(
    *,
    by: User,
    bulletin: Bulletin,
    fields: Mapping[str, Any] | None = None,
    items: Mapping[int, ItemText] | None = None,
    with_figures: bool | None = None,
    sentences: Sequence[str] | None = None,
) -> Bulletin:
    """Keep what was typed; whatever is left out stays. `fields`: any of EDITABLE.

    Where the addressees carry numbers of copies, `copies` is their sum and not what was typed.

    The table of figures is counted and cannot be typed (decision 19). Raises AlreadyIssued or BulletinChanged.
    """
    changes = dict(fields or {})
    if set(changes) - EDITABLE:
        raise ValueError(sorted(set(changes) - EDITABLE))
    if with_figures is not None or sentences is not None:
        changes["figures"] = _figures(bulletin, with_figures, sentences)
    if changes.keys() & set(WAYS):
        ways = (changes.get(way, getattr(bulletin, way)) for way in WAYS)
        changes["copies"] = copies(*ways) or changes.get("copies", bulletin.copies)
    _claim(bulletin, **changes)
    for item in bulletin.items.filter(pk__in=items or {}):
        typed = (items or {})[item.pk]
        item.title, item.text = typed.title.strip(), typed.text.strip()
        item.save(update_fields=["title", "text"])
    _record(EDITED, by, bulletin, what="text")
    return bulletin


def _figures(bulletin: Bulletin, on: bool | None, sentences: Sequence[str] | None) -> dict[str, Any]:
    figures = dict(bulletin.figures)
    if on is not None:
        figures["on"] = on
    if sentences is not None:
        figures["sentences"] = [line.strip() for line in sentences if line.strip()]
    return figures


@transaction.atomic
def choose_items(*, by: User, bulletin: Bulletin, items: Collection[int]) -> Bulletin:
    """Put items in, behind those that are in already, in the order given. Raises AlreadyIssued or BulletinChanged."""
    _claim(bulletin)
    end = bulletin.items.filter(chosen=True).count()
    _number(bulletin)
    for position, pk in enumerate(items, end + 1):
        bulletin.items.filter(pk=pk, chosen=False).update(chosen=True, position=position)
    _number(bulletin)
    _record(EDITED, by, bulletin, what="chosen", items=list(items))
    return bulletin


@transaction.atomic
def leave_out(*, by: User, bulletin: Bulletin, items: Collection[int]) -> Bulletin:
    """Take items out; what was typed in them is kept. Raises AlreadyIssued or BulletinChanged."""
    _claim(bulletin)
    bulletin.items.filter(pk__in=items).update(chosen=False, position=0)
    _number(bulletin)
    _record(EDITED, by, bulletin, what="left out", items=list(items))
    return bulletin


@transaction.atomic
def move(*, by: User, bulletin: Bulletin, item: int, steps: int) -> Bulletin:
    """Move a chosen item up (steps below 0) or down, not beyond the ends. Raises AlreadyIssued or BulletinChanged."""
    order = [row.pk for row in queries.chosen(bulletin)]
    if item in order:
        at = order.index(item)
        order.insert(max(0, min(len(order) - 1, at + steps)), order.pop(at))
    return set_order(by=by, bulletin=bulletin, order=order)


@transaction.atomic
def set_order(*, by: User, bulletin: Bulletin, order: Sequence[int]) -> Bulletin:
    """Number the chosen items, all of them, in this order. Raises AlreadyIssued or BulletinChanged."""
    _claim(bulletin)
    _number(bulletin, order)
    _record(EDITED, by, bulletin, what="order", items=list(order))
    return bulletin


@transaction.atomic
def split(*, by: User, bulletin: Bulletin, item: int) -> int:
    """Make an item of each part of a chosen one that begins with a heading (一、); returns how many there are then.

    What stands before the first heading remains under the old title. Raises NothingToSplit, AlreadyIssued or
    BulletinChanged.
    """
    _claim(bulletin)
    found = bulletin.items.get(pk=item, chosen=True)
    parts = by_headings(found.text)
    if len(parts) < 2:
        raise NothingToSplit
    order = [row.pk for row in queries.chosen(bulletin)]
    kept = {"report": found.report, "source_field": found.source_field, "source_name": found.source_name}
    at = order.index(found.pk) + 1
    for place, (title, text) in enumerate(parts[1:], at):
        new = BulletinItem.objects.create(bulletin=bulletin, chosen=True, title=title[:120], text=text, **kept)
        order.insert(place, new.pk)
    title, found.text = parts[0]
    found.title = title[:120] or found.title
    found.save(update_fields=["title", "text"])
    _number(bulletin, order)
    _record(EDITED, by, bulletin, what="split", items=[item])
    return len(parts)


def _number(bulletin: Bulletin, order: Sequence[int] | None = None) -> None:
    """Count the chosen items from 1, in `order` or as they stand."""
    pks = order or list(bulletin.items.filter(chosen=True).order_by("position", "pk").values_list("pk", flat=True))
    for position, pk in enumerate(pks, 1):
        bulletin.items.filter(pk=pk).update(position=position)


@transaction.atomic
def add_item(*, by: User, bulletin: Bulletin, title: str, text: str, source: str = "") -> BulletinItem:
    """Add an item of the office's own, chosen, behind the others. Raises AlreadyIssued or BulletinChanged."""
    _claim(bulletin)
    item = BulletinItem.objects.create(
        bulletin=bulletin,
        title=title.strip(),
        text=text.strip(),
        source_name=source.strip(),
        chosen=True,
        position=bulletin.items.filter(chosen=True).count() + 1,
    )
    _record(EDITED, by, bulletin, what="added", items=[item.pk])
    return item


@transaction.atomic
def take_in(*, by: User, bulletin: Bulletin) -> int:
    """Add what has been accepted since, and count the figures anew; their sentences are drafted again.

    What is chosen and typed in items stays. Returns how many items came. Raises AlreadyIssued or BulletinChanged.
    """
    figures = queries.drafted_figures(bulletin.batch, bulletin.week)
    _claim(bulletin, figures=figures | {"on": bulletin.figures.get("on", True)})
    came = take_candidates(bulletin, queries.candidates(bulletin.batch, bulletin.week))
    _record(EDITED, by, bulletin, what="taken in", came=came)
    return came


# ---------------------------------------------------------------- issuing
@transaction.atomic
def issue(*, by: User, bulletin: Bulletin) -> Bulletin:
    """Issue a draft under the next number of its series, and have its files made from the content frozen here.

    Raises NothingChosen, ItemEmpty, AlreadyIssued (of two who issue at once, the second) or BulletinChanged.
    """
    # Whoever issues in this campaign waits here, so that no number is given twice or skipped.
    campaign = Campaign.objects.select_for_update().get(pk=bulletin.campaign_id)
    getattr(bulletin, "_prefetched_objects_cache", {}).pop("items", None)
    items, today = queries.chosen(bulletin), clock.today()
    numbers = next_numbers(campaign, bulletin.kind, today)
    if not items:
        raise NothingChosen
    for item in items:
        if not (item.title and item.text):
            raise ItemEmpty(item.pk)
    content = queries.to_json(queries.draft_content(bulletin, numbers=numbers, on=today))
    _claim(
        bulletin,
        state=Bulletin.State.ISSUED,
        number=numbers.number,
        year=numbers.year,
        total=numbers.total,
        issued_on=today,
        issued_by=by,
        content=content,
    )
    _record(ISSUED, by, bulletin, number=numbers.number, items=[item.pk for item in items])
    _thank(bulletin, items, but=by)
    make_files(by=by, bulletin=bulletin)
    return bulletin


def _thank(bulletin: Bulletin, items: Sequence[BulletinItem], but: User) -> None:
    notify.send(
        [user for user in queries.authors(items) if user != but],
        gettext_noop("Your report is printed in %(bulletin)s: %(issue)s."),
        params={"issue": both(lambda: bulletin.issue_name), "bulletin": bulletin.content["masthead"]},
        url=reverse("reports:bulletin", args=[bulletin.pk]),
    )


def make_files(*, by: User | None, bulletin: Bulletin) -> Job:
    """Have the .docx and the .pdf of an issue made, in the background."""
    return enqueue(FILES_JOB, by=by, args={"bulletin": bulletin.pk})


def keep_files(*, bulletin: Bulletin, docx: bytes, pdf: bytes) -> None:
    """Store the files of an issue, once: what is there already stays."""
    content = queries.content_of(bulletin)
    name = f"{content.issued_on:%Y%m%d}-{bulletin.campaign_id}-{content.issue_number}"
    if not bulletin.docx:
        bulletin.docx.save(f"{name}.docx", ContentFile(docx), save=False)
    if not bulletin.pdf:
        bulletin.pdf.save(f"{name}.pdf", ContentFile(pdf), save=False)
    Bulletin.objects.filter(pk=bulletin.pk, state=Bulletin.State.ISSUED).update(
        docx=bulletin.docx.name, pdf=bulletin.pdf.name
    )


def _record(action: str, by: User | None, bulletin: Bulletin, **data: Any) -> None:
    known = {"week": bulletin.week.isoformat(), "version": bulletin.version, **data}
    audit.record(action, by=by, obj=bulletin, organization=bulletin.campaign.host, data=known)
