"""Sign-in sheets: who is expected, blanks for guests, the head on every page; for a meeting to come and an activity."""

import io

import pytest
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from campaign.models import Invitee
from campaign.tests.factories import make_world, record
from reports import sign_in
from reports.documents.layout import check_docx
from supervision.models import Body, BodyMember, DutyHolder

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def w():
    return make_world()


def table_of(response):
    data = b"".join(response.streaming_content)
    assert check_docx(data) == []
    (table,) = Document(io.BytesIO(data)).tables
    return table


def cells(table):
    return [cell.text for row in table.rows for cell in row.cells]


def test_an_activity_lists_its_members_and_those_invited(client, w):
    activity = record(w, w.t.health_1, title="专题组织生活会", place="三楼会议室")
    Invitee.objects.create(activity=activity, name="何秀英", stands_for="群众代表")
    client.force_login(w.c.branch)
    url = reverse("reports:activity_sign_in", args=[activity.pk])
    assert url in client.get(reverse("campaign:activity", args=[activity.pk])).content.decode()
    table = table_of(client.get(url))
    found = cells(table)
    assert {member.name for member in w.t.members["Z003"]} <= set(found) and "何秀英" in found
    assert "专题组织生活会" in found[0] and "地点：三楼会议室" in found[0]
    assert found.count("签名") == 2, "names stand in two columns"
    heads = [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows]
    assert heads[:2] == [True, True] and not any(heads[2:]), "facts and column heads are repeated on each page"


def test_a_meeting_to_come_asks_whom_it_is_for(client, w):
    body = Body.objects.create(
        campaign=w.batch.campaign, organization=w.t.health, kind="leading_group", name="领导小组"
    )
    for role, name in (("member", "李文静"), ("head", "罗晓岚")):
        BodyMember.objects.create(body=body, name=name, role=role)
    DutyHolder.objects.create(participation=w.p.health, duty="principal", name="陈思远")
    client.force_login(w.c.secretary)
    url = reverse("reports:sign_in", args=[w.t.health.pk])
    page = client.get(url, {"topic": "领导小组会议", "who": "leading_group"})
    assert page.context["form"].initial["who"] == [f"body-{body.pk}"] and "领导小组会议" in page.content.decode()
    sent = {"topic": "领导小组会议", "who": [f"body-{body.pk}", "leaders"], "guests": "3"}
    found = cells(table_of(client.post(url, sent)))
    assert found.index("罗晓岚") < found.index("李文静") < found.index("陈思远"), "the head first"
    assert not {member.name for member in w.t.members["Z003"]} & set(found)
    assert "时间：　" in found[0], "what is not known yet is left blank"
    faulty = client.post(url, {"topic": "", "guests": "0"})
    assert faulty.status_code == 200 and {"topic", "who"} <= set(faulty.context["form"].errors)


def test_too_many_for_one_sheet_is_said(client, w, monkeypatch):
    monkeypatch.setattr(sign_in, "MOST", 4)
    client.force_login(w.c.secretary)
    url = reverse("reports:sign_in", args=[w.t.health.pk])
    answer = client.post(url, {"topic": "大会", "who": ["members"], "guests": "0"})
    assert "6名党员太多" in answer.content.decode()
    activity = record(w, w.t.health, title="大会")
    assert client.get(reverse("reports:activity_sign_in", args=[activity.pk])).status_code == 302
