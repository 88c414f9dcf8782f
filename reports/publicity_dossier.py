"""What a dossier tells of publicity: each month in figures (L-01..L-04)."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from django.db.models import Max
from django.db.models.functions import TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from campaign.dossier import Event, Subject, chapter
from reports.models import PublicityRecord
from reports.queries.publicity import pieces
from units import access


@chapter("publicity", gettext_lazy("Publicity"))
def publicity(subject: Subject) -> Iterator[Event]:
    """One line a month and organisation: how many records, of what kinds. One query."""
    rows = PublicityRecord.objects.visible_to(subject.reader).filter(
        access.below(subject.organization.path, "organization"), batch=subject.participation.batch_id
    )
    months: dict[tuple[int, dt.date], list[dict[str, Any]]] = defaultdict(list)
    grouped = (
        rows.annotate(month=TruncMonth("held_on"))
        .order_by()
        .values("month", "organization_id", "organization__name", "kind")
    )
    for row in grouped.annotate(last=Max("held_on"), **pieces(rows)):
        months[row["organization_id"], row["month"]].append(row)
    for (organization, month), found in months.items():
        n = sum(row["records"] for row in found)
        yield Event(
            at=max(row["last"] for row in found),
            kind="publicity",
            title=ngettext("Publicity in %(month)s: %(n)s record", "Publicity in %(month)s: %(n)s records", n)
            % {"month": f"{month:%Y-%m}", "n": n},
            detail=" · ".join(_told(row) for row in found),
            organization=found[0]["organization__name"],
            url=reverse("reports:publicity_list", args=[organization]),
        )


def _told(row: dict[str, Any]) -> str:
    kind = PublicityRecord.Kind(row["kind"])
    n = row["pieces"] if kind == PublicityRecord.Kind.BANNER else row["records"]
    return _("%(kind)s: %(n)s") % {"kind": kind.label, "n": n}
