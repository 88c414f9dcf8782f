"""The office's document register: numbering, passing on, dealing with, archiving (K-13, D-04, D-05)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.messages import Message
from accounts.models import User
from campaign import uploads
from campaign.models import Campaign
from reports.file_text import text_of
from reports.models import RegisterCounter, RegisterEntry, RegisterPass

ENTERED = audit.action("register.entered", _("Registered a document"))
CHANGED = audit.action("register.changed", _("Changed a registered document"))
PASSED = audit.action("register.passed", _("Passed a document on"))
READ = audit.action("register.read", _("Confirmed having read a document"))
DONE = audit.action("register.done", _("Dealt with a document"))
ARCHIVED = audit.action("register.archived", _("Archived a document"))
VOIDED = audit.action("register.voided", _("Declared a registered document void"))

State = RegisterEntry.State


class RegisterRefused(Exception):
    """The document cannot be changed like this; says why."""

    def __init__(self, reason: Message) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return str(self.reason)


class EntryChanged(Exception):
    """Somebody else has changed this entry, or moved it on, meanwhile."""


@dataclass(frozen=True, kw_only=True)
class EntryData:
    """What the form holds; the number comes from the system."""

    title: str
    document_number: str = ""
    sender: str = ""
    recipient: str = ""
    dated: dt.date | None = None
    secrecy: str = ""
    copies: int = 1
    handler: User | None = None
    due_on: dt.date | None = None
    remarks: str = ""


def _fields(data: EntryData) -> dict[str, Any]:
    return {name: getattr(data, name) for name in EntryData.__dataclass_fields__}


def _next_number(campaign: Campaign, kind: str, year: int) -> int:
    """The next number of a kind and year. Holds the counter's row until the entry is saved, so none is left out."""
    key = {"campaign": campaign, "kind": kind, "year": year}
    RegisterCounter.objects.get_or_create(**key)
    RegisterCounter.objects.filter(**key).update(last=F("last") + 1)
    return RegisterCounter.objects.get(**key).last


def _url(entry: RegisterEntry) -> str:
    return reverse("reports:register_entry", args=[entry.pk])


@transaction.atomic
def enter(*, by: User, campaign: Campaign, kind: str, data: EntryData, files: Iterable[File] = ()) -> RegisterEntry:
    """Register a document under the next number of its kind in this year; who deals with it is told.

    Raises RegisterRefused where files are to be kept with a classified document.
    """
    today = clock.today()
    kept = list(files)
    _refuse_classified_files(data.secrecy, bool(kept))
    entry = RegisterEntry.objects.create(
        campaign=campaign,
        kind=kind,
        year=today.year,
        number=_next_number(campaign, kind, today.year),
        registered_on=today,
        registered_by=by,
        **_fields(data),
    )
    _keep(entry, by, kept)
    audit.record(ENTERED, by=by, obj=entry, organization=campaign.host, data={"number": entry.number, "kind": kind})
    _tell_handler(entry, by)
    return entry


def _refuse_classified_files(secrecy: str, has_files: bool) -> None:
    if has_files and secrecy in RegisterEntry.CLASSIFIED:
        text = gettext_noop("No file of a classified document may be kept here. Register it without its text.")
        raise RegisterRefused(Message(text))


def _keep(entry: RegisterEntry, by: User, files: Iterable[File]) -> None:
    for file in files:
        text = text_of(file)
        uploads.keep(entry.files, [file], by=by, text=text or "", searched=text is not None)


def _tell_handler(entry: RegisterEntry, by: User) -> None:
    if entry.handler is None or entry.handler == by:
        return
    text = gettext_noop("A document is for you to deal with: “%(title)s”.")
    notify.send([entry.handler], text, url=_url(entry), params={"title": entry.title})


@transaction.atomic
def change(*, by: User, entry: RegisterEntry, version: int, data: EntryData, files: Iterable[File] = ()) -> None:
    """Mend an entry that is still open; the number stays. Raises EntryChanged, RegisterRefused."""
    kept = list(files)
    _refuse_classified_files(data.secrecy, bool(kept) or entry.files.exists())
    before = entry.handler_id
    rows = RegisterEntry.objects.filter(pk=entry.pk, version=version, state__in=RegisterEntry.OPEN)
    if not rows.update(version=F("version") + 1, **_fields(data)):
        raise EntryChanged
    entry.refresh_from_db()
    _keep(entry, by, kept)
    audit.record(CHANGED, by=by, obj=entry, organization=entry.campaign.host, data={"version": version + 1})
    if entry.handler_id != before:
        _tell_handler(entry, by)


def _move(entry: RegisterEntry, expected: Iterable[str], **new: Any) -> None:
    """Change the state if it is still what the person saw. Raises EntryChanged."""
    rows = RegisterEntry.objects.filter(pk=entry.pk, state__in=list(expected))
    if not rows.update(version=F("version") + 1, **new):
        raise EntryChanged
    entry.refresh_from_db()


@transaction.atomic
def pass_on(*, by: User, entry: RegisterEntry, readers: Iterable[User], note: str = "") -> int:
    """Pass a document to people, who are told; returns to how many new ones. Raises EntryChanged, RegisterRefused."""
    _move(entry, RegisterEntry.OPEN, state=State.CIRCULATING)
    had = set(entry.passes.values_list("reader_id", flat=True))
    fresh = list({person.pk: person for person in readers if person.pk not in had}.values())
    if not fresh:
        raise RegisterRefused(Message(gettext_noop("All of them have been passed the document already.")))
    RegisterPass.objects.bulk_create(
        RegisterPass(entry=entry, reader=person, note=note, passed_by=by, passed_at=clock.now()) for person in fresh
    )
    audit.record(PASSED, by=by, obj=entry, organization=entry.campaign.host, data={"readers": len(fresh)})
    text = gettext_noop("A document has been passed to you: “%(title)s”. Confirm when you have read it.")
    notify.send([one for one in fresh if one != by], text, url=_url(entry), params={"title": entry.title})
    return len(fresh)


@transaction.atomic
def confirm(*, by: User, entry: RegisterEntry, remark: str = "") -> None:
    """Confirm having read it; whoever passed it on is told once all have. Raises EntryChanged."""
    rows = RegisterPass.objects.filter(entry=entry, reader=by, confirmed_at=None)
    if not rows.update(confirmed_at=clock.now(), remark=remark):
        raise EntryChanged
    audit.record(READ, by=by, obj=entry, organization=entry.campaign.host)
    passes = list(entry.passes.select_related("passed_by"))
    if any(one.confirmed_at is None for one in passes):
        return
    told = {one.passed_by.pk: one.passed_by for one in passes if one.passed_by is not None and one.passed_by != by}
    text = gettext_noop("All to whom “%(title)s” was passed have read it.")
    notify.send(told.values(), text, url=_url(entry), params={"title": entry.title})


@transaction.atomic
def finish(*, by: User, entry: RegisterEntry, result: str) -> None:
    """Say what was done; whoever registered it is told. Raises EntryChanged."""
    _move(entry, RegisterEntry.OPEN, state=State.DONE, result=result)
    audit.record(DONE, by=by, obj=entry, organization=entry.campaign.host)
    if entry.registered_by is not None and entry.registered_by != by:
        text = gettext_noop("The document “%(title)s” has been dealt with.")
        notify.send([entry.registered_by], text, url=_url(entry), params={"title": entry.title})


@transaction.atomic
def archive(*, by: User, entry: RegisterEntry, box: str = "", volume: str = "") -> None:
    """File it: box or volume is needed. Raises EntryChanged, RegisterRefused."""
    if not (box or volume):
        raise RegisterRefused(Message(gettext_noop("Name the box or the volume.")))
    _move(entry, [*RegisterEntry.OPEN, State.DONE], state=State.ARCHIVED, box=box, volume=volume)
    audit.record(ARCHIVED, by=by, obj=entry, organization=entry.campaign.host, data={"box": box, "volume": volume})


@transaction.atomic
def declare_void(*, by: User, entry: RegisterEntry, reason: str) -> None:
    """Entered by mistake: the number stays, with the reason. Raises EntryChanged."""
    _move(entry, RegisterEntry.OPEN, state=State.VOID, result=reason)
    audit.record(VOIDED, by=by, obj=entry, organization=entry.campaign.host, data={"reason": reason})
