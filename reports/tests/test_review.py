"""The batch review: figures from the data, in a Word file of the right layout (H-12)."""

import datetime as dt
import io

import pytest
from docx import Document

from accounts import clock
from assessments.models import Commendation
from assessments.tests.factories import survey_round
from campaign.models import Participation, StageProgress
from campaign.tests.factories import make_world, record
from reports.commendation import commendation_decision
from reports.documents.layout import check_docx
from reports.documents.word import letter_docx
from reports.review import batch_review
from supervision.models import MakeUpOrder
from units.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


def commended(w, key, organization, member=None, state="approved"):
    return Commendation.objects.create(
        batch=w.batch, list_key=key, organization=organization, member=member, merits="带头整改", state=state
    )


def lines(data):
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


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
    for words_of_it in ("第一批", "群众满意度", "（请填写：巩固和扩大成果的安排）", "工作进展不够平衡"):
        assert words_of_it in text


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


# ---------------------------------------------------------------- the decision on commendation
def test_the_decision_has_each_list_with_its_number_and_names(w):
    first, second = w.t.members["Z003"][:2]
    for member in (first, second):
        commended(w, "members", member.organization, member)
    commended(w, "organizations", w.t.health_1)
    commended(w, "members", w.t.court_1, w.t.members["Z002"][0], state="declined")
    content = commendation_decision(w.batch, Commendation.objects.all(), number="青先教办〔2026〕9号")
    data = letter_docx(content)
    assert check_docx(data) == []
    text = "\n".join(lines(data))
    assert "优秀党员（2名）" in text and f"{first.organization.name}：{first.name}、{second.name}" in text
    assert "（1个）" in text and w.t.health_1.name in text and "青先教办〔2026〕9号" in text
    assert w.t.members["Z002"][0].name not in text and not content.draft


def test_the_decision_is_a_draft_while_somebody_waits(w):
    commended(w, "organizations", w.t.health_1)
    commended(w, "organizations", w.t.court_1, state="proposed")
    content = commendation_decision(w.batch, Commendation.objects.all())
    assert content.draft and w.t.court_1.name not in "".join(block.text for block in content.body)


def test_the_office_downloads_the_decision_and_a_secretary_does_not(w, client):
    url = f"/reports/commendation/{w.batch.pk}/docx/"
    client.force_login(w.c.office)
    assert client.get(url).status_code == 302, "nobody is commended yet: it says so on the list"
    commended(w, "organizations", w.t.health_1)
    assert url in client.get("/assessments/commendations/").text
    answer = client.get(url, {"number": "青先教办〔2026〕9号"})
    assert answer.status_code == 200 and "青先教办〔2026〕9号" in lines(b"".join(answer.streaming_content))
    client.force_login(w.c.secretary)
    assert url not in client.get("/assessments/commendations/").text
    assert client.get(url).status_code == 403


# ---------------------------------------------------------------- taken in during the consolidation
def test_who_joined_in_the_consolidation_is_counted(w, client):
    today, week = clock.today(), dt.timedelta(days=7)
    rows = StageProgress.objects.filter(participation=w.p.health)
    people = w.t.members["Z003"]
    Member.objects.filter(pk=people[0].pk).update(joined_on=today, full_on=None)
    Member.objects.filter(pk=people[1].pk).update(joined_on=today - 2 * week, full_on=None)
    assert "吸收新党员" not in words(w), "its stages still run"
    rows.update(state="done", ended_on=today - week)
    assert "巩固和扩大整改成果期间吸收新党员1名。" in words(w)
    client.force_login(w.c.office)
    assert client.get(f"/campaign/batches/{w.batch.pk}/close/").context["admitted"] == 1
