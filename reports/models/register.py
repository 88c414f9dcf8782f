"""The office's document register: received, sent up, passed on, archived (K-13, D-04, D-05)."""

from __future__ import annotations

from typing import Any

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.models import User
from campaign.models import Campaign
from campaign.models.kept import DatedFile
from units import access
from units.roles import Right


class RegisterQuerySet(models.QuerySet["RegisterEntry"]):
    def visible_to(self, user: Any) -> RegisterQuerySet:
        """Those of the office's own host, and what one handles or was passed."""
        if not user.is_authenticated:
            return self.none()
        office = access.scope(user, Right.EDIT_BULLETIN, "campaign__host")
        office |= access.scope(user, Right.SET_UP, "campaign__host")
        passed = RegisterPass.objects.filter(reader=user).values("entry")
        return self.filter(office | Q(handler=user) | Q(pk__in=passed))

    def open(self) -> RegisterQuerySet:
        """Something is still to be done with it."""
        return self.filter(state__in=RegisterEntry.OPEN)


class RegisterCounter(models.Model):
    """The last number given in a year and kind; its row is the lock behind which numbers are given without a gap."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["campaign", "kind", "year"], name="register_counted_once")]


class RegisterEntry(models.Model):
    """One document. Numbered by the system in its kind and year; never deleted, so that no number is missing."""

    class Kind(models.TextChoices):
        INCOMING = "incoming", pgettext_lazy("register", "Received")
        OUTGOING = "outgoing", pgettext_lazy("register", "Sent up")
        PASSING = "passing", pgettext_lazy("register", "Passed on")
        ARCHIVE = "archive", pgettext_lazy("register", "Archive")
        PUBLICITY = "publicity", _("Publicity archive")

    class Secrecy(models.TextChoices):
        NONE = "", _("None")
        INTERNAL = "internal", _("Internal")
        CONFIDENTIAL = "confidential", _("Confidential")
        SECRET = "secret", _("Secret")
        TOP_SECRET = "top_secret", _("Top secret")

    class State(models.TextChoices):
        REGISTERED = "registered", pgettext_lazy("register", "Registered")
        CIRCULATING = "circulating", _("In circulation")
        DONE = "done", pgettext_lazy("register", "Dealt with")
        ARCHIVED = "archived", pgettext_lazy("register", "Archived")
        VOID = "void", pgettext_lazy("register", "Void")

    OPEN = (State.REGISTERED, State.CIRCULATING)
    CLASSIFIED = (Secrecy.CONFIDENTIAL, Secrecy.SECRET, Secrecy.TOP_SECRET)

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="register")
    kind = models.CharField(_("Kind"), max_length=10, choices=Kind)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField(pgettext_lazy("register", "Number"))
    title = models.CharField(_("Title"), max_length=200)
    document_number = models.CharField(_("Document number"), max_length=80, blank=True)
    sender = models.CharField(pgettext_lazy("register", "From"), max_length=120, blank=True)
    recipient = models.CharField(pgettext_lazy("register", "To"), max_length=200, blank=True)
    dated = models.DateField(_("Date of the document"), null=True, blank=True)
    secrecy = models.CharField(_("Secrecy"), max_length=12, choices=Secrecy, blank=True, default=Secrecy.NONE)
    copies = models.PositiveSmallIntegerField(_("Copies"), default=1, validators=[MinValueValidator(1)])
    handler = models.ForeignKey(
        User,
        verbose_name=_("Dealt with by"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="register_entries",
    )
    due_on = models.DateField(_("To be dealt with by"), null=True, blank=True)
    state = models.CharField(_("State"), max_length=12, choices=State, default=State.REGISTERED)
    result = models.TextField(_("What was done"), blank=True)
    box = models.CharField(pgettext_lazy("register", "Box"), max_length=40, blank=True)
    volume = models.CharField(_("Volume"), max_length=40, blank=True)
    remarks = models.TextField(_("Remarks"), blank=True)
    registered_on = models.DateField(_("Registered on"), default=clock.today)
    registered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = RegisterQuerySet.as_manager()

    class Meta:
        verbose_name = _("registered document")
        ordering = ["-year", "-registered_on", "-pk"]
        indexes = [models.Index(fields=["campaign", "state", "due_on"], name="register_due")]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "kind", "year", "number"], name="registered_once"),
            models.CheckConstraint(
                condition=~Q(state="archived") | ~Q(box="") | ~Q(volume=""), name="register_archived_somewhere"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def label(self) -> str:
        """Kind, year and number as the office calls it."""
        given = {"kind": self.get_kind_display(), "year": self.year, "number": self.number}
        return str(_("%(kind)s %(year)s-%(number)s") % given)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def classified(self) -> bool:
        """Its text may not be kept on a network: the entry alone stands here."""
        return self.secrecy in self.CLASSIFIED

    @property
    def overdue(self) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < clock.today()


class RegisterPass(models.Model):
    """That a document was passed to somebody, and when he confirmed that he has read it."""

    entry = models.ForeignKey(RegisterEntry, on_delete=models.CASCADE, related_name="passes")
    reader = models.ForeignKey(User, on_delete=models.CASCADE, related_name="register_passes")
    note = models.CharField(_("Asked of the reader"), max_length=200, blank=True)
    passed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    passed_at = models.DateTimeField(default=clock.now)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    remark = models.CharField(_("Remark"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["entry", "reader"], name="passed_once")]


class RegisterFile(DatedFile):
    """A file of a document. `text` is what could be read out of it when it was added; `searched`: could it be?"""

    entry = models.ForeignKey(RegisterEntry, on_delete=models.CASCADE, related_name="files")
    file = models.FileField(upload_to="register/%Y/%m/")
    text = models.TextField(blank=True)
    searched = models.BooleanField(default=False)
