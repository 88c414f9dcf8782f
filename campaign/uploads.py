"""What may be kept with an activity: photographs, PDF, Word and Excel; judged by content, not by name."""

from __future__ import annotations

import zipfile
from pathlib import PurePath

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

MOST_FILES = 20
IMAGES = {".jpg": "image/jpeg", ".png": "image/png", ".gif": "image/gif", ".webp": "image/webp", ".heic": "image/heic"}
_OFFICE = {".docx": "word/document.xml", ".xlsx": "xl/workbook.xml"}
_SAME = {".jpeg": ".jpg", ".jfif": ".jpg", ".heif": ".heic", ".heics": ".heic"}
SHOWN = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})  # what a browser shows by itself
ACCEPT = "image/jpeg,image/png,image/gif,image/webp,image/heic,.pdf,.docx,.xlsx"
_HEAD = 4096
_MEGABYTE = 1024 * 1024
_MOST_MEMBERS, _MOST_UNPACKED = 2_000, 200 * _MEGABYTE
_RATIO, _RATIO_FROM = 100, 20 * _MEGABYTE


def check_upload(file: UploadedFile) -> None:
    """Raises ValidationError, naming the file and the remedy."""
    name, size = file.name or "", file.size or 0
    if size > settings.UPLOAD_MAX_BYTES:
        text = _("“%(name)s” has %(size)s MB; the most is %(limit)s MB. Make it smaller, or divide it.")
        limit = settings.UPLOAD_MAX_BYTES // _MEGABYTE
        raise ValidationError(text % {"name": name, "size": f"{size / _MEGABYTE:.1f}", "limit": limit})
    kind = kind_of(file)
    if kind is None:
        text = _("“%(name)s” is not a photograph, PDF, Word (.docx) or Excel (.xlsx) file. Save it as one of these.")
        raise ValidationError(text % {"name": name})
    if kind in IMAGES and PurePath(name).suffix != kind:
        file.name = str(PurePath(name).with_suffix(kind))


def kind_of(file: UploadedFile) -> str | None:
    """The extension that the content is true to, if it is one that we keep.

    A photograph may bear the name of another kind of picture, as messengers give it; a document may not.
    """
    said = PurePath(file.name or "").suffix.lower()
    said = _SAME.get(said, said)
    file.seek(0)
    head = file.read(_HEAD)
    file.seek(0)
    if said == ".pdf":
        return said if head.startswith(b"%PDF-") else None
    if said in _OFFICE:
        return said if _is_office(file, _OFFICE[said]) else None
    return _image_kind(head) if said in IMAGES else None


def _image_kind(head: bytes) -> str | None:
    if head[:4] == b"RIFF":  # a container of many kinds: sound and film too
        return ".webp" if head[8:12] == b"WEBP" else None
    try:
        found = {_SAME.get(match.extension, match.extension) for match in puremagic.magic_string(head)}
    except (puremagic.PureError, ValueError):
        return None
    return next((kind for kind in IMAGES if kind in found), None)


def _is_office(file: UploadedFile, part: str) -> bool:
    """A zip container with the right part inside, packed as an office program packs it."""
    try:
        with zipfile.ZipFile(file) as container:
            members = container.infolist()
    except (zipfile.BadZipFile, zipfile.LargeZipFile, UnicodeDecodeError, OSError, ValueError):
        return False
    finally:
        file.seek(0)
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    bomb = unpacked > _RATIO_FROM and unpacked > _RATIO * max(packed, 1)
    names = {member.filename for member in members}
    return {"[Content_Types].xml", part} <= names and not (
        bomb or len(members) > _MOST_MEMBERS or unpacked > _MOST_UNPACKED
    )
