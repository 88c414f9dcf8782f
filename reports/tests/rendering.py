"""Word files set by LibreOffice: one run for many, with the bundled fonts under the names of the form.

No machine of ours has 仿宋_GB2312; the bundled fonts stand in for each face of the form, so that a page is the same
wherever it is rendered, and a character is as wide as in the fonts of the form: one em.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import pylopdf_fonts_zh_cn
import pytest

from reports.documents import measures as m
from reports.documents.fonts import SERIF, SUBSTITUTE

TOOLS = ("soffice", "pdftotext", "pdfinfo", "pdftoppm")
MISSING = [tool for tool in TOOLS if shutil.which(tool) is None]
needs_rendering = pytest.mark.skipif(bool(MISSING), reason=f"not installed: {', '.join(MISSING)}")
POINTS = 72 / 25.4
WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>')
PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.S)


@dataclass(frozen=True)
class Page:
    """One page of a PDF in millimetres: its size, and each word with its box (left, top, right, bottom)."""

    width: float
    height: float
    words: list[tuple[float, float, float, float, str]]

    @property
    def text(self) -> str:
        return "".join(word[4] for word in self.words)


def set_by_libreoffice(folder: Path) -> dict[str, Path]:
    """Every .docx of the folder as PDF beside it, by name: one run."""
    (folder / "fonts.conf").write_text(_font_configuration(folder), encoding="utf-8")
    files = sorted(folder.glob("*.docx"))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), *map(str, files)]
    environment = os.environ | {"FONTCONFIG_FILE": str(folder / "fonts.conf"), "HOME": str(folder)}
    subprocess.run(command, check=True, capture_output=True, timeout=300, env=environment)
    return {file.stem: file.with_suffix(".pdf") for file in files}


def _font_configuration(folder: Path) -> str:
    """Only the bundled fonts, each face of the form led to the one that stands in for it."""
    bundled = Path(pylopdf_fonts_zh_cn.__file__).parent
    match = (
        '<match target="pattern"><test name="family"><string>{}</string></test>'
        '<edit name="family" mode="assign" binding="strong"><string>{}</string></edit></match>'
    )
    faces = "".join(match.format(escape(face), escape(SUBSTITUTE.get(face, SERIF))) for face in m.FONTS)
    return (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
        f"<fontconfig><dir>{bundled}</dir><cachedir>{folder / 'cache'}</cachedir>{faces}</fontconfig>"
    )


def pages_of(pdf: Path) -> list[Page]:
    """The pages with their words, as they stand on paper."""
    told = _run("pdftotext", "-bbox", str(pdf), "-").decode()
    return [
        Page(
            float(width) / POINTS,
            float(height) / POINTS,
            [(*(float(place) / POINTS for place in word[:4]), word[4]) for word in WORD.findall(inside)],
        )
        for width, height, inside in PAGE.findall(told)
    ]


def ink_of(pdf: Path, resolution: int = 24) -> list[float]:
    """The share of each page that is not white, as it is drawn."""
    shares = []
    stem = pdf.with_suffix("")
    _run("pdftoppm", "-gray", "-r", str(resolution), str(pdf), str(stem))
    for image in sorted(pdf.parent.glob(f"{stem.name}-*.pgm")):
        data = image.read_bytes()
        width, height = (int(number) for number in data.split(None, 4)[1:3])
        pixels = data[-width * height :]
        shares.append(sum(pixel < 200 for pixel in pixels) / len(pixels))
    return shares


def _run(*command: str) -> bytes:
    return subprocess.run(command, check=True, capture_output=True, timeout=120).stdout
