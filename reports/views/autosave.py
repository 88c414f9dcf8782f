"""What the page of a report saves by itself while somebody writes (static/js/drafts.js)."""

from __future__ import annotations

import datetime as dt

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _

from accounts.templatetags.shell import clock_time
from reports.actions import reports as actions
from reports.forms import ReportForm
from reports.models import Report
from reports.reporter import Reporter


def autosave(
    request: HttpRequest, reporter: Reporter, week: dt.date, report: Report | None, form: ReportForm
) -> JsonResponse:
    """Save the draft over the version that the page knows, or say why not. 409 carries what stands there instead."""
    if not form.is_valid():
        return JsonResponse({"message": _("Not saved: look at what is marked.")}, status=400)
    by = request.user
    try:
        current = report or actions.open_report(by=by, reporter=reporter, rule=form.rule, week=week)
        if not form.shown_version and any(current.contents.values()):
            raise actions.ReportChanged  # begun elsewhere while this page was open
        version = form.shown_version or current.version
        actions.save_draft(by=by, report=current, version=version, contents=form.contents, unasked=True)
    except actions.AlreadyReported as already:
        return _moved(already.report)
    except actions.ReportChanged:
        return _moved(Report.objects.select_related("author").get(pk=current.pk))
    said = _("The draft is saved on the server, %(time)s.") % {"time": clock_time(current.updated_at)}
    return JsonResponse({"version": current.version, "message": said})


def _moved(report: Report) -> JsonResponse:
    """What was saved or sent elsewhere meanwhile. The page knows by it a save of its own that was never answered."""
    who = {"name": report.author or _("Somebody else"), "time": clock_time(report.updated_at)}
    if report.state in actions.OPEN:
        said = _("%(name)s saved another text on another device or page, %(time)s. Yours is kept on this device.") % who
    else:
        said = _("%(name)s sent this report at %(time)s. Your text is kept on this device.") % who
    return JsonResponse({"message": said, "version": report.version, "contents": report.contents}, status=409)
