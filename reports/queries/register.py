"""Looking things up in the document register: words in entries and files, what waits for whom (K-13)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Greatest, Lower, StrIndex, Substr

from accounts import clock
from reports.models import RegisterEntry, RegisterFile, RegisterPass

OPEN, OVERDUE, MINE = "open", "overdue", "mine"  # states that the filter knows besides those of an entry
BEFORE, SHOWN = 20, 80  # characters of an excerpt: before the word, and in all
FIELDS = ("title", "document_number", "sender", "recipient", "remarks", "result", "box", "volume")


def with_words(rows: QuerySet[RegisterEntry], words: Iterable[str]) -> QuerySet[RegisterEntry]:
    """Entries in which each word stands somewhere: in the entry itself, or in the name or text of one of its files."""
    for word in words:
        found = Q()
        for name in FIELDS:
            found |= Q(**{f"{name}__icontains": word})
        files = RegisterFile.objects.filter(Q(text__icontains=word) | Q(name__icontains=word), entry=OuterRef("pk"))
        rows = rows.filter(found | Exists(files))
    return rows


def in_state(rows: QuerySet[RegisterEntry], state: str, user: Any) -> QuerySet[RegisterEntry]:
    if state == OPEN:
        return rows.open()
    if state == OVERDUE:
        return rows.open().filter(due_on__lt=clock.today())
    if state == MINE:
        return rows.filter(Q(pk__in=to_read(user).values("entry")) | Q(pk__in=to_deal_with(user).values("pk")))
    return rows.filter(state=state) if state else rows


def to_read(user: Any) -> QuerySet[RegisterPass]:
    """What was passed to the user and he has not confirmed; of a void entry nothing is to be read."""
    return RegisterPass.objects.filter(reader=user.pk, confirmed_at=None).exclude(entry__state="void")


def to_deal_with(user: Any) -> QuerySet[RegisterEntry]:
    return RegisterEntry.objects.open().filter(handler=user.pk)


def listed(rows: QuerySet[RegisterEntry]) -> QuerySet[RegisterEntry]:
    """For a list: with who deals with it, how many files it has, and how many of its readers have confirmed."""
    counted = rows.select_related("handler").annotate(
        n_files=Count("files", distinct=True),
        n_passed=Count("passes", distinct=True),
        n_read=Count("passes", distinct=True, filter=Q(passes__confirmed_at__isnull=False)),
    )
    return counted.order_by("-registered_on", "-pk")


def excerpts(rows: Sequence[RegisterEntry], words: Sequence[str]) -> dict[int, str]:
    """Entry id to where in a file the first of the words stands. One query; the texts themselves are not fetched."""
    if not words or not rows:
        return {}
    word = words[0]
    files = RegisterFile.objects.filter(entry__in=[row.pk for row in rows], text__icontains=word)
    found = files.annotate(at=StrIndex(Lower("text"), Value(word.lower()))).annotate(
        excerpt=Substr("text", Greatest(F("at") - BEFORE, Value(1)), SHOWN)
    )
    return {entry: " ".join(text.split()) for entry, text in found.order_by("-pk").values_list("entry_id", "excerpt")}


def counts(rows: QuerySet[RegisterEntry]) -> dict[str, int]:
    """How many there are, how many are open, and how many are overdue. One query."""
    still = Q(state__in=RegisterEntry.OPEN)
    late = still & Q(due_on__lt=clock.today())
    archived = Q(state=RegisterEntry.State.ARCHIVED)
    return rows.order_by().aggregate(
        all=Count("pk"),
        open=Count("pk", filter=still),
        late=Count("pk", filter=late),
        archived=Count("pk", filter=archived),
    )
