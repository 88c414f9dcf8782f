"""Files kept with a record: what may be kept (judged by content, not by name), adding, sending and letting go.

Who may do it, and what the history says of it, is the business of each topic.
"""

from __future__ import annotations

import functools
import zipfile
from collections.abc import Iterable
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import puremagic
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.http import FileResponse
from django.utils.translation import gettext as _

if TYPE_CHECKING:
    from accounts.models import User
    from campaign.models.kept import KeptFile

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
_NAME_MAX = 200


# ---------------------------------------------------------------- adding, sending, letting go
def keep(kept: Any, files: Iterable[File], *, by: User | None = None, **more: Any) -> list[KeptFile]:
    """Add files to a record by its manager (`visit.files`); `more` names further columns of that model."""
    columns = {field.name for field in kept.model._meta.fields}
    return [
        kept.create(**{name: value for name, value in _facts(file, by).items() if name in columns}, **more)
        for file in files
    ]


def _facts(file: File, by: User | None) -> dict[str, Any]:
    return {"file": file, "name": str(file.name)[:_NAME_MAX], "size": file.size or 0, "added_by": by}


def remove(file: KeptFile) -> None:
    """Take one file off its record."""
    discard([file])
    file.delete()


def discard(files: Iterable[Any]) -> None:
    """Of rows that have a `file`: delete from the store only what the database has really let go."""
    for kept in files:
        if kept.file:
            transaction.on_commit(functools.partial(kept.file.storage.delete, kept.file.name))


def is_image(file: FieldFile) -> bool:
    return PurePath(file.name or "").suffix in IMAGES


def listed(files: Iterable[KeptFile]) -> list[tuple[KeptFile, bool]]:
    """Files as the pages show them: each with whether it is a photograph."""
    return [(kept, is_image(kept.file)) for kept in files]


def send(file: FieldFile, name: str) -> FileResponse:
    """A file under its own name: a photograph opens in the browser, anything else is downloaded."""
    kind = IMAGES.get(PurePath(file.name or "").suffix, "application/octet-stream")
    return FileResponse(file.open("rb"), as_attachment=kind not in SHOWN, filename=name, content_type=kind)


# ---------------------------------------------------------------- what may be kept
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
