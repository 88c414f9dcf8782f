"""The papers of a branch or of all below: who stands where, reminders, notices, and the organisation's own analysis."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from accounts.templatetags.shell import clock_time
from accounts.templatetags.shell import names as name_row
from assessments import paper_rules as rules
from assessments.actions import analyses as actions
from assessments.actions import analyses_after as after
from assessments.forms.analyses import STANDINGS, NoticeForm, OpinionForm, OrganizationPaperForm, QueueFilter
from assessments.models import OrganizationAnalysis
from assessments.papers import split
from assessments.queries.analyses import exemption, papers_of, reviewer_names, standing_of, tallies
from assessments.views.analyses import find
from campaign.models import Batch
from campaign.views.activities import absent
from campaign.views.places import Place, crumbs, find_place
from units.models import Member, Organization

EXEMPT = "exempt"
TO_REMIND = ("missing", "draft", "returned")


# ---------------------------------------------------------------- overview
def papers(request: HttpRequest, pk: int) -> HttpResponse:
    """Counts for every branch below; of the organisation's own members the names, to whom the papers are open."""
    place = find_place(request, pk)
    if place.participation is None or place.batch is None:
        return absent(request, place)
    here, batch = place.organization, place.batch
    names = rules.sees_names(request.user, here)
    rules_of_length = batch.campaign.playbook.analysis
    members = standing_of(batch, rules_of_length, Member.objects.on_roll().filter(organization=here))
    form = QueueFilter(request.GET, choices=[*STANDINGS, (EXEMPT, _("Exempt"))])
    places, total = tallies(batch, rules_of_length, here)
    context = {
        "place": place,
        "organization": here,
        "names": names,
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "total": total,
        "places": [] if here.is_branch else Paginator(places, 50).get_page(request.GET.get("branches")),
        "rules": rules_of_length,
        "own_paper": OrganizationAnalysis.objects.filter(batch=batch, organization=here).first(),
        "crumbs": crumbs(request.user, here, _("Self-analyses")),
        "to_remind": 0,
    }
    if names:
        context |= _named(request, place, members, form)
    return render(request, "assessments/analyses/overview.html", context)


def _named(request: HttpRequest, place: Place, members: QuerySet[Member], form: QueueFilter) -> dict[str, Any]:
    data = form.cleaned_data if form.is_valid() else {}
    shown = members
    if data.get("state"):
        shown = shown.filter(standing=data["state"])
    if (data.get("q") or "").strip():
        shown = shown.filter(name__icontains=data["q"].strip())
    page = Paginator(shown.order_by("pk"), 50).get_page(request.GET.get("page"))
    found = papers_of(place.batch, page.object_list)
    reviewers = reviewer_names(found.values())
    analysis = place.batch.campaign.playbook.analysis
    may_enter = place.active and rules.enters_papers(request.user, place.organization)
    rows = [
        {
            "member": member,
            "standing": member.standing,
            "paper": found.get(member.pk),
            "reviewers": reviewers.get(found[member.pk].pk, []) if member.pk in found else [],
            "exempt": exemption(analysis, member),
            "enter": may_enter and _may_enter(found.get(member.pk), member),
        }
        for member in page.object_list
    ]
    return {"page": page, "rows": rows, "to_remind": members.filter(standing__in=TO_REMIND).count()}


def _may_enter(paper: Any, member: Member) -> bool:
    """One who has begun to write himself is left to write himself."""
    if paper is None:
        return True
    return paper.is_open and (member.user_id is None or paper.saved_by_id != member.user_id)


@require_POST
def papers_remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Remind every member of the organisation whose paper is not handed in."""
    place = find_place(request, pk)
    if place.batch is None or not rules.can_remind(request.user, place.organization):
        raise PermissionDenied
    own = Member.objects.on_roll().filter(organization=place.organization).select_related("user")
    late = list(standing_of(place.batch, place.batch.campaign.playbook.analysis, own).filter(standing__in=TO_REMIND))
    reached = actions.remind(by=request.user, organization=place.organization, members=late)
    text = ngettext("Reminded %(count)d member.", "Reminded %(count)d members.", reached) % {"count": reached}
    messages.success(request, text)
    alone = [member.name for member in late if member.user_id is None]
    if alone:
        sentence = _("Without an account, to be told in person: %(names)s")
        messages.warning(request, sentence % {"names": name_row(alone, 20)})
    return redirect("assessments:papers", pk=pk)


# ---------------------------------------------------------------- notices (F-08)
def paper_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where a passed paper hangs, for whom and how long."""
    paper = find(request, pk)
    if not rules.can_notice(request.user, paper):
        raise PermissionDenied
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            after.notice_paper(by=request.user, paper=paper, **form.cleaned_data)
            messages.success(request, _("The notice is given."))
        except (after.NoticeGiven, actions.PaperMoved):
            messages.error(request, _("The paper was put on notice or sent back by somebody else meanwhile."))
        return redirect("assessments:paper", pk=pk)
    context = {
        "form": form,
        "title": str(paper.member),
        "back": paper,
        "crumbs": crumbs(request.user, paper.organization),
    }
    return render(request, "assessments/analyses/notice.html", context)


@require_POST
def paper_opinion(request: HttpRequest, pk: int) -> HttpResponse:
    """Note what was said about a paper on notice."""
    paper = find(request, pk)
    if not rules.can_note_opinion(request.user, paper):
        raise PermissionDenied
    form = OpinionForm(request.POST)
    if form.is_valid():
        after.note_opinion(by=request.user, paper=paper, text=form.cleaned_data["text"])
        messages.success(request, _("The opinion is noted."))
    else:
        messages.error(request, _("Write what was said, up to 1,000 characters."))
    return redirect("assessments:paper", pk=pk)


# ---------------------------------------------------------------- the organisation's own (F-07)
def organization_paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The analysis of an organisation: read it, write it, finish it."""
    place = find_place(request, pk)
    if place.participation is None or place.batch is None:
        return absent(request, place)
    here = place.organization
    paper = OrganizationAnalysis.objects.filter(batch=place.batch, organization=here).select_related("notice").first()
    may_write = rules.can_write_organization(request.user, here, paper)
    if request.method == "POST":
        return _organization_posted(request, place.batch, here, paper, may_write=may_write)
    initial = {"text": paper.text, "revision": paper.revision} if paper else {"revision": 0}
    return _organization_page(request, here, paper, OrganizationPaperForm(initial=initial), may_write=may_write)


def _organization_posted(
    request: HttpRequest, batch: Batch, here: Organization, paper: OrganizationAnalysis | None, *, may_write: bool
) -> HttpResponse:
    if "reopen" in request.POST:
        if paper is None or not rules.can_notice_organization(request.user, here, paper):
            raise PermissionDenied
        try:
            after.reopen_organization_paper(by=request.user, paper=paper)
        except actions.PaperMoved:
            messages.error(request, _("It was put on notice by somebody else meanwhile."))
        return redirect("assessments:organization_paper", pk=here.pk)
    if not may_write:
        raise PermissionDenied
    paper = paper or after.organization_paper_for(here, batch)
    form = OrganizationPaperForm(request.POST)
    silent = "X-Autosave" in request.headers
    if not form.is_valid():
        if silent:
            return JsonResponse({"message": _("Not saved: look at what is marked.")}, status=400)
        return _organization_page(request, here, paper, form, may_write=True)
    return _organization_saved(request, here, paper, form, silent=silent)


def _organization_saved(
    request: HttpRequest, here: Organization, paper: OrganizationAnalysis, form: OrganizationPaperForm, *, silent: bool
) -> HttpResponse:
    data = form.cleaned_data
    try:
        revision = after.save_organization_draft(
            by=request.user, paper=paper, text=data["text"], revision=data["revision"]
        )
    except (actions.DraftMoved, actions.PaperClosed):
        paper.refresh_from_db()
        told = _("It was saved elsewhere at %(time)s. Press “Save the draft” and choose which text stays.")
        if silent:
            return JsonResponse({"message": told % {"time": clock_time(paper.saved_at)}}, status=409)
        again = OrganizationPaperForm(initial={"text": data["text"], "revision": paper.revision})
        may = rules.can_write_organization(request.user, here, paper)
        return _organization_page(request, here, paper, again, may_write=may, conflict=paper, status=409)
    paper.refresh_from_db()
    if silent:
        told = _("Saved at %(time)s") % {"time": clock_time(paper.saved_at)}
        return JsonResponse({"revision": revision, "characters": paper.characters, "message": told})
    if "finish" in request.POST:
        try:
            after.finish_organization_paper(by=request.user, paper=paper)
            messages.success(request, _("The analysis is finished. Now put it on notice."))
        except actions.SectionMissing:
            form.add_error("text", _("Write the analysis first."))
            return _organization_page(request, here, paper, form, may_write=True)
        except actions.PaperMoved:
            messages.error(request, _("The paper was changed elsewhere meanwhile. Look at it once more."))
    else:
        messages.success(request, _("The draft is saved."))
    return redirect("assessments:organization_paper", pk=here.pk)


def _organization_page(
    request: HttpRequest,
    here: Organization,
    paper: OrganizationAnalysis | None,
    form: OrganizationPaperForm,
    *,
    may_write: bool,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    finished = paper is not None and paper.state == OrganizationAnalysis.State.FINISHED
    readable = paper is not None and (finished or rules.sees_names(request.user, here))
    context = {
        "organization": here,
        "paper": paper,
        "form": form,
        "may_write": may_write,
        "may_notice": rules.can_notice_organization(request.user, here, paper),
        "lines": split(paper.text) if paper and readable else [],
        "characters": paper.characters if paper else 0,
        "crumbs": crumbs(request.user, here, _("Analysis of the organisation")),
        **extra,
    }
    return render(request, "assessments/analyses/organization.html", context, status=status)


def organization_paper_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the finished analysis on notice."""
    place = find_place(request, pk)
    rows = OrganizationAnalysis.objects.filter(batch=place.batch, organization=place.organization)
    paper = rows.select_related("organization", "batch").first()
    if not rules.can_notice_organization(request.user, place.organization, paper) or paper is None:
        raise PermissionDenied
    form = NoticeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            after.notice_organization_paper(by=request.user, paper=paper, **form.cleaned_data)
            messages.success(request, _("The notice is given."))
        except (after.NoticeGiven, actions.PaperMoved):
            messages.error(request, _("It was put on notice by somebody else meanwhile."))
        return redirect("assessments:organization_paper", pk=pk)
    context = {"form": form, "title": place.organization.name, "crumbs": crumbs(request.user, place.organization)}
    return render(request, "assessments/analyses/notice.html", context)
