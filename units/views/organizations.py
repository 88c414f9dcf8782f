"""The tree, one organisation, and what changes them; work units."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import clock
from units import access, actions, queries, rules
from units.forms.filters import UnitFilter
from units.forms.organizations import CloseForm, MoveForm, OrganizationForm, WorkUnitForm
from units.guards import need, need_somewhere
from units.models import Organization, Post, WorkUnit
from units.refusals import CodeTaken, UnitsRefusal, WrongDate
from units.roles import Right
from units.views.shared import crumbs, page_of, refuse, tabs


def tree(request: HttpRequest) -> HttpResponse:
    """The organisations in scope, two levels and what was opened; or a flat list of what a search found."""
    need_somewhere(request.user, Right.VIEW)
    text = request.GET.get("q", "").strip()
    found = None
    if text:
        visible = Organization.objects.visible_to(request.user).select_related("parent")
        found = page_of(request, queries.organizations_matching(visible, text))
    opened = [int(pk) for pk in request.GET.getlist("open") if pk.isdigit()][:20]
    nodes = [] if text else queries.visible_tree(request.user, opened)
    edits = access.has_anywhere(request.user, Right.EDIT_ROSTER)
    context = {"nodes": nodes, "found": found, "text": text, "edits": edits, "tabs": tabs("tree")}
    return render(request, "units/organization/tree.html", context)


def _get(request: HttpRequest, pk: int) -> Organization:
    return get_object_or_404(Organization.objects.visible_to(request.user).select_related("parent"), pk=pk)


def organization(request: HttpRequest, pk: int) -> HttpResponse:
    """Facts, work units, posts, what is below, and its moves."""
    found = _get(request, pk)
    today = clock.today()
    posts = Post.objects.filter(organization=found).select_related("user")
    children = found.children.order_by("path").annotate(own_members=Count("members", filter=Q(members__left_on=None)))
    context = {
        "organization": found,
        "crumbs": crumbs(request.user, found),
        "figures": queries.figures(found),
        "work_units": found.work_units.all(),
        "posts": posts.current(today),
        "past_posts": posts.filter(to_date__lt=today)[:50],
        "children": children,
        "moves": found.moves.select_related("from_parent", "to_parent", "by"),
        "can": _possibilities(request.user, found),
        "bulk_url": f"{reverse('units:account_bulk')}?organization={pk}",
    }
    return render(request, "units/organization/detail.html", context)


def _possibilities(user: Any, found: Organization) -> dict[str, bool]:
    return {
        "edit": rules.can_edit_roster(user, found),
        "add": rules.can_add_below(user, found),
        "move": rules.can_move(user, found),
        "close": rules.can_close(user, found),
        "reopen": rules.can_reopen(user, found),
        "members": access.has(user, Right.VIEW_MEMBERS, found),
        "grant": rules.can_grant_posts(user, found),
        "accounts": rules.can_make_accounts(user, found),
    }


def organization_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an organisation under this one."""
    parent = _get(request, pk)
    need(rules.can_add_below(request.user, parent))
    form = OrganizationForm(request.POST or None, parent=parent)
    if request.method == "POST" and form.is_valid():
        try:
            added = actions.create_organization(by=request.user, parent=parent, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "code" if isinstance(refusal, CodeTaken) else "kind")
        else:
            messages.success(request, _("%(name)s has been added.") % {"name": added.name})
            return redirect("units:organization", pk=added.pk)
    context = {"form": form, "parent": parent, "crumbs": crumbs(request.user, parent, _("Add an organisation"))}
    return render(request, "units/organization/new.html", context)


def organization_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename, correct the code."""
    found = _get(request, pk)
    need(rules.can_edit_roster(request.user, found))
    initial = {"name": found.name, "code": found.code, "founded_on": found.founded_on}
    form = OrganizationForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_organization(by=request.user, organization=found, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "code" if isinstance(refusal, CodeTaken) else "founded_on")
        else:
            messages.success(request, _("%(name)s has been changed.") % {"name": found.name})
            return redirect("units:organization", pk=pk)
    context = {"form": form, "organization": found, "crumbs": crumbs(request.user, found, _("Edit"))}
    return render(request, "units/organization/edit.html", context)


def organization_move(request: HttpRequest, pk: int) -> HttpResponse:
    """Put it under another organisation, from a day on."""
    found = _get(request, pk)
    need(rules.can_move(request.user, found))
    superiors = Organization.objects.visible_to(request.user, Right.EDIT_ROSTER).active()
    superiors = superiors.exclude(kind=Organization.Kind.BRANCH).exclude(access.below(found.path, ""))
    form = MoveForm(request.POST or None, superiors=superiors, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.move_organization(by=request.user, organization=found, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "on" if isinstance(refusal, WrongDate) else "parent")
        else:
            moved = {"name": found.name, "parent": form.cleaned_data["parent"].name}
            messages.success(request, _("%(name)s now stands under %(parent)s.") % moved)
            return redirect("units:organization", pk=pk)
    context = {
        "form": form,
        "organization": found,
        "figures": queries.figures(found),
        "superiors": superiors,
        "crumbs": crumbs(request.user, found, _("Move this organisation")),
    }
    return render(request, "units/organization/move.html", context)


def organization_close(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an organisation that is empty."""
    found = _get(request, pk)
    need(rules.can_close(request.user, found))
    form = CloseForm(request.POST or None, initial={"on": clock.today()})
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_organization(by=request.user, organization=found, **form.cleaned_data)
        except UnitsRefusal as refusal:
            refuse(form, refusal, "on" if isinstance(refusal, WrongDate) else None)
        else:
            messages.success(request, _("%(name)s has been closed.") % {"name": found.name})
            return redirect("units:organization", pk=pk)
    context = {"form": form, "organization": found, "crumbs": crumbs(request.user, found, _("Close this organisation"))}
    return render(request, "units/organization/close.html", context)


@require_POST
def organization_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo a closing."""
    found = _get(request, pk)
    need(rules.can_reopen(request.user, found))
    try:
        actions.reopen_organization(by=request.user, organization=found)
    except UnitsRefusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("%(name)s is open again. Give its posts anew.") % {"name": found.name})
    return redirect("units:organization", pk=pk)


def work_units(request: HttpRequest) -> HttpResponse:
    """Work units in scope with the organisations that cover them."""
    need_somewhere(request.user, Right.VIEW)
    visible = WorkUnit.objects.visible_to(request.user)
    types = sorted(set(visible.exclude(type="").order_by().values_list("type", flat=True)))
    form = UnitFilter(request.GET or None, types=types)
    covering = Organization.objects.visible_to(request.user).order_by("depth", "path")
    rows = (
        form.narrow(visible)
        .annotate(on_roll=Count("members", filter=Q(members__left_on=None), distinct=True))
        .prefetch_related(Prefetch("organizations", queryset=covering, to_attr="covering"))
        .order_by("code")
    )
    edits = access.reaches_root(request.user, Right.EDIT_ROSTER)
    context = {"form": form, "page": page_of(request, rows), "edits": edits, "tabs": tabs("work_units")}
    return render(request, "units/work_unit/list.html", context)


def work_unit_new(request: HttpRequest) -> HttpResponse:
    """Add a work unit."""
    return _work_unit_form(request, None)


def work_unit_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a work unit and what covers it."""
    return _work_unit_form(request, get_object_or_404(WorkUnit.objects.visible_to(request.user), pk=pk))


def _work_unit_form(request: HttpRequest, unit: WorkUnit | None) -> HttpResponse:
    need_somewhere(request.user, Right.VIEW)
    need(access.reaches_root(request.user, Right.EDIT_ROSTER))
    reach = Organization.objects.visible_to(request.user, Right.EDIT_ROSTER)
    form = WorkUnitForm(request.POST or None, reach=reach, unit=unit)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.save_work_unit(
                by=request.user,
                data=form.data_of_unit(),
                organizations=form.cleaned_data["organizations"],
                unit=unit,
            )
        except CodeTaken as refusal:
            refuse(form, refusal, "code")
        else:
            messages.success(request, _("%(name)s has been saved.") % {"name": saved.name})
            return redirect("units:work_units")
    return render(request, "units/work_unit/edit.html", {"form": form, "unit": unit})
