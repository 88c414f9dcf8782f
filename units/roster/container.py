"""First look at an upload, before anything parses it: is it a workbook, and is it packed like one?"""

from __future__ import annotations

import zipfile
from pathlib import Path

import puremagic

from units.roster.records import RosterUnreadable

LARGEST_FILE = 50 * 1024 * 1024
LARGEST_UNPACKED = 200 * 1024 * 1024
MOST_MEMBERS = 2_000
_RATIO, _RATIO_FROM = 100, 20 * 1024 * 1024
_ZIP_TYPES = frozenset({".xlsx", ".xlsm", ".zip"})
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED_PART = "EncryptedPackage".encode("utf-16-le")
_PARTS = ("[Content_Types].xml", "xl/workbook.xml")
_LOCKED = 0x1
_MEGABYTE = 1024 * 1024


def check_container(path: Path) -> None:
    """Raises RosterUnreadable unless the file is an .xlsx of reasonable size and packing."""
    size = path.stat().st_size
    if size > LARGEST_FILE:
        raise RosterUnreadable("too_large", size=f"{size // _MEGABYTE} MB")
    _check_type(path)
    try:
        with zipfile.ZipFile(path) as container:
            _check_members(container.infolist())
    except (zipfile.BadZipFile, zipfile.LargeZipFile, UnicodeDecodeError, OSError, ValueError) as error:
        raise RosterUnreadable("damaged") from error


def _check_type(path: Path) -> None:
    with path.open("rb") as file:
        head = file.read(len(_OLD_OFFICE))
    if head == _OLD_OFFICE:
        # Password-protected workbooks are wrapped in the container of the old format.
        encrypted = _ENCRYPTED_PART in path.read_bytes()
        raise RosterUnreadable("encrypted" if encrypted else "old_format")
    try:
        types = {match.extension for match in puremagic.magic_file(path)}
    except (puremagic.PureError, ValueError):
        types = set()
    if not types & _ZIP_TYPES:
        raise RosterUnreadable("not_a_workbook")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    """Sizes are those that the file declares; a false one meets the limits of the reading process."""
    if any(member.flag_bits & _LOCKED for member in members):
        raise RosterUnreadable("encrypted")
    if not {member.filename for member in members}.issuperset(_PARTS):
        raise RosterUnreadable("not_a_workbook")
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if len(members) > MOST_MEMBERS or (unpacked > _RATIO_FROM and unpacked > _RATIO * max(packed, 1)):
        raise RosterUnreadable("suspicious")
    if unpacked > LARGEST_UNPACKED:
        raise RosterUnreadable("too_large", size=f"{unpacked // _MEGABYTE} MB")
