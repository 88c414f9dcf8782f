"""Supervision opinions: given, answered point by point, checked, followed up to the end (M-03, D-06, M-12)."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from campaign import dossier, todo
from supervision import visiting
from supervision.actions import opinions
from supervision.models import OpinionPoint, PointFile, SupervisionOpinion
from supervision.queries.opinions import overdue_points
from supervision.tests.factories import fresh, make_supervised_world
from supervision.tests.test_visits import PNG, again, made, waits

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def given(w, name="health", *, texts=("补两次讨论", "公开承诺上墙"), days=7, by=None, sender=None, **kwargs):
    participation = fresh(getattr(w.p, name))
    due = clock.today() + dt.timedelta(days)
    data = {"organization": participation.organization, "title": "学习要再扎实", **kwargs}
    return opinions.give_opinion(
        by=by or w.c.guide,
        participation=participation,
        data=opinions.OpinionData(points=[opinions.Point(text, due) for text in texts], **data),
        sender=sender or visiting.Sender(w.group),
    )


def kept(opinion):
    rows = SupervisionOpinion.objects.select_related("participation__batch__campaign__host", "organization", "group")
    return rows.get(pk=opinion.pk)


def answered(w, opinion, by=None):
    by = by or w.c.secretary
    for point in opinion.points.filter(resolved_at=None):
        opinions.answer_point(by=by, point=point, done_on=clock.today(), answer="已补。")
    opinions.hand_in(by=by, opinion=kept(opinion))
    return kept(opinion)


def verdicts(opinion, back=(), note="再具体些"):
    return {
        point.pk: opinions.Verdict(point.position not in back, note if point.position in back else "")
        for point in opinion.points.filter(resolved_at=None)
    }


def backdate(opinion, days=3):
    OpinionPoint.objects.filter(opinion=opinion).update(due_on=clock.today() - dt.timedelta(days))


# ---------------------------------------------------------------- the whole way
def test_from_the_group_to_the_unit_and_back_to_the_end(
    client, w, settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.MEDIA_ROOT = str(tmp_path)
    client.force_login(w.c.guide)
    new = reverse("supervision:opinion_new", args=[w.p.health.pk])
    due = (clock.today() + dt.timedelta(days=5)).isoformat()
    sent = {
        "group": w.group.pk, "organization": w.t.health.pk, "title": "学习要再扎实", "basis": "笔记抄得多，想得少。",
        "points-TOTAL_FORMS": 10, "points-INITIAL_FORMS": 10,
        "points-0-text": "补两次讨论", "points-0-due_on": due, "points-1-text": "", "points-1-due_on": due,
        "points-2-text": "公开承诺上墙", "points-2-due_on": due,
    }  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(new, sent).url
    opinion = SupervisionOpinion.objects.get()
    assert [point.text for point in opinion.points.all()] == ["补两次讨论", "公开承诺上墙"]
    assert Notification.objects.filter(user=w.c.secretary, url=page).exists()
    assert waits(w.c.secretary, "supervision:opinions") == {"答复督导意见": 1}
    first, second = opinion.points.all()

    client.force_login(w.c.secretary)
    assert "督导意见只提建议，不作决定" in client.get(page).content.decode()
    hand_in = reverse("supervision:opinion_answer", args=[opinion.pk])
    client.post(hand_in)  # a point is not answered yet
    told = {"done_on": clock.today().isoformat(), "answer": "两次讨论都已补上。"}
    for point in (first, second):
        proof = {"files": SimpleUploadedFile("photo.png", PNG)} if point == first else {}
        client.post(reverse("supervision:opinion_point", args=[opinion.pk, point.pk]), {**told, **proof})
    assert kept(opinion).state == "given"
    assert client.get(reverse("supervision:opinion_file", args=[PointFile.objects.get().pk])).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        client.post(hand_in)
    assert kept(opinion).state == "answered"
    assert Notification.objects.filter(user=w.c.guide, url=page).exists()
    assert waits(w.c.guide_2, "supervision:opinions") == {"核对督导意见的答复": 1}

    client.force_login(w.c.guide_2)
    check = reverse("supervision:opinion_check", args=[opinion.pk])
    asked = {f"result_{first.pk}": "resolved", f"result_{second.pk}": "back"}
    assert client.post(check, asked).context["check_form"].errors.keys() == {f"note_{second.pk}"}
    later = (clock.today() + dt.timedelta(days=9)).isoformat()
    client.post(check, {**asked, f"note_{second.pk}": "没有上墙", f"due_{second.pk}": later})
    second.refresh_from_db()
    assert (kept(opinion).state, second.done_on, second.due_on.isoformat()) == ("given", None, later)
    assert second.answer == "两次讨论都已补上。"

    answered(w, opinion)
    client.post(check, {f"result_{second.pk}": "resolved"})
    assert kept(opinion).state == "closed"
    first.refresh_from_db()
    assert first.resolved_at
    entries = AuditEntry.objects.filter(object_type="supervision.supervisionopinion", object_id=str(opinion.pk))
    told = list(entries.order_by("id").values_list("action", flat=True))
    assert [code.rpartition(".")[2] for code in told] == [
        "given", "point", "point", "answered", "sent_back", "point", "answered", "closed",
    ]  # fmt: skip
    text = client.get(page).content.decode()
    assert text.count("已解决") >= 2
    assert client.get(reverse("supervision:opinion_paper", args=[opinion.pk])).status_code == 200


# ---------------------------------------------------------------- refusals
def test_an_opinion_needs_a_point_and_keeps_what_was_typed(client, w):
    client.force_login(w.c.guide)
    url = reverse("supervision:opinion_new", args=[w.p.health.pk])
    sent = {
        "group": w.group.pk, "organization": w.t.health.pk, "title": "学习要再扎实",
        "points-TOTAL_FORMS": 10, "points-INITIAL_FORMS": 10,
    }  # fmt: skip
    page = client.post(url, sent)
    assert "至少写一条意见。" in page.content.decode()
    assert page.context["form"]["title"].value() == "学习要再扎实"
    late = {"points-0-text": "补讨论", "points-0-due_on": "2020-01-01", "points-1-text": "没有期限"}
    points = client.post(url, {**sent, **late}).context["points"]
    assert [bool(form.errors) for form in points.forms][:3] == [True, True, False]
    assert client.post(url, {**sent, "points-TOTAL_FORMS": "x"}).status_code == 200
    assert not SupervisionOpinion.objects.exists()
    for faulty in ({"texts": ()}, {"days": -1}, {"organization": w.t.court}):
        with pytest.raises(opinions.OpinionRefused):
            given(w, **faulty)
    assert not SupervisionOpinion.objects.exists()


def test_nobody_gives_himself_an_opinion_or_answers_for_others(client, w):
    with pytest.raises(opinions.OpinionRefused):
        given(w, by=w.c.secretary, sender=visiting.Sender())
    opinion = given(w)
    point = opinion.points.first()
    url = reverse("supervision:opinion_point", args=[opinion.pk, point.pk])
    told = {"done_on": clock.today().isoformat(), "answer": "已补。"}
    client.force_login(w.c.guide)
    assert client.post(url, told).status_code == 403
    client.force_login(w.c.court)
    assert client.post(url, told).status_code == 404
    client.force_login(w.c.secretary)
    assert client.post(reverse("supervision:opinion_check", args=[opinion.pk]), {}).status_code == 403
    assert client.post(reverse("supervision:opinion_take_back", args=[opinion.pk]), {"reason": "x"}).status_code == 403
    elsewhere = given(w, "court").points.first()
    assert client.post(reverse("supervision:opinion_point", args=[opinion.pk, elsewhere.pk]), told).status_code == 404
    with pytest.raises(opinions.OpinionRefused):
        opinions.answer_point(by=w.c.court, point=point, done_on=clock.today(), answer="已补。")
    point.refresh_from_db()
    assert point.done_on is None


def test_out_of_order_is_refused(w):
    opinion = given(w)
    point = opinion.points.first()
    tomorrow = clock.today() + dt.timedelta(days=1)
    for faulty in ({"answer": " "}, {"done_on": tomorrow}):
        with pytest.raises(opinions.OpinionRefused):
            opinions.answer_point(
                **{"by": w.c.secretary, "point": point, "done_on": clock.today(), "answer": "好", **faulty}
            )
    with pytest.raises(opinions.OpinionRefused):
        opinions.check_answer(by=w.c.guide, opinion=kept(opinion), verdicts=verdicts(opinion))
    answered(w, opinion)
    with pytest.raises(opinions.OpinionRefused):
        opinions.answer_point(by=w.c.secretary, point=point, done_on=clock.today(), answer="改一改")
    for said in ({}, verdicts(opinion, back=[1], note=" ")):
        with pytest.raises(opinions.OpinionRefused):
            opinions.check_answer(by=w.c.guide, opinion=kept(opinion), verdicts=said)
    with pytest.raises(opinions.OpinionRefused):
        opinions.take_back(by=w.c.guide, opinion=kept(opinion), reason="不用了")
    opinions.check_answer(by=w.c.guide, opinion=kept(opinion), verdicts=verdicts(opinion))
    with pytest.raises(opinions.OpinionRefused):
        opinions.hand_in(by=w.c.secretary, opinion=kept(opinion))
    assert kept(opinion).state == "closed"


def test_an_opinion_given_by_mistake_is_taken_back_with_a_reason(client, w):
    opinion = given(w)
    client.force_login(w.c.guide)
    url = reverse("supervision:opinion_take_back", args=[opinion.pk])
    assert client.post(url, {"reason": ""}).status_code == 422
    client.post(url, {"reason": "发错了单位"})
    assert kept(opinion).state == "withdrawn"
    assert waits(w.c.secretary, "supervision:opinions") == {}
    assert "发错了单位" in client.get(reverse("supervision:opinion", args=[opinion.pk])).content.decode()


# ---------------------------------------------------------------- from a visit, of a superior body
def test_an_opinion_made_from_a_visit_begins_with_its_suggestions(client, w):
    visit = made(w, problems="讨论流于形式。")
    client.force_login(w.c.guide)
    url = f"{reverse('supervision:opinion_new', args=[w.p.health.pk])}?visit={visit.pk}"
    page = client.get(url)
    assert [form["text"].value() for _number, form in page.context["points"].shown][:2] == ["补两次讨论", "公开承诺"]
    assert page.context["form"].initial["basis"] == "讨论流于形式。"
    due = clock.today().isoformat()
    sent = {
        "group": w.group.pk, "organization": w.t.health.pk, "title": "看学习笔记", "points-TOTAL_FORMS": 10,
        "points-INITIAL_FORMS": 10, "points-0-text": "补两次讨论", "points-0-due_on": due,
    }  # fmt: skip
    client.post(url, sent)
    opinion = SupervisionOpinion.objects.get()
    assert opinion.visit == visit
    assert opinion.title in client.get(reverse("supervision:visit", args=[visit.pk])).content.decode()
    elsewhere = made(w, "court")
    with pytest.raises(opinions.OpinionRefused):
        given(w, visit=elsewhere)


def test_a_superiors_opinion_is_followed_up_by_the_office(w):
    opinion = given(w, by=w.c.office, sender=visiting.Sender(from_body="省委第七督导组"))
    answered(w, opinion)
    assert waits(w.c.office, "supervision:opinions") == {"核对督导意见的答复": 1}
    assert waits(w.c.guide, "supervision:opinions") == {}
    with pytest.raises(opinions.OpinionRefused):
        opinions.check_answer(by=w.c.guide, opinion=kept(opinion), verdicts=verdicts(opinion))
    opinions.check_answer(by=w.c.office, opinion=kept(opinion), verdicts=verdicts(opinion))
    assert (kept(opinion).state, kept(opinion).sender) == ("closed", "省委第七督导组")


# ---------------------------------------------------------------- overdue, list, dossier
def test_what_is_overdue_is_shown_to_both_sides_with_its_first_day(client, w):
    opinion = given(w)
    given(w, "court")
    backdate(opinion)
    first = {str(one.title): one for one in todo.gather(again(w.c.secretary))}["答复督导意见"]
    assert (first.due, first.late) == (clock.today() - dt.timedelta(days=3), True)
    assert waits(w.c.guide, "supervision:opinions") == {"督导意见逾期未答复": 1}
    assert overdue_points([w.p.health.pk, w.p.court.pk]) == {w.p.health.pk: 2}
    client.force_login(w.c.guide)
    page = client.get(reverse("supervision:opinions") + "?state=overdue")
    assert [row.pk for row in page.context["page"]] == [opinion.pk]
    assert page.context["page"][0].days_over == 3
    assert "row-bad" in page.content.decode()
    answered(w, opinion)
    assert overdue_points([w.p.health.pk]) == {}
    assert waits(w.c.guide, "supervision:opinions") == {"核对督导意见的答复": 1}


def test_the_list_costs_the_same_for_one_and_three_and_keeps_to_the_scope(client, w):
    client.force_login(w.c.guide)
    url = reverse("supervision:opinions")

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    given(w)
    cost()
    one = cost()
    given(w, "court", texts=("一", "二", "三"))
    given(w, "archives")
    assert cost() == one
    row = next(row for row in client.get(url).context["page"] if row.organization == w.t.court)
    assert (row.all_points, row.answered_points, row.resolved_points) == (3, 0, 0)
    client.force_login(w.c.court)
    assert [row.organization for row in client.get(url).context["page"]] == [w.t.court]
    client.force_login(w.c.outsider)
    assert client.get(url).status_code == 404


def test_the_page_costs_the_same_for_one_point_and_three(client, w):
    client.force_login(w.c.guide)
    costs = []
    for texts in (("一",), ("一",), ("一", "二", "三")):
        url = reverse("supervision:opinion", args=[given(w, texts=texts).pk])
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        costs.append(len(queries))
    assert costs[1] == costs[2]


def test_opinions_stand_in_the_dossier_with_how_they_ended(w):
    opinion = given(w)
    answered(w, opinion)
    opinions.check_answer(by=w.c.guide, opinion=kept(opinion), verdicts=verdicts(opinion))
    given(w, organization=w.t.health_1)

    def told(reader, organization):
        subject = dossier.Subject(organization, w.p.health, again(reader))
        return [(event.organization, event.tone) for event in dossier.events(subject, ["supervision_opinions"])]

    whole = told(w.c.guide, w.t.health)
    assert sorted(tone for _name, tone in whole) == ["info", "info", "ok"]
    assert told(w.c.branch, w.t.health_1) == [(w.t.health_1.name, "info")]
    assert told(w.c.court, w.t.health) == []
