"""The layout check: nothing to say of a good file, each fault of a spoiled one named, both on the bulletin's page."""

from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from reports.actions import bulletins
from reports.documents.layout import check_bulletin
from reports.documents.word import bulletin_docx
from reports.documents.word_parts import set_fonts
from reports.models import Bulletin
from reports.queries.bulletin_layout import WHAT, layout_of
from reports.tests.bulletin_world import W2, make_told_world
from reports.tests.document_samples import BULLETIN, bulletin


def spoiled(change):
    """What the check says of the sample after a change, each as (what, found)."""
    document = Document(BytesIO(bulletin_docx(BULLETIN)))
    change(document)
    stream = BytesIO()
    document.save(stream)
    return [(one.what, one.found) for one in check_bulletin(stream.getvalue())]


def line(document, text):
    return next(one for one in document.paragraphs if text in one.text)


def narrow(document):
    document.sections[0].left_margin = Mm(20)


def no_grid(document):
    section = document.sections[0]._sectPr
    section.remove(section.find(qn("w:docGrid")))


def black(document):
    document.paragraphs[0].runs[0].font.color.rgb = None


def small(document):
    document.paragraphs[0].runs[0].font.size = Pt(16)


def aside(document):
    document.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.LEFT


def no_rule(document):
    head = line(document, "2005年3月5日")._p.pPr
    head.remove(head.find(qn("w:pBdr")))


def short_rule(document):
    line(document, "2005年3月5日").paragraph_format.left_indent = Mm(10)


def level_one(document):
    set_fonts(line(document, "一、加强领导").runs[0]._r.rPr, "仿宋_GB2312")


def level_two(document):
    set_fonts(line(document, "（一）落实责任").runs[0]._r.rPr, "黑体")


def bold_title(document):
    line(document, "县教育局抓实学习动员").runs[0].bold = True


def alike(document):
    document.settings.odd_and_even_pages_header_footer = False


def test_of_a_good_file_there_is_nothing_to_say():
    assert check_bulletin(bulletin_docx(BULLETIN)) == []
    assert check_bulletin(bulletin_docx(bulletin(classification="内部", corrects="更正：第2期有误。"))) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (narrow, ("left margin", "20.0 mm")),
        (black, ("masthead", "–")),
        (small, ("masthead size", "16 pt")),
        (aside, ("masthead place", "left")),
        (no_rule, ("red rule", "–")),
        (short_rule, ("red rule", "indented")),
        (level_one, ("level 1 heading font", "仿宋_GB2312")),
        (level_two, ("level 2 heading font", "黑体")),
        (bold_title, ("title weight", "bold")),
        (alike, ("page numbers", "odd and even alike")),
    ],
)
def test_each_fault_is_named_and_no_other(change, said):
    assert spoiled(change) == [said]


def test_a_file_without_grid_deviates_in_all_its_measures():
    assert [what for what, _found in spoiled(no_grid)] == ["grid type", "grid linePitch", "grid charSpace"]


def test_whatever_can_deviate_has_a_name_for_the_page():
    changes = (narrow, no_grid, black, small, aside, no_rule, level_one, level_two, bold_title, alike)
    assert {what for change in changes for what, _found in spoiled(change)} <= set(WHAT)


# ---------------------------------------------------------------- on the page
@pytest.fixture
def w(clock):
    return make_told_world(clock)


@pytest.fixture
def issued(w, django_capture_on_commit_callbacks):
    draft = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[draft.items.first().pk])
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.issue(by=w.c.office, bulletin=draft)
    return Bulletin.objects.get(pk=draft.pk)


def page(client, user, issued):
    client.force_login(user)
    return client.get(reverse("reports:bulletin", args=[issued.pk]))


@pytest.mark.django_db
def test_the_page_says_to_the_editors_that_all_is_right(w, issued, client):
    answer = page(client, w.c.general, issued)
    assert answer.context["layout"].right
    assert "版式检查" in answer.content.decode()
    assert "版式检查" not in page(client, w.c.secretary, issued).content.decode()


@pytest.mark.django_db
def test_the_page_lists_what_deviates(w, issued, client):
    with issued.docx.open("rb") as file:
        document = Document(BytesIO(file.read()))
    narrow(document)
    no_rule_of = next(one for one in document.paragraphs if one._p.findall(f".//{qn('w:pBdr')}"))
    no_rule_of._p.pPr.remove(no_rule_of._p.pPr.find(qn("w:pBdr")))
    stream = BytesIO()
    document.save(stream)
    issued.docx.save("spoiled.docx", ContentFile(stream.getvalue()))
    text = page(client, w.c.general, issued).content.decode()
    assert "左边距" in text
    assert "20.0 mm" in text
    assert len(layout_of(issued).deviations) == 2


@pytest.mark.django_db
def test_a_file_that_cannot_be_opened_is_said_to_be_so(w, issued, client):
    issued.docx.save("broken.docx", ContentFile(b"word"))
    assert not layout_of(issued).readable
    assert page(client, w.c.general, issued).status_code == 200
