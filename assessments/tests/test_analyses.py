"""Writing, handing in, routing, reviewing, re-checking and giving notice of self-analyses."""

import datetime as dt
import json

import pytest

from accounts import clock
from accounts.models import AuditEntry, Notification
from accounts.tests.factories import UserFactory
from assessments.actions import analyses as actions
from assessments.actions import analyses_after as after
from assessments.analyses_counting import organization_analysis, self_analyses, self_analyses_rechecked, self_analysis
from assessments.analyses_todos import own, reviewing, routing
from assessments.models import SelfAnalysis
from assessments.queries import analyses as queries
from assessments.tests.factories import drafted, handed_in, paper_text
from campaign.playbook import Check
from campaign.tests.factories import evidence_of, make_world
from units.models import Member, Post
from units.tests.factories import give_post

pytestmark = pytest.mark.django_db
State = SelfAnalysis.State


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def author(w):
    return Member.objects.select_related("organization", "user").get(user=w.c.member)


@pytest.fixture
def paper(w, author):
    return handed_in(w, author, by=w.c.member, participation=w.p.health)


def again(paper):
    return SelfAnalysis.objects.select_related("member__user", "organization").get(pk=paper.pk)


# ---------------------------------------------------------------- writing
def test_two_windows_do_not_overwrite_each_other(w, author):
    paper = drafted(w, author, by=w.c.member, text="甲")
    with pytest.raises(actions.DraftMoved):
        actions.save_draft(by=w.c.member, paper=paper, draft=actions.Draft("乙"), revision=0)
    assert again(paper).text == "甲"


def test_the_text_is_sealed_at_rest(w, author):
    from django.db import connection

    paper = drafted(w, author, by=w.c.member, text="心里话")
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM assessments_selfanalysis WHERE id = %s", [paper.pk])
        assert "心里话" not in cursor.fetchone()[0]


def test_a_short_paper_is_not_taken_and_stays_a_draft(w, author):
    paper = drafted(w, author, by=w.c.member, text="短" * 1499)
    with pytest.raises(actions.TooShort) as short:
        actions.hand_in(by=w.c.member, paper=paper, participation=w.p.health)
    assert (short.value.have, short.value.need) == (1499, 1500)
    assert again(paper).state == State.DRAFT
    assert paper.versions.count() == 0


def test_spaces_do_not_count(w, author):
    paper = drafted(w, author, by=w.c.member, text="长 " * 1500)
    actions.hand_in(by=w.c.member, paper=paper, participation=w.p.health)
    assert again(paper).state == State.SUBMITTED


def test_a_leader_writes_more_and_on_his_views(w, author):
    Member.objects.filter(pk=author.pk).update(post_level="leader")
    author.refresh_from_db()
    paper = drafted(w, author, by=w.c.member, text="字" * 2490)
    with pytest.raises(actions.SectionMissing) as gone:
        actions.hand_in(by=w.c.member, paper=paper, participation=w.p.health)
    assert gone.value.section == "views"
    paper = drafted(w, author, by=w.c.member, text="字" * 2490, views="权力观" * 3)
    with pytest.raises(actions.TooShort):
        actions.hand_in(by=w.c.member, paper=paper, participation=w.p.health)
    paper = drafted(w, author, by=w.c.member, text="字" * 2490, views="权力观" * 4)
    assert actions.hand_in(by=w.c.member, paper=paper, participation=w.p.health).characters == 2502


def test_who_took_part_in_the_earlier_education_reviews_his_measures(w, author):
    paper = drafted(w, author, by=w.c.member, earlier_campaign=True)
    with pytest.raises(actions.SectionMissing) as gone:
        actions.hand_in(by=w.c.member, paper=paper, participation=w.p.health)
    assert gone.value.section == "measures"


@pytest.mark.parametrize("fields", [{"retired": True}, {"can_write": False}])
def test_no_length_is_asked_of_the_exempt(w, author, fields):
    Member.objects.filter(pk=author.pk).update(**fields)
    author.refresh_from_db()
    paper = handed_in(w, author, by=w.c.member, participation=w.p.health, text="短")
    assert paper.state == State.SUBMITTED


def test_entering_for_another_is_on_record(w):
    member = w.t.members["Z003"][1]
    paper = handed_in(w, member, by=w.c.branch, participation=w.p.health)
    codes = AuditEntry.objects.filter(object_id=str(paper.pk)).values_list("action", "data")
    assert ("paper.entered", {}) in codes
    assert ("paper.handed_in", {"version": 1, "on_behalf": True}) in codes


# ---------------------------------------------------------------- routing
def test_a_members_paper_goes_to_the_secretary(w, author, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        paper = handed_in(w, author, by=w.c.member, participation=w.p.health)
    assert (paper.reviewer_role, paper.reviewer_organization) == ("organization_secretary", w.t.health)
    assert list(queries.reviewers_of(paper)) == [w.c.secretary]
    assert Notification.objects.filter(user=w.c.secretary).count() == 1
    assert queries.reviewer_names([paper]) == {paper.pk: [str(w.c.secretary)]}
    assert [todo.count for todo in reviewing(w.c.secretary)] == [1]


def test_a_vacant_post_shows_on_the_offices_list_and_a_reviewer_is_named(w, paper):
    assert not SelfAnalysis.objects.unrouted()
    Post.objects.filter(user=w.c.secretary).update(to_date=clock.today() - dt.timedelta(days=1))
    assert list(SelfAnalysis.objects.unrouted()) == [paper]
    assert [todo.count for todo in routing(w.c.office)] == [1]
    actions.assign_reviewer(by=w.c.office, paper=paper, reviewer=w.c.supervisor)
    assert not SelfAnalysis.objects.unrouted()
    assert list(SelfAnalysis.objects.reviewable_by(w.c.supervisor)) == [paper]


def test_a_member_without_an_account_is_not_unrouted(w):
    handed_in(w, w.t.members["Z003"][1], by=w.c.branch, participation=w.p.health)
    assert not SelfAnalysis.objects.unrouted()


def test_when_only_the_author_holds_the_post_the_office_sees_it(w, paper):
    Post.objects.filter(user=w.c.secretary).update(user=w.c.member)
    assert list(SelfAnalysis.objects.unrouted()) == [paper]
    assert not SelfAnalysis.objects.reviewable_by(w.c.member)


def test_nobody_may_be_named_for_his_own_paper(w, paper):
    with pytest.raises(actions.OwnPaper):
        actions.assign_reviewer(by=w.c.office, paper=paper, reviewer=w.c.member)
    assert w.c.member not in queries.possible_reviewers(w.c.office, paper)


# ---------------------------------------------------------------- review
def test_returned_rewritten_and_passed_with_all_versions_kept(w, author, paper):
    actions.review(by=w.c.secretary, paper=paper, number=1, verdict="return", comments={1: "原因要再深挖", 2: " "})
    made = paper.versions.get(number=1).reviews.get()
    assert json.loads(made.comments) == [{"paragraph": 1, "text": "原因要再深挖"}]
    assert [todo.count for todo in own(w.c.member)] == [1]
    with pytest.raises(actions.Unchanged):
        actions.hand_in(by=w.c.member, paper=again(paper), participation=w.p.health)
    second = handed_in(w, author, by=w.c.member, participation=w.p.health, text=paper_text(1700) + "\n新写一段")
    assert second.last_number == 2
    actions.review(by=w.c.secretary, paper=second, number=2, verdict="pass")
    assert queries.passed(author, w.batch)
    assert paper.versions.count() == 2


def test_a_return_needs_a_word(w, paper):
    with pytest.raises(actions.ReasonMissing):
        actions.review(by=w.c.secretary, paper=paper, number=1, verdict="return", overall=" ", comments={0: " "})


def test_nobody_reviews_his_own(w, paper):
    with pytest.raises(actions.OwnPaper):
        actions.review(by=w.c.member, paper=paper, number=1, verdict="pass")


def test_the_second_reviewer_finds_it_decided(w, paper):
    actions.review(by=w.c.secretary, paper=paper, number=1, verdict="pass")
    with pytest.raises(actions.PaperMoved):
        actions.review(by=w.c.secretary, paper=paper, number=1, verdict="return", overall="再写")
    assert again(paper).state == State.PASSED


def test_a_verdict_on_an_older_version_is_not_taken(w, author, paper):
    actions.take_back(by=w.c.member, paper=paper)
    handed_in(w, author, by=w.c.member, participation=w.p.health, text=paper_text(1800))
    with pytest.raises(actions.PaperMoved):
        actions.review(by=w.c.secretary, paper=paper, number=1, verdict="pass")


def test_once_the_review_has_begun_it_cannot_be_taken_back(w, paper):
    actions.record_reading(by=w.c.secretary, paper=paper, begins=True)
    with pytest.raises(actions.PaperMoved):
        actions.take_back(by=w.c.member, paper=paper)
    with pytest.raises(actions.PaperClosed):
        actions.save_draft(by=w.c.member, paper=paper, draft=actions.Draft("改"), revision=again(paper).revision)


def test_the_recheck_lets_it_stand_or_sends_it_back(w, author, paper):
    actions.review(by=w.c.secretary, paper=paper, number=1, verdict="pass")
    actions.recheck(by=w.c.branch, paper=paper, number=1, verdict="pass")
    assert queries.rechecked_ids(w.batch, [author.pk]) == {author.pk}
    actions.recheck(by=w.c.branch, paper=paper, number=1, verdict="return", overall="脱离实际")
    assert again(paper).state == State.RETURNED
    assert not queries.rechecked_ids(w.batch, [author.pk])
    assert not queries.passed(author, w.batch)


# ---------------------------------------------------------------- deputies
def test_a_deputy_reviews_in_the_days_named_and_stands_on_the_review(w, paper):
    deputy = give_post(UserFactory(), w.t.health, "branch_committee").user
    day = clock.today()
    after.set_deputy(
        by=w.c.secretary,
        principal=w.c.secretary,
        deputy=deputy,
        from_date=day,
        to_date=day + dt.timedelta(days=3),
        reason="外出学习",
    )
    assert list(SelfAnalysis.objects.reviewable_by(deputy)) == [paper]
    made = actions.review(by=deputy, paper=paper, number=1, verdict="pass")
    assert made.for_principal == w.c.secretary
    later = type(deputy).objects.get(pk=deputy.pk)
    with clock.freeze(day + dt.timedelta(days=4)):
        assert not SelfAnalysis.objects.reviewable_by(later)


def test_a_deputy_never_reviews_his_own_paper(w, paper):
    day = clock.today()
    given = {"from_date": day, "to_date": day, "reason": "病假"}
    after.set_deputy(by=w.c.office, principal=w.c.secretary, deputy=w.c.member, **given)
    assert not SelfAnalysis.objects.reviewable_by(w.c.member)


def test_a_deputy_ends_today(w):
    day = clock.today()
    made = after.set_deputy(
        by=w.c.office,
        principal=w.c.secretary,
        deputy=w.c.branch,
        from_date=day - dt.timedelta(days=2),
        to_date=day,
        reason="出差",
    )
    after.end_deputy(by=w.c.office, deputy=made)
    made.refresh_from_db()
    assert made.to_date == day - dt.timedelta(days=1)
    with pytest.raises(after.NotAfterAll):
        after.set_deputy(by=w.c.office, principal=w.c.branch, deputy=w.c.branch, from_date=day, to_date=day, reason="x")


# ---------------------------------------------------------------- who sees it (decision 20)
def test_who_may_know_of_a_paper(w, paper):
    seen = {
        name for name, user in vars(w.c).items() if SelfAnalysis.objects.visible_to(user).filter(pk=paper.pk).exists()
    }
    assert seen == {"office", "secretary", "branch", "committee", "member"}


def test_a_reading_of_another_is_on_record_and_ones_own_is_not(w, paper):
    actions.record_reading(by=w.c.member, paper=paper)
    actions.record_reading(by=w.c.branch, paper=paper)
    found = AuditEntry.objects.filter(action="paper.read").values_list("actor_id", flat=True)
    assert list(found) == [w.c.branch.pk]


# ---------------------------------------------------------------- notice (F-08)
def test_a_passed_paper_is_put_on_notice_once(w, paper):
    with pytest.raises(actions.PaperMoved):
        after.notice_paper(by=w.c.branch, paper=paper, scope="branch", days=5)
    actions.review(by=w.c.secretary, paper=paper, number=1, verdict="pass")
    notice = after.notice_paper(by=w.c.branch, paper=again(paper), scope="branch", days=5, place="公示栏")
    assert (notice.ends_on - notice.starts_on).days == 4
    assert "公示栏" in notice.text
    assert paper.text[:10] not in notice.text
    with pytest.raises(after.NoticeGiven):
        after.notice_paper(by=w.c.branch, paper=again(paper), scope="branch", days=5)
    after.note_opinion(by=w.c.branch, paper=paper, text="写得实在")
    assert paper.opinions.get().text == "写得实在"


# ---------------------------------------------------------------- counts, gate
def test_counts_of_a_unit_without_names(w, author, paper):
    Member.objects.filter(pk=w.t.members["Z004"][0].pk).update(retired=True)
    drafted(w, w.t.members["Z004"][1], by=w.c.secretary)
    places, total = queries.tallies(w.batch, w.playbook.analysis, w.t.health)
    assert [(t.organization.code, t.waiting, t.writing, t.missing, t.exempt) for t in places] == [
        ("Z003", 1, 0, 2, 0),
        ("Z004", 0, 1, 1, 1),
    ]
    assert (total.members, total.asked) == (6, 5)


def test_the_tool_and_the_gate_count_who_has_passed(w, author, paper):
    Member.objects.filter(pk=w.t.members["Z004"][0].pk).update(retired=True)
    actions.review(by=w.c.secretary, paper=paper, number=1, verdict="pass")
    evidence = evidence_of(w.p.health)
    done = self_analysis(evidence, None).members
    assert done == {author.pk, w.t.members["Z004"][0].pk}
    [finding] = self_analyses(evidence, Check("self_analyses"))
    assert (finding.passed, finding.missing_count) == (False, 4)
    assert author.name not in finding.missing
    [finding] = self_analyses_rechecked(evidence, Check("self_analyses_rechecked"))
    assert finding.missing_count == 5


def test_an_organisations_analysis_counts_once_it_is_finished(w):
    paper = after.organization_paper_for(w.t.health, w.batch)
    with pytest.raises(actions.SectionMissing):
        after.finish_organization_paper(by=w.c.secretary, paper=paper)
    after.save_organization_draft(by=w.c.secretary, paper=paper, text="存在问题", revision=0)
    with pytest.raises(actions.DraftMoved):
        after.save_organization_draft(by=w.c.secretary, paper=paper, text="另一份", revision=0)
    assert organization_analysis(evidence_of(w.p.health), None).organizations == {}
    after.finish_organization_paper(by=w.c.secretary, paper=paper)
    assert organization_analysis(evidence_of(w.p.health), None).organizations == {w.t.health.pk: 1}
    paper.refresh_from_db()
    after.notice_organization_paper(by=w.c.secretary, paper=paper, scope="unit", days=7)
    with pytest.raises(actions.PaperMoved):
        after.reopen_organization_paper(by=w.c.secretary, paper=paper)
