"""What production must be given, checked in one go so that an operator sees every fault at once."""

import base64
import binascii
import hashlib
import os

from django.core.exceptions import ImproperlyConfigured

DEVELOPMENT_SECRET = "development-only-never-use-this-where-people-work"  # noqa: S105  refused in production


def field_keys(raw: str) -> list[bytes]:
    """Read FIELD_KEYS: comma-separated base64 of 32 bytes each, the newest first."""
    keys = []
    for part in filter(None, (piece.strip() for piece in raw.split(","))):
        try:
            key = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        except (binascii.Error, ValueError) as error:
            raise ValueError("not base64") from error
        if len(key) != 32:
            raise ValueError(f"{len(key)} bytes, 32 needed")
        keys.append(key)
    return keys


def development_field_keys() -> list[bytes]:
    return [hashlib.sha256(DEVELOPMENT_SECRET.encode()).digest()]


def site_url(hosts: list[str], *, debug: bool) -> str:
    """Where the application is reached if SITE_URL does not say: the first host, by HTTPS in production."""
    host = next((host.lstrip(".") for host in hosts if host not in {"", "*"}), "127.0.0.1")
    return f"http://{host}:8000" if debug else f"https://{host}"


def production_faults(environ: "os._Environ[str] | dict[str, str]") -> list[str]:
    """Every missing or weak variable, each with its remedy; empty when production may start."""
    faults = []
    secret = environ.get("SECRET_KEY", "")
    if len(secret) < 50 or len(set(secret)) < 5 or secret == DEVELOPMENT_SECRET:
        faults.append(
            "SECRET_KEY is missing or weak: set 50 or more random characters, for example from "
            "python3 -c 'import secrets; print(secrets.token_urlsafe(64))'"
        )
    hosts = [host.strip() for host in environ.get("ALLOWED_HOSTS", "").split(",") if host.strip()]
    if not hosts or "*" in hosts:
        faults.append("ALLOWED_HOSTS is missing or '*': name the hosts, for example campaign.example.gov.cn")
    if not environ.get("DATABASE_URL"):
        faults.append("DATABASE_URL is missing: for example postgres://user:password@127.0.0.1:5432/campaign")
    if not environ.get("REDIS_URL"):
        faults.append("REDIS_URL is missing: for example redis://127.0.0.1:6379/0")
    try:
        keys = field_keys(environ.get("FIELD_KEYS", ""))
        weak = "" if keys else "missing"
    except ValueError as error:
        weak = str(error)
    if weak:
        faults.append(
            f"FIELD_KEYS is unusable ({weak}): set one or more keys of 32 bytes, for example from "
            "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
        )
    return faults


def refuse_weak_production(environ: "os._Environ[str] | dict[str, str]") -> None:
    """Stop the start with one message that names each fault and its remedy."""
    faults = production_faults(environ)
    if faults:
        raise ImproperlyConfigured("With DEBUG off the application does not start:\n- " + "\n- ".join(faults))
