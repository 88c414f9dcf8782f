"""Visits of supervision groups: planned, told to the unit, made, written down, called off (M-01, M-08, M-12)."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from campaign import dossier, todo
from supervision import actions as room
from supervision import visiting
from supervision.actions import visits
from supervision.models import Visit, VisitFile
from supervision.tests.factories import fresh, make_supervised_world
from units.tests.factories import give_post, user_with

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


@pytest.fixture
def w():
    return make_supervised_world()


def plan_of(organization, days=2, **kwargs):
    given = {
        "purpose": "看学习笔记和心得",
        "goers": "梁志远",
        "planned_on": clock.today() + dt.timedelta(days),
        **kwargs,
    }
    return visits.VisitPlan(organization=organization, **given)


def log_of(**kwargs):
    given = {
        "held_on": clock.today(),
        "findings": "学习记录齐全。",
        "suggestions": "1. 补两次讨论\n2. 公开承诺",
        **kwargs,
    }
    return visits.VisitLog(**given)


def planned(w, name="health", organization=None, by=None, sender=None, **kwargs):
    participation = fresh(getattr(w.p, name))
    return visits.plan_visit(
        by=by or w.c.guide,
        participation=participation,
        plan=plan_of(organization or participation.organization, **kwargs),
        sender=sender or visiting.Sender(w.group),
    )


def made(w, name="health", **kwargs):
    participation = fresh(getattr(w.p, name))
    return visits.record_visit(
        by=w.c.guide,
        participation=participation,
        plan=plan_of(participation.organization, 0),
        log=log_of(**kwargs),
        sender=visiting.Sender(w.group),
    )


def again(user):
    return User.objects.get(pk=user.pk)


def waits(user, url_name="supervision:visits"):
    return {str(one.title): one.count for one in todo.gather(again(user)) if one.url.startswith(reverse(url_name))}


# ---------------------------------------------------------------- plan
def test_a_member_of_the_group_plans_and_the_secretary_is_told(client, w, django_capture_on_commit_callbacks):
    client.force_login(w.c.guide)
    url = reverse("supervision:visit_new", args=[w.p.health.pk])
    form = client.get(url).context["form"]
    assert form.initial["goers"] == str(w.c.guide)
    day = clock.today() + dt.timedelta(days=3)
    sent = {
        "group": w.group.pk, "organization": w.t.health_1.pk, "way": "spot", "planned_on": day.isoformat(),
        "purpose": "听两个支部的讨论", "goers": "梁志远、宋玉兰",
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url, sent)
    visit = Visit.objects.get()
    assert answer.url == reverse("supervision:visit", args=[visit.pk])
    assert (visit.organization, visit.group, visit.state) == (w.t.health_1, w.group, "planned")
    told = set(Notification.objects.filter(url=answer.url).values_list("user__username", flat=True))
    assert {w.c.secretary.username, w.c.branch.username} <= told
    assert w.c.guide.username not in told
    assert AuditEntry.objects.filter(action="visit.planned", object_id=str(visit.pk)).count() == 1


def test_a_plan_in_the_past_or_elsewhere_is_refused_and_keeps_what_was_typed(client, w):
    client.force_login(w.c.guide)
    url = reverse("supervision:visit_new", args=[w.p.health.pk])
    yesterday = (clock.today() - dt.timedelta(days=1)).isoformat()
    sent = {"group": w.group.pk, "organization": w.t.court.pk, "way": "spot", "planned_on": yesterday, "goers": "梁"}
    form = client.post(url, {**sent, "purpose": "看材料"}).context["form"]
    assert set(form.errors) == {"organization", "planned_on"}
    assert form["purpose"].value() == "看材料"
    with pytest.raises(visits.VisitRefused):
        planned(w, organization=w.t.court)
    with pytest.raises(visits.VisitRefused):
        planned(w, days=-1)
    assert not Visit.objects.exists()


def test_nobody_from_inside_and_no_other_group_plans(client, w):
    stranger = user_with("member", w.t.county, "other", "别组人")
    other = room.create_group(by=w.c.office, campaign=w.batch.campaign, name="第四督导组")
    room.add_member(by=w.c.office, group=other, user=stranger)
    for user in (w.c.secretary, w.c.office, stranger):
        with pytest.raises(visits.VisitRefused):
            planned(w, by=again(user))
    with pytest.raises(visits.VisitRefused):
        planned(w, sender=visiting.Sender(other))
    url = reverse("supervision:visit_new", args=[w.p.health.pk])
    client.force_login(w.c.secretary)
    assert client.get(url).status_code == 403
    client.force_login(w.c.court)
    assert client.get(url).status_code == 404
    client.force_login(stranger)
    assert client.get(url).status_code == 404


def test_the_office_keeps_the_visit_of_a_superior_body_only(client, w):
    client.force_login(w.c.office)
    url = reverse("supervision:visit_held", args=[w.p.health.pk])
    assert "group" not in client.get(url).context["form"].fields
    sent = {
        "organization": w.t.health.pk, "way": "spot", "held_on": clock.today().isoformat(), "purpose": "省里来看",
        "goers": "省督导组", "findings": "台账清楚。",
    }  # fmt: skip
    assert set(client.post(url, sent).context["form"].errors) == {"from_body"}
    client.post(url, {**sent, "from_body": "省委第七督导组"})
    visit = Visit.objects.get()
    assert (visit.sender, visit.state, visit.group) == ("省委第七督导组", "done", None)
    listed = client.get(f"{reverse('supervision:visits')}?unit={w.p.health.pk}")
    assert url in listed.content.decode()
    assert url not in client.get(reverse("supervision:visits")).content.decode()
    client.force_login(w.c.guide)
    assert client.get(reverse("supervision:visit_log", args=[visit.pk])).status_code == 403
    assert client.get(reverse("supervision:visit", args=[visit.pk])).status_code == 200


def test_a_visit_is_from_one_body(w):
    with pytest.raises(IntegrityError), transaction.atomic():
        Visit.objects.create(
            participation=w.p.health, organization=w.t.health, group=w.group, from_body="省督导组",
            planned_on=clock.today(), purpose="看", goers="梁",
        )  # fmt: skip


# ---------------------------------------------------------------- change, call off
def test_another_day_is_told_and_two_changes_of_one_reading_collide(client, w, django_capture_on_commit_callbacks):
    visit = planned(w)
    stale = Visit.objects.select_related("participation__batch__campaign__host", "organization").get(pk=visit.pk)
    with django_capture_on_commit_callbacks(execute=True):
        visits.change_visit(by=w.c.guide, visit=visit, plan=plan_of(w.t.health, 5))
    assert Notification.objects.filter(user=w.c.secretary).exists()
    with pytest.raises(visits.VisitRefused):
        visits.change_visit(by=w.c.guide_2, visit=stale, plan=plan_of(w.t.health, 6))
    with pytest.raises(visits.VisitRefused):
        visits.change_visit(by=w.c.guide, visit=visit, plan=plan_of(w.t.health_1, 5))
    client.force_login(w.c.guide)
    url = reverse("supervision:visit_edit", args=[visit.pk])
    sent = {"way": "call", "planned_on": clock.today().isoformat(), "purpose": "先通个电话", "goers": "梁志远"}
    sent["version"] = client.get(url).context["form"].initial["version"]
    client.post(url, sent)
    visit.refresh_from_db()
    assert (visit.way, visit.planned_on, visit.version) == ("call", clock.today(), 3)
    assert client.post(url, sent).context["form"].non_field_errors()


def test_calling_off_takes_a_reason_and_ends_it(client, w):
    visit = planned(w)
    client.force_login(w.c.guide)
    url = reverse("supervision:visit_call_off", args=[visit.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "单位开防汛会"})
    visit.refresh_from_db()
    assert (visit.state, visit.reason) == ("called_off", "单位开防汛会")
    with pytest.raises(visits.VisitRefused):
        visits.log_visit(by=w.c.guide, visit=visit, log=log_of())
    client.force_login(w.c.secretary)
    assert client.post(url, {"reason": "不想接待"}).status_code == 403


# ---------------------------------------------------------------- write down
def test_a_visit_is_written_down_with_photographs(client, w, settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    visit = planned(w, days=0)
    client.force_login(w.c.guide)
    url = reverse("supervision:visit_log", args=[visit.pk])
    sent = {
        "version": 1, "held_on": clock.today().isoformat(), "talked_to": 6, "findings": "看了三本笔记。",
        "problems": "群众说窗口慢。", "suggestions": "先把窗口理顺",
        "files": SimpleUploadedFile("photo.png", PNG),
    }  # fmt: skip
    client.post(url, sent)
    visit.refresh_from_db()
    assert (visit.state, visit.talked_to, visit.logged_by) == ("done", 6, w.c.guide)
    kept = VisitFile.objects.get(visit=visit)
    shown = client.get(reverse("supervision:visit_file", args=[kept.pk]))
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/png")
    page = client.get(reverse("supervision:visit", args=[visit.pk])).content.decode()
    assert "群众说窗口慢。" in page
    assert f"{reverse('supervision:opinion_new', args=[w.p.health.pk])}?visit={visit.pk}" in page
    client.force_login(w.c.court)
    assert client.get(reverse("supervision:visit_file", args=[kept.pk])).status_code == 404


def test_what_is_not_a_photograph_is_refused_and_nothing_is_half_saved(client, w):
    visit = planned(w, days=0)
    client.force_login(w.c.guide)
    sent = {"version": 1, "held_on": clock.today().isoformat(), "findings": "看了。"}
    forged = SimpleUploadedFile("photo.png", b"MZ not a picture")
    answer = client.post(reverse("supervision:visit_log", args=[visit.pk]), {**sent, "files": forged})
    assert set(answer.context["form"].errors) == {"files"}
    assert answer.context["files_again"]
    visit.refresh_from_db()
    assert visit.state == "planned"


def test_a_record_can_be_corrected_but_not_over_somebody_elses(client, w):
    visit = made(w)
    client.force_login(w.c.guide_2)
    url = reverse("supervision:visit_log", args=[visit.pk])
    sent = {"held_on": clock.today().isoformat(), "findings": "学习记录齐全，缺一次讨论。"}
    assert client.get(url).context["form"].initial["version"] == visit.version
    client.post(url, {**sent, "version": visit.version})
    stale = client.post(url, {**sent, "version": visit.version})
    assert stale.context["form"].non_field_errors()
    visit.refresh_from_db()
    assert visit.findings == "学习记录齐全，缺一次讨论。"
    kinds = AuditEntry.objects.filter(object_id=str(visit.pk), object_type="supervision.visit")
    assert list(kinds.order_by("id").values_list("action", flat=True)) == [
        "visit.planned",
        "visit.logged",
        "visit.corrected",
    ]


@pytest.mark.parametrize("fault", [{"findings": " "}, {"days": 1}, {"days": -200}])
def test_what_was_not_seen_or_cannot_have_been_is_not_written_down(w, fault):
    visit = planned(w, days=0)
    day = clock.today() + dt.timedelta(days=fault.pop("days", 0))
    with pytest.raises(visits.VisitRefused):
        visits.log_visit(by=w.c.guide, visit=visit, log=log_of(held_on=day, **fault))
    assert Visit.objects.get().state == "planned"


def test_the_next_one_begins_like_the_last(client, w):
    visit = made(w)
    client.force_login(w.c.guide)
    url = reverse("supervision:visit_new", args=[w.p.health.pk])
    initial = client.get(f"{url}?like={visit.pk}").context["form"].initial
    assert initial["purpose"] == visit.purpose
    assert initial["organization"] == w.t.health.pk
    elsewhere = made(w, "court")
    assert client.get(f"{url}?like={elsewhere.pk}").context["form"].initial == {"goers": str(w.c.guide)}
    assert client.get(f"{url}?like=x").status_code == 200


def test_a_closed_batch_takes_no_visit(client, w):
    visit = planned(w)
    type(w.batch).objects.filter(pk=w.batch.pk).update(closed_on=clock.today())
    with pytest.raises(visits.VisitRefused):
        planned(w)
    client.force_login(w.c.guide)
    assert client.get(reverse("supervision:visit_log", args=[visit.pk])).status_code == 403
    assert client.get(reverse("supervision:visit", args=[visit.pk])).status_code == 200


# ---------------------------------------------------------------- list, what waits, dossier
def test_the_list_filters_and_shows_only_what_is_in_scope(client, w):
    planned(w)
    done, elsewhere = made(w), made(w, "court")
    client.force_login(w.c.guide)
    url = reverse("supervision:visits")

    def keys(query=""):
        return {visit.pk for visit in client.get(url + query).context["page"]}

    assert len(keys()) == 3
    assert keys("?state=done") == {done.pk, elsewhere.pk}
    assert keys(f"?unit={w.p.court.pk}") == {elsewhere.pk}
    assert keys(f"?group={w.group.pk}&q=法院") == {elsewhere.pk}
    tomorrow = (clock.today() + dt.timedelta(days=1)).isoformat()
    assert keys(f"?until={tomorrow}") == {done.pk, elsewhere.pk}
    assert len(keys("?state=nonsense&unit=x&since=x")) == 3
    client.force_login(w.c.court)
    assert keys() == {elsewhere.pk}
    client.force_login(w.c.outsider)
    assert client.get(url).status_code == 404


def test_the_list_costs_the_same_for_one_and_three(client, w):
    client.force_login(w.c.guide)
    url = reverse("supervision:visits")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    planned(w)
    cost()
    one = cost()
    made(w, "court")
    planned(w, "archives")
    assert cost() == one


def test_what_waits_for_whom(w):
    planned(w, days=0)
    planned(w, "court", days=30)
    assert waits(w.c.guide) == {"完成计划的走访并作记录": 1}
    assert waits(w.c.secretary) == {"接待督导组走访": 1}
    assert waits(w.c.court) == {}
    visits.log_visit(by=w.c.guide, visit=_kept(Visit.objects.get(organization=w.t.health)), log=log_of())
    assert waits(w.c.guide) == {} == waits(w.c.secretary)


def _kept(visit):
    return Visit.objects.select_related("participation__batch__campaign__host", "organization").get(pk=visit.pk)


def test_a_superiors_planned_visit_waits_for_the_office(w):
    planned(w, by=w.c.office, sender=visiting.Sender(from_body="省委第七督导组"), days=0)
    assert waits(w.c.office) == {"完成计划的走访并作记录": 1}
    assert waits(w.c.guide) == {}


def test_visits_stand_in_the_dossier_within_the_readers_scope(w):
    made(w)
    visits.call_off(by=w.c.guide, visit=planned(w, organization=w.t.health_1), reason="改期")
    planned(w)

    def told(reader, organization):
        subject = dossier.Subject(organization, w.p.health, again(reader))
        with CaptureQueriesContext(connection) as queries:
            found = dossier.events(subject, ["visits"])
        assert len(queries) <= 2
        return [event.organization for event in found]

    assert sorted(told(w.c.guide, w.t.health)) == sorted([w.t.health.name, w.t.health_1.name])
    assert told(w.c.secretary, w.t.health_1) == [w.t.health_1.name]
    assert told(w.c.court, w.t.health) == []


def test_the_condition_without_a_query_says_what_the_rule_says(w):
    give = user_with("supervisor", w.t.health, "inner")
    both = user_with("supervisor", w.t.county, "both")
    give_post(both, w.t.health_1, "branch_secretary")
    everything = list(type(w.t.health).objects.all())
    for user in (w.c.guide, give, both, w.c.office, w.c.secretary):
        user = again(user)
        asked = {one.pk for one in everything if visiting.can_guide(user, one)}
        assert set(type(w.t.health).objects.filter(visiting.guided(user, "")).values_list("pk", flat=True)) == asked
