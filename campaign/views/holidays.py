"""The working calendar of a year: what the notices say, and what an office enters when a new one comes out (E-05)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts import clock
from campaign import holidays as queries
from campaign.actions import holidays as actions
from campaign.forms.holidays import DaysForm, YearForm
from campaign.models import CalendarYear
from units import access
from units.guards import need, need_somewhere
from units.roles import Right

AHEAD = 3  # years that can be looked at before their notice is out


def _year(request: HttpRequest) -> int:
    """The year asked for, kept to those that can be; this one where none is named."""
    text, this = request.GET.get("year", ""), clock.today().year
    year = int(text) if text.isdecimal() and len(text) == 4 else this
    return max(queries.FIRST_NOTICED, min(year, this + AHEAD))


def holidays(request: HttpRequest) -> HttpResponse:
    """The days of a year that are not as the week has them; whoever sets campaigns up enters them."""
    need_somewhere(request.user, Right.VIEW)
    year, this = _year(request), clock.today().year
    keeps = access.has_anywhere(request.user, Right.SET_UP)
    days, whole = DaysForm(), YearForm()
    if request.method == "POST":
        need(keeps)
        done = _deed(request, year)
        if isinstance(done, HttpResponse):
            return done
        days, whole = (done, whole) if isinstance(done, DaysForm) else (days, done)
    first, last = dt.date(year, 1, 1), dt.date(year, 12, 31)
    context = {
        "year": year,
        "years": range(max(queries.FIRST_NOTICED, this - 1), this + AHEAD + 1),
        "spans": queries.year_of(year),
        "confirmed": CalendarYear.objects.filter(year=year).select_related("confirmed_by").first(),
        "noticed": year <= queries.LAST_NOTICED,
        "provisional": queries.provisional_sentence(queries.provisional_years([(first, last)])),
        "keeps": keeps,
        "days": days,
        "whole": whole,
        "crumbs": [(_("Campaign plan"), reverse("campaign:plan")), (_("Holidays"), "")],
    }
    return render(request, "campaign/holidays/year.html", context, status=422 if days.errors or whole.errors else 200)


def _deed(request: HttpRequest, year: int) -> HttpResponse | DaysForm | YearForm:
    """What the pressed button asks for; the form where it has faults."""
    deed = {"enter": _enter, "confirm": _confirm, "reopen": _reopen}.get(request.POST.get("do", ""), _remove)
    return deed(request, year)


def _back(year: int) -> HttpResponse:
    return redirect(f"{reverse('campaign:holidays')}?year={year}")


def _enter(request: HttpRequest, year: int) -> HttpResponse | DaysForm:
    form = DaysForm(request.POST)
    if not form.is_valid():
        return form
    number = actions.enter_days(by=request.user, **form.cleaned_data)
    text = ngettext("Entered %(n)d day of %(name)s.", "Entered %(n)d days of %(name)s.", number)
    messages.success(request, text % {"n": number, "name": form.cleaned_data["name"]})
    return _back(form.cleaned_data["first"].year)


def _confirm(request: HttpRequest, year: int) -> HttpResponse | YearForm:
    form = YearForm(request.POST)
    if not form.is_valid():
        return form
    actions.confirm_year(by=request.user, year=year, document=form.cleaned_data["document"])
    messages.success(request, _("The year %(year)s is complete; nothing rests on a guess any more.") % {"year": year})
    return _back(year)


def _reopen(request: HttpRequest, year: int) -> HttpResponse:
    try:
        actions.reopen_year(by=request.user, year=year)
        messages.success(request, _("The year %(year)s is provisional again.") % {"year": year})
    except actions.NothingThere:
        messages.error(request, _("Somebody else has taken it back already."))
    return _back(year)


class _SpanForm(forms.Form):
    first = forms.DateField()
    last = forms.DateField()


def _remove(request: HttpRequest, year: int) -> HttpResponse:
    form = _SpanForm(request.POST)
    told: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    try:
        if not told:
            raise actions.NothingThere
        actions.remove_days(by=request.user, **told)
        messages.success(request, _("Removed. The notices or the week hold again for these days."))
    except actions.NothingThere:
        messages.error(request, _("Somebody else has taken it back already."))
    return _back(year)
