"""What the page frame shows on every page: campaign and batch, the menu by role, unread count, the running job."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Notification
from campaign import menu_counts
from campaign.queries import batch_for
from jobs.models import Job
from units import access
from units.models import Organization
from units.roles import Right, Role


@dataclass(frozen=True)
class Entry:
    """A menu item: shown to who holds one of `rights` somewhere (none: to everyone signed in)."""

    label: Any
    icon: str
    url_name: str
    rights: tuple[Right, ...] = ()
    own: bool = False  # the URL takes the user's own organisation
    homes: tuple[str, ...] = ()  # only for who holds a post that starts on one of these home pages
    also: str = ""  # the URL name of another page that belongs to the item


MENU: tuple[tuple[Any, tuple[Entry, ...]], ...] = (
    (
        "",
        (
            Entry(gettext_lazy("Workbench"), "layout-dashboard", "home"),
            Entry(gettext_lazy("Dashboard"), "chart-bar", "reports:dashboard", (Right.VIEW,)),
        ),
    ),
    (
        gettext_lazy("Organisation"),
        (
            Entry(gettext_lazy("Organisations and units"), "sitemap", "units:tree", (Right.VIEW,)),
            Entry(gettext_lazy("Members"), "users", "units:members", (Right.VIEW_MEMBERS,)),
            Entry(gettext_lazy("Census"), "clipboard-list", "campaign:census", (Right.VIEW,)),
            Entry(gettext_lazy("Bodies and staff"), "building-community", "supervision:bodies", (Right.VIEW,)),
        ),
    ),
    (
        gettext_lazy("Records"),
        (
            Entry(gettext_lazy("Activities and study"), "pencil", "campaign:activities", (Right.RECORD,), own=True),
            Entry(gettext_lazy("Study hours"), "school", "campaign:study", (Right.RECORD,), own=True),
            Entry(gettext_lazy("Members' own actions"), "user-check", "campaign:marks", (Right.RECORD,), own=True),
            Entry(gettext_lazy("Publicity"), "photo", "reports:publicity", (Right.RECORD, Right.VIEW)),
        ),
    ),
    (
        gettext_lazy("Progress"),
        (
            Entry(gettext_lazy("Progress by unit"), "checklist", "campaign:participations", (Right.VIEW,)),
            Entry(
                gettext_lazy("Self-analyses to review"),
                "notes",
                "assessments:paper_queue",
                (Right.REVIEW, Right.LEAD, Right.PAPERS),
            ),
            Entry(gettext_lazy("Gathering of opinions"), "message-circle", "campaign:opinions_hub", (Right.VIEW,)),
            Entry(
                gettext_lazy("Satisfaction surveys"),
                "checkbox",
                "assessments:surveys",
                (Right.VIEW,),
                also="assessments:polls",
            ),
            Entry(gettext_lazy("Knowledge tests"), "checklist", "assessments:tests", (Right.VIEW,)),
            Entry(gettext_lazy("Rectification ledger"), "list-check", "campaign:rectification_overview", (Right.VIEW,)),
            Entry(gettext_lazy("Commendation"), "flag", "assessments:commendations", (Right.VIEW,)),
        ),
    ),
    (
        gettext_lazy("Supervision and transitions"),
        (
            Entry(gettext_lazy("Transitions"), "shield-check", "supervision:transitions", (Right.VIEW,)),
            Entry(
                gettext_lazy("Make-ups"),
                "refresh",
                "supervision:makeups",
                (Right.VIEW,),
                also="supervision:spot_checks",
            ),
            Entry(
                gettext_lazy("Visits and opinions"),
                "map-pin",
                "supervision:visits",
                (Right.VIEW,),
                also="supervision:opinions",
            ),
            Entry(gettext_lazy("Cards and admonitions"), "cards", "supervision:cards", (Right.VIEW,)),
            Entry(gettext_lazy("Requests for instruction"), "help", "supervision:instructions", (Right.VIEW,)),
            Entry(
                gettext_lazy("Liaison and pairing"),
                "flag",
                "supervision:liaison",
                (Right.VIEW,),
                also="supervision:pairings",
            ),
            Entry(gettext_lazy("Supervision groups"), "shield", "supervision:groups", (Right.SET_UP, Right.REVIEW)),
        ),
    ),
    (
        gettext_lazy("Reports"),
        (
            Entry(gettext_lazy("Weekly reports"), "calendar-week", "reports:weekly", (Right.VIEW,)),
            Entry(gettext_lazy("Bulletins"), "news", "reports:bulletins"),
            Entry(
                gettext_lazy("Document register"),
                "archive",
                "reports:register",
                (Right.EDIT_BULLETIN, Right.SET_UP),
            ),
            Entry(gettext_lazy("Summary workbooks"), "table", "reports:summary", (Right.EXPORT,)),
        ),
    ),
    (
        gettext_lazy("Administration"),
        (
            Entry(
                gettext_lazy("Duty and leave"), "calendar-time", "supervision:staff", homes=("office", "supervision")
            ),
            Entry(gettext_lazy("Campaign plan"), "settings", "campaign:plan", (Right.VIEW,)),
            Entry(
                gettext_lazy("Accounts and posts"),
                "key",
                "units:accounts",
                (Right.MANAGE_ACCOUNTS, Right.GRANT_POSTS),
            ),
            Entry(gettext_lazy("History"), "history", "units:audit", (Right.AUDIT, Right.SET_UP)),
        ),
    ),
)


def own_organization(user: Any, right: Right = Right.RECORD) -> Organization | None:
    """The organisation that "my branch" means: the lowest post with the right."""
    held = [post.organization for post in access.posts_of(user) if right in post.rights]
    return max(held, key=lambda organization: len(organization.path), default=None)


def _url(entry: Entry, mine: Organization | None) -> str | None:
    if entry.own and mine is None:
        return None
    return reverse(entry.url_name, args=[mine.pk] if entry.own and mine else [])


def _is_current(path: str, url: str) -> bool:
    """Is the page the menu item's, or below it? Below a room's own address only a record's, not another topic."""
    if path == url or url == "/":
        return path == url
    below = path[len(url) :] if path.startswith(url) else ""
    return bool(below) and (url.count("/") > 2 or below[0].isdigit())


def _menu(request: HttpRequest) -> list[dict[str, Any]]:
    user, groups = request.user, []
    mine = own_organization(user)
    homes = {Role.registry[post.role].home for post in access.posts_of(user) if post.role in Role.registry}
    counts = menu_counts.counts(request)
    for title, entries in MENU:
        items = []
        for entry in entries:
            if entry.rights and not any(access.has_anywhere(user, right) for right in entry.rights):
                continue
            if entry.homes and homes.isdisjoint(entry.homes):
                continue
            url = _url(entry, mine)
            if url:
                pages = [url, *([reverse(entry.also)] if entry.also else [])]
                current = any(_is_current(request.path, page) for page in pages)
                items.append(
                    {
                        "label": entry.label,
                        "icon": entry.icon,
                        "url": url,
                        "current": current,
                        "count": counts.get(entry.url_name, 0),
                    }
                )
        if items:
            groups.append({"title": title, "items": items})
    return groups


def _tabs(user: Any, path: str) -> list[dict[str, Any]]:
    """Up to four things a secretary does on the phone."""
    mine = own_organization(user)
    wanted = [(_("Home"), "home", "home", None)]
    if mine is not None:
        wanted += [
            (_("Record"), "pencil", "campaign:activity_new", mine.pk),
            (_("Weekly report"), "calendar-week", "reports:mine", None),
            (_("Members"), "users", "units:members", None),
        ]
    elif access.has_anywhere(user, Right.VIEW):
        wanted += [
            (_("Transitions"), "shield-check", "supervision:transitions", None),
            (_("Weekly reports"), "calendar-week", "reports:weekly", None),
            (_("Members"), "users", "units:members", None),
        ]
    tabs = []
    for label, icon, name, pk in wanted:
        url = reverse(name, args=[pk] if pk else [])
        tabs.append({"label": label, "icon": icon, "url": url, "current": path == url})
    return tabs


def _frame(request: HttpRequest) -> dict[str, Any]:
    user = request.user
    if not user.is_authenticated:
        return {}
    batch = batch_for(user)
    job = Job.objects.visible_to(user).unfinished().first()
    role = access.role_of(user)
    return {
        "scope_label": f"{batch.campaign.short_name} · {batch.name}" if batch else "",
        "menu": _menu(request),
        "tabs": _tabs(user, request.path),
        "unread": Notification.objects.visible_to(user).unread().count(),
        "job": {
            "label": job.label,
            "done": job.done,
            "total": job.total,
            "url": reverse("jobs:detail", args=[job.pk]),
        }
        if job
        else None,
        "user_label": f"{user} · {role.name}" if role else str(user),
    }


def shell(request: HttpRequest) -> dict[str, Any]:
    """Context processor; computed only if the template uses it (fragments and error pages do not)."""
    if not hasattr(request, "user"):
        return {}
    return {"shell": SimpleLazyObject(lambda: _frame(request))}
