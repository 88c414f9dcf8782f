"""Ballots are sealed for a survey's key when they are cast and opened together when it closes (promises 2 and 3).

The private half is wrapped by a passphrase, or by two of which neither is enough; in clear it is in no file, no row
and no setting.
"""

from __future__ import annotations

import base64
import json
import secrets
from dataclasses import dataclass
from typing import Any

from django.views.decorators.debug import sensitive_variables
from nacl import pwhash, utils
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox

# Argon2id: some tenths of a second and 64 MB a try, so that a stolen database is no way to guess a passphrase.
OPERATIONS, MEMORY = 4, 64 * 1024 * 1024
KEY_BYTES = 32
LEAST_PASSPHRASE = 12


class WrongPassphrase(Exception):
    """A passphrase does not open its part of the key; `part` says which (0 is the first officer's)."""

    def __init__(self, part: int) -> None:
        super().__init__(f"part {part}")
        self.part = part


class BrokenSeal(Exception):
    """A sealed ballot does not open: it was tampered with, or belongs to another survey."""


@dataclass(frozen=True)
class Keys:
    """A survey's key pair: the public half in clear, the private one in wrapped parts."""

    public: bytes
    parts: list[dict[str, str]]


@sensitive_variables()
def make_keys(passphrases: list[str]) -> Keys:
    """A new key pair, its private half split over as many officers as there are passphrases; all are needed."""
    private = PrivateKey.generate()
    shares = [secrets.token_bytes(KEY_BYTES) for _ in passphrases[1:]]
    last = bytes(private)
    for share in shares:
        last = xor(last, share)
    wrapped = [_wrap(share, phrase) for share, phrase in zip([*shares, last], passphrases, strict=True)]
    return Keys(bytes(private.public_key), wrapped)


@sensitive_variables()
def private_key(parts: list[dict[str, str]], passphrases: list[str]) -> bytes:
    """Put the private key together again. Raises WrongPassphrase."""
    key = bytes(KEY_BYTES)
    for number, (part, phrase) in enumerate(zip(parts, passphrases, strict=True)):
        key = xor(key, _unwrap(part, phrase, number))
    return key


def xor(left: bytes, right: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(left, right, strict=True))


@sensitive_variables()
def _wrap(secret: bytes, passphrase: str) -> dict[str, str]:
    salt = utils.random(pwhash.argon2id.SALTBYTES)
    box = SecretBox(_derive(passphrase, salt)).encrypt(secret)
    return {"salt": base64.b64encode(salt).decode(), "box": base64.b64encode(bytes(box)).decode()}


@sensitive_variables()
def _unwrap(part: dict[str, str], passphrase: str, number: int) -> bytes:
    try:
        return SecretBox(_derive(passphrase, base64.b64decode(part["salt"]))).decrypt(base64.b64decode(part["box"]))
    except CryptoError as wrong:
        raise WrongPassphrase(number) from wrong


@sensitive_variables()
def _derive(passphrase: str, salt: bytes) -> bytes:
    text = " ".join(passphrase.split()).encode()  # spaces at the ends or doubled are nobody's intention
    return pwhash.argon2id.kdf(SecretBox.KEY_SIZE, text, salt, opslimit=OPERATIONS, memlimit=MEMORY)


@sensitive_variables()
def seal(public: bytes, content: dict[str, Any], size: int) -> bytes:
    """Seal a ballot; all of one survey have the same length, whatever is in them."""
    plain = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    if len(plain) > size:
        raise ValueError(f"{len(plain)} bytes do not fit into {size}")
    return SealedBox(PublicKey(bytes(public))).encrypt(plain.ljust(size, b" "))


class Opener:
    """Opens the ballots of one survey."""

    def __init__(self, private: bytes) -> None:
        self._box = SealedBox(PrivateKey(private))

    def __call__(self, sealed: bytes) -> dict[str, Any]:
        """What is in a ballot. Raises BrokenSeal."""
        try:
            content: dict[str, Any] = json.loads(self._box.decrypt(bytes(sealed)))
        except (CryptoError, ValueError) as broken:
            raise BrokenSeal from broken
        return content


def matches(private: bytes, public: bytes) -> bool:
    """Whether the two are halves of one pair."""
    return bytes(PrivateKey(private).public_key) == bytes(public)
