"""The pages of the bulletin: who sees what, an editor that loses nothing, files for all who take part."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaign.tests.factories import make_world
from reports import weeks
from reports.actions import bulletins
from reports.actions import reports as report_actions
from reports.models import Bulletin
from reports.queries import bulletin as queries
from reports.tests.factories import send, unit_rule

pytestmark = pytest.mark.django_db
START = dt.date(2026, 3, 16)
W2 = START + weeks.WEEK


@pytest.fixture
def w(clock):
    clock.hold(2026, 3, 30, 9)
    world = make_world(start=START)
    with clock.at(W2 + dt.timedelta(days=2)):
        report = send(world.p.health, unit_rule(world), world.c.secretary, week=W2)
        report_actions.accept_report(by=world.c.general, report=report, version=report.version)
    return world


@pytest.fixture
def draft(w):
    return bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=W2)


@pytest.fixture
def issued(w, draft, django_capture_on_commit_callbacks):
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[draft.items.first().pk])
    with django_capture_on_commit_callbacks(execute=True):
        bulletins.issue(by=w.c.office, bulletin=draft)
    return draft


def url(name, bulletin):
    return reverse(f"reports:{name}", args=[bulletin.pk])


def fresh(bulletin):
    return Bulletin.objects.select_related("campaign__host", "batch__campaign").get(pk=bulletin.pk)


def typed(bulletin, **changes):
    """What the browser sends of the editor's form."""
    now = fresh(bulletin)
    data = {
        "version": now.version,
        "editor_note": now.editor_note,
        "sentences": "\n".join(now.figures["sentences"]),
        "report_to": now.report_to,
        "copy_to": now.copy_to,
        "distribute_to": now.distribute_to,
        "copies": now.copies or "",
        "new_title": "",
        "new_text": "",
        "new_source": "",
    }
    if now.figures["on"]:
        data["with_figures"] = "on"
    for item in queries.chosen(now):
        data |= {f"title-{item.pk}": item.title, f"text-{item.pk}": item.text}
    return data | changes


# ---------------------------------------------------------------- who sees what
def test_a_draft_is_for_its_editors_only(w, draft, client):
    seen = {}
    for name in ("office", "general", "leader", "supervisor", "secretary", "branch", "member", "sysadmin", "outsider"):
        client.force_login(getattr(w.c, name))
        seen[name] = (
            client.get(url("bulletin", draft)).status_code,
            client.get(url("bulletin_edit", draft)).status_code,
        )
    assert {name for name, codes in seen.items() if codes == (200, 200)} == {"office", "general"}
    assert {codes for name, codes in seen.items() if name not in {"office", "general"}} == {(404, 404)}


def test_an_issue_is_for_all_who_take_part(w, issued, client):
    for name in ("office", "leader", "supervisor", "secretary", "branch", "member", "archives"):
        client.force_login(getattr(w.c, name))
        assert client.get(url("bulletin", issued)).status_code == 200
        assert client.get(url("bulletin_docx", issued)).status_code == 200
        page = client.get(reverse("reports:bulletins"))
        assert url("bulletin", issued) in page.content.decode()
    client.force_login(w.c.outsider)
    assert client.get(url("bulletin", issued)).status_code == 404
    assert client.get(url("bulletin_pdf", issued)).status_code == 404
    assert url("bulletin", issued) not in client.get(reverse("reports:bulletins")).content.decode()


def test_the_files_come_with_the_bulletins_name(w, issued, client):
    client.force_login(w.c.secretary)
    answer = client.get(url("bulletin_pdf", issued))
    assert answer["Content-Type"] == "application/pdf"
    assert "%E7%AC%AC1%E6%9C%9F.pdf" in answer["Content-Disposition"], "第1期.pdf"
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_a_draft_has_no_files(w, draft, client):
    client.force_login(w.c.office)
    assert client.get(url("bulletin_docx", draft)).status_code == 404


def test_only_the_head_of_the_office_issues(w, draft, client):
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[draft.items.first().pk])
    client.force_login(w.c.general)
    page = client.get(url("bulletin", draft)).content.decode()
    assert url("bulletin_issue", draft) not in page
    assert client.post(url("bulletin_issue", draft), {"version": draft.version}).status_code == 403
    client.force_login(w.c.secretary)
    assert client.post(url("bulletin_issue", draft)).status_code == 404
    client.force_login(w.c.office)
    assert url("bulletin_issue", draft) in client.get(url("bulletin", draft)).content.decode()
    client.post(url("bulletin_issue", draft), {"version": draft.version})
    assert fresh(draft).number == 1


# ---------------------------------------------------------------- the list
def test_the_list_costs_the_same_queries_for_one_and_for_three(w, client, issued):
    def counted():
        client.get(reverse("reports:bulletins"))
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("reports:bulletins")).status_code == 200
        return len(captured)

    client.force_login(w.c.office)
    bulletins.draft_bulletin(by=w.c.general, batch=w.batch, week=START)
    one = counted()
    for number in (2, 3):
        week = START - number * weeks.WEEK
        Bulletin.objects.create(
            campaign=w.batch.campaign,
            batch=w.batch,
            week=week,
            state=Bulletin.State.ISSUED,
            number=number,
            issued_on=week,
            content=fresh(issued).content,
        )
        Bulletin.objects.create(campaign=w.batch.campaign, batch=w.batch, week=week - 9 * weeks.WEEK)
    assert counted() == one


def test_an_issue_is_found_by_a_word_of_what_is_printed(w, issued, client):
    client.force_login(w.c.secretary)
    name = url("bulletin", issued)
    assert name in client.get(reverse("reports:bulletins"), {"q": "到会46人"}).content.decode()
    assert name not in client.get(reverse("reports:bulletins"), {"q": "没有这个词"}).content.decode()


def test_a_week_is_drafted_by_the_button(w, client):
    client.force_login(w.c.general)
    answer = client.post(reverse("reports:bulletin_draft"), {"week": W2.isoformat()})
    made = Bulletin.objects.get()
    assert answer.url == url("bulletin_edit", made)
    assert made.week == W2
    client.post(reverse("reports:bulletin_draft"), {"week": "2001-01-01"})
    assert Bulletin.objects.count() == 1
    client.force_login(w.c.secretary)
    assert client.post(reverse("reports:bulletin_draft"), {"week": START.isoformat()}).status_code == 403


# ---------------------------------------------------------------- the editor
def test_every_button_keeps_what_was_typed(w, draft, client):
    client.force_login(w.c.general)
    first, second = draft.items.order_by("pk")[:2]
    page = url("bulletin_edit", draft)
    client.post(page, typed(draft, do="choose", pick=[first.pk, second.pk], editor_note="按语一"))
    assert fresh(draft).editor_note == "按语一"
    changed = {f"title-{first.pk}": "改了的标题"}
    answer = client.post(page, typed(draft, do=f"down-{first.pk}", **changed))
    assert answer.url == f"{page}#item-{first.pk}"
    assert [item.pk for item in queries.chosen(fresh(draft))] == [second.pk, first.pk]
    client.post(page, typed(draft, do=f"out-{second.pk}", copies="90"))
    (left,) = queries.chosen(fresh(draft))
    assert (left.title, fresh(draft).copies) == ("改了的标题", 90)
    client.post(page, typed(draft, do="add", new_title="编者来稿", new_text="全文", new_source="县先教办"))
    assert [item.title for item in queries.chosen(fresh(draft))] == ["改了的标题", "编者来稿"]
    answer = client.post(page, typed(draft, do="preview", with_figures=""))
    assert answer.url == url("bulletin", draft)
    assert fresh(draft).figures["on"] is False


def test_a_fault_names_its_place_and_saves_nothing(w, draft, client):
    client.force_login(w.c.general)
    item = draft.items.first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    data = typed(draft, do="save", editor_note="写了很久", copies="0", new_title="只有标题", **{f"title-{item.pk}": ""})
    answer = client.post(url("bulletin_edit", draft), data)
    form = answer.context["form"]
    assert set(form.errors) == {f"title-{item.pk}", "copies", "new_text"}
    assert "写了很久" in answer.content.decode()
    assert fresh(draft).editor_note == ""


def test_of_two_editors_the_second_sees_what_he_typed_and_can_save_it(w, draft, client):
    item = draft.items.first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    mine = typed(draft, do="save", editor_note="我写的", **{f"text-{item.pk}": "我改的正文"})
    bulletins.leave_out(by=w.c.office, bulletin=fresh(draft), items=[item.pk])
    client.force_login(w.c.general)
    answer = client.post(url("bulletin_edit", draft), mine)
    page = answer.content.decode()
    assert answer.context["form"].non_field_errors()
    assert "我写的" in page
    assert "我改的正文" in page
    assert fresh(draft).editor_note == ""
    again = mine | {"version": answer.context["form"]["version"].value()}
    assert client.post(url("bulletin_edit", draft), again).status_code == 302
    assert fresh(draft).editor_note == "我写的"
    assert fresh(draft).items.get(pk=item.pk).text == "我改的正文"


def test_an_issue_has_no_editor(w, issued, client):
    client.force_login(w.c.office)
    assert client.get(url("bulletin_edit", issued)).url == url("bulletin", issued)
    assert client.post(url("bulletin_edit", issued), {"do": "save"}).url == url("bulletin", issued)


def test_whoever_issues_what_was_edited_meanwhile_is_asked_to_look_again(w, draft, client):
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[draft.items.first().pk])
    old = draft.version
    bulletins.edit(by=w.c.general, bulletin=draft, fields={"editor_note": "刚改"})
    client.force_login(w.c.office)
    answer = client.post(url("bulletin_issue", draft), {"version": old}, follow=True)
    assert fresh(draft).state == Bulletin.State.DRAFT
    assert [str(message.level_tag) for message in answer.context["messages"]] == ["error"]


def test_the_second_to_issue_is_told_who_did(w, issued, client):
    client.force_login(w.c.office)
    answer = client.post(url("bulletin_issue", issued), {"version": 1}, follow=True)
    (message,) = answer.context["messages"]
    assert "周明远" in str(message)


def test_the_paper_shows_what_is_printed(w, draft, client):
    item = draft.items.first()
    bulletins.choose_items(by=w.c.general, bulletin=draft, items=[item.pk])
    bulletins.edit(
        by=w.c.general, bulletin=draft, items={item.pk: bulletins.ItemText("标题<b>", "一、加强领导。正文\n第二段")}
    )
    client.force_login(w.c.office)
    page = client.get(url("bulletin", draft)).content.decode()
    head = ("（第1期　总第1期）", "2026年3月30日", "草稿，未编发", "报：")
    for text in (*head, "标题&lt;b&gt;", "一、加强领导。", "第二段"):
        assert text in page


def test_files_that_failed_can_be_made_again_by_the_office(w, issued, client, django_capture_on_commit_callbacks):
    Bulletin.objects.filter(pk=issued.pk).update(docx="", pdf="")
    client.force_login(w.c.secretary)
    assert client.get(url("bulletin_pdf", issued)).url == url("bulletin", issued)
    assert client.post(url("bulletin_files", issued)).status_code == 403
    client.force_login(w.c.office)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("bulletin_files", issued))
    assert fresh(issued).pdf
    assert client.post(url("bulletin_files", issued)).status_code == 403, "they are there"
