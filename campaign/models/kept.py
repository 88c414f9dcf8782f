"""What every file kept with a record has; whose file it is, and in which folder it lies, each topic says itself."""

from __future__ import annotations

from django.db import models

from accounts import clock
from accounts.models import User


class KeptFile(models.Model):
    """Has besides a foreign key with the related name `files`, and `file`: see campaign.uploads."""

    file: models.FileField
    name = models.CharField(max_length=200)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["pk"]


class SignedFile(KeptFile):
    """Says who added it."""

    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta(KeptFile.Meta):
        abstract = True


class DatedFile(SignedFile):
    """Says who added it, and when."""

    added_at = models.DateTimeField(default=clock.now)

    class Meta(SignedFile.Meta):
        abstract = True
