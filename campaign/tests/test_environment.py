"""Production says everything that is missing or weak at once, each with its remedy, and does not start."""

import base64

import pytest
from django.core.exceptions import ImproperlyConfigured

from campaign import environment

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
SOUND = {
    "SECRET_KEY": "k3Jd9fQ2-xZ81mLp0vB7sWq5tYh6uNcR4eG_aTiOo3jXwVyD1b",
    "ALLOWED_HOSTS": "campaign.example.gov.cn",
    "DATABASE_URL": "postgres://user:word@127.0.0.1/campaign",
    "REDIS_URL": "redis://127.0.0.1:6379/0",
    "FIELD_KEYS": KEY,
}


def test_a_sound_environment_starts():
    environment.refuse_weak_production(SOUND)


@pytest.mark.parametrize("name", sorted(SOUND))
def test_what_is_missing_is_named(name):
    [fault] = environment.production_faults({k: v for k, v in SOUND.items() if k != name})
    assert fault.startswith(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", environment.DEVELOPMENT_SECRET),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "good.example.cn,*"),
        ("FIELD_KEYS", "not base64!"),
        ("FIELD_KEYS", base64.urlsafe_b64encode(b"too short").decode()),
        ("FIELD_KEYS", KEY + ",oops"),
    ],
)
def test_what_is_weak_is_named(name, value):
    [fault] = environment.production_faults(SOUND | {name: value})
    assert fault.startswith(name)


def test_all_faults_come_in_one_message():
    with pytest.raises(ImproperlyConfigured) as caught:
        environment.refuse_weak_production({})
    assert all(name in str(caught.value) for name in SOUND)


def test_several_field_keys_are_read_newest_first():
    other = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    assert environment.field_keys(f"{other}, {KEY}") == [bytes(32), bytes(range(32))]
