"""Files are judged by what is in them."""

import io
import zipfile

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from campaign.uploads import check_upload

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\0" * 64
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\0" * 32


def office(part, extra=None):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as container:
        container.writestr("[Content_Types].xml", "<Types/>")
        container.writestr(part, "<x/>")
        if extra:
            container.writestr("big.bin", extra)
    return buffer.getvalue()


GOOD = {
    "会场.jpg": JPEG,
    "会场.JPEG": JPEG,
    "签到.png": PNG,
    "p.gif": b"GIF89a" + b"\0" * 20,
    "p.webp": b"RIFF\x24\0\0\0WEBPVP8 " + b"\0" * 30,
    "p.heic": b"\x00\x00\x00\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 32,
    "讲稿.pdf": b"%PDF-1.7 ...",
    "讲稿.docx": office("word/document.xml"),
    "名单.xlsx": office("xl/workbook.xml"),
}
BAD = {
    "run.exe": b"MZ" + b"\0" * 64,
    "page.jpg": b"<html><script>alert(1)</script>",
    "film.webp": b"RIFF\x24\0\0\0AVI LIST" + b"\0" * 30,
    "fake.pdf": JPEG,
    "photo.html": JPEG,
    "sheet.docx": office("xl/workbook.xml"),
    "bomb.xlsx": office("xl/workbook.xml", b"\0" * 30_000_000),
    "empty.jpg": b"",
    "noname": JPEG,
}


@pytest.mark.parametrize("name", GOOD)
def test_kept(name):
    check_upload(SimpleUploadedFile(name, GOOD[name]))


@pytest.mark.parametrize("name", BAD)
def test_refused_with_the_name_of_the_file(name):
    with pytest.raises(ValidationError, match=name):
        check_upload(SimpleUploadedFile(name, BAD[name]))


def test_too_large_is_refused_with_the_limit(settings):
    settings.UPLOAD_MAX_BYTES = 32
    with pytest.raises(ValidationError, match="会场"):
        check_upload(SimpleUploadedFile("会场.jpg", JPEG))


def test_a_photograph_gets_the_extension_of_what_it_is():
    file = SimpleUploadedFile("会场.JPG", PNG)
    check_upload(file)
    assert file.name == "会场.png"
