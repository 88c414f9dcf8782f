"""The pages of self-analyses: writing with autosave, reviewing, overview, organisations' analyses."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from assessments.actions import analyses as actions
from assessments.models import Deputy, OrganizationAnalysis, SelfAnalysis
from assessments.tests.factories import drafted, handed_in, paper_text
from assessments.tests.judging import rule_of
from assessments.tests.test_papers import docx
from campaign.tests.factories import make_world
from units.models import Member
from units.tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
MINE = "/assessments/papers/mine/"


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def author(w):
    return Member.objects.select_related("organization", "user").get(user=w.c.member)


@pytest.fixture
def as_user(client):
    def sign_in(user):
        client.force_login(user)
        return client

    return sign_in


def url(name, *args):
    return reverse(f"assessments:{name}", args=args)


def passed_paper(w, author):
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    actions.review(by=w.c.secretary, paper=paper, number=1, verdict="pass")
    return paper


# ---------------------------------------------------------------- sources of the problems (F-04)
SOURCES = [
    {"key": "own", "name": {"zh": "自己查摆的不足", "en": "Found by himself"}},
    {"key": "masses", "name": {"zh": "群众提的意见", "en": "Opinions of the masses"}},
]


def test_the_editor_asks_for_each_source_and_the_reviewer_sees_what_is_unsaid(w, author, as_user):
    rule_of(w, "analysis", sources=SOURCES)
    page = as_user(w.c.member)
    assert [field.label for field in page.get(MINE).context["form"].source_fields()] == [
        "自己查摆的不足",
        "群众提的意见",
    ]
    page.post(MINE, {"source_own": "学习不够系统", "text": paper_text(), "revision": 0, "hand_in": "1"})
    paper = SelfAnalysis.objects.get(member=author)
    assert paper.state == "submitted"
    answer = as_user(w.c.secretary).get(url("paper_review", paper.pk))
    first = answer.context["rows"][0]
    assert (first["heading"], first["text"]) == ("自己查摆的不足", "学习不够系统")
    assert answer.context["unstated"] == ["群众提的意见"]


def test_a_word_file_fills_the_boxes_under_its_headings(w, author, as_user):
    rule_of(w, "analysis", sources=SOURCES)
    file = SimpleUploadedFile("材料.docx", docx("一、自己查摆的不足", "学习不够", "二、群众提的意见", "下去少"))
    form = as_user(w.c.member).post(MINE, {"text": "", "revision": 0, "read": "1", "file": file}).context["form"]
    assert (form["source_own"].value(), form["source_masses"].value()) == ("学习不够", "下去少")


# ---------------------------------------------------------------- writing
def test_a_member_writes_saves_and_hands_in(w, author, as_user):
    page = as_user(w.c.member)
    assert "1,500" in page.get(MINE).content.decode()
    page.post(MINE, {"text": "初稿", "revision": 0})
    paper = SelfAnalysis.objects.get(member=author)
    assert (paper.text, paper.state) == ("初稿", "draft")
    short = page.post(MINE, {"text": "初稿", "revision": 1, "hand_in": "1"}).content.decode()
    assert "1498" in short
    paper.refresh_from_db()
    done = page.post(MINE, {"text": paper_text(), "revision": paper.revision, "hand_in": "1"})
    assert done.headers["Location"] == url("paper", paper.pk)
    assert page.get(MINE).headers["Location"] == url("paper", paper.pk)
    assert page.get(url("paper", paper.pk)).status_code == 200


def test_autosave_answers_with_the_new_revision(w, author, as_user):
    page = as_user(w.c.member)
    answer = page.post(MINE, {"text": "甲 乙", "revision": 0}, headers={"X-Autosave": "1"})
    assert (answer.json()["revision"], answer.json()["characters"]) == (1, 2)


def test_a_second_window_is_told_and_loses_nothing(w, author, as_user):
    page = as_user(w.c.member)
    page.post(MINE, {"text": "第一个窗口", "revision": 0})
    silent = page.post(MINE, {"text": "第二个窗口", "revision": 0}, headers={"X-Autosave": "1"})
    assert silent.status_code == 409
    told = page.post(MINE, {"text": "第二个窗口", "revision": 0})
    body = told.content.decode()
    assert told.status_code == 409
    assert "第一个窗口" in body
    assert "第二个窗口" in body
    assert 'name="revision" value="1"' in body
    page.post(MINE, {"text": "第二个窗口", "revision": 1})
    assert SelfAnalysis.objects.get(member=author).text == "第二个窗口"


def test_a_word_file_is_shown_before_it_is_saved(w, author, as_user):
    page = as_user(w.c.member)
    file = SimpleUploadedFile("材料.docx", docx("一、存在问题", paper_text()))
    shown = page.post(MINE, {"text": "原稿", "revision": 0, "read": "1", "file": file})
    assert "一、存在问题" in shown.content.decode()
    paper = SelfAnalysis.objects.get(member=author)
    assert paper.text == "原稿"
    kept = paper.files.get()
    page.post(MINE, {"text": "一、存在问题\n" + paper_text(), "revision": 1, "original": kept.pk, "hand_in": "1"})
    version = paper.versions.get()
    assert (version.source, version.original) == ("docx", kept)
    given = as_user(w.c.secretary).get(url("paper_file", kept.pk))
    assert given.content == actions.content_of(kept)


@pytest.mark.parametrize("content", [b"", b"no word file"])
def test_what_cannot_be_read_is_said_and_the_typed_text_stays(w, author, as_user, content):
    file = SimpleUploadedFile("材料.docx", content)
    answer = as_user(w.c.member).post(MINE, {"text": "原稿", "revision": 0, "read": "1", "file": file})
    assert "原稿" in answer.content.decode()
    assert answer.context["docx"].errors["file"]


def test_the_secretary_enters_for_who_does_not_write_himself(w, author, as_user):
    other = w.t.members["Z003"][1]
    page = as_user(w.c.branch)
    page.post(url("paper_write", other.pk), {"text": paper_text(), "revision": 0, "hand_in": "1"})
    assert SelfAnalysis.objects.get(member=other).state == "submitted"
    drafted(w, author, by=w.c.member)
    assert page.get(url("paper_write", author.pk)).status_code == 403
    assert as_user(w.c.office).get(url("paper_write", other.pk)).status_code in {302, 403}
    assert as_user(w.c.archives).get(url("paper_write", other.pk)).status_code == 404


def test_a_draft_is_for_the_author_alone(w, author, as_user):
    paper = drafted(w, author, by=w.c.member, text="只给自己看")
    body = as_user(w.c.branch).get(url("paper", paper.pk)).content.decode()
    assert "只给自己看" not in body


# ---------------------------------------------------------------- review
def test_the_reviewer_comments_by_paragraph_and_returns(w, author, as_user):
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    page = as_user(w.c.secretary)
    assert author.name in page.get(url("paper_queue")).content.decode()
    assert page.get(url("paper_review", paper.pk)).status_code == 200
    paper.refresh_from_db()
    assert paper.state == "in_review"
    bare = page.post(url("paper_review", paper.pk), {"number": 1, "verdict": "return"})
    assert bare.context["form"].errors["overall"]
    given = {"number": 1, "verdict": "return", "c-1": "原因要再深挖", "overall": "总体尚可"}
    assert page.post(url("paper_review", paper.pk), given).status_code == 302
    body = as_user(w.c.member).get(MINE).content.decode()
    assert "原因要再深挖" in body
    assert "总体尚可" in body


def test_what_is_typed_stays_when_the_verdict_is_missing(w, author, as_user):
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    answer = as_user(w.c.secretary).post(url("paper_review", paper.pk), {"number": 1, "c-2": "这一段空泛"})
    assert "这一段空泛" in answer.content.decode()


def test_the_second_version_shows_the_difference(w, author, as_user):
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    actions.review(by=w.c.secretary, paper=paper, number=1, verdict="return", overall="再写")
    handed_in(w, author, by=w.c.member, participation=w.p.health, text=paper_text() + "\n新写的一段")
    body = as_user(w.c.secretary).get(url("paper_review", paper.pk)).content.decode()
    assert "<ins>新写的一段</ins>" in body
    body = as_user(w.c.member).get(url("paper", paper.pk) + "?version=2&compare=1").content.decode()
    assert "<ins>新写的一段</ins>" in body


def test_who_may_not_review(w, author, as_user):
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    answers = {
        name: as_user(getattr(w.c, name)).get(url("paper_review", paper.pk)).status_code
        for name in ("member", "branch", "office", "supervisor", "archives", "leader", "outsider", "general")
    }
    assert answers == {
        "member": 403,
        "branch": 403,
        "office": 403,
        "supervisor": 404,
        "archives": 404,
        "leader": 404,
        "outsider": 404,
        "general": 404,
    }


def test_reading_another_persons_paper_is_on_record(w, author, as_user):
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    as_user(w.c.member).get(url("paper", paper.pk))
    assert not AuditEntry.objects.filter(action="paper.read").exists()
    as_user(w.c.committee).get(url("paper", paper.pk))
    as_user(w.c.secretary).get(url("paper_review", paper.pk))
    assert AuditEntry.objects.filter(action="paper.read").count() == 2


def test_a_recheck_after_the_meetings(w, author, as_user):
    paper = passed_paper(w, author)
    page = as_user(w.c.branch)
    given = {"number": 1, "verdict": "return", "overall": "问题不准"}
    assert page.post(url("paper_recheck", paper.pk), given).status_code == 302
    paper.refresh_from_db()
    assert paper.state == "returned"


def test_the_office_names_a_reviewer(w, author, as_user):
    w.c.secretary.posts.all().delete()
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    assert paper.reviewer_role == ""
    page = as_user(w.c.office)
    assert author.name in page.get(url("paper_unrouted")).content.decode()
    page.post(url("paper_assign", paper.pk), {"reviewer": w.c.branch.pk})
    paper.refresh_from_db()
    assert paper.assigned_reviewer == w.c.branch
    assert as_user(w.c.branch).get(url("paper_review", paper.pk)).status_code == 200


def test_a_deputy_is_named_and_ended(w, as_user):
    day = clock.today()
    page = as_user(w.c.secretary)
    given = {"principal": w.c.secretary.pk, "deputy": w.c.branch.pk, "from_date": day, "reason": "学习"}
    wrong = page.post(url("deputies"), {**given, "to_date": day - dt.timedelta(days=1)})
    assert wrong.context["form"].errors["to_date"]
    page.post(url("deputies"), {**given, "to_date": day + dt.timedelta(days=1)})
    made = Deputy.objects.get()
    assert as_user(w.c.archives).post(url("deputy_end", made.pk)).status_code == 404
    as_user(w.c.office).post(url("deputy_end", made.pk))
    assert not Deputy.objects.exists()


# ---------------------------------------------------------------- overview
def test_names_are_for_who_needs_them_and_counts_for_all(w, author, as_user):
    handed_in(w, author, by=w.c.member, participation=w.p.health)
    here = url("papers", w.t.health_1.pk)
    assert author.name in as_user(w.c.branch).get(here).content.decode()
    assert author.name not in as_user(w.c.general).get(here).content.decode()
    assert author.name not in as_user(w.c.secretary).get(url("papers", w.t.health.pk)).content.decode()
    assert as_user(w.c.archives).get(here).status_code == 404


def test_the_overview_does_not_ask_once_a_member(w, as_user):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    page = as_user(w.c.branch)
    here = url("papers", w.t.health_1.pk)
    handed_in(w, w.t.members["Z003"][1], by=w.c.branch, participation=w.p.health)
    page.get(here)
    with CaptureQueriesContext(connection) as few:
        page.get(here)
    for member in MemberFactory.create_batch(3, organization=w.t.health_1):
        handed_in(w, member, by=w.c.branch, participation=w.p.health)
    with CaptureQueriesContext(connection) as many:
        page.get(here)
    assert len(many) == len(few)


def test_reminding_reaches_who_has_an_account_and_names_the_others(w, as_user, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        answer = as_user(w.c.branch).post(url("papers_remind", w.t.health_1.pk), follow=True)
    assert w.c.member.notifications.count() == 1
    assert w.t.members["Z003"][1].name in answer.content.decode()
    assert as_user(w.c.general).post(url("papers_remind", w.t.health_1.pk)).status_code == 403


def test_a_notice_and_an_opinion_on_it(w, author, as_user):
    paper = passed_paper(w, author)
    page = as_user(w.c.branch)
    page.post(url("paper_notice", paper.pk), {"scope": "branch", "days": 5, "place": "公示栏"})
    paper.refresh_from_db()
    assert paper.notice.scope == "branch"
    page.post(url("paper_opinion", paper.pk), {"text": "写得实在"})
    assert "写得实在" in page.get(url("paper", paper.pk)).content.decode()
    assert page.get(url("paper_notice", paper.pk)).status_code == 403


# ---------------------------------------------------------------- organisations
def test_an_organisation_writes_finishes_and_puts_on_notice(w, as_user):
    here = url("organization_paper", w.t.health.pk)
    page = as_user(w.c.secretary)
    page.post(here, {"text": "存在三个问题", "revision": 0})
    assert "存在三个问题" not in as_user(w.c.general).get(here).content.decode()
    assert as_user(w.c.general).post(here, {"text": "x", "revision": 1}).status_code == 403
    page = as_user(w.c.secretary)
    assert page.post(here, {"text": "又一份", "revision": 0}).status_code == 409
    page.post(here, {"text": "存在三个问题", "revision": 1, "finish": "1"})
    assert "存在三个问题" in as_user(w.c.general).get(here).content.decode()
    page = as_user(w.c.secretary)
    page.post(url("organization_paper_notice", w.t.health.pk), {"scope": "unit", "days": 7, "place": "公示栏"})
    assert OrganizationAnalysis.objects.get().notice.title
