"""Finding members and organisations by name, spelling, branch or ID number."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q

from accounts import crypto

_LATIN = re.compile(r"[A-Za-z' ]+\Z")
_ID_NUMBER = re.compile(r"\d{17}[\dXx]\Z")


def members_matching(members: Any, text: str) -> Any:
    """By name, pinyin, initials or branch; by the whole ID number, which is compared sealed."""
    text = text.strip()
    if not text:
        return members
    if _ID_NUMBER.match(text):
        return members.filter(id_digest=crypto.digest(text.upper()))
    if _LATIN.match(text):
        typed = re.sub(r"[' ]", "", text).lower()
        return members.filter(_spelt(typed))
    return members.filter(Q(name__icontains=text) | Q(organization__name__icontains=text))


def organizations_matching(organizations: Any, text: str) -> Any:
    """By name, code, pinyin or initials, anywhere in the name: people leave out 县 and 中共."""
    text = text.strip()
    if not text:
        return organizations
    found = Q(name__icontains=text) | Q(code__iexact=text)
    if _LATIN.match(text):
        typed = re.sub(r"[' ]", "", text).lower()
        found |= Q(pinyin__contains=typed) | Q(initials__contains=typed)
    return organizations.filter(found)


def _spelt(typed: str) -> Q:
    """From the beginning of a reading; a second reading follows a space."""
    return (
        Q(pinyin__startswith=typed)
        | Q(initials__startswith=typed)
        | Q(pinyin__contains=f" {typed}")
        | Q(initials__contains=f" {typed}")
        | Q(name__icontains=typed)
    )
