"""That the superior office used a report of ours: entered by the office, for no record of ours shows it (K-02)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts import clock
from accounts.models import User
from reports.models.telling import Report


class UseAbove(models.Model):
    """A report that the superior office used, once: on which day and where."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="use_above")
    used_on = models.DateField(_("Used on"))
    where = models.CharField(_("Where"), max_length=120)
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    entered_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("use by the superior office")

    def __str__(self) -> str:
        return f"{self.report_id} · {self.where}"
