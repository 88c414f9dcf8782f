"""The life of a make-up order: ordered, done item by item, reported, sent back, closed."""

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification
from assessments.models import Survey
from campaign import todo
from supervision import actions
from supervision.models import MakeUpItem, MakeUpOrder
from supervision.tests.factories import fresh, make_supervised_world, ordered, terms
from units import access

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world()


def do_all(w, order, by=None):
    for item in order.items.all():
        actions.record_item(by=by or w.c.branch, item=item, done_on=clock.today(), evidence="已补，签到表存支部。")
    actions.report_makeup(by=by or w.c.branch, order=order)
    order.refresh_from_db()


def notified(user, part):
    return any(part in note.message for note in Notification.objects.filter(user=user))


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"supervision:{name}", args=args), data)


def test_the_whole_life_of_an_order(w, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        order = ordered(w, w.t.health_1, unsolid_work=True)
        do_all(w, order)
        assert order.state == "reported" and order.reported_at
        redo = [order.items.get(position=2).pk]
        actions.recheck(by=w.c.guide, order=order, close=False, note="笔记还不全。", redo=redo)
        order.refresh_from_db()
        assert order.state == "open" and order.items.filter(done_on=None).count() == 1
        assert order.items.get(position=2).evidence
        do_all(w, order)
        actions.recheck(by=w.c.office, order=order, close=True, note="已看过笔记。")
    order.refresh_from_db()
    assert order.state == "closed" and order.checked_by == w.c.office and order.unsolid_work
    assert notified(w.c.branch, "has to make up") and notified(w.c.secretary, "has to make up")
    assert notified(w.c.guide, "please re-check") and notified(w.c.office, "please re-check")
    assert notified(w.c.branch, "was sent back") and notified(w.c.branch, "re-checked and closed")
    codes = list(
        AuditEntry.objects.filter(action__startswith="makeup.").order_by("id").values_list("action", flat=True)
    )
    done = ["makeup.item_done"] * 2
    assert codes == [
        "makeup.ordered", *done, "makeup.reported", "makeup.sent_back", *done, "makeup.reported", "makeup.closed"
    ]  # fmt: skip


@pytest.mark.parametrize("who", ["branch", "secretary", "committee", "archives", "leader", "outsider", "supervisor"])
def test_who_may_not_order(w, who):
    with pytest.raises(actions.MakeUpRefused):
        ordered(w, by=getattr(w.c, who))


def test_an_order_names_reason_items_date_and_an_organisation_of_the_unit(w):
    participation = fresh(w.p.health)
    good = {"by": w.c.guide, "participation": participation, "trigger": "spot_check"}
    for bad in (
        {"reason": " ", "terms": terms(w.t.health)},
        {"reason": "x", "terms": terms(w.t.health, items=["", " "])},
        {"reason": "x", "terms": terms(w.t.health, due_on=clock.today() - dt.timedelta(days=1))},
        {"reason": "x", "terms": terms(w.t.archives)},
    ):
        with pytest.raises(actions.MakeUpRefused):
            actions.order_makeup(**good, **bad)
    assert not MakeUpOrder.objects.exists()


def test_only_the_organisation_itself_reports(w):
    order = ordered(w, w.t.health_1)
    item = order.items.first()
    for user in (w.c.guide, w.c.office, w.c.archives):
        with pytest.raises(actions.MakeUpRefused):
            actions.record_item(by=user, item=item, done_on=clock.today(), evidence="x")
        with pytest.raises(actions.MakeUpRefused):
            actions.report_makeup(by=user, order=order)
    actions.record_item(by=w.c.secretary, item=item, done_on=clock.today(), evidence="党委补办。")


def test_nothing_is_reported_while_an_item_is_undone_and_nothing_twice(w):
    order = ordered(w, w.t.health_1)
    with pytest.raises(actions.MakeUpRefused):
        actions.report_makeup(by=w.c.branch, order=order)
    do_all(w, order)
    with pytest.raises(actions.MakeUpRefused):
        actions.report_makeup(by=w.c.branch, order=order)
    with pytest.raises(actions.MakeUpRefused):
        actions.record_item(by=w.c.branch, item=order.items.first(), done_on=clock.today(), evidence="改一改")


def test_an_item_says_what_was_done_and_not_in_the_future(w):
    order = ordered(w, w.t.health_1)
    item = order.items.first()
    with pytest.raises(actions.MakeUpRefused):
        actions.record_item(by=w.c.branch, item=item, done_on=clock.today(), evidence=" ")
    with pytest.raises(actions.MakeUpRefused):
        actions.record_item(by=w.c.branch, item=item, done_on=clock.today() + dt.timedelta(days=1), evidence="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        MakeUpItem.objects.filter(pk=item.pk).update(done_on=clock.today(), evidence="")


def test_the_recheck_is_made_above_with_a_note_once_and_after_the_report(w):
    order = ordered(w, w.t.health_1)
    with pytest.raises(actions.MakeUpRefused):
        actions.recheck(by=w.c.guide, order=order, close=True, note="早了。")
    do_all(w, order)
    for user in (w.c.branch, w.c.secretary, w.c.leader):
        with pytest.raises(actions.MakeUpRefused):
            actions.recheck(by=user, order=order, close=True, note="自己看过。")
    with pytest.raises(actions.MakeUpRefused):
        actions.recheck(by=w.c.guide, order=order, close=True, note=" ")
    with pytest.raises(actions.MakeUpRefused):
        actions.recheck(by=w.c.guide, order=order, close=False, note="重做。", redo=[0])
    actions.recheck(by=w.c.guide, order=order, close=True, note="看过。")
    with pytest.raises(actions.MakeUpRefused):
        actions.recheck(by=w.c.office, order=order, close=True, note="看过。")


def test_where_a_new_survey_was_ordered_it_must_be_held_before_closing(w):
    order = ordered(w, w.t.health_1, survey_again=True)
    do_all(w, order)
    survey = Survey.objects.create(
        participation=w.p.health, instrument="stage2", held_on=clock.today(), state="confirmed",
        confirmed_at=order.ordered_at - dt.timedelta(days=1),
    )  # fmt: skip
    with pytest.raises(actions.MakeUpRefused):
        actions.recheck(by=w.c.guide, order=order, close=True, note="看过。")
    Survey.objects.filter(pk=survey.pk).update(confirmed_at=clock.now())
    actions.recheck(by=w.c.guide, order=order, close=True, note="看过。")
    order.refresh_from_db()
    assert order.state == "closed"


# ---------------------------------------------------------------- pages
def test_the_pages_through_a_life(client, w):
    until = (clock.today() + dt.timedelta(days=5)).isoformat()
    data = {
        "organization": w.t.health_1.pk,
        "rule": "perfunctory_study",
        "reason": "抽查笔记不全。",
        "items": "补记笔记",
    }
    response = post(client, w.c.guide, "makeup_new", w.p.health.pk, **data)
    assert "due_on" in response.context["form"].errors and "抽查笔记不全。" in response.content.decode()
    post(client, w.c.guide, "makeup_new", w.p.health.pk, **data, due_on=until)
    order = MakeUpOrder.objects.get()
    assert (order.trigger, order.rule, order.occasion) == ("rule", "perfunctory_study", "学习培训敷衍应付、走过场")
    item = order.items.get()
    response = post(client, w.c.branch, "makeup_item", order.pk, item.pk, done_on=until, evidence="补了。")
    assert response.status_code == 422 and "补了。" in response.content.decode()
    today = clock.today().isoformat()
    assert (
        post(client, w.c.branch, "makeup_item", order.pk, item.pk, done_on=today, evidence="补了。").status_code == 302
    )
    post(client, w.c.branch, "makeup_report", order.pk)
    response = post(client, w.c.guide, "makeup_recheck", order.pk, result="back", note="不行。")
    assert response.status_code == 422 and "redo" in response.context["recheck_form"].errors
    post(client, w.c.guide, "makeup_recheck", order.pk, result="close", note="可以。")
    order.refresh_from_db()
    assert order.state == "closed"
    client.force_login(w.c.branch)
    html = client.get(reverse("supervision:makeup", args=[order.pk])).content.decode()
    assert "可以。" in html and "补了。" in html


@pytest.mark.parametrize(
    ("who", "page", "new", "report"),
    [
        ("guide", 200, 200, 403),
        ("office", 200, 200, 403),
        ("secretary", 200, 403, 302),
        ("branch", 200, 403, 302),
        ("leader", 200, 403, 403),
        ("archives", 404, 404, 404),
        ("outsider", 404, 404, 404),
    ],
)
def test_who_reaches_which_page(client, w, who, page, new, report):
    order = ordered(w, w.t.health_1)
    user = getattr(w.c, who)
    client.force_login(user)
    assert client.get(reverse("supervision:makeup", args=[order.pk])).status_code == page
    assert client.get(reverse("supervision:makeup_new", args=[w.p.health.pk])).status_code == new
    assert post(client, user, "makeup_report", order.pk).status_code == report
    assert post(client, user, "makeup_recheck", order.pk).status_code == (
        422 if new == 200 else (404 if page == 404 else 403)
    )


def test_an_item_of_another_order_is_not_there(client, w):
    order, other = ordered(w, w.t.health_1), ordered(w, w.t.health_2)
    url_item = other.items.first().pk
    response = post(client, w.c.secretary, "makeup_item", order.pk, url_item, done_on=clock.today(), evidence="x")
    assert response.status_code == 404


def test_the_list_shows_what_is_overdue_and_keeps_to_the_scope(client, w):
    order = ordered(w, w.t.health_1)
    ordered(w, name="archives")
    MakeUpOrder.objects.filter(pk=order.pk).update(due_on=clock.today() - dt.timedelta(days=3))
    client.force_login(w.c.office)
    rows = client.get(reverse("supervision:makeups"), {"state": "overdue"}).context["rows"]
    assert [row["order"].days_over for row in rows] == [3]
    client.force_login(w.c.branch)
    assert len(client.get(reverse("supervision:makeups")).context["rows"]) == 1


def test_the_list_asks_as_often_for_three_rows_as_for_one(client, w):
    def count():
        client.force_login(w.c.guide)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("supervision:makeups")).status_code == 200
        return len(captured)

    ordered(w, w.t.health_1)
    count()
    one = count()
    ordered(w, w.t.health_2)
    ordered(w, name="archives")
    assert count() == one


# ---------------------------------------------------------------- what waits
def todos(user):
    access.forget(user)
    if hasattr(user, "_todos"):
        del user._todos
    return {item.title.id: item for item in todo.gather(user)}


def test_what_waits_for_whom(w):
    order = ordered(w, w.t.health_1)
    assert todos(w.c.branch)["Do the make-ups that were ordered"].due == order.due_on
    assert "Re-check make-ups" not in todos(w.c.guide)
    MakeUpOrder.objects.filter(pk=order.pk).update(due_on=clock.today() - dt.timedelta(days=1))
    assert todos(w.c.branch)["Do the make-ups that were ordered"].late
    assert todos(w.c.guide)["Make-ups past their deadline"].late
    order.refresh_from_db()
    do_all(w, order)
    assert "Do the make-ups that were ordered" not in todos(w.c.branch)
    assert todos(w.c.guide)["Re-check make-ups"].count == 1
    assert "Re-check make-ups" not in todos(w.c.archives)
