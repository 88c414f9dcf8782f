"""The Excel workbook of a counted survey."""

from __future__ import annotations

import io

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect

from assessments import poll_results
from assessments.models import Poll
from assessments.views.poll_results import counted
from reports.poll_workbook import poll_workbook as build


def poll_workbook(request: HttpRequest, pk: int) -> HttpResponse | FileResponse:
    """Units, bands and answers, of the units in one's scope."""
    seen = counted(request, pk)
    if seen is None or seen.poll.kind != Poll.Kind.UNIT:
        return redirect("assessments:poll_results" if seen else "assessments:poll", pk=pk)
    found = poll_results.distribution(seen.units.filter(survey__isnull=False), seen.instrument)
    content = build(seen.poll, seen.lines, found, seen.instrument, seen.playbook)
    return FileResponse(io.BytesIO(content), as_attachment=True, filename=f"{seen.poll.title}结果.xlsx")
