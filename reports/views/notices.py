"""The ranking of units as a notice (通报): drafting it from the figures, issuing it, finding it again."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign.queries import batch_for
from reports import chain_rules, register_rules
from reports.actions import notices as actions
from reports.documents.word import letter_docx
from reports.models import RankingNotice
from reports.notice_forms import NoticeForm
from reports.queries import notices as queries
from reports.queries.adoption import Asked
from reports.views.ranking import asked_of
from units import access
from units.guards import need, need_somewhere
from units.roles import Right

PER_PAGE = 25


def _crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    ranking = [(_("Weekly reports"), reverse("reports:weekly")), (_("Ranking"), reverse("reports:ranking"))]
    return [*ranking, (_("Notices"), reverse("reports:ranking_notices")), *more]


def notice_list(request: HttpRequest) -> HttpResponse:
    """Notices that were issued, the newest first."""
    need_somewhere(request.user, Right.VIEW)
    rows = RankingNotice.objects.visible_to(request.user).select_related("batch__campaign", "issued_by")
    batch = batch_for(request.user)
    context = {
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "may_draft": batch is not None and chain_rules.keeps(request.user, batch.campaign),
        "crumbs": [*_crumbs()[:-1], (_("Notices"), "")],
    }
    return render(request, "reports/notice/list.html", context)


def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """A notice as it was issued."""
    found = _get(request, pk)
    context = {
        "notice": found,
        "number": queries.number_of(found.batch.campaign, found.year, found.number),
        "parts": [(heading, found.content[name]) for name, heading in queries.HEADINGS.items()],
        "situation": queries.SITUATION,
        "to_all": queries.TO_ALL,
        "keeps_register": register_rules.keeps_register(request.user, found.batch.campaign),
        "crumbs": _crumbs((found.title, "")),
    }
    return render(request, "reports/notice/detail.html", context)


def notice_docx(request: HttpRequest, pk: int) -> FileResponse:
    """The file of an issued notice, as it was made then."""
    found = _get(request, pk)
    return FileResponse(found.docx.open("rb"), as_attachment=True, filename=f"{found.title}.docx")


def notice_new(request: HttpRequest) -> HttpResponse:
    """Draft a notice over all units of the batch, see it as a Word file, issue it."""
    need_somewhere(request.user, Right.VIEW)
    asked = asked_of(request, kinds=False)
    if asked is None:
        raise Http404
    need(chain_rules.keeps(request.user, asked.batch.campaign))
    found = queries.proposal(asked)
    if found is None:
        messages.info(request, _("Nothing has been due in this time: there is nothing to tell."))
        return redirect("reports:ranking")
    form = NoticeForm(request.POST or None, initial={"title": found.title, **found.texts})
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == "issue":
            return _issue(request, asked, form)
        return _draft(asked, found, form)
    context = {
        "form": form,
        "found": found,
        "rule": asked.rule,
        "may_issue": access.has(request.user, Right.ISSUE_BULLETIN, asked.batch.campaign.host),
        "crumbs": _crumbs((_("Draft a notice"), "")),
    }
    return render(request, "reports/notice/edit.html", context, status=400 if form.errors else 200)


def _issue(request: HttpRequest, asked: Asked, form: NoticeForm) -> HttpResponse:
    need(access.has(request.user, Right.ISSUE_BULLETIN, asked.batch.campaign.host))
    try:
        made = actions.issue_notice(by=request.user, asked=asked, title=form.cleaned_data["title"], texts=form.texts)
    except actions.AlreadyIssued as already:
        messages.error(request, _("A notice of these weeks has been issued already; here it is."))
        return redirect("reports:ranking_notice", pk=already.notice.pk)
    messages.success(request, _("Issued, registered, and told to all units."))
    return redirect("reports:ranking_notice", pk=made.pk)


def _draft(asked: Asked, found: queries.Proposal, form: NoticeForm) -> FileResponse:
    """What is typed now as a Word file marked as a draft."""
    content: dict[str, Any] = {**form.texts, "headers": found.headers, "rows": found.rows}
    title = form.cleaned_data["title"]
    made = queries.letter(asked.batch.campaign, content, title=title, on=clock.today(), draft=True)
    return FileResponse(io.BytesIO(letter_docx(made)), as_attachment=True, filename=f"{title}.docx")


def _get(request: HttpRequest, pk: int) -> RankingNotice:
    rows = RankingNotice.objects.visible_to(request.user).select_related("batch__campaign__host", "issued_by", "entry")
    return get_object_or_404(rows, pk=pk)
