"""The style review (万人评风): opening, entering forms, totals, feedback sheets (N-02..N-04)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from campaign import rules
from campaign.actions import style_review as deeds
from campaign.forms.style_review import OpenForm, RatingForm, RemoveForm, said
from campaign.models import Opinion, Participation, ReviewedDepartment, ReviewForm, StyleReview
from campaign.models.opinions import TargetKind
from campaign.playbook import Item
from campaign.style_figures import result
from campaign.views.activities import absent
from campaign.views.places import crumbs, find_place
from units import access

PER_PAGE = 50
# The sources name the items and not the grades; these four are what such forms print.
GRADES = [["good", "好", "Good"], ["fairly", "较好", "Fairly good"], ["fair", "一般", "Fair"], ["poor", "差", "Poor"]]
CLOSED = gettext_noop("The review has been closed; forms can no longer be entered or removed.")


def _lines(items: tuple[Item, ...]) -> list[list[str]]:
    return [[item.key, item.name.zh, item.name.en] for item in items]


def _tail(request: HttpRequest, one: StyleReview, *tail: str) -> Any:
    listed = (_("Style reviews"), reverse("campaign:style_reviews", args=[one.organization_id]))
    own = (one.title, reverse("campaign:style_review", args=[one.pk]))
    return crumbs(request.user, one.organization, listed, own, *tail)


def reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """The reviews that an office holds, and the sheets that were sent to this organisation."""
    place = find_place(request, pk)
    if place.batch is None:
        return absent(request, place)
    sheets = ReviewedDepartment.objects.visible_to(request.user).exclude(sent_at=None)
    context = {
        "place": place,
        "organization": place.organization,
        "rule": place.batch.campaign.playbook.style_review,
        "reviews": StyleReview.objects.visible_to(request.user).filter(
            access.below(place.organization.path, "organization"), batch=place.batch
        ),
        "sheets": sheets.filter(organization=place.organization, review__batch=place.batch).select_related("review"),
        "may_hold": rules.can_hold_review(request.user, place.organization),
        "crumbs": crumbs(request.user, place.organization, _("Style reviews")),
    }
    return render(request, "campaign/style_review/list.html", context)


def review_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a review of the units under an office."""
    place = find_place(request, pk)
    if not rules.can_hold_review(request.user, place.organization):
        raise PermissionDenied
    rule = place.batch.campaign.playbook.style_review if place.batch else None
    if place.batch is None or rule is None:
        return redirect("campaign:style_reviews", pk)
    units = Participation.objects.filter(access.below(place.organization.path, "organization"), batch=place.batch)
    units = units.select_related("organization", "work_unit").order_by("organization__path")
    form = OpenForm(request.POST or None, units=units, initial={"title": str(rule.name)})
    if form.is_bound and form.is_valid():
        made = deeds.open_review(
            by=request.user,
            batch=place.batch,
            organization=place.organization,
            title=form.cleaned_data["title"],
            departments=[(one.organization, one.label) for one in form.cleaned_data["departments"]],
            kinds=_lines(rule.representatives),
            items=_lines(rule.items),
            grades=GRADES,
            least_asked=rule.minimum,
        )
        return redirect("campaign:style_review", made.pk)
    listed = (_("Style reviews"), reverse("campaign:style_reviews", args=[pk]))
    context = {
        "form": form,
        "organization": place.organization,
        "crumbs": crumbs(request.user, place.organization, listed, _("Open a style review")),
    }
    return render(request, "campaign/style_review/new.html", context, status=422 if form.errors else 200)


def _find(request: HttpRequest, pk: int) -> StyleReview:
    seen = StyleReview.objects.visible_to(request.user).select_related("organization", "batch__campaign")
    return get_object_or_404(seen, pk=pk)


def _held(request: HttpRequest, pk: int) -> StyleReview:
    one = _find(request, pk)
    if not rules.can_hold_review(request.user, one.organization):
        raise PermissionDenied
    return one


def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Totals by department and item, the forms entered, and sending the sheets."""
    one = _find(request, pk)
    total = result(one)
    page = Paginator(one.forms.all(), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "review": one,
        "organization": one.organization,
        "result": total,
        "departments": [row.department for row in total.rows] or list(one.departments.all()),
        "items": [said(line) for line in one.items],
        "grades": [said(line) for line in one.grades],
        "kinds": {line[0]: said(line) for line in one.kinds},
        "page": page,
        "may_hold": rules.can_hold_review(request.user, one.organization),
        "crumbs": [*_tail(request, one)[:-1], (one.title, "")],
    }
    return render(request, "campaign/style_review/detail.html", context)


def review_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter one form: departments as rows, items as columns."""
    one = _held(request, pk)
    departments = list(one.departments.select_related("organization"))
    last = one.forms.order_by("-number").values_list("number", flat=True).first() or 0
    sent = request.POST if request.method == "POST" else None
    form = RatingForm(sent, review=one, departments=departments, initial={"number": last + 1})
    if form.is_bound and form.is_valid() and _entered(request, one, form):
        return redirect("campaign:style_review_form", pk)
    context = {
        "review": one,
        "organization": one.organization,
        "form": form,
        "items": [said(line) for line in one.items],
        "grades": [(line[0], said(line)) for line in one.grades],
        "crumbs": _tail(request, one, _("Enter a form")),
    }
    return render(request, "campaign/style_review/form.html", context, status=422 if form.errors else 200)


def _entered(request: HttpRequest, one: StyleReview, form: RatingForm) -> bool:
    names = ("number", "kind", "asked", "ratings", "said")
    try:
        made = deeds.enter_form(by=request.user, review=one, **{name: form.cleaned_data[name] for name in names})
    except deeds.NumberTaken:
        form.add_error("number", _("A form with this number has been entered already."))
        return False
    except deeds.ReviewClosed:
        form.add_error(None, _(CLOSED))
        return False
    messages.success(request, _("Entered form %(number)s. Go on with the next.") % {"number": made.number})
    return True


def form_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a wrongly entered form out, with the reason."""
    mine = ReviewForm.objects.filter(review__in=StyleReview.objects.visible_to(request.user))
    entered = get_object_or_404(mine.select_related("review__organization"), pk=pk)
    one = entered.review
    if not rules.can_hold_review(request.user, one.organization):
        raise PermissionDenied
    form = RemoveForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            deeds.remove_form(by=request.user, form=entered, reason=form.cleaned_data["reason"])
        except deeds.ReviewClosed:
            messages.error(request, _(CLOSED))
        else:
            messages.success(request, _("The form has been removed."))
        return redirect("campaign:style_review", one.pk)
    context = {"form": form, "entered": entered, "review": one, "crumbs": _tail(request, one, _("Remove a form"))}
    return render(request, "campaign/style_review/remove.html", context)


@require_POST
def review_close(request: HttpRequest, pk: int) -> HttpResponse:
    """No more forms."""
    deeds.close_review(by=request.user, review=_held(request, pk))
    messages.success(request, _("The review has been closed. Send the sheets."))
    return redirect("campaign:style_review", pk)


@require_POST
def review_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the sheets of all departments that have none yet (N-04)."""
    one = _held(request, pk)
    if not result(one).shown:
        messages.error(request, _("There are fewer than five forms; a sheet would show who said what."))
        return redirect("campaign:style_review", pk)
    count = deeds.send_sheets(
        by=request.user, review=one, departments=list(one.departments.select_related("organization"))
    )
    text = ngettext("Sent %(count)d sheet.", "Sent %(count)d sheets.", count)
    messages.success(request, text % {"count": count})
    return redirect("campaign:style_review", pk)


def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What one department was given, and what was said of it (N-04: 对号入座)."""
    seen = ReviewedDepartment.objects.visible_to(request.user)
    department = get_object_or_404(seen.select_related("organization", "review__organization"), pk=pk)
    one, total = department.review, result(department.review, department)
    spoken = Opinion.objects.filter(
        batch=one.batch_id, organization=one.organization_id, concerned=department.organization_id, channel="review"
    )
    context = {
        "department": department,
        "organization": department.organization,
        "review": one,
        "result": total,
        "rows": list(zip((said(line) for line in one.items), total.rows[0].cells, strict=True)) if total.rows else [],
        "grades": [said(line) for line in one.grades],
        "opinions": spoken.standing().exclude(target=TargetKind.MEMBER).order_by("-voices", "text")
        if total.shown
        else [],
        "crumbs": crumbs(request.user, department.organization, one.title),
    }
    return render(request, "campaign/style_review/sheet.html", context)
