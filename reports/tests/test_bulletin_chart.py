"""The chart of the week: one drawing, on the page, in the PDF and as a picture in the Word file (K-07)."""

from dataclasses import replace
from io import BytesIO

import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from reports.actions import bulletins
from reports.documents.chart import WIDTH, chart_svg, chart_text
from reports.documents.content import ChartGroup
from reports.documents.layout import check_docx
from reports.documents.pdf import bulletin_pdf
from reports.documents.week import ReportFigures, StageFigures, WeekFigures, figures_content
from reports.documents.word import bulletin_docx
from reports.queries import bulletin as queries
from reports.tests.bulletin_world import W2, make_told_world
from reports.tests.document_samples import BULLETIN, bulletin

CHART = (
    ChartGroup("各阶段单位（个）", (("学习动员阶段", 62), ("分析评议阶段", 31), ("<尚未启动>", 0))),
    ChartGroup("应报材料（份）", (("按时", 110),)),
)
PRINTED = bulletin(figures=replace(BULLETIN.figures, chart=CHART))
SVG = "{http://www.w3.org/2000/svg}"


def drawn(groups):
    return etree.fromstring(chart_svg(groups))


def test_bars_are_as_long_as_their_numbers_and_nothing_typed_is_markup():
    picture = drawn(CHART)
    widths = [float(bar.get("width")) for bar in picture.iter(f"{SVG}rect")]
    assert widths[1] == pytest.approx(widths[0] / 2, abs=0.1)
    assert widths[2] == 0
    assert widths[3] == widths[0], "each group has its own measure"
    assert max(float(bar.get("x")) + float(bar.get("width")) for bar in picture.iter(f"{SVG}rect")) < WIDTH
    assert "<尚未启动>" in [text.text for text in picture.iter(f"{SVG}text")]
    assert picture.get("aria-label") == chart_text(CHART)


def test_a_group_without_a_number_is_drawn_without_dividing_by_it():
    picture = drawn((ChartGroup("各阶段单位（个）", (("学习动员阶段", 0),)),))
    assert [bar.get("width") for bar in picture.iter(f"{SVG}rect")] == ["0.0"]


def test_the_chart_counts_stages_and_how_reports_came_in():
    report = ReportFigures(name="周报", owed=9, on_time=6, late=1, missing=2, waiting=0, excused=0)
    stages = (StageFigures("学习动员阶段", 5), StageFigures("尚未启动", 4))
    chart = figures_content(WeekFigures(week=W2, stages=stages, reports=(report, report))).chart
    assert [group.bars for group in chart] == [
        (("学习动员阶段", 5), ("尚未启动", 4)),
        (("按时", 12), ("迟报", 2), ("未报", 4)),
    ]


def test_the_word_file_carries_the_picture_with_its_words_and_keeps_its_measures():
    data = bulletin_docx(PRINTED)
    document = Document(BytesIO(data))
    (shape,) = document.inline_shapes
    assert round(shape.width.mm) == 156
    assert shape._inline.docPr.get("descr") == chart_text(CHART)
    (part,) = [one for one in document.part.package.iter_parts() if one.partname.startswith("/word/media/")]
    assert part.blob.startswith(b"\x89PNG")
    line = next(one for one in document.paragraphs if one._p.findall(f".//{qn('w:drawing')}"))
    assert line.paragraph_format.line_spacing == 1.0, "a line of fixed height would cut the picture"
    assert check_docx(data) == []


def test_the_pdf_draws_it_with_its_words():
    made = bulletin_pdf(PRINTED, system_fonts=False)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(made.data)).pages)
    assert "各阶段单位" in text
    assert made.data == bulletin_pdf(PRINTED, system_fonts=False).data


@pytest.mark.django_db
def test_the_chart_is_frozen_with_the_issue_and_left_out_with_the_figures(clock):
    w = make_told_world(clock)
    draft = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)
    assert queries.sheet(draft)["chart"].startswith("<svg")
    content = queries.content_of(draft)
    assert queries.from_json(queries.to_json(content)) == content
    assert content.figures.chart[0].title == "各阶段单位（个）"
    bulletins.edit(by=w.c.general, bulletin=draft, with_figures=False)
    assert queries.sheet(draft)["chart"] == ""


@pytest.mark.django_db
def test_a_draft_from_before_there_were_charts_has_none(clock):
    w = make_told_world(clock)
    draft = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)
    draft.figures.pop("chart")
    assert queries.sheet(draft)["chart"] == ""
