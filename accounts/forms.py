"""Forms for signing in and changing one's password."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _


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
