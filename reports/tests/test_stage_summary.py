"""Stage summaries drafted from the records (J-08, K-11), of the whole campaign (H-05) and of the jurisdiction."""

import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation
from docx import Document

from campaign.actions import move_stage
from campaign.playbook.work import CLOSING
from campaign.tests.factories import record
from reports.documents.content import TableBlock
from reports.documents.layout import check_docx
from reports.jurisdiction_summary import jurisdiction_summary
from reports.stage_summary import stage_summary
from supervision.models import Filing, Transition
from supervision.tests.factories import fresh, make_supervised_world, ordered

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(scope="module")
def shared(django_db_setup, django_db_blocker):
    """One world for the module, in a transaction of its own."""
    from django.db import transaction

    with django_db_blocker.unblock(), transaction.atomic():
        w = make_supervised_world(gate=[{"check": "study_hours", "override": True}, {"check": "open_makeups"}])
        people = w.t.members["Z003"][:2]
        action = next(a.key for a in w.playbook.actions_for("study") if a.recorded and "branch" in a.pers)
        record(w, w.t.health_1, title="集中学习", hours=8, concentrated=True, people=people)
        record(w, w.t.health_1, title="支部大会", action=action, people=people)
        ordered(w, w.t.health_1)
        yield w
        transaction.set_rollback(True)


@pytest.fixture
def w(shared, db):
    return shared


def texts(content):
    return [block.text for block in content.body if not isinstance(block, TableBlock)]


def headings(content):
    return [block.text for block in content.body if not isinstance(block, TableBlock) and block.level == 1]


def downloaded(client, url):
    response = client.get(url)
    assert response.status_code == 200, url
    data = b"".join(response.streaming_content)
    assert check_docx(data) == []
    return response, "\n".join(paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs)


def test_the_draft_has_the_seven_headings_with_the_figures_filled_in(w):
    with translation.override("en"), CaptureQueriesContext(connection) as queries:
        summary = stage_summary(fresh(w.p.health), "study")
    content = summary.content
    assert summary.source == "drafted" and content.draft
    assert headings(content) == [
        "基本情况", "主要做法", "初步成效", "基本经验", "突出问题", "改进措施", "意见建议",
    ]  # fmt: skip
    text = "\n".join(texts(content))
    assert "参加教育活动的党员6名，分布在2个党支部。" in text
    assert "记录活动2次，其中学习1次，党员学习累计16学时，人均2.7学时" in text
    assert "受到责令补课1次" in text and "条件没有达到" in text
    assert content.addressee == f"{w.batch.campaign.office_name}、第三督导组"
    conditions, actions = content.annexes
    (table,) = conditions.body
    assert table.headers == ("条件", "要求", "实际", "结果")
    assert ("补课", "全部复查销号", "1件未销号", "未达到") in table.rows
    names = {member.name for members in w.t.members.values() for member in members}
    told = "".join(cell for annex in content.annexes for one in annex.body for row in one.rows for cell in row)
    assert not any(name in told for name in names), "names stay with the unit (decision 20)"
    assert actions.title == "规定动作完成情况表" and len(queries) < 60


def test_what_was_filed_is_printed_in_its_own_words(w):
    row = Transition.objects.create(participation=w.p.archives, stage="study", target="analysis", attempt=1)
    Filing.objects.create(transition=row, parts={"summary": "本阶段工作扎实。\n群众满意。"})
    summary = stage_summary(fresh(w.p.archives), "study")
    assert summary.source == "filed" and not summary.content.draft
    assert texts(summary.content) == ["本阶段工作扎实。", "群众满意。"]
    assert summary.content.annexes, "the figures are annexed all the same"


def test_the_whole_campaign_goes_to_both_and_takes_the_report_once_it_is_written(w):
    drafted = stage_summary(fresh(w.p.health), CLOSING)
    assert drafted.source == "drafted" and "工作总结报告" in drafted.content.title
    assert "第三督导组" in drafted.content.addressee and "、" in drafted.content.addressee
    Transition.objects.create(
        participation=w.p.health, stage=CLOSING, attempt=1, parts={"report": "三个阶段已经完成。"}
    )
    written = stage_summary(fresh(w.p.health), CLOSING)
    assert written.source == "reported" and texts(written.content) == ["三个阶段已经完成。"]


def test_the_jurisdiction_counts_all_units_and_lists_them(w):
    move_stage(by=w.c.office, participation=fresh(w.p.court), expected="study", target="analysis")
    content = jurisdiction_summary(w.batch, "study")
    text = "\n".join(texts(content))
    assert "本阶段应参加单位3个、列入名册的党员" in text and "已完成本阶段的单位1个，正在进行的2个" in text
    assert "记录活动2次，其中学习1次" in text and "发出补课通知1件，尚未销号1件。" in text
    (table,) = content.annexes[0].body
    assert [row[2] for row in table.rows].count("已完成") == 1 and len(table.rows) == 3
    with pytest.raises(KeyError):
        jurisdiction_summary(w.batch, "never")


def test_pages_and_files(client, w):
    client.force_login(w.c.secretary)
    url = reverse("reports:stage_summary", args=[w.p.health.pk])
    page = client.get(url).content.decode()
    assert "一、基本情况" in page and "规定动作完成情况表" in page
    assert url in client.get(reverse("campaign:participation", args=[w.p.health.pk])).content.decode()
    assert client.get(url, {"stage": "rectification"}).status_code == 404, "not begun"
    response, text = downloaded(client, reverse("reports:stage_summary_docx", args=[w.p.health.pk]))
    assert "学习动员阶段工作总结" in text and "附件：1.条件完成情况表" in text
    assert ".docx" in response.headers["Content-Disposition"]
    client.force_login(w.c.office)
    for stage in ("study", "batch"):
        page = client.get(reverse("reports:jurisdiction_summary", args=[w.batch.pk]), {"stage": stage})
        assert page.status_code == 200 and w.batch.campaign.office_name in page.content.decode()
    url = reverse("reports:jurisdiction_summary_docx", args=[w.batch.pk])
    assert "截至2026年11月26日" in downloaded(client, f"{url}?stage=study")[1]
    assert client.get(reverse("reports:jurisdiction_summary", args=[w.batch.pk]) + "?stage=x").status_code == 404
