"""The branch page in its faces, and the study, coverage and marks pages."""

import datetime as dt
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from campaign import actions
from campaign.models import Arrangement, MemberMark, Participation, StageProgress
from campaign.tests.factories import make_world, record
from units.models import Member, Organization
from units.tests.factories import MemberFactory, make_organization, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


@pytest.fixture(params=["branch", "activities", "study", "coverage", "marks"])
def page(request):
    return request.param


def url(name, organization, query=""):
    return reverse(f"campaign:{name}", args=[organization.pk]) + query


def get(client, user, name, organization, query=""):
    client.force_login(user)
    return client.get(url(name, organization, query))


def text(response):
    return response.content.decode()


# ---------------------------------------------------------------- who sees it
def test_seen_from_inside_the_scope(client, w, page):
    for user in (w.c.branch, w.c.committee, w.c.secretary, w.c.supervisor, w.c.office, w.c.leader):
        assert get(client, user, page, w.t.health_1).status_code == 200


def test_hidden_from_outside_the_scope(client, w, page):
    for user in (w.c.archives, w.c.outsider, w.c.sysadmin, w.c.auditor, w.c.member):
        assert get(client, user, page, w.t.health_1).status_code == 404
    assert get(client, w.c.branch, page, w.t.health).status_code == 404


def test_only_the_leading_organisation_is_sent_to_its_weekly_report(client, w):
    def offered(user, organization):
        return f'class="act" href="{reverse("reports:mine")}"' in text(get(client, user, "branch", organization))

    assert offered(w.c.archives, w.t.archives)
    assert offered(w.c.secretary, w.t.health)
    assert not offered(w.c.branch, w.t.health_1)


def test_who_cannot_record_gets_no_buttons(client, w):
    new = url("activity_new", w.t.health_1)
    assert new in text(get(client, w.c.branch, "branch", w.t.health_1))
    for user in (w.c.supervisor, w.c.office):
        assert new not in text(get(client, user, "branch", w.t.health_1))
        assert new not in text(get(client, user, "activities", w.t.health_1))


# ---------------------------------------------------------------- faces of the page
def test_under_way_it_says_what_is_short_and_who(client, w):
    record(w, w.t.health_1, action="tradition_education", people=w.t.members["Z003"])
    body = text(get(client, w.c.branch, "branch", w.t.health_1))
    assert "学习动员阶段" in body and "还剩" in body
    assert "自己讲体会：0 / 3 人" in body and w.t.members["Z003"][0].name in body
    assert w.t.members["Z004"][0].name not in body
    assert f"{url('activity_new', w.t.health_1)}?action=situation_education" in body
    assert w.t.health.name in body  # who applies


def test_attendance_that_is_missing_is_the_one_main_action(client, w):
    activity = record(w, w.t.health_1, hours=Decimal(2), title="晚自学")
    response = get(client, w.c.branch, "branch", w.t.health_1)
    assert response.context["call_over"] == activity
    assert text(response).count("act-main") == 1


def test_an_overrun_is_shown_and_moves_nothing(client, w):
    past = clock.today() - dt.timedelta(days=28)
    StageProgress.objects.filter(participation=w.p.health, state="current").update(
        planned_start=past - dt.timedelta(days=40), planned_end=past
    )
    body = text(get(client, w.c.branch, "branch", w.t.health_1))
    assert "超期" in body and "28" in body and "不会自动转段" in body
    assert w.p.health.progress.get(state="current").stage == w.playbook.stages[0].key


@pytest.mark.parametrize(("state", "words"), [("preparing", "还没有开始"), ("closed", "已经结束")])
def test_before_and_after(client, w, page, state, words):
    Participation.objects.filter(pk=w.p.health.pk).update(state=state)
    response = get(client, w.c.branch, page, w.t.health_1)
    assert response.status_code == 200
    if page != "activities":  # what was recorded can still be read
        assert words in text(response)


def test_an_organisation_that_takes_no_part_says_what_comes_next(client, w, page):
    response = get(client, w.c.office, page, w.t.work)
    assert response.status_code == 200
    if page != "activities":
        assert "没有参加" in text(response)


def test_all_stages_completed(client, w, page):
    keys = [s.key for s in w.playbook.stages]
    for here, following in zip(keys, [*keys[1:], None], strict=True):
        actions.move_stage(by=w.c.office, participation=w.p.health, expected=here, target=following)
    response = get(client, w.c.secretary, page, w.t.health)
    assert response.status_code == 200
    if page == "branch":
        assert "各阶段都已完成" in text(response) and "回头看" in text(response)


def test_without_stages(client, w, page):
    special = actions.add_participation(by=w.c.office, batch=w.batch, organization=w.t.health_1, staged=False)
    actions.start(by=w.c.office, participation=special)
    response = get(client, w.c.branch, page, w.t.health_1)
    assert response.status_code == 200
    if page == "branch":
        assert "不分阶段" in text(response)


def test_a_playbook_without_study_rules(client, page):
    w = make_world(playbook="xingwen-county")
    response = get(client, w.c.branch, page, w.t.health_1)
    assert response.status_code == 200
    if page == "study":
        assert "没有规定学时" in text(response)
    if page == "coverage":
        assert "没有覆盖要求" in text(response)


def test_a_committee_sees_its_branches_with_most_to_do_first(client, w):
    record(w, w.t.health_1, action="tradition_education")
    response = get(client, w.c.secretary, "branch", w.t.health)
    rows = response.context["board"].branches
    assert [row.organization.pk for row in rows] == [w.t.health_2.pk, w.t.health_1.pk]
    assert rows[1].done == 1 and rows[1].needed == rows[0].needed and rows[1].last == clock.today() - dt.timedelta(1)
    assert rows[0].last is None and rows[0].next_step is not None


def test_lately_recorded_is_newest_first(client, w):
    for n in (3, 1, 2):
        record(w, w.t.health_1, days_ago=n, title=f"{n}天前")
    assert [a.title for a in get(client, w.c.branch, "branch", w.t.health_1).context["recent"]] == [
        "1天前",
        "2天前",
        "3天前",
    ]


def count(client, user, name, organization):
    client.force_login(user)
    client.get(url(name, organization))
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url(name, organization)).status_code == 200
    return len(queries)


def test_queries_do_not_grow_from_two_branches_to_six(client, w, page):
    for branch in (w.t.health_1, w.t.health_2):
        record(w, branch, hours=Decimal(2), people=branch.members.all(), action="study_training")
    few = count(client, w.c.secretary, page, w.t.health)
    for n in range(4):
        branch = make_organization(f"县卫生局第{n + 3}党支部", Organization.Kind.BRANCH, w.t.health)
        people = MemberFactory.create_batch(2, organization=branch)
        record(w, branch, hours=Decimal(2), people=people, action="study_training")
    assert count(client, w.c.secretary, page, w.t.health) == few


# ---------------------------------------------------------------- study and coverage
def test_study_shows_hours_what_is_short_and_what_does_not_count(client, w):
    a, b, c = w.t.members["Z003"]
    record(w, w.t.health_1, hours=Decimal("2.5"), people=[a])
    record(w, w.t.health_1, hours=Decimal(1), people=[a, b], title="太短的读报")
    Arrangement.objects.create(member=c, batch=w.batch, reason="住院", arrangement="送学", approved_on=clock.today())
    response = get(client, w.c.branch, "study", w.t.health_1)
    rows = response.context["page"].object_list
    assert [(row.member.id, row.hours) for row in rows] == [(b.pk, 0), (a.pk, Decimal("2.5"))]
    assert [row.member.id for row in response.context["arranged"]] == [c.pk]
    body = text(response)
    assert "太短的读报" in body and "42.5 学时" in body
    assert 'width="2.5"' in body and "style=" not in body


def test_study_filters_by_branch_and_by_who_is_short(client, w):
    record(w, w.t.health_1, hours=Decimal(6), people=w.t.members["Z003"], concentrated=True)
    query = f"?branch={w.t.health_2.pk}"
    rows = get(client, w.c.secretary, "study", w.t.health, query).context["page"].object_list
    assert {row.member.organization_id for row in rows} == {w.t.health_2.pk}
    assert get(client, w.c.secretary, "study", w.t.health, "?short=1").context["page"].paginator.count == 6
    assert get(client, w.c.secretary, "study", w.t.health, "?branch=abc&page=zz").status_code == 200


def test_coverage_names_who_is_not_reached(client, w):
    record(w, w.t.health, action="mobilisation", people=w.t.members["Z003"])
    response = get(client, w.c.secretary, "coverage", w.t.health)
    row = response.context["rows"][0]
    assert (row.reached, row.base) == (3, 6)
    assert row.missing == ((w.t.health_2.name, tuple(m.name for m in w.t.members["Z004"])),)
    assert "50.0%" in text(response)


# ---------------------------------------------------------------- marks
def post_marks(client, user, organization, action, **data):
    client.force_login(user)
    return client.post(url("marks", organization, f"?action={action}"), {"done_on": clock.today().isoformat(), **data})


def test_mark_many_at_once_and_take_back(client, w):
    people = w.t.members["Z003"]
    response = post_marks(client, w.c.branch, w.t.health_1, "own_talk", members=[m.pk for m in people[:2]])
    assert response.status_code == 302
    assert set(MemberMark.objects.values_list("member_id", flat=True)) == {m.pk for m in people[:2]}
    post_marks(client, w.c.branch, w.t.health_1, "own_talk", members=[people[0].pk], unmark="1")
    assert MemberMark.objects.get().member == people[1]


def test_a_test_carries_scores(client, w):
    a, b, _c = w.t.members["Z003"]
    post_marks(
        client,
        w.c.branch,
        w.t.health_1,
        "study_check",
        members=[a.pk, b.pk],
        **{f"score-{a.pk}": "92.5", f"score-{b.pk}": ""},
    )
    assert dict(MemberMark.objects.values_list("member_id", "score")) == {a.pk: Decimal("92.5"), b.pk: None}


@pytest.mark.parametrize("raw", ["abc", "-1", "1001", "92.55", "NaN", "Infinity", "1e9"])
def test_a_score_that_is_none_is_refused_and_stays_on_the_page(client, w, raw):
    a = w.t.members["Z003"][0]
    response = post_marks(client, w.c.branch, w.t.health_1, "study_check", members=[a.pk], **{f"score-{a.pk}": raw})
    assert response.status_code == 200 and a.name in response.context["form"].non_field_errors()[0]
    assert response.context["scores"][a.pk] == raw and not MemberMark.objects.exists()


@pytest.mark.parametrize("days", [1, -400])
def test_a_mark_is_neither_of_tomorrow_nor_of_before_the_batch(client, w, days):
    day = (clock.today() + dt.timedelta(days=days)).isoformat()
    response = post_marks(
        client, w.c.branch, w.t.health_1, "own_talk", members=[w.t.members["Z003"][0].pk], done_on=day
    )
    assert response.context["form"].errors["done_on"] and not MemberMark.objects.exists()


def test_nobody_chosen_is_said(client, w):
    response = post_marks(client, w.c.branch, w.t.health_1, "own_talk")
    assert response.context["form"].errors["members"]


def test_a_member_of_another_branch_cannot_be_marked(client, w):
    other = w.t.members["Z004"][0]
    response = post_marks(client, w.c.branch, w.t.health_1, "own_talk", members=[other.pk])
    assert response.context["form"].errors["members"] and not MemberMark.objects.exists()
    actions.mark_members(
        by=w.c.office,
        batch=w.batch,
        organization=w.t.health_2,
        action="own_talk",
        members=[other],
        done_on=clock.today(),
    )
    post_marks(client, w.c.branch, w.t.health_1, "own_talk", members=[other.pk], unmark="1")
    assert MemberMark.objects.count() == 1


def test_who_may_look_but_not_record_cannot_mark(client, w):
    for user in (w.c.supervisor, w.c.office):
        response = post_marks(client, user, w.t.health_1, "own_talk", members=[w.t.members["Z003"][0].pk])
        assert response.status_code == 403
    assert not MemberMark.objects.exists()


def test_an_action_that_is_none_is_not_found(client, w):
    assert get(client, w.c.branch, "marks", w.t.health_1, "?action=no_such").status_code == 404
    assert get(client, w.c.branch, "marks", w.t.health_1, "?action=forum").status_code == 404


def test_a_completed_stage_can_be_read_but_not_marked(client, w):
    first, second = (s.key for s in w.playbook.stages[:2])
    actions.move_stage(by=w.c.office, participation=w.p.health, expected=first, target=second)
    response = get(client, w.c.branch, "marks", w.t.health_1, "?action=own_talk")
    assert response.status_code == 200 and not response.context["may_mark"]
    member = w.t.members["Z003"][0].pk
    assert post_marks(client, w.c.branch, w.t.health_1, "own_talk", members=[member]).status_code == 403


def test_one_who_joined_since_can_be_marked_and_is_not_counted(client, w):
    new = MemberFactory(organization=w.t.health_1, name="新来的")
    response = get(client, w.c.branch, "marks", w.t.health_1, "?action=own_talk")
    assert [row.id for row in response.context["page"].object_list if row.joined_since] == [new.pk]
    assert response.context["step"].need == 3
    assert post_marks(client, w.c.branch, w.t.health_1, "own_talk", members=[new.pk]).status_code == 302


def test_an_action_of_leaders_concerns_leaders(client, w):
    leader = w.t.members["Z003"][0]
    Member.objects.filter(pk=leader.pk).update(post_level="leader")
    response = get(client, w.c.branch, "marks", w.t.health_1, "?action=classics_essay")
    assert [row.id for row in response.context["page"].object_list] == [leader.pk]


def test_english_reads_english(client, w):
    user = user_with("branch_secretary", w.t.health_2)
    client.force_login(user)
    client.cookies["django_language"] = "en"
    body = text(client.get(url("branch", w.t.health_2)))
    assert "Required actions of this stage" in body and "Study and mobilisation" in body


def test_whatever_a_branch_works_on_is_one_tap_away(client, w):
    shown = text(get(client, w.c.branch, "branch", w.t.health_1))
    for name in (
        "talks",
        "opinions",
        "rectification",
        "plans",
        "notices",
        "standing_rules",
        "model_deeds",
        "preparation",
        "documents",
    ):
        assert f'href="{url(name, w.t.health_1)}"' in shown
    for name in ("papers", "appraisals", "lookbacks", "knowledge"):
        assert f'href="{reverse(f"assessments:{name}", args=[w.t.health_1.pk])}"' in shown
    assert 'class="tools"' not in text(get(client, w.c.leader, "branch", w.t.health_1))  # who only looks on
