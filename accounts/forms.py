"""Forms for signing in, one's password, the inbox and notices by e-mail."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.mail_actions import Wishes
from accounts.models import MailChoice, Notification, NotificationQuerySet


class SignInForm(AuthenticationForm):
    """Name and password. The answer to a wrong pair never says which half was wrong."""

    error_messages = {
        "invalid_login": _(
            "User name or password is wrong. After five failures the account is locked for five minutes."
        ),
        "inactive": _("User name or password is wrong. After five failures the account is locked for five minutes."),
    }


class ChangePasswordForm(SetPasswordForm):
    """The old password once, the new one twice."""

    old_password = forms.CharField(
        label=_("Present password"), widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )
    field_order = ["old_password", "new_password1", "new_password2"]

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("This is not your present password."))
        return old

    def clean(self) -> dict:
        data = super().clean()
        if data.get("old_password") and data.get("old_password") == data.get("new_password1"):
            self.add_error("new_password1", _("Choose a password that differs from the present one."))
        return data


class InboxFilter(forms.Form):
    """Narrowing what happened."""

    show = forms.ChoiceField(
        label=pgettext_lazy("messages", "Show"),
        required=False,
        choices=[("", pgettext_lazy("messages", "All")), ("unread", _("Unread"))],
    )
    kind = forms.ChoiceField(
        label=_("Kind of message"),
        required=False,
        choices=[("", _("All kinds")), *Notification.Kind.choices],
    )

    def narrow(self, notes: NotificationQuerySet) -> NotificationQuerySet:
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("show") == "unread":
            notes = notes.unread()
        return notes.filter(kind=data["kind"]) if data.get("kind") else notes


class MailChoiceForm(forms.Form):
    """Where notices go by e-mail, how often, at which hour."""

    address = forms.EmailField(
        label=_("E-mail address"),
        required=False,
        max_length=200,
        help_text=_("A link is sent there; notices follow once you have opened it. Leave empty for no mail at all."),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    rhythm = forms.ChoiceField(
        label=_("Digest"),
        choices=MailChoice.Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("One mail with what waits, what is due and what happened. None on days with nothing to tell."),
    )
    weekday = forms.TypedChoiceField(
        label=_("Day of the week"), coerce=int, choices=MailChoice.Weekday.choices, help_text=_("If once a week")
    )
    hour = forms.TypedChoiceField(
        label=_("From what time"), coerce=int, choices=[(hour, f"{hour:02}:00") for hour in range(24)]
    )
    at_once = forms.BooleanField(
        label=_("Reminders and what is returned to me: at once, in a mail of their own"), required=False
    )

    def __init__(self, data: Any = None, *, choice: MailChoice) -> None:
        names = ("address", "rhythm", "weekday", "hour", "at_once")
        super().__init__(data, initial={name: getattr(choice, name) for name in names})

    @property
    def wishes(self) -> Wishes:
        return Wishes(**self.cleaned_data)
