"""Summary workbooks: for which organisation and period; those made before."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaign.models import Batch
from campaign.queries import batch_for
from jobs.models import Job
from reports.actions import summary
from reports.summary_forms import SummaryForm
from units import access
from units.models import Organization
from units.roles import Right


@dataclass(frozen=True)
class Made:
    """One workbook of the list, with the names behind its ids."""

    job: Job
    organization: str
    batch: str
    first: dt.date
    last: dt.date


def _organizations(request: HttpRequest) -> Any:
    """What one may export: organisations above branch level, one's own, and the one that a link has chosen."""
    visible = Organization.objects.visible_to(request.user, Right.EXPORT).active()
    chosen = request.GET.get("organization") or request.POST.get("organization") or ""
    own = [p.organization_id for p in access.posts_of(request.user) if Right.EXPORT in p.rights]
    keys = [*own, int(chosen)] if chosen.isdigit() and len(chosen) < 19 else own
    upper = visible.exclude(kind=Organization.Kind.BRANCH)
    return (upper | visible.filter(pk__in=keys)).order_by("path")


def _form(request: HttpRequest, batch: Batch | None) -> SummaryForm | None:
    if batch is None:
        return None
    data = request.POST if request.method == "POST" else None
    return SummaryForm(
        data,
        organizations=_organizations(request),
        batch=batch,
        papers=access.has_anywhere(request.user, Right.PAPERS),
        chosen=request.GET.get("organization"),
    )


def _made(request: HttpRequest) -> Page:
    """My workbooks, the newest first, with names looked up once for the page."""
    jobs = Job.objects.visible_to(request.user).filter(kind=summary.SUMMARY_JOB)
    page = Paginator(jobs, 15).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    organizations = Organization.objects.in_bulk({job.args["organization"] for job in shown})
    batches = Batch.objects.in_bulk({job.args["batch"] for job in shown})
    page.object_list = [
        Made(
            job=job,
            organization=str(organizations.get(job.args["organization"], _("(no longer there)"))),
            batch=str(batches.get(job.args["batch"], "")),
            first=dt.date.fromisoformat(job.args["first"]),
            last=dt.date.fromisoformat(job.args["last"]),
        )
        for job in shown
    ]
    return page


def _page(request: HttpRequest, batch: Batch | None, form: SummaryForm | None) -> HttpResponse:
    may_review = batch is not None and access.has(request.user, Right.EDIT_BULLETIN, batch.campaign.host)
    context = {"batch": batch, "form": form, "page": _made(request), "may_review": may_review}
    return render(request, "reports/summary/list.html", context)


def summary_list(request: HttpRequest) -> HttpResponse:
    """The form, and what was made before."""
    if not access.has_anywhere(request.user, Right.EXPORT):
        raise PermissionDenied
    batch = batch_for(request.user)
    return _page(request, batch, _form(request, batch))


@require_POST
def summary_new(request: HttpRequest) -> HttpResponse:
    """Start one."""
    if not access.has_anywhere(request.user, Right.EXPORT):
        raise PermissionDenied
    batch = batch_for(request.user)
    form = _form(request, batch)
    if batch is None or form is None:
        raise Http404
    _need_visible(request)
    if not form.is_valid():
        return _page(request, batch, form)
    job = summary.start_summary(by=request.user, batch=batch, **form.cleaned_data)
    return redirect("jobs:detail", pk=job.pk)


def _need_visible(request: HttpRequest) -> None:
    """404 for an organisation outside one's scope, 403 for one that one may see but not export."""
    wanted = request.POST.get("organization", "")
    if not wanted.isdigit() or len(wanted) > 18:
        return
    there = Organization.objects.filter(pk=int(wanted))
    if there.visible_to(request.user, Right.EXPORT).exists():
        return
    if there.visible_to(request.user).exists():
        raise PermissionDenied
    raise Http404
