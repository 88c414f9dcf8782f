"""My background work: list, one job with live progress, its file, another try."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jobs import actions
from jobs.models import Job


def job_list(request: HttpRequest) -> HttpResponse:
    page = Paginator(Job.objects.visible_to(request.user), 25).get_page(request.GET.get("page"))
    return render(request, "jobs/job/list.html", {"page": page})


def job_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One job; asked by htmx it answers with the progress part alone."""
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    template = "jobs/job/detail.html#progress" if request.htmx else "jobs/job/detail.html"
    return render(request, template, {"job": job})


def download(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk, state=Job.State.DONE)
    if not job.result:
        raise Http404
    return FileResponse(job.result.open("rb"), as_attachment=True, filename=job.result_name)


@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(Job.objects.visible_to(request.user), pk=pk)
    try:
        actions.retry(by=request.user, job=job)
    except actions.NotRetriable:
        messages.error(request, _("Only failed work can be tried again."))
    return redirect("jobs:detail", pk=pk)
