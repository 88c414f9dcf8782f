"""Groups give posts while they last; gaps and overlaps are shown."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry
from accounts.tests.factories import UserFactory
from campaign.models import Participation
from supervision import actions
from supervision.models import GroupMember, SupervisionGroup
from supervision.tests.factories import make_supervised_world
from units import access
from units.models import Post
from units.roles import Right

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def posts_of(user):
    return set(
        Post.objects.current(clock.today())
        .filter(user=user, role="supervisor")
        .values_list("organization__code", flat=True)
    )


def began_earlier(days=3):
    Post.objects.filter(source__startswith="assignment:").update(from_date=clock.today() - dt.timedelta(days=days))


def test_members_before_and_after_the_assignment_get_posts(w):
    assert posts_of(w.c.guide) == {"Z001", "G01", "C01"}
    late = UserFactory(name="新来的")
    actions.add_member(by=w.c.office, group=w.group, user=late)
    assert posts_of(late) == {"Z001", "G01", "C01"}
    assert access.has(late, Right.REVIEW, w.t.health_1)


def test_unassigning_ends_posts_yesterday_and_deletes_those_of_today(w):
    health = w.group.assignments.get(organization=w.t.health)
    began_earlier()
    fresh_one = UserFactory()
    actions.add_member(by=w.c.office, group=w.group, user=fresh_one)
    actions.unassign(by=w.c.office, assignment=health)
    assert posts_of(w.c.guide) == posts_of(fresh_one) == {"Z001", "G01"}
    ended = Post.objects.get(user=w.c.guide, organization=w.t.health)
    assert ended.to_date == clock.today() - dt.timedelta(days=1)
    assert not Post.objects.filter(user=fresh_one, organization=w.t.health).exists()
    with pytest.raises(actions.GroupRefused):
        actions.unassign(by=w.c.office, assignment=health)


def test_a_member_who_leaves_loses_the_posts_and_can_come_back(w):
    member = w.group.members.get(user=w.c.guide)
    began_earlier()
    actions.end_member(by=w.c.office, member=member)
    assert posts_of(w.c.guide) == set() and posts_of(w.c.guide_2) == {"Z001", "G01", "C01"}
    with pytest.raises(actions.GroupRefused):
        actions.end_member(by=w.c.office, member=member)
    actions.add_member(by=w.c.office, group=w.group, user=w.c.guide)
    assert posts_of(w.c.guide) == {"Z001", "G01", "C01"}


def test_posts_of_other_sources_are_left_alone(w):
    own = Post.objects.filter(user=w.c.supervisor).count()
    actions.add_member(by=w.c.office, group=w.group, user=w.c.supervisor)
    for assignment in list(w.group.assignments.all()):
        actions.unassign(by=w.c.office, assignment=assignment)
    assert Post.objects.filter(user=w.c.supervisor).count() == own


def test_names_members_and_assignments_are_not_doubled(w):
    with pytest.raises(actions.GroupRefused):
        actions.create_group(by=w.c.office, campaign=w.batch.campaign, name=w.group.name)
    with pytest.raises(actions.GroupRefused):
        actions.add_member(by=w.c.office, group=w.group, user=w.c.guide)
    with pytest.raises(actions.GroupRefused):
        actions.assign(by=w.c.office, group=w.group, organization=w.t.health)


def test_everything_is_audited(w):
    actions.end_member(by=w.c.office, member=w.group.members.get(user=w.c.guide))
    actions.unassign(by=w.c.office, assignment=w.group.assignments.first())
    codes = set(AuditEntry.objects.filter(action__startswith="group.").values_list("action", flat=True))
    assert codes == {"group.created", "group.member_added", "group.member_ended", "group.assigned", "group.unassigned"}


# ---------------------------------------------------------------- pages
def get(client, user, name, *args):
    client.force_login(user)
    return client.get(reverse(f"supervision:{name}", args=args))


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"supervision:{name}", args=args), data)


def test_gaps_and_overlaps(client, w):
    other = actions.create_group(by=w.c.office, campaign=w.batch.campaign, name="第四督导组")
    actions.assign(by=w.c.office, group=other, organization=w.t.health)
    actions.unassign(by=w.c.office, assignment=w.group.assignments.get(organization=w.t.archives))
    coverage = get(client, w.c.office, "groups").context["coverage"]
    assert [p.pk for p in coverage.gaps] == [w.p.archives.pk]
    assert [(p.pk, {g.name for g in groups}) for p, groups in coverage.overlaps] == [
        (w.p.health.pk, {"第三督导组", "第四督导组"})
    ]


def test_the_office_assigns_gaps_from_the_list(client, w):
    for assignment in w.group.assignments.all():
        actions.unassign(by=w.c.office, assignment=assignment)
    response = post(client, w.c.office, "groups_assign", group=w.group.pk, organizations=[w.t.health.pk, w.t.court.pk])
    assert response.status_code == 302 and posts_of(w.c.guide) == {"C01", "G01"}
    assert post(client, w.c.office, "groups_assign", group=w.group.pk).status_code == 302
    assert posts_of(w.c.guide) == {"C01", "G01"}


def test_setting_up_a_group_and_its_members(client, w):
    post(client, w.c.office, "group_new", name="第五督导组", kind="guidance")
    group = SupervisionGroup.objects.get(name="第五督导组")
    response = post(client, w.c.office, "group_new", name="第五督导组", kind="guidance")
    assert "name" in response.context["form"].errors
    UserFactory(username="same1", name="重名")
    UserFactory(username="same2", name="重名")
    response = post(client, w.c.office, "group", group.pk, who="重名")
    assert response.status_code == 422 and "same1" in response.content.decode()
    assert post(client, w.c.office, "group", group.pk, who="没有这人").status_code == 422
    post(client, w.c.office, "group", group.pk, who="same1", head="on")
    assert GroupMember.objects.get(group=group).head


@pytest.mark.parametrize(("who", "see", "manage"), [
    ("office", 200, 200), ("general", 200, 200), ("guide", 200, 403), ("branch", 200, 403), ("outsider", 404, 404),
])  # fmt: skip
def test_all_see_who_covers_whom_and_the_office_changes_it(client, w, who, see, manage):
    user = getattr(w.c, who)
    assert get(client, user, "group", w.group.pk).status_code == see
    assert get(client, user, "group_new").status_code == manage
    assert get(client, user, "groups").status_code == 200
    member, assignment = w.group.members.first(), w.group.assignments.first()
    refused = {200: 302}.get(manage, manage)
    assert post(client, user, "group_member_end", w.group.pk, member.pk).status_code == refused
    assert post(client, user, "group_unassign", w.group.pk, assignment.pk).status_code == refused


def test_assigning_without_the_right_is_refused(client, w):
    extra = Participation.objects.get(pk=w.p.health.pk).organization
    actions.unassign(by=w.c.office, assignment=w.group.assignments.get(organization=extra))
    began = posts_of(w.c.guide)
    response = post(client, w.c.secretary, "groups_assign", group=w.group.pk, organizations=[extra.pk])
    assert response.status_code == 403 and posts_of(w.c.guide) == began


def test_the_list_asks_as_often_for_three_groups_as_for_one(client, w):
    def count():
        client.force_login(w.c.office)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("supervision:groups")).status_code == 200
        return len(captured)

    count()
    one = count()
    for name in ("甲组", "乙组"):
        group = actions.create_group(by=w.c.office, campaign=w.batch.campaign, name=name)
        actions.add_member(by=w.c.office, group=group, user=w.c.general)
        actions.assign(by=w.c.office, group=group, organization=w.t.health)
    assert count() == one
