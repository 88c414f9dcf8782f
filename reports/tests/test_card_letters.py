"""The papers of supervision as Word files: make-up notice, yellow card notice, record of an admonition (J-13..J-16)."""

import io

import pytest
from django.urls import reverse
from docx import Document

from accounts import clock
from reports.documents.layout import check_docx
from supervision.actions import admonitions, cards
from supervision.models import Admonition, YellowCard
from supervision.tests.factories import make_supervised_world, ordered

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    world = make_supervised_world(playbook="xingwen-county")
    for number, place in enumerate((world.t.health_1, world.t.health_2), start=1):
        order = ordered(world, place, unsolid_work=True, rule="not_up_to_standard", survey_again=number == 1)
        card = YellowCard.objects.get(makeup=order)
        cards.issue_card(by=world.c.office, card=card, number=f"黄牌〔2026〕{number}号", issued_on=clock.today())
    return world


def letter(client, user, name, pk):
    client.force_login(user)
    response = client.get(reverse(f"reports:{name}", args=[pk]))
    data = b"".join(response.streaming_content)
    assert check_docx(data) == []
    return response, [paragraph.text for paragraph in Document(io.BytesIO(data)).paragraphs]


def test_the_notice_of_a_make_up_quotes_the_rule_and_lists_what_is_asked(client, w):
    card = YellowCard.objects.get(organization=w.t.health_1)
    response, lines = letter(client, w.c.branch, "makeup_docx", card.makeup_id)
    text = "\n".join(lines)
    assert lines[0] == "补课通知书" and f"{w.t.health_1.name}：" in lines
    for words in (
        "阶段工作没有达到要求。",
        "抽查发现学习走了过场。",
        "补开动员会。",
        "12月3日前",
        "重新组织满意度测评",
    ):
        assert words in text
    assert "utf-8''%E8%A1%A5%E8%AF%BE" in response.headers["Content-Disposition"]


def test_the_card_notice_names_stage_cause_rule_and_number(client, w):
    card = YellowCard.objects.get(organization=w.t.health_1)
    _response, lines = letter(client, w.c.branch, "card_docx", card.pk)
    text = "\n".join(lines)
    assert "黄牌警示通知书" in lines and "黄牌〔2026〕1号" in lines
    assert "学习动员阶段" in text and "因工作不扎实，被责令补课" in text and "三个阶段中" in text and "集体诫勉" in text
    assert w.batch.campaign.office_name in text and "2026年11月26日" in text


def test_a_card_that_does_not_count_is_marked(client, w):
    card = YellowCard.objects.get(organization=w.t.health_2)
    cards.revoke_card(by=w.c.office, card=card, reason="情况不实")
    client.force_login(w.c.office)
    data = b"".join(client.get(reverse("reports:card_docx", args=[card.pk])).streaming_content)
    header = " ".join(paragraph.text for paragraph in Document(io.BytesIO(data)).sections[0].header.paragraphs)
    assert header.strip()


def test_the_record_of_an_admonition_lists_who_was_there(client, w):
    admonition = Admonition.objects.get()
    talk = admonitions.AdmonitionTalk(
        held_on=clock.today(),
        place="县委会议室",
        admonisher="罗晓岚，组长",
        content="要认真反思。\n要立行立改。",
        undertaking="一周内整改。",
        team=[
            admonitions.Attendee(name="李文", position="局长"),
            admonitions.Attendee(name="张武", position="副局长", present=False),
        ],
        absent_note="张武在外学习，返回后补谈",
    )
    admonitions.hold_admonition(by=w.c.office, admonition=admonition, talk=talk)
    _response, lines = letter(client, w.c.secretary, "admonition_docx", admonition.pk)
    text = "\n".join(lines)
    assert lines[0] == "集体诫勉谈话记录"
    for words in (
        "时间：2026年11月26日", "地点：县委会议室", "谈话人：罗晓岚，组长", "到会：李文（局长）",
        "缺席：张武（副局长）。张武在外学习，返回后补谈。", "黄牌〔2026〕1号、黄牌〔2026〕2号",
        "要立行立改。", "一周内整改。",
    ):  # fmt: skip
        assert words in text, words


def test_strangers_do_not_find_them(client, w):
    card = YellowCard.objects.get(organization=w.t.health_1)
    client.force_login(w.c.archives)
    for name, pk in (("card_docx", card.pk), ("makeup_docx", card.makeup_id)):
        assert client.get(reverse(f"reports:{name}", args=[pk])).status_code == 404
    client.force_login(w.c.branch)
    assert client.get(reverse("reports:admonition_docx", args=[Admonition.objects.get().pk])).status_code == 404
