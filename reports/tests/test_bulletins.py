"""Drafting, editing and issuing the bulletin: once a week, one number, frozen, in both files."""

import datetime as dt
from io import BytesIO

import pypdf
import pytest
from django.db import IntegrityError, transaction
from docx import Document

from accounts.models import AuditEntry, Notification
from campaign.tests.factories import make_world
from campaign.todo import gather
from jobs.models import Job
from reports import weeks
from reports.actions import bulletins
from reports.actions import reports as report_actions
from reports.documents.text import clean_line
from reports.models import Bulletin, Report
from reports.queries import bulletin as queries
from reports.tasks import draft_due_bulletins
from reports.tests.bulletin_world import START, W1, W2, W3, accepted, make_told_world
from reports.tests.factories import send, unit_rule
from tests.together import on_a_file, run_together  # noqa: F401  a fixture
from units import access
from units.roles import Right

pytestmark = pytest.mark.django_db


@pytest.fixture
def w(clock):
    return make_told_world(clock)


@pytest.fixture
def draft(w):
    return bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)


def fresh(bulletin):
    return Bulletin.objects.select_related("campaign__host", "batch__campaign").get(pk=bulletin.pk)


def pick(w, bulletin, number=2):
    items = list(bulletin.items.order_by("pk").values_list("pk", flat=True))[:number]
    return bulletins.choose_items(by=w.c.general, bulletin=bulletin, items=items), items


# ---------------------------------------------------------------- drafting
def test_each_filled_field_of_an_accepted_report_becomes_an_item_to_choose(w, draft):
    rule = unit_rule(w)
    assert draft.items.count() == 2 * len(rule.fields)
    first = draft.items.order_by("pk").first()
    assert first.title == f"县档案局：{rule.fields[0].name.zh}"
    assert first.source_name == "县档案局"
    assert "召开动员会1次" in first.text
    assert not draft.items.filter(chosen=True).exists()


def test_what_is_not_accepted_or_says_nothing_is_no_item(w, clock):
    with clock.at(W3 + dt.timedelta(hours=10)):
        send(w.p.court, unit_rule(w), w.c.office, week=W2)
    report = w.reports[0]
    Report.objects.filter(pk=report.pk).update(contents={unit_rule(w).fields[0].key: "暂无。", "unknown": "没有这一栏"})
    found = list(queries.candidates(w.batch, W2))
    assert {one.source for one in found} == {"县档案局"}


def test_a_brief_with_a_title_of_its_own_is_one_item_under_that_title(w, clock):
    brief = next(rule for rule in w.playbook.reports if rule.reporter == "unit" and rule.fields[0].key == "title")
    with clock.at(W2 + dt.timedelta(days=2)):
        report = report_actions.open_report(by=w.c.secretary, reporter=w.p.health, rule=brief, week=W2)
        contents = {"title": "卫生局送医下乡", "body": "组织三支医疗队到村社义诊，接诊二百余人。"}
        report_actions.submit(by=w.c.secretary, report=report, version=report.version, contents=contents)
        report_actions.accept_report(by=w.c.general, report=report, version=report.version)
    (one,) = [found for found in queries.candidates(w.batch, W2) if found.report == report]
    assert (one.title, one.field, one.source) == ("卫生局送医下乡", "body", "县卫生局")


def test_a_draft_begins_with_the_playbooks_addressees_and_then_with_those_of_the_last_issue(w, draft):
    rule = w.playbook.bulletin
    assert (draft.report_to, draft.copy_to, draft.distribute_to) == (
        rule.report_to.zh,
        rule.send_to.zh,
        rule.distribute_to.zh,
    )
    bulletins.edit(by=w.c.general, bulletin=draft, fields={"report_to": "市委先教办", "copies": 80})
    pick(w, draft)
    bulletins.issue(by=w.c.office, bulletin=draft)
    following = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W3)
    assert (following.report_to, following.copies) == ("市委先教办", 80)


def test_the_beat_drafts_once_however_often_it_runs(w):
    assert draft_due_bulletins() == 1
    assert draft_due_bulletins() == 0
    assert list(Bulletin.objects.values_list("week", flat=True)) == [W2]


def test_the_beat_waits_for_the_playbooks_hour(w, clock):
    with clock.at(2026, 3, 30, 7):
        assert draft_due_bulletins() == 1, "the week before, whose hour was Monday the 23rd"
        assert Bulletin.objects.get().week == W1
    with clock.at(2026, 3, 30, 8):
        assert draft_due_bulletins() == 1
    assert set(Bulletin.objects.values_list("week", flat=True)) == {W1, W2}


def test_a_beat_that_was_away_catches_up_on_weeks_that_have_something_to_print(w, clock):
    accepted(w, clock, W1, "health")
    with clock.at(2026, 4, 20, 9):
        assert draft_due_bulletins() == 3, "two weeks with reports, and the last one for its figures"
    assert set(Bulletin.objects.values_list("week", flat=True)) == {W1, W2, dt.date(2026, 4, 13)}


def test_a_closed_batch_gets_no_more_bulletins(w):
    w.batch.closed_on = dt.date(2026, 3, 29)
    w.batch.save()
    assert draft_due_bulletins() == 0


def test_a_playbook_without_a_bulletin_gets_none(w):
    campaign = w.batch.campaign
    campaign.snapshot = {key: value for key, value in campaign.snapshot.items() if key != "bulletin"}
    w.batch.campaign.save()
    assert draft_due_bulletins() == 0
    with pytest.raises(bulletins.NoBulletinRule):
        bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)


def test_the_editors_are_told_of_a_draft_that_the_clock_made(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        draft_due_bulletins()
    told = Notification.objects.filter(message__startswith="The bulletin of the week")
    assert {n.user for n in told} == set(access.holders(Right.EDIT_BULLETIN, w.t.county))
    assert AuditEntry.objects.filter(action=bulletins.DRAFTED, actor_name="system").count() == 1


def test_a_week_is_drafted_by_any_of_its_days_and_only_within_the_batch(w, draft):
    assert bulletins.draft_bulletin(by=w.c.office, batch=w.batch, week=W2 + dt.timedelta(days=4)) == draft
    for outside in (START - dt.timedelta(days=1), W3 + weeks.WEEK):
        with pytest.raises(bulletins.WeekOutside):
            bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=outside)


def test_two_drafts_of_a_week_cannot_stand_in_the_database(w, draft):
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(campaign=w.batch.campaign, batch=w.batch, week=W2)


# ---------------------------------------------------------------- editing
def test_items_are_chosen_ordered_edited_and_left_out(w, draft):
    _, items = pick(w, draft, 3)
    bulletins.move(by=w.c.general, bulletin=draft, item=items[2], steps=-1)
    bulletins.move(by=w.c.general, bulletin=draft, item=items[0], steps=-5)
    bulletins.leave_out(by=w.c.general, bulletin=draft, items=[items[1]])
    bulletins.edit(by=w.c.general, bulletin=draft, items={items[2]: bulletins.ItemText(" 新标题 ", "新正文")})
    own = bulletins.add_item(by=w.c.general, bulletin=draft, title="编者来稿", text="正文", source="县先教办")
    printed = queries.chosen(fresh(draft))
    assert [item.pk for item in printed] == [items[0], items[2], own.pk]
    assert [item.position for item in printed] == [1, 2, 3]
    assert printed[1].title == "新标题"


def test_items_of_another_bulletin_are_not_touched(w, draft):
    other = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W1)
    stranger = bulletins.add_item(by=w.c.general, bulletin=other, title="别期", text="正文")
    bulletins.edit(by=w.c.general, bulletin=draft, items={stranger.pk: bulletins.ItemText("改", "改")})
    bulletins.leave_out(by=w.c.general, bulletin=draft, items=[stranger.pk])
    stranger.refresh_from_db()
    assert (stranger.title, stranger.chosen) == ("别期", True)


def test_whoever_edits_an_older_version_is_refused_and_nothing_is_lost(w, draft):
    stale = fresh(draft)
    bulletins.edit(by=w.c.general, bulletin=draft, fields={"editor_note": "先写的"})
    with pytest.raises(bulletins.BulletinChanged):
        bulletins.edit(by=w.c.office, bulletin=stale, fields={"editor_note": "后写的"})
    assert fresh(draft).editor_note == "先写的"


def test_the_table_of_figures_cannot_be_typed(w, draft):
    rows = draft.figures["rows"]
    with pytest.raises(ValueError, match="figures"):
        bulletins.edit(by=w.c.general, bulletin=draft, fields={"figures": {"rows": []}})
    bulletins.edit(by=w.c.general, bulletin=draft, with_figures=False, sentences=["本周平稳。", " "])
    figures = fresh(draft).figures
    assert (figures["on"], figures["sentences"], figures["rows"]) == (False, ["本周平稳。"], rows)


def test_what_is_accepted_later_is_taken_in_without_doubling(w, clock, draft):
    _, items = pick(w, draft, 1)
    bulletins.edit(by=w.c.general, bulletin=draft, items={items[0]: bulletins.ItemText("改过", "改过的正文")})
    before = draft.items.count()
    with clock.at(2026, 3, 30, 9, 30):
        report = send(w.p.court, unit_rule(w), w.c.office, week=W2)
        report_actions.accept_report(by=w.c.general, report=report, version=report.version)
    assert bulletins.take_in(by=w.c.general, bulletin=draft) == len(unit_rule(w).fields)
    assert bulletins.take_in(by=w.c.general, bulletin=draft) == 0
    assert draft.items.count() == before + len(unit_rule(w).fields)
    assert draft.items.get(pk=items[0]).title == "改过"
    assert "未报" not in fresh(draft).figures["sentences"][1]


# ---------------------------------------------------------------- issuing
def test_numbers_follow_one_another_within_the_campaign(w, draft):
    pick(w, draft)
    bulletins.issue(by=w.c.office, bulletin=draft)
    other = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W1)
    bulletins.add_item(by=w.c.general, bulletin=other, title="补编", text="正文")
    bulletins.issue(by=w.c.office, bulletin=other)
    assert (fresh(draft).number, fresh(other).number) == (1, 2)
    assert fresh(draft).issued_on == dt.date(2026, 3, 30)


def test_issued_twice_it_keeps_one_number(w, draft):
    pick(w, draft)
    stale = fresh(draft)
    bulletins.issue(by=w.c.office, bulletin=draft)
    with pytest.raises(bulletins.AlreadyIssued) as refused:
        bulletins.issue(by=w.c.leader, bulletin=stale)
    assert (refused.value.bulletin.number, refused.value.bulletin.issued_by) == (1, w.c.office)
    assert AuditEntry.objects.filter(action=bulletins.ISSUED).count() == 1


def test_an_issue_is_never_changed(w, draft):
    _, items = pick(w, draft)
    bulletins.issue(by=w.c.office, bulletin=draft)
    content = fresh(draft).content
    for attempt in (
        lambda: bulletins.edit(by=w.c.general, bulletin=fresh(draft), fields={"editor_note": "改"}),
        lambda: bulletins.choose_items(by=w.c.general, bulletin=fresh(draft), items=items),
        lambda: bulletins.leave_out(by=w.c.general, bulletin=fresh(draft), items=items),
        lambda: bulletins.move(by=w.c.general, bulletin=fresh(draft), item=items[0], steps=1),
        lambda: bulletins.add_item(by=w.c.general, bulletin=fresh(draft), title="改", text="改"),
        lambda: bulletins.take_in(by=w.c.general, bulletin=fresh(draft)),
    ):
        with pytest.raises(bulletins.AlreadyIssued):
            attempt()
    assert fresh(draft).content == content


def test_without_an_item_or_with_an_empty_one_nothing_is_issued(w, draft):
    with pytest.raises(bulletins.NothingChosen):
        bulletins.issue(by=w.c.office, bulletin=draft)
    _, items = pick(w, draft, 1)
    bulletins.edit(by=w.c.general, bulletin=draft, items={items[0]: bulletins.ItemText("有标题", " ")})
    with pytest.raises(bulletins.ItemEmpty):
        bulletins.issue(by=w.c.office, bulletin=draft)
    kept = fresh(draft)
    assert (kept.state, kept.number, kept.content) == (Bulletin.State.DRAFT, None, {})


def test_the_issue_says_what_was_frozen_whatever_happens_to_report_campaign_and_items(w, draft):
    _, items = pick(w, draft)
    bulletins.issue(by=w.c.office, bulletin=draft)
    before = queries.content_of(fresh(draft))
    Report.objects.update(contents={})
    draft.items.update(title="后来改的", chosen=False)
    w.batch.campaign.bulletin_name = "改了名"
    w.batch.campaign.save()
    assert queries.content_of(fresh(draft)) == before
    assert len(before.items) == len(items)
    assert queries.from_json(queries.to_json(before)) == before


def test_the_authors_of_what_is_printed_are_told(w, draft, django_capture_on_commit_callbacks):
    health = draft.items.filter(source_name="县卫生局").first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[health.pk])
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.issue(by=w.c.office, bulletin=draft)
    told = Notification.objects.filter(message__startswith="Your report is printed")
    assert [n.user for n in told] == [w.c.secretary]


def test_both_files_carry_the_frozen_text(w, draft, django_capture_on_commit_callbacks):
    bulletins.edit(by=w.c.general, bulletin=draft, fields={"editor_note": "值得借鉴，现予编发。", "copies": 60})
    _, items = pick(w, draft, 1)
    bulletins.edit(
        by=w.c.general, bulletin=draft, items={items[0]: bulletins.ItemText("抓实学习动员", "第一段。\n第二段。")}
    )
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.issue(by=w.c.office, bulletin=draft)
    job = Job.objects.get(kind=bulletins.FILES_JOB)
    assert (job.state, job.owner, job.result_url) == (Job.State.DONE, w.c.office, f"/reports/bulletins/{draft.pk}/")
    kept = fresh(draft)
    with kept.docx.open("rb") as file:
        word = Document(BytesIO(file.read()))
    with kept.pdf.open("rb") as file:
        pdf = "".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(file.read())).pages)
    texts = "\n".join(paragraph.text for paragraph in word.paragraphs)
    texts += "\n".join(cell.text for table in word.tables for cell in table._cells)
    wanted = ("抓实学习动员", "第一段。", "第二段。", "现予编发", "第1期", "2026年3月30日", "共印60份", "学习动员")
    for text in wanted:
        assert text in texts.replace(" ", "")
        assert text in clean_line(pdf)[0].replace(" ", "").replace("\n", "")
    assert "草稿" not in texts + pdf


def test_files_made_again_do_not_replace_those_there_are(w, draft, django_capture_on_commit_callbacks):
    pick(w, draft)
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.issue(by=w.c.office, bulletin=draft)
    before = fresh(draft)
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.make_files(by=w.c.office, bulletin=before)
    after = fresh(draft)
    assert (after.docx.name, after.pdf.name) == (before.docx.name, before.pdf.name)


def test_what_waits_for_the_editors_is_the_draft(w, draft):
    (todo,) = [item for item in gather(w.c.general) if item.menu == "reports:bulletins"]
    assert (todo.count, todo.url) == (1, f"/reports/bulletins/{draft.pk}/edit/")
    assert not [item for item in gather(w.c.secretary) if item.menu == "reports:bulletins"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_a_file")
def test_of_two_who_issue_at_once_one_wins_and_the_other_is_told_the_number(clock):
    clock.hold(2026, 3, 30, 9)
    w = make_world(start=START)
    draft = bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)
    bulletins.add_item(by=w.c.general, bulletin=draft, title="标题", text="正文")
    seen = [fresh(draft), fresh(draft)]
    jobs = [lambda mine=mine: bulletins.issue(by=w.c.office, bulletin=mine) for mine in seen]
    outcomes = run_together(*jobs)
    (won,) = [one for one in outcomes if isinstance(one, Bulletin)]
    (refused,) = [one for one in outcomes if isinstance(one, bulletins.AlreadyIssued)]
    assert (won.number, refused.bulletin.number) == (1, 1)
    assert AuditEntry.objects.filter(action=bulletins.ISSUED).count() == 1
