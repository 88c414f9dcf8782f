"""The roll of an activity as a workbook: given out, filled in, read back cell by cell (E-02, decision 7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts import clock
from accounts.templatetags.shell import day
from campaign import sheets
from campaign.forms.activities import PeopleGroup, read_day
from campaign.models import Activity

STATES = {"present": gettext_lazy("Was there"), "made_up": gettext_lazy("Made up"), "absent": gettext_lazy("Absent")}
COLUMNS = (
    sheets.Column("member", gettext_lazy("Member number"), 10),
    sheets.Column("name", gettext_lazy("Name"), 14),
    sheets.Column("branch", gettext_lazy("Branch"), 36, required=False),
    sheets.Column("state", gettext_lazy("Attendance"), 12, choices=tuple(STATES.values())),
    sheets.Column("on", gettext_lazy("Made up on"), 14, required=False),
)


def attendance_sheet(
    activity: Activity, groups: list[PeopleGroup], states: Mapping[int, str], days: Mapping[int, dt.date | None]
) -> bytes:
    """One row a member with the state so far."""
    rows = []
    for group in groups:
        for member in group.members:
            made_up_on = days.get(member.pk)
            rows.append(
                {
                    "member": member.pk,
                    "name": member.name,
                    "branch": group.organization.name,
                    "state": str(STATES[states.get(member.pk, "absent")]),
                    "on": made_up_on.isoformat() if made_up_on else "",
                }
            )
    note = _("Fill in the attendance; with “Made up” also the day, such as 2026-04-03.")
    return sheets.write(f"{activity.title} {day(activity.held_on)}", COLUMNS, rows, note)


def read_attendance(
    file: UploadedFile, activity: Activity, groups: list[PeopleGroup]
) -> tuple[dict[str, str], dict[str, str], sheets.SheetRead]:
    """Member id to state and to day of make-up, as the page's form sends them, and what is wrong in which cell."""
    found = sheets.read(file, COLUMNS)
    known = {str(member.pk): member for group in groups for member in group.members}
    words = {name: key for key, label in STATES.items() for name in sheets.names_of(label)}
    states: dict[str, str] = {}
    days: dict[str, str] = {}
    for row in found.rows:
        pk = row.values["member"]
        member = known.get(pk)
        if member is None:
            found.fault(row, "member", gettext_noop("No member here has this number; leave the column as downloaded."))
            continue
        if row.values["name"] != member.name:
            found.fault(row, "name", gettext_noop("This number belongs to %(name)s."), name=member.name)
        if pk in states:
            found.fault(row, "member", gettext_noop("This member stands twice in the sheet."))
        state = words.get("".join(row.values["state"].split()).lower(), "") if row.values["state"] else "absent"
        if not state:
            found.fault(row, "state", gettext_noop("Choose one of the three words of the list."))
        states[pk] = state
        if state == "made_up" and row.values.get("on"):
            made_up_on = read_day(row.values["on"])
            if made_up_on is None or not activity.held_on <= made_up_on <= clock.today():
                text = gettext_noop("A day from %(first)s to today, such as 2026-04-03.")
                found.fault(row, "on", text, first=activity.held_on.isoformat())
            else:
                days[pk] = made_up_on.isoformat()
    return states, days, found
