"""The pages of the round trip, and workbooks as other programs save them: the same on every database."""

import shutil
import subprocess
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaign.models import RectificationItem, SentWorkbook
from campaign.roundtrip.cells import Column, Kind, form_of, read, stored
from campaign.tests.test_roundtrip import MEASURE, PROBLEM, UNTIL, built, db, w  # noqa: F401  fixtures
from campaign.tests.workbooks import Book, look, take, told

pytestmark = [pytest.mark.usefixtures("db"), pytest.mark.xdist_group("roundtrip-pages"), pytest.mark.once]
SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")


@pytest.fixture
def secretary(w):  # noqa: F811
    client = Client()
    client.force_login(w.c.branch)
    return client


def text(response):
    return response.content.decode()


# ---------------------------------------------------------------- pages
def test_from_the_list_to_excel_and_back(w, secretary):  # noqa: F811
    page = reverse("campaign:rectification", args=[w.t.health_1.pk])
    links = text(secretary.get(page, {"q": "文山"}))
    download = reverse("campaign:roundtrip_download", args=["rectification", w.t.health_1.pk])
    assert f"{download}?q=" in links and "下载到 Excel 编辑" in links and "回传改好的工作簿" in links
    book = Book(secretary.get(download, {"q": "文山"}).content)
    assert book.cell(PROBLEM).value.startswith("=1+1") and book.cell(PROBLEM, 2).value is None
    book.write(MEASURE, "减会")
    send = reverse("campaign:roundtrip_send", args=["rectification", w.t.health_1.pk])
    answer = secretary.post(send, {"file": book.file()}, follow=True)
    shown = text(answer)
    assert "写入 1 处改动" in shown and "减会" in shown and "=1+1" in shown and MEASURE in shown
    sent = SentWorkbook.objects.get()
    looked_at = reverse("campaign:roundtrip_sent", args=[sent.pk])
    other = Client()
    other.force_login(w.c.secretary)
    assert other.get(looked_at).status_code == 404  # what another means to change is his
    assert looked_at in text(secretary.get(send)) and looked_at not in text(other.get(send))
    done = secretary.post(looked_at, follow=True)
    assert "已写入 1 处改动。" in text(done)
    assert "没有重复改动" in text(secretary.post(looked_at, follow=True))
    assert RectificationItem.objects.get(pk=w.second.pk).measure == "减会"
    assert "已于" in text(secretary.get(looked_at))


def test_faults_stand_on_the_page_by_sheet_and_cell(w, secretary):  # noqa: F811
    book = take(w.ledger)
    cell = book.write(UNTIL, "月底")
    send = reverse("campaign:roundtrip_send", args=["rectification", w.t.health_1.pk])
    answer = secretary.post(send, {"file": book.file()})
    assert answer.status_code == 422
    assert f"「整改台账」{cell}" in text(answer) and "请写成 2026-11-26" in text(answer)
    assert not SentWorkbook.objects.exists()


@pytest.mark.parametrize(
    ("content", "told_so"),
    [(b"", "空"), (b"no workbook", "xlsx"), (None, "没有一张工作表有")],
    ids=["empty", "something else", "another workbook"],
)
def test_what_is_no_such_workbook_is_refused(w, secretary, content, told_so):  # noqa: F811
    if content is None:
        from openpyxl import Workbook

        stream = BytesIO()
        Workbook().save(stream)
        content = stream.getvalue()
    send = reverse("campaign:roundtrip_send", args=["rectification", w.t.health_1.pk])
    answer = secretary.post(send, {"file": SimpleUploadedFile("a.xlsx", content)})
    assert answer.status_code == 422 and told_so in text(answer)


def test_changing_nothing_is_said_and_giving_up_changes_nothing(w, secretary):  # noqa: F811
    send = reverse("campaign:roundtrip_send", args=["rectification", w.t.health_1.pk])
    assert "没有变化" in (answer := text(secretary.post(send, {"file": take(w.ledger).file()}))) or "2 行" in answer
    book = take(w.ledger)
    book.write(MEASURE, "减会")
    looked_at = secretary.post(send, {"file": book.file()}).url
    assert "未作任何改动" in text(secretary.post(looked_at, {"give_up": "1"}, follow=True))
    assert secretary.post(looked_at).status_code == 404
    assert RectificationItem.objects.get(pk=w.first.pk).measure == ""


def test_the_download_asks_no_query_a_row(w, django_assert_max_num_queries):  # noqa: F811
    with django_assert_max_num_queries(12):
        take(w.ledger)
    for item in range(6):
        RectificationItem.objects.create(
            batch=w.batch, organization=w.t.health_1, stage="study", problem=f"问题{item}", kind="immediate"
        )
    with django_assert_max_num_queries(12):
        take(w.ledger)


# ---------------------------------------------------------------- whatever the texts
WILD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "=SUM(A1)",
            "+86 139",
            "-1",
            "@某人",
            "'引号",
            "\t制表",
            "a\r\nb\rc\n",
            "_x0041_ 与 _x000D_",
            "😀👨‍👩‍👧",
            "长" * 2000,
            "00123",
            "2026-11-26",
            "1e5",
            "TRUE",
            "　全角空格　",
            "<b>&amp;</b>",
            "\ufeff头",
        ]
    ),
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(texts=st.lists(WILD, min_size=12, max_size=12))
def test_what_was_written_reads_the_same_whatever_the_texts(w, texts):  # noqa: F811
    """Control characters are the only thing that a workbook cannot keep, and they count as nothing."""
    RectificationItem.objects.filter(problem__startswith="w").delete()
    for at in range(0, 12, 3):
        problem, measure, who = (text.replace("\x00", "") for text in texts[at : at + 3])
        RectificationItem.objects.create(
            batch=w.batch,
            organization=w.t.health_1,
            stage="study",
            problem=f"w{problem}",
            measure=measure,
            responsible_name=who[:60],
            kind="immediate",
        )
    reading = look(w.ledger, take(w.ledger))
    assert (reading.lines, reading.faults, reading.ignored, reading.same) == ([], [], [], 6)


DAY = Column(key="d", label="日期", kind=Kind.DATE)
COUNT = Column(key="n", label="人数", kind=Kind.INTEGER, most=100)
YES = Column(key="y", label="是否", kind=Kind.CHOICE, choices={"yes": "是", "no": "否"})


@pytest.mark.parametrize(
    ("column", "cell", "form"),
    [
        *(
            (DAY, cell, "2026-11-26")
            for cell in ("2026-11-26", "2026年11月26日", "2026.11.26", "２０２６/11/26", "46352")
        ),
        (DAY, "20261126", "2026-11-26"),
        *((COUNT, cell, "12") for cell in ("12", "１２", " 012 ")),
        *((YES, cell, "yes") for cell in ("是", " 是 ")),
    ],
)
def test_cells_are_understood_as_offices_write_them(column, cell, form):
    assert read(column, cell) == form_of(column, cell) == form


def test_what_is_stored_is_compared_in_one_form():
    assert stored("a\r\nb\x07 ") == "a\nb" and stored(None) == ""


# ---------------------------------------------------------------- other programs
@pytest.mark.skipif(SOFFICE is None, reason="LibreOffice is not installed")
def test_a_workbook_saved_by_another_program_reads_the_same(w, tmp_path):  # noqa: F811
    RectificationItem.objects.filter(pk=w.first.pk).update(
        measure="一、多行\n二、“引号” _x0041_ 😀", responsible_name="+张三"
    )
    (tmp_path / "in").mkdir()
    source = tmp_path / "in" / "list.xlsx"
    source.write_bytes(take(w.ledger).content)
    command = [SOFFICE, f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to"]
    subprocess.run([*command, "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path), str(source)], check=True,
                   capture_output=True, timeout=120)  # fmt: skip
    saved = Book((tmp_path / "list.xlsx").read_bytes())
    reading = look(w.ledger, saved)
    assert (told(reading), reading.lines, reading.ignored, reading.same) == ({}, [], [], 2)
    saved.write(MEASURE, "改过的措施", row=2)
    assert look(w.ledger, saved).lines[-1].changes == {"measure": "改过的措施"}
