"""Writing one's self-analysis, handing it in, and reading it with the reviewer's comments."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.templatetags.shell import clock_time
from assessments import paper_rules as rules
from assessments.actions import analyses as actions
from assessments.forms.analyses import DocxForm, OpinionForm, PaperForm
from assessments.models import AnalysisFile, AnalysisVersion, PaperReview, SelfAnalysis
from assessments.papers import SECTIONS, SOURCE, by_headings, changes, count_characters, paragraphs, sources_of
from assessments.queries.analyses import (
    exemption,
    is_leader,
    minimum_for,
    participation_for,
    reviewer_names,
)
from campaign.models import Participation
from campaign.playbook import Item
from campaign.views.places import crumbs
from units.models import Member
from units.roles import Right


def section_names(sources: Sequence[Item] = ()) -> dict[str, str]:
    """Headings of the sections of a paper; `sources` are the playbook's (F-04)."""
    return {
        **{f"{SOURCE}{source.key}": str(source.name) for source in sources},
        "text": _("Problems, causes, direction and measures"),
        "views": _("Views of power, position and interest"),
        "measures": _("Measures since the “Three Stresses” education"),
    }


# ---------------------------------------------------------------- writing
def my_paper(request: HttpRequest) -> HttpResponse:
    """A member's own paper: the editor, or what became of it."""
    member = getattr(request.user, "member", None)
    if member is None:
        raise Http404
    return _write(request, member)


def paper_write(request: HttpRequest, pk: int) -> HttpResponse:
    """Entered for a member who does not write in the page himself."""
    member = get_object_or_404(Member.objects.visible_to(request.user, Right.PAPERS), pk=pk)
    return redirect("assessments:my_paper") if rules.is_author(request.user, member) else _write(request, member)


def _write(request: HttpRequest, member: Member) -> HttpResponse:
    participation = participation_for(member)
    paper = SelfAnalysis.objects.filter(batch=participation.batch, member=member).first() if participation else None
    if paper is not None and not paper.is_open:
        return redirect("assessments:paper", pk=paper.pk)
    if participation is None or not rules.can_write(request.user, member, paper, participation):
        if rules.is_author(request.user, member):
            return render(request, "assessments/analyses/not_begun.html", {"member": member})
        raise PermissionDenied
    if request.method == "POST":
        return _written(request, participation, paper or actions.paper_for(member, participation.batch))
    initial = _stored(paper) if paper else {"revision": 0}
    form = PaperForm(initial=initial, **_asked(participation, member))
    return _editor(request, participation, member, paper, form)


def _asked(participation: Participation, member: Member) -> dict[str, Any]:
    """What the editor asks of this member."""
    return {"leader": is_leader(member), "sources": participation.batch.campaign.playbook.analysis.sources}


def _stored(paper: SelfAnalysis) -> dict[str, Any]:
    names = (*SECTIONS, "earlier_campaign", "revision")
    sources = {f"{SOURCE}{key}": text for key, text in sources_of(paper).items()}
    return {name: getattr(paper, name) for name in names} | sources | {"original": paper.original_id}


def _written(request: HttpRequest, participation: Participation, paper: SelfAnalysis) -> HttpResponse:
    """Save; then, as the button says, stay, hand in, or read the Word file."""
    member = paper.member
    form = PaperForm(request.POST, **_asked(participation, member))
    silent = "X-Autosave" in request.headers
    if not form.is_valid():
        if silent:
            return JsonResponse({"message": _("Not saved: look at what is marked.")}, status=400)
        return _editor(request, participation, member, paper, form)
    try:
        revision = _save(request, paper, form)
    except actions.DraftMoved:
        return _conflict(request, participation, paper, form, silent=silent)
    except actions.PaperClosed:
        if silent:
            return JsonResponse({"message": _("It has been handed in meanwhile; this was not saved.")}, status=409)
        messages.error(request, _("It has been handed in meanwhile; what you typed since was not saved."))
        return redirect("assessments:paper", pk=paper.pk)
    paper.refresh_from_db()
    if silent:
        told = _("Saved at %(time)s") % {"time": clock_time(paper.saved_at)}
        return JsonResponse({"revision": revision, "characters": paper.characters, "message": told})
    if "read" in request.POST:
        return _read_file(request, participation, paper)
    if "hand_in" in request.POST:
        return _hand_in(request, participation, paper)
    messages.success(request, _("The draft is saved."))
    return redirect(request.path)


def _save(request: HttpRequest, paper: SelfAnalysis, form: PaperForm) -> int:
    data = form.cleaned_data
    file = paper.files.filter(pk=data["original"]).first() if data["original"] else None
    return actions.save_draft(
        by=request.user, paper=paper, draft=form.draft(), revision=data["revision"], original=file
    )


def _conflict(
    request: HttpRequest, participation: Participation, paper: SelfAnalysis, form: PaperForm, *, silent: bool
) -> HttpResponse:
    """Saved elsewhere meanwhile: what is typed stays in the editor, what is stored stands beside it."""
    paper.refresh_from_db()
    if silent:
        told = _("It was saved elsewhere at %(time)s. Press “Save the draft” and choose which text stays.")
        return JsonResponse({"message": told % {"time": clock_time(paper.saved_at)}}, status=409)
    typed = {name: form.data.get(name, "") for name in (*form.sources.values(), *SECTIONS)}
    typed |= {"earlier_campaign": form.cleaned_data["earlier_campaign"], "revision": paper.revision}
    again = PaperForm(initial=typed, **_asked(participation, paper.member))
    return _editor(
        request,
        participation,
        paper.member,
        paper,
        again,
        conflict=paper,
        conflict_sources=sources_of(paper),
        status=409,
    )


def _read_file(request: HttpRequest, participation: Participation, paper: SelfAnalysis) -> HttpResponse:
    """The Word file's text in the editor, for a look before it is saved."""
    docx = DocxForm(request.POST, request.FILES)
    initial, read = _stored(paper), ""
    if docx.is_valid():
        read = docx.cleaned_data["file"].name
        file = actions.keep_file(by=request.user, paper=paper, name=read, content=docx.content)
        asked = participation.batch.campaign.playbook.analysis.sources
        parts = by_headings(docx.text, {source.key: str(source.name) for source in asked})
        initial |= {"text": parts.pop(""), "original": file.pk}
        initial |= {f"{SOURCE}{key}": text for key, text in parts.items()}
    form = PaperForm(initial=initial, **_asked(participation, paper.member))
    return _editor(request, participation, paper.member, paper, form, docx=docx, read=read)


def _hand_in(request: HttpRequest, participation: Participation, paper: SelfAnalysis) -> HttpResponse:
    form = PaperForm(_stored(paper), **_asked(participation, paper.member))
    form.is_valid()
    try:
        actions.hand_in(by=request.user, paper=paper, participation=participation)
        messages.success(request, _("The self-analysis is handed in."))
        return redirect("assessments:paper", pk=paper.pk)
    except actions.TooShort as short:
        text = _(
            "It has %(have)d characters; at least %(need)d are asked for. %(short)d are missing. The draft is saved."
        )
        form.add_error("text", text % {"have": short.have, "need": short.need, "short": short.need - short.have})
    except actions.SectionMissing as gone:
        form.add_error(gone.section, _("Write this section before you hand the paper in. The draft is saved."))
    except actions.Unchanged:
        form.add_error("text", _("This is word for word what was returned. Rewrite it first."))
    except actions.DraftMoved:
        messages.error(request, _("The paper was changed elsewhere meanwhile. Look at it once more."))
        return redirect(request.path)
    return _editor(request, participation, paper.member, paper, form)


def _editor(
    request: HttpRequest,
    participation: Participation,
    member: Member,
    paper: SelfAnalysis | None,
    form: PaperForm,
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    playbook = participation.batch.campaign.playbook
    own = rules.is_author(request.user, member)
    parts = (*form.sources.values(), *SECTIONS)
    shown = sum(count_characters(str(form[name].value() or "")) for name in parts if name in form.fields)
    context = {
        "form": form,
        "docx": DocxForm(),
        "paper": paper,
        "member": member,
        "own": own,
        "minimum": minimum_for(playbook.analysis, member),
        "exempt": exemption(playbook.analysis, member),
        "characters": shown,
        "comments": _last_review(paper) if paper else None,
        "crumbs": [] if own else crumbs(request.user, member.organization, _("Self-analyses")),
        **extra,
    }
    return render(request, "assessments/analyses/edit.html", context, status=status)


# ---------------------------------------------------------------- reading
def commented(version: AnalysisVersion, reviews: list[PaperReview]) -> list[dict[str, Any]]:
    """The paragraphs of a version under their headings, each with what reviewers said there."""
    said: dict[int, list[dict[str, Any]]] = {}
    for review in reviews:
        for comment in json.loads(review.comments or "[]"):
            said.setdefault(comment["paragraph"], []).append({"text": comment["text"], "review": review})
    names, rows, last = section_names(_sources_asked(version)), [], ""
    parts = paragraphs(version)
    several = len({part.section for part in parts}) > 1
    for part in parts:
        heading = names.get(part.section, "") if several and part.section != last else ""
        rows.append({**asdict(part), "label": part.number + 1, "heading": heading, "said": said.get(part.number, [])})
        last = part.section
    return rows


def _sources_asked(version: AnalysisVersion) -> Sequence[Item]:
    return version.analysis.batch.campaign.playbook.analysis.sources


def unstated_sources(version: AnalysisVersion) -> list[str]:
    """Sources of problems that the playbook asks for and the paper says nothing of (F-04)."""
    said = sources_of(version)
    return [str(source.name) for source in _sources_asked(version) if source.key not in said]


def reviews_of(version: AnalysisVersion) -> list[PaperReview]:
    return list(version.reviews.select_related("reviewer", "for_principal"))


def _last_review(paper: SelfAnalysis) -> dict[str, Any] | None:
    """The comments on the last version, beside the editor while it is rewritten."""
    version = paper.versions.filter(number=paper.last_number).first()
    reviews = reviews_of(version) if version else []
    if version is None or not reviews:
        return None
    return {"version": version, "reviews": reviews, "rows": [r for r in commented(version, reviews) if r["said"]]}


def find(request: HttpRequest, pk: int) -> SelfAnalysis:
    """A paper that the user may know of. Raises Http404."""
    seen = SelfAnalysis.objects.visible_to(request.user)
    related = ("member__user", "member__organization", "organization", "batch__campaign", "notice", "saved_by")
    return get_object_or_404(seen.select_related(*related), pk=pk)


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The version handed in last (or ?version=), the comments at their paragraphs, and what it changed."""
    found = find(request, pk)
    own = rules.is_author(request.user, found.member)
    if own and not found.last_number:
        return redirect("assessments:my_paper")
    versions = list(found.versions.select_related("handed_in_by", "original"))
    wanted = request.GET.get("version", str(found.last_number))
    version = next((one for one in versions if str(one.number) == wanted), None)
    if versions and version is None:
        raise Http404
    if version is not None:
        actions.record_reading(by=request.user, paper=found)
    return render(request, "assessments/analyses/detail.html", _detail(request, found, versions, version, own))


def _detail(
    request: HttpRequest,
    found: SelfAnalysis,
    versions: list[AnalysisVersion],
    version: AnalysisVersion | None,
    own: bool,
) -> dict[str, Any]:
    user = request.user
    reviews = reviews_of(version) if version else []
    before = next((one for one in versions if version and one.number == version.number - 1), None)
    compare = before is not None and version is not None and "compare" in request.GET
    participation = participation_for(found.member)
    return {
        "paper": found,
        "member": found.member,
        "own": own,
        "version": version,
        "versions": versions,
        "reviews": reviews,
        "rows": commented(version, reviews) if version else [],
        "unstated": unstated_sources(version) if version else [],
        "before": before,
        "changes": changes(paragraphs(before), paragraphs(version)) if compare and before and version else None,
        "reviewers": reviewer_names([found]).get(found.pk, []),
        "can_write": found.is_open and rules.can_write(user, found.member, found, participation),
        "can_take_back": found.state == SelfAnalysis.State.SUBMITTED
        and rules.can_write(user, found.member, found, participation),
        "can_review": rules.can_review(user, found),
        "can_recheck": rules.can_recheck(user, found),
        "can_notice": rules.can_notice(user, found),
        "can_assign": rules.can_assign(user, found),
        "can_note": rules.can_note_opinion(user, found),
        "opinions": found.opinions.all() if found.notice_id else [],
        "opinion_form": OpinionForm(),
        "crumbs": [] if own else crumbs(user, found.organization, (_("Self-analyses"), _overview(found)), str(found)),
    }


def _overview(found: SelfAnalysis) -> str:
    return reverse("assessments:papers", args=[found.organization_id])


@require_POST
def paper_take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what nobody has begun to review."""
    found = find(request, pk)
    if not rules.can_write(request.user, found.member, found, participation_for(found.member)):
        raise PermissionDenied
    try:
        actions.take_back(by=request.user, paper=found)
        messages.success(request, _("Taken back. You can go on writing."))
    except actions.PaperMoved:
        messages.error(request, _("The review has begun; it cannot be taken back now."))
        return redirect("assessments:paper", pk=pk)
    if rules.is_author(request.user, found.member):
        return redirect("assessments:my_paper")
    return redirect("assessments:paper_write", pk=found.member_id)


def paper_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The Word file that a version was read from."""
    seen = SelfAnalysis.objects.visible_to(request.user)
    files = AnalysisFile.objects.filter(analysis__in=seen).select_related("analysis__member", "analysis__organization")
    file = get_object_or_404(files, pk=pk)
    own = rules.is_author(request.user, file.analysis.member) or file.added_by_id == request.user.pk
    if not own and not AnalysisVersion.objects.filter(original=file).exists():
        raise Http404
    actions.record_reading(by=request.user, paper=file.analysis)
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    response = HttpResponse(actions.content_of(file), content_type=kind)
    response.headers["Content-Disposition"] = content_disposition_header(True, file.name)
    return response
