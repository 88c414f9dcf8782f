"""Issues beside the weekly one: their kinds and numbers, and corrections by a further issue (K-07)."""

import datetime as dt
from io import BytesIO

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from accounts.models import AuditEntry, Notification
from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import bulletin_further as further
from reports.actions import bulletins
from reports.documents.pdf import bulletin_pdf
from reports.documents.word import bulletin_docx
from reports.models import Bulletin
from reports.queries import bulletin as queries
from reports.queries.bulletin_numbers import next_numbers
from reports.tasks import draft_due_bulletins
from reports.tests.bulletin_world import START, W1, W2, W3, make_told_world
from reports.tests.document_samples import bulletin as sample
from tests.together import on_a_file, run_together  # noqa: F401  a fixture

pytestmark = pytest.mark.django_db
SUPPLEMENT, SPECIAL = Bulletin.Kind.SUPPLEMENT, Bulletin.Kind.SPECIAL


@pytest.fixture
def w(clock):
    return make_told_world(clock)


def fresh(bulletin):
    whose = ("campaign__host", "batch__campaign", "corrects")
    return Bulletin.objects.select_related(*whose).get(pk=bulletin.pk)


def issue(w, bulletin, title="水务局抓实动员"):
    bulletins.add_item(by=w.c.general, bulletin=bulletin, title=title, text="到会四十六人。")
    return bulletins.issue(by=w.c.office, bulletin=bulletin)


def weekly(w, week):
    return bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=week)


def beside(w, kind, week=W2):
    return further.draft_further(by=w.c.general, batch=w.batch, week=week, kind=kind)


def numbers(bulletin):
    kept = fresh(bulletin)
    return kept.year, kept.number, kept.total


# ---------------------------------------------------------------- kinds and numbers
def test_a_supplement_has_its_own_number_and_a_special_issue_one_of_the_common_series(w):
    first = issue(w, weekly(w, W1))
    supplement = issue(w, beside(w, SUPPLEMENT))
    special = issue(w, beside(w, SPECIAL))
    second = issue(w, weekly(w, W2))
    again = issue(w, beside(w, SUPPLEMENT))
    assert [numbers(one) for one in (first, special, second)] == [(2026, 1, 1), (2026, 2, 2), (2026, 3, 3)]
    assert [numbers(one) for one in (supplement, again)] == [(2026, 1, None), (2026, 2, None)]
    printed = [queries.content_of(fresh(one)).issue_line for one in (first, special, again)]
    assert printed == ["（第1期　总第1期）", "（专刊　第2期　总第2期）", "（增刊第2期）"]


def test_a_new_year_begins_with_number_one_and_the_total_goes_on(w, clock):
    issue(w, weekly(w, W2))
    issue(w, beside(w, SUPPLEMENT))
    with clock.at(2027, 1, 4, 9):
        kinds = (Bulletin.Kind.REGULAR, SUPPLEMENT)
        found = [next_numbers(w.batch.campaign, kind, dt.date(2027, 1, 4)) for kind in kinds]
        made = issue(w, beside(w, SPECIAL))
    assert [(one.year, one.number, one.total) for one in found] == [(2027, 1, 2), (2027, 1, None)]
    assert numbers(made) == (2027, 1, 2)


def test_issues_from_before_the_total_was_kept_are_counted_in_it(w):
    first = issue(w, weekly(w, W1))
    Bulletin.objects.filter(pk=first.pk).update(year=None, total=None, number=7)
    assert numbers(issue(w, weekly(w, W2))) == (2026, 8, 8)


@pytest.mark.parametrize("kind", ["regular", "supplement"])
def test_no_number_stands_twice_in_the_database(w, kind):
    kept = {"campaign": w.batch.campaign, "batch": w.batch, "kind": kind, "year": 2026, "number": 5}
    Bulletin.objects.create(**kept, week=W1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(**kept, week=W2)
    Bulletin.objects.create(**kept | {"year": 2027}, week=W2)


def test_no_total_stands_twice_in_the_database(w):
    Bulletin.objects.create(campaign=w.batch.campaign, batch=w.batch, week=W1, total=3)
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(campaign=w.batch.campaign, batch=w.batch, week=W2, total=3)


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("on_a_file")
def test_two_issues_that_come_out_at_once_get_two_numbers(clock):
    clock.hold(2026, 3, 30, 9)
    w = make_world(start=START)
    drafts = [weekly(w, W1), beside(w, SPECIAL)]
    for draft in drafts:
        bulletins.add_item(by=w.c.general, bulletin=draft, title="标题", text="正文")
    seen = [fresh(draft) for draft in drafts]
    outcomes = run_together(*[lambda mine=mine: bulletins.issue(by=w.c.office, bulletin=mine) for mine in seen])
    assert sorted((one.number, one.total) for one in outcomes) == [(1, 1), (2, 2)]


def test_a_draft_beside_the_weekly_one_has_its_items_and_no_figures_and_is_made_once(w):
    draft = beside(w, SUPPLEMENT)
    assert draft.items.count() > 0
    assert draft.figures["on"] is False
    assert beside(w, SUPPLEMENT) == draft
    bulletins.edit(by=w.c.general, bulletin=draft, fields={"editor_note": "动过"})
    assert beside(w, SUPPLEMENT) != draft, "a second one can be begun once the first is under way"
    with pytest.raises(bulletins.WeekOutside):
        beside(w, SPECIAL, week=W3 + weeks.WEEK)


def test_the_beat_drafts_the_week_although_a_supplement_is_about_it(w):
    beside(w, SUPPLEMENT)
    assert draft_due_bulletins() == 1
    assert Bulletin.objects.get(kind=Bulletin.Kind.REGULAR).week == W2


def test_the_author_is_told_the_issue_by_its_kind(w, django_capture_on_commit_callbacks):
    draft = beside(w, SUPPLEMENT)
    item = draft.items.filter(source_name="县卫生局").first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.issue(by=w.c.office, bulletin=draft)
    (told,) = Notification.objects.filter(message__startswith="Your report is printed")
    assert told.user == w.c.secretary
    assert "增刊第 1 期" in str(told.params)


# ---------------------------------------------------------------- correction
@pytest.fixture
def wrong(w):
    return issue(w, weekly(w, W2))


def test_an_issue_is_corrected_by_a_further_one_and_stays_as_it_is(w, wrong):
    before = fresh(wrong)
    draft = further.correct(by=w.c.general, bulletin=before)
    assert [(item.title, item.chosen) for item in draft.items.all()] == [("水务局抓实动员", False)]
    item = draft.items.get()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    bulletins.edit(by=w.c.general, bulletin=draft, items={item.pk: bulletins.ItemText("更正", "到会实为四十七人。")})
    bulletins.issue(by=w.c.office, bulletin=fresh(draft))
    after = fresh(wrong)
    assert (after.content, after.version, after.state) == (before.content, before.version, before.state)
    content = queries.content_of(fresh(draft))
    assert content.corrects == "更正：2026年3月30日印发的第1期、总第1期中有误，现予更正，以本期为准。"
    assert content.issue_line == "（第2期　总第2期）"
    assert AuditEntry.objects.filter(action=further.CORRECTED).count() == 1


def test_one_correction_at_a_time_is_in_hand(w, wrong):
    draft = further.correct(by=w.c.general, bulletin=fresh(wrong))
    assert further.correct(by=w.c.office, bulletin=fresh(wrong)) == draft
    with pytest.raises(IntegrityError), transaction.atomic():
        Bulletin.objects.create(campaign=w.batch.campaign, batch=w.batch, week=W2, corrects=wrong)
    issue(w, fresh(draft))
    assert further.correct(by=w.c.general, bulletin=fresh(wrong)) != draft


def test_a_draft_is_edited_not_corrected(w):
    with pytest.raises(further.NotIssuedYet):
        further.correct(by=w.c.general, bulletin=weekly(w, W2))


def test_nobody_is_told_again_of_what_a_correction_prints_again(w, django_capture_on_commit_callbacks):
    first = weekly(w, W2)
    bulletins.choose_items(by=w.c.general, bulletin=first, items=[first.items.first().pk])
    bulletins.issue(by=w.c.office, bulletin=first)
    draft = further.correct(by=w.c.general, bulletin=fresh(first))
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk for item in draft.items.all()])
    Notification.objects.all().delete()
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.issue(by=w.c.office, bulletin=draft)
    assert not Notification.objects.filter(message__startswith="Your report is printed").exists()


def test_both_files_say_which_issue_is_corrected():
    said = "更正：2005年3月5日印发的第2期中有误，现予更正，以本期为准。"
    content = sample(corrects=said)
    assert said in [one.text for one in Document(BytesIO(bulletin_docx(content))).paragraphs]
    assert bulletin_pdf(content, system_fonts=False).data.startswith(b"%PDF")


# ---------------------------------------------------------------- the pages
def test_the_corrected_page_leads_to_the_correction_and_back(w, wrong, client):
    client.force_login(w.c.secretary)
    page = reverse("reports:bulletin", args=[wrong.pk])
    assert client.post(reverse("reports:bulletin_correct", args=[wrong.pk])).status_code == 403
    client.force_login(w.c.general)
    answer = client.post(reverse("reports:bulletin_correct", args=[wrong.pk]))
    draft = Bulletin.objects.get(corrects=wrong)
    assert answer.url == reverse("reports:bulletin_edit", args=[draft.pk])
    there = reverse("reports:bulletin", args=[draft.pk])
    client.force_login(w.c.secretary)
    assert answer.url not in client.get(page).content.decode(), "a draft is for its editors"
    issue(w, fresh(draft))
    assert f'href="{there}"' in client.get(page).content.decode()
    assert f'href="{page}"' in client.get(there).content.decode()


def test_a_supplement_is_drafted_from_the_list(w, client):
    client.force_login(w.c.general)
    data = {"further-kind": "supplement", "further-week": W2.isoformat()}
    client.post(reverse("reports:bulletin_further"), data)
    draft = Bulletin.objects.get()
    assert (draft.kind, draft.week) == ("supplement", W2)
    client.post(reverse("reports:bulletin_further"), data | {"further-kind": "regular"})
    assert Bulletin.objects.count() == 1
    assert "增刊" in client.get(reverse("reports:bulletins")).content.decode()
    client.force_login(w.c.secretary)
    assert client.post(reverse("reports:bulletin_further"), data).status_code == 403


def test_the_list_asks_as_much_for_one_correction_as_for_three(w, wrong, client):
    def counted():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("reports:bulletins")).status_code == 200
        return len(captured)

    client.force_login(w.c.general)
    client.get(reverse("reports:bulletins"))
    seen = []
    for _number in range(3):
        issue(w, further.correct(by=w.c.general, bulletin=fresh(wrong)))
        seen.append(counted())
    assert seen[0] == seen[2]
