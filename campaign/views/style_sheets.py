"""The blank forms of a style review, one for each representative, to be printed (N-03)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from campaign import rules
from campaign.forms.style_review import BlankForm, said
from campaign.models import StyleReview

ROOM = 20  # lines for what the people asked have said, where the playbook names no number


def review_blank(request: HttpRequest, pk: int) -> HttpResponse:
    """As many numbered sheets as asked for: all departments by all items, and room for each person's opinion."""
    seen = StyleReview.objects.visible_to(request.user).select_related("organization", "batch__campaign")
    one = get_object_or_404(seen, pk=pk)
    if not rules.can_hold_review(request.user, one.organization):
        raise PermissionDenied
    last = one.forms.order_by("-number").values_list("number", flat=True).first() or 0
    form = BlankForm(request.GET if "count" in request.GET else {"count": 1, "first": last + 1})
    numbers: range = range(0)
    if form.is_valid():
        first = form.cleaned_data["first"]
        numbers = range(first, first + form.cleaned_data["count"])
    campaign = one.batch.campaign
    context: dict[str, Any] = {
        "review": one,
        "form": form,
        "numbers": numbers,
        "office": campaign.office_name,
        "departments": list(one.departments.values_list("name", flat=True)),
        "items": [said(line) for line in one.items],
        "grades": [said(line) for line in one.grades],
        "kinds": [said(line) for line in one.kinds],
        "lines": range(1, (one.least_asked or ROOM) + 1),
    }
    return render(request, "campaign/style_review/blank.html", context, status=422 if form.errors else 200)
