"""Liaison points of leaders: set up once a batch, visited, reminded of their duties (R-01..R-08, decision 14)."""

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from campaign import dossier, todo
from campaign.models import Batch
from campaign.tests.factories import make_world, record
from supervision.actions import liaison
from supervision.models import LiaisonContact, LiaisonLeader, LiaisonPoint, LiaisonVisit
from supervision.queries import liaison as queries
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


@pytest.fixture
def w():
    """Cuiping's playbook: three duties, each month."""
    return make_world(playbook="cuiping-district")


def leader(w, name="江自立", post="县委副书记", user=None):
    return liaison.add_leader(
        by=w.c.office, campaign=w.batch.campaign, data=liaison.LeaderData(name=name, post=post, user=user)
    )


def point(w, organization=None, who=None, days_ago=10, **data):
    place = liaison.PointData(organization=organization or w.t.health, **data)
    since = clock.today() - dt.timedelta(days=days_ago)
    return liaison.set_point(by=w.c.office, leader=who or leader(w), batch=w.batch, data=place, from_date=since)


def visit(w, where, by=None, **data):
    given = {"held_on": clock.today(), "what": "research", "topic": "到基层调研", **data}
    return liaison.note_visit(by=by or w.c.office, point=where, data=liaison.VisitData(**given))


def again(user):
    return type(user).objects.get(pk=user.pk)


def due(user):
    return [row.count for row in todo.gather(again(user)) if row.menu == "supervision:liaison"]


# ---------------------------------------------------------------- one a leader and batch
def test_a_leader_has_one_point_in_a_batch_and_is_told_which(w):
    who = leader(w)
    point(w, who=who)
    with pytest.raises(liaison.LiaisonRefused) as refusal:
        point(w, w.t.court, who=who)
    assert "县卫生局党委" in str(refusal.value)
    assert LiaisonPoint.objects.count() == 1


def test_the_database_itself_keeps_one_point_a_leader_and_batch(w):
    first = point(w)
    with pytest.raises(IntegrityError), transaction.atomic():
        LiaisonPoint.objects.create(leader=first.leader, batch=w.batch, organization=w.t.court)
    LiaisonPoint.objects.create(leader=first.leader, batch=w.batch, organization=w.t.court, kind="also")
    window = {"starts_on": clock.today(), "ends_on": clock.today()}
    second = Batch.objects.create(campaign=w.batch.campaign, number=2, name="第二批", **window)
    LiaisonPoint.objects.create(leader=first.leader, batch=second, organization=w.t.court)
    assert first.leader.points.count() == 3


def test_what_he_contacts_besides_counts_too_and_is_named_nowhere_else(w):
    who = leader(w)
    point(w, who=who)
    also = point(w, w.t.court, who=who, kind="also")
    named = liaison.PointData(kind="also", what="household", named="赵大山")
    home = liaison.set_point(by=w.c.office, leader=who, batch=w.batch, data=named, from_date=clock.today())
    assert who.points.current().count() == 3
    assert home.label == "赵大山"
    assert not AuditEntry.objects.filter(object_label__contains="赵大山").exists()
    assert not LiaisonPoint.objects.visible_to(w.c.secretary).filter(pk__in=[also.pk, home.pk]).exists()
    assert LiaisonPoint.objects.visible_to(w.c.office).filter(pk=home.pk).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT named FROM supervision_liaisonpoint WHERE id = %s", [home.pk])
        assert "赵" not in cursor.fetchone()[0]


def test_a_point_is_replaced_from_a_day_and_its_history_stays(w, django_capture_on_commit_callbacks):
    first = point(w)
    with django_capture_on_commit_callbacks(execute=True):
        second = liaison.end_point(
            by=w.c.office, point=first, on=clock.today(), reason="机构调整", successor=w.t.archives
        )
    first.refresh_from_db()
    assert (first.to_date, first.end_reason) == (clock.today(), "机构调整")
    assert (second.organization, second.leader, second.to_date) == (w.t.archives, first.leader, None)
    assert Notification.objects.filter(user__in=[w.c.secretary, w.c.archives]).count() == 2


def test_of_two_who_end_a_point_one_is_told_it_is_over(w):
    where = point(w)
    mine, theirs = (LiaisonPoint.objects.get(pk=where.pk) for _ in range(2))
    liaison.end_point(by=w.c.office, point=mine, on=clock.today(), reason="调整")
    for late in (
        lambda: liaison.end_point(by=w.c.general, point=theirs, on=clock.today(), reason="调整"),
        lambda: visit(w, theirs),
        lambda: liaison.note_contact(by=w.c.secretary, point=theirs, duty="report", held_on=clock.today(), text="好"),
        lambda: liaison.make_model(by=w.c.office, point=theirs, on=clock.today(), reason="好"),
    ):
        with pytest.raises(liaison.LiaisonRefused):
            late()
    assert AuditEntry.objects.filter(action="liaison.ended").count() == 1
    assert not LiaisonVisit.objects.exists()


def test_a_point_does_not_end_before_it_began(w):
    where = point(w, days_ago=0)
    with pytest.raises(liaison.LiaisonRefused):
        liaison.end_point(by=w.c.office, point=where, on=clock.today() - dt.timedelta(days=1), reason="调整")


def test_a_leader_leaves_only_when_his_points_have_ended(w):
    where = point(w)
    gone = liaison.LeaderData(name="江自立", post="县委副书记", left_on=clock.today())
    with pytest.raises(liaison.LiaisonRefused):
        liaison.change_leader(by=w.c.office, leader=where.leader, data=gone)
    liaison.end_point(by=w.c.office, point=where, on=clock.today(), reason="调离")
    liaison.change_leader(by=w.c.office, leader=where.leader, data=gone)
    with pytest.raises(liaison.LiaisonRefused):
        point(w, who=where.leader)
    leader(w)  # the name and post are free again


def test_the_same_leader_is_not_listed_twice(w):
    leader(w)
    with pytest.raises(liaison.LiaisonRefused):
        leader(w)
    assert LiaisonLeader.objects.count() == 1


# ---------------------------------------------------------------- what waits
def test_a_point_is_reminded_until_its_three_duties_of_the_month_are_done(w):
    where = point(w)
    assert due(w.c.secretary) == [1]
    for duty in ("report", "supervision"):
        liaison.note_contact(by=w.c.secretary, point=where, duty=duty, held_on=clock.today(), text="已汇报")
    last_month = clock.today().replace(day=1) - dt.timedelta(days=1)
    liaison.note_contact(by=w.c.secretary, point=where, duty="office", held_on=last_month, text="上月")
    assert due(w.c.secretary) == [1]
    signs = queries.signs_of([where], queries.duties_of(w.playbook))[where.pk]
    assert [(sign.duty.key, sign.times, sign.done) for sign in signs] == [
        ("report", 1, True),
        ("supervision", 1, True),
        ("office", 1, False),
    ]
    liaison.note_contact(by=w.c.secretary, point=where, duty="office", held_on=clock.today(), text="本月")
    assert due(w.c.secretary) == []
    assert due(w.c.archives) == []


def test_the_lecture_is_a_duty_that_a_visit_does_once_and_for_all():
    w = make_world(playbook="yibin-city")
    where = point(w)
    assert due(w.c.secretary) == [1]
    visit(w, where)
    assert due(w.c.secretary) == [1]
    visit(w, where, what="lecture", held_on=clock.today() - dt.timedelta(days=90))
    assert due(w.c.secretary) == []
    (sign,) = queries.signs_of([where], queries.duties_of(w.playbook))[where.pk]
    assert sign.once
    assert sign.done


def test_a_leader_is_reminded_of_a_point_he_has_never_been_to(w):
    account = user_with("leading_group_head", w.t.county, "jiang", "江自立")
    where = point(w, who=leader(w, user=account))
    assert due(account) == [1]
    visit(w, where)
    assert due(account) == []


def test_a_playbook_without_duties_asks_nothing():
    w = make_world(playbook="xingwen-county")
    point(w)
    assert due(w.c.secretary) == []


# ---------------------------------------------------------------- pages
def test_the_office_names_a_leader_and_sets_up_his_point(client, w, django_capture_on_commit_callbacks):
    client.force_login(w.c.office)
    client.post(reverse("supervision:liaison_leader_new"), {"name": "江自立", "post": "县委副书记", "user": "leader"})
    who = LiaisonLeader.objects.get()
    assert who.user == w.c.leader
    given = {"leader": who.pk, "batch": w.batch.pk, "kind": "point", "what": "organization"}
    given |= {"organization": "县卫生局党委", "from_date": clock.today().isoformat(), "named": ""}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(reverse("supervision:liaison_point_new"), given).status_code == 302
    assert LiaisonPoint.objects.get().organization == w.t.health
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"leader", "secretary"}


def test_a_form_that_lacks_something_says_so_and_keeps_what_was_typed(client, w):
    who = leader(w)
    client.force_login(w.c.office)
    url = reverse("supervision:liaison_point_new")
    given = {"leader": who.pk, "batch": w.batch.pk, "from_date": clock.today().isoformat(), "kind": "point"}
    form = client.post(url, {**given, "what": "organization", "organization": ""}).context["form"]
    assert form.errors.keys() == {"organization"}
    form = client.post(url, {**given, "what": "household", "named": "赵大山"}).context["form"]
    assert form.errors.keys() == {"what"}
    assert form["named"].value() == "赵大山"
    point(w, who=who)
    again = client.post(url, {**given, "what": "organization", "organization": "县法院党总支"})
    assert "县卫生局党委" in str(again.context["form"].non_field_errors())


def test_two_leaders_at_one_organisation_are_warned_of_and_listed(client, w):
    point(w)
    other = leader(w, "唐建国", "县长")
    client.force_login(w.c.office)
    given = {"leader": other.pk, "batch": w.batch.pk, "kind": "point", "what": "organization"}
    given |= {"organization": "县卫生局党委", "from_date": clock.today().isoformat()}
    page = client.post(reverse("supervision:liaison_point_new"), given, follow=True)
    assert any("江自立" in str(message) for message in page.context["messages"])
    shown = client.get(reverse("supervision:liaison"))
    assert [row["n"] for row in shown.context["shared"]] == [2]


def test_the_map_shows_the_kind_due_in_each_batch_and_who_has_none(client):
    w = make_world(playbook="xingwen-county")
    point(w)
    leader(w, "唐建国", "县长")
    client.force_login(w.c.office)
    page = client.get(reverse("supervision:liaison"))
    assert [str(column.plan.name) for column in page.context["columns"]] == ["一个县级部门", "一个乡镇", "一个村"]
    cells = [[cell.lacking for cell in row["cells"]] for row in page.context["rows"]]
    assert cells == [[False, False, False], [True, False, False]]
    assert page.context["lacking"] == 1


def test_a_secretary_sees_the_own_point_and_not_the_map(client, w):
    mine, far = point(w), point(w, w.t.court, leader(w, "唐建国", "县长"))
    client.force_login(w.c.secretary)
    page = client.get(reverse("supervision:liaison"))
    assert [row.point for row in page.context["rows"]] == [mine]
    assert client.get(reverse("supervision:liaison_point", args=[far.pk])).status_code == 404
    shown = client.get(reverse("supervision:liaison_point", args=[mine.pk]))
    assert shown.status_code == 200
    assert client.get(reverse("supervision:liaison_point_end", args=[mine.pk])).status_code == 403
    assert client.post(reverse("supervision:liaison_model", args=[mine.pk])).status_code == 403
    client.force_login(w.c.outsider)
    assert client.get(reverse("supervision:liaison")).status_code == 404


def test_the_point_shows_who_answers_for_it_and_what_it_is_to_become(client):
    w = make_world(playbook="xingwen-county")
    client.force_login(w.c.secretary)
    page = client.get(reverse("supervision:liaison_point", args=[point(w).pk])).content.decode()
    assert "第一责任人" in page
    assert "示范点" in page


def test_a_leader_with_no_post_at_all_reads_and_writes_at_his_own_point(client, w):
    account = w.c.outsider
    where = point(w, who=leader(w, user=account))
    other = point(w, w.t.court, leader(w, "唐建国", "县长"))
    client.force_login(account)
    page = client.get(reverse("supervision:liaison"))
    assert [row.point for row in page.context["mine"]] == [where]
    url = reverse("supervision:liaison_visit_new", args=[where.pk])
    given = {"held_on": clock.today().isoformat(), "what": "talk", "topic": "与班子成员谈话"}
    assert client.post(url, given).status_code == 302
    assert client.get(reverse("supervision:liaison_point", args=[where.pk])).status_code == 200
    assert client.get(reverse("supervision:liaison_point", args=[other.pk])).status_code == 404


def test_a_visit_keeps_its_photographs(client, w):
    where = point(w)
    client.force_login(w.c.secretary)
    url = reverse("supervision:liaison_visit_new", args=[where.pk])
    given = {"held_on": clock.today().isoformat(), "what": "research", "topic": "调研", "findings": "学习很实"}
    bad = client.post(url, {**given, "files": [ContentFile(b"MZ", name="a.exe")]})
    assert bad.context["form"].errors.keys() == {"files"}
    client.post(url, {**given, "files": [ContentFile(PNG, name="现场.png")]})
    file = LiaisonVisit.objects.get().files.get()
    link = reverse("supervision:liaison_file", args=[file.pk])
    assert client.get(link)["Content-Type"] == "image/png"
    client.force_login(w.c.archives)
    assert client.get(link).status_code == 404


def test_an_activity_that_the_leader_led_is_linked_and_not_typed_again(client, w):
    where = point(w)
    lecture = record(w, w.t.health_1, by=w.c.branch, days_ago=2, title="先进性党课", led_by="江自立")
    record(w, w.t.health_1, by=w.c.branch, days_ago=2, title="别的活动", led_by="何秀芝")
    client.force_login(w.c.secretary)
    url = reverse("supervision:liaison_visit_new", args=[where.pk])
    assert list(client.get(url).context["form"].fields["activity"].queryset) == [lecture]
    client.post(url, {"activity": lecture.pk, "what": "lecture", "held_on": "", "topic": ""})
    made = LiaisonVisit.objects.get()
    assert (made.topic, made.held_on, made.activity) == ("先进性党课", lecture.held_on, lecture)
    assert "activity" not in client.get(url).context["form"].fields


def test_a_contact_without_words_is_asked_for_them_on_the_same_page(client, w):
    where = point(w)
    client.force_login(w.c.secretary)
    url = reverse("supervision:liaison_contact", args=[where.pk])
    given = {"duty": "report", "held_on": clock.today().isoformat()}
    assert client.post(url, {**given, "text": ""}).context["contact_form"].errors.keys() == {"text"}
    assert client.post(url, {**given, "duty": "gift", "text": "x"}).context["contact_form"].errors.keys() == {"duty"}
    assert client.post(url, {**given, "text": "汇报学习情况"}).status_code == 302
    assert LiaisonContact.objects.get().recorded_by == w.c.secretary
    client.force_login(w.c.supervisor)
    assert client.post(url, {**given, "text": "x"}).status_code == 403


def test_what_was_entered_by_mistake_is_taken_back_and_the_history_keeps_it(client, w):
    where = point(w)
    entered = [visit(w, where, topic="记错了")]
    said = {"duty": "report", "held_on": clock.today(), "text": "记错了"}
    entered.append(liaison.note_contact(by=w.c.secretary, point=where, **said))
    client.force_login(w.c.supervisor)
    urls = [
        reverse("supervision:liaison_visit_remove", args=[entered[0].pk]),
        reverse("supervision:liaison_contact_remove", args=[entered[1].pk]),
    ]
    assert {client.post(url).status_code for url in urls} == {403}
    client.force_login(w.c.secretary)
    assert {client.post(url).status_code for url in urls} == {302}
    assert not LiaisonVisit.objects.exists()
    assert not LiaisonContact.objects.exists()
    kept = [entry.data for entry in AuditEntry.objects.filter(action="liaison.taken_back").order_by("pk")]
    assert [row.get("topic") or row.get("text") for row in kept] == ["记错了", "记错了"]
    with pytest.raises(liaison.LiaisonRefused):
        liaison.take_back(by=w.c.secretary, record=entered[1])


def test_the_office_makes_a_point_a_model_and_takes_it_back(client, w):
    where = point(w)
    client.force_login(w.c.office)
    url = reverse("supervision:liaison_model", args=[where.pk])
    assert client.post(url, {"on": clock.today().isoformat()}).context["model_form"].errors.keys() == {"reason"}
    client.post(url, {"on": clock.today().isoformat(), "reason": "群众满意"})
    where.refresh_from_db()
    assert (where.model_since, where.model_reason) == (clock.today(), "群众满意")
    with pytest.raises(liaison.LiaisonRefused):
        liaison.make_model(by=w.c.office, point=where, on=clock.today(), reason="再一次")
    client.post(url, {"reason": "抽查不实"})
    where.refresh_from_db()
    assert where.model_since is None
    assert AuditEntry.objects.get(action="liaison.no_model").data == {"was": "群众满意", "reason": "抽查不实"}


def test_the_dossier_tells_of_the_point_and_of_visits_in_scope(w):
    where = point(w)
    visit(w, where, topic="到基层调研")
    liaison.make_model(by=w.c.office, point=where, on=clock.today(), reason="群众满意")
    subject = dossier.Subject(w.t.health, w.p.health, w.c.secretary)
    assert len(dossier.events(subject, ["liaison"])) == 3
    assert not dossier.events(dossier.Subject(w.t.court, w.p.court, w.c.office), ["liaison"])


@pytest.mark.parametrize("page", ["map", "list", "mine", "point"])
def test_pages_cost_the_same_for_one_and_three(client, w, page):
    account = user_with("leading_group_head", w.t.county, "jiang", "江自立")
    user = {"mine": account, "list": w.c.office}.get(page, w.c.office)
    client.force_login(user)
    places = [w.t.health, w.t.court, w.t.archives]

    def more(n):
        for _turn in range(n):
            place = places.pop()
            if page == "mine":
                kind = "also" if LiaisonPoint.objects.exists() else "point"
                who = LiaisonLeader.objects.first() or leader(w, user=account)
                made = point(w, place, who, kind=kind)
            else:
                made = point(w, place, leader(w, f"领导{len(places)}"))
            visit(w, LiaisonPoint.objects.order_by("pk").first() if page == "point" else made)

    def cost():
        url = reverse("supervision:liaison") + ("?show=list" if page == "list" else "")
        if page == "point":
            url = reverse("supervision:liaison_point", args=[LiaisonPoint.objects.order_by("pk").first().pk])
        with CaptureQueriesContext(connection) as found:
            assert client.get(url).status_code == 200
        return len(found)

    more(1)
    cost()
    one = cost()
    more(2)
    assert cost() == one
