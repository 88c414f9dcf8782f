"""Bodies of the campaign: what there is, who is in them, and who is still awaited (D-01..D-08, D-11, D-17, D-18)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Case, Count, IntegerField, Prefetch, Q, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from campaign.models import Batch
from campaign.playbook import Playbook
from campaign.queries import batch_for
from supervision import body_rules
from supervision.actions import bodies as actions
from supervision.body_filters import StaffFilter, UnitFilter
from supervision.forms.bodies import BodyForm, BodyMemberEditForm, BodyMemberForm
from supervision.models import Body, BodyMember, SupervisionGroup
from supervision.queries import bodies as reads
from supervision.views.doing import attempt
from supervision.views.place import crumbs
from units.guards import need_somewhere
from units.models import Organization, Post
from units.roles import Right
from units.rules import can_grant_posts

PER_PAGE = 50
IN_UNITS = (Body.Kind.LEADING_GROUP, Body.Kind.OFFICE)  # what an organisation below the host sets up (D-01, D-02)


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages on bodies, beside each other."""
    pages = [
        ("bodies", _("Bodies")),
        ("staffing", _("Staffing")),
        ("body_meetings", _("Meetings on record")),
        ("letters", _("Responsibility letters")),
    ]
    return [
        {"label": label, "url": reverse(f"supervision:{name}"), "current": name == current, "count": 0}
        for name, label in pages
    ]


def open_batch(request: HttpRequest) -> Batch | None:
    """The batch that the pages are about; 404 to who holds no post, 403 to who may not see."""
    need_somewhere(request.user, Right.VIEW)
    return batch_for(request.user)


def rule_name(playbook: Playbook, kind: str) -> str:
    """What the playbook calls a body of the host, else the plain word."""
    rule = playbook.body(kind)
    return str(rule.name) if rule else str(Body.Kind(kind).label)


def body_list(request: HttpRequest) -> HttpResponse:
    """The host's bodies, those it still lacks, and what each unit has set up."""
    batch = open_batch(request)
    if batch is None:
        return render(request, "supervision/body/list.html", {"batch": None, "tabs": tabs("bodies")})
    form = UnitFilter(request.GET or None)
    units = reads.units_with_bodies(batch, request.user, form.told("state") or "", form.told("q") or "")
    page = Paginator(units, PER_PAGE).get_page(request.GET.get("page"))
    rows = [(row, body_rules.can_keep_bodies(request.user, row.unit.organization)) for row in
            reads.unit_bodies(batch, list(page.object_list))]  # fmt: skip
    bodies = _bodies_of(batch, batch.campaign.host)
    may = body_rules.can_keep_bodies(request.user, batch.campaign.host)
    context = {
        "batch": batch,
        "tabs": tabs("bodies"),
        "bodies": bodies,
        "lacking": _lacking(batch, bodies) if may else [],
        "may_keep": may,
        "form": form,
        "page": page,
        "rows": rows,
    }
    return render(request, "supervision/body/list.html", context)


def _bodies_of(batch: Batch, organization: Organization) -> list[Body]:
    """Standing bodies in the order of their kinds, with heads, people and those awaited. Two queries."""
    present = Q(members__to_date=None)
    rows = Body.objects.standing().filter(campaign=batch.campaign_id, organization=organization)
    heads = BodyMember.objects.current().filter(role=BodyMember.Role.HEAD)
    rows = rows.annotate(
        people=Count("members", filter=present), awaited=Count("members", filter=present & Q(members__in_place_on=None))
    ).prefetch_related(Prefetch("members", queryset=heads, to_attr="heads"))
    order = list(Body.Kind)
    return sorted(rows, key=lambda row: order.index(Body.Kind(row.kind)))


def _lacking(batch: Batch, bodies: Iterable[Body]) -> list[tuple[str, str]]:
    """Bodies of the playbook that the host has not set up: kind and name."""
    have = {row.kind for row in bodies}
    playbook = batch.campaign.playbook
    return [(rule.key, str(rule.name)) for rule in playbook.bodies if rule.key not in have]


def _kinds(batch: Batch, organization: Organization) -> list[tuple[str, Any]]:
    """What can still be set up at an organisation."""
    have = set(
        Body.objects.standing()
        .filter(campaign=batch.campaign_id, organization=organization)
        .values_list("kind", flat=True)
    )
    at_host = organization.pk == batch.campaign.host_id
    kinds = list(Body.Kind) if at_host else IN_UNITS
    playbook = batch.campaign.playbook
    return [
        (kind.value, rule_name(playbook, kind) if at_host else kind.label) for kind in kinds if kind.value not in have
    ]


def body_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Set up a body at an organisation; `?kind=` chooses which."""
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    batch = batch_for(request.user)
    if batch is None:
        raise Http404
    if not body_rules.can_keep_bodies(request.user, organization):
        raise PermissionDenied
    kinds = _kinds(batch, organization)
    form = BodyForm(request.POST or None, kinds=kinds, initial=_proposed(batch, organization, kinds, request))
    if request.method == "POST" and form.is_valid():
        try:
            kind, facts = form.cleaned_data["kind"], form.facts()
            body = actions.set_up_body(
                by=request.user, campaign=batch.campaign, organization=organization, kind=kind, facts=facts
            )
            return redirect("supervision:body", body.pk)
        except actions.BodyRefused as refusal:
            form.add_error(None, str(refusal))
    listed = (_("Bodies and staff"), reverse("supervision:bodies"))
    context = {
        "form": form if kinds or form.is_bound else None,
        "organization": organization,
        "crumbs": crumbs(organization, listed, (_("Set up a body"), "")),
    }
    return render(request, "supervision/body/new.html", context)


def _proposed(batch: Batch, organization: Organization, kinds: Any, request: HttpRequest) -> dict[str, Any]:
    """Kind, name and way of working as the playbook has them."""
    known = dict(kinds)
    kind = request.GET.get("kind", "")
    kind = kind if kind in known else next(iter(known), "")
    if not kind:
        return {}
    rule = batch.campaign.playbook.body(kind) if organization.pk == batch.campaign.host_id else None
    mode = str(rule.mode) if rule and rule.mode else ""
    return {"kind": kind, "name": str(known[kind]) if rule else f"{organization.name}{known[kind]}"[:80], "mode": mode}


def _body(request: HttpRequest, pk: int, *, to_change: bool = False) -> Body:
    rows = Body.objects.visible_to(request.user).select_related("campaign__host", "organization")
    body = get_object_or_404(rows, pk=pk)
    if to_change and not body_rules.can_change_body(request.user, body):
        raise PermissionDenied
    return body


def body_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Duties, people and way of working; a post names somebody to it."""
    body = _body(request, pk, to_change=request.method == "POST")
    may = body_rules.can_change_body(request.user, body)
    form = BodyMemberForm(request.POST or None, initial={"in_place_on": clock.today()}) if may else None
    if request.method == "POST" and form is not None and form.is_valid():
        data = form.cleaned_data
        try:
            actions.name_to_body(
                by=request.user,
                body=body,
                name=data["name"],
                user=data["account"],
                role=data["role"],
                seconded=form.seconded(),
            )
            messages.success(request, _("%(name)s is now in %(body)s.") % {"name": data["name"], "body": body.name})
            return redirect("supervision:body", pk)
        except actions.BodyRefused as refusal:
            form.add_error(None, str(refusal))
    context = {"body": body, "form": form, "may": may, **_about(request, body)}
    return render(request, "supervision/body/detail.html", context, status=422 if form and form.errors else 200)


def _about(request: HttpRequest, body: Body) -> dict[str, Any]:
    playbook, at_host = body.campaign.playbook, body.organization_id == body.campaign.host_id
    rank = Case(
        When(role=BodyMember.Role.HEAD, then=Value(0)),
        When(role=BodyMember.Role.DEPUTY, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    people = list(body.members.all().select_related("user").order_by(rank, "pk"))
    present = [one for one in people if one.to_date is None]
    return {
        "rule": playbook.body(body.kind) if at_host else None,
        "statements": reads.mechanism(playbook) if body.kind == Body.Kind.LEADING_GROUP else [],
        "members": list(zip(present, _posts(body, present), strict=True)),
        "former": [one for one in people if one.to_date is not None],
        "groups": _groups(body) if body.kind == Body.Kind.SUPERVISION and at_host else [],
        "may_grant": can_grant_posts(request.user, body.organization),
        "crumbs": crumbs(body.organization, (_("Bodies and staff"), reverse("supervision:bodies")), (body.name, "")),
    }


def _posts(body: Body, people: list[BodyMember]) -> list[list[str]]:
    """The posts that each of them holds at the organisation of the body. One query."""
    users = [one.user_id for one in people if one.user_id]
    rows = Post.objects.current(clock.today()).filter(user__in=users, organization=body.organization_id)
    held: dict[int, list[str]] = {}
    for row in rows:
        held.setdefault(row.user_id, []).append(str(row.get_role_display()))
    return [held.get(one.user_id or 0, []) for one in people]


def _groups(body: Body) -> list[SupervisionGroup]:
    rows = SupervisionGroup.objects.filter(campaign=body.campaign_id, owner=None)
    return list(rows.annotate(people=Count("members", filter=Q(members__to_date=None))).order_by("pk"))


def body_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Name, telephone, place and way of working."""
    body = _body(request, pk, to_change=True)
    initial = {name: getattr(body, name) for name in ("name", "phone", "place", "mode")}
    form = BodyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_body(by=request.user, body=body, facts=form.facts())
            return redirect("supervision:body", pk)
        except actions.BodyRefused as refusal:
            form.add_error(None, str(refusal))
    back = (body.name, reverse("supervision:body", args=[pk]))
    context = {"body": body, "form": form, "crumbs": crumbs(body.organization, back, (_("Edit"), ""))}
    return render(request, "supervision/body/edit.html", context)


@require_POST
def body_dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """End a body and the membership of all in it."""
    body = _body(request, pk, to_change=True)
    done = _("%(body)s has been dissolved; its record stays.") % {"body": body.name}
    attempt(request, actions.dissolve_body, done, body=body)
    return redirect("supervision:body", pk)


def _member(request: HttpRequest, pk: int) -> BodyMember:
    seen = Body.objects.visible_to(request.user)
    rows = BodyMember.objects.filter(body__in=seen).select_related("body__organization", "body__campaign__host")
    member = get_object_or_404(rows, pk=pk)
    if not body_rules.can_change_body(request.user, member.body):
        raise PermissionDenied
    return member


def body_member_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Role, where somebody comes from, and since when in place."""
    member = _member(request, pk)
    names = ("role", "title", "seconded_from", "expected_on", "in_place_on", "note")
    form = BodyMemberEditForm(request.POST or None, initial={name: getattr(member, name) for name in names})
    if request.method == "POST" and form.is_valid():
        done = _("Saved what is known of %(name)s.") % {"name": member.name}
        given = {"member": member, "role": form.cleaned_data["role"], "seconded": form.seconded()}
        if attempt(request, actions.change_member, done, form, **given):
            return redirect("supervision:body", member.body_id)
    back = (member.body.name, reverse("supervision:body", args=[member.body_id]))
    trail = crumbs(member.body.organization, back, (member.name, ""))
    return render(request, "supervision/body/member.html", {"member": member, "form": form, "crumbs": trail})


@require_POST
def body_member_end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody out of the body."""
    member = _member(request, pk)
    done = _("%(name)s has left %(body)s.") % {"name": member.name, "body": member.body.name}
    attempt(request, actions.take_out, done, member=member)
    return redirect("supervision:body", member.body_id)


# ---------------------------------------------------------------- staffing
def staffing(request: HttpRequest) -> HttpResponse:
    """Who is in which body or group, from which unit, and who is not yet in place (D-18)."""
    batch = open_batch(request)
    if batch is None:
        return render(request, "supervision/body/staffing.html", {"batch": None, "tabs": tabs("staffing")})
    figures = reads.staff_figures(batch, request.user)
    form = StaffFilter(request.GET or None, units=[name for name, _n in figures.units])
    rows = reads.staff(batch, request.user, waiting=form.told("state") == "waiting", unit=form.told("unit") or "")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    today = clock.today()
    people = [dict(zip(reads.COLUMNS, row, strict=True)) for row in page.object_list]
    for row in people:
        row["late"] = row["in_place_on"] is None and row["expected_on"] is not None and row["expected_on"] < today
    context = {
        "batch": batch,
        "tabs": tabs("staffing"),
        "figures": figures,
        "form": form,
        "page": page,
        "people": people,
    }
    return render(request, "supervision/body/staffing.html", context)
