"""Figures of a style review: by department and item, kept back below five forms."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count

from campaign.models import ReviewedDepartment, ReviewForm, ReviewRating, StyleReview
from campaign.models.opinions import FEWEST


@dataclass(frozen=True)
class Cell:
    """One department on one item: how many gave each grade, in the order of the review's grades."""

    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


@dataclass(frozen=True)
class DepartmentRow:
    department: ReviewedDepartment
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Result:
    """`rows` is empty while there are fewer than five forms: a grade could be told to be somebody's."""

    forms: int
    asked: int
    short: int  # forms with fewer people asked than called for
    shown: bool
    rows: list[DepartmentRow]


def result(review: StyleReview, only: ReviewedDepartment | None = None) -> Result:
    """The totals, of one department where asked; three queries."""
    forms = list(ReviewForm.objects.filter(review=review).values_list("asked", flat=True))
    shown, rows = len(forms) >= FEWEST, []
    if shown:
        departments = [only] if only else list(review.departments.select_related("organization"))
        ratings = ReviewRating.objects.filter(form__review=review, department__in=departments)
        counted = ratings.order_by().values_list("department", "item", "grade").annotate(n=Count("pk"))
        found = {(department, item, grade): n for department, item, grade, n in counted}
        for one in departments:
            cells = tuple(
                Cell(tuple(found.get((one.pk, item[0], grade[0]), 0) for grade in review.grades))
                for item in review.items
            )
            rows.append(DepartmentRow(one, cells))
    return Result(len(forms), sum(forms), sum(n < review.least_asked for n in forms), shown, rows)
