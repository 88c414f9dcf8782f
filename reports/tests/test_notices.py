"""The ranking as a notice (通报): drafted from the figures, numbered in the register, told to all, never changed."""

from io import BytesIO

import docx
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Notification
from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import notices
from reports.actions import reports as actions
from reports.models import RankingNotice, RegisterEntry
from reports.queries import notices as queries
from reports.queries.adoption import Asked
from reports.queries.weekly import weeks_of
from reports.tests.factories import send, this_week, unit_rule

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(settings, tmp_path):
    """Last week health sent one that was accepted, archives one that was not, the court none."""
    settings.MEDIA_ROOT = tmp_path
    w = make_world(playbook="xingwen-county")
    w.rule = unit_rule(w)
    w.week = this_week() - weeks.WEEK
    best = send(w.p.health, w.rule, w.c.secretary, week=w.week)
    actions.accept_report(by=w.c.general, report=best, version=best.version)
    send(w.p.archives, w.rule, w.c.archives, week=w.week)
    w.asked = Asked(w.c.office, w.batch, w.rule, [w.week])
    return w


def issue(w, by=None, asked=None, **texts):
    found = queries.proposal(asked or w.asked)
    told = {**found.texts, **texts}
    return notices.issue_notice(by=by or w.c.office, asked=asked or w.asked, title=found.title, texts=told)


def test_the_draft_says_what_the_figures_say(w):
    found = queries.proposal(w.asked)
    assert found.title == "关于第3周信息简报报送采用情况的通报"
    assert "应报送信息简报的单位3个，共报送2篇，采用1篇，采用率50.0%" in found.texts["opening"]
    assert found.texts["praise"].startswith("县卫生局") and "县法院没有报送" in found.texts["criticism"]
    assert [(row[0], row[1], row[2], row[-1]) for row in found.rows] == [
        ("1", "县卫生局", "1", "1"),
        ("2", "县档案局", "1", "0"),
        ("2", "县法院", "0", "0"),
    ]
    now = queries.proposal(Asked(w.c.office, w.batch, w.rule, [this_week()]))
    assert now.texts["criticism"] == "" and now.texts["praise"] == ""  # Sunday has not come yet


def test_issued_it_is_numbered_registered_told_and_frozen(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made = issue(w, closing="请各单位抓紧。")
    entry = RegisterEntry.objects.get(pk=made.entry_id)
    assert (entry.number, entry.document_number, entry.title) == (made.number, "县先教办通〔2026〕1号", made.title)
    assert "县卫生局" in entry.files.get().text
    url = reverse("reports:ranking_notice", args=[made.pk])
    told = set(Notification.objects.filter(url=url).values_list("user__username", flat=True))
    assert {"secretary", "archives"} <= told and "office" not in told
    lines = [p.text for p in docx.Document(BytesIO(made.docx.read())).paragraphs]
    assert lines[:2] == ["县先教办通〔2026〕1号", made.title] and "请各单位抓紧。" in lines
    late = send(w.p.court, w.rule, w.c.office, week=w.week)
    actions.accept_report(by=w.c.general, report=late, version=late.version)
    made.refresh_from_db()
    assert made.content["rows"][2][1:3] == ["县法院", "0"]
    with pytest.raises(notices.AlreadyIssued):
        issue(w, by=w.c.general)
    everything = issue(w, asked=Asked(w.c.office, w.batch, w.rule, weeks_of(w.batch)))
    assert everything.number == 2 and RegisterEntry.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        RankingNotice.objects.filter(pk=everything.pk).update(first=made.first, last=made.last)


@pytest.mark.once
def test_the_head_issues_what_the_general_group_drafts_and_units_read_it(w, client):
    new = f"{reverse('reports:ranking_notice_new')}?week={w.week.isoformat()}"
    client.force_login(w.c.general)
    assert reverse("reports:ranking_notice_new") in client.get(reverse("reports:ranking")).content.decode()
    drafted = client.get(new)
    typed = {**drafted.context["form"].initial, "opening": "办公室改写的开头。"}
    word = client.post(new, {**typed, "do": "draft"})
    lines = [p.text for p in docx.Document(BytesIO(b"".join(word))).paragraphs]
    assert "办公室改写的开头。" in lines and not RankingNotice.objects.exists()
    assert client.post(new, {**typed, "do": "issue"}).status_code == 403
    client.force_login(w.c.office)
    refused = client.post(new, {**typed, "opening": "", "do": "issue"})
    assert refused.status_code == 400 and "县法院没有报送" in refused.content.decode()
    page = client.post(new, {**typed, "do": "issue"})["Location"]
    again = client.post(new, {**typed, "do": "issue"})
    assert again["Location"] == page and RankingNotice.objects.count() == 1
    client.force_login(w.c.branch)
    shown = client.get(page).content.decode()
    assert "办公室改写的开头。" in shown and reverse("reports:register_entry", args=[1]) not in shown
    assert page in client.get(reverse("reports:ranking_notices")).content.decode()
    assert client.get(f"{page}docx/").status_code == 200
