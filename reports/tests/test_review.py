"""The batch review: figures from the data, in a Word file of the right layout (H-12)."""

import datetime as dt
import io

import pytest
from docx import Document

from assessments.tests.factories import survey_round
from campaign.models import Participation
from campaign.tests.factories import make_world, record
from reports.documents.layout import check_docx
from reports.documents.word import letter_docx
from reports.review import batch_review
from supervision.models import MakeUpOrder

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def words(w):
    return "\n".join(block.text for block in batch_review(w.batch).body)


def test_figures_come_from_the_data(w):
    record(w, w.t.health)
    record(w, w.t.health)
    Participation.objects.filter(pk=w.p.court.pk).update(state=Participation.State.CLOSED)
    MakeUpOrder.objects.create(
        participation=w.p.health, organization=w.t.health, stage="study", trigger="survey", reason="不满意",
        due_on=dt.date(2026, 12, 1),
    )  # fmt: skip
    text = words(w)
    assert "共有3个单位" in text and "其中1个单位已召开总结大会" in text
    assert f"{3 * sum(1 for _ in w.t.members)}名党员" in text or "名党员参加" in text
    assert "学习动员阶段：记录活动2次，0个单位完成" in text
    assert "责令补课1次，其中1次尚未销号" in text
    assert "本批次没有已确认的测评结果" in text


def test_the_word_file_keeps_the_layout_of_official_documents(w):
    data = letter_docx(batch_review(w.batch))
    assert check_docx(data) == []
    text = "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)
    assert "第一批" in text and "群众满意度" in text and "（由办公室撰写：本批次活动的主要做法和特点。）" in text


def test_the_office_downloads_it_from_the_summary_page(w, client):
    client.force_login(w.c.office)
    url = f"/reports/review/{w.batch.pk}/docx/"
    assert url in client.get("/reports/summary/").content.decode()
    answer = client.get(url)
    assert answer.status_code == 200 and b"".join(answer.streaming_content)[:2] == b"PK"
    client.force_login(w.c.secretary)
    assert url not in client.get("/reports/summary/").content.decode()
    assert client.get(url).status_code == 403


def test_confirmed_surveys_are_counted_by_band(w):
    assert survey_round  # the factory of the room below
    from assessments.actions import surveys

    playbook = w.batch.campaign.playbook
    instrument = next(one for one in playbook.instruments if one.key == "stage2")
    from campaign.actions import move_stage

    move_stage(by=w.c.office, participation=w.p.health, expected="study", target="analysis")
    survey = survey_round(w, Participation.objects.get(pk=w.p.health.pk), instrument, by=w.c.general)
    before = words(w)
    if survey.state != "confirmed":
        surveys.confirm_counts(by=w.c.office, survey=survey)
    text = words(w)
    assert f"{instrument.name.zh}：测评1个单位" in text and text != before
