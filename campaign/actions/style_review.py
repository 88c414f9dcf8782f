"""The style review: opening it, entering forms, closing it, sending each department its sheet (N-02..N-04)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts import audit, clock, notify
from accounts.models import User
from campaign.actions import opinions
from campaign.models import Batch, Opinion, ReviewedDepartment, ReviewForm, ReviewRating, StyleReview
from units import access
from units.models import Organization
from units.roles import Right

OPENED = audit.action("style_review.opened", _("Opened a style review"))
ENTERED = audit.action("style_review.entered", _("Entered a form of a style review"))
REMOVED = audit.action("style_review.removed", _("Removed a form of a style review"))
CLOSED = audit.action("style_review.closed", _("Closed a style review"))
SENT = audit.action("style_review.sent", _("Sent feedback sheets of a style review"))

Lines = list[list[str]]  # [key, Chinese, English]


class ReviewClosed(Exception):
    """No form can be entered or removed any more."""


class NumberTaken(Exception):
    """A form with this number has been entered."""


@transaction.atomic
def open_review(
    *,
    by: User,
    batch: Batch,
    organization: Organization,
    title: str,
    departments: Iterable[tuple[Organization, str]],
    kinds: Lines,
    items: Lines,
    grades: Lines,
    least_asked: int,
) -> StyleReview:
    """Begin a review of departments, each with the name that the form prints."""
    review = StyleReview.objects.create(
        batch=batch,
        organization=organization,
        title=title,
        kinds=kinds,
        items=items,
        grades=grades,
        least_asked=least_asked,
        opened_on=clock.today(),
        opened_by=by,
    )
    rated = ReviewedDepartment.objects.bulk_create(
        ReviewedDepartment(review=review, organization=one, name=name) for one, name in departments
    )
    audit.record(OPENED, by=by, obj=review, organization=organization, data={"departments": len(rated)})
    return review


@transaction.atomic
def enter_form(
    *,
    by: User,
    review: StyleReview,
    number: int,
    kind: str,
    asked: int,
    ratings: Mapping[tuple[int, str], str],
    said: Mapping[ReviewedDepartment, Collection[str]],
) -> ReviewForm:
    """Enter one form: ratings by (department id, item), and the opinions gathered about each department.

    Raises ReviewClosed, NumberTaken. Opinions go into the register without the number of the form.
    """
    if not StyleReview.objects.select_for_update().filter(pk=review.pk, closed_on=None).exists():
        raise ReviewClosed
    try:
        with transaction.atomic():
            form = ReviewForm.objects.create(review=review, number=number, kind=kind, asked=asked)
    except IntegrityError:
        raise NumberTaken
    ReviewRating.objects.bulk_create(
        ReviewRating(form=form, department_id=department, item=item, grade=grade)
        for (department, item), grade in ratings.items()
    )
    for department, texts in said.items():
        opinions.gather(
            by=by,
            batch=review.batch,
            organization=review.organization,
            about=opinions.About(concerned=department.organization),
            channel=Opinion.Channel.REVIEW,
            source=Opinion.Source.REPRESENTATIVE,
            source_kind=kind,
            received_on=clock.today(),
            said=[opinions.Said(text=text) for text in texts],
        )
    audit.record(ENTERED, by=by, obj=review, organization=review.organization, data={"number": number})
    return form


@transaction.atomic
def remove_form(*, by: User, form: ReviewForm, reason: str) -> None:
    """Take a wrongly entered form out; its opinions stay in the register. Raises ReviewClosed."""
    if not StyleReview.objects.filter(pk=form.review_id, closed_on=None).exists():
        raise ReviewClosed
    data = {"number": form.number, "reason": reason}
    audit.record(REMOVED, by=by, obj=form.review, organization=form.review.organization, data=data)
    form.delete()


@transaction.atomic
def close_review(*, by: User, review: StyleReview) -> None:
    """No more forms; the sheets can be sent. A second person finds it done."""
    if StyleReview.objects.filter(pk=review.pk, closed_on=None).update(closed_on=clock.today()):
        audit.record(CLOSED, by=by, obj=review, organization=review.organization)


@transaction.atomic
def send_sheets(*, by: User, review: StyleReview, departments: Collection[ReviewedDepartment]) -> int:
    """Send departments their feedback sheets; each that had none yet is told. How many there were (N-04)."""
    fresh = [one for one in departments if one.sent_at is None]
    keys = [one.pk for one in fresh]
    sent = ReviewedDepartment.objects.filter(pk__in=keys, sent_at=None).update(sent_at=clock.now())
    if not sent:
        return 0
    for one in fresh:
        people = access.holders(Right.VIEW, one.organization).filter(posts__organization=one.organization)
        notify.send(
            people,
            gettext_noop("The feedback sheet of “%(review)s” for %(department)s is here."),
            url=reverse("campaign:style_review_sheet", args=[one.pk]),
            params={"review": review.title, "department": one.name},
        )
    audit.record(SENT, by=by, obj=review, organization=review.organization, data={"departments": sent})
    return sent
