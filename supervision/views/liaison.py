"""Liaison points: the map of leaders and batches, leaders, setting points up and ending them (R-01, R-03, R-08)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from campaign.queries import batch_for
from supervision import liaison_rules as rules
from supervision.actions import liaison as actions
from supervision.forms.liaison import EndPointForm, LeaderForm, PointForm
from supervision.models import LiaisonLeader, LiaisonPoint
from supervision.queries import liaison as queries
from supervision.views.doing import attempt
from units import access
from units.guards import need, need_somewhere
from units.models import Organization, Post
from units.roles import Right

PER_PAGE = 25
SUGGESTED = 2000


def tabs(current: str) -> list[dict[str, Any]]:
    """Liaison points and pairing stand beside each other."""
    pages = ((_("Liaison points"), "supervision:liaison"), (_("Pairing"), "supervision:pairings"))
    return [{"label": label, "url": reverse(name), "current": name == current} for label, name in pages]


def liaison(request: HttpRequest) -> HttpResponse:
    """From the host: leaders and batches. From a unit: its own points. A leader: where his points stand."""
    own = LiaisonPoint.objects.current().filter(leader__user=request.user.pk)
    if not own.exists():
        need_somewhere(request.user, Right.VIEW)
    batch = batch_for(request.user)
    context: dict[str, Any] = {"batch": batch, "tabs": tabs("supervision:liaison")}
    context["mine"] = queries.standings(list(queries.listed(own)[:PER_PAGE]))
    if batch is not None:
        context |= _map(request, batch.campaign)
        context["book"] = batch.campaign.playbook.liaison
    return render(request, "supervision/liaison/list.html", context)


def _map(request: HttpRequest, campaign: Campaign) -> dict[str, Any]:
    """All leaders, for who sees the whole jurisdiction; else, and on request, a list of points."""
    whole = access.has(request.user, Right.VIEW, campaign.host)
    page_number = request.GET.get("page")
    if whole and request.GET.get("show") != "list":
        leaders = Paginator(campaign.liaison_leaders.in_office().select_related("user"), PER_PAGE).get_page(page_number)
        columns = queries.columns_of(campaign)
        return {
            "whole": True,
            "page": leaders,
            "columns": columns,
            "rows": queries.map_rows(list(leaders), columns),
            "lacking": queries.lacking(campaign),
            "shared": queries.shared(campaign),
            "can_set_up": rules.can_set_up(request.user, campaign),
        }
    points = queries.listed(LiaisonPoint.objects.visible_to(request.user).filter(batch__campaign=campaign))
    ended = request.GET.get("state") == "ended"
    page = Paginator(points.filter(to_date__isnull=not ended), PER_PAGE).get_page(page_number)
    return {"whole": False, "sees_map": whole, "page": page, "rows": queries.standings(list(page)), "ended": ended}


# ---------------------------------------------------------------- leaders
def _campaign_to_set_up(request: HttpRequest) -> Campaign:
    need_somewhere(request.user, Right.SET_UP)
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    need(rules.can_set_up(request.user, batch.campaign))
    return batch.campaign


def leader_new(request: HttpRequest) -> HttpResponse:
    """Put a leader on the list."""
    campaign = _campaign_to_set_up(request)
    return _leader(request, campaign, None)


def leader_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct a leader's name, post or account, or note that he has left."""
    seen = LiaisonLeader.objects.visible_to(request.user).select_related("campaign__host", "user")
    leader = get_object_or_404(seen, pk=pk)
    need(rules.can_set_up(request.user, leader.campaign))
    return _leader(request, leader.campaign, leader)


def _accounts(campaign: Campaign) -> QuerySet[User]:
    """Those with a post in the host's tree."""
    here = Post.objects.current(clock.today()).filter(access.below(campaign.host.path, "organization"))
    return access.people(here)


def _leader(request: HttpRequest, campaign: Campaign, leader: LiaisonLeader | None) -> HttpResponse:
    people = _accounts(campaign)
    initial = {} if leader is None else {"name": leader.name, "post": leader.post, "left_on": leader.left_on}
    if leader is not None and leader.user is not None:
        initial["user"] = leader.user.username
    form = LeaderForm(request.POST or None, accounts=people, known=leader is not None, initial=initial)
    if request.method == "POST" and form.is_valid():
        action = actions.change_leader if leader else actions.add_leader
        given = {"leader": leader} if leader else {"campaign": campaign}
        done = _("%(name)s is on record.") % {"name": form.cleaned_data["name"]}
        if attempt(request, action, done, form, data=form.data_of(), **given):
            return redirect("supervision:liaison")
    context = {"form": form, "leader": leader, "people": people[:SUGGESTED]}
    return render(request, "supervision/liaison/leader.html", context)


# ---------------------------------------------------------------- points
def point_new(request: HttpRequest) -> HttpResponse:
    """Give a leader a point; an organisation that is the point of another leader too is told, not refused."""
    campaign = _campaign_to_set_up(request)
    places = Organization.objects.visible_to(request.user, Right.SET_UP).active()
    form = PointForm(
        request.POST or None,
        leaders=campaign.liaison_leaders.in_office(),
        batches=campaign.batches.filter(closed_on=None),
        organizations=places,
        initial={key: request.GET.get(key, "") for key in ("leader", "batch") if request.GET.get(key)},
    )
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            point = actions.set_point(
                by=request.user,
                leader=given["leader"],
                batch=given["batch"],
                data=form.data_of(),
                from_date=given["from_date"],
            )
        except actions.LiaisonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            return _set_up(request, point)
    context = {"form": form, "organizations": places[:SUGGESTED], "book": campaign.playbook.liaison}
    return render(request, "supervision/liaison/new.html", context)


def _set_up(request: HttpRequest, point: LiaisonPoint) -> HttpResponse:
    told = {"leader": point.leader.name, "name": point.label}
    messages.success(request, _("%(name)s is now a liaison point of %(leader)s.") % told)
    _warn_if_shared(request, point)
    return redirect("supervision:liaison_point", point.pk)


def _warn_if_shared(request: HttpRequest, point: LiaisonPoint) -> None:
    others = LiaisonPoint.objects.current().points().filter(batch=point.batch_id, organization=point.organization_id)
    names = [row.leader.name for row in others.exclude(pk=point.pk).select_related("leader")]
    if point.organization_id and names:
        text = _("%(name)s is the liaison point of %(others)s too. Look whether that is meant.")
        messages.warning(request, text % {"name": point.label, "others": "、".join(names)})


def point_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End a point with a reason, or put another organisation in its place."""
    point = point_or_404(request, pk)
    need(rules.can_set_up(request.user, point.batch.campaign) and point.to_date is None)
    places = Organization.objects.visible_to(request.user, Right.SET_UP).active()
    form = EndPointForm(request.POST or None, organizations=places)
    if point.organization is None:
        del form.fields["successor"]
    if request.method == "POST" and form.is_valid():
        try:
            successor = actions.end_point(by=request.user, point=point, **form.cleaned_data)
        except actions.LiaisonRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            if successor is not None:
                return _set_up(request, successor)
            messages.success(request, _("The liaison point has ended."))
            return redirect("supervision:liaison_point", pk)
    context = {"form": form, "point": point, "organizations": places[:SUGGESTED]}
    return render(request, "supervision/liaison/end.html", context)


def point_or_404(request: HttpRequest, pk: int) -> LiaisonPoint:
    """A point in scope with what its pages need."""
    seen = LiaisonPoint.objects.visible_to(request.user)
    related = ("leader__user", "batch__campaign__host", "organization", "set_by")
    return get_object_or_404(seen.select_related(*related), pk=pk)
