"""Papers of supervision as Word files, each from its page; and the draft with which the filing of a summary begins."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from docx import Document

from accounts import clock
from reports.documents.layout import check_docx
from supervision.models import InstructionRequest, Leave, OpinionPoint, SpotCheck, SupervisionOpinion, Transition, Visit
from supervision.tests.factories import make_supervised_world

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def paper(client, user, name, row):
    client.force_login(user)
    response = client.get(reverse(f"reports:{name}", args=[row.pk]))
    data = b"".join(response.streaming_content)
    assert check_docx(data) == []
    document = Document(io.BytesIO(data))
    header = " ".join(paragraph.text for paragraph in document.sections[0].header.paragraphs)
    cells = " ".join(cell.text for table in document.tables for cell in table._cells)
    return header, "\n".join(paragraph.text for paragraph in document.paragraphs), cells


def test_the_form_in_which_a_summary_is_filed_begins_with_the_draft(client):
    w = make_supervised_world(playbook="linyi-city")
    row = Transition.objects.create(participation=w.p.health, stage="study", target="analysis", attempt=1)
    client.force_login(w.c.secretary)
    begun = client.get(reverse("supervision:filing_new", args=[row.pk])).context["form"].initial
    assert set(begun) == {"basics", "practice", "results", "problems", "measures"}
    assert "参加教育活动的党员6名" in begun["basics"] and "请填写" not in "".join(begun.values())


@pytest.fixture
def w():
    return make_supervised_world()


def test_an_opinion_has_its_answers_annexed_once_there_are_some(client, w):
    given = {"participation": w.p.health, "organization": w.t.health, "group": w.group, "title": "加强学习"}
    opinion = SupervisionOpinion.objects.create(**given)
    point = OpinionPoint.objects.create(opinion=opinion, position=1, text="补记笔记。", due_on=dt.date(2026, 12, 3))
    _header, text, cells = paper(client, w.c.secretary, "opinion_docx", opinion)
    assert (
        "督导意见书" in text and "1. 补记笔记。请于2026年12月3日前答复。" in text and "第三督导组" in text and not cells
    )
    OpinionPoint.objects.filter(pk=point.pk).update(answer="已补记。", done_on=clock.today())
    SupervisionOpinion.objects.filter(pk=opinion.pk).update(state="withdrawn", reason="重复")
    header, _text, cells = paper(client, w.c.secretary, "opinion_docx", opinion)
    assert "已补记。" in cells and header == "已撤回"
    assert (
        reverse("reports:opinion_docx", args=[opinion.pk])
        in client.get(reverse("supervision:opinion", args=[opinion.pk])).text
    )


def test_a_request_is_addressed_to_where_it_stands_and_has_the_instruction_under_it(client, w):
    asked = InstructionRequest.objects.create(
        batch=w.batch, organization=w.t.health, addressee=w.t.county, at="office", matter="关于流动党员学习",
        facts="外出党员3名。", proposal="就近参加。",
    )  # fmt: skip
    _header, text, _cells = paper(client, w.c.secretary, "instruction_docx", asked)
    assert (
        text.startswith("关于流动党员学习的请示")
        and f"{w.batch.campaign.office_name}：" in text
        and "批示：" not in text
    )
    InstructionRequest.objects.filter(pk=asked.pk).update(state="answered", answer="同意。", answered_at=clock.now())
    assert "2026年11月26日批示：\n同意。" in paper(client, w.c.secretary, "instruction_docx", asked)[1]


def test_a_visit_is_a_plan_before_it_is_made_and_a_check_shows_how_it_was_drawn(client, w):
    visit = Visit.objects.create(
        participation=w.p.health, organization=w.t.health_1, group=w.group, planned_on=clock.today(), purpose="看笔记",
        goers="梁志远",
    )  # fmt: skip
    header, text, _cells = paper(client, w.c.secretary, "visit_docx", visit)
    assert header == "计划" and "（计划）" in text and "督导人员：梁志远" in text
    check = SpotCheck.objects.create(
        batch=w.batch, organization=w.t.county, kind="roving", subject="学习笔记", wanted=1
    )
    client.force_login(w.c.office)
    assert client.get(reverse("reports:spot_check_docx", args=[check.pk])).status_code == 404, "not drawn yet"
    drawn = {"state": "drawn", "seed": "ab" * 16, "algorithm": "sha256", "drawn_at": clock.now()}
    SpotCheck.objects.filter(pk=check.pk).update(**drawn)
    check.results.create(position=1, organization=w.t.health_1)
    header, text, cells = paper(client, w.c.office, "spot_check_docx", check)
    assert header == "抽查尚未结束" and "ab" * 16 in text and w.t.health_1.name in cells


def test_the_reason_of_a_leave_is_printed_for_those_alone_who_may_read_it(client, w):
    today = clock.today()
    leave = Leave.objects.create(
        campaign=w.batch.campaign, user=w.c.guide, group=w.group, to="leading_group", reason="家中有事",
        from_date=today, to_date=today,
    )  # fmt: skip
    assert "事由：家中有事" in paper(client, w.c.guide, "leave_docx", leave)[1]
    assert "家中有事" not in paper(client, w.c.general, "leave_docx", leave)[1]
