"""The letter that proposes special arrangements of members (A-14)."""

import io

import pytest
from django.urls import reverse
from docx import Document

from campaign.actions import arrangements
from campaign.tests.factories import make_world
from reports.documents.layout import check_docx

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    world = make_world()
    world.people = world.t.members["Z003"]
    world.proposal = arrangements.propose_arrangement(
        by=world.c.branch,
        batch=world.batch,
        organization=world.t.health_1,
        members=world.people[:2],
        reason="长期卧病",
        arrangement="送学上门\n减免集中学习",
    )
    world.url = reverse("reports:arrangement_docx", args=[world.proposal.pk])
    return world


def letter(client, w, user):
    client.force_login(user)
    data = b"".join(client.get(w.url).streaming_content)
    return data, [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_the_letter_names_the_members_the_reason_and_the_arrangement(client, w):
    data, lines = letter(client, w, w.c.branch)
    text = "\n".join(lines)
    assert lines[0] == "关于特殊情况党员参加教育活动安排的请示"
    assert all(person.name in text for person in w.people[:2]) and w.people[2].name not in text
    assert all(words in text for words in ("长期卧病", "送学上门", "减免集中学习", "请批示", w.t.health_1.name))
    assert check_docx(data) == []


def test_the_consent_stands_in_it_once_it_is_given(client, w):
    arrangements.decide_arrangement(by=w.c.office, proposal=w.proposal, approve=True, remark="按此执行")
    text = "\n".join(letter(client, w, w.c.office)[1])
    assert "同意：按此执行" in text
    assert "请批示" not in text


def test_the_page_leads_to_it_and_strangers_do_not_find_it(client, w):
    client.force_login(w.c.branch)
    assert w.url in client.get(reverse("campaign:arrangement", args=[w.proposal.pk])).content.decode()
    client.force_login(w.c.archives)
    assert client.get(w.url).status_code == 404
