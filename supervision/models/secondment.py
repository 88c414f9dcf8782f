"""What is known of a person who works for the campaign: from where, and since when in place (D-18)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Secondment(models.Model):
    """Fields of a member of a body or of a group. Without a day of taking up the work the person is still awaited."""

    title = models.CharField(_("Post in the own unit"), max_length=60, blank=True)
    seconded_from = models.CharField(_("Seconded from"), max_length=120, blank=True)
    expected_on = models.DateField(_("To be in place by"), null=True, blank=True)
    in_place_on = models.DateField(_("In place since"), null=True, blank=True)
    note = models.CharField(_("Note"), max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(to_date=None) | Q(to_date__gte=F("from_date")), name="%(class)s_ends_after_it_begins"
            )
        ]
