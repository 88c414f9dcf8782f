"""Absences of principals: they warn and never block, and only where the playbook has the rule (S-06, S-07)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from accounts import clock
from accounts.models import AuditEntry, Notification
from campaign import dossier
from campaign.unit_links import links
from supervision.actions import absences
from supervision.models import PrincipalAbsence
from supervision.tests.factories import fresh, make_supervised_world

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 26)


@pytest.fixture
def w():
    return make_supervised_world()


def sent(**more):
    given = {
        "kind": "trip",
        "person": "李局长",
        "position": "局长",
        "place": "成都",
        "from_date": TODAY,
        "to_date": TODAY + dt.timedelta(days=1),
        "exception": "urgent",
        "reason": "",
    }
    return {**given, **more}


def kept(w, name="health", **more):
    given = {"kind": "trip", "person": "李局长", "place": "成都", "from_date": TODAY, "to_date": TODAY, **more}
    data = absences.AbsenceData(**({"exception": "urgent"} | given))
    return absences.record_absence(by=w.c.secretary, participation=fresh(getattr(w.p, name)), data=data)


def test_an_allowed_trip_is_recorded_and_disturbs_nobody(client, w, django_capture_on_commit_callbacks):
    client.force_login(w.c.secretary)
    url = reverse("supervision:unit_absences", args=[w.p.health.pk])
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url, sent()).status_code == 302
    assert not PrincipalAbsence.objects.get().against_rule
    assert Notification.objects.count() == 0
    assert AuditEntry.objects.filter(action="absence.recorded").exists()


def test_one_against_the_rule_takes_a_reason_warns_and_is_told_above(client, w, django_capture_on_commit_callbacks):
    client.force_login(w.c.secretary)
    url = reverse("supervision:unit_absences", args=[w.p.health.pk])
    page = client.get(url).content.decode()
    assert w.playbook.staffing.travel.zh in page
    assert client.post(url, sent(exception="")).context["form"].errors.keys() == {"exception"}
    assert client.post(url, sent(exception="-")).context["form"].errors.keys() == {"reason"}
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(url, sent(exception="-", reason="参加招商活动"), follow=True)
    assert "原则上" in answer.content.decode()
    assert PrincipalAbsence.objects.get().against_rule  # it warns, it does not block
    told = set(Notification.objects.values_list("user__username", flat=True))
    assert told >= {"office", "guide"} and "secretary" not in told
    client.force_login(w.c.office)
    assert "参加招商活动" in client.get(reverse("supervision:absences")).content.decode()


def test_a_party_school_course_during_the_batch_always_needs_a_reason(client, w):
    client.force_login(w.c.secretary)
    url = reverse("supervision:unit_absences", args=[w.p.health.pk])
    course = sent(kind="party_school", exception="urgent")
    assert client.post(url, course).context["form"].errors.keys() == {"reason"}
    assert client.post(url, {**course, "reason": "省委组织部调训"}).status_code == 302
    assert PrincipalAbsence.objects.get().exception == ""


def test_bad_dates_are_refused(client, w):
    client.force_login(w.c.secretary)
    url = reverse("supervision:unit_absences", args=[w.p.health.pk])
    backwards = sent(to_date=TODAY - dt.timedelta(days=1))
    assert client.post(url, backwards).context["form"].errors.keys() == {"to_date"}
    early = w.batch.starts_on - dt.timedelta(days=9)
    assert client.post(url, sent(from_date=early, to_date=early)).context["form"].errors.keys() == {"to_date"}
    assert PrincipalAbsence.objects.count() == 0


def test_a_playbook_without_the_rule_asks_for_none(client):
    w = make_supervised_world(playbook="xingwen-county")
    client.force_login(w.c.secretary)
    url = reverse("supervision:unit_absences", args=[w.p.health.pk])
    assert client.get(url).context["form"] is None
    assert client.post(url, sent()).status_code == 403
    client.force_login(w.c.office)
    assert client.post(reverse("supervision:absences_remind")).status_code == 403


def test_only_the_unit_records_and_only_those_in_scope_see(client, w):
    url = reverse("supervision:unit_absences", args=[w.p.health.pk])
    kept(w)
    for user, answers in ((w.c.office, (200, 403)), (w.c.guide, (200, 403)), (w.c.court, (404, 404))):
        client.force_login(user)
        assert (client.get(url).status_code, client.post(url, sent()).status_code) == answers, user
    assert len(client.get(reverse("supervision:absences")).context["page"]) == 0


def test_an_absence_is_taken_back_once_and_stays_on_record(client, w):
    absence = kept(w)
    client.force_login(w.c.office)
    url = reverse("supervision:absence_withdraw", args=[absence.pk])
    assert client.post(url).status_code == 403
    client.force_login(w.c.secretary)
    assert client.post(url).status_code == 302
    with pytest.raises(absences.AbsenceWithdrawn):
        absences.withdraw_absence(by=w.c.secretary, absence=absence)
    client.force_login(w.c.office)
    context = client.get(reverse("supervision:absences")).context
    assert (len(context["page"]), context["figures"]["all"]) == (1, 0)


def test_the_page_of_a_unit_leads_there_where_the_rule_exists(w):
    def text(world, user):
        found = [one for one in links(user, fresh(world.p.health)) if "absences" in one.url]
        return [str(one.text) for one in found]

    with override("en"):
        assert text(w, w.c.office) == ["Trips and party-school courses"]
        kept(w)
        kept(w, exception="", reason="招商")
        assert text(w, w.c.office) == ["2 on record, 1 of them against the rule"]
        assert text(w, w.c.branch) == []


def test_figures_and_what_is_shown(client, w):
    kept(w)
    kept(w, "archives", exception="", reason="省里开会")
    kept(w, from_date=TODAY + dt.timedelta(days=5), to_date=TODAY + dt.timedelta(days=6))
    client.force_login(w.c.office)
    url = reverse("supervision:absences")
    assert client.get(url).context["figures"] == {"all": 3, "now": 2, "against": 1}
    assert [len(client.get(f"{url}?show={show}").context["page"]) for show in ("now", "against")] == [2, 1]


def test_the_units_are_reminded_once_a_day(client, w, django_capture_on_commit_callbacks):
    client.force_login(w.c.office)
    url = reverse("supervision:absences_remind")
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(url).status_code == 302
    assert set(Notification.objects.values_list("user__username", flat=True)) == {"secretary", "archives", "court"}
    with pytest.raises(absences.RemindedToday):
        absences.remind_units(by=w.c.general, batch=w.batch)
    client.force_login(w.c.secretary)
    assert client.post(url).status_code == 403
    with clock.freeze(TODAY + dt.timedelta(days=1)):
        assert absences.remind_units(by=w.c.office, batch=w.batch) == 3


def test_the_dossier_tells_them_and_the_list_costs_the_same_for_one_and_three(client, w):
    kept(w, exception="", reason="招商")
    subject = dossier.Subject(w.t.health, fresh(w.p.health), w.c.office)
    told = [(str(event.title), event.tone) for event in dossier.events(subject, ["absences"])]
    assert [tone for _title, tone in told] == ["late"] and "李局长" in told[0][0]
    client.force_login(w.c.office)

    def cost():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("supervision:absences"))
            client.get(reverse("supervision:unit_absences", args=[w.p.health.pk]))
            dossier.events(subject, ["absences"])
        return len(found)

    cost()
    one = cost()
    kept(w)
    kept(w, "archives")
    assert cost() == one
