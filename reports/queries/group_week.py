"""What the records say about a supervision group's week, and its notes in the fields of a report (K-04, K-06, M-08)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from accounts import clock
from campaign.models import Activity, Participation, StageProgress
from campaign.playbook import ReportRule
from reports import weeks
from reports.models import Report
from reports.queries.weekly import boards, unit_rules
from reports.reporter import GroupReporter
from reports.weeks import Status
from supervision import membership
from supervision.models import Decision, GroupNote, MakeUpOrder, Visit
from units import access

FIELDS = {  # where a note goes, by the keys of the playbook's fields; to the first field where there is none
    GroupNote.Kind.PROGRESS: "progress",
    GroupNote.Kind.PROBLEM: "problems",
    GroupNote.Kind.MEASURE: "problems",
    GroupNote.Kind.EXPERIENCE: "experience",
}
FIGURES = "progress"  # the field that the figures go to


@dataclass(frozen=True)
class GroupWeek:
    """A group's week in figures. Stages: name and number of units at the week's end, or now while it lasts."""

    units: int
    stages: tuple[tuple[str, int], ...] = ()
    activities: int = 0
    sessions: int = 0
    visits: int = 0
    visited: int = 0
    agreed: int = 0
    returned: int = 0
    makeups: int = 0
    makeups_over: int = 0
    silent: tuple[str, ...] = ()  # units whose report of this week or the last has not come by its deadline


def week_of_group(reporter: GroupReporter, week: dt.date) -> GroupWeek:
    """The figures of one group and week. Eleven queries, however many units it has."""
    units = membership.units_of([reporter.group], reporter.batch)[reporter.group.pk]
    if not units:
        return GroupWeek(0)
    keys = [unit.pk for unit in units]
    end = week + weeks.WEEK
    start = dt.datetime.combine(week, dt.time(), tzinfo=weeks.ZONE)
    visits = Visit.objects.done().filter(group=reporter.group, held_on__gte=week, held_on__lt=end)
    open_makeups = MakeUpOrder.objects.open().filter(participation__in=keys)
    spoken = Decision.objects.filter(
        body="supervision",
        transition__participation__in=keys,
        at__gte=start,
        at__lt=start + weeks.WEEK,
        by__in=reporter.group.members.values("user"),
    ).aggregate(
        agreed=Count("pk", filter=Q(verdict=Decision.Verdict.AGREE)),
        returned=Count("pk", filter=Q(verdict=Decision.Verdict.RETURN)),
    )
    return GroupWeek(
        units=len(units),
        stages=tuple(_stages(reporter, keys, week)),
        **_activities(reporter, units, week),
        **visits.aggregate(visits=Count("pk"), visited=Count("participation", distinct=True)),
        **spoken,
        **open_makeups.aggregate(makeups=Count("pk"), makeups_over=Count("pk", filter=Q(due_on__lt=clock.today()))),
        silent=tuple(_silent(reporter, keys, week)),
    )


def _stages(reporter: GroupReporter, keys: list[int], week: dt.date) -> list[tuple[str, int]]:
    last = min(week + dt.timedelta(days=6), clock.today())
    under_way = StageProgress.objects.filter(participation__in=keys, started_on__lte=last)
    under_way = under_way.filter(Q(ended_on=None) | Q(ended_on__gt=last))
    found = dict(under_way.order_by().values_list("stage").annotate(n=Count("pk")))
    stages = reporter.batch.campaign.playbook.stages
    return [(str(stage.name), found[stage.key]) for stage in stages if found.get(stage.key)]


def _activities(reporter: GroupReporter, units: Sequence[Participation], week: dt.date) -> dict[str, int]:
    within = Q()
    for unit in units:
        within |= access.below(unit.organization.path, "organization")
    rows = Activity.objects.filter(within, batch=reporter.batch, held_on__gte=week, held_on__lt=week + weeks.WEEK)
    return {"activities": rows.count(), "sessions": rows.sessions().count()}


def _silent(reporter: GroupReporter, keys: list[int], week: dt.date) -> list[str]:
    batch = reporter.batch
    first = weeks.monday(batch.starts_on)
    asked = [rule for rule in unit_rules(batch) if not rule.soft][:1]
    shown = [one for one in (week - weeks.WEEK, week) if one >= first]
    found = boards(batch, asked, shown, within=Q(pk__in=keys), reminders=False)
    return [
        line.reporter.label
        for rule in asked
        for line in found[rule.key]
        if any(cell.status is Status.MISSING for cell in line.cells)
    ]


def _listed(items: Sequence[str]) -> str:
    return pgettext("between names", ", ").join(items)


def sentences(found: GroupWeek) -> list[str]:
    """The figures as sentences that a report can begin with, in the reader's language; what is nought is left out."""
    if not found.units:
        return []
    said = [_standing(found)]
    if found.activities:
        sentence = _("They held %(n)d activities this week, study sessions among them: %(sessions)d.")
        said.append(sentence % {"n": found.activities, "sessions": found.sessions})
    if found.visits:
        sentence = ngettext(
            "The group made %(n)d visit this week, to %(units)d of its units.",
            "The group made %(n)d visits this week, to %(units)d of its units.",
            found.visits,
        )
        said.append(sentence % {"n": found.visits, "units": found.visited})
    if found.agreed or found.returned:
        sentence = _("It reviewed applications for transition: agreed to %(agreed)d, returned %(returned)d.")
        said.append(sentence % {"agreed": found.agreed, "returned": found.returned})
    if found.makeups:
        sentence = _("Make-ups still open: %(n)d, of these overdue: %(over)d.")
        said.append(sentence % {"n": found.makeups, "over": found.makeups_over})
    if found.silent:
        said.append(_("Weekly reports are missing from %(units)s.") % {"units": _listed(found.silent)})
    return said


def _standing(found: GroupWeek) -> str:
    parts = [
        ngettext("%(stage)s %(n)d unit", "%(stage)s %(n)d units", n) % {"stage": name, "n": n}
        for name, n in found.stages
    ]
    if not parts:
        return ngettext(
            "The group is in charge of %(n)d unit.", "The group is in charge of %(n)d units.", found.units
        ) % {"n": found.units}
    sentence = ngettext(
        "The group is in charge of %(n)d unit: %(stages)s.",
        "The group is in charge of %(n)d units: %(stages)s.",
        found.units,
    )
    return sentence % {"n": found.units, "stages": _listed(parts)}


# ---------------------------------------------------------------- notes
def notes_for(reporter: GroupReporter, rule: ReportRule, week: dt.date) -> list[GroupNote]:
    """The group's notes of the week and of the one before that no sent report of this rule tells, the oldest first.

    After Thursday noon the week goes on: what is noted then belongs into the next report. Two queries.
    """
    span = {"week__gte": week - weeks.WEEK, "week__lte": week}
    rows = GroupNote.objects.filter(group=reporter.group, **span)
    found = list(rows.select_related("participation__organization", "participation__work_unit").order_by("noted_at"))
    sent = Report.objects.submitted().filter(group=reporter.group, rule=rule.key, **span)
    told = "\n".join(str(text) for row in sent for text in row.contents.values())
    return [note for note in found if note.text not in told]


def field_of(rule: ReportRule, kind: str) -> str:
    """The field of a report that a note of this kind goes into."""
    keys = [field.key for field in rule.fields]
    wanted = FIELDS[GroupNote.Kind(kind)]
    return wanted if wanted in keys else keys[0]


def line_of(rule: ReportRule, note: GroupNote) -> str:
    """A note as a line of the report: about whom, and what it is where the field takes several kinds."""
    here = field_of(rule, note.kind)
    mixed = sum(field_of(rule, kind) == here for kind in GroupNote.Kind.values) > 1
    said: dict[str, Any] = {"kind": note.get_kind_display(), "text": note.text}
    if note.participation is not None:
        said["unit"] = note.participation.label
        return (_("%(kind)s (%(unit)s): %(text)s") if mixed else _("%(unit)s: %(text)s")) % said
    return (_("%(kind)s: %(text)s") if mixed else "%(text)s") % said


def with_notes(contents: dict[str, str], rule: ReportRule, notes: Sequence[GroupNote]) -> dict[str, str]:
    """The contents with each note that does not stand in them as a line under its field."""
    whole, filled = "\n".join(contents.values()), dict(contents)
    for note in notes:
        if note.text not in whole:
            key = field_of(rule, note.kind)
            before = filled.get(key, "").rstrip()
            filled[key] = f"{before}\n{line_of(rule, note)}" if before else line_of(rule, note)
    return filled


def missing_notes(contents: dict[str, str], notes: Sequence[GroupNote]) -> list[GroupNote]:
    """Those whose words do not stand in the contents."""
    whole = "\n".join(contents.values())
    return [note for note in notes if note.text not in whole]
