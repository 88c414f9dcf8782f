"""What the tests of the pages of anonymous surveys say in one word."""

import datetime as dt

from django.urls import reverse

from accounts.clock import today
from assessments.tests.factories import PASSPHRASE


def url(name, *args, **query):
    found = reverse(f"assessments:{name}", args=[getattr(arg, "pk", arg) for arg in args])
    return found + ("?" + "&".join(f"{key}={value}" for key, value in query.items()) if query else "")


def text_of(response):
    return response.content.decode()


def opening(**more):
    day = today() + dt.timedelta(days=5)
    phrases = {"officers": "1", "phrase_1": PASSPHRASE, "again_1": PASSPHRASE, "understood": "on"}
    return {"day": day.isoformat(), "hour": "18:00", **phrases, **more}
