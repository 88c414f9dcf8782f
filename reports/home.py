"""The home page by role, and the search of the top bar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import clock
from accounts.audit import ACTIONS
from campaign import todo
from campaign.models import Campaign, Participation
from campaign.queries import batch_for
from campaign.views.branch import branch_page
from campaign.views.places import place_of
from reports.queries.home import admin as admin_queries
from reports.queries.home import groups, heat, issue, office, own, record, standings
from reports.queries.home.picture import reached
from reports.queries.search import LONGEST
from reports.queries.search import search as find
from reports.queries.weekly import heat as weekly_grid
from units import access, queries
from units.models import Member, Organization
from units.roles import Right, Role

UNITS_A_PAGE = 20  # of the supervision desk
LONG_LATE = dt.timedelta(days=5)  # late from then on with the stronger sign

NAMES: dict[str, Any] = {
    "office": gettext_lazy("Campaign office"),
    "supervision": gettext_lazy("Supervision group"),
    "branch": gettext_lazy("My organisation"),
    "admin": gettext_lazy("Administration"),
    "member": gettext_lazy("My own record"),
}


def homes_of(user: Any) -> list[str]:
    """The home pages that a user has, the one of his first role in front; "member" for who is on the roster."""
    held = sorted((Role.registry[p.role] for p in access.posts_of(user) if p.role in Role.registry), key=_order)
    homes = list(dict.fromkeys(role.home for role in held))
    if "member" not in homes and member_of(user) is not None:
        homes.append("member")
    return homes


def _order(role: type[Role]) -> int:
    return role.order


def member_of(user: Any) -> Member | None:
    """The user's own entry in the roster."""
    return getattr(user, "member", None)


def home(request: HttpRequest) -> HttpResponse:
    """Each role's own page; who has several chooses with ?view=."""
    homes = homes_of(request.user)
    if not homes:
        return _no_post(request)
    chosen = request.GET.get("view", "")
    view = chosen if chosen in homes else homes[0]
    context: dict[str, Any] = {
        "now": clock.now(),
        "homes": [{"label": NAMES[key], "url": f"?view={key}", "current": key == view} for key in homes],
    }
    return PAGES[view](request, context)


def _no_post(request: HttpRequest) -> HttpResponse:
    """Nobody has given a post yet; to who sets the server up: how it begins."""
    if request.user.is_superuser and not Organization.objects.exists():
        return render(request, "reports/home/start.html", {"steps": _steps(None, True)})
    return render(request, "reports/home/no_post.html", {"now": clock.now()})


# ---------------------------------------------------------------- office
def _office(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    user, batch = request.user, batch_for(request.user)
    root = office.top_of(user, "office")
    rows = standings.standings(batch, access.below(root.path, "organization")) if batch else []
    if batch is None or not rows:
        steps = _steps(root, access.has_anywhere(user, Right.SET_UP), bool(batch))
        return render(request, "reports/home/start.html", {**context, "steps": steps, "root": root})
    grid = weekly_grid(user, batch)
    tree = office.tree_of(root)
    people = office.people(batch, root, rows)
    picture = office.picture_of(batch, root, rows, tree, people.by_unit)
    waiting, late = _todos(user)
    late = sorted([*office.overdue(rows, batch), *late], key=lambda item: (item.due is None, item.due))
    context |= {
        "root": root,
        "crumbs": [(root.name, ""), (batch.campaign.office_short_name, "")],
        "batch": batch,
        "plan": office.plan_of(batch),
        "organisations": office.organisations(tree),
        "people": people,
        "picture": picture,
        "reached": reached(picture),
        "grid": grid,
        "due_at": grid.columns[-1].due if grid and grid.columns else None,
        "heat": heat.heat_of(grid) if grid else None,
        "issue": issue.card_of(user, batch, grid),
        "waiting": _items(waiting, first=True),
        "late": _items(late),
        "waiting_count": sum(item.count for item in waiting),
    }
    return render(request, "reports/home/office.html", context)


def _todos(user: Any) -> tuple[list[todo.Todo], list[todo.Todo]]:
    """What waits, and what is late already, each in order of its day."""
    found = todo.gather(user)
    return [item for item in found if not item.late], [item for item in found if item.late]


def _items(found: list[todo.Todo], *, first: bool = False) -> list[dict[str, Any]]:
    """As the to-do component takes them; only the first that waits is the page's main action."""
    long_ago = clock.today() - LONG_LATE
    return [
        {
            "n": None if item.late else item.count,
            "tone": ("bad" if item.due and item.due <= long_ago else "late") if item.late else "",
            "title": item.title,
            "detail": item.detail,
            "url": item.url,
            "button": item.button,
            "primary": first and index == 0,
        }
        for index, item in enumerate(found)
    ]


def _steps(root: Organization | None, may: bool, has_batch: bool = False) -> dict[str, Any]:
    """How far the beginning has got: the roster, then the campaign, then who takes part."""
    figures = queries.figures(root) if root else None
    roster = bool(figures and figures.members)
    campaign = bool(root and Campaign.objects.filter(host__path__startswith=root.path[:4]).exists())
    return {"figures": figures, "roster": roster, "campaign": campaign, "batch": has_batch, "may": may}


# ---------------------------------------------------------------- supervision
def _supervision(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    batch = batch_for(request.user)
    reach = groups.reach_of(request.user, batch) if batch else None
    waiting, late = _todos(request.user)
    page = Paginator(reach.rows if reach else [], UNITS_A_PAGE).get_page(request.GET.get("page"))
    context |= {
        "batch": batch,
        "reach": reach,
        "page": page,
        "waiting": _items([*late, *waiting], first=True),
        "waiting_count": sum(item.count for item in [*late, *waiting]),
        "late_count": len(late),
    }
    return render(request, "reports/home/supervision.html", context)


# ---------------------------------------------------------------- branch
def _branch(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The page of the own organisation, with what is due on top; who has several chooses among them."""
    user = request.user
    mine = _own_organizations(user)
    chosen = request.GET.get("at", "")
    organization = next((one for one in mine if str(one.pk) == chosen), mine[0])
    waiting, late = _todos(user)
    context |= {
        "todo": _items([*late, *waiting]),  # none of them red: the page has its main action
        "mine": [
            {"label": one.name, "url": f"?view=branch&at={one.pk}", "current": one.pk == organization.pk}
            for one in mine
        ],
        "home": True,
    }
    heading = _greeting(user, sum(item.count for item in [*waiting, *late]))
    return branch_page(
        request, place_of(user, organization), heading, template="reports/home/branch.html", extra=context
    )


def _own_organizations(user: Any) -> list[Organization]:
    """Where the user holds posts of that kind, the lowest first: that is where he works every day."""
    held = {
        post.organization_id: post.organization
        for post in access.posts_of(user)
        if post.role in Role.registry and Role.registry[post.role].home == "branch"
    }
    return sorted(held.values(), key=lambda one: (-len(one.path), one.path))


def _greeting(user: Any, count: int) -> str:
    if not count:
        return _("%(name)s, welcome") % {"name": user}
    return _("%(name)s, things to do: %(count)d") % {"name": user, "count": count}


# ---------------------------------------------------------------- administration, member
def _admin(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    user = request.user
    context |= {"desk": admin_queries.desk_of(user)}
    if access.has_anywhere(user, Right.AUDIT):
        page = Paginator(queries.entries_visible_to(user)[:200], 20).get_page(request.GET.get("page"))
        context |= {"page": page, "labels": ACTIONS}
    return render(request, "reports/home/admin.html", context)


def _member(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """One's own record. A member's post without an entry in the roster shows whom to ask."""
    member = member_of(request.user)
    if member is None:
        return render(request, "reports/home/no_post.html", {**context, "unknown": True})
    found = record.record_of(member)
    if found.participation is not None:
        rows = record.attended(member, found.participation)
        context["page"] = Paginator(rows, 20).get_page(request.GET.get("page"))
        if found.participation.state == Participation.State.ACTIVE:
            done = {mark.action: mark.done_on for mark in record.marks_of(member, found.participation)}
            context["cards"] = own.cards_of(member, found.participation, done)
    return render(request, "reports/home/member.html", {**context, "own": found, "member": member})


PAGES: dict[str, Callable[[HttpRequest, dict[str, Any]], HttpResponse]] = {
    "office": _office,
    "supervision": _supervision,
    "branch": _branch,
    "admin": _admin,
    "member": _member,
}


# ---------------------------------------------------------------- search
def search(request: HttpRequest) -> HttpResponse:
    """Organisations, members and documents within the scope of one's posts."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    return render(request, "reports/home/search.html", {"text": text, "groups": find(request.user, text)})
