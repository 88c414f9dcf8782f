"""The papers of a transition as Word documents (J-02, J-07, J-11)."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from django.utils import translation
from docx import Document

from accounts import clock
from reports.documents.layout import check_docx
from reports.transition_letters import application_letter, reply_letter
from supervision import actions
from supervision.models import Transition
from supervision.tests.factories import (
    PARTS,
    applied,
    approved,
    fresh,
    make_supervised_world,
    meeting,
    send_back,
    terms,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def fetched(client, user, name, row):
    client.force_login(user)
    return client.get(reverse(f"reports:{name}", args=[row.pk]))


def letter(client, user, name, row):
    data = b"".join(fetched(client, user, name, row).streaming_content)
    assert check_docx(data) == []
    return [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_the_application_holds_the_report_and_the_findings_for_both_addressees(client, w):
    row = applied(w)
    with translation.override("en"):
        lines = letter(client, w.c.secretary, "transition_docx", row)
    text = "\n".join(lines)
    assert lines[0].startswith("关于转入") and lines[0].endswith("的申请")
    assert w.batch.campaign.office_name in text and "第三督导组" in text
    assert all(part in text for part in PARTS.values())
    assert "1项条件中达到1项" in text and "补课：要求" in text and "妥否，请批示。" in text
    assert not application_letter(Transition.objects.get(pk=row.pk)).draft


def test_a_second_application_answers_the_objections(client, w):
    send_back(w, applied(w), w.c.guide, "supervision")
    answers = {"supervision:part:situation": "两个支部已补充。"}
    row = actions.apply(by=w.c.secretary, participation=fresh(w.p.health), parts=PARTS, answers=answers)
    text = "\n".join(letter(client, w.c.guide, "transition_docx", row))
    assert "对第1次申请所提意见的整改情况" in text and "两个支部已补充。" in text


def test_the_reply_agrees_under_its_number_signed_by_the_approving_body(client, w):
    row = approved(w)
    lines = letter(client, w.c.secretary, "reply_docx", row)
    text = "\n".join(lines)
    assert lines[1].startswith("关于同意") and lines[0] == f"县先教办〔{clock.today().year}〕1号"
    assert row.participation.organization.name in text and w.batch.campaign.office_name in lines[-2] + lines[-1]


def test_the_reply_to_a_return_gives_the_reasons_part_by_part(client, w):
    row = applied(w)
    send_back(w, row, w.c.guide, "supervision", mend_by=clock.today() + dt.timedelta(days=5))
    text = "\n".join(letter(client, w.c.secretary, "reply_docx", row))
    assert "退回" in text and "缺两个支部的情况。" in text and "前修改完毕" in text
    assert reply_letter(Transition.objects.get(pk=row.pk)).signature == "第三督导组"


def test_the_reply_with_a_make_up_lists_what_is_to_be_made_up(client, w):
    row = applied(w)
    ruling = actions.Ruling(verdict="make_up", reason="学习走了过场。", makeup=terms(w.t.health_1))
    actions.decide(by=w.c.office, transition=row, body="office", ruling=ruling)
    text = "\n".join(letter(client, w.c.secretary, "reply_docx", row))
    assert "补课" in text and "补开动员会" in text and "复查合格" in text


def test_there_is_no_reply_before_the_decision_and_no_record_before_the_meeting(client, w):
    row = applied(w)
    assert fetched(client, w.c.secretary, "reply_docx", row).status_code == 302
    assert fetched(client, w.c.secretary, "meeting_docx", row).status_code == 302


def test_the_record_of_the_meeting_says_whether_the_secretary_spoke(client, w):
    row = approved(w)
    held = meeting(note="总结本阶段。\n动员下阶段。", secretary=True)
    actions.record_meeting(by=w.c.secretary, transition=row, meeting=held)
    text = "\n".join(letter(client, w.c.office, "meeting_docx", row))
    assert "三楼会议室" in text and "党组织书记到会并讲话" in text and "动员下阶段。" in text and "1号批复" in text


@pytest.mark.parametrize("name", ["transition_docx", "reply_docx", "meeting_docx"])
def test_strangers_do_not_find_them_and_the_page_leads_to_them(client, w, name):
    row = approved(w)
    actions.record_meeting(by=w.c.secretary, transition=row, meeting=meeting())
    assert fetched(client, w.c.archives, name, row).status_code == 404
    client.force_login(w.c.guide)
    html = client.get(reverse("supervision:transition", args=[row.pk])).content.decode()
    assert reverse(f"reports:{name}", args=[row.pk]) in html
