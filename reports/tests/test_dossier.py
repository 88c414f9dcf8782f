"""What this room tells in a dossier, and the dossier as a Word file."""

import datetime as dt
import io

import pytest
from django.urls import reverse
from docx import Document

from accounts import clock as campaign_clock
from campaign import dossier as registry
from reports import weeks
from reports.actions import bulletins, deadlines
from reports.tests.bulletin_world import W2, make_told_world
from reports.tests.factories import send, this_week, unit_rule
from supervision.queries import dossiers
from supervision.tests.factories import agree, applied, make_supervised_world, send_back

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world(gate=[{"check": "study_hours", "override": True}])


def told(w, kind, organization=None, user=None):
    subject, _choices = dossiers.subject_of(organization or w.t.health, user or w.c.office)
    return [event for event in registry.events(subject) if event.kind == kind]


def test_each_week_is_one_line_and_an_exception_one_more(w, clock):
    rule = unit_rule(w)
    send(w.p.health, rule, w.c.secretary)
    with clock.at(campaign_clock.today() + dt.timedelta(days=7)):
        send(w.p.health, rule, w.c.secretary)
    week = this_week() - weeks.WEEK
    deadlines.grant_exception(
        by=w.c.office, reporters=[w.p.health], rule=rule, weeks=[week], due_at=None, reason="集中抗旱"
    )
    clock.hold(campaign_clock.today() + dt.timedelta(days=15))
    events = told(w, "reports")
    mine = [e for e in events if str(rule.name) in str(e.title)]
    assert [e.tone for e in mine if not e.detail] == ["ok", "ok", "", "bad", "bad"]
    assert [e.detail for e in mine if e.detail] == ["集中抗旱"]
    assert mine[0].url.startswith("/reports/")


def test_several_units_share_the_line_of_a_week(w, clock):
    rule = unit_rule(w)
    send(w.p.archives, rule, w.c.archives)
    clock.hold(campaign_clock.today() + dt.timedelta(days=7))
    type(w.p.archives).objects.filter(pk=w.p.court.pk).update(organization=w.t.work)
    subject, _choices = dossiers.subject_of(w.t.work, w.c.office)
    line = next(e for e in registry.events(subject) if e.kind == "reports" and str(rule.name) in str(e.title))
    assert "按时 1 份" in str(line.title) and "缺报 1 份" in str(line.title) and line.tone == "bad"


def test_what_a_bulletin_printed_is_told_once_it_is_issued(clock):
    w = make_told_world(clock)
    bulletin = bulletins.draft_bulletin(by=w.c.office, batch=w.batch, week=W2)
    item = bulletin.items.filter(report=w.reports[0]).first()
    assert not told(w, "bulletins")
    bulletins.choose_items(by=w.c.office, bulletin=bulletin, items=[item.pk])
    bulletin.refresh_from_db()
    bulletins.issue(by=w.c.office, bulletin=bulletin)
    assert [e.url for e in told(w, "bulletins")] == [reverse("reports:bulletin", args=[bulletin.pk])]
    assert not told(w, "bulletins", w.t.archives)


# ---------------------------------------------------------------- the Word file
def lines_of(answer):
    document = Document(io.BytesIO(b"".join(answer.streaming_content)))
    return [paragraph.text for paragraph in document.paragraphs]


def test_the_word_file_tells_what_the_page_tells_in_chinese(client, w):
    send_back(w, applied(w), w.c.guide, "supervision", reason="材料不实。")
    row = applied(w)
    agree(w, row, w.c.guide, "supervision")
    agree(w, row, w.c.office, "office", override_reason="防汛停课，已定补学计划。")
    client.force_login(w.c.office)
    client.cookies["django_language"] = "en"
    lines = lines_of(client.get(reverse("reports:dossier_docx", args=[w.t.health.pk])))
    assert "县卫生局党委活动档案" in lines[0]
    text = "\n".join(lines)
    for part in ("一、基本情况", "二、各阶段计划和实际", "材料不实。", "防汛停课，已定补学计划。", "（未达到）"):
        assert part in text
    order = [text.index(part) for part in ("提出“", "材料不实。", "第2次申请", "防汛停课")]
    assert order == sorted(order)
    assert not any(word in text for word in ("Application", "findings", "handed in"))
    assert w.batch.campaign.office_name in text


def test_the_word_file_keeps_to_the_filter(client, w):
    applied(w)
    client.force_login(w.c.office)
    url = reverse("reports:dossier_docx", args=[w.t.health.pk])
    assert not any("提出“" in line for line in lines_of(client.get(url, {"kind": "stages"})))


def test_the_word_file_is_for_who_sees_the_organisation(client, w):
    url = reverse("reports:dossier_docx", args=[w.t.health.pk])
    for name, status in {"guide": 200, "court": 404, "outsider": 404, "branch": 404}.items():
        client.force_login(getattr(w.c, name))
        assert client.get(url).status_code == status
    client.force_login(w.c.office)
    assert client.get(reverse("reports:dossier_docx", args=[w.t.county.pk])).status_code == 404
