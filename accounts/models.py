"""Who is signed in, and what did they do?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts import clock
from accounts.fields import EncryptedTextField
from accounts.messages import Message


class User(AbstractUser):
    """A person who signs in. What the person may see follows from posts (units.Post), not from groups."""

    first_name = None
    last_name = None
    name = models.CharField(_("Name"), max_length=60)
    phone_hint = models.CharField(_("Contact telephone"), max_length=30, blank=True)
    language = models.CharField(_("Language"), max_length=10, blank=True)
    must_change_password = models.BooleanField(_("Must change the password"), default=False)
    password_changed_at = models.DateTimeField(null=True, blank=True)

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("account")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)

    def set_password(self, raw_password: str | None) -> None:
        super().set_password(raw_password)
        self.password_changed_at = clock.now()


class AuditEntry(models.Model):
    """One line of history. No foreign keys, so that history never blocks a deletion; rows are only ever added."""

    at = models.DateTimeField(default=clock.now, db_index=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=60)
    action = models.CharField(max_length=60, db_index=True)
    object_type = models.CharField(max_length=60, blank=True)
    object_id = models.CharField(max_length=40, blank=True)
    object_label = models.CharField(max_length=200, blank=True)
    organization_path = models.CharField(max_length=255, blank=True, db_index=True)
    organization_name = models.CharField(max_length=120, blank=True)
    data = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["object_type", "object_id"], name="audit_object")]

    def __str__(self) -> str:
        return f"{self.at:%F %T} {self.actor_name} {self.action} {self.object_label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("An audit entry is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> Any:
        raise TypeError("An audit entry is never deleted")


class NotificationQuerySet(models.QuerySet["Notification"]):
    def visible_to(self, user: User) -> NotificationQuerySet:
        return self.filter(user=user)

    def unread(self) -> NotificationQuerySet:
        return self.filter(read_at=None)

    def to_mail_at_once(self) -> NotificationQuerySet:
        """What no mail has told of yet and who asked for it should hear of at once."""
        return self.unread().filter(mailed_at=None, kind__in=Notification.AT_ONCE)


class Notification(models.Model):
    """A line in somebody's inbox: stored as message id and parameters, shown in the reader's language.

    `mailed_at`: when a mail told of it, so that no second one does. `confidential`: a mail does not say what it is
    (decision 20); who signs in reads it.
    """

    class Kind(models.TextChoices):
        NEWS = "news", pgettext_lazy("kind of message", "News")
        REMINDER = "reminder", pgettext_lazy("kind of message", "Reminders")
        RETURN = "return", pgettext_lazy("kind of message", "Returned to you")

    AT_ONCE = (Kind.REMINDER, Kind.RETURN)

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notifications")
    message = models.CharField(max_length=300)
    params = models.JSONField(default=dict, blank=True)
    url = models.CharField(max_length=300, blank=True)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NEWS)
    confidential = models.BooleanField(default=False)
    created_at = models.DateTimeField(default=clock.now)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-id"]
        indexes = [
            models.Index(fields=["user", "read_at"], name="inbox_unread"),
            models.Index(
                fields=["created_at"],
                name="inbox_to_mail_at_once",
                condition=models.Q(mailed_at=None, read_at=None, kind__in=["reminder", "return"]),
            ),
        ]

    def __str__(self) -> str:
        return str(Message(self.message, self.params))

    def get_absolute_url(self) -> str:
        """Through which it is read: marks it as read and leads on."""
        return reverse("accounts:open_notification", args=[self.pk])

    @property
    def day(self) -> dt.date:
        """The local day on which it came."""
        return timezone.localtime(self.created_at).date()


class MailChoiceQuerySet(models.QuerySet["MailChoice"]):
    def reachable(self) -> MailChoiceQuerySet:
        """Of people who may sign in, at an address that they have confirmed."""
        return self.filter(user__is_active=True, confirmed_at__isnull=False)

    def due(self, now: dt.datetime) -> MailChoiceQuerySet:
        return self.reachable().filter(next_at__lte=now)

    def failing(self) -> MailChoiceQuerySet:
        """Mails to them failed several times in a row, or a digest is hours late: something is at fault."""
        late = models.Q(next_at__lt=clock.now() - MailChoice.LATE)
        return self.reachable().filter(late | models.Q(tries__gte=MailChoice.TRIES))

    def one_by_one(self, at_once: int = 200) -> Iterator[MailChoice]:
        """All of them with their people, a few at a time: rows may be written while they are gone through."""
        last = 0
        while rows := list(self.select_related("user").filter(pk__gt=last).order_by("pk")[:at_once]):
            yield from rows
            last = rows[-1].pk


class MailChoice(models.Model):
    """How one person wants notices by e-mail. The inbox holds everything whatever is chosen here.

    Mail goes to a confirmed address only: a mistyped one belongs to a stranger. The address is contact data of a
    person and sealed at rest, as telephones are.
    """

    class Rhythm(models.TextChoices):
        WORKDAYS = "workdays", _("Every working day")
        DAILY = "daily", _("Every day")
        WEEKLY = "weekly", _("Once a week")
        NONE = "none", _("No digest")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    TRIES = 3  # of one digest, an hour apart
    LATE = dt.timedelta(hours=2)

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="mail_choice")
    address = EncryptedTextField(_("E-mail address"), blank=True)
    asked_at = models.DateTimeField(null=True, blank=True)  # when the link to confirm the address was last made
    confirmed_at = models.DateTimeField(null=True, blank=True)
    rhythm = models.CharField(_("Digest"), max_length=10, choices=Rhythm.choices, default=Rhythm.WORKDAYS)
    weekday = models.PositiveSmallIntegerField(_("On"), choices=Weekday.choices, default=Weekday.MONDAY)
    hour = models.PositiveSmallIntegerField(_("At"), default=8)  # local time (decision 18)
    at_once = models.BooleanField(_("Reminders and what is returned to me: also at once"), default=False)
    next_at = models.DateTimeField(null=True, blank=True, db_index=True)  # when the next digest is due
    told_until = models.DateTimeField(null=True, blank=True)  # what happened up to then has been told
    tries = models.PositiveSmallIntegerField(default=0)  # failed one after the other
    failed_at = models.DateTimeField(null=True, blank=True)  # None again after the next that went out
    failure = models.JSONField(default=dict, blank=True)  # a Message: why

    objects = MailChoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(next_at=None) | models.Q(confirmed_at__isnull=False),
                name="mail_due_at_confirmed_address_only",
            ),
            models.CheckConstraint(condition=models.Q(hour__lt=24, weekday__lt=7), name="mail_hour_and_weekday"),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def why_failed(self) -> Message | None:
        """Why the last mail did not go out; None if it did."""
        return Message.from_json(self.failure) if self.failure else None

    @property
    def late_since(self) -> dt.datetime | None:
        """Since when a digest is hours late: the background work stands still, or no mail server answers."""
        late = self.next_at is not None and self.next_at < clock.now() - self.LATE
        return self.next_at if late else None

    def slot_after(self, moment: dt.datetime) -> dt.datetime | None:
        """The next moment after `moment` at which a digest is due; None if none is wanted.

        Of a digest on working days any day: the calendar of holidays is asked when the day has come.
        """
        if self.rhythm == self.Rhythm.NONE:
            return None
        local = timezone.localtime(moment)
        slot = local.replace(hour=self.hour, minute=0, second=0, microsecond=0)
        if self.rhythm == self.Rhythm.WEEKLY:
            slot += dt.timedelta(days=(self.weekday - slot.weekday()) % 7)
        step = dt.timedelta(days=7 if self.rhythm == self.Rhythm.WEEKLY else 1)
        return slot if slot > local else slot + step
