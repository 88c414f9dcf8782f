"""The pages of cards and admonitions, what waits, what a dossier tells, and what speaks against a commendation."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import clock
from accounts.models import User
from campaign import dossier, todo
from campaign.unit_links import links
from supervision.actions import admonitions, cards
from supervision.models import Admonition, YellowCard
from supervision.tests.carding import carded, issue, snapshot_with, talk
from supervision.tests.factories import (
    agree,
    applied,
    fresh,
    make_supervised_world,
    ordered,
)
from supervision.warnings import unsolid_work, yellow_cards
from units import access
from units.models import Member
from units.tests.factories import user_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def w():
    return make_supervised_world(playbook="xingwen-county")


# ---------------------------------------------------------------- pages
def post(client, user, name, *args, **data):
    client.force_login(user)
    return client.post(reverse(f"supervision:{name}", args=args), data)


def test_the_pages_from_proposal_to_acknowledgement(client, w):
    ordered(w, w.t.health_1, unsolid_work=True)
    card = YellowCard.objects.get()
    client.force_login(w.c.office)
    page = client.get(reverse("supervision:card", args=[card.pk]))
    assert page.context["issue_form"].initial["number"] == "黄牌〔2026〕1号"
    ahead = (clock.today() + dt.timedelta(days=1)).isoformat()
    response = post(client, w.c.office, "card_issue", card.pk, number="黄牌〔2026〕7号", issued_on=ahead)
    assert response.status_code == 422 and "黄牌〔2026〕7号" in response.content.decode()
    assert post(client, w.c.guide, "card_issue", card.pk, number="1", issued_on=ahead).status_code == 403
    today = clock.today().isoformat()
    assert post(client, w.c.office, "card_issue", card.pk, number="黄牌〔2026〕7号", issued_on=today).status_code == 302
    assert post(client, w.c.committee, "card_acknowledge", card.pk).status_code == 403
    assert post(client, w.c.branch, "card_acknowledge", card.pk).status_code == 302
    assert post(client, w.c.branch, "card_revoke", card.pk, reason="不服").status_code == 403
    assert post(client, w.c.office, "card_revoke", card.pk, reason="").status_code == 422
    assert post(client, w.c.office, "card_revoke", card.pk, reason="情况不实").status_code == 302
    html = client.get(reverse("supervision:card", args=[card.pk])).content.decode()
    assert "情况不实" in html and "工作不扎实" in html
    client.force_login(w.c.archives)
    assert client.get(reverse("supervision:card", args=[card.pk])).status_code == 404


def test_a_proposal_can_be_dropped_with_its_reason(client, w):
    ordered(w, w.t.health_1, unsolid_work=True)
    card = YellowCard.objects.get()
    assert post(client, w.c.office, "card_revoke", card.pk, reason="已口头批评").status_code == 302
    card.refresh_from_db()
    assert (card.state, card.revoked_reason, card.number) == ("revoked", "已口头批评", "")


def held_form(w, **kwargs):
    given = {
        "held_on": clock.today().isoformat(),
        "place": "县委会议室",
        "admonisher": "罗晓岚",
        "content": "要认真反思。",
        "undertaking": "一周内整改。",
        "others": "",
        "others_absent": "",
        "absent_note": "",
    }
    return {**given, **kwargs}


def test_the_team_is_chosen_from_the_roster_and_named_by_hand(client, w):
    boss, other = w.t.members["Z003"][:2]
    Member.objects.filter(pk__in=(boss.pk, other.pk)).update(post_level="leader", position="局长")
    carded(w, w.t.health_1)
    carded(w, w.t.health_2)
    admonition = Admonition.objects.get()
    client.force_login(w.c.office)
    html = client.get(reverse("supervision:admonition", args=[admonition.pk])).content.decode()
    assert boss.name in html and w.t.members["Z004"][0].name not in html
    nobody = post(client, w.c.office, "admonition", admonition.pk, **held_form(w))
    assert nobody.status_code == 422 and "要认真反思。" in nobody.content.decode()
    chosen = {f"member_{boss.pk}": "present", f"member_{other.pk}": "absent", "others": "周处长 调研员\n吴某"}
    assert (
        "absent_note"
        in post(client, w.c.office, "admonition", admonition.pk, **held_form(w, **chosen)).context["form"].errors
    )
    sent = held_form(w, **chosen, absent_note="因病，下周补谈")
    assert post(client, w.c.leader, "admonition", admonition.pk, **sent).status_code == 302
    team = set(admonition.team.values_list("member", "name", "position", "present"))
    assert (boss.pk, boss.name, "局长", True) in team and (other.pk, other.name, "局长", False) in team
    assert (None, "周处长", "调研员", True) in team and (None, "吴某", "", True) in team
    assert post(client, w.c.office, "admonition", admonition.pk, **sent).status_code == 403
    client.force_login(w.c.branch)
    assert client.get(reverse("supervision:admonition", args=[admonition.pk])).status_code == 404
    client.force_login(w.c.secretary)
    assert "一周内整改。" in client.get(reverse("supervision:admonition", args=[admonition.pk])).content.decode()


def test_the_list_shows_what_waits_first_and_keeps_to_the_scope(client, w):
    carded(w, w.t.archives, name="archives")
    carded(w, w.t.health_1)
    carded(w, w.t.health_2)
    ordered(w, w.t.court, name="court", unsolid_work=True)
    client.force_login(w.c.office)
    page = client.get(reverse("supervision:cards")).context["page"]
    assert [(row.name, row.counting, row.waits) for row in page] == [
        ("县卫生局", 2, True),
        ("县法院", 0, True),
        ("县档案局", 1, False),
    ]
    found = client.get(reverse("supervision:cards"), {"state": "proposed"}).context["page"]
    assert [row.name for row in found] == ["县法院"]
    assert [row.name for row in client.get(reverse("supervision:cards"), {"q": "档案"}).context["page"]] == ["县档案局"]
    client.force_login(w.c.branch)
    assert [(row.name, row.counting) for row in client.get(reverse("supervision:cards")).context["page"]] == [
        ("县卫生局", 1)
    ]
    client.force_login(w.c.outsider)
    assert client.get(reverse("supervision:cards")).status_code == 404


def test_where_there_is_no_such_rule_the_page_says_so(client, w):
    snapshot_with(w, lambda book: book.pop("sanctions"))
    client.force_login(w.c.office)
    assert "没有黄牌" in client.get(reverse("supervision:cards")).content.decode()


def cost(client, url):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_for_one_and_three(client, w):
    client.force_login(w.c.office)
    url = reverse("supervision:cards")
    carded(w, w.t.health_1)
    cost(client, url)
    one = cost(client, url)
    carded(w, w.t.archives, name="archives")
    carded(w, w.t.court_1, name="court")
    assert cost(client, url) == one


def test_the_page_of_a_unit_counts_its_cards(client, w):
    def said(user):
        access.forget(user)
        start = reverse("supervision:cards")
        return [str(link.text) for link in links(user, fresh(w.p.health)) if link.url.startswith(start)]

    client.force_login(w.c.office)
    url = reverse("campaign:participation", args=[w.p.health.pk])
    assert "没有黄牌" in client.get(url).content.decode()
    carded(w, w.t.health_1)
    ordered(w, w.t.health_2, unsolid_work=True)
    assert said(w.c.office) == ["1 张黄牌，拟发 1 张"]
    snapshot_with(w, lambda book: book.pop("sanctions"))
    assert not said(w.c.office)


# ---------------------------------------------------------------- what waits, what is told, what speaks against
def waiting(user):
    user = User.objects.get(pk=user.pk)
    return {item.title.id: item.count for item in todo.gather(user)}


def test_what_waits_for_whom(w):
    ordered(w, w.t.health_1, unsolid_work=True)
    to_issue, to_read = "Issue the yellow cards that are proposed", "Acknowledge the yellow cards received"
    to_hold = "Hold the collective admonitions that are due"
    assert waiting(w.c.office)[to_issue] == 1 and to_issue not in waiting(w.c.guide)
    assert to_read not in waiting(w.c.branch)
    card = issue(w, YellowCard.objects.get())
    assert to_issue not in waiting(w.c.office)
    assert waiting(w.c.branch)[to_read] == waiting(w.c.secretary)[to_read] == 1
    assert to_read not in waiting(w.c.archives)
    cards.acknowledge_card(by=w.c.branch, card=card)
    assert to_read not in waiting(w.c.branch)
    carded(w, w.t.health_2)
    assert waiting(w.c.office)[to_hold] == waiting(w.c.leader)[to_hold] == 1
    assert to_hold not in waiting(w.c.secretary)


def test_the_secretary_of_a_superior_has_nothing_to_acknowledge(w):
    above = user_with("organization_secretary", w.t.work)
    carded(w, w.t.archives, name="archives")
    assert "Acknowledge the yellow cards received" not in waiting(above)


def test_a_dossier_tells_of_cards_and_admonitions(w):
    first = carded(w, w.t.health_1)
    carded(w, w.t.health_2)
    admonitions.hold_admonition(by=w.c.office, admonition=Admonition.objects.get(), talk=talk(w))
    cards.revoke_card(by=w.c.office, card=first, reason="情况不实")
    subject = dossier.Subject(w.t.health, fresh(w.p.health), w.c.office)
    told = dossier.events(subject, ["cards", "admonitions"])
    assert {event.kind for event in told} == {"cards", "admonitions"}
    details = " ".join(str(event.detail) for event in told)
    assert "情况不实" in details and "县委会议室" in details
    assert [event.mark for event in told].count("card") == 1
    branch = dossier.Subject(w.t.health_1, fresh(w.p.health), w.c.branch)
    assert {event.kind for event in dossier.events(branch, ["cards", "admonitions"])} == {"cards"}


def test_cards_speak_against_a_commendation_until_they_are_revoked(w):
    card = carded(w, w.t.health_1)
    assert list(yellow_cards(w.batch)) == [w.t.health_1.path] and unsolid_work(w.batch) == [w.t.health_1.path]
    cards.revoke_card(by=w.c.office, card=card, reason="情况不实")
    assert not list(yellow_cards(w.batch)) and not unsolid_work(w.batch)


def test_an_agreement_gives_no_card(w):
    agree(w, applied(w), w.c.guide, "supervision")
    assert not YellowCard.objects.exists()
