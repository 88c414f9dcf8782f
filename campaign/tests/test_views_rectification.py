"""Pages of the ledger, plans, public ledger, notices and standing rules, as people use them."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from accounts import clock
from accounts.models import AuditEntry
from campaign import todo
from campaign.actions import give_notice
from campaign.actions import public_ledger as ledger_actions
from campaign.actions import rectification as actions
from campaign.actions import rectification_plans as plan_actions
from campaign.models import PublicLedger, PublicNotice, RectificationItem, RectificationPlan, StandingRule
from campaign.models.opinions import Opinion
from campaign.tests.factories import make_world
from campaign.tests.test_rectification import fresh, register
from campaign.tests.test_uploads import JPEG
from units.models import Member

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_world()


@pytest.fixture
def signed_in(client, w):
    client.force_login(w.c.branch)
    return client


def url(name, *args):
    return reverse(f"campaign:{name}", args=args)


def filled(**changes):
    base = {"problem": "办事大厅排队太久", "kind": "immediate", "measure": "增设窗口", "responsible_name": "何秀芝"}
    return {**base, **changes}


def in_days(days):
    return clock.today() + dt.timedelta(days=days)


def queries(client, address):
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert client.get(address).status_code == 200
    return len(seen)


# ---------------------------------------------------------------- ledger
def test_register_an_item_from_the_ledger(signed_in, w):
    empty = signed_in.get(url("rectification", w.t.health_1.pk))
    assert url("rectification_new", w.t.health_1.pk) in empty.content.decode()
    response = signed_in.post(url("rectification_new", w.t.health_1.pk), filled())
    item = RectificationItem.objects.get()
    assert response.url == url("rectification_item", item.pk)
    assert (item.stage, item.registered_by, item.measure) == ("study", w.c.branch, "增设窗口")
    assert item.problem in signed_in.get(url("rectification", w.t.health_1.pk)).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"kind": "time_limit"}, "deadline"),
        ({"kind": "joint"}, "departments"),
        ({"kind": "explain"}, "explanation"),
        ({"responsible_name": ""}, "responsible_member"),
        ({"deadline": "2000-01-01"}, "deadline"),
        ({"problem": ""}, "problem"),
    ],
)
def test_what_a_treatment_needs_is_asked_for_and_nothing_typed_is_lost(signed_in, w, changes, field):
    response = signed_in.post(url("rectification_new", w.t.health_1.pk), filled(**changes))
    assert response.status_code == 200 and list(response.context["form"].errors) == [field]
    assert "增设窗口" in response.content.decode()
    assert not RectificationItem.objects.exists()


def opinion(w, text, **more):
    given = {"batch": w.batch, "organization": w.t.health_1, "concerned": w.t.health_1, "channel": "meeting"}
    return Opinion.objects.create(**{**given, "received_on": clock.today(), "text": text, **more})


def test_from_opinions_without_retyping_and_none_on_a_member(signed_in, w):
    first, second = opinion(w, "排队太久"), opinion(w, "电话没人接")
    about = opinion(w, "某人迟到", target="member", member=w.t.members["Z003"][0])
    query = "&".join(f"opinion={one.pk}" for one in (first, second, about))
    address = url("rectification_new", w.t.health_1.pk)
    from_register = signed_in.post(address, {"opinions": [first.pk, second.pk, about.pk]})
    assert from_register.url == f"{address}?{query}"
    page = signed_in.get(from_register.url)
    assert page.context["form"].initial["problem"] == "排队太久\n电话没人接"
    signed_in.post(address, filled(opinion=[first.pk, second.pk, about.pk]))
    assert set(RectificationItem.objects.get().opinions.all()) == {first, second}


def deed(client, item, name, **data):
    return client.post(url("rectification_item", item.pk), {"deed": name, "version": fresh(item).version, **data})


def test_reported_with_a_photograph_and_confirmed_by_another(client, w):
    item = register(w)
    client.force_login(w.c.branch)
    deed(client, item, "report", text="已增设", files=[SimpleUploadedFile("窗口.jpg", JPEG)])
    assert fresh(item).state == "reported"
    page = client.get(url("rectification_item", item.pk))
    assert not page.context["may_confirm"]
    assert deed(client, item, "confirm").status_code == 403
    file = item.notes.get().files.get()
    assert client.get(url("rectification_file", file.pk)).headers["Content-Type"] == "image/jpeg"
    client.force_login(w.c.archives)
    assert client.get(url("rectification_file", file.pk)).status_code == 404
    client.force_login(w.c.secretary)
    assert deed(client, item, "return", text="").context["decide_form"].errors
    deed(client, item, "confirm", text="属实")
    assert fresh(item).state == "closed"


def test_a_stale_page_does_nothing_and_says_so(signed_in, w):
    item = register(w)
    actions.change_item(by=w.c.secretary, item=fresh(item), data=actions.ItemData(**filled()))
    response = signed_in.post(
        url("rectification_item", item.pk), {"deed": "report", "version": 1, "text": "好了"}, follow=True
    )
    assert fresh(item).state == "open"
    assert len(response.context["messages"]) == 1


def test_an_executable_is_no_proof(signed_in, w):
    item = register(w)
    response = deed(signed_in, item, "progress", text="看", files=[SimpleUploadedFile("a.jpg", b"MZ not a picture")])
    assert response.context["progress_form"].errors["files"]
    assert not item.notes.exists()


def test_change_and_extend(signed_in, w):
    item = register(w, kind="time_limit", deadline=in_days(3))
    page = signed_in.get(url("rectification_edit", item.pk))
    assert "deadline" not in page.context["form"].fields
    signed_in.post(url("rectification_edit", item.pk), filled(kind="time_limit", version=item.version))
    assert fresh(item).problem == "办事大厅排队太久"
    assert deed(signed_in, item, "extend", deadline=in_days(2), reason="x").context["extend_form"].errors
    deed(signed_in, item, "extend", deadline=in_days(9), reason="等设备")
    assert fresh(item).deadline == in_days(9)


def test_the_ledger_filters_and_costs_the_same_at_one_and_three_rows(signed_in, w):
    register(w, wind="government")
    address = url("rectification", w.t.health_1.pk)
    queries(signed_in, address)
    one = queries(signed_in, address)
    register(w, kind="time_limit", deadline=clock.today(), problem="流程太长")
    register(w, kind="explain", explanation="政策不许", problem="编制不够")
    assert queries(signed_in, address) == one
    with clock.freeze(in_days(1)):
        found = signed_in.get(address, {"overdue": "on"}).context["page"].object_list
        assert [item.problem for item in found] == ["流程太长"]
        assert sum(row.overdue for row, _bar in signed_in.get(address).context["picture"]) == 1
    assert len(signed_in.get(address, {"wind": "government"}).context["page"].object_list) == 1
    assert len(signed_in.get(address, {"kind": "explain"}).context["page"].object_list) == 1
    assert not signed_in.get(address, {"state": "closed"}).context["page"].object_list


def test_paper_form_and_workbook_hold_the_rows_and_no_formula(signed_in, w):
    register(w, problem="=1+1")
    assert "=1+1" in signed_in.get(url("rectification_paper", w.t.health_1.pk)).content.decode()
    response = signed_in.get(url("rectification_export", w.t.health_1.pk))
    cell = load_workbook(BytesIO(response.content)).active["C4"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert AuditEntry.objects.filter(action="ledger.exported").count() == 1


def test_the_offices_view_puts_overdue_first_at_a_constant_cost(client, w):
    register(w, w.t.archives)
    register(w, w.t.health_2, kind="time_limit", deadline=clock.today())
    client.force_login(w.c.office)
    address = url("rectification_overview")
    with clock.freeze(in_days(2)):
        queries(client, address)
        before = queries(client, address)
        rows = client.get(address).context["page"].object_list
        assert [(r.organization, r.overdue, r.longest) for r in rows[:1]] == [(w.t.health, 1, 2)]
        for place in (w.t.court_1, w.t.health_1):
            register(w, place)
        assert queries(client, address) == before


def test_a_branch_secretary_is_led_to_his_own_ledger(signed_in, w):
    assert signed_in.get(url("rectification_overview")).url == url("rectification", w.t.health_1.pk)


# ---------------------------------------------------------------- public ledger
def test_the_public_page_shows_only_the_chosen_items_and_no_names(client, w):
    named = w.t.members["Z003"][0]
    Member.objects.filter(pk=named.pk).update(name="欧阳慎独")
    register(
        w, public=True, problem="公开的问题", responsible_member=Member.objects.get(pk=named.pk), responsible_name=""
    )
    register(w, problem="内部的问题")
    register(w, w.t.archives, public=True, problem="别的单位的问题")
    give = {"by": w.c.secretary, "batch": w.batch, "organization": w.t.health, "kind": "plan", "days": 7}
    give_notice(**give, title="向社会公示的方案", scope="public")
    give_notice(**give, title="支部里公示的材料", scope="branch")
    client.force_login(w.c.secretary)
    client.post(url("public_ledger", w.t.health.pk), {"commitment": "我们承诺限期整改", "contact": "12345"})
    ledger = PublicLedger.objects.get()
    address = url("public_page", ledger.token)
    client.logout()
    page = client.get(address).content.decode()
    for text in ("公开的问题", "我们承诺限期整改", "12345", "向社会公示的方案", "<svg"):
        assert text in page
    for text in ("内部的问题", "别的单位的问题", "支部里公示的材料", "欧阳慎独", "csrf"):
        assert text not in page
    assert not client.cookies
    client.force_login(w.c.secretary)
    client.post(url("public_ledger", w.t.health.pk), {"take_back": "1"})
    client.logout()
    assert client.get(address).status_code == 404
    assert client.get(url("public_page", "no-such-token")).status_code == 404
    assert set(AuditEntry.objects.filter(action__startswith="ledger.").values_list("action", flat=True)) == {
        ledger_actions.PUBLISHED,
        ledger_actions.TAKEN_BACK,
    }


def test_only_who_answers_for_it_publishes(client, w):
    client.force_login(w.c.committee)
    assert client.post(url("public_ledger", w.t.health_1.pk), {"commitment": "x"}).status_code == 403
    assert not PublicLedger.objects.exists()


# ---------------------------------------------------------------- plans
def write(w, member):
    return plan_actions.write_plan(
        by=w.c.branch,
        batch=w.batch,
        owner="member",
        organization=member.organization,
        member=member,
        contents="改进作风",
        measures="每周走访",
    )


def test_a_member_writes_and_shows_his_own_plan(client, w):
    client.force_login(w.c.member)
    assert client.get(url("my_plan")).status_code == 200
    response = client.post(url("my_plan"), {"contents": "改进作风", "measures": "每周走访"})
    plan = RectificationPlan.objects.get()
    assert (plan.member.user, plan.owner, plan.state) == (w.c.member, "member", "draft")
    client.post(response.url, {"deed": "show", "version": plan.version})
    plan.refresh_from_db()
    assert plan.state == "notice"
    other = write(w, w.t.members["Z003"][1])
    assert client.get(url("rectification_plan", other.pk)).status_code == 404
    assert client.get(url("notice", plan.notice_id)).status_code == 200, "shown in his branch"
    assert [n.pk for n in client.get(url("my_notices")).context["page"]] == [plan.notice_id]
    home = client.get(reverse("home")).content.decode()
    assert url("my_plan") in home and url("my_notices") in home
    client.force_login(w.c.archives)
    assert not client.get(url("my_notices")).context["page"].object_list


def test_the_meeting_adopts_the_ticked_plans_and_says_until_when_it_must_wait(signed_in, w):
    plans = [write(w, member) for member in w.t.members["Z003"][:2]]
    for plan in plans:
        plan_actions.show_plan(by=w.c.branch, plan=plan)
    address = url("plans", w.t.health_1.pk)
    sent = {"plans": [p.pk for p in plans], "on": clock.today().isoformat(), "present": 3, "votes": 3}
    response = signed_in.post(address, sent)
    assert "on" in response.context["form"].errors
    assert not RectificationPlan.objects.filter(state="adopted").exists()
    with clock.freeze(in_days(7)):
        assert signed_in.post(address, {**sent, "on": in_days(7).isoformat(), "votes": 4}).status_code == 200
        assert signed_in.post(address, {**sent, "on": clock.today().isoformat()}).status_code == 302
    assert RectificationPlan.objects.filter(state="adopted", votes=3).count() == 2


def test_the_list_of_plans_costs_the_same_with_one_and_three(signed_in, w):
    write(w, w.t.members["Z003"][0])
    address = url("plans", w.t.health_1.pk)
    queries(signed_in, address)
    one = queries(signed_in, address)
    for member in w.t.members["Z003"][1:]:
        write(w, member)
    assert queries(signed_in, address) == one


def test_an_organisations_plan_from_writing_to_consent(client, w):
    client.force_login(w.c.secretary)
    address = f"{url('plan_new', w.t.health.pk)}?owner=organization"
    page = client.post(address, {"contents": "转变作风", "measures": "建立制度"})
    plan = RectificationPlan.objects.get()
    client.post(page.url, {"deed": "show", "version": plan.version})
    plan.refresh_from_db()
    assert client.post(page.url, {"deed": "agree", "version": plan.version}).status_code == 403
    client.force_login(w.c.office)
    client.post(page.url, {"deed": "agree", "version": plan.version})
    assert RectificationPlan.objects.get().state == "notice", "the notice still runs"
    with clock.freeze(in_days(7)):
        client.post(page.url, {"deed": "agree", "version": plan.version})
    assert RectificationPlan.objects.get().state == "adopted"


# ---------------------------------------------------------------- notices
def test_a_notice_is_taken_down_with_a_reason(signed_in, w):
    plan = write(w, w.t.members["Z003"][0])
    plan_actions.show_plan(by=w.c.branch, plan=plan)
    notice = PublicNotice.objects.get()
    assert notice.title in signed_in.get(url("notices", w.t.health_1.pk)).content.decode()
    assert signed_in.post(url("notice", notice.pk), {"reason": ""}).context["form"].errors
    signed_in.post(url("notice", notice.pk), {"reason": "贴错了"})
    notice.refresh_from_db()
    assert notice.withdrawn_at is not None
    plan.refresh_from_db()
    assert plan.needs_notice
    page = signed_in.get(url("rectification_plan", plan.pk))
    assert page.context["may_show"]


# ---------------------------------------------------------------- standing rules
def rule_data(**changes):
    base = {"title": "党员学习制度", "kind": "issued", "mechanism": "training", "number": "卫党〔2026〕3号"}
    return {**base, "dated": clock.today().isoformat(), **changes}


def test_rules_are_entered_changed_downloaded_and_removed(signed_in, w):
    file = SimpleUploadedFile("制度.pdf", b"%PDF-1.7")
    signed_in.post(url("standing_rule_new", w.t.health_1.pk), rule_data(file=file))
    rule = StandingRule.objects.get()
    assert rule.title in signed_in.get(url("standing_rules", w.t.health_1.pk)).content.decode()
    assert b"".join(signed_in.get(url("standing_rule_file", rule.pk)).streaming_content) == b"%PDF-1.7"
    signed_in.post(url("standing_rule_edit", rule.pk), rule_data(kind="revised"))
    rule.refresh_from_db()
    assert (rule.kind, rule.file_name) == ("revised", "制度.pdf")
    signed_in.post(url("standing_rule_edit", rule.pk), {"remove": "1", "reason": ""})
    assert StandingRule.objects.exists()
    signed_in.post(url("standing_rule_edit", rule.pk), {"remove": "1", "reason": "重复"})
    assert not StandingRule.objects.exists()
    assert AuditEntry.objects.get(action="rule.removed").data["reason"] == "重复"


# ---------------------------------------------------------------- what waits
def waiting(user):
    return [item.title.id for item in todo.gather(user)]


def test_what_waits_for_whom(w):
    register(w, kind="time_limit", deadline=clock.today(), responsible_member=Member.objects.get(user=w.c.member))
    with clock.freeze(in_days(1)):
        assert "Rectification items are overdue" in waiting(w.c.branch)
        assert "You are responsible for rectification items" in waiting(w.c.member)
    item = register(w)
    actions.report_done(by=w.c.branch, item=item, text="好了")
    assert "Confirm the close-out of rectification items" in waiting(w.c.secretary)
    fresh_user = type(w.c.branch).objects.get(pk=w.c.branch.pk)
    assert "Confirm the close-out of rectification items" not in waiting(fresh_user)
