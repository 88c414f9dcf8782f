"""Adding up a table that was sent in: printed and computed totals side by side (decision 19)."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from reports.crossfoot_form import CrossfootForm
from units import access
from units.roles import Right

SHOWN = 200


@never_cache
def crossfoot(request: HttpRequest) -> HttpResponse:
    """Upload, and see each total; nothing is kept."""
    if not access.has_anywhere(request.user, Right.EXPORT):
        raise PermissionDenied
    form = CrossfootForm(request.POST, request.FILES) if request.method == "POST" else CrossfootForm()
    failed = form.is_bound and not form.is_valid()
    finding = None if failed else form.finding
    context = {"form": form, "finding": finding, "most": SHOWN}
    if finding is not None:
        context["name"] = form.cleaned_data["file"].name
        context["shown"] = [*finding.different, *finding.agreeing][:SHOWN]
    return render(request, "reports/summary/crossfoot.html", context, status=422 if failed else 200)
