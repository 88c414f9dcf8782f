"""Duty, attendance, discipline and gifts of those who run the campaign (S-01, S-03, S-04, S-08, S-09, K-10)."""

import copy
import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from campaign import todo, workdays
from campaign.models import Batch, Campaign
from supervision import rota, staffing
from supervision.actions import staff
from supervision.models import AttendanceSheet, DutyDay, Gift, Leave
from supervision.tests.factories import make_supervised_world
from units.tests.factories import user_with

NOVEMBER, DECEMBER = dt.date(2026, 11, 1), dt.date(2026, 12, 1)
TODAY = dt.date(2026, 11, 26)


def days(first, last):
    return list(rota.days_between(first, last))


# ---------------------------------------------------------------- sharing out
def share(people, span, **more):
    given = {"per_day": 1, "is_workday": workdays.is_workday, "away": {}, "last_on": {}, **more}
    return rota.share_out(people, span, **given)


def test_days_off_are_shared_out_as_evenly_as_workdays():
    plan = share([1, 2, 3], days(DECEMBER, dt.date(2026, 12, 31)))
    off = [plan[day][0] for day in plan if not workdays.is_workday(day)]
    work = [plan[day][0] for day in plan if workdays.is_workday(day)]
    for kind in (off, work):
        counts = [kind.count(person) for person in (1, 2, 3)]
        assert max(counts) - min(counts) <= 1 and sum(counts) == len(kind)


def test_who_is_away_is_passed_over_and_a_day_stays_empty_when_all_are():
    span = days(DECEMBER, dt.date(2026, 12, 4))
    plan = share([1, 2], span, away={1: set(span), 2: {span[3]}})
    assert [plan[day] for day in span] == [[2], [2], [2], []]
    assert share([1], span, per_day=2)[span[0]] == [1]


def test_whoever_was_on_duty_last_comes_last():
    plan = share([1, 2], [TODAY], last_on={1: dt.date(2026, 11, 25), 2: dt.date(2026, 11, 2)})
    assert plan[TODAY] == [2]


# ---------------------------------------------------------------- the pages
@pytest.fixture
def w(db):
    return make_supervised_world(playbook="xingwen-county")


def again(user):
    return User.objects.get(pk=user.pk)


def planned(w, month=DECEMBER, people=None, **more):
    people = people or [w.c.office, w.c.general, w.c.guide]
    return staff.plan_duty(by=w.c.office, campaign=w.batch.campaign, month=month, people=people, **more)


def on(day):
    return set(DutyDay.objects.filter(day=day).values_list("user__username", flat=True))


def test_the_office_shares_out_a_month_and_all_are_told(client, w, django_capture_on_commit_callbacks):
    url = f"{reverse('supervision:duty_plan')}?month=2026-12"
    client.force_login(w.c.office)
    sent = {"people": [w.c.general.pk, w.c.guide.pk], "kind": "workdays", "per_day": 1}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, sent).status_code == 302
    rows = DutyDay.objects.all()
    assert {row.day for row in rows} == {d for d in days(DECEMBER, dt.date(2026, 12, 31)) if workdays.is_workday(d)}
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"general", "guide"}
    assert AuditEntry.objects.filter(action="duty.planned").exists()
    page = client.get(f"{reverse('supervision:duty')}?month=2026-12").content.decode()
    assert "邓春梅" in page and "梁志远" in page
    client.force_login(w.c.general)
    assert client.post(url, {"people": [w.c.guide.pk], "kind": "all", "per_day": 2}).status_code == 422
    client.force_login(w.c.guide)
    assert client.post(url, sent).status_code == 403


def test_sharing_out_again_leaves_the_past_as_it_was(w):
    past = DutyDay.objects.create(campaign=w.batch.campaign, day=dt.date(2026, 11, 3), user=w.c.guide)
    planned(w, NOVEMBER)
    planned(w, NOVEMBER, people=[w.c.general])
    assert DutyDay.objects.filter(pk=past.pk).exists()
    assert set(DutyDay.objects.exclude(pk=past.pk).values_list("user__username", flat=True)) == {"general"}
    assert min(DutyDay.objects.exclude(pk=past.pk).values_list("day", flat=True)) == TODAY
    with pytest.raises(staff.StaffRefused):
        planned(w, dt.date(2026, 10, 1))


def granted(w, who, first, last):
    return Leave.objects.create(
        campaign=w.batch.campaign, user=who, to="office", from_date=first, to_date=last, reason="探亲", state="granted"
    )


def test_who_is_on_leave_is_not_put_on_duty(w):
    granted(w, w.c.general, DECEMBER, dt.date(2026, 12, 10))
    plan = planned(w, people=[w.c.general])
    assert plan.gaps == days(DECEMBER, dt.date(2026, 12, 10))
    assert min(DutyDay.objects.values_list("day", flat=True)) == dt.date(2026, 12, 11)


def test_a_day_is_handed_over_by_the_person_or_the_office(client, w, django_capture_on_commit_callbacks):
    planned(w, people=[w.c.guide])
    duty = DutyDay.objects.first()
    url = reverse("supervision:duty_change", args=[duty.pk])
    client.force_login(w.c.guide_2)
    assert client.post(url, {"deed": "over", "to": w.c.general.pk}).status_code == 403
    client.force_login(w.c.guide)
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, {"deed": "over", "to": w.c.general.pk}).status_code == 302
    assert on(duty.day) == {"general"}
    assert Notification.objects.filter(user=w.c.general).exists()
    with pytest.raises(staff.DutyMoved):
        staff.hand_over(by=w.c.office, duty=duty, to=w.c.guide_2)  # the page was read before
    away = DutyDay.objects.exclude(pk=duty.pk).first()
    granted(w, w.c.general, away.day, away.day)
    with pytest.raises(staff.StaffRefused):
        staff.hand_over(by=w.c.office, duty=away, to=w.c.general)


def test_two_days_are_exchanged(client, w):
    one, two = (
        DutyDay.objects.create(campaign=w.batch.campaign, day=dt.date(2026, 12, day), user=user)
        for day, user in ((1, w.c.guide), (2, w.c.general))
    )
    client.force_login(w.c.guide)
    url = reverse("supervision:duty_change", args=[one.pk])
    assert client.post(url, {"deed": "swap", "other": ""}).status_code == 422
    assert client.post(url, {"deed": "swap", "other": two.pk}).status_code == 302
    assert (on(one.day), on(two.day)) == ({"general"}, {"guide"})
    both = DutyDay.objects.create(campaign=w.batch.campaign, day=one.day, user=w.c.office)
    with pytest.raises(staff.StaffRefused):
        staff.hand_over(by=w.c.office, duty=both, to=w.c.general)  # on duty that day already
    assert on(one.day) == {"general", "office"}


def test_leave_and_duty_fill_the_attendance_in(client, w):
    granted(w, w.c.general, TODAY, TODAY)
    DutyDay.objects.create(campaign=w.batch.campaign, day=TODAY, user=w.c.guide)
    client.force_login(w.c.office)
    url = f"{reverse('supervision:staff_attendance')}?day={TODAY:%F}"
    rows = {row["line"].person.user.username: row for _team, part in client.get(url).context["teams"] for row in part}
    assert (rows["general"]["state"], rows["guide"]["state"], rows["office"]["state"]) == ("leave", "duty", "")
    sent = {"version": 0, **{f"s-{row['pk']}": row["state"] or "present" for row in rows.values()}}
    sent |= {f"s-{w.c.guide_2.pk}": "out", f"p-{w.c.guide_2.pk}": ""}
    answer = client.post(url, sent)
    assert answer.status_code == 422 and answer.context["form"].errors.keys() == {f"p-{w.c.guide_2.pk}"}
    assert AttendanceSheet.objects.count() == 0
    assert client.post(url, sent | {f"p-{w.c.guide_2.pk}": "县卫生局"}).status_code == 302
    sheet = AttendanceSheet.objects.get()
    assert sheet.rows.get(user=w.c.guide_2).place == "县卫生局"
    assert sheet.rows.count() == len(rows)
    assert "县卫生局" in client.get(reverse("supervision:staff")).content.decode()


def test_the_month_is_counted_by_person_for_who_oversees_it(client, w):
    for back, state in ((0, "present"), (1, "duty"), (2, "present"), (26, "absent")):  # the last in October
        day = TODAY - dt.timedelta(days=back)
        rows = {w.c.guide.pk: (state, "")}
        staff.save_attendance(by=w.c.office, campaign=w.batch.campaign, day=day, version=0, rows=rows)
    client.force_login(w.c.leader)
    figures = client.get(reverse("supervision:staff_attendance")).context["figures"]
    assert {row.person.user.username: row.counts for row in figures}["guide"] == [2, 1, 0, 0, 0]
    client.force_login(w.c.guide)
    assert client.get(reverse("supervision:staff_attendance")).context["figures"] == []


def test_two_who_save_one_day_do_not_overwrite_each_other(client, w):
    url = f"{reverse('supervision:staff_attendance')}?day={TODAY:%F}"
    client.force_login(w.c.office)
    assert client.post(url, {"version": 0, f"s-{w.c.guide.pk}": "present"}).status_code == 302
    client.force_login(w.c.general)
    late = client.post(url, {"version": 0, f"s-{w.c.guide.pk}": "absent"})
    assert late.status_code == 409
    assert AttendanceSheet.objects.get().rows.get(user=w.c.guide).state == "present"
    kept = {row["pk"]: row for _team, part in late.context["teams"] for row in part}[w.c.guide.pk]
    assert (kept["state"], kept["theirs"]) == ("absent", "present")
    again_sent = {"version": late.context["sheet"].version, f"s-{w.c.guide.pk}": "absent"}
    assert client.post(url, again_sent).status_code == 302
    assert AttendanceSheet.objects.get().rows.get(user=w.c.guide).state == "absent"
    client.force_login(w.c.guide)
    assert client.post(url, {"version": 2}).status_code == 403
    tomorrow = TODAY + dt.timedelta(days=1)
    with pytest.raises(staff.StaffRefused):
        staff.save_attendance(by=w.c.office, campaign=w.batch.campaign, day=tomorrow, version=0, rows={})


# ---------------------------------------------------------------- discipline
def test_the_rules_are_acknowledged_once_and_again_when_they_change(client, w):
    url = reverse("supervision:discipline")

    def waits(user):
        return [one for one in todo.gather(again(user)) if one.url == url]

    assert len(w.playbook.staffing.discipline) == 5
    assert waits(w.c.guide) and waits(w.c.office) and not waits(w.c.leader) and not waits(w.c.secretary)
    client.force_login(w.c.guide)
    for _twice in range(2):
        assert client.post(url).status_code == 302
    assert AuditEntry.objects.filter(action="discipline.acknowledged").count() == 1
    assert not waits(w.c.guide)
    campaign = Campaign.objects.get(pk=w.batch.campaign_id)
    snapshot = copy.deepcopy(campaign.snapshot)
    snapshot["staffing"]["discipline"][0]["name"]["zh"] = "坚守岗位，不得擅离"
    Campaign.objects.filter(pk=campaign.pk).update(snapshot=snapshot)
    assert waits(w.c.guide)
    client.force_login(w.c.office)
    rows = {row.person.user.username: row for row in client.get(url).context["rows"]}
    assert rows["guide"].at is None and rows["guide"].before
    assert set(rows) >= {"office", "general", "guide", "guide2", "supervisor"}
    client.force_login(w.c.leader)
    assert client.post(url).status_code == 403  # above the staff, not of it
    client.force_login(w.c.guide)
    assert client.get(url).context["rows"] == []


@pytest.mark.django_db
def test_a_playbook_without_rules_asks_for_nothing():
    w = make_supervised_world()
    url = reverse("supervision:discipline")
    assert not [one for one in todo.gather(again(w.c.guide)) if one.url == url]
    with pytest.raises(staff.StaffRefused):
        staff.acknowledge(by=w.c.guide, batch=Batch.objects.get(pk=w.batch.pk))


def test_a_gift_is_recorded_and_seen_by_the_office_only(client, w, django_capture_on_commit_callbacks):
    url = reverse("supervision:gifts")
    sent = {"offered_on": TODAY, "giver": "某单位办公室", "what": "茶叶两盒", "outcome": "handed_in", "done": ""}
    client.force_login(w.c.guide)
    assert client.post(url, sent).context["form"].errors.keys() == {"done"}
    late = sent | {"offered_on": TODAY + dt.timedelta(days=1), "done": "交先教办"}
    assert client.post(url, late).context["form"].errors.keys() == {"offered_on"}
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, sent | {"done": "当日交先教办"}).status_code == 302
    assert Gift.objects.get().user == w.c.guide
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"office", "general"}
    for user, sees in ((w.c.guide, True), (w.c.office, True), (w.c.leader, True), (w.c.guide_2, False)):
        client.force_login(user)
        assert ("茶叶两盒" in client.get(url).content.decode()) == sees, user


def test_the_staff_are_the_people_of_office_and_groups_by_team(w):
    user_with("office_lecture", w.t.county, "lecturer", "柳青")
    people = {p.user.username: p for p in staffing.staff_of(w.batch.campaign)}
    assert people.keys() == {"office", "general", "lecturer", "guide", "guide2", "supervisor"}
    assert [p.user.username for p in staffing.staff_of(w.batch.campaign)][:3] == ["office", "general", "lecturer"]
    assert people["office"].team.head and people["guide"].team.head and not people["guide2"].team.head
    assert people["guide"].team.name == "第三督导组"


def test_the_pages_cost_the_same_for_one_and_three(client, w):
    client.force_login(w.c.office)

    def cost(name):
        with CaptureQueriesContext(connection) as found:
            assert client.get(reverse(f"supervision:{name}")).status_code == 200
        return len(found)

    def furnish(user, day):
        DutyDay.objects.create(campaign=w.batch.campaign, day=TODAY, user=user)
        data = staff.GiftData(clock.today(), "某单位", f"礼品{day}", "refused")
        staff.record_gift(by=user, campaign=w.batch.campaign, data=data)

    names = ("staff", "duty", "staff_attendance", "discipline", "gifts")
    furnish(w.c.guide, 1)
    for name in names:
        cost(name)
    one = [cost(name) for name in names]
    furnish(w.c.guide_2, 2)
    furnish(w.c.general, 3)
    user_with("office_lecture", w.t.county, "lecturer", "柳青")
    assert [cost(name) for name in names] == one


def test_units_have_no_business_on_these_pages(client, w):
    for name in ("staff", "duty", "staff_attendance", "leaves", "leave_new", "discipline", "gifts"):
        for user, answer in ((w.c.secretary, 403), (w.c.branch, 403), (w.c.outsider, 404), (w.c.leader, 200)):
            client.force_login(user)
            expected = 403 if (name, user) == ("leave_new", w.c.leader) else answer
            assert client.get(reverse(f"supervision:{name}")).status_code == expected, (name, user)


def test_the_menu_offers_them_to_the_staff_and_the_leading_group(client, w):
    lecturer = user_with("office_lecture", w.t.county, "lecturer", "柳青")
    url = f'href="{reverse("supervision:staff")}"'
    for user, offered in ((lecturer, True), (w.c.guide, True), (w.c.leader, True), (w.c.secretary, False)):
        client.force_login(user)
        assert (url in client.get(reverse("supervision:instructions")).content.decode()) == offered, user
