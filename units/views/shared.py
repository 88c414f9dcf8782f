"""What several pages of this room need."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.forms import Form
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy

from units.models import Organization
from units.refusals import UnitsRefusal

Crumbs = list[tuple[str, str | None]]
PER_PAGE = 50


def crumbs(user: Any, organization: Organization, last: str = "") -> Crumbs:
    """The way down the tree; what lies above the user's scope is named, but leads nowhere."""
    way = organization.ancestors_and_self()
    seen = set(Organization.objects.visible_to(user).filter(pk__in=[o.pk for o in way]).values_list("pk", flat=True))
    trail: Crumbs = [
        (each.name, reverse("units:organization", args=[each.pk]) if each.pk in seen else None) for each in way
    ]
    return [*trail, (last, None)] if last else trail


def page_of(request: HttpRequest, rows: Any, per_page: int = PER_PAGE) -> Page:
    return Paginator(rows, per_page).get_page(request.GET.get("page"))


def refuse(form: Form, refusal: UnitsRefusal, field: str | None = None) -> None:
    """Show why an action refused, with the form as it was typed."""
    form.add_error(field if field in form.fields else None, str(refusal))


_TABS: dict[str, tuple[tuple[str, Any], ...]] = {
    "tree": (("tree", gettext_lazy("Organisations")), ("work_units", gettext_lazy("Work units"))),
    "members": (("members", gettext_lazy("Members")), ("composition", gettext_lazy("Composition"))),
    "accounts": (("accounts", gettext_lazy("Accounts")), ("posts", gettext_lazy("Posts"))),
}


def tabs(current: str) -> list[dict[str, Any]]:
    """The pages that stand beside each other, of which one is shown."""
    group = next(each for each in _TABS.values() if current in dict(each))
    return [{"label": label, "url": reverse(f"units:{name}"), "current": name == current} for name, label in group]
