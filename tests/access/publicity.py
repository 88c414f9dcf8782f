"""What publicity records and the office's document register are to each person."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.core.files.base import ContentFile

from accounts import clock
from reports.actions import publicity, register
from reports.models import PublicityRecord
from tests.access.entries import Matrix
from tests.access.people import CHASERS, EVERYONE, OUTSIDER, READERS, RECORDERS


def declare(matrix: Matrix) -> None:
    """The lines of the matrix."""
    page = matrix.page
    page("reports:publicity()", ok=READERS, hidden=OUTSIDER)
    page("reports:publicity_list(pk)", ok=READERS, of=lambda p: p.branch)
    page("reports:publicity_new(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.branch)
    page("reports:publicity_record(pk)", ok=READERS, of=lambda p: p.publicity)
    page("reports:publicity_edit(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.publicity)
    page("reports:publicity_remove(pk)", ok=RECORDERS, refused=READERS, of=lambda p: p.publicity)
    page("reports:publicity_file(pk)", ok=READERS, of=lambda p: p.clipping)
    page("reports:register()", ok=EVERYONE)  # to others than the office only what was passed to them
    page("reports:register_new()", ok=CHASERS, hidden=OUTSIDER)
    page("reports:register_entry(pk)", ok=CHASERS, of=lambda p: p.registered, wide=True)
    page("reports:register_edit(pk)", ok=CHASERS, of=lambda p: p.registered, wide=True)
    page("reports:register_file(pk)", ok=CHASERS, of=lambda p: p.registered_file, wide=True)


def furnish_publicity(w: Any, p: SimpleNamespace) -> None:
    """A banner of the branch with its photograph; a document in the register. By nobody of those who ask."""
    data = publicity.PublicityData(title=f"{p.branch.name}布标", held_on=clock.today())
    p.publicity = publicity.record_publicity(
        by=w.hand,
        organization=p.branch,
        batch=w.batch,
        stage=w.playbook.stages[0].key,
        kind="banner",
        data=data,
        files=[ContentFile(b"photograph", "banner.txt")],
    )
    # After the application: what it rests on is held.
    after = clock.now() + dt.timedelta(minutes=1)
    PublicityRecord.objects.filter(pk=p.publicity.pk).update(recorded_at=after)
    p.clipping = p.publicity.files.get()
    entry = register.EntryData(title=f"{p.branch.name}来文")
    p.registered = register.enter(
        by=w.hand,
        campaign=w.batch.campaign,
        kind="incoming",
        data=entry,
        files=[ContentFile(b"text", "letter.txt")],
    )
    p.registered_file = p.registered.files.get()
