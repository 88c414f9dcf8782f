"""The way up: what came from below goes into the office's report, is passed on, and its authors are told (K-01)."""

import datetime as dt
from io import BytesIO

import docx
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import AuditEntry, Notification
from campaign import todo
from campaign.editing.uses import in_use
from campaign.tests.factories import make_world, record
from reports import chain_rules, weeks
from reports.actions import adoption, chain
from reports.actions import reports as actions
from reports.models import Forwarding, UpwardReport
from reports.queries import adoption as points
from reports.queries import chain as queries
from reports.tests.factories import send, this_week, unit_rule
from units.models import Organization
from units.tests.factories import make_organization, user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    """Health and archives have reported and were accepted; the court has not."""
    w = make_world(playbook="xingwen-county")
    w.rule, w.up = unit_rule(w), chain_rules.upward_rules(w.batch.campaign)[0]
    w.week = this_week()
    w.health = accepted(w, w.p.health, w.c.secretary, "卫生局的做法值得推广。")
    w.archives = accepted(w, w.p.archives, w.c.archives, "档案局党员全部到会学习。")
    return w


def accepted(w, unit, author, text):
    sent = send(unit, w.rule, author, text=text)
    return actions.accept_report(by=w.c.general, report=sent, version=sent.version)


def opened(w, by=None):
    return chain.open_upward(by=by or w.c.general, batch=w.batch, rule=w.up, week=w.week)


def filled(upward, w):
    return {field.key: upward.contents.get(field.key) or "本周无。" for field in w.up.fields}


def sent_up(w, *reports):
    """The office's report, with the experience of these reports taken up."""
    up = opened(w)
    wanted = [chain.Pick(report.pk, "experience", "experience") for report in reports]
    chain.take(by=w.c.general, upward=up, version=up.version, contents=filled(up, w), picks=wanted)
    return chain.submit(by=w.c.general, upward=up, version=up.version, contents=up.contents)


def told(user):
    return [str(note.message) for note in Notification.objects.filter(user=user).order_by("pk")]


def test_the_figures_are_summed_from_below_over_frozen_rolls_and_fixed_when_sent(w):
    health_1 = w.t.members["Z003"]
    record(w, w.t.health_1, days_ago=0, hours=3, action="", people=health_1[:2], others_present=1)
    record(w, w.t.health_2, days_ago=9, hours=5, people=w.t.members["Z004"])  # another week
    up = opened(w)
    assert "信息简报应报3份" in up.contents["progress"]
    sent_up(w)
    up.refresh_from_db()
    (brief,) = up.figures["rules"]
    assert (brief["owed"], brief["sent"], brief["missing"]) == (3, 2, ["县法院"])
    kept = {name: up.figures[name] for name in ("activities", "sessions", "hours", "attendances", "reached", "members")}
    assert kept == {
        "activities": 1,
        "sessions": 1,
        "hours": "3",
        "attendances": 3,
        "reached": 2,
        "members": sum(len(people) for people in w.t.members.values()),
    }
    send(w.p.court, w.rule, w.c.office)
    assert queries.gathered(w.batch, w.week)["rules"][0]["sent"] == 3
    assert UpwardReport.objects.get().figures["rules"][0]["sent"] == 2
    assert "upward_report" in in_use(w.batch.campaign)["reports"]


def test_passages_go_where_they_belong_in_the_order_asked_for_with_their_source(w):
    up = opened(w)
    offered = queries.offers(up, w.up)
    assert {offer.candidate.source for offer in offered} == {"县卫生局", "县档案局"}
    wanted = [chain.Pick(w.health.pk, "experience", "results"), chain.Pick(w.archives.pk, "experience", "results")]
    chain.take(by=w.c.general, upward=up, version=up.version, contents=filled(up, w), picks=[*wanted, wanted[0]])
    text = up.contents["results"]
    assert text.index("（县卫生局）") < text.index("（县档案局）") and text.count("县卫生局") == 1
    assert [one.source_name for one in queries.taken_from(up)] == ["县卫生局", "县档案局"]
    first = queries.taken_from(up)[0]
    chain.drop(by=w.c.general, upward=up, version=up.version, contents=up.contents, passage=first)
    assert "县卫生局" not in up.contents["results"] and "（县档案局）" in up.contents["results"]
    with pytest.raises(chain.ReportChanged):
        chain.save(by=w.c.office, upward=up, version=1, contents={})


def test_each_step_is_told_to_the_author_and_stands_on_his_report(w, client, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        up = sent_up(w, w.health)
        chain.return_upward(by=w.c.office, upward=up, version=up.version, reason="补充数据", entered=True)
        chain.submit(by=w.c.general, upward=up, version=up.version, contents=up.contents)
        chain.accept_upward(by=w.c.office, upward=up, version=up.version, entered=True)
        chain.forward(by=w.c.general, report=w.health, to="市委先教办")
        adoption.mark_used_above(by=w.c.general, report=w.health, used_on=dt.date(2026, 11, 26), where="市简报第5期")
    mine = told(w.c.secretary)
    steps = ("was accepted", "was taken up in the report", "in which the", "was passed on", "used the")
    assert [sum(step in text for text in mine) for step in steps] == [0, 1, 1, 1, 1]
    assert told(w.c.archives) == [] and any("returned" in text for text in told(w.c.general))
    assert points.points_of(w.health, w.rule) == w.rule.points.above
    client.force_login(w.c.secretary)
    page = client.get(reverse("reports:report", args=[w.health.pk]), headers={"accept-language": "zh-hans"})
    shown = page.content.decode()
    for text in ("上报材料采用", "已被上级收下", "已转报市委先教办", "市简报第5期"):
        assert text in shown
    assert "县档案局" not in shown
    assert client.get(reverse("reports:upward_report", args=[up.pk])).status_code == 404


def test_a_report_is_passed_on_once_and_not_taken_back_after_its_use(w):
    with pytest.raises(chain.NotForwardable):
        chain.forward(by=w.c.office, report=send(w.p.court, w.rule, w.c.secretary), to="市委先教办")
    chain.forward(by=w.c.office, report=w.health, to="市委先教办")
    assert [row.report for row in queries.passed_on(w.c.leader)] == [w.health] and not queries.passed_on(w.c.archives)
    with pytest.raises(chain.AlreadyForwarded):
        chain.forward(by=w.c.general, report=w.health, to="市委先教办")
    use = {"used_on": dt.date(2026, 11, 26), "where": "市简报"}
    adoption.mark_used_above(by=w.c.office, report=w.health, **use)
    with pytest.raises(chain.UsedAlready):
        chain.take_back(by=w.c.office, report=w.health)
    adoption.unmark_used_above(by=w.c.office, report=w.health)
    chain.take_back(by=w.c.office, report=w.health)
    assert not Forwarding.objects.exists() and not queries.passed_on(w.c.office)
    assert AuditEntry.objects.filter(action=chain.NOT_FORWARDED).count() == 1


def test_a_superior_who_signs_in_answers_himself(w, client):
    sent = sent_up(w)
    assert chain_rules.can_enter_answer(w.c.office, sent)
    city = make_organization("中共市委", Organization.Kind.COUNTY_COMMITTEE, code="S00")
    county = Organization.objects.get(pk=w.t.county.pk)
    move_under(county, city)
    boss = user_with("office_head", city, "city", "市办主任")
    sent = UpwardReport.objects.select_related("batch__campaign__host").get(pk=sent.pk)
    assert not chain_rules.can_enter_answer(w.c.office, sent)
    assert chain_rules.can_decide(boss, sent) and not chain_rules.can_edit(boss, sent)
    client.force_login(boss)
    answer = reverse("reports:upward_answer", args=[sent.pk])
    assert client.post(answer, {"do": "return", "reason": "", "version": sent.version}).status_code == 400
    client.post(answer, {"do": "return", "reason": "请补充数据", "version": sent.version})
    sent.refresh_from_db()
    assert (sent.state, sent.return_reason, sent.answer_entered) == ("returned", "请补充数据", False)
    client.post(answer, {"do": "accept", "version": sent.version})
    assert UpwardReport.objects.get().state == "returned"


def move_under(organization, parent):
    """The host's tree below another root, as an installation for a whole city has it."""
    rows = Organization.objects.filter(path__startswith=organization.path)
    step = organization.steplen
    new = parent.path + organization.path[-step:]
    for row in rows:
        tail = row.path[len(organization.path) :]
        Organization.objects.filter(pk=row.pk).update(
            path=new + tail, depth=row.depth + 1, parent=parent if row.pk == organization.pk else row.parent
        )


@pytest.mark.once
def test_the_office_writes_it_in_the_browser_and_gets_a_word_file(w, client):
    client.force_login(w.c.general)
    listed = client.get(reverse("reports:upward"))
    begin = reverse("reports:upward_open", args=[w.batch.pk, w.up.key, w.week.isoformat()])
    assert begin in listed.content.decode()
    edit = client.post(begin)["Location"]
    page = client.get(edit).content.decode()
    assert "县法院" in page and f'name="take-{w.health.pk}-experience"' in page
    up = UpwardReport.objects.get()
    text = {field.key: "本周工作正常。" for field in w.up.fields} | {"version": up.version}
    ticked = {f"take-{r.pk}-experience": "1" for r in (w.health, w.archives)}
    order = {f"order-{w.health.pk}-experience": "2", f"order-{w.archives.pk}-experience": "1"}
    client.post(edit, {**text, **ticked, **order, "do": "take"})
    up.refresh_from_db()
    assert [one.source_name for one in queries.taken_from(up)] in (["县档案局", "县卫生局"],)
    stale = client.post(edit, {**text, "do": "save"})
    assert stale.status_code == 409 and "本周工作正常" in stale.content.decode()
    empty = {field.key: "" for field in w.up.fields}
    refused = client.post(edit, {**empty, "version": up.version, "do": "submit"})
    assert refused.status_code == 200 and UpwardReport.objects.get().state == "draft"
    client.post(edit, {**up.contents, "version": up.version, "do": "submit"})
    assert UpwardReport.objects.get().state == "submitted"
    word = client.get(reverse("reports:upward_docx", args=[up.pk]))
    lines = [p.text for p in docx.Document(BytesIO(b"".join(word))).paragraphs]
    assert "市委先教办：" in lines and any("（县档案局）" in line for line in lines)
    assert lines[0].startswith("青岚县先教活动上报市委先教办周报")


@pytest.mark.once
def test_the_to_do_list_asks_for_it_from_the_day_before_until_it_is_sent(w, clock):
    def waits(user):
        return any(item.url == reverse("reports:upward") for item in todo.gather(user))

    def fresh(name):
        return type(w.c.office).objects.get(username=name)

    assert waits(fresh("office")) and not waits(fresh("secretary"))
    sent_up(w)
    assert not waits(fresh("office"))
    clock.now = weeks.regular_due(w.up, w.week) + dt.timedelta(days=4)
    assert not waits(fresh("office"))  # Tuesday: far from Friday


@pytest.mark.once
def test_the_list_costs_the_same_for_one_and_three(w, client):
    def cost():
        client.force_login(w.c.leader)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(reverse("reports:upward")).status_code == 200
        return len(seen)

    sent_up(w, w.health)
    cost()  # the first reads the session's user
    before = cost()
    for back in (1, 2):
        made = chain.open_upward(by=w.c.general, batch=w.batch, rule=w.up, week=w.week - back * weeks.WEEK)
        chain.submit(by=w.c.general, upward=made, version=made.version, contents=filled(made, w))
    assert cost() == before
    assert UpwardReport.objects.filter(state="submitted").count() == 3
