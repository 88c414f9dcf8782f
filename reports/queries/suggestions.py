"""What the records say about a week, as sentences that a report can begin with; the person edits them."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Count
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts.templatetags.shell import count
from campaign.models import Activity, Participation
from campaign.queries import governed
from reports.queries.group_week import sentences, week_of_group
from reports.reporter import GroupReporter, Reporter

FIELD = "progress"  # the field of a report that tells what was done
TITLES = 4


def _attended(rows: Sequence[dict[str, Any]]) -> int:
    return sum(row["members"] + row["others_present"] for row in rows)


def _listed(items: Sequence[str]) -> str:
    return pgettext("between names", ", ").join(items)


def _studied(rows: Sequence[dict[str, Any]]) -> str:
    hours = sum((row["hours"] for row in rows), Decimal(0))
    sentence = ngettext(
        "Held %(times)s study session of %(hours)s study hours this week, attended by %(people)s people.",
        "Held %(times)s study sessions of %(hours)s study hours in all this week, attended %(people)s times.",
        len(rows),
    )
    return sentence % {"times": len(rows), "hours": count(hours), "people": _attended(rows)}


def _required(rows: Sequence[dict[str, Any]], participation: Participation) -> str:
    playbook, times = participation.batch.campaign.playbook, defaultdict(int)
    for row in rows:
        times[row["action"]] += 1
    named = []
    for key, n in times.items():
        action = playbook.action(key)
        if action is not None:
            named.append(ngettext("%(name)s once", "%(name)s %(n)d times", n) % {"name": action.name, "n": n})
    if not named:
        return ""
    return _("Of the required actions: %(list)s, attended %(people)s times in all.") % {
        "list": _listed(named),
        "people": _attended(rows),
    }


def _optional(rows: Sequence[dict[str, Any]]) -> str:
    titles = _listed(list(dict.fromkeys(row["title"] for row in rows))[:TITLES])
    sentence = ngettext(
        "Also held %(times)s activity: %(titles)s.", "Also held %(times)s activities, among them %(titles)s.", len(rows)
    )
    return sentence % {"times": len(rows), "titles": titles}


def suggested(reporter: Reporter, week: dt.date) -> list[str]:
    """A few sentences about the week from the records of a unit or of a group's units, in the reader's language."""
    if isinstance(reporter, GroupReporter):
        return sentences(week_of_group(reporter, week))
    return _of_unit(reporter, week)


def _of_unit(participation: Participation, week: dt.date) -> list[str]:
    """Up to three sentences from the activities recorded in the week. Two queries."""
    rows = list(
        Activity.objects.filter(
            governed(participation, "organization"),
            batch_id=participation.batch_id,
            held_on__gte=week,
            held_on__lt=week + dt.timedelta(days=7),
        )
        .annotate(members=Count("attendances"))
        .order_by("held_on", "pk")
        .values("title", "action", "hours", "others_present", "members")
    )
    study = [row for row in rows if row["hours"]]
    required = [row for row in rows if not row["hours"] and row["action"]]
    optional = [row for row in rows if not row["hours"] and not row["action"]]
    said = [
        _studied(study) if study else "",
        _required(required, participation) if required else "",
        _optional(optional) if optional else "",
    ]
    return [sentence for sentence in said if sentence]


def unedited(reporter: Reporter, week: dt.date, text: str) -> list[str]:
    """The suggested sentences that stand in a text word for word: nobody has gone over them yet."""
    found: list[str] = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found += [sentence for sentence in suggested(reporter, week) if sentence in text]
    return list(dict.fromkeys(found))
