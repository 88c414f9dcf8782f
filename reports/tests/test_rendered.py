"""Each kind of document opened by LibreOffice and looked at: text, page, margins, fonts, nothing off the paper."""

from __future__ import annotations

import re
from io import BytesIO
from types import SimpleNamespace
from zipfile import ZipFile

import pytest
from docx import Document
from docx.oxml.ns import qn

from reports.documents import measures as m
from reports.documents.layout import check_bulletin, check_docx
from reports.tests.document_kinds import make_documents
from reports.tests.rendering import ink_of, needs_rendering, pages_of, set_by_libreoffice

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BULLETINS = {"bulletin", "supplement", "special", "long_bulletin"}
SLACK_MM = 1.5
STOPS, HANGING_MM = "，。、；：！？）”》", 6  # a stop at the end of a line may hang into the margin, as is usual


def close(text: str) -> str:
    return re.sub(r"\s", "", text)


def words_of(made):
    """Those that are Word files."""
    return [kind for kind in made.kinds if kind.word]


@pytest.fixture(scope="module")
def made(django_db_setup, django_db_blocker, tmp_path_factory):
    """All documents from one world that is gone again afterwards, and all of them set in one run."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        kinds = make_documents()
        transaction.set_rollback(True)
    return SimpleNamespace(kinds=kinds, folder=tmp_path_factory.mktemp("rendered"))


@pytest.fixture(scope="module")
def rendered(made):
    for kind in made.kinds:
        (made.folder / f"{kind.name}.{'docx' if kind.word else 'pdf'}").write_bytes(kind.data)
    set_by_libreoffice(made.folder)
    return {kind.name: made.folder / f"{kind.name}.pdf" for kind in made.kinds}


def test_each_file_opens_and_keeps_to_the_form(made):
    """Margins, grid, sizes and page numbers of GB/T 9704, and no font but those of the form (python-docx)."""
    assert len({kind.name for kind in made.kinds}) == len(made.kinds) >= 28
    for kind in words_of(made):
        document = Document(BytesIO(kind.data))
        assert document.core_properties.language == "zh-CN", kind.name
        checked = check_bulletin(kind.data) if kind.name in BULLETINS else check_docx(kind.data)
        assert checked == [], kind.name
        named = set()
        with ZipFile(BytesIO(kind.data)) as archive:
            for part in ("word/document.xml", "word/footer1.xml"):
                named |= set(re.findall(r'w:eastAsia="([^"]+)"', archive.read(part).decode()))
        assert named - {"zh-CN"} <= set(m.FONTS), kind.name


def test_no_row_of_a_table_breaks_and_its_head_is_repeated(made):
    for kind in words_of(made):
        for table in Document(BytesIO(kind.data)).tables:
            rows = [row._tr.trPr for row in table.rows]
            if len(rows) < 4 or kind.name in BULLETINS:
                continue
            assert all(row.find(qn("w:cantSplit")) is not None for row in rows), kind.name
            assert rows[0].find(qn("w:tblHeader")) is not None, kind.name


@needs_rendering
def test_each_is_set_on_a4_with_its_text_in_its_place(made, rendered):
    for kind in made.kinds:
        pages = pages_of(rendered[kind.name])
        least, most = kind.pages
        assert least <= len(pages) <= most, (kind.name, len(pages))
        whole = close("".join(page.text for page in pages))
        assert close(kind.title) in close(pages[0].text), kind.name
        for told in kind.told:
            assert close(told) in whole, (kind.name, told)
        for number, page in enumerate(pages, 1):
            assert (round(page.width), round(page.height)) == m.PAGE_MM, kind.name
            assert not kind.word or f"—{number}—" in close(page.text), (kind.name, number)


@needs_rendering
def test_nothing_stands_outside_the_margins(made, rendered):
    """All words lie in the type area, but for the page number under it and the mark of a draft over it.

    Of a PDF of our own making, which has margins of its own, all words lie on the paper.
    """
    right, bottom = m.PAGE_MM[0] - m.RIGHT_MM, m.PAGE_MM[1] - m.BOTTOM_MM
    for kind in made.kinds:
        for page in pages_of(rendered[kind.name]):
            for x1, y1, x2, y2, word in page.words:
                where = (kind.name, word, x1, y1, x2, y2)
                assert x1 >= 0 and y1 >= 0 and x2 <= page.width and y2 <= page.height, where
                if not kind.word:
                    continue
                hanging = HANGING_MM if word[-1] in STOPS else SLACK_MM
                assert x1 >= m.LEFT_MM - SLACK_MM and x2 <= right + hanging, where
                head_or_foot = y2 < m.TOP_MM or y1 > bottom - SLACK_MM
                assert head_or_foot or (y1 >= m.TOP_MM - SLACK_MM and y2 <= bottom + 2 * SLACK_MM), where


@needs_rendering
def test_a_full_line_holds_about_28_characters_and_no_page_is_empty(made, rendered):
    for kind in made.kinds:
        pages = pages_of(rendered[kind.name])
        for page in pages:
            text = [word for word in page.words if m.TOP_MM - SLACK_MM <= word[1] < m.PAGE_MM[1] - m.BOTTOM_MM]
            assert text, (kind.name, "a page without a word")
        assert all(0.002 < ink < 0.5 for ink in ink_of(rendered[kind.name])), kind.name
    lines: dict[float, str] = {}
    for _x1, y1, _x2, _y2, word in pages_of(rendered["long_bulletin"])[1].words:
        lines[round(y1)] = lines.get(round(y1), "") + word
    assert 26 <= max(len(close(line)) for line in lines.values()) <= 30
