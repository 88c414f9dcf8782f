"""Spot checks: who is drawn follows from the record, once; what was found, and what follows from it (M-07, J-12)."""

import datetime as dt
import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import AuditEntry, Notification, User
from campaign import dossier, todo
from campaign.unit_links import links
from supervision import actions as supervision
from supervision import drawing, spot_rules
from supervision.actions import spot_checks as actions
from supervision.models import MakeUpOrder, SpotCheck, SpotResult, YellowCard
from supervision.queries.spot_checks import repeat
from supervision.tests.factories import fresh, make_supervised_world, terms
from units.models import Organization
from units.tests.factories import make_organization, user_with

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
def w():
    return make_supervised_world()


def opened(w, by=None, organization=None, wanted=2, **kwargs):
    given = {"kind": "roving", "subject": "学习笔记", "of_kind": "branch", **kwargs}
    redraw = {name: given.pop(name) for name in ("redraw_of", "reason") if name in given}
    asked = actions.SpotTerms(organization=organization or w.t.county, wanted=wanted, **given)
    return actions.open_spot_check(by=by or w.c.office, batch=w.batch, terms=asked, **redraw)


def drawn(w, **kwargs):
    check = opened(w, **kwargs)
    actions.draw(by=kwargs.get("by") or w.c.office, check=check)
    check.refresh_from_db()
    return check


def record(w, row, result="good", by=None, **kwargs):
    given = {"findings": "笔记齐全。", "checked_on": clock.today(), **kwargs}
    actions.record_result(by=by or w.c.office, row=row, result=result, **given)
    row.refresh_from_db()


# ---------------------------------------------------------------- the draw
def test_anybody_can_repeat_the_draw_from_the_record(w):
    for number in range(20):
        make_organization(f"县卫生局第{number + 3}党支部", Organization.Kind.BRANCH, w.t.health)
    check = drawn(w, wanted=5)
    assert len(check.population) == 24 and check.algorithm == "sha256-smallest-1" and len(check.seed) == 32
    ranks = sorted(
        (hashlib.sha256(f"{check.seed}:{key}".encode()).hexdigest(), key) for key, _c, _n in check.population
    )
    expected = [key for _rank, key in ranks[:5]]
    assert list(check.results.order_by("position").values_list("organization_id", flat=True)) == expected
    assert repeat(check).same
    entry = AuditEntry.objects.get(action="spot_check.drawn")
    assert entry.data["seed"] == check.seed and entry.data["drawn"] == expected


def test_the_record_does_not_hang_on_the_tree_of_today(w):
    check = drawn(w, wanted=2)
    before = repeat(check)
    make_organization("县卫生局新党支部", Organization.Kind.BRANCH, w.t.health)
    Organization.objects.filter(pk=before.lots[0].key).update(name="改名后的支部")
    assert repeat(SpotCheck.objects.get(pk=check.pk)) == before


def test_a_record_that_was_changed_does_not_repeat(w):
    check = drawn(w, wanted=1)
    seeds = (f"{number:032x}" for number in range(1000))
    SpotCheck.objects.filter(pk=check.pk).update(
        seed=next(
            seed
            for seed in seeds
            if drawing.draw([key for key, _c, _n in check.population], seed, 1)[0]
            != check.results.get().organization_id
        )
    )
    assert not repeat(SpotCheck.objects.get(pk=check.pk)).same


def test_every_organisation_has_its_chance():
    keys = list(range(1, 11))
    found = {drawing.draw(keys, drawing.new_seed(), 1)[0] for _time in range(500)}
    assert found == set(keys)


def test_it_is_drawn_once(w):
    check = drawn(w)
    before = list(check.results.values_list("organization_id", flat=True))
    with pytest.raises(actions.SpotCheckRefused):
        actions.draw(by=w.c.office, check=check)
    assert list(check.results.values_list("organization_id", flat=True)) == before
    assert AuditEntry.objects.filter(action="spot_check.drawn").count() == 1


def test_a_new_draw_is_a_new_check_with_its_reason(w):
    check = drawn(w)
    with pytest.raises(actions.SpotCheckRefused):
        opened(w, redraw_of=check, reason=" ")
    again = opened(w, redraw_of=check, reason="一个支部当天停电")
    assert again.state == "prepared" and again.redraw_reason == "一个支部当天停电"
    assert check.results.count() == 2


def test_the_database_keeps_the_record_of_a_draw(w):
    check = opened(w)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpotCheck.objects.filter(pk=check.pk).update(drawn_at=clock.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        SpotCheck.objects.filter(pk=check.pk).update(state="drawn")
    row = drawn(w).results.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        SpotResult.objects.filter(pk=row.pk).update(result="good")


def test_who_can_be_drawn(w):
    outside = make_organization("县供电公司党支部", Organization.Kind.BRANCH, w.t.county)
    names = {one.pk for one in spot_rules.population(w.batch, w.t.county, "branch")}
    assert names == {w.t.archives.pk, w.t.court_1.pk, w.t.health_1.pk, w.t.health_2.pk} and outside.pk not in names
    assert w.t.health.pk in {one.pk for one in spot_rules.population(w.batch, w.t.county)}
    assert not spot_rules.population(w.batch, w.t.county, "branch", "analysis")
    assert len(spot_rules.population(w.batch, w.t.county, "branch", "study")) == 4
    Organization.objects.filter(pk=w.t.health_2.pk).update(closed_on=clock.today())
    assert [one.pk for one in spot_rules.population(w.batch, w.t.health, "branch")] == [w.t.health_1.pk]


@pytest.mark.parametrize("wanted", [0, 5])
def test_no_more_are_drawn_than_there_are(w, wanted):
    with pytest.raises(actions.SpotCheckRefused):
        opened(w, wanted=wanted)


def test_who_checks_in_which_role(w):
    above = user_with("organization_secretary", w.t.work)
    assert spot_rules.kinds_for(w.c.office, w.t.health) == ["roving"]
    assert spot_rules.kinds_for(w.c.guide, w.t.health) == ["group"]
    assert spot_rules.kinds_for(w.c.secretary, w.t.health) == ["unit"]
    assert spot_rules.kinds_for(above, w.t.court) == ["unit"] and not spot_rules.kinds_for(above, w.t.health)
    for person, kind in ((w.c.guide, "roving"), (w.c.secretary, "group"), (w.c.leader, "roving"), (w.c.court, "unit")):
        with pytest.raises(actions.SpotCheckRefused):
            opened(w, by=person, organization=w.t.health, kind=kind)
    assert opened(w, by=w.c.secretary, organization=w.t.health, kind="unit").pk
    with pytest.raises(actions.SpotCheckRefused):
        actions.draw(by=w.c.guide, check=SpotCheck.objects.get())


# ---------------------------------------------------------------- results
def test_results_are_told_and_kept_until_it_is_closed(w, django_capture_on_commit_callbacks):
    check = drawn(w, organization=w.t.health)
    row = check.results.get(organization=w.t.health_1)
    tomorrow = clock.today() + dt.timedelta(days=1)
    for bad in ({"result": ""}, {"findings": " "}, {"checked_on": tomorrow}, {"by": w.c.secretary}):
        with pytest.raises(actions.SpotCheckRefused):
            record(w, row, **bad)
    with django_capture_on_commit_callbacks(execute=True):
        photo = SimpleUploadedFile("现场.png", PNG, "image/png")
        record(w, row, "problems", findings="缺三次笔记。", files=[photo])
    assert row.files.get().name == "现场.png" and row.checked_by == w.c.office
    told = Notification.objects.filter(url=reverse("supervision:spot_result", args=[row.pk]))
    assert {note.user for note in told} == {w.c.branch, w.c.secretary}
    with pytest.raises(actions.SpotCheckRefused):
        actions.close_spot_check(by=w.c.office, check=check, summary="还差一个。")
    with pytest.raises(actions.SpotCheckRefused):
        actions.cancel_spot_check(by=w.c.office, check=check, reason="不查了")
    record(w, check.results.get(organization=w.t.health_2))
    with pytest.raises(actions.SpotCheckRefused):
        actions.close_spot_check(by=w.c.office, check=check, summary=" ")
    actions.close_spot_check(by=w.c.office, check=check, summary="一个达到要求，一个有问题。")
    with pytest.raises(actions.SpotCheckRefused):
        record(w, row)
    with pytest.raises(actions.SpotCheckRefused):
        actions.close_spot_check(by=w.c.office, check=check, summary="再来。")


def test_a_wrong_photograph_is_taken_off_until_the_check_is_closed(client, w):
    check = drawn(w, organization=w.t.health)
    for row in check.results.all():
        record(w, row, files=[SimpleUploadedFile(f"{row.position}.png", PNG, "image/png")])
    first, second = check.results.order_by("position")
    url = reverse("supervision:spot_file_remove", args=[first.files.get().pk])
    client.force_login(w.c.secretary)
    assert client.post(url).status_code == 403
    client.force_login(w.c.office)
    assert client.post(url).status_code == 302 and not first.files.exists()
    actions.close_spot_check(by=w.c.office, check=check, summary="都达到要求。")
    with pytest.raises(actions.SpotCheckRefused):
        actions.remove_file(by=w.c.office, file=second.files.get())
    assert AuditEntry.objects.filter(action="spot_check.file_removed").count() == 1


def test_given_up_before_a_result_the_draw_stays(w):
    check = drawn(w)
    with pytest.raises(actions.SpotCheckRefused):
        actions.cancel_spot_check(by=w.c.office, check=check, reason="")
    actions.cancel_spot_check(by=w.c.office, check=check, reason="道路中断")
    check.refresh_from_db()
    assert check.state == "cancelled" and check.results.count() == 2
    with pytest.raises(actions.SpotCheckRefused):
        actions.cancel_spot_check(by=w.c.office, check=check, reason="道路中断")


def test_not_up_to_standard_leads_to_one_make_up(w):
    check = drawn(w, organization=w.t.health)
    row = check.results.get(organization=w.t.health_1)
    asked = {"by": w.c.guide, "row": row, "reason": "抽查没有达到要求。"}
    with pytest.raises(actions.SpotCheckRefused):
        actions.order_after_check(**asked, terms=terms(w.t.health_1))
    record(w, row, "bad", findings="笔记是补抄的。")
    with pytest.raises(actions.SpotCheckRefused):
        actions.order_after_check(**asked, terms=terms(w.t.health_2))
    with pytest.raises(supervision.MakeUpRefused):
        actions.order_after_check(**{**asked, "by": w.c.secretary}, terms=terms(w.t.health_1))
    order = actions.order_after_check(**asked, terms=terms(w.t.health_1))
    row.refresh_from_db()
    assert row.makeup == order and order.trigger == "spot_check" and order.organization == w.t.health_1
    with pytest.raises(actions.SpotCheckRefused):
        actions.order_after_check(**asked, terms=terms(w.t.health_1))
    with pytest.raises(actions.SpotCheckRefused):
        record(w, row, "good")
    assert MakeUpOrder.objects.count() == 1


def test_the_make_up_after_a_check_gives_a_card_where_the_playbook_knows_one():
    w = make_supervised_world(playbook="xingwen-county")
    row = drawn(w, organization=w.t.health).results.get(organization=w.t.health_1)
    record(w, row, "bad")
    asked = terms(w.t.health_1, unsolid_work=True, rule="not_up_to_standard")
    actions.order_after_check(by=w.c.guide, row=row, terms=asked, reason="走过场。")
    assert YellowCard.objects.get().organization == w.t.health_1


# ---------------------------------------------------------------- pages
def test_the_pages_through_a_life(client, w):
    client.force_login(w.c.office)
    new = reverse("supervision:spot_check_new")
    data = {"organization": w.t.health.pk, "kind": "roving", "action": "", "subject": "", "wanted": "9"}
    response = client.post(new, data)
    assert response.status_code == 422 and "subject" in response.context["form"].errors
    response = client.post(new, {**data, "subject": "学习笔记", "of_kind": "branch"})
    assert response.status_code == 422 and "学习笔记" in response.content.decode()
    client.post(new, {**data, "subject": "学习笔记", "of_kind": "branch", "wanted": "2"})
    check = SpotCheck.objects.get()
    client.post(reverse("supervision:spot_check_draw", args=[check.pk]))
    row, other = check.results.order_by("organization__path")
    record_page = client.get(reverse("supervision:spot_check_record", args=[check.pk])).content.decode()
    check.refresh_from_db()
    assert check.seed in record_page and w.t.health_1.name in record_page and "抽取结果一致" in record_page
    url = reverse("supervision:spot_result", args=[row.pk])
    text = SimpleUploadedFile("骗人.pdf", b"no pdf")
    today = clock.today().isoformat()
    sent = {"result": "bad", "findings": "笔记是补抄的。", "checked_on": today}
    assert "files" in client.post(url, {**sent, "files": [text]}).context["form"].errors
    photo = SimpleUploadedFile("现场.png", PNG, "image/png")
    assert client.post(url, {**sent, "files": [photo]}).status_code == 302
    file = row.files.get()
    assert client.get(reverse("supervision:spot_file", args=[file.pk]))["Content-Type"] == "image/png"
    page = client.get(url)
    order_url = page.context["order_url"]
    assert f"?spot={row.pk}" in order_url
    form = client.get(order_url).context["form"]
    assert "笔记是补抄的。" in form.initial["reason"] and "trigger" not in form.fields
    until = (clock.today() + dt.timedelta(days=5)).isoformat()
    ordered = {"organization": w.t.health_1.pk, "reason": "抽查没有达到要求。", "items": "补记笔记", "due_on": until}
    client.post(order_url, {**ordered, "rule": "perfunctory_study"})
    row.refresh_from_db()
    assert row.makeup.trigger == "spot_check" and row.makeup.occasion == "学习培训敷衍应付、走过场"
    assert not client.get(url).context["order_url"]
    client.post(reverse("supervision:spot_result", args=[other.pk]), {**sent, "result": "good"})
    client.post(reverse("supervision:spot_check_close", args=[check.pk]), {"summary": "一好一差。"})
    check.refresh_from_db()
    assert check.state == "closed"
    assert client.post(url, sent).status_code == 403
    assert client.get(reverse("supervision:spot_checks")).context["page"][0].bad == 1


def test_what_was_found_leads_the_group_to_an_opinion(client, w):
    row = drawn(w, by=w.c.guide, organization=w.t.health, kind="group").results.first()
    record(w, row, "problems", by=w.c.guide)
    client.force_login(w.c.guide)
    page = client.get(reverse("supervision:spot_result", args=[row.pk]))
    assert page.context["opinion_url"] == reverse("supervision:opinion_new", args=[w.p.health.pk])
    client.force_login(w.c.secretary)
    assert not client.get(reverse("supervision:spot_result", args=[row.pk])).context["opinion_url"]


def test_the_organisation_sees_its_result_and_not_the_draw(client, w):
    check = drawn(w, organization=w.t.health)
    mine = check.results.get(organization=w.t.health_1)
    url = reverse("supervision:spot_result", args=[mine.pk])
    client.force_login(w.c.branch)
    assert client.get(url).status_code == 404
    record(w, mine)
    assert client.get(url).status_code == 200
    assert client.post(url, {}).status_code == 403
    for name in ("spot_check", "spot_check_record"):
        assert client.get(reverse(f"supervision:{name}", args=[check.pk])).status_code == 404
    assert client.get(reverse("supervision:spot_check_new")).status_code == 403
    client.force_login(w.c.archives)
    assert client.get(url).status_code == 404


def test_the_page_of_a_unit_leads_to_a_check_of_its_branches(client, w):
    def led(user, participation):
        start = reverse("supervision:spot_check_new")
        return [link.url for link in links(user, fresh(participation)) if link.url.startswith(start)]

    client.force_login(w.c.office)
    (url,) = led(w.c.office, w.p.health)
    assert url in client.get(reverse("campaign:participation", args=[w.p.health.pk])).content.decode()
    assert client.get(url).context["form"].initial["organization"] == str(w.t.health.pk)
    assert led(w.c.secretary, w.p.health) and not led(w.c.branch, w.p.health)
    assert not led(w.c.office, w.p.archives) and not led(w.c.leader, w.p.health)


def test_drawing_anew_from_the_page(client, w):
    check = drawn(w)
    client.force_login(w.c.office)
    url = f"{reverse('supervision:spot_check_new')}?redraw={check.pk}"
    data = {
        "organization": w.t.county.pk, "kind": "roving", "action": "", "subject": "学习笔记", "of_kind": "branch",
        "wanted": "1", "reason": "",
    }  # fmt: skip
    assert "reason" in client.post(url, data).context["form"].errors
    client.post(url, {**data, "reason": "当天停电"})
    assert SpotCheck.objects.get(redraw_of=check).redraw_reason == "当天停电"
    client.force_login(w.c.guide)
    assert client.get(url).status_code == 404


def test_the_lists_cost_the_same_for_one_and_three(client, w):
    def cost(name, *args):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse(f"supervision:{name}", args=args)).status_code == 200
        return len(captured)

    client.force_login(w.c.office)
    few = drawn(w, wanted=1)
    cost("spot_checks")
    listed, page = cost("spot_checks"), cost("spot_check", few.pk)
    many = drawn(w, wanted=3)
    drawn(w)
    for row in (*few.results.all(), *many.results.all()):
        record(w, row)
    page = cost("spot_check", few.pk)
    assert cost("spot_checks") == listed and cost("spot_check", many.pk) == page


def test_what_waits_and_what_a_dossier_tells(w):
    def waiting(user):
        return {item.title.id: item.count for item in todo.gather(User.objects.get(pk=user.pk))}

    to_draw, to_check = "Draw the spot checks prepared", "Check the organisations drawn and record the results"
    check = opened(w, organization=w.t.health)
    assert waiting(w.c.office)[to_draw] == 1 and to_draw not in waiting(w.c.general)
    actions.draw(by=w.c.office, check=check)
    assert waiting(w.c.office)[to_check] == 2 and to_draw not in waiting(w.c.office)
    record(w, check.results.get(organization=w.t.health_1), "bad", findings="笔记是补抄的。")
    assert waiting(w.c.office)[to_check] == 1
    told = dossier.events(dossier.Subject(w.t.health_1, fresh(w.p.health), w.c.branch), ["spot_checks"])
    assert [(event.tone, event.detail) for event in told] == [("bad", "笔记是补抄的。")]
