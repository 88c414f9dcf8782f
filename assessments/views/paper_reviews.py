"""Reviewing self-analyses: the queue, the review, the re-check, reviewers by hand, and deputies."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from accounts.models import User
from assessments import paper_rules as rules
from assessments.actions import analyses as actions
from assessments.actions import analyses_after as after
from assessments.forms.analyses import AssignForm, DeputyForm, QueueFilter, VerdictForm
from assessments.models import AnalysisVersion, Deputy, PaperReview, SelfAnalysis
from assessments.models.analyses import principals_of
from assessments.papers import changes, paragraphs
from assessments.queries.analyses import latest_version, possible_reviewers
from assessments.views.analyses import commented, find, reviews_of, unstated_sources
from units import access
from units.guards import need_somewhere
from units.models import Post
from units.roles import Right

REVIEWERS = (Right.REVIEW, Right.LEAD, Right.PAPERS)
SEALED = ("sources", "text", "views", "measures")
ADMINISTRATORS = ("member", "auditor", "system_administrator", "security_administrator")


def _need_reviewer(user: Any) -> None:
    """Whose post may review; and who stands in for such a one."""
    if len(principals_of(user)) < 2:
        need_somewhere(user, *REVIEWERS)


def queue(request: HttpRequest) -> HttpResponse:
    """What is routed to the user, the longest waiting first; what is decided below it."""
    _need_reviewer(request.user)
    choices = [(key, label) for key, label in SelfAnalysis.State.choices if key != "draft"]
    form = QueueFilter(request.GET, choices=choices)
    rows = SelfAnalysis.objects.reviewable_by(request.user).filter(batch__closed_on=None)
    rows = rows.defer(*SEALED).select_related("member", "organization", "assigned_reviewer")
    waits = When(state__in=actions.WAITING, then=Value(0))
    rows = filtered(rows, form).order_by(Case(waits, default=Value(1)), "submitted_at", "pk")
    office = any(access.has(request.user, Right.APPROVE, p.organization) for p in access.posts_of(request.user))
    context = {
        "page": Paginator(rows, 25).get_page(request.GET.get("page")),
        "form": form,
        "filtered": any(request.GET.get(name) for name in form.fields),
        "principals": User.objects.filter(pk__in=principals_of(request.user)).exclude(pk=request.user.pk),
        "may_set_deputy": rules.can_set_deputy(request.user),
        "unrouted": _unrouted(request.user).count() if office else 0,
    }
    return render(request, "assessments/analyses/queue.html", context)


def filtered(rows: QuerySet[SelfAnalysis], form: QueueFilter) -> QuerySet[SelfAnalysis]:
    """By state and name."""
    data = form.cleaned_data if form.is_valid() else {}
    if data.get("state"):
        rows = rows.filter(state=data["state"])
    word = (data.get("q") or "").strip()
    if word:
        rows = rows.filter(Q(member__name__icontains=word) | Q(organization__name__icontains=word))
    return rows


def _unrouted(user: Any) -> QuerySet[SelfAnalysis]:
    reach = access.scope(user, Right.PAPERS) & access.scope(user, Right.APPROVE)
    return SelfAnalysis.objects.unrouted().filter(reach).exclude(member__user=user)


def unrouted(request: HttpRequest) -> HttpResponse:
    """Papers that nobody may review: the office names a reviewer (decision 8)."""
    need_somewhere(request.user, Right.APPROVE)
    if not access.has_anywhere(request.user, Right.PAPERS):
        raise PermissionDenied
    rows = _unrouted(request.user).defer(*SEALED).select_related("member", "organization")
    page = Paginator(rows.order_by("submitted_at", "pk"), 25).get_page(request.GET.get("page"))
    return render(request, "assessments/analyses/unrouted.html", {"page": page})


# ---------------------------------------------------------------- review and re-check
def paper_review(request: HttpRequest, pk: int) -> HttpResponse:
    """Read paragraph by paragraph, comment, pass or return."""
    return _judge(request, pk, recheck=False)


def paper_recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """The same after the meetings: does the paper stand (F-15)?"""
    return _judge(request, pk, recheck=True)


def _judge(request: HttpRequest, pk: int, *, recheck: bool) -> HttpResponse:
    paper = find(request, pk)
    allowed = rules.can_recheck if recheck else rules.can_review
    if not allowed(request.user, paper):
        routed = SelfAnalysis.objects.reviewable_by(request.user).filter(pk=pk).exists()
        if request.method == "POST" and routed:  # he could a moment ago
            messages.error(request, _("Somebody else has decided on this paper meanwhile; your word was not saved."))
            return redirect("assessments:paper", pk=pk)
        raise PermissionDenied
    version = latest_version(paper)
    assert version is not None  # noqa: S101  a paper that waits or has passed was handed in
    count = len(paragraphs(version))
    form = VerdictForm(request.POST or None, paragraphs=count, recheck=recheck, initial={"number": version.number})
    if request.method == "POST" and form.is_valid():
        return _decided(request, paper, form, recheck=recheck)
    actions.record_reading(by=request.user, paper=paper, begins=not recheck)
    return render(
        request, "assessments/analyses/review.html", _review_page(request, paper, version, form, recheck=recheck)
    )


def _decided(request: HttpRequest, paper: SelfAnalysis, form: VerdictForm, *, recheck: bool) -> HttpResponse:
    data = form.cleaned_data
    decide = actions.recheck if recheck else actions.review
    try:
        made = decide(
            by=request.user,
            paper=paper,
            number=data["number"],
            verdict=data["verdict"],
            overall=data["overall"],
            comments=form.typed(),
        )
    except actions.PaperMoved:
        text = _("A newer version was handed in, or somebody else has decided meanwhile; your word was not saved.")
        messages.error(request, text)
        return redirect("assessments:paper", pk=paper.pk)
    passes = made.verdict == PaperReview.Verdict.PASS
    if recheck:
        text = _("Re-checked: it stands.") if passes else _("Sent back to be revised.")
    else:
        text = _("Passed.") if passes else _("Returned with your comments.")
    messages.success(request, text)
    if recheck or not SelfAnalysis.objects.reviewable_by(request.user).exists():
        return redirect("assessments:paper", pk=paper.pk)
    return redirect("assessments:paper_queue")


def _review_page(
    request: HttpRequest, paper: SelfAnalysis, version: AnalysisVersion, form: VerdictForm, *, recheck: bool
) -> dict[str, Any]:
    before = paper.versions.filter(number=version.number - 1).first()
    earlier = reviews_of(before) if before else []
    typed = form.typed() if form.is_bound else {}
    rows = [{**row, "typed": typed.get(row["number"], "")} for row in commented(version, reviews_of(version))]
    return {
        "paper": paper,
        "version": version,
        "form": form,
        "recheck": recheck,
        "rows": rows,
        "unstated": unstated_sources(version),
        "before": before,
        "earlier": [row for row in commented(before, earlier) if row["said"]] if before else [],
        "earlier_reviews": earlier,
        "changes": changes(paragraphs(before), paragraphs(version)) if before else None,
        "crumbs": [(_("Self-analyses to review"), reverse("assessments:paper_queue")), (str(paper), "")],
    }


def paper_assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Name a reviewer by hand, where the rules find nobody or the one found cannot."""
    paper = find(request, pk)
    if not rules.can_assign(request.user, paper):
        raise PermissionDenied
    form = AssignForm(request.POST or None, people=possible_reviewers(request.user, paper))
    if request.method == "POST" and form.is_valid():
        try:
            actions.assign_reviewer(by=request.user, paper=paper, reviewer=form.cleaned_data["reviewer"])
            messages.success(request, _("%(name)s reviews it now.") % {"name": form.cleaned_data["reviewer"]})
        except actions.PaperMoved:
            messages.error(request, _("Somebody has decided on this paper meanwhile."))
        return redirect("assessments:paper_unrouted")
    context = {
        "paper": paper,
        "form": form,
        "crumbs": [(_("Without a reviewer"), reverse("assessments:paper_unrouted"))],
    }
    return render(request, "assessments/analyses/assign.html", context)


# ---------------------------------------------------------------- deputies
def _people_below(user: Any) -> QuerySet[User]:
    """Whom the head of the office may name as away or as deputy: holders of posts in his reach."""
    reach = access.scope(user, Right.PAPERS) & access.scope(user, Right.APPROVE)
    posts = Post.objects.current(clock.today()).filter(reach).exclude(role__in=ADMINISTRATORS)
    return access.people(posts)


def _colleagues(user: Any) -> QuerySet[User]:
    """Whom a reviewer may name for himself: holders of posts at or below, or above, where his own post is."""
    reach = Q(pk__in=[])
    for post in access.posts_of(user):
        path = post.organization.path
        reach |= access.below(path, "organization") | Q(
            organization__path__in=[path[:end] for end in range(4, len(path), 4)]
        )
    posts = Post.objects.current(clock.today()).filter(reach).exclude(role__in=ADMINISTRATORS)
    return access.people(posts).exclude(pk=user.pk)


def _deputies(user: Any) -> QuerySet[Deputy]:
    return Deputy.objects.filter(
        Q(principal=user) | Q(deputy=user) | Q(set_by=user) | Q(principal__in=_people_below(user))
    ).select_related("principal", "deputy", "set_by")


def _queue_crumb(user: Any) -> list[tuple[str, str]]:
    """Back to the queue of papers, for whom it is there; others come from the applications that they decide on."""
    if not any(access.has_anywhere(user, right) for right in REVIEWERS):
        return []
    return [(_("Self-analyses to review"), reverse("assessments:paper_queue"))]


def deputies(request: HttpRequest) -> HttpResponse:
    """Who stands in for whom; a new one is set here."""
    user = request.user
    if not rules.can_set_deputy(user):
        _need_reviewer(user)
    office = _people_below(user)
    principals = User.objects.filter(Q(pk=user.pk) | Q(pk__in=office))
    people = User.objects.filter(Q(pk__in=_colleagues(user)) | Q(pk__in=office))
    initial = {"principal": user.pk, "from_date": clock.today()}
    form = DeputyForm(request.POST or None, principals=principals, deputies=people, initial=initial)
    if request.method == "POST" and form.is_valid():
        made = after.set_deputy(by=user, **form.cleaned_data)
        text = _("%(deputy)s stands in for %(name)s.") % {"deputy": made.deputy, "name": made.principal}
        messages.success(request, text)
        return redirect("assessments:deputies")
    context = {
        "form": form,
        "page": Paginator(_deputies(user), 25).get_page(request.GET.get("page")),
        "today": clock.today(),
        "crumbs": [*_queue_crumb(user), (_("Deputies"), "")],
    }
    return render(request, "assessments/analyses/deputies.html", context)


@require_POST
def deputy_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a deputy: who is away, or who named him."""
    deputy = get_object_or_404(_deputies(request.user), pk=pk)
    own = request.user.pk in {deputy.principal_id, deputy.set_by_id}
    if not own and not _people_below(request.user).filter(pk=deputy.principal_id).exists():
        raise PermissionDenied
    after.end_deputy(by=request.user, deputy=deputy)
    messages.success(request, _("The deputy is ended."))
    return redirect("assessments:deputies")
