"""The slips of an anonymous survey as PDF: several to a page with cutting lines, a QR code and a code to type.

Codes are in clear here and nowhere else: they pass from memory into the file that is handed over, and are forgotten.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import Any

import pylopdf_fonts_zh_cn
import segno
import typst
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from assessments.actions.polls import Slip
from assessments.models import Poll

TEMPLATE = Path(__file__).with_name("poll_slips.typ")
PER_PAGE = 8
LANGUAGES = ("zh-hans", "en")
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """The bundled fonts alone: a slip looks the same wherever it is printed. Read once a process."""
    folder = str(Path(pylopdf_fonts_zh_cn.__file__).parent)
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@sensitive_variables()
def slips_pdf(poll: Poll, slips: Sequence[Slip], base: str) -> bytes:
    """All slips in one file, unit by unit and group by group, shuffled within; a unit begins on a page of its own."""
    pages = [_unit(poll, list(found), base) for _pk, found in groupby(_sorted(slips), key=lambda slip: slip.unit.pk)]
    data = {"pages": pages, "title": poll.title, "per_page": PER_PAGE}
    return typst.compile(
        str(TEMPLATE),
        format="pdf",
        root=str(TEMPLATE.parent),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
    )


@sensitive_variables()
def slips_zip(poll: Poll, slips: Sequence[Slip], base: str) -> bytes:
    """A file for each unit."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_STORED) as archive:
        for number, (_pk, of_unit) in enumerate(groupby(_sorted(slips), key=lambda slip: slip.unit.pk), start=1):
            own = list(of_unit)
            name = f"{number:03d}-{_UNSAFE.sub('_', own[0].unit.name)[:60]}.pdf"
            archive.writestr(name, slips_pdf(poll, own, base))
    return found.getvalue()


def _sorted(slips: Sequence[Slip]) -> list[Slip]:
    """By unit and group; Python's sort keeps the shuffled order within them."""
    return sorted(slips, key=lambda slip: (slip.unit.organization.path, slip.unit.pk, slip.group))


@sensitive_variables()
def _unit(poll: Poll, slips: list[Slip], base: str) -> dict[str, Any]:
    instrument = poll.questionnaire().instrument
    names = {group.key: [group.name.zh, group.name.en] for group in instrument.groups}
    return {
        "name": slips[0].unit.name,
        "address": base.removeprefix("https://"),
        "said": [_words(poll, language, instrument.name) for language in LANGUAGES],
        "slips": [
            {
                "qr": _qr(f"{base}#{slip.code.whole}"),
                "typed": slip.code.typed,
                "group": names.get(slip.group, [slip.group, slip.group]),
            }
            for slip in slips
        ],
    }


def _words(poll: Poll, language: str, name: Any) -> dict[str, str]:
    """What every slip of a unit says, in one language."""
    with translation.override(language):
        until = timezone.localtime(poll.closes_at) if poll.closes_at else None
        return {
            "title": poll.title if language.startswith("zh") else name.en,
            "until": _("Open until %(until)s") % {"until": f"{until:%Y-%m-%d %H:%M}" if until else ""},
            "type": _("Scan, or open this address and type the code:"),
            "promise": _(
                "Nobody writes down who was given which slip, and a code is void once it has been used. "
                "Results of fewer than 5 ballots are not shown."
            ),
        }


def _qr(address: str) -> str:
    """The code as SVG. The mask is given: weighing all eight takes four times as long, and any of them is read."""
    out = io.BytesIO()
    made = segno.make(address, error="m", boost_error=False, micro=False, mask=2)
    made.save(out, kind="svg", scale=1, border=2, xmldecl=False, svgns=True, omitsize=True)
    return out.getvalue().decode()
