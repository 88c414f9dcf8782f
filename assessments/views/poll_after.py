"""After the count: comments that wait to be read, publication, and the page that everybody may read (I-16)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from assessments import poll_results
from assessments.actions import poll_after as actions
from assessments.ballots.disclosure import LEAST_FOR_COMMENTS
from assessments.forms.poll_results import PublishForm, TakeBackForm
from assessments.models import Poll, PollComment, PollUnit
from assessments.views.poll_results import PER_PAGE, Seen, counted
from campaign.views.notices import code

USUAL_DAYS = 7  # of a public notice (decision 11)
STATES = {"shown": PollComment.State.SHOWN, "withheld": PollComment.State.WITHHELD}


def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that are shown, for whoever sees the unit; those that wait or are withheld, for the holder alone."""
    seen = counted(request, pk)
    if seen is None:
        return redirect("assessments:poll", pk=pk)
    rows = PollComment.objects.filter(unit__in=seen.units).select_related("unit").order_by("unit__name", "key")
    state = STATES.get(request.GET.get("state", ""), PollComment.State.WAITING)
    state = state if seen.reads_comments else STATES["shown"]
    page = Paginator(rows.filter(state=state), PER_PAGE).get_page(request.GET.get("page"))
    context = seen.context(
        "poll_comments", page=page, state=state, choices=_choices(seen, state), least=LEAST_FOR_COMMENTS
    )
    return render(request, "assessments/poll/comments.html", context)


def _choices(seen: Seen, state: str) -> list[dict[str, Any]]:
    """Tabs over the comments; only the holder has more than one."""
    if not seen.reads_comments:
        return []
    address = reverse("assessments:poll_comments", args=[seen.poll.pk])
    found = PollComment.objects.filter(unit__in=seen.units).values_list("state", flat=True)
    counts = list(found)
    return [
        {"label": label, "url": f"{address}?state={key}", "current": key == state, "count": counts.count(key)}
        for key, label in PollComment.State.choices
    ]


@require_POST
def comment_decide(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    """Show a comment, or withhold it."""
    seen = counted(request, pk)
    if seen is None:
        return redirect("assessments:poll", pk=pk)
    if not seen.reads_comments:
        raise PermissionDenied
    rows = PollComment.objects.filter(unit__in=seen.units).select_related("unit__poll__organization")
    comment = get_object_or_404(rows, pk=key)
    show = request.POST.get("show") == "1"
    try:
        actions.decide_comment(by=request.user, comment=comment, show=show, undo="undo" in request.POST)
        messages.success(request, _("The comment is shown.") if show else _("The comment is withheld."))
    except actions.CommentDecided:
        messages.error(request, _("Somebody else has decided on this comment meanwhile."))
    state = request.POST.get("state", "")
    return redirect(f"{reverse('assessments:poll_comments', args=[pk])}{f'?state={state}' if state in STATES else ''}")


def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish the results to a page without sign-in, or take them back."""
    seen = counted(request, pk)
    if seen is None or seen.poll.kind != Poll.Kind.UNIT:
        return redirect("assessments:poll_results" if seen else "assessments:poll", pk=pk)
    if not seen.holds:
        raise PermissionDenied
    published = seen.poll.published_at is not None
    form = (TakeBackForm if published else PublishForm)(request.POST or None, initial={"days": USUAL_DAYS})
    if request.method == "POST" and form.is_valid():
        _publish(request, seen.poll, form.cleaned_data, published)
        return redirect("assessments:poll_publish", pk=pk)
    url = _address(request, seen.poll.public_token) if published else ""
    context = seen.context("poll_publish", form=form, url=url, code=code(url) if url else "", **_told(seen.poll))
    return render(request, "assessments/poll/publish.html", context, status=422 if form.errors else 200)


def _address(request: HttpRequest, token: str) -> str:
    return request.build_absolute_uri(reverse("poll_public:results", args=[token]))


def _publish(request: HttpRequest, poll: Poll, data: dict[str, Any], published: bool) -> None:
    try:
        if published:
            actions.take_back(by=request.user, poll=poll, reason=data["reason"])
            messages.success(request, _("The results are taken back: the address shows nothing now."))
        else:
            actions.publish(by=request.user, poll=poll, address=_address(request, "-token-"), **data)
            messages.success(request, _("The results are published, and public notice of them is given."))
    except actions.NotPublished:
        messages.error(request, _("Somebody else has published these results or taken them back meanwhile."))


def _told(poll: Poll) -> dict[str, Any]:
    """What the public page holds: figures of what may be shown, of the whole survey, whoever asks."""
    instrument, playbook = poll.questionnaire().instrument, poll.batch.campaign.playbook
    units = PollUnit.objects.filter(poll=poll).select_related("organization__parent", "survey")
    found = poll_results.figures(units, instrument).order_by("organization__path", "pk")
    lines = [poll_results.line(unit, instrument, playbook) for unit in found]
    return {
        "poll": poll,
        "instrument": instrument,
        "lines": lines,
        "total": poll_results.total(lines),
        "bands": poll_results.bands(lines, playbook),
        "banded": sum(one.band is not None for one in lines),
    }


@login_not_required
def public_results(request: HttpRequest, token: str) -> HttpResponse:
    """The published results, without sign-in, session or cookie."""
    rows = Poll.objects.filter(public_token=token, state=Poll.State.CLOSED).exclude(published_at=None)
    poll = rows.select_related("organization", "batch__campaign").first()
    if poll is None:
        return HttpResponseNotFound(render_to_string("assessments/poll/public_gone.html"))
    return HttpResponse(render_to_string("assessments/poll/public.html", _told(poll)))
