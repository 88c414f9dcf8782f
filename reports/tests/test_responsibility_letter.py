"""The blank responsibility letter says what the playbook says, to whom it concerns (D-12..D-16)."""

import io

import pytest
from django.urls import reverse
from docx import Document

from campaign.tests.factories import make_world

pytestmark = pytest.mark.django_db


def text_of(client, user, organization):
    client.force_login(user)
    answer = client.get(reverse("reports:responsibility_letter", args=[organization.pk]))
    assert answer.status_code == 200
    document = Document(io.BytesIO(b"".join(answer.streaming_content)))
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def test_a_branch_promises_the_six_duties_of_its_secretary_and_a_unit_does_not(client):
    w = make_world(playbook="xingwen-county")
    branch = text_of(client, w.c.office, w.t.health_1)
    assert "组织实施；带头示范；分工协调；督促检查；上下沟通；质量保证" in branch and "县卫生局党委" in branch
    unit = text_of(client, w.c.secretary, w.t.health)
    assert "质量保证" not in unit and "责任落实；人员落实；工作落实；时间落实；效果落实" in unit


def test_a_playbook_that_says_nothing_leaves_the_sections_out(client):
    w = make_world(playbook="meishan-city")
    found = text_of(client, w.c.office, w.t.health)
    assert "责任机制" not in found and "责任人签字" in found


def test_who_records_nothing_there_gets_none(client):
    w = make_world()
    for user, status in ((w.c.supervisor, 403), (w.c.branch, 404), (w.c.archives, 404)):
        client.force_login(user)
        assert client.get(reverse("reports:responsibility_letter", args=[w.t.health.pk])).status_code == status
