"""The dashboard of an organisation of any level: what its secretary wants to see at a glance, each figure leading to
its list. `?screen=1` is the same for a big screen in the office, which refreshes itself."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import clock
from campaign import rules
from campaign.models import Batch, Participation
from campaign.queries import batch_for, governing
from campaign.views.places import Crumb
from reports.queries.dashboard import counting, shown
from reports.queries.dashboard.unit import unit_of
from reports.queries.home import heat
from reports.queries.home.office import plan_of
from units import access
from units.guards import need_somewhere
from units.models import Organization
from units.roles import Right

CHILDREN = 30  # a page
WEEKS = 8  # of the heat map; rates are over all weeks
SECONDS = 60  # between two refreshes of a big screen


def dashboard(request: HttpRequest) -> HttpResponse:
    """That of the highest organisation which the user's posts reach."""
    need_somewhere(request.user, Right.VIEW)
    return dashboard_of(request, _tops(request.user)[0].pk)


def dashboard_of(request: HttpRequest, pk: int) -> HttpResponse:
    """An organisation above the units by those below it; a unit, or a part of one, by itself."""
    root = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    batch = batch_for(request.user)
    if batch is None:
        return _render(request, root, None, "none", {})
    units = Participation.objects.filter(access.below(root.path, "organization"), batch=batch)
    if units.exclude(organization=root).exists():
        return _above(request, batch, root)
    participation = governing(root, batch)
    if participation is None:
        return _render(
            request, root, batch, "none", {"may_set_up": rules.can_set_up(request.user, batch.campaign.host)}
        )
    return _unit(request, participation, root)


def _tops(user: Any) -> list[Organization]:
    """Where the user's posts begin, the highest first."""
    paths = set(access.roots(user, Right.VIEW))
    found = {one.path: one for post in access.posts_of(user) if (one := post.organization).path in paths}
    return sorted(found.values(), key=lambda one: (len(one.path), one.path))


def _render(
    request: HttpRequest, root: Organization, batch: Batch | None, level: str, context: dict[str, Any]
) -> HttpResponse:
    screen = bool(request.GET.get("screen"))
    template = "reports/dashboard/screen.html" if screen else "reports/dashboard/page.html"
    tops = _tops(request.user)
    known = {
        "organization": root,
        "batch": batch,
        "level": level,
        "screen": screen,
        "seconds": SECONDS,
        "now": clock.now(),
        "as_of": clock.now(),
        "tops": tops if len(tops) > 1 else [],
        "crumbs": _crumbs(request.user, root),
    }
    return render(request, template, known | context)


def _crumbs(user: Any, root: Organization) -> list[Crumb]:
    """Up the levels as far as one's posts reach."""
    found: list[Crumb] = []
    for one in root.ancestors_and_self():
        seen = one.pk != root.pk and access.has(user, Right.VIEW, one)
        found.append((one.name, reverse("reports:dashboard_of", args=[one.pk]) if seen else ""))
    return [*found, (_("Dashboard"), "")]


# ---------------------------------------------------------------- above the units
def _above(request: HttpRequest, batch: Batch, root: Organization) -> HttpResponse:
    if "now" in request.GET:
        counting.forget(batch, root)
        query = request.GET.copy()
        del query["now"]
        return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
    figures = counting.figures_of(request.user, batch, root)
    page = Paginator(figures.ranked(), CHILDREN).get_page(request.GET.get("page"))
    places = {one.path: one for one in Organization.objects.filter(path__in=list(page))}
    below = [(places[path], figures.parts[path]) for path in page if path in places]
    drills = {one.pk: "" if one.pk == root.pk else reverse("reports:dashboard_of", args=[one.pk]) for one, _p in below}
    total, columns = figures.total, figures.weeks[-WEEKS:]
    context = {
        "as_of": figures.counted_at,
        "fresh_url": "?now=1",
        "plan": plan_of(batch),
        "figures": figures,
        "page": page,
        "keys": _keys(batch, figures),
        "stage_heads": shown.stage_heads(batch, total.picture),
        "stage_rows": [shown.stage_row(batch, one, p.picture, total.picture, drills[one.pk]) for one, p in below],
        "stage_total": shown.stage_row(batch, root, total.picture, total.picture, ""),
        "spans": shown.spans(batch, root, figures),
        "work_heads": shown.work_heads(batch),
        "work_rows": [shown.work_row(batch, one, p, drills[one.pk]) for one, p in below],
        "work_total": shown.work_row(batch, root, total, ""),
        "age_heads": shown.age_heads(),
        "ages": shown.ages(root, figures.ages),
        "has_items": total.items.total,
        "band_heads": shown.band_heads(batch, figures),
        "bands": shown.bands(batch, root, figures),
        "rule": next((rule for rule in batch.campaign.playbook.reports if rule.key == figures.rule), None),
        "columns": columns,
        "heat_rows": [shown.heat_row(one, p.weeks, columns) for one, p in below if p.weeks.units] if columns else [],
        "heat_keys": heat.keys(),
        "behind": [heat.sentence(*one) for one in figures.behind],
        "this_week": total.weeks.by_week[-1] if total.weeks.by_week else None,
        "links": _links(batch, root),
    }
    return _render(request, root, batch, "above", context)


def _keys(batch: Batch, figures: counting.Figures) -> list[tuple[int, str]]:
    """Of the stage bars."""
    stages = [(stage.position, str(stage.name)) for stage in batch.campaign.playbook.stages]
    total = figures.total.picture
    first = [(0, _("Not begun"))] if total.ahead else []
    return [*first, *stages, *([(len(stages) + 1, _("All stages done"))] if total.after else [])]


def _links(batch: Batch, root: Organization) -> dict[str, str]:
    """The lists behind the figures of the strip."""
    units = shown.addresses("campaign:participations", root, batch=batch.pk)
    transitions = shown.addresses("supervision:transitions", root)
    items = shown.addresses("campaign:rectification", None, root.pk)
    return {
        "units": units(),
        "overrun": units(late="on"),
        "weekly": shown.addresses("reports:weekly", root)(),
        "all_weeks": shown.addresses("reports:weekly", root)(weeks="all"),
        "overdue": items(overdue="on"),
        "unclosed": items(state="unclosed"),
        "submitted": transitions(state="submitted"),
        "cards": shown.addresses("supervision:cards", root)(state="issued"),
        "proposed": shown.addresses("supervision:cards", root)(state="proposed"),
    }


# ---------------------------------------------------------------- a unit, or a part of it
def _unit(request: HttpRequest, participation: Participation, root: Organization) -> HttpResponse:
    batch = participation.batch
    unit = unit_of(request.user, participation, root)
    page = Paginator(unit.children, CHILDREN).get_page(request.GET.get("page"))
    rows = [(row.overdue, row.open, row.reported, row.closed) for row in unit.ages]
    columns = unit.columns[-WEEKS:]
    progress, active = unit.evidence.progress, participation.state == Participation.State.ACTIVE
    context = {
        "participation": participation,
        "here": unit,
        "plan": None,
        "current": participation.current(),
        "page": page,
        "work_heads": shown.work_heads(batch),
        "work_rows": [_child(child) for child in page],
        "study_query": f"?stage={progress.stage}" if progress else "",
        "lists": active and rules.can_see_members(request.user, root),
        "short": unit.counted - unit.enough,
        "papers_short": unit.papers.asked - unit.papers.passed,
        "gate_url": reverse("supervision:gate", args=[participation.pk]),
        "age_heads": shown.age_heads(),
        "ages": shown.ages(root, rows),
        "has_items": unit.items.total,
        "columns": columns,
        "heat_rows": [shown.heat_row(root, unit.weeks, columns)] if columns else [],
        "heat_keys": heat.keys(),
        "rule": next((r for r in batch.campaign.playbook.reports if r.reporter == "unit"), None),
        "this_week": unit.weeks.by_week[-1] if unit.weeks.by_week else None,
        "links": _links(batch, root),
    }
    return _render(request, root, batch, "unit", context)


def _child(child: Any) -> shown.WorkRow:
    one, study = child.organization, child.study
    items = shown.addresses("campaign:rectification", None, one.pk)
    items_open = child.items.open + child.items.overdue + child.items.reported
    numbers = [
        shown.Number(child.items.overdue, items(overdue="on"), "bad"),
        shown.Number(items_open, items(state="unclosed")),
    ]
    return shown.WorkRow(one, reverse("reports:dashboard_of", args=[one.pk]), _shares(study), numbers)


def _shares(study: Any) -> list[tuple[int, int]]:
    hours = [] if study.reached is None else [(study.reached, study.due)]
    return [*hours, *((row.reached, row.base) for row in study.coverages)]
