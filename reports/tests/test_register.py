"""The office's document register: numbers, who sees what, passing on, the search over text (K-13, D-04, D-05)."""

import datetime as dt
import io

import docx
import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from campaign import todo
from campaign.tests.factories import make_world
from reports import file_text
from reports.actions import register
from reports.models import RegisterEntry
from reports.queries import register as queries
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
Kind = RegisterEntry.Kind


@pytest.fixture
def w():
    return make_world()


def entered(w, title="关于做好工作的通知", kind="incoming", *, by=None, files=(), **data):
    given = register.EntryData(title=title, **data)
    return register.enter(by=by or w.c.general, campaign=w.batch.campaign, kind=kind, data=given, files=files)


def word_file(*texts, name="通知.docx", table=""):
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    if table:
        document.add_table(1, 1).cell(0, 0).text = table
    return _upload(document, name)


def _upload(book, name):
    kept = io.BytesIO()
    book.save(kept)
    return SimpleUploadedFile(name, kept.getvalue())


def found(user, *words):
    rows = queries.with_words(RegisterEntry.objects.visible_to(user), words)
    return {row.title for row in rows}


def fields(**more):
    given = {"kind": "incoming", "title": "通知", "document_number": "", "sender": "", "recipient": "", "dated": ""}
    return {**given, "secrecy": "", "copies": "1", "handler": "", "due_on": "", "remarks": "", **more}


def waits(user):
    fresh = User.objects.get(pk=user.pk)
    return [(one.title.id, one.count) for one in todo.gather(fresh) if "ocuments" in one.title.id]


# ---------------------------------------------------------------- numbers
def test_each_kind_and_year_has_its_own_numbers_without_a_gap(w):
    assert [entered(w).number, entered(w).number, entered(w, kind="outgoing").number] == [1, 2, 1]
    with pytest.raises(register.RegisterRefused):
        entered(w, secrecy="secret", files=[word_file("密")])
    assert entered(w).number == 3  # what was refused took no number
    with clock.freeze(dt.datetime(2027, 1, 4, 9, tzinfo=dt.UTC)):
        assert (entered(w).year, RegisterEntry.objects.get(year=2027).number) == (2027, 1)


def test_the_database_gives_no_number_twice(w):
    entry = entered(w)
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterEntry.objects.create(
            campaign=entry.campaign,
            kind="incoming",
            year=entry.year,
            number=1,
            title="又一件",
            registered_by=w.c.office,
        )


def test_a_void_entry_keeps_its_number(w):
    entry = entered(w)
    register.declare_void(by=w.c.general, entry=entry, reason="重复登记")
    assert entered(w).number == 2
    with pytest.raises(register.EntryChanged):
        register.finish(by=w.c.general, entry=entry, result="已办")


# ---------------------------------------------------------------- who sees it
def test_the_office_sees_all_and_others_what_was_passed_to_them(client, w):
    entry = entered(w, files=[SimpleUploadedFile("通知.pdf", b"%PDF-1.4")])
    other = entered(w, "另一件")
    for user in (w.c.office, w.c.general, user_with("office_publicity", w.t.county)):
        assert set(RegisterEntry.objects.visible_to(user)) == {entry, other}
    page, file = reverse("reports:register_entry", args=[entry.pk]), entry.files.get().pk
    client.force_login(w.c.branch)
    for url in (page, reverse("reports:register_file", args=[file])):
        assert client.get(url).status_code == 404
    register.pass_on(by=w.c.general, entry=entry, readers=[w.c.branch])
    assert client.get(page).status_code == 200
    assert client.get(reverse("reports:register_file", args=[file])).status_code == 200
    assert [row["entry"] for row in client.get(reverse("reports:register")).context["rows"]] == [entry]
    assert client.get(reverse("reports:register_edit", args=[entry.pk])).status_code == 403
    assert client.post(page, {"deed": "finish", "result": "x"}).status_code == 403


def test_whoever_deals_with_it_sees_it_and_may_finish_it(client, w):
    entry = entered(w, handler=w.c.leader, due_on=clock.today())
    client.force_login(w.c.leader)
    url = reverse("reports:register_entry", args=[entry.pk])
    assert client.post(url, {"deed": "finish", "result": ""}).status_code == 422
    assert client.post(url, {"deed": "finish", "result": "已报市先教办"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.result) == ("done", "已报市先教办")
    assert client.post(url, {"deed": "archive", "box": "3"}).status_code == 403


def test_no_other_county_sees_it(w):
    entered(w)
    from units.tests.factories import make_organization

    abroad = make_organization("中共邻县委员会", "county_committee", code="X00")
    assert not RegisterEntry.objects.visible_to(user_with("office_head", abroad)).exists()


# ---------------------------------------------------------------- passing on
def test_passing_on_tells_each_reader_and_the_last_to_confirm_ends_the_round(w, django_capture_on_commit_callbacks):
    entry = entered(w)
    with django_capture_on_commit_callbacks(execute=True):
        assert register.pass_on(by=w.c.general, entry=entry, readers=[w.c.office, w.c.leader, w.c.office]) == 2
    assert entry.state == "circulating"
    assert waits(w.c.office) == [("Documents passed to you", 1)]
    told = Notification.objects.filter(url=reverse("reports:register_entry", args=[entry.pk]))
    assert set(told.values_list("user__username", flat=True)) == {"office", "leader"}
    with pytest.raises(register.RegisterRefused):
        register.pass_on(by=w.c.general, entry=entry, readers=[w.c.office])
    with django_capture_on_commit_callbacks(execute=True):
        register.confirm(by=w.c.office, entry=entry, remark="同意")
    assert not told.filter(user=w.c.general).exists()
    with django_capture_on_commit_callbacks(execute=True):
        register.confirm(by=w.c.leader, entry=entry)
    assert told.filter(user=w.c.general).exists()
    assert waits(w.c.office) == []
    with pytest.raises(register.EntryChanged):
        register.confirm(by=w.c.office, entry=entry)


def test_who_was_passed_nothing_has_nothing_to_confirm(client, w):
    entry = entered(w)
    client.force_login(w.c.general)
    assert client.post(reverse("reports:register_entry", args=[entry.pk]), {"deed": "confirm"}).status_code == 403
    with pytest.raises(register.EntryChanged):
        register.confirm(by=w.c.general, entry=entry)


def test_the_page_passes_to_colleagues_and_by_user_name_to_somebody_below(client, w):
    entry = entered(w)
    client.force_login(w.c.general)
    url = reverse("reports:register_entry", args=[entry.pk])
    assert client.post(url, {"deed": "pass"}).status_code == 422
    assert client.post(url, {"deed": "pass", "other": "outsider"}).status_code == 422
    sent = {"deed": "pass", "readers": [w.c.leader.pk], "other": "branch", "note": "请阅"}
    assert client.post(url, sent).status_code == 302
    assert set(entry.passes.values_list("reader__username", flat=True)) == {"leader", "branch"}
    assert client.post(url, {"deed": "nonsense"}).status_code == 400


def test_what_is_due_waits_for_whoever_deals_with_it(w):
    entered(w, handler=w.c.office, due_on=clock.today() - dt.timedelta(days=1))
    entered(w, handler=w.c.office)
    late = [one for one in todo.gather(User.objects.get(pk=w.c.office.pk)) if "deal with" in one.title.id]
    assert [(one.count, one.late) for one in late] == [(2, True)]


# ---------------------------------------------------------------- states
def test_an_archived_document_lies_somewhere(client, w):
    entry = entered(w)
    client.force_login(w.c.general)
    url = reverse("reports:register_entry", args=[entry.pk])
    assert client.post(url, {"deed": "archive"}).status_code == 422
    assert client.post(url, {"deed": "archive", "box": "3", "volume": "12"}).status_code == 302
    entry.refresh_from_db()
    assert (entry.state, entry.box, entry.volume) == ("archived", "3", "12")
    with pytest.raises(IntegrityError), transaction.atomic():
        RegisterEntry.objects.filter(pk=entry.pk).update(box="", volume="")


def test_of_two_who_change_an_entry_the_second_is_told(client, w):
    entry = entered(w)
    client.force_login(w.c.general)
    url = reverse("reports:register_edit", args=[entry.pk])
    assert client.post(url, fields(title="改后", version="1")).status_code == 302
    again = client.post(url, fields(title="再改", version="1"))
    assert again.status_code == 422 and "再改" in again.content.decode()
    entry.refresh_from_db()
    assert (entry.title, entry.version) == ("改后", 2)
    assert AuditEntry.objects.filter(action="register.changed").count() == 1


def test_no_file_of_a_classified_document_is_kept(client, w, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client.force_login(w.c.general)
    url = reverse("reports:register_new")
    answer = client.post(url, fields(secrecy="top_secret", files=word_file("密")))
    assert answer.status_code == 422 and answer.context["form"].errors.keys() == {"files"}
    assert not RegisterEntry.objects.exists()
    entry = entered(w, files=[word_file("平常")])
    answer = client.post(reverse("reports:register_edit", args=[entry.pk]), fields(secrecy="secret", version="1"))
    assert answer.status_code == 422 and answer.context["form"].errors.keys() == {"secrecy"}


# ---------------------------------------------------------------- the search
def test_words_are_found_in_entries_and_in_the_text_of_files(client, w, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    book = openpyxl.Workbook()
    book.active.append(["流动党员", 12])
    client.force_login(w.c.general)
    url = reverse("reports:register_new")
    sent = fields(title="关于流出人员的通知", sender="市先教办", files=word_file("请结合实际", table="Mobile Members"))
    assert client.post(url, sent).status_code == 302
    entered(w, "统计表", kind="outgoing", files=[_upload(book, "表.xlsx")], document_number="先教〔2026〕18号")
    entered(w, "别的", files=[SimpleUploadedFile("流动党员名单.pdf", b"%PDF-1.4 secret words")])
    assert found(w.c.general, "mobile members") == {"关于流出人员的通知"}
    assert found(w.c.general, "流动党员") == {"统计表", "别的"}
    assert found(w.c.general, "市先教办", "结合实际") == {"关于流出人员的通知"}
    assert found(w.c.general, "市先教办", "流动党员") == set()
    assert found(w.c.general, "secret words") == set()  # PDF is not read
    assert found(w.c.general, "〔2026〕18") == {"统计表"}
    assert found(w.c.branch, "流动党员") == set()
    rows = client.get(reverse("reports:register"), {"q": "结合实际"}).context["rows"]
    assert [row["excerpt"] for row in rows] == ["请结合实际 Mobile Members"]


def test_a_percent_sign_looks_for_itself(w):
    entered(w, "完成百分之百")
    entered(w, "满意率 100% 的通报")
    assert found(w.c.general, "%") == {"满意率 100% 的通报"}


def test_a_broken_file_is_kept_without_its_text(w, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    assert file_text.text_of(SimpleUploadedFile("坏.docx", b"PK\x03\x04 broken")) is None
    assert file_text.text_of(SimpleUploadedFile("坏.xlsx", b"not a zip")) is None
    assert file_text.text_of(SimpleUploadedFile("照片.png", b"\x89PNG")) is None
    entry = entered(w, files=[SimpleUploadedFile("坏.docx", b"PK\x03\x04 broken")])
    assert (entry.files.get().searched, entry.files.get().text) == (False, "")


def test_a_long_text_is_cut(monkeypatch):
    monkeypatch.setattr(file_text, "MOST", 10)
    assert file_text.text_of(word_file("一二三四五六", "七八九十甲乙丙")) == "一二三四五六\n七八九"


def test_the_list_filters_by_kind_state_and_year(client, w):
    late = entered(w, "逾期件", due_on=clock.today() - dt.timedelta(days=1))
    done = entered(w, "办结件", kind="outgoing")
    register.finish(by=w.c.general, entry=done, result="已办")
    mine = entered(w, "我的", kind="publicity", handler=w.c.general)
    client.force_login(w.c.general)

    def listed(**query):
        return [row["entry"] for row in client.get(reverse("reports:register"), query).context["rows"]]

    assert listed() == [mine, done, late]
    assert listed(state="overdue") == [late]
    assert listed(state="open") == [mine, late]
    assert listed(state="mine") == [mine]
    assert listed(kind="outgoing") == listed(state="done") == [done]
    assert listed(year="2026") == [mine, done, late] and listed(year="2025") == [mine, done, late]  # no such year


def test_pages_ask_as_often_for_three_as_for_one(client, w):
    client.force_login(w.c.general)

    def asked(url):
        client.get(url)
        with CaptureQueriesContext(connection) as made:
            assert client.get(url).status_code == 200
        return len(made)

    def more(n):
        entry = entered(w, handler=w.c.office, files=[word_file("正文") for _ in range(n)])
        register.pass_on(by=w.c.general, entry=entry, readers=[w.c.office, w.c.leader, w.c.branch][:n])
        return reverse("reports:register_entry", args=[entry.pk])

    listing = reverse("reports:register") + "?q=正文"
    one = asked(more(1)), asked(listing)
    three = asked(more(3))
    more(3)
    assert (three, asked(listing)) == one
