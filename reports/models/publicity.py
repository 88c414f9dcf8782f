"""Publicity records: banners, columns, media coverage in three directions, events, materials (L-01..L-11)."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models import Batch
from campaign.models.kept import KeptFile
from units import access
from units.models import Organization
from units.roles import Right


class PublicityQuerySet(models.QuerySet["PublicityRecord"]):
    def visible_to(self, user: Any, right: Right = Right.VIEW) -> PublicityQuerySet:
        return self.filter(access.scope(user, right))

    def within(self, organization: Organization) -> PublicityQuerySet:
        return self.filter(access.below(organization.path, "organization"))


class PublicityRecord(models.Model):
    """Something made public on a day. `quantity` counts pieces of one making: three banners are one record of 3."""

    class Kind(models.TextChoices):
        BANNER = "banner", _("Banners")
        COLUMN = "column", _("Columns")
        MEDIA = "media", _("Media coverage")
        LETTER = "letter", _("Open letter")
        CONFERENCE = "conference", _("Press conference")
        EVENT = "event", _("Publicity event or performance")
        FILM = "film", _("Film or recording")
        MATERIAL = "material", _("Study material")
        PLAN = "plan", _("Publicity plan or outline")

    class Direction(models.TextChoices):
        OUTWARD = "outward", _("Outward: the public")
        UPWARD = "upward", _("Upward: superiors")
        INWARD = "inward", _("Inward: our own people")

    class Medium(models.TextChoices):
        PAPER = "paper", _("Newspaper or periodical")
        RADIO = "radio", _("Radio")
        TELEVISION = "tv", _("Television")
        NET = "net", _("Website")
        BOOK = "book", _("Book")
        SMS = "sms", _("Text message")
        BRIEF = "brief", _("Own bulletin")
        BOARD = "board", _("Blackboard")
        WALL = "wall", _("Wall newspaper")
        PERIODICAL = "own_paper", _("Own periodical")
        INTRANET = "own_net", _("Own network")

    class Topic(models.TextChoices):
        THEORY = "theory", _("Theory")
        MODEL = "model", _("Models")
        EXPERIENCE = "experience", _("Experience and good practice")
        RESULT = "result", pgettext_lazy("publicity", "Results")
        MUST_KNOW = "must_know", _("What the masses must know")
        COMMITMENT = "commitment", _("Commitment to rectify")

    OWN_MEANS = (Medium.BRIEF, Medium.BOARD, Medium.WALL, Medium.PERIODICAL, Medium.INTRANET)

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="publicity")
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="publicity")
    stage = models.CharField(_("Stage"), max_length=40, blank=True)
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    title = models.CharField(_("Title"), max_length=120)
    held_on = models.DateField(_("Date"))
    quantity = models.PositiveSmallIntegerField(_("How many"), default=1, validators=[MinValueValidator(1)])
    issue = models.PositiveSmallIntegerField(_("Issue number"), null=True, blank=True)
    direction = models.CharField(_("Direction"), max_length=8, choices=Direction, blank=True)
    medium = models.CharField(_("Medium"), max_length=10, choices=Medium, blank=True)
    outlet = models.CharField(_("Name of the paper, station or site"), max_length=80, blank=True)
    topic = models.CharField(_("What it is about"), max_length=10, choices=Topic, blank=True)
    audience = models.CharField(_("For whom"), max_length=80, blank=True)
    place = models.CharField(_("Place"), max_length=80, blank=True)
    link = models.URLField(_("Link"), max_length=500, blank=True)
    text = models.TextField(_("Remarks"), blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    recorded_at = models.DateTimeField(default=clock.now)
    version = models.PositiveIntegerField(default=1)

    objects = PublicityQuerySet.as_manager()

    class Meta:
        verbose_name = _("publicity record")
        ordering = ["-held_on", "-pk"]
        indexes = [models.Index(fields=["batch", "organization", "kind"], name="publicity_kind")]
        constraints = [
            models.UniqueConstraint(
                fields=["batch", "organization", "title", "issue"],
                condition=Q(kind="column", issue__isnull=False),
                name="column_issue_once",
            ),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="publicity_of_one_piece_at_least"),
            models.CheckConstraint(
                condition=Q(kind="media") & ~Q(direction="") & ~Q(medium="") | ~Q(kind="media") & Q(direction=""),
                name="publicity_direction_of_media",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PublicityFile(KeptFile):
    """A photograph, clipping or document kept with a record."""

    record = models.ForeignKey(PublicityRecord, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="publicity/%Y/%m/")
