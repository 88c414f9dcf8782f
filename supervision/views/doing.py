"""What most buttons of this room do: carry out an action, and say what was done or why it was refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest

from supervision.actions import Refused


def attempt(
    request: HttpRequest, action: Callable[..., Any], done: str, form: forms.Form | None = None, **given: Any
) -> bool:
    """Carry out an action as the user; was it done? The form says why not, so that it can be mended, else a message."""
    try:
        action(by=request.user, **given)
    except Refused as refusal:
        if form is None:
            messages.error(request, str(refusal))
        else:
            form.add_error(None, str(refusal))
        return False
    messages.success(request, done)
    return True
