"""Who is on duty, who is where, who is away: today, the roster of a month, the attendance of a day (S-01, S-08)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from accounts.templatetags.shell import day as shown_day
from campaign import holidays
from campaign.models import Batch
from supervision import staffing
from supervision.actions import staff as actions
from supervision.forms.staff import AttendanceForm, ExchangeForm, HandOverForm, PlanDutyForm
from supervision.models import Body, DutyDay, Leave, StaffAttendance
from supervision.queries import staff as queries
from supervision.views.staff_place import need_keeper, staff_page, tabs
from units.guards import need

AHEAD = 31  # days that the choice of an exchange looks ahead
LISTED = 5


@staff_page
def overview(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Today: whom one reaches, who is away, what waits for the user."""
    campaign, today = batch.campaign, clock.today()
    leaves = Leave.objects.visible_to(request.user).filter(campaign=campaign).defer("reason")
    leaves = leaves.select_related("user", "stand_in")
    duties = DutyDay.objects.filter(campaign=campaign, user=request.user, day__gte=today)
    _sheet, teams = queries.attendance_of(campaign, today)
    context = {
        "batch": batch,
        "tabs": tabs(request, batch),
        "rule": campaign.playbook.staffing,
        "on_duty": queries.on_duty(campaign, today),
        "away": leaves.covering(today, today).order_by("to_date"),
        "waiting": leaves.asked().decidable_by(request.user).order_by("from_date")[:LISTED],
        "mine": leaves.filter(user=request.user)[:LISTED],
        "my_duties": duties[:LISTED],
        "teams": _places(batch, teams),
        "acknowledged": not queries.digest_of(campaign.playbook) or queries.acknowledged_at(request.user, batch),
        "is_staff": staffing.is_staff(request.user),
        "keeps": staffing.keeps(request.user, campaign),
    }
    return render(request, "supervision/staff/overview.html", context)


def _places(batch: Batch, teams: list[tuple[staffing.Team, list[queries.Line]]]) -> list[dict[str, Any]]:
    """Where each team works, how, and where its people are today (S-08, K-10)."""
    bodies = Body.objects.standing().filter(campaign=batch.campaign, organization=batch.campaign.host_id)
    known = {body.kind: body for body in bodies}
    rows = []
    for team, lines in teams:
        kind = Body.Kind.SUPERVISION if team.group is not None else team.key
        body, rule = known.get(kind), batch.campaign.playbook.body(kind)
        rows.append(
            {
                "team": team,
                "lines": lines,
                "place": body.place if body and team.group is None else "",
                "phone": team.group.phone if team.group is not None else body.phone if body else "",
                "mode": (body.mode if body else "") or (str(rule.mode) if rule and rule.mode else ""),
            }
        )
    return rows


@staff_page
def duty(request: HttpRequest, batch: Batch) -> HttpResponse:
    """The roster of a month; prints on one sheet."""
    month = queries.month_of(request.GET.get("month", ""))
    weeks = queries.calendar_of(batch.campaign, month)
    planned = any(cell.duties for week in weeks for cell in week if cell.within)
    context = {
        "batch": batch,
        "tabs": tabs(request, batch),
        "month": month,
        "weeks": weeks,
        "planned": planned,
        "before": queries.month_before(month),
        "after": queries.next_month(month),
        "keeps": staffing.keeps(request.user, batch.campaign),
        "provisional": holidays.provisional_sentence(holidays.provisional_years([(month, month)])),
        "today": clock.today(),
    }
    return render(request, "supervision/staff/duty.html", context)


@staff_page
def duty_plan(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Share out a month."""
    need_keeper(request, batch)
    month = queries.month_of(request.GET.get("month", ""))
    staff = staffing.staff_of(batch.campaign)
    form = PlanDutyForm(staff, request.POST or None, initial={"people": [str(p.user.pk) for p in staff]})
    if request.method == "POST" and form.is_valid():
        try:
            planned = actions.plan_duty(by=request.user, campaign=batch.campaign, month=month, **form.cleaned_data)
        except actions.StaffRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            _say_planned(request, planned)
            return redirect(f"{reverse('supervision:duty')}?month={month:%Y-%m}")
    context = {"batch": batch, "month": month, "form": form, "from": max(month, clock.today())}
    context["crumbs"] = [(_("Duty roster"), reverse("supervision:duty")), (_("Share out the days"), "")]
    return render(request, "supervision/staff/duty_plan.html", context, status=422 if form.errors else 200)


def _say_planned(request: HttpRequest, planned: actions.Planned) -> None:
    text = ngettext("%(count)d day is shared out.", "%(count)d days are shared out.", planned.days)
    messages.success(request, text % {"count": planned.days})
    if planned.gaps:
        days = ", ".join(shown_day(day) for day in planned.gaps[:LISTED])
        short = _("Too few people are there on %(days)s, because of leave. Name somebody for these days.")
        messages.warning(request, short % {"days": days})


def _duty(request: HttpRequest, batch: Batch, pk: int) -> DutyDay:
    """A day of the roster that is still to come, of the user himself or, for the office, of anybody."""
    rows = DutyDay.objects.visible_to(request.user).select_related("user", "campaign__host")
    found = get_object_or_404(rows, pk=pk)
    need(found.user_id == request.user.pk or staffing.keeps(request.user, found.campaign))
    return found


@staff_page
def duty_change(request: HttpRequest, batch: Batch, pk: int) -> HttpResponse:
    """Give a day to another person, or let two exchange theirs."""
    mine = _duty(request, batch, pk)
    staff = [p for p in staffing.staff_of(mine.campaign) if p.user != mine.user]
    until = mine.day + dt.timedelta(days=AHEAD)
    others = DutyDay.objects.filter(campaign=mine.campaign, day__range=(clock.today(), until))
    others = others.exclude(user=mine.user).exclude(day=mine.day).select_related("user", "campaign__host")
    deed = request.POST.get("deed", "")
    over = HandOverForm(staff, request.POST if deed == "over" else None)
    swap = ExchangeForm(others, request.POST if deed == "swap" else None)
    if request.method == "POST" and _change(request, mine, swap if deed == "swap" else over):
        return redirect(f"{reverse('supervision:duty')}?month={mine.day:%Y-%m}")
    context = {"duty": mine, "over_form": over, "swap_form": swap, "others": others}
    context["crumbs"] = [(_("Duty roster"), reverse("supervision:duty")), (shown_day(mine.day), "")]
    status = 422 if over.errors or swap.errors else 200
    return render(request, "supervision/staff/duty_change.html", context, status=status)


def _change(request: HttpRequest, mine: DutyDay, form: HandOverForm | ExchangeForm) -> bool:
    if not form.is_valid():
        return False
    try:
        if isinstance(form, ExchangeForm):
            actions.exchange(by=request.user, duty=mine, other=form.cleaned_data["other"])
            messages.success(request, _("The two days are exchanged, and both are told."))
        else:
            actions.hand_over(by=request.user, duty=mine, to=form.cleaned_data["to"])
            messages.success(request, _("The day is handed over, and both are told."))
    except actions.StaffRefused as refusal:
        form.add_error(None, str(refusal))
        return False
    except actions.DutyMoved:
        messages.warning(request, _("Somebody else has changed the roster meanwhile. Look at it again."))
    return True


# ---------------------------------------------------------------- attendance
def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return clock.today()


@staff_page
def attendance(request: HttpRequest, batch: Batch) -> HttpResponse:
    """Where everybody is on a day, tapped by name; leave and duty fill themselves in."""
    day = _day(request.GET.get("day", ""))
    _sheet, teams = queries.attendance_of(batch.campaign, day)
    form = AttendanceForm([line.person for _team, lines in teams for line in lines], request.POST or None)
    changed = False
    if request.method == "POST":
        need_keeper(request, batch)
        try:
            if form.is_valid():
                return _saved(request, batch, day, form)
        except actions.StaffRefused as refusal:
            form.add_error(None, str(refusal))
        except actions.AttendanceChanged:
            changed = True
    status = 409 if changed else 422 if form.errors else 200
    context = _attendance(request, batch, day, form, changed)
    return render(request, "supervision/staff/attendance.html", context, status=status)


def _attendance(
    request: HttpRequest, batch: Batch, day: dt.date, form: AttendanceForm, changed: bool
) -> dict[str, Any]:
    """The sheet as it is saved now, with what the person has tapped; the month's figures for who oversees it."""
    overseen = staffing.oversees(request.user, batch.campaign)
    sheet, teams = queries.attendance_of(batch.campaign, day)
    return {
        "batch": batch,
        "tabs": tabs(request, batch),
        "day": day,
        "today": clock.today(),
        "sheet": sheet,
        "teams": [(team, [_row(line, form, changed) for line in lines]) for team, lines in teams],
        "form": form,
        "may_take": staffing.keeps(request.user, batch.campaign) and day <= clock.today(),
        "changed": changed,
        "figures": queries.month_figures(batch.campaign, day) if overseen else [],
        "states": StaffAttendance.State.labels,
        "before": day - dt.timedelta(days=1),
        "after": day + dt.timedelta(days=1),
    }


def _saved(request: HttpRequest, batch: Batch, day: dt.date, form: AttendanceForm) -> HttpResponse:
    actions.save_attendance(
        by=request.user,
        campaign=batch.campaign,
        day=day,
        version=form.cleaned_data["version"],
        rows=form.rows(),
    )
    messages.success(request, _("The attendance of %(day)s is saved.") % {"day": shown_day(day)})
    return redirect(f"{reverse('supervision:staff_attendance')}?day={day:%F}")


def _row(line: queries.Line, form: AttendanceForm, changed: bool) -> dict[str, Any]:
    """A line as it is saved, or as the person has just tapped it."""
    pk = line.person.user.pk
    state, place = line.state, line.place
    if form.is_bound:
        state, place = form.data.get(f"s-{pk}", ""), form.data.get(f"p-{pk}", "")
    return {
        "line": line,
        "pk": pk,
        "state": state,
        "place": place,
        "errors": form.errors.get(f"p-{pk}", []) if form.is_bound else [],
        "theirs": line.state if changed and line.state != state else "",
    }
