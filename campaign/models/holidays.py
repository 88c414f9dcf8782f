"""Days off and worked weekends of a year, entered by an office when the State Council's notice comes out (E-05).

They hold for the whole installation. What the library of notices knows needs no entry; an entry goes before it.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User


class CalendarDay(models.Model):
    """One day that is off although it is a weekday, or worked although it is a weekend."""

    class Kind(models.TextChoices):
        REST = "rest", _("Day off")
        WORK = "work", _("Worked in exchange")

    day = models.DateField(_("Day"), unique=True)
    kind = models.CharField(_("Kind"), max_length=4, choices=Kind)
    name = models.CharField(_("Holiday"), max_length=40)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("day of the working calendar")
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%F} {self.name}"


class CalendarYear(models.Model):
    """That a year's notice is entered in full: its other days are certain from then on."""

    year = models.PositiveSmallIntegerField(_("Year"), unique=True)
    document = models.CharField(_("Notice"), max_length=120)
    confirmed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    confirmed_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("year of the working calendar")
        ordering = ["year"]

    def __str__(self) -> str:
        return str(self.year)
