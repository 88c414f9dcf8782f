"""The forms of posts and accounts."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.models import MailChoice
from units import roles
from units.forms.fields import CodeOrNameField, DayField, UsernameField
from units.models import Organization, Post


class PostForm(forms.Form):
    """Who, where, as what, from when to when."""

    user = UsernameField(
        label=gettext_lazy("User name"),
        max_length=150,
        help_text=gettext_lazy("Choose from the suggestions while typing."),
        widget=forms.TextInput(attrs={"list": "accounts", "autocomplete": "off"}),
    )
    organization = CodeOrNameField(
        label=gettext_lazy("Organisation"),
        max_length=120,
        help_text=gettext_lazy("Name or code of the organisation; choose from the suggestions while typing."),
        widget=forms.TextInput(attrs={"list": "organizations", "autocomplete": "off"}),
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"))
    from_date = DayField(label=gettext_lazy("From"), ahead=True)
    to_date = DayField(
        label=gettext_lazy("To"), ahead=True, required=False, help_text=gettext_lazy("Leave empty if no end is set.")
    )

    def __init__(self, *args: Any, accounts: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = roles.choices()  # type: ignore[attr-defined]
        self.fields["user"].queryset = accounts  # type: ignore[attr-defined]
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]


class EndPostForm(forms.Form):
    """The last day of a post."""

    last_day = DayField(
        label=gettext_lazy("Last day of the post"),
        ahead=True,
        help_text=gettext_lazy("The post holds to the end of this day. To end it at once, give yesterday's date."),
    )


class AccountForm(forms.Form):
    """A new account without a post."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    username = forms.CharField(
        label=gettext_lazy("User name"),
        max_length=40,
        validators=[
            RegexValidator(
                r"\A[A-Za-z0-9][A-Za-z0-9._-]+\Z",
                gettext_lazy("Use at least two letters or digits; full stop, hyphen and underscore may stand between."),
            )
        ],
        help_text=gettext_lazy("What the person types when signing in: letters and digits."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class PostFilter(forms.Form):
    """Narrowing the list of posts."""

    q = forms.CharField(
        label=gettext_lazy("Name or user name"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[("", gettext_lazy("Held now")), ("ended", gettext_lazy("Ended")), ("all", gettext_lazy("All"))],
    )
    organization = forms.ModelChoiceField(
        queryset=Organization.objects.none(), required=False, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, organizations: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", gettext_lazy("All roles")), *roles.choices()]  # type: ignore[attr-defined]
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]

    def narrow(self, posts: Any, today: dt.date) -> Any:
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("q"):
            text = data["q"].strip()
            posts = posts.filter(user__name__icontains=text) | posts.filter(user__username__icontains=text)
        if data.get("role"):
            posts = posts.filter(role=data["role"])
        if data.get("organization"):
            posts = posts.filter(organization__in=Organization.objects.within(data["organization"]))
        if data.get("state") == "ended":
            return posts.filter(to_date__lt=today)
        return posts if data.get("state") == "all" else posts.filter(pk__in=Post.objects.current(today).values("pk"))


class AccountFilter(forms.Form):
    """Narrowing the list of accounts."""

    q = forms.CharField(
        label=gettext_lazy("Name or user name"), required=False, widget=forms.TextInput(attrs={"type": "search"})
    )
    role = forms.ChoiceField(label=gettext_lazy("Role"), required=False)
    state = forms.ChoiceField(
        label=gettext_lazy("State"),
        required=False,
        choices=[
            ("", pgettext_lazy("account", "Open")),
            ("closed", pgettext_lazy("account", "Closed")),
            ("fresh", gettext_lazy("Never signed in")),
            ("postless", gettext_lazy("Without a post")),
            ("mail", gettext_lazy("Mail does not arrive")),
            ("all", gettext_lazy("All")),
        ],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = [("", gettext_lazy("All roles")), *roles.choices()]  # type: ignore[attr-defined]

    def narrow(self, accounts: Any, today: dt.date) -> Any:
        data = self.cleaned_data if self.is_valid() else {}
        if data.get("q"):
            text = data["q"].strip()
            accounts = accounts.filter(name__icontains=text) | accounts.filter(username__icontains=text)
        current = Post.objects.current(today)
        if data.get("role"):
            accounts = accounts.filter(pk__in=current.filter(role=data["role"]).values("user"))
        state = data.get("state")
        if state == "all":
            return accounts
        if state == "closed":
            return accounts.filter(is_active=False)
        accounts = accounts.filter(is_active=True)
        if state == "fresh":
            return accounts.filter(last_login=None)
        if state == "mail":
            return accounts.filter(mail_choice__in=MailChoice.objects.failing())
        return accounts.exclude(pk__in=current.values("user")) if state == "postless" else accounts
