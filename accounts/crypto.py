"""AES-GCM for sensitive columns and an HMAC blind index to find them by (conventions: sensitive data at rest).

A token is `v1.` and base64 of key id (4 bytes), nonce (12) and ciphertext. New values are written under the first of
settings.FIELD_KEYS; any of them reads. The blind index is keyed from the last one, so adding a key in front keeps it.
"""

import base64
import functools
import hashlib
import hmac
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

PREFIX = "v1."


class CannotDecrypt(Exception):
    """The stored token was written under a key that is not in FIELD_KEYS, or was damaged."""


@functools.cache
def _cipher(key: bytes) -> tuple[bytes, AESGCM]:
    return hashlib.sha256(b"id" + key).digest()[:4], AESGCM(key)


def encrypt(text: str) -> str:
    """Seal `text`; the empty string stays empty, so that 'not given' can be asked in SQL."""
    if not text:
        return ""
    key_id, cipher = _cipher(settings.FIELD_KEYS[0])
    nonce = os.urandom(12)
    return PREFIX + base64.b64encode(key_id + nonce + cipher.encrypt(nonce, text.encode(), key_id)).decode()


def decrypt(token: str) -> str:
    """Open a token made by encrypt(); raises CannotDecrypt."""
    if not token:
        return ""
    raw = base64.b64decode(token.removeprefix(PREFIX))
    for key in settings.FIELD_KEYS:
        key_id, cipher = _cipher(key)
        if raw[:4] == key_id:
            try:
                return cipher.decrypt(raw[4:16], raw[16:], key_id).decode()
            except InvalidTag as error:
                raise CannotDecrypt("damaged value") from error
    raise CannotDecrypt("no key of FIELD_KEYS opens this value")


def digest(text: str) -> str:
    """The blind index: equal texts give equal digests, and nothing can be read from one."""
    if not text:
        return ""
    key = hashlib.sha256(b"blind-index" + settings.FIELD_KEYS[-1]).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
