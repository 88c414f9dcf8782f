"""Opinions: gathering, dealing with many, who sees what, boxes that know nobody, and what the gate reads (N)."""

import datetime as dt
from io import BytesIO

import pytest
import structlog
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook, load_workbook

from accounts import clock
from accounts.models import AuditEntry, Notification
from campaign import opinion_sheet
from campaign.actions import opinions as deeds
from campaign.forms.opinions import read_line
from campaign.models import Opinion, OpinionBox
from campaign.opinion_figures import Bar, figures, hidden_below
from campaign.opinions_counting import opinions as counted
from campaign.opinions_counting import opinions_answered
from campaign.playbook import Check
from campaign.tests.factories import evidence_of, make_world
from campaign.todo import gather as todos

pytestmark = pytest.mark.django_db
SECRET = "某事只有他知道"


@pytest.fixture
def w():
    cache.clear()
    return make_world()


def gathered(w, organization=None, *texts, by=None, concerned=None, **more):
    organization = organization or w.t.health_1
    about = {name: more.pop(name) for name in ("target", "member") if name in more}
    given = {"channel": "meeting", "source": "staff", "received_on": clock.today()} | more
    category = given.pop("category", "")
    voices = given.pop("voices", 1)
    return deeds.gather(
        by=by or w.c.branch,
        batch=w.batch,
        organization=organization,
        about=deeds.About(concerned=concerned or organization, **about),
        said=[deeds.Said(text=text, voices=voices, category=category) for text in texts or ("办事慢",)],
        **given,
    )


def about_member(w, text=SECRET):
    return gathered(w, w.t.health_1, text, target="member", member=w.t.members["Z003"][1], category="style")[0]


def url(name, thing):
    return reverse(f"campaign:{name}", args=[thing.pk])


# ---------------------------------------------------------------- entering
def test_many_are_entered_at_once_a_line_each_with_their_voices(w, client):
    client.force_login(w.c.branch)
    data = {
        "channel": "interview",
        "source": "service",
        "received_on": clock.today(),
        "concerned": w.t.health_1.pk,
        "target": "organization",
        "lines": "办事慢 | 6\n\n态度生硬｜３\n开会多",
    }
    answer = client.post(url("opinions_new", w.t.health_1), data)
    assert answer.status_code == 302
    assert sorted(Opinion.objects.values_list("text", "voices", "state")) == [
        ("办事慢", 6, "new"),
        ("开会多", 1, "new"),
        ("态度生硬", 3, "new"),
    ]
    assert AuditEntry.objects.get(action="opinion.gathered").data == {"opinions": 3, "channel": "interview"}


def test_a_faulty_line_is_named_and_nothing_is_kept(w, client):
    client.force_login(w.c.branch)
    data = {
        "channel": "interview",
        "source": "service",
        "received_on": clock.today(),
        "concerned": w.t.health_1.pk,
        "target": "organization",
        "lines": "办事慢\n态度生硬 | 0",
    }
    answer = client.post(url("opinions_new", w.t.health_1), data)
    assert answer.status_code == 422 and not Opinion.objects.exists()
    fault = answer.context["form"].errors["lines"][0]
    assert "2" in fault and "态度生硬 | 0" in answer.content.decode()


def test_a_member_must_be_one_whose_papers_the_user_may_handle(w, client):
    client.force_login(w.c.general)  # the office's general group holds no PAPERS
    data = {
        "channel": "box",
        "source": "unknown",
        "received_on": clock.today(),
        "concerned": w.t.health_1.pk,
        "target": "member",
        "member": w.t.members["Z003"][0].name,
        "lines": "好",
    }
    answer = client.post(url("opinions_new", w.t.county), data)
    assert answer.status_code == 422 and "member" in answer.context["form"].errors
    client.force_login(w.c.branch)
    assert client.post(url("opinions_new", w.t.health_1), data).status_code == 302
    assert Opinion.objects.get().member == w.t.members["Z003"][0]


def test_a_line_without_a_bar_is_one_voice():
    assert (read_line("早上八点｜开门").text, read_line("慢|12").voices) == ("早上八点｜开门", 12)


# ---------------------------------------------------------------- the workbook
def workbook(*rows):
    book = load_workbook(BytesIO(opinion_sheet.template()))
    for row in rows:
        book.active.append(row)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def upload(w, client, content, name="a.xlsx"):
    data = {"concerned": w.t.health_1.pk, "target": "organization", "file": SimpleUploadedFile(name, content)}
    return client.post(url("opinions_import", w.t.health_1), data)


def test_a_workbook_is_looked_at_and_then_kept(w, client):
    client.force_login(w.c.branch)
    preview = upload(w, client, workbook(["办事慢", 6, "座谈会", "服务对象", "作风", "2005.3.1"], ["慢", None, "网络"]))
    assert preview.status_code == 200 and not Opinion.objects.exists()
    assert client.post(url("opinions_import", w.t.health_1), {"lines": preview.context["signed"]}).status_code == 302
    rows = Opinion.objects.order_by("text").values_list("text", "voices", "channel", "source", "category", "state")
    assert list(rows) == [
        ("办事慢", 6, "meeting", "service", "style", "sorted"),
        ("慢", 1, "network", "unknown", "", "new"),
    ]


def test_faulty_cells_are_named_and_nothing_can_be_kept(w, client):
    client.force_login(w.c.branch)
    answer = upload(w, client, workbook(["", 1, "座谈会"], ["好", "很多", "飞鸽"], ["好", 1, "网络", "", "", "某天"]))
    assert answer.status_code == 422 and "signed" not in answer.context
    assert [fault.cell for fault in answer.context["reading"].faults] == ["A2", "B3", "C3", "F4"]


def test_what_is_no_workbook_or_lacks_a_heading_is_refused(w, client):
    client.force_login(w.c.branch)
    book, stream = Workbook(), BytesIO()
    book.active.append(["甲", "乙"])
    book.save(stream)
    for content in (b"hello", stream.getvalue()):
        answer = upload(w, client, content)
        assert answer.status_code == 422 and answer.context["form"].errors["file"]


def test_signed_lines_serve_only_their_own_user_and_place(w, client):
    client.force_login(w.c.branch)
    signed = upload(w, client, workbook(["慢", 1, "网络"])).context["signed"]
    client.force_login(w.c.committee)
    assert client.post(url("opinions_import", w.t.health_1), {"lines": signed}).status_code == 400
    client.force_login(w.c.branch)
    assert client.post(url("opinions_import", w.t.health_1), {"lines": signed + "x"}).status_code == 400
    assert not Opinion.objects.exists()


# ---------------------------------------------------------------- dealing with many
def bulk(client, organization, do, opinions, **data):
    return client.post(url("opinions", organization), {"do": do, "opinions": [one.pk for one in opinions], **data})


def test_sorting_passing_on_answering(w, client, django_capture_on_commit_callbacks):
    one = gathered(w, None, "路不好", concerned=w.t.health)[0]
    client.force_login(w.c.branch)
    assert bulk(client, w.t.health_1, "pass", [one]).status_code == 422  # not sorted yet
    bulk(client, w.t.health_1, "sort", [one], **{"sort-category": "work", "sort-problem": "road"})
    with django_capture_on_commit_callbacks(execute=True):
        assert bulk(client, w.t.health_1, "pass", [one]).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.category, one.problem, one.passed_on) == ("passed", "work", "road", clock.today())
    assert list(Notification.objects.values_list("user", flat=True)) == [w.c.secretary.pk]
    client.force_login(w.c.secretary)
    client.post(url("opinion", one), {"text": "下月修好", "public": "on"})
    one.refresh_from_db()
    assert (one.state, one.answer, one.answer_public) == ("answered", "下月修好", True)


def test_merging_adds_the_voices_and_can_be_taken_back(w, client):
    a, b = gathered(w, None, "慢", voices=3, category="work")[0], gathered(w, None, "太慢")[0]
    client.force_login(w.c.branch)
    assert bulk(client, w.t.health_1, "merge", [a, b]).status_code == 302
    a.refresh_from_db(), b.refresh_from_db()
    assert (a.voices, b.state, b.merged_into) == (4, "merged", a)
    client.post(url("opinion_unmerge", b))
    a.refresh_from_db(), b.refresh_from_db()
    assert (a.voices, b.state, b.merged_into, b.voices) == (3, "new", None, 1)
    with pytest.raises(deeds.OpinionMoved):
        deeds.unmerge(by=w.c.branch, opinion=b)
    a.refresh_from_db()
    assert a.voices == 3


def test_a_chain_of_merges_comes_apart_from_its_end_only(w):
    a, b, c = gathered(w, None, "一", "二", "三")
    deeds.merge(by=w.c.branch, keep=b, others=[a])
    b.refresh_from_db()
    deeds.merge(by=w.c.branch, keep=c, others=[b])
    a.refresh_from_db()
    with pytest.raises(deeds.OpinionMoved):
        deeds.unmerge(by=w.c.branch, opinion=a)
    a.refresh_from_db(), c.refresh_from_db()
    assert (a.state, c.voices) == ("merged", 3)


def test_what_is_about_different_people_does_not_merge(w, client):
    a, b = gathered(w)[0], gathered(w, concerned=w.t.health)[0]
    client.force_login(w.c.branch)
    assert bulk(client, w.t.health_1, "merge", [a, b]).status_code == 422
    assert set(Opinion.objects.values_list("state", flat=True)) == {"new"}


def test_setting_aside_needs_a_reason_and_can_be_undone(w, client):
    one = gathered(w)[0]
    client.force_login(w.c.branch)
    assert bulk(client, w.t.health_1, "aside", [one]).status_code == 422
    bulk(client, w.t.health_1, "aside", [one], **{"aside-reason": "空话"})
    one.refresh_from_db()
    assert (one.state, one.reason) == ("aside", "空话")
    client.post(url("opinion_take_up", one))
    one.refresh_from_db()
    assert (one.state, one.reason) == ("new", "")


def test_two_who_sort_at_once_one_is_told_and_nothing_is_half_done(w):
    a, b = gathered(w, None, "一", "二")
    deeds.set_aside(by=w.c.committee, opinions=[b], reason="重复")
    with pytest.raises(deeds.OpinionMoved):
        deeds.sort(by=w.c.branch, opinions=[a, b], category="work")
    a.refresh_from_db()
    assert a.state == "new"


# ---------------------------------------------------------------- who sees what
def test_the_gatherer_those_above_and_whom_it_was_passed_to_see_it(w):
    one = gathered(w, w.t.archives, "路不好", by=w.c.archives, concerned=w.t.health, category="work")[0]

    def sees(user):
        return Opinion.objects.visible_to(user).filter(pk=one.pk).exists()

    assert sees(w.c.archives) and sees(w.c.office) and not sees(w.c.secretary) and not sees(w.c.branch)
    deeds.pass_on(by=w.c.archives, opinions=[one])
    assert sees(w.c.secretary) and not sees(w.c.branch) and not sees(w.c.outsider) and not sees(w.c.member)


def test_an_opinion_on_a_member_is_for_papers_only_and_each_reading_is_noted(w, client):
    one = about_member(w)
    for user in (w.c.general, w.c.leader, w.c.supervisor):
        client.force_login(user)
        assert client.get(url("opinion", one)).status_code == 404
        assert one not in client.get(url("opinions", w.t.health)).context["page"].object_list
    client.force_login(w.c.branch)
    page = client.get(url("opinions", w.t.health_1))
    assert one in page.context["page"].object_list and SECRET not in page.content.decode()
    assert one not in client.get(url("opinions", w.t.health_1), {"q": SECRET}).context["page"].object_list
    assert SECRET not in client.get(url("opinions_sheet", w.t.health_1)).content.decode()
    assert not AuditEntry.objects.filter(action="opinion.read").exists()
    assert SECRET in client.get(url("opinion", one)).content.decode()
    entry = AuditEntry.objects.get(action="opinion.read")
    assert entry.actor_id == w.c.branch.pk and SECRET not in f"{entry.object_label}{entry.data}"


def test_source_and_day_are_told_from_five_voices_on(w, client):
    day = clock.today() - dt.timedelta(days=40)
    few = gathered(w, None, "少", voices=4, source="service", received_on=day)[0]
    many = gathered(w, None, "多", voices=5, source="service", received_on=day)[0]
    client.force_login(w.c.branch)
    label = str(Opinion.Source.SERVICE.label)
    for one, told in ((few, False), (many, True)):
        text = client.get(url("opinion", one)).content.decode()
        assert (label in text) is told and (f"{day.month}月{day.day}日" in text) is told
    assert label not in client.get(url("opinions", w.t.health_1)).content.decode()
    assert "source" not in client.get(url("opinions", w.t.health_1)).context["form"].fields


def test_sources_of_fewer_than_five_are_kept_back_and_cannot_be_worked_out(w):
    def bars(**voices):
        return {bar.key: bar.voices for bar in hidden_below([Bar(key, key, 1, n) for key, n in voices.items()])}

    assert bars(a=5, b=9) == {"a": 5, "b": 9}
    assert bars(a=4, b=9, c=20) == {"a": None, "b": None, "c": 20}
    assert bars(a=4, b=2, c=20) == {"a": None, "b": None, "c": 20}
    gathered(w, None, "慢", voices=7)
    gathered(w, None, "脏", voices=1, source="service")
    found = figures(Opinion.objects.all())
    assert (found.opinions, found.voices) == (2, 8) and {bar.voices for bar in found.sources} == {None}


def test_the_list_asks_the_same_number_of_questions_for_one_row_and_for_three(w, client):
    client.force_login(w.c.branch)
    client.get(url("opinions", w.t.health_1))  # the first request of a session writes it down
    counts = []
    for texts in (["一"], ["二", "三"]):
        gathered(w, None, *texts)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(url("opinions", w.t.health_1)).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("name", ["opinions_overview", "opinions_sheet", "opinions_new", "opinions_import", "boxes"])
def test_every_page_opens_empty_and_full(w, client, name):
    client.force_login(w.c.branch)
    assert client.get(url(name, w.t.health_1)).status_code == 200
    gathered(w, None, "慢", voices=9, category="style")
    assert client.get(url(name, w.t.health_1)).status_code == 200


# ---------------------------------------------------------------- the public box
def opened(w, **more):
    given = {"title": "请您提意见", "until": clock.today() + dt.timedelta(days=3)} | more
    about = deeds.About(concerned=w.t.health_1)
    return deeds.open_box(by=w.c.branch, batch=w.batch, organization=w.t.health_1, about=about, **given)


def public(box):
    return reverse("campaign:box", args=[box.token])


def test_anybody_may_speak_and_nothing_of_him_is_kept(w, client):
    box = opened(w)
    sessions, history = Session.objects.count(), AuditEntry.objects.count()
    page = client.get(public(box), REMOTE_ADDR="10.9.8.7")
    with CaptureQueriesContext(connection) as queries:
        answer = client.post(public(box), {"text": "办事慢", "source": "service"}, REMOTE_ADDR="10.9.8.7")
    assert answer.status_code == 200 and answer.context["taken"]
    for response in (page, answer):
        assert not response.cookies and "no-store" in response["Cache-Control"]
        assert response["Referrer-Policy"] == "no-referrer" and "<script" not in response.content.decode()
    one = Opinion.objects.get()
    assert (one.text, one.channel, one.source, one.box, one.received_on) == (
        "办事慢",
        "box",
        "service",
        box,
        clock.today(),
    )
    assert not [field.name for field in Opinion._meta.fields if field.get_internal_type() == "DateTimeField"]
    assert not [field.name for field in Opinion._meta.fields if field.related_model is type(w.c.office)]
    assert (Session.objects.count(), AuditEntry.objects.count()) == (sessions, history)
    assert not any("10.9.8.7" in query["sql"] for query in queries)


def test_a_visit_to_a_box_is_not_logged_and_other_pages_are(w, client):
    box = opened(w)
    with structlog.testing.capture_logs() as quiet:
        client.get(public(box), REMOTE_ADDR="10.9.8.7", HTTP_USER_AGENT="phone")
        client.post(public(box), {"text": "慢"}, REMOTE_ADDR="10.9.8.7")
    with structlog.testing.capture_logs() as usual:
        client.get("/healthz")
    assert quiet == [] and usual


def test_somebody_signed_in_speaks_as_nobody_too(w, client):
    box = opened(w)
    client.force_login(w.c.secretary)
    client.post(public(box), {"text": "慢"})
    one = Opinion.objects.get()
    done = AuditEntry.objects.filter(actor_id=w.c.secretary.pk).exclude(action="account.signed_in")
    assert not done.exists() and one.source == "unknown"


def test_the_public_page_speaks_two_languages(w, client):
    box = opened(w)
    assert 'lang="zh-Hans"' in client.get(public(box)).content.decode()
    assert "Send my opinion" in client.get(public(box), {"lang": "en"}).content.decode()


def test_a_program_is_thanked_and_thrown_away(w, client):
    assert client.post(public(opened(w)), {"text": "买药", "website": "http://x"}).context["taken"]
    assert not Opinion.objects.exists()


def test_a_box_takes_so_many_a_minute_whoever_they_are(w, client, monkeypatch):
    monkeypatch.setattr("campaign.views.opinion_boxes.A_MINUTE", 2)
    box = opened(w)
    answers = [client.post(public(box), {"text": f"意见{n}"}, REMOTE_ADDR=f"10.0.0.{n}") for n in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "意见2" in answers[2].content.decode() and Opinion.objects.count() == 2


@pytest.mark.parametrize("how", ["closed", "past"])
def test_a_closed_box_says_so_and_takes_nothing(w, client, how):
    box = opened(w)
    if how == "closed":
        client.force_login(w.c.branch)
        client.post(url("box_close", box))
        client.logout()
    else:
        OpinionBox.objects.update(until=clock.today() - dt.timedelta(days=1))
    answer = client.post(public(box), {"text": "慢"})
    assert not Opinion.objects.exists() and "<form" not in answer.content.decode()
    box.refresh_from_db()
    with pytest.raises(deeds.BoxClosed):
        deeds.receive(box=box, text="慢", source="unknown")


def test_a_poster_carries_the_address_and_its_code(w, client):
    box = opened(w)
    client.force_login(w.c.branch)
    text = client.get(url("box_poster", box)).content.decode()
    assert f"http://testserver{public(box)}" in text and "data:image/svg+xml" in text
    client.force_login(w.c.archives)
    assert client.get(url("box_poster", box)).status_code == 404


def test_published_answers_stand_on_the_public_page_and_no_others(w, client):
    box = opened(w)
    a, b = gathered(w, None, "公开的", "不公开的", category="work")
    deeds.answer(by=w.c.branch, opinion=a, text="办", public=True)
    deeds.answer(by=w.c.branch, opinion=b, text="办", public=False)
    text = client.get(public(box)).content.decode()
    assert "公开的" in text and "不公开的" not in text


def test_an_answer_about_a_member_is_never_published(w):
    one = about_member(w)
    deeds.answer(by=w.c.branch, opinion=one, text="谈话", public=True)
    one.refresh_from_db()
    assert one.state == "answered" and not one.answer_public


# ---------------------------------------------------------------- checklist, gate, home page
def test_sorted_opinions_count_for_the_organisation_that_gathered_them(w):
    gathered(w, None, "一", "二", category="work")
    gathered(w, None, "三")
    gathered(w, w.t.archives, "四", category="work")
    assert dict(counted(evidence_of(w.p.health), None).organizations) == {w.t.health_1.pk: 2}


def test_the_gate_asks_that_what_was_passed_on_is_answered(w):
    def finding():
        return next(iter(opinions_answered(evidence_of(w.p.health), Check("opinions_answered"))))

    one = gathered(w, None, "路不好", concerned=w.t.health, category="work")[0]
    assert finding().passed
    deeds.pass_on(by=w.c.branch, opinions=[one])
    assert not finding().passed and finding().missing_count == 1
    assert [todo.count for todo in todos(w.c.secretary) if todo.menu == "campaign:opinions_hub"] == [1]
    one.refresh_from_db()
    deeds.answer(by=w.c.secretary, opinion=one, text="修", public=False)
    assert finding().passed
