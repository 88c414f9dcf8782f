"""A member on the telephone writes his self-analysis and signs his appraisal; reviewer and secretary do theirs."""

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from assessments.models import Appraisal, SelfAnalysis
from assessments.tests.factories import paper_text
from campaign.tests.factories import make_world
from tests.browser.conftest import DESKTOP, PHONE, sound
from tests.browser.support import choose, fill, ok, press, send, told

pytestmark = pytest.mark.django_db(transaction=True)
MINE = "assessments:my_paper"


@pytest.fixture
def w():
    return make_world()


def test_writes_is_returned_with_a_comment_mends_and_passes(w, new_page):
    author = new_page(PHONE, user=w.c.member)
    author.goto(reverse(MINE))
    sound(author)
    editor, count = author.locator("main [name=text]"), author.locator("[data-paper-count]")
    editor.press_sequentially("找 问题。")
    expect(count).to_have_text("4")  # without the space
    expect(author.locator("[data-paper-status]")).not_to_be_empty()  # saved by itself
    author.reload()
    expect(editor).to_have_value("找 问题。")
    expect(count).to_have_text("4")

    editor.fill(paper_text())
    press(author, "Hand in for review")
    ok(author)
    paper = SelfAnalysis.objects.get()
    assert paper.waits

    reviewer = new_page(PHONE, user=w.c.secretary)
    reviewer.goto(reverse("assessments:paper_queue"))
    sound(reviewer)
    send(reviewer, reviewer.locator(f"main a[href='{reverse('assessments:paper_review', args=[paper.pk])}']").first)
    reviewer.locator(".paper-say summary").nth(1).tap()
    reviewer.locator("textarea[name=c-1]").fill("这一段要写具体事例。")
    choose(reviewer, "verdict", "return")
    press(reviewer, "Record the review")
    ok(reviewer)

    author.goto(reverse(MINE))
    told(author, "这一段要写具体事例。")
    sound(author)
    expect(editor).to_have_value(re.compile("^我在思想上还有差距"))
    editor.fill(paper_text() + "\n去年防汛时我没有到现场。")
    press(author, "Hand in for review")
    ok(author)

    reviewer.goto(reverse("assessments:paper_review", args=[paper.pk]))
    told(reviewer, "去年防汛时我没有到现场。")
    choose(reviewer, "verdict", "pass")
    press(reviewer, "Record the review")
    paper.refresh_from_db()
    assert paper.state == SelfAnalysis.State.PASSED
    author.goto("/")
    sound(author)


def test_the_secretary_decides_an_opinion_and_the_member_dissents(w, new_page):
    one = w.t.members["Z003"][0]
    secretary = new_page(PHONE, user=w.c.branch)
    secretary.goto(reverse("assessments:appraisals", args=[w.t.health_1.pk]))
    sound(secretary)
    send(secretary, secretary.locator("main").get_by_role("link", name=one.name, exact=True))
    sound(secretary)
    fill(secretary, opinion="能履行党员义务，群众反映较好。", shortcomings="理论学习不够系统。")
    secretary.locator("[name=basis]").first.check()
    choose(secretary, "verdict", "qualified")
    secretary.locator("[name=then]").uncheck()
    press(secretary, "Record the decided opinion")
    ok(secretary)
    press(secretary, "Show the opinion to %(name)s", name=one.name)

    member = new_page(PHONE, user=w.c.member)
    member.goto("/")
    send(member, member.locator(f"main a[href='{reverse('assessments:my_papers')}']").first)
    sound(member)
    told(member, "理论学习不够系统。")
    choose(member, "answer", "dissent")
    press(member, "Sign the opinion")
    expect(member.get_by_role("alert").first).to_be_visible()  # a dissent without words
    fill(member, text="学习次数记少了。")
    press(member, "Sign the opinion")
    ok(member)
    opinion = Appraisal.objects.get()
    assert opinion.state == Appraisal.State.DISSENT and opinion.answer == "学习次数记少了。"

    desk = new_page(DESKTOP, user=w.c.branch)
    desk.goto(reverse("assessments:appraisal", args=[one.pk]))
    told(desk, "学习次数记少了。")
