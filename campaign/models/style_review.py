"""The style review (万人评风): representatives rate every department on every item (N-02..N-04, I-15)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from campaign.models.campaigns import Batch
from units import access
from units.models import Organization
from units.roles import Right


class StyleReviewQuerySet(models.QuerySet["StyleReview"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> StyleReviewQuerySet:
        return self.filter(access.scope(user, right))


class StyleReview(models.Model):
    """One round, held by an office. Kinds, items and grades are copied from the playbook, [[key, zh, en], …]."""

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="style_reviews")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="style_reviews")
    title = models.CharField(_("Title"), max_length=100)
    kinds = models.JSONField()
    items = models.JSONField()
    grades = models.JSONField()
    least_asked = models.PositiveIntegerField(default=0)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)
    opened_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = StyleReviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("style review")
        ordering = ["-opened_on", "-id"]

    def __str__(self) -> str:
        return self.title


class ReviewedDepartmentQuerySet(models.QuerySet["ReviewedDepartment"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> ReviewedDepartmentQuerySet:
        """The office's, and one's own once its sheet has been sent."""
        sent = ~models.Q(sent_at=None) & access.scope(user, right)
        return self.filter(access.scope(user, right, "review__organization") | sent)


class ReviewedDepartment(models.Model):
    """A department that is rated. It sees its sheet once the office has sent it (N-04)."""

    review = models.ForeignKey(StyleReview, on_delete=models.CASCADE, related_name="departments")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="reviewed")
    name = models.CharField(max_length=120)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = ReviewedDepartmentQuerySet.as_manager()

    class Meta:
        ordering = ["review", "organization__path"]
        constraints = [models.UniqueConstraint(fields=["review", "organization"], name="department_once_in_a_review")]

    def __str__(self) -> str:
        return self.name


class ReviewForm(models.Model):
    """A form as a representative handed it in: a number and a kind, no name."""

    review = models.ForeignKey(StyleReview, on_delete=models.CASCADE, related_name="forms")
    number = models.PositiveIntegerField(_("Number of the form"))
    kind = models.CharField(_("Kind of representative"), max_length=40)
    asked = models.PositiveIntegerField(_("People asked"))
    entered_on = models.DateField(default=clock.today)

    class Meta:
        ordering = ["review", "number"]
        constraints = [models.UniqueConstraint(fields=["review", "number"], name="review_form_number_once")]

    def __str__(self) -> str:
        return str(self.number)


class ReviewRating(models.Model):
    """One cell of a form."""

    form = models.ForeignKey(ReviewForm, on_delete=models.CASCADE, related_name="ratings")
    department = models.ForeignKey(ReviewedDepartment, on_delete=models.CASCADE, related_name="ratings")
    item = models.CharField(max_length=40)
    grade = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["form", "department", "item"], name="rated_once_on_a_form"),
        ]
