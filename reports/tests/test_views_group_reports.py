"""The pages of the supervision groups' weekly reports: writing, who has sent it, reminding, excusing (K-04, K-06)."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reports.actions import reports as actions
from reports.models import Report, ReportException, ReportReminder
from reports.tests.factories import fill
from reports.tests.test_group_reports import W1, W2, sent, world
from supervision import actions as supervision
from supervision.actions import notes

pytestmark = pytest.mark.django_db
MINE, WEEKLY = reverse("reports:group_mine"), reverse("reports:weekly")


@pytest.fixture
def w(clock):
    return world(clock, "xingwen-county")


def new_url(w, rule=0, week=W2, group=None):
    return reverse("reports:group_report_new", args=[(group or w.group).pk, w.reports[rule].key, week.isoformat()])


def note(w, text, kind="problem", **given):
    return notes.write_note(by=w.c.guide, group=w.group, kind=kind, text=text, **given)


# ---------------------------------------------------------------- writing
def test_the_draft_begins_with_figures_and_the_notes_in_their_fields_and_stores_nothing(client, w):
    note(w, "笔记有代抄", participation=w.p.health)
    note(w, "已责成补记", "measure")
    note(w, "早学半小时", "experience", participation=w.p.court)
    client.force_login(w.c.guide_2)
    page = client.get(new_url(w, rule=1))
    shown = page.context["form"].initial
    assert shown["progress"].startswith("本组联系单位3个")
    assert shown["problems"] == f"存在问题（{w.p.health.label}）：笔记有代抄\n解决措施：已责成补记"
    assert shown["experience"] == f"{w.p.court.label}：早学半小时"
    assert (page.context["taken"], page.context["left"]) == (3, [])
    assert not Report.objects.exists()
    # a rule with one field takes them all, each with what it is
    assert f"典型经验（{w.p.court.label}）：早学半小时" in client.get(new_url(w)).context["form"].initial["progress"]


def test_notes_made_after_the_draft_was_saved_are_put_in_by_a_button_and_keep_what_was_typed(client, w):
    client.force_login(w.c.guide)
    client.post(new_url(w), {"do": "save", "version": 0, "progress": "先写的"})
    report = Report.objects.get()
    late = note(w, "又看到一个问题")
    url = reverse("reports:report_edit", args=[report.pk])
    assert client.get(url).context["left"] == [late]
    page = client.post(url, {"do": "notes", "version": report.version, "progress": "还没有存的"})
    assert page.context["form"].initial["progress"] == "还没有存的\n存在问题：又看到一个问题"
    assert 'name="version" value="2"' in page.content.decode()
    assert Report.objects.get().contents["progress"] == "先写的"
    done = {"do": "submit", "version": 2, "progress": page.context["form"].initial["progress"]}
    assert client.post(url, done).status_code == 302
    late.refresh_from_db()
    assert late.used_at is not None
    assert client.get(new_url(w, rule=1)).context["taken"] == 1  # the brief tells it too


def test_what_is_noted_after_the_report_went_goes_into_the_next(client, w, clock):
    note(w, "报前记的")
    client.force_login(w.c.guide)
    initial = client.get(new_url(w)).context["form"].initial
    client.post(new_url(w), {"do": "submit", "version": 0, "progress": initial["progress"]})
    clock.hold(2026, 11, 28, 9)
    note(w, "报后记的")
    clock.hold(2026, 12, 1, 9)
    following = client.get(new_url(w, week=W2 + dt.timedelta(days=7))).context["form"].initial["progress"]
    assert "报后记的" in following
    assert "报前记的" not in following


def test_two_who_write_at_once_lose_nothing(client, w):
    theirs = actions.open_report(by=w.c.guide_2, reporter=w.us, rule=w.reports[0], week=W2)
    actions.save_draft(by=w.c.guide_2, report=theirs, version=1, contents={"progress": "同事写的"})
    client.force_login(w.c.guide)
    page = client.post(new_url(w), {"do": "submit", "version": 0, "progress": "我写的"})
    assert page.status_code == 409
    assert {"同事写的", "我写的"} <= set(page.content.decode().replace("<", ">").replace("\n", "").split(">"))
    assert Report.objects.get().state == Report.State.DRAFT


def test_others_cannot_write_for_the_group(client, w):
    for user in (w.c.other, w.c.office, w.c.secretary):
        client.force_login(user)
        assert client.get(new_url(w)).status_code == 403
    client.force_login(w.c.guide)
    assert client.get(new_url(w).replace("supervision_report", "brief")).status_code == 404  # a report of units
    assert client.get(new_url(w, week=W2 + dt.timedelta(days=7)), follow=True).request["PATH_INFO"] == MINE


def test_my_groups_reports_and_the_way_there(client, w):
    sent(w, week=W1)
    client.force_login(w.c.guide)
    page = client.get(reverse("reports:mine"), follow=True)
    assert page.request["PATH_INFO"] == MINE
    assert page.context["reporter"].group == w.group
    assert [row["rule"].key for row in page.context["now"]] == ["supervision_report", "supervision_brief"]
    assert new_url(w) in page.content.decode()
    client.force_login(w.c.office)
    assert client.get(MINE).url == WEEKLY
    client.force_login(w.c.other)
    assert client.get(MINE, {"group": w.group.pk}).status_code == 404


# ---------------------------------------------------------------- who has sent it
def tables(client):
    return {table["rule"].key: table for table in client.get(WEEKLY).context["tables"]}


def test_the_office_sees_all_groups_and_whom_to_chase(client, w, clock):
    sent(w)
    clock.hold(2026, 11, 26, 13)
    client.force_login(w.c.office)
    table = tables(client)["supervision_report"]
    assert [row["line"].reporter.group for row in table["rows"]] == [w.group, w.other]
    assert "第四督导组" in table["sentences"][0]
    assert "第三督导组" not in table["sentences"][0]
    assert (table["chaseable"], table["late"]) == (1, True)
    client.force_login(w.c.guide)
    page = client.get(WEEKLY)
    assert MINE in page.content.decode()
    assert [row["line"].reporter.group for row in page.context["tables"][0]["rows"]] == [w.group]
    client.force_login(w.c.secretary)
    assert client.get(WEEKLY).context["tables"] == []


def test_where_units_owe_nothing_the_groups_table_stands_alone(client, w):
    campaign = w.batch.campaign
    next(rule for rule in campaign.snapshot["reports"] if rule["reporter"] == "unit")["reporter"] = "branch"
    campaign.save()
    client.force_login(w.c.office)
    page = client.get(WEEKLY)
    assert [table["rule"].key for table in page.context["tables"]] == ["supervision_report", "supervision_brief"]
    assert "第四督导组" in page.content.decode()


def test_a_groups_report_is_found_by_its_name_by_who_may_read_it(client, w):
    sent(w)
    client.force_login(w.c.office)
    url = reverse("reports:report", args=[Report.objects.get().pk])
    assert url in client.get(reverse("search"), {"q": "第三督导组"}).content.decode()
    client.force_login(w.c.other)
    assert url not in client.get(reverse("search"), {"q": "第三督导组"}).content.decode()


def test_the_table_costs_the_same_for_two_groups_and_five(client, w):
    client.force_login(w.c.office)

    def cost():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(WEEKLY).status_code == 200
        return len(queries)

    cost()
    two = cost()
    for name in ("第七督导组", "第八督导组", "第九督导组"):
        group = supervision.create_group(by=w.c.office, campaign=w.batch.campaign, name=name)
        supervision.assign(by=w.c.office, group=group, organization=w.t.court)
    assert cost() == two


def test_the_office_reminds_one_group_or_all_still_awaited(client, w):
    sent(w)
    client.force_login(w.c.office)
    given = {"rule": "supervision_report", "next": WEEKLY}
    client.post(reverse("reports:remind"), {**given, "do": "all"})
    assert set(ReportReminder.objects.values_list("group", "week")) == {(w.other.pk, W2)}
    client.post(reverse("reports:remind"), {**given, "rule": "supervision_brief", "only": w.group.pk})
    assert set(ReportReminder.objects.filter(rule="supervision_brief").values_list("group", flat=True)) == {w.group.pk}
    client.force_login(w.c.guide)
    assert client.post(reverse("reports:remind"), {**given, "do": "all"}).status_code == 403


def test_the_office_excuses_the_groups_ticked_for_a_week_and_revokes_it(client, w):
    client.force_login(w.c.office)
    url = reverse("reports:exception")
    given = {"rule": "supervision_report", "first": W2.isoformat(), "last": W2.isoformat(), "kind": "excused"}
    assert client.post(url, {**given, "reason": ""}).context["form"].errors.keys() == {"reason", "__all__"}
    page = client.post(url, {**given, "reason": "全市会议"})
    assert "请至少勾选一个组" in page.content.decode()
    assert "全市会议" in page.content.decode()
    one = {**given, "reason": "全市会议", "group": [w.group.pk]}
    assert client.post(url, one).url == f"{WEEKLY}#groups"
    assert set(ReportException.objects.values_list("group", flat=True)) == {w.group.pk}
    assert f"{w.group.name}</th>" in client.get(url, {"rule": "supervision_report"}).content.decode()
    client.post(url, {**one, "group": [w.group.pk, w.other.pk]})
    assert set(ReportException.objects.values_list("group", flat=True)) == {w.group.pk, w.other.pk}
    row = ReportException.objects.get(group=w.group)
    revoke = reverse("reports:exception_revoke", args=[row.pk])
    client.force_login(w.c.guide)
    assert client.post(revoke).status_code == 403
    client.force_login(w.c.other)
    assert client.post(revoke).status_code == 404
    client.force_login(w.c.office)
    client.post(revoke)
    assert ReportException.objects.count() == 1


def test_the_office_reads_returns_and_accepts_a_groups_report(client, w):
    report = sent(w)
    url, decide = (reverse(f"reports:{name}", args=[report.pk]) for name in ("report", "report_decide"))
    client.force_login(w.c.other)
    assert client.get(url).status_code == 404
    client.force_login(w.c.guide_2)
    assert client.post(decide, {"do": "accept", "version": report.version}).status_code == 403
    client.force_login(w.c.office)
    page = client.get(url)
    assert page.context["can_decide"]
    client.post(decide, {"do": "return", "version": report.version, "reason": "再写细"})
    client.force_login(w.c.guide_2)
    again = reverse("reports:report_edit", args=[report.pk])
    contents = fill(w.reports[0], "写细了，三个单位都有数字。")
    client.post(again, {"do": "submit", "version": report.version + 1, **contents})
    client.force_login(w.c.office)
    client.post(decide, {"do": "accept", "version": report.version + 2})
    assert Report.objects.get().state == Report.State.ACCEPTED
