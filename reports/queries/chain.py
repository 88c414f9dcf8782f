"""What an office tells its superior of a week: sums from below, who is missing, what can be taken up (K-01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from accounts.messages import localised
from accounts.templatetags import shell
from campaign.models import Activity, Attendance, Batch, RollEntry
from campaign.playbook import ReportRule
from reports import weeks
from reports.documents.week import figures_content
from reports.models import Bulletin, BulletinItem, Forwarding, Report, UpwardPassage, UpwardReport
from reports.queries.bulletin import Candidate, candidates, week_figures
from reports.queries.cells import tally
from reports.queries.weekly import boards, unit_rules

SENT = (UpwardReport.State.SUBMITTED, UpwardReport.State.RETURNED, UpwardReport.State.ACCEPTED)


# ---------------------------------------------------------------- the week, summed from below
def gathered(batch: Batch, week: dt.date) -> dict[str, Any]:
    """The week's figures as plain data, to be fixed with the report; members over the rolls frozen then (decision 16).

    `rules`: under each report who owed, sent, came late, is missing (by name), is excused.
    """
    end = week + weeks.WEEK
    done = Activity.objects.filter(batch=batch, held_on__gte=week, held_on__lt=end)
    found = done.aggregate(n=Count("pk"), people=Sum("others_present"))
    sessions = done.sessions().aggregate(n=Count("pk"), hours=Sum("hours"))
    present = Attendance.objects.filter(activity__in=done)
    roll = _roll(batch, week)
    return {
        "rules": _reported(batch, week),
        "activities": found["n"],
        "sessions": sessions["n"],
        "hours": f"{Decimal(sessions['hours'] or 0).normalize():f}",
        "attendances": present.count() + (found["people"] or 0),
        "reached": present.filter(member__in=roll.values("member")).values("member").distinct().count(),
        "members": roll.values("member").distinct().count(),
    }


def shown(figures: dict[str, Any]) -> dict[str, Any]:
    """The same with the reports named in the reader's language."""
    return {**figures, "rules": [{**one, "label": localised(one["name"])} for one in figures["rules"]]}


def _roll(batch: Batch, week: dt.date) -> Any:
    """The rolls of the stages that were under way at the week's end."""
    last = week + dt.timedelta(days=6)
    running = Q(progress__ended_on=None) | Q(progress__ended_on__gt=last)
    return RollEntry.objects.filter(running, progress__participation__batch=batch, progress__started_on__lte=last)


def _reported(batch: Batch, week: dt.date) -> list[dict[str, Any]]:
    asked = unit_rules(batch)
    found = []
    for key, lines in boards(batch, asked, [week], reminders=False).items():
        rule = next(one for one in asked if one.key == key)
        counted = tally(cell for line in lines for cell in line.cells)
        found.append(
            {
                "name": {"zh": rule.name.zh, "en": rule.name.en},
                "owed": counted.owed,
                "sent": counted.sent,
                "late": counted.late,
                "excused": counted.excused,
                "missing": [line.reporter.label for line in lines if line.outstanding],
            }
        )
    return found


def drafted(batch: Batch, week: dt.date) -> str:
    """The sentences with which a report begins, in the words of the document."""
    return "\n".join(figures_content(week_figures(batch, week)).sentences)


# ---------------------------------------------------------------- what can be taken up
@dataclass(frozen=True)
class Offer:
    """A field of an accepted report below, and where in the office's own report it would go."""

    candidate: Candidate
    field: str

    @property
    def key(self) -> str:
        return f"{self.candidate.report.pk}-{self.candidate.field}"


def offers(upward: UpwardReport, rule: ReportRule) -> list[Offer]:
    """Every field of substance of the week's accepted reports that is not in the report yet; two queries."""
    taken = set(upward.passages.values_list("report_id", "source_field"))
    own = [field.key for field in rule.fields]
    last = "experience" if "experience" in own else own[-1]
    found = (one for one in candidates(upward.batch, upward.week) if one.key not in taken)
    return [Offer(one, one.field if one.field in own else last) for one in found]


def listed(user: Any, batch: Batch | None = None) -> Any:
    """Reports to the superior that the user may read, the newest first, with what they took from below."""
    rows = UpwardReport.objects.visible_to(user).select_related("batch__campaign__host", "author")
    rows = rows.filter(batch=batch) if batch else rows
    return rows.annotate(n_taken=Count("passages__report", distinct=True)).order_by("-week", "rule", "pk")


def passed_on(user: Any) -> Any:
    """Reports of units that were passed on as they are, the latest first, each with its use by the superior."""
    rows = Forwarding.objects.filter(report__in=Report.objects.visible_to(user).values("pk"))
    related = rows.select_related("report__participation__organization", "report__participation__work_unit", "by")
    return related.select_related("report__use_above").order_by("-at", "-pk")


# ---------------------------------------------------------------- what became of one report of a unit
def events_of(user: Any, report: Report) -> list[dict[str, Any]]:
    """Passed on, taken up above, accepted there, printed in a bulletin: entries of the report's timeline. 3 queries.

    Whoever may read the report learns that it was used, and gets the address of the other paper only if he may open it.
    """
    return [*_forwarded(report), *_taken_up(user, report), *_printed(user, report)]


def timeline_of(user: Any, report: Report, told: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The history's entries and those of the way up together, the newest first."""

    def moment(entry: dict[str, Any]) -> dt.datetime:
        return entry["at"] if entry.get("at") else dt.datetime.combine(entry["on"], weeks.END_OF_DAY, weeks.ZONE)

    return sorted([*told, *events_of(user, report)], key=moment, reverse=True)


def _forwarded(report: Report) -> Iterable[dict[str, Any]]:
    for one in Forwarding.objects.filter(report=report).select_related("by"):
        text = _("Passed on to %(office)s") % {"office": one.to}
        yield {"icon": "send", "tone": "", "text": text, "who": one.by or "", "at": one.at}


def _taken_up(user: Any, report: Report) -> Iterable[dict[str, Any]]:
    rows = UpwardReport.objects.filter(passages__report=report, state__in=SENT).distinct()
    for upward in rows.select_related("batch__campaign"):
        office = upward.batch.campaign.office_short_name
        named = {"office": office, "number": weeks.number_of(upward.week, upward.batch.starts_on)}
        text = _("Taken up in the report of %(office)s to its superior, week %(number)s") % named
        yield {"icon": "arrow-up", "tone": "", "text": text, "who": "", "at": upward.submitted_at}
        if upward.state == UpwardReport.State.ACCEPTED:
            text = _("The superior office accepted the report in which it was taken up")
            yield {"icon": "circle-check", "tone": "ok", "text": text, "who": "", "at": upward.decided_at}


def _printed(user: Any, report: Report) -> Iterable[dict[str, Any]]:
    used = BulletinItem.objects.filter(report=report, chosen=True).values("bulletin")
    for issue in Bulletin.objects.visible_to(user).filter(pk__in=used, state=Bulletin.State.ISSUED):
        text = _("Used in %(issue)s") % {"issue": issue.issue_name}
        day = shell.day(issue.issued_on)
        yield {"icon": "news", "tone": "ok", "text": text, "who": "", "due": day, "on": issue.issued_on}


def taken_from(upward: UpwardReport) -> list[UpwardPassage]:
    """The passages with the reports that they come from, in the order in which they were put in."""
    rows = upward.passages.select_related("report__use_above", "report__participation__batch__campaign")
    return list(rows.order_by("position", "pk"))
